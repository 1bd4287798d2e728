"""Letters against a real mail server of this machine: each is sent once, whatever the server does meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from feedback_app.core.errors import FeedbackError
from feedback_app.services import mail
from feedback_app.storage.models import Letter
from tests.factories import NOON, Copy
from tests.mail_server import Kept, certificate, free_port, serving
from tests.working import line, work

Copies = Callable[..., Copy]
WORDS = "Grüße. Only Bo should read this."
TO = "bo@council.example"


def reached(copies: Copies, port: int, security: str = "none") -> Copy:
    """A copy that sends its letters to a server of this machine."""
    return copies("text", smtp_host="127.0.0.1", smtp_port=port, smtp_security=security, mail_from="us@area.example")


def write(copy: Copy, *causes: str, to: str = TO, due: datetime | None = None) -> None:
    with copy.session() as session, session.begin():
        for cause in causes:
            keys = copy.keys.server
            mail.write(session, keys, cause, "test", to=to, subject="Grüße", body=WORDS, now=NOON, due=due)


def letters(copy: Copy) -> dict[str, Letter]:
    with copy.session() as session:
        return {letter.id: letter for letter in session.scalars(select(Letter))}


def said(copy: Copy) -> str:
    return line(copy, "letters").said


def test_each_letter_is_sent_once_and_emptied(on_both: Copies) -> None:
    kept, copy = Kept(), reached(on_both, port := free_port())
    write(copy, "a/1", "a/2")
    write(copy, "a/1")

    with serving(kept, port):
        for minute in range(3):
            assert work(copy, "letters", NOON + timedelta(minutes=minute))

    assert len(kept.letters) == 2
    assert len({letter["Message-ID"] for letter in kept.letters}) == 2
    letter = kept.letters[0]
    assert (letter["From"], letter["To"], letter["Subject"]) == ("us@area.example", TO, "Grüße")
    assert letter["Date"].datetime == NOON
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().strip() == WORDS
    assert all(one.locked is None and one.sent_at for one in letters(copy).values())


def test_what_waits_tells_nobody_who_it_is_for(on_both: Copies) -> None:
    copy = reached(on_both, free_port())
    write(copy, "a/1")

    (held,) = letters(copy).values()

    assert held.locked
    assert TO.encode() not in held.locked
    assert TO not in repr(vars(held))


def test_a_server_that_is_down_for_a_day_loses_and_doubles_nothing(on_both: Copies) -> None:
    kept, copy = Kept(), reached(on_both, port := free_port())
    causes = [f"a/{number}" for number in range(5)]
    write(copy, *causes)
    back = NOON + timedelta(days=1)

    for hour in range(24):
        assert work(copy, "letters", NOON + timedelta(hours=hour))
    assert said(copy) == "Sent 0 of 5 letters. The mail server took no more; they are tried again."
    assert sum(one.tries for one in letters(copy).values()) == 24, "one letter a time asks whether it is back"
    assert {one.trouble for one in letters(copy).values()} <= {"", "ConnectionRefusedError"}
    with serving(kept, port):
        for minute in range(0, 180, 20):
            work(copy, "letters", back + timedelta(minutes=minute))

    assert len(kept.letters) == 5
    assert len({letter["Message-ID"] for letter in kept.letters}) == 5
    assert all(one.sent_at for one in letters(copy).values())


@pytest.mark.parametrize("with_it", [False, True])
def test_a_server_that_dies_amid_many_letters_gets_each_once_when_it_is_back(on_both: Copies, with_it: bool) -> None:
    kept, copy = Kept(dies_at=3, dies_with_it=with_it), reached(on_both, port := free_port())
    write(copy, *(f"a/{number}" for number in range(5)))

    with serving(kept, port):
        assert work(copy, "letters", NOON)
    assert said(copy) == "Sent 2 of 5 letters. The mail server took no more; they are tried again."
    for hour in range(1, 24):
        work(copy, "letters", NOON + timedelta(hours=hour))
    kept.dies_at = 0
    with serving(kept, port):
        for minute in range(0, 180, 20):
            work(copy, "letters", NOON + timedelta(days=1, minutes=minute))

    came = Counter(letter["Message-ID"] for letter in kept.letters)
    # What it had and did not say so it gets again: nobody can know. The same Message-ID lets it tell.
    assert sorted(came.values()) == [1, 1, 1, 1, 1 + with_it]
    assert all(one.sent_at and one.locked is None for one in letters(copy).values())


def test_a_letter_waits_longer_each_time_up_to_an_hour(copy: Copies) -> None:
    made = reached(copy, free_port())
    write(made, "a/1")
    moment, waits = NOON, []
    with made.session() as session:
        for _ in range(9):
            post = mail.post_of(made.settings)
            assert mail.send(session, made.keys.server, post, "a/1", "us@area.example", now=moment) == "no server"
            due = session.get_one(Letter, "a/1").due_at.replace(tzinfo=moment.tzinfo)
            waits.append(int((due - moment).total_seconds() // 60))
            assert mail.due(session, due - timedelta(seconds=1)) == []
            moment = due
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_letter_that_is_not_due_waits(copy: Copies) -> None:
    kept, made = Kept(), reached(copy, port := free_port())
    write(made, "a/1", due=NOON + timedelta(days=56))

    with serving(kept, port):
        work(made, "letters", NOON + timedelta(days=56, seconds=-1))
        assert kept.letters == []
        work(made, "letters", NOON + timedelta(days=57))
    assert len(kept.letters) == 1


def test_one_address_that_is_refused_holds_up_no_other(on_both: Copies) -> None:
    kept, copy = Kept(refused={"gone@council.example"}), reached(on_both, port := free_port())
    write(copy, "a/1", to="gone@council.example")
    write(copy, "a/2", to="not an address\nBcc: everyone@council.example")
    write(copy, "a/3")

    with serving(kept, port):
        assert work(copy, "letters", NOON)

    assert [letter["To"] for letter in kept.letters] == [TO]
    held = letters(copy)
    assert (held["a/1"].trouble, held["a/2"].trouble) == ("SMTPRecipientsRefused", "ValueError")
    assert said(copy) == "Sent 1 of 3 letters. 2 are tried again later."
    with copy.session() as session:
        assert mail.count_stuck(session) == 2


def test_a_letter_that_nobody_takes_is_given_up_and_emptied(copy: Copies) -> None:
    made = reached(copy, free_port())
    write(made, "a/1")
    with made.session() as session, session.begin():
        session.execute(update(Letter).values(tries=mail.MOST_TRIES - 2))

    for hour in range(3):
        work(made, "letters", NOON + timedelta(hours=hour))

    (held,) = letters(made).values()
    assert (held.locked, held.sent_at, held.tries) == (None, None, mail.MOST_TRIES)


def test_nothing_is_sent_in_the_clear_when_the_server_has_no_starttls(copy: Copies) -> None:
    kept, made = Kept(), reached(copy, port := free_port(), "starttls")
    write(made, "a/1")

    with serving(kept, port):
        work(made, "letters", NOON)

    assert kept.letters == []
    assert letters(made)["a/1"].trouble == "SMTPNotSupportedError"
    assert "SMTP_SECURITY" in mail.in_words("SMTPNotSupportedError")


@pytest.mark.parametrize("trusted", [True, False])
def test_encrypted_mail_goes_only_to_a_server_that_is_who_it_says(
    copy: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    kept, made = Kept(), reached(copy, port := free_port(), "starttls")
    write(made, "a/1")
    file, context = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))

    with serving(kept, port, context):
        work(made, "letters", NOON)

    assert len(kept.letters) == trusted
    assert letters(made)["a/1"].trouble == ("" if trusted else "SSLCertVerificationError")


def test_without_a_server_letters_are_files(copy: Copies) -> None:
    made = copy("text")
    write(made, "a/1")

    work(made, "letters", NOON)
    work(made, "letters", NOON + timedelta(minutes=1))

    (file,) = (made.settings.instance / "outbox").iterdir()
    assert TO in file.read_text()


def test_a_test_letter_goes_at_once_or_says_why_not(copy: Copies) -> None:
    kept, made = Kept(refused={"gone@council.example"}), reached(copy, port := free_port())

    def try_out(made: Copy, to: str = TO) -> None:
        mail.try_out(mail.post_of(made.settings), "us@area.example", to, area="Our area", now=NOON)

    with serving(kept, port):
        try_out(made)
        with pytest.raises(FeedbackError, match="does not take the address"):
            try_out(made, "gone@council.example")
        strict = replace(made, settings=made.settings.model_copy(update={"smtp_security": "starttls"}))
        with pytest.raises(FeedbackError, match="SMTP_SECURITY"):
            try_out(strict)
    with pytest.raises(FeedbackError, match="Nothing answers at SMTP_HOST"):
        try_out(made)
    with pytest.raises(FeedbackError, match="cannot be written"):
        try_out(made, "a\nb")
    assert [letter["Subject"] for letter in kept.letters] == ["A test letter of Our area"]
