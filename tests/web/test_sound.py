"""What a listen button may say, and the recordings it plays: ours, of these very words, and no other file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest

from feedback_app.services.recordings import hash_of
from tests.factories import Copy, Respondent, make_copy
from tests.web.someone import Someone

MADE_UP = "Zebedee"
LABEL = "Were things hard?"
HEARD = f"{LABEL} At any time."


def heard(person: Respondent) -> list[str]:
    """The words that a page gives to its listen buttons."""
    return [unescape(words) for words in re.findall(r'data-listen="([^"]*)"', person.page)]


def sounds(person: Respondent) -> list[str]:
    """The recordings that a page gives to them."""
    return [part for given in re.findall(r'data-sound="([^"]*)"', person.page) for part in given.split()]


def play(person: Respondent, address: str, **headers: str) -> tuple[bytes, str, str]:
    """A recording as a browser gets it: its bytes, its type, and how long it may be kept."""
    with person.client.get(address, headers=headers) as response:
        return response.data, response.mimetype, response.headers["Cache-Control"]


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Callable[..., Copy]]:
    """Make a copy with these recordings: by their place in the folder, the bytes."""
    made: list[Copy] = []

    def make(**files: bytes) -> Copy:
        folder = tmp_path / "instance" / "recordings"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        made.append(make_copy(tmp_path, "", "easy"))
        return made[-1]

    yield make
    for copy in made:
        copy.close()


def at_q3(copy: Copy) -> Respondent:
    return Respondent(copy.app(), "easy").start().press(answer="yes").press(answer="")


def test_each_question_with_its_hint_and_each_option_with_its_own_can_be_heard(someone: Someone) -> None:
    person = someone("easy").press(answer="yes").press(answer="")

    assert heard(person) == [
        "The next question is about a hard time. You can skip it.",
        HEARD,
        "Yes A bit or a lot",
        "No",
    ]


def test_what_a_person_typed_is_never_given_to_a_voice(someone: Someone) -> None:
    person = someone("piping").press(answer=MADE_UP).press(answer="drums")
    assert MADE_UP in person.heading
    assert heard(person) == []

    person.press(answer="")
    assert heard(person) == ["Who may know?", "Everyone", "Nobody else"]
    assert MADE_UP in person.page

    person.press(answer="all")
    assert heard(person) == ["Who may not know?"]
    assert MADE_UP in person.page


def test_choices_in_a_list_are_heard_with_their_question(someone: Someone) -> None:
    (words,) = heard(someone("rank"))

    assert words.startswith(someone("rank").heading)
    assert "tea" in words.lower()


def test_a_recording_of_these_words_is_played_and_may_be_kept_by_the_browser(recorded: Callable[..., Copy]) -> None:
    copy = recorded(
        **{
            f"human/en/easy/easy.Q3.label.{hash_of(LABEL)}.mp3": b"label",
            f"human/en/easy/easy.Q3.hint.{hash_of('At any time.')}.ogg": b"hint",
        }
    )
    person = at_q3(copy)

    played = [play(person, address) for address in sounds(person)]
    assert [(content, kind) for content, kind, _ in played] == [(b"label", "audio/mpeg"), (b"hint", "audio/ogg")]
    assert all("max-age=31536000" in kept and "no-store" not in kept for *_, kept in played)
    assert play(person, sounds(person)[0], Range="bytes=1-2")[0] == b"ab"
    assert person.page.count("<audio controls") == 2


def test_a_question_is_played_whole_or_not_at_all(recorded: Callable[..., Copy]) -> None:
    copy = recorded(**{f"human/en/easy/easy.Q3.label.{hash_of(LABEL)}.mp3": b"the hint is missing"})

    assert sounds(at_q3(copy)) == []
    assert HEARD in heard(at_q3(copy))


def test_a_recording_of_older_words_is_not_played(recorded: Callable[..., Copy]) -> None:
    copy = recorded(**{f"human/en/easy/easy.choices.no.label.{hash_of('Not really')}.mp3": b"older words"})

    assert sounds(at_q3(copy)) == []


def test_a_persons_voice_comes_before_a_programs(recorded: Callable[..., Copy]) -> None:
    name = f"en/easy/easy.Q3.choices.no.label.{hash_of('No')}"
    copy = recorded(**{f"synthetic/{name}.mp3": b"a program", f"human/{name}.wav": b"a person"})
    person = at_q3(copy)

    (address,) = sounds(person)
    assert address.startswith("/sound/human/en/")
    assert play(person, address)[0] == b"a person"


def test_a_new_recording_of_the_same_words_has_an_address_of_its_own(recorded: Callable[..., Copy]) -> None:
    name = f"human/en/easy/easy.Q3.choices.no.label.{hash_of('No')}.mp3"
    copy = recorded(**{name: b"first"})
    (before,) = sounds(at_q3(copy))

    file = copy.settings.sounds / name
    file.write_bytes(b"take two")
    os.utime(file, (1, 1))

    (after,) = sounds(at_q3(copy))
    assert after != before


ELSEWHERE = (
    "/sound/human/en/feedback.db",
    "/sound/human/en/../../../feedback.db",
    "/sound/human/en/..%2f..%2f..%2ffeedback.db",
    "/sound/human/en/%2e%2e/%2e%2e/keys/server.key",
    "/sound/../keys/en/00000000.mp3",
    "/sound/keys/en/00000000.mp3",
    "/sound/human/en/notes.txt",
    "/sound/human/en/00000000.mp3.bak",
    "/sound/human/en/00000000.mp3%00",
    "/sound/human/xx/00000000.mp3",
    "/sound//etc/passwd",
)


def test_nothing_but_recordings_can_be_reached(recorded: Callable[..., Copy]) -> None:
    copy = recorded(**{"human/en/easy/notes.txt": b"secret", "human/en/easy/00000000.mp3.bak": b"secret"})
    client = copy.app().test_client()

    assert {address: client.get(address).status_code for address in ELSEWHERE} == dict.fromkeys(ELSEWHERE, 404)
