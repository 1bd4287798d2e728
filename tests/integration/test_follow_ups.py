"""Letters about a follow-up go out on their days and no other, once, and the addresses go in time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import Refused
from feedback_app.core.sealing import unlock
from feedback_app.services import course_sessions, follow_ups, mail, pairing
from feedback_app.services.course_sessions import Asked
from feedback_app.storage.models import Collection, Commitment, CourseSession, FollowUpContact, Letter
from tests.factories import NOON, Copy, Respondent
from tests.training import HELD_ON, PROMISE, SURVEYS, Trained, codes, finish, trained

ADDRESS = "ann@school.example"


@pytest.fixture
def there(on_both: Callable[..., Copy]) -> Trained:
    return trained(on_both)


def sign_up(there: Trained, address: str = ADDRESS, days: int = 0) -> None:
    with there.copy.session() as session, session.begin():
        today = HELD_ON + timedelta(days=days)
        follow_ups.sign_up(session, there.copy.keys.server, there.session.id, address, today)


def letters_on(there: Trained, day: int, times: int = 1) -> list[str]:
    """The letters that are written on a day after the session, by their cause's number."""
    with there.copy.session() as session, session.begin():
        before = set(session.scalars(select(Letter.id)))
        for _ in range(times):
            now = NOON + timedelta(days=day)
            written(session, there, now.date() - HELD_ON)
        return sorted(cause.rpartition("/")[2] for cause in set(session.scalars(select(Letter.id))) - before)


def written(session: Session, there: Trained, after: timedelta) -> int:
    now, today = NOON + after, HELD_ON + after
    return follow_ups.write_due(
        session, there.copy.keys.server, now, today=today, address="https://f.example", area="Riverside"
    ).letters


def test_each_letter_is_written_on_its_day(there: Trained) -> None:
    sign_up(there)

    found = {day: letters_on(there, day) for day in (0, 1, 55, 56, 57, 62, 63, 64, 76, 77, 78, 84, 106)}

    assert {day: letters for day, letters in found.items() if letters} == {56: ["0"], 63: ["1"], 77: ["2"]}


def test_the_days_are_what_the_survey_says(on_both: Callable[..., Copy]) -> None:
    copy = on_both(*SURVEYS)
    file = copy.settings.surveys / "training-follow-up.yaml"
    said = file.read_text()
    for was, now in (("56", "20"), ("63", "25"), ("77", "33")):
        said = said.replace(f'"{was}"', f'"{now}"')
    file.write_text(said.replace('version: "2"', 'version: "3"'))
    copy.publish()
    other = trained(lambda *_: copy)
    sign_up(other)

    found = {day: letters_on(other, day) for day in (19, 20, 24, 25, 32, 33, 34, 56, 63, 77)}
    assert {day: letters for day, letters in found.items() if letters} == {20: ["0"], 25: ["1"], 33: ["2"]}
    with copy.session() as session, session.begin():
        assert follow_ups.clear(session, HELD_ON + timedelta(days=62)) == 0
        assert follow_ups.clear(session, HELD_ON + timedelta(days=63)) == 1


def test_run_again_nothing_is_written_twice(there: Trained) -> None:
    sign_up(there)

    assert letters_on(there, 56, times=3) == ["0"]
    assert letters_on(there, 56) == []
    with there.copy.session() as session, session.begin():  # even when the mark of the next day was lost
        session.scalars(select(FollowUpContact)).one().next_on = HELD_ON + timedelta(days=56)
    assert letters_on(there, 57) == []


def test_after_days_without_a_worker_nobody_gets_two(there: Trained) -> None:
    sign_up(there)

    assert letters_on(there, 64) == ["1"]
    assert letters_on(there, 76) == []
    assert letters_on(there, 80) == ["2"]


def test_once_the_follow_up_is_closed_no_letter_goes(there: Trained) -> None:
    sign_up(there)

    assert letters_on(there, 85) == []
    assert letters_on(there, 86) == []


def test_a_form_that_staff_closed_is_not_written_about(there: Trained) -> None:
    sign_up(there)
    with there.copy.session() as session, session.begin():
        session.get_one(Collection, there.session.follow_up_id).closed_at = NOON

    assert letters_on(there, 56) == []


def test_a_letter_says_no_more_than_the_day(there: Trained) -> None:
    sign_up(there)
    letters_on(there, 56)
    letters_on(there, 63)
    with there.copy.session() as session:
        keys = there.copy.keys.server
        held = [
            json.loads(unlock(mail._key(keys), one.locked or b"", one.id.encode()))
            for one in session.scalars(select(Letter))
        ]
        contact = session.scalars(select(FollowUpContact)).one()

    assert len(held) == 2
    for letter in held:
        assert letter["to"] == ADDRESS
        assert letter["subject"] == "Riverside: your course on 25 November 2026"
        assert "your course on 25 November 2026" in letter["body"]
        assert f"https://f.example/{there.session.follow_up_id}\n" in letter["body"]
        assert f"https://f.example/en/no-more-letters/{contact.id}\n" in letter["body"]
        whole = f"{letter['subject']} {letter['body']}".lower()
        assert not [word for word in ("safer", "sleep", "safeguarding", "training", "child") if word in whole]


