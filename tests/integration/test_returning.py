"""Finish later and come back with five words: what is kept, who can open it, and for how long; on both databases."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from threading import Lock

import pytest
from sqlalchemy import select

from feedback_app.core import tokens
from feedback_app.core.sealing import CannotOpen, unlock
from feedback_app.services import collecting, returning
from feedback_app.services.collecting import Visit
from feedback_app.storage.models import Draft
from tests.factories import NOON, Copy, Respondent
from tests.integration.answering import Answering, counts
from tests.integration.test_at_once import at_once, same_browser
from tests.integration.test_canary import sings

Copies = Callable[..., Copy]
WORDS = "Canary-Later: behind the bike shed"
GLUES = (" ", "-", ",", "\0", "")


def put_aside(person: Answering, screen: str = "Q1", visit: Visit | None = None, after: timedelta = timedelta()) -> str:
    """Press "Finish later"; return the five words as a person would write them down."""
    with person.copy.session() as session, session.begin():
        words = collecting.put_aside(session, visit or person.visit, screen, NOON + after)
    return " ".join(words)


def come_back(copy: Copy, words: str, after: timedelta = timedelta(), hours: int = 24) -> Visit | None:
    with copy.session() as session:
        given = tokens.read_words(words)
        return returning.find(session, copy.keys.server, given, NOON + after, hours)


def test_five_words_open_what_was_put_aside(on_both: Copies) -> None:
    copy = on_both("text", "paragraph")
    words = put_aside(Answering(copy, "paragraph").begin().keep(Q1=WORDS), "Q2")
    other = put_aside(Answering(copy, "text").begin().keep(Q1="mine"))

    visit = come_back(copy, words.upper().replace(" ", ", "))
    assert visit
    assert (visit.respondent.collection, visit.content.answers) == ("paragraph", {"Q1": WORDS})
    assert visit.content.left_at == "Q2"
    assert words != other
    assert counts(copy)["draft"] == 2
    for wrong in (words.split()[::-1], [*words.split()[:4], other.split()[4]], words.split()[:4], []):
        assert come_back(copy, " ".join(wrong)) is None


def test_the_row_does_not_open_without_the_words(on_both: Copies) -> None:
    copy = on_both("paragraph")
    person = Answering(copy, "paragraph").begin().keep(Q1=WORDS)
    words = put_aside(person)
    with copy.session() as session:
        row = session.execute(select(Draft)).scalar_one()

    before = person.respondent
    assert row.id != before.draft_id
    for secret in (before.draft_secret, copy.keys.server.derive("draft secret", words, "paragraph"), b"\0" * 32):
        with pytest.raises(CannotOpen):
            unlock(secret, row.locked, row.id.encode())
    everything = b"|".join(str(value).encode() for value in vars(row).values()) + row.locked
    assert not [told for told in (*words.split(), *WORDS.split(), "Q1") if told.encode() in everything]


@pytest.mark.parametrize(
    ("hours", "after", "found"),
    [
        (24, timedelta(hours=23, minutes=59), True),
        (24, timedelta(hours=24), True),
        (24, timedelta(hours=24, minutes=1), False),
        (5, timedelta(hours=5), True),
        (5, timedelta(hours=5, minutes=1), False),
    ],
)
def test_the_words_end_after_their_hours(on_both: Copies, hours: int, after: timedelta, found: bool) -> None:
    copy = on_both("text")
    words = put_aside(Answering(copy, "text").begin())

    assert (come_back(copy, words, after, hours) is not None) is found


def test_the_hours_begin_when_it_is_put_aside_and_purging_keeps_to_them(on_both: Copies) -> None:
    """Begun at noon and put aside 23 hours later: it is there for 24 hours more, though it began two days ago."""
    copy = on_both("text")
    late = timedelta(hours=23)
    words = put_aside(Answering(copy, "text").begin(), after=late)

    Answering(copy, "text").begin(NOON + late + timedelta(hours=24))  # whoever begins clears away what has ended
    assert come_back(copy, words, late + timedelta(hours=24)) is not None
    Answering(copy, "text").begin(NOON + timedelta(days=3))
    assert counts(copy)["draft"] == 2  # of the two that began, and not of the one that ended
    assert come_back(copy, words, late) is None


def test_pressed_again_and_after_coming_back_it_gives_the_same_words(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin().keep(Q1="one")
    seen = person.visit
    words = {put_aside(person), put_aside(person), put_aside(person, visit=seen)}
    visit = come_back(copy, next(iter(words)))
    assert visit
    back = Answering(copy, "text", token=visit.respondent.session).keep(Q2="two")
    words.add(put_aside(back))

    assert len(words) == 1
    assert counts(copy)["draft"] == 1
    again = come_back(copy, words.pop())
    assert again
    assert again.content.answers == {"Q1": "one", "Q2": "two"}


def test_pressed_five_times_at_once_it_is_one_draft_and_one_set_of_words(on_both: Copies) -> None:
    copy = on_both("text")
    app = copy.app()
    person = Respondent(app, "text").start()
    tabs = [same_browser(app, person) for _ in range(5)]

    at_once([lambda tab=tab: tab.press("later", answer="Words") for tab in tabs])

    assert {tab.status for tab in tabs} == {200}
    assert len({tab.receipt for tab in tabs}) == 1
    assert counts(copy) == {"draft": 1, "response": 0, "answer_text": 0, "started": 1}
    visit = come_back(copy, tabs[0].receipt)
    assert visit
    assert visit.content.answers == {"Q1": "Words"}


def test_an_answer_that_meets_the_putting_aside_is_kept(on_both: Copies) -> None:
    copy = on_both("text")
    app = copy.app()
    for _ in range(5):
        person = Respondent(app, "text").start()
        other = same_browser(app, person.press(answer="one")).open("Q2")
        person.open("Q1")

        at_once([lambda p=person: p.press("later", answer="one"), lambda o=other: o.press(answer="two")])

        assert (person.status, other.status) == (200, 200)
        visit = come_back(copy, person.receipt)
        assert visit
        assert visit.content.answers == {"Q1": "one", "Q2": "two"}


def test_a_browser_that_missed_the_words_loses_nothing(on_both: Copies) -> None:
    """The answer to "Finish later" was lost on its way: the cookie is still there, and so is everything."""
    copy = on_both("text")
    app = copy.app()
    missed = Respondent(app, "text").start()
    page, at = missed.page, missed.here
    same_browser(app, missed).press("later", answer="one")

    missed.page, missed.here = page, at
    missed.press(answer="one, and more")
    assert missed.at == "Q2"
    words = missed.press("later", answer="two").receipt
    assert missed.client.get_cookie("visit") is None
    visit = come_back(copy, words)
    assert visit
    assert visit.content.answers == {"Q1": "one, and more", "Q2": "two"}


def test_it_is_sent_from_there_once_with_a_receipt(on_both: Copies) -> None:
    copy = on_both("text")
    app = copy.app()
    missed = Respondent(app, "text").start().press(answer="one")
    same_browser(app, missed).press("later", answer="two")

    missed.open("check").send()
    assert (missed.status, missed.at, len(missed.receipt.split())) == (200, "thank-you", 5)
    assert missed.open("thank-you").receipt
    assert counts(copy) == {"draft": 0, "response": 1, "answer_text": 2, "started": 1}


def test_five_sends_after_coming_back_make_one_response(on_both: Copies) -> None:
    copy = on_both("paragraph")
    app = copy.app()
    words = Respondent(app, "paragraph").start().press("later", answer=WORDS).receipt
    person = Respondent(app, "paragraph").open("/en/return")
    person.here = "/en/return"
    person.post({"words": words}).press(answer=WORDS).press()
    assert person.at == "check"
    tabs = [same_browser(app, person) for _ in range(5)]

    at_once([tab.send for tab in tabs])

    assert {(tab.status, tab.at, tab.receipt) for tab in tabs} == {(200, "thank-you", tabs[0].receipt)}
    assert tabs[0].receipt not in ("", words)
    assert counts(copy) == {"draft": 0, "response": 1, "answer_text": 1, "started": 1}
    assert come_back(copy, words) is None


def test_sixty_people_of_one_school_come_back_at_once(on_both: Copies) -> None:
    copy = on_both("text")
    app = copy.app()
    words = [Respondent(app, "text").start().press("later", answer=str(n)).receipt for n in range(60)]
    found: list[str] = []
    guard = Lock()

    def back(mine: str) -> None:
        person = Respondent(app, "text")
        person.here = "/en/return"
        person.post({"words": mine})
        with guard:
            found.append(person.at)

    for turn in range(0, 60, 6):
        at_once([lambda mine=mine: back(mine) for mine in words[turn : turn + 6]])

    assert found == ["Q1"] * 60


def test_the_words_are_kept_nowhere(
    on_both: Copies, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    copy = on_both("paragraph")
    app = copy.app()
    person = Respondent(app, "paragraph").start().press("later", answer=WORDS)
    words = person.receipt
    wrong = "acorn bagel acorn bagel acorn"
    back = Respondent(app, "paragraph")
    seen = []
    for typed in (wrong, f"{words} {words}", words):
        back.here = "/en/return"
        response = back.client.post("/en/return", data={"words": typed})
        seen += [str(response.headers), response.headers.get("Location", "")]
    cookie = back.client.get_cookie("visit")
    assert cookie
    said = "".join(seen) + cookie.value

    spelt = [glue.join(words.split()) for glue in GLUES]
    # Two words in a row: one alone, such as "length" or "private", is in every answer of a server.
    assert [two for two in pairwise(words.split()) for glue in GLUES if glue.join(two) in said.lower()] == []
    assert sings(copy, WORDS, *spelt, cookie.value) == []
    copy.close()
    assert sings(copy, WORDS, *spelt, cookie.value) == []
    out, err = capfd.readouterr()
    logged = caplog.text + out + err
    assert [note for note in (*spelt, WORDS, cookie.value) if note in logged] == []
