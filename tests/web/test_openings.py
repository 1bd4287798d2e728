"""What staff set for a collection, seen by who answers: closing while somebody is half-way, cards, parts left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from feedback_app.services import cards, openings
from feedback_app.services.collections import Held
from feedback_app.storage.models import Response
from tests.factories import NOON, Copy, Respondent
from tests.openings import ANN, TODAY, Office
from tests.web.staff_copy import SetClock

Both = Callable[..., Copy]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


def office(copy: Copy, clock: SetClock) -> Office:
    """The office of a copy whose clock a test sets."""
    copy.clock = clock  # type: ignore[assignment]
    return Office(copy)


def half_way(made: Office, one: Held) -> Respondent:
    """A child who has answered the first question."""
    return Respondent(made.copy.app(), one.id).start().press(answer="yes")


def stored(copy: Copy) -> list[str]:
    with copy.session() as session:
        return [one.collection_id for one in session.scalars(select(Response))]


def test_closed_by_hand_half_way_has_thirty_minutes(on_both: Both, clock: SetClock) -> None:
    made = office(on_both("sensitive"), clock)
    one = made.open("sensitive", made.place())
    slow, quick = half_way(made, one), half_way(made, one)
    made.close(one)
    clock.pass_by(minutes=29, seconds=59)
    late = Respondent(quick.client.application, one.id).start()
    assert (late.status, "25 November 2026" in late.page) == (410, True)
    assert quick.press().press(answer="ok").send().receipt
    clock.pass_by(seconds=1)
    assert slow.press().status == 410
    assert slow.open("check").status == 410
    assert stored(made.copy) == [one.id]
    assert quick.open("thank-you").receipt  # who has sent sees the receipt for as long as the browser is open


@pytest.mark.parametrize(("hour", "minute", "status"), [(23, 59, 200), (0, 29, 200), (0, 30, 410)])
def test_the_closing_day_ends_at_midnight_and_half_an_hour_is_left(
    copy: Both, clock: SetClock, hour: int, minute: int, status: int
) -> None:
    made = office(copy("sensitive"), clock)
    one = made.open("sensitive", made.place(), closes_on=TODAY)
    clock.moment = datetime(2026, 11, 25, 23, 50, tzinfo=UTC)
    child = half_way(made, one)
    clock.moment = datetime(2026, 11, 25 if hour else 26, hour, minute, tzinfo=UTC)
    assert child.press().status == status
    begins = Respondent(child.client.application, one.id).start()
    assert (begins.status == 200) is (hour == 23)


def test_reopened_it_goes_on(copy: Both, clock: SetClock) -> None:
    made = office(copy("sensitive"), clock)
    one = made.open("sensitive", made.place())
    child = half_way(made, one)
    closed = made.close(one)
    clock.pass_by(hours=2)
    assert child.press().status == 410
    with made.session() as session:
        openings.reopen(session, closed.id, closed.revision, "Too early.", None, made.editions, made.interfaces, ANN)
    assert child.open("Q2").press(answer="ok").send().receipt


def test_what_is_for_one_school_is_in_no_public_list(copy: Both, clock: SetClock) -> None:
    made = office(copy("sensitive"), clock)
    one = made.open("sensitive", made.place())
    client = made.copy.app().test_client()
    page = client.get("/en").text
    assert 'href="/en/sensitive"' in page
    assert one.id not in page
    assert client.get(f"/{one.id}").location == f"/en/{one.id}"


def test_a_part_that_is_left_out_is_never_asked_or_stored(on_both: Both, clock: SetClock) -> None:
    made = office(on_both("sensitive"), clock)
    one = made.open("sensitive", made.place())
    before = half_way(made, one)  # Q1 is answered, and then its part is left out
    made.leave_out(one, "part")
    before.open("Q1")
    assert (before.status, before.at) == (200, "Q2")
    assert before.press(answer="ok").send().receipt
    after = Respondent(before.client.application, one.id).start()
    assert after.at == "Q2"
    assert after.open("part.help").at == "Q2"
    assert after.open("nothing").status == 404
    assert after.open(f"/en/{one.id}/Q2").press(answer="").send().receipt
    other = Respondent(before.client.application, "sensitive").start()
    assert other.at == "Q1"
    with made.copy.session() as session:
        assert all("Q1" not in row.answers for row in session.scalars(select(Response)))


def test_only_with_a_card_and_each_works_once(on_both: Both, clock: SetClock) -> None:
    made = office(on_both("sensitive"), clock)
    one = made.open("sensitive", made.place(), cards_only=True)
    with made.session() as session:
        first, second = cards.make(session, made.copy.keys.server, one, 2, by="Ann", now=NOON)
    app = made.copy.app()
    child, other = app.test_client(), app.test_client()
    start = f"/en/{one.id}"
    assert "Code on your card" in child.get(start).text
    for typed in ({}, {"card": ""}, {"card": "WRONG"}, {"card": "\0"}):
        answer = child.post(start, data=typed)
        assert (answer.status_code, "This code does not open the survey" in answer.text) == (422, True), typed
    assert child.post(start, data={"card": first.lower()}).status_code == 303
    assert other.post(start, data={"card": first}).status_code == 422
    assert "Code on your card" not in child.get(start).text  # who is half-way goes on, or begins again
    assert child.post(start).status_code == 303
    assert other.post(start, data={"card": second}).status_code == 303
    with made.session() as session:
        assert cards.made(session, one.id) == cards.Made(2, 2)
    assert "Code on your card" not in app.test_client().get("/en/sensitive").text