def test_who_wants_out_is_out_at_once(there: Trained) -> None:
    sign_up(there)
    letters_on(there, 56)
    with there.copy.session() as session, session.begin():
        follow_ups.stop(session, session.scalars(select(FollowUpContact.id)).one())
        assert session.scalars(select(Letter)).one().locked is None
        assert not mail.due(session, NOON + timedelta(days=60))

    assert letters_on(there, 63) == []


@pytest.mark.parametrize(("day", "kept"), [(106, 1), (107, 0), (108, 0)])
def test_addresses_and_promises_go_thirty_days_after_the_last_letter(there: Trained, day: int, kept: int) -> None:
    sign_up(there)
    finish(Respondent(there.copy.app(), there.session.day_id or "").start(), TF23=PROMISE)
    with there.copy.session() as session, session.begin():
        today = HELD_ON + timedelta(days=day)
        assert follow_ups.clear(session, today) == pairing.clear(session, today) == 1 - kept
        for table in (FollowUpContact, Commitment):
            assert session.scalar(select(func.count()).select_from(table)) == kept


def test_a_late_answer_keeps_its_promise_no_longer(there: Trained) -> None:
    late = there.on(NOON + timedelta(days=14))
    finish(Respondent(late.copy.app(), there.session.day_id or "").start(), TF23=PROMISE)
    with there.copy.session() as session:
        assert session.scalars(select(Commitment.delete_on)).one() == HELD_ON + timedelta(days=107)


def test_without_a_session_it_counts_from_the_answer(there: Trained) -> None:
    finish(Respondent(there.copy.app(), "training-day").start(), TF23=PROMISE)
    with there.copy.session() as session:
        assert session.scalars(select(Commitment.delete_on)).one() == HELD_ON + timedelta(days=107)


def test_a_promise_opens_with_its_code_and_no_other_key(there: Trained) -> None:
    person = finish(Respondent(there.copy.app(), there.session.day_id or "").start(), TF23=PROMISE)
    words = tuple(codes(person)[1].split())
    with there.copy.session() as session:
        found = pairing.find(session, there.copy.keys.server, words)
        assert found is not None
        assert found.promise == PROMISE
        assert pairing.find(session, there.copy.keys.server, words[::-1]) is None
        held = session.scalars(select(Commitment)).one()
        assert PROMISE.encode() not in held.locked
        held.locked = held.locked[:-1] + b"x"
        session.flush()
        changed = pairing.find(session, there.copy.keys.server, words)
        assert changed is not None
        assert changed.promise == ""


@pytest.mark.parametrize(
    "typed", ["", "ann", "ann@", "@school.example", "a@b", "a b@c.example", "a@b.example, c@d.example"]
)
def test_what_is_no_address_is_refused(there: Trained, typed: str) -> None:
    with pytest.raises(Refused):
        sign_up(there, typed)


def test_a_late_address_gets_what_is_left(there: Trained) -> None:
    sign_up(there, days=60)
    with there.copy.session() as session:
        assert session.scalars(select(FollowUpContact.next_on)).one() == HELD_ON + timedelta(days=63)
    with pytest.raises(Refused):
        sign_up(there, "bo@school.example", days=77)


def test_another_day_moves_the_forms_along(there: Trained) -> None:
    moved = HELD_ON + timedelta(days=7)
    sign_up(there)
    finish(Respondent(there.copy.app(), there.session.day_id or "").start(), TF23=PROMISE)
    with there.copy.session() as session, session.begin():
        who = {"by": "Ann", "now": NOON, "today": NOON.date()}
        held = course_sessions.change(session, there.session.id, 1, Asked("online", moved), **who)
        days = {form: session.get_one(Collection, form) for form in (held.day_id, held.follow_up_id)}

        assert days[held.day_id].opens_on == moved
        assert days[held.follow_up_id].opens_on == moved + timedelta(days=56)
        assert held.day_id == there.session.day_id
        assert session.get_one(CourseSession, held.id).mode == "online"
        for table in (FollowUpContact, Commitment):
            assert session.scalars(select(table.delete_on)).one() == moved + timedelta(days=107)
    assert {day: letters_on(there, day) for day in (56, 62, 63, 69, 70, 84)} == {
        56: [],
        62: [],
        63: ["0"],
        69: [],
        70: ["1"],
        84: ["2"],
    }
    person = Respondent(there.on(NOON + timedelta(days=7)).copy.app(), there.session.day_id or "").start()
    assert "02/12/2026, online" in person.heading
