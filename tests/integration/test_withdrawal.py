"""Taking answers back with the five words, and what stays erased; reports that are frozen; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from analysis.disclosure import Rule
from feedback_app.core.errors import FeedbackError
from feedback_app.core.tokens import read_words
from feedback_app.services import exports, freezes, participation, retention, withdrawal
from feedback_app.services.withdrawal import Held
from feedback_app.storage.models import AnswerText, Base, Decision, Reading, Response, Suggestion, Tombstone, Triage
from feedback_app.storage.queries import report as reads
from tests.factories import NOON, Copy
from tests.integration.answering import Answering
from tests.integration.real_command import run
from tests.working import work

Copies = Callable[..., Copy]
TODAY, DAY = NOON.date(), timedelta(days=1)
WORDS = "He waits behind the boiler room"


def answered(copy: Copy, words: str = WORDS) -> Answering:
    return Answering(copy, "young-person").begin().keep(YP02="yes", YP91=words).send()


def close_all(copy: Copy, state: str = "released") -> None:
    """People have read every text."""
    with copy.session() as session, session.begin():
        session.execute(update(Triage).values(state=state))


def look(copy: Copy, words: str) -> Held | None:
    with copy.session() as session:
        return withdrawal.find(session, copy.keys.server, read_words(words))


def take_back(copy: Copy, person: Answering, today: date = TODAY) -> None:
    held = look(copy, " ".join(person.respondent.receipt))
    assert held
    with copy.session() as session, session.begin():
        withdrawal.erase(session, copy.keys.server, held, copy.settings.instance, today)


def number(copy: Copy, *tables: type[Base]) -> list[int]:
    with copy.session() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def counted(copy: Copy) -> tuple[int, ...]:
    """How many answers of one survey the exports, the staff pages and the report see."""
    with copy.session() as session:
        sheet = exports.prepare(session, Answering(copy, "young-person").editions, "young-person")
        return (
            sheet.number,
            sheet.texts,
            reads.numbers_of(session, ["young-person"]).get("young-person", 0),
            len(list(reads.responses_in(session, TODAY, TODAY))),
            len(list(reads.comments_in(session, TODAY, TODAY))),
        )


def test_the_receipt_shows_what_is_held_and_no_other_words_do(on_both: Copies) -> None:
    copy = on_both("young-person")
    person, other = answered(copy), answered(copy, "another")
    words = " ".join(person.respondent.receipt)
    held = look(copy, words.upper().replace(" ", ", "))

    assert held
    assert person.response
    assert (held.id, held.received_on) == (person.response.id, TODAY)
    assert held.answers["YP02"] == "yes"
    assert held.texts == {"YP91": True}
    assert (held.frozen_on, held.watched) == (None, True)
    mixed = [*person.respondent.receipt[:4], other.respondent.receipt[4]]
    for wrong in (words.split()[::-1], mixed, words.split()[:4], []):
        assert look(copy, " ".join(wrong)) is None


def test_erasing_takes_response_text_codes_and_what_was_read(on_both: Copies) -> None:
    copy = on_both("young-person")
    person, other = answered(copy), answered(copy, "Nobody listens to us")
    close_all(copy)
    assert work(copy, "comments", NOON)
    with copy.session() as session, session.begin():
        for one in (person, other):
            assert one.response
            code = {"code": "X-NONE", "direction": "", "verdict": "accepted", "decided_by": "Ann", "decided_at": NOON}
            book = {"codebook": "voice", "codebook_version": "1"}
            session.add(Decision(response_id=one.response.id, field="YP91", **code, **book))
    take_back(copy, person)

    assert number(copy, Response, AnswerText, Triage, Reading, Decision, Tombstone) == [1, 1, 1, 1, 1, 1]
    with copy.session() as session:
        assert set(session.scalars(select(Suggestion.response_id))) <= {other.respondent.response_id}
    assert look(copy, " ".join(person.respondent.receipt)) is None
    assert look(copy, " ".join(other.respondent.receipt))
    assert withdrawal.noted(copy.settings.instance) == marks(copy)


def marks(copy: Copy) -> set[str]:
    with copy.session() as session:
        return withdrawal.marks(session)


def test_a_text_that_is_being_read_for_safety_stays_until_it_was_read_and_nothing_else_does(on_both: Copies) -> None:
    copy = on_both("young-person")
    person = answered(copy)
    take_back(copy, person)

    left = person.response
    assert left
    assert (left.answers, left.receipt_hash, left.pair_hash, left.withdrawn_on) == ({}, None, None, TODAY)
    assert person.texts == {"YP91": WORDS}
    assert counted(copy) == (0, 0, 0, 0, 0)
    assert look(copy, " ".join(person.respondent.receipt)) is None
    assert work(copy, "clearing", NOON + DAY)
    assert number(copy, Response, AnswerText, Triage) == [1, 1, 1]

    close_all(copy, "concern")
    assert work(copy, "clearing", NOON + 2 * DAY)
    assert number(copy, Response, AnswerText, Triage, Tombstone) == [0, 0, 0, 1]


def test_what_was_not_taken_back_is_counted(on_both: Copies) -> None:
    copy = on_both("young-person")
    answered(copy)

    assert counted(copy) == (1, 1, 1, 1, 1)


def test_the_staff_pages_do_not_count_what_was_taken_back(on_both: Copies) -> None:
    """Ten are shown and nine are too few: so one that was taken back and still counted would be seen."""
    copy = on_both("young-person")
    people = [answered(copy) for _ in range(10)]

    def received() -> int | None:
        with copy.session() as session:
            return participation.taking_part(session, ["young-person"], Rule())["young-person"].received

    assert received() == 10
    take_back(copy, people[0])
    assert received() is None


def test_it_can_go_until_the_day_of_the_report(on_both: Copies) -> None:
    copy = on_both("young-person")
    person = answered(copy)
    frozen = TODAY + 10 * DAY
    with copy.session() as session, session.begin():
        for first, last, on in ((TODAY - DAY, TODAY, frozen), (TODAY - 99 * DAY, TODAY + DAY, frozen + DAY)):
            freezes.freeze(session, first, last, on, by="Ann", today=TODAY, now=NOON)
    held = look(copy, " ".join(person.respondent.receipt))

    assert held
    assert held.frozen_on == frozen
    assert [held.can_go(day) for day in (frozen - DAY, frozen, frozen + DAY)] == [True, False, False]


def test_a_day_to_come_can_be_moved_and_one_that_has_come_stays(on_both: Copies) -> None:
    copy = on_both("text")

    def freeze(on: date, today: date, last: date = TODAY) -> None:
        with copy.session() as session, session.begin():
            freezes.freeze(session, TODAY - DAY, last, on, by="Ann", today=today, now=NOON)

    freeze(TODAY + 5 * DAY, TODAY)
    freeze(TODAY + 9 * DAY, TODAY)
    with copy.session() as session:
        assert [one.on for one in freezes.listed(session)] == [TODAY + 9 * DAY]
    with pytest.raises(FeedbackError, match="was frozen on"):
        freeze(TODAY + 20 * DAY, TODAY + 9 * DAY)
    for on, today, last in (
        (TODAY, TODAY, TODAY),
        (TODAY + DAY, TODAY + 2 * DAY, TODAY),
        (TODAY, TODAY, TODAY - 9 * DAY),
    ):
        with pytest.raises(FeedbackError):
            freeze(on, today, last)


def test_own_words_go_twelve_months_after_the_report_and_their_codes_stay(on_both: Copies) -> None:
    """The day before, the day, the day after; what nobody has read yet is never deleted."""
    copy = on_both("young-person")
    read, unread = answered(copy), answered(copy, "unread")
    frozen = TODAY + DAY
    with copy.session() as session, session.begin():
        freezes.freeze(session, TODAY, TODAY, frozen, by="Ann", today=TODAY, now=NOON)
        mine = (Triage.response_id == read.respondent.response_id,)
        session.execute(update(Triage).where(*mine).values(state="redacted", flags=b"phrases"))
        session.execute(update(AnswerText).values(scrubbed=b"scrubbed", scrubbed_key_id="1"))
    assert work(copy, "comments", NOON) in (True, False)
    year = freezes.year_after(frozen)

    def left(day: date) -> list[tuple[str, bool, bool, bool]]:
        with copy.session() as session, session.begin():
            moment = NOON.replace(year=day.year, month=day.month, day=day.day)
            retention.clear(session, copy.settings.instance / "outbox", now=moment, today=day, by="a test")
            query = select(AnswerText, Triage).join(
                Triage, (Triage.response_id == AnswerText.response_id) & (Triage.field == AnswerText.field)
            )
            return sorted(
                (row.state, bool(text.sealed), bool(text.scrubbed), row.flags == b"phrases")
                for text, row in session.execute(query)
            )

    before = [("open", True, True, False), ("redacted", True, True, True)]
    after = [("open", True, True, False), ("redacted", False, False, False)]
    assert [left(day) for day in (year - DAY, year, year + DAY)] == [before, after, after]
    assert number(copy, Response, AnswerText, Triage) == [2, 2, 2]
    assert unread.texts == {"YP91": "unread"}
    held = look(copy, " ".join(read.respondent.receipt))
    assert held
    assert held.texts == {"YP91": False}


def test_freezing_with_the_real_command(copy: Copies) -> None:
    made = copy("text")
    words = ("--from", "2020-04-01", "--to", "2021-03-31")

    assert run(made, "freeze", "--from", "2020-04-01").returncode == 2
    assert "is over" in run(made, "freeze", *words, "--on", "2021-06-01").stderr
    done = run(made, "freeze", *words, "--on", "2999-06-01")

    assert done.returncode == 0, done.stderr
    assert run(made, "freeze").stdout == done.stdout
    assert "2020-04-01 to 2021-03-31: frozen on 2999-06-01; own words are deleted on 3000-06-01" in done.stdout


def test_a_leap_day_has_a_day_a_year_later() -> None:
    assert freezes.year_after(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_mark_that_cannot_be_written_erases_nothing(on_both: Copies) -> None:
    copy = on_both("young-person")
    person = answered(copy)
    (copy.settings.instance / withdrawal.FILE).mkdir()

    with pytest.raises(OSError, match="tombstones"):
        take_back(copy, person)

    assert number(copy, Response, Tombstone) == [1, 0]


def test_marks_of_another_machine_come_into_the_file_and_a_torn_line_harms_none(on_both: Copies) -> None:
    copy = on_both("young-person")
    take_back(copy, answered(copy))
    file = copy.settings.instance / withdrawal.FILE
    first = withdrawal.noted(copy.settings.instance)
    file.write_text("deadbeef")  # a disk that was full
    assert withdrawal.noted(copy.settings.instance) == set()

    assert work(copy, "outside", NOON)

    assert withdrawal.noted(copy.settings.instance) == first
    assert len(first) == 1
    assert file.stat().st_mode & 0o777 in (0o600, 0o644)
