"""Courses and their sessions: totals are worked out, rates name what they are of, and nobody overwrites anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from feedback_app.cli.example import example
from feedback_app.core.errors import FeedbackError
from feedback_app.services import attendance, audit, course_sessions, courses, example_year
from feedback_app.services.course_sessions import NO_FORM, NOT_APPLICABLE, NOT_KNOWN, TYPED, Asked, Counted, Rate, Rates
from feedback_app.services.courses import Changed, Draft, Totals
from feedback_app.storage.models import AuditEvent, Collection, Course, CourseSession, table_of
from tests.factories import NOON, Copy, Respondent
from tests.training import HELD_ON, SURVEYS, Trained, area_of, finish, trained

WHO = {"by": "Ann", "now": NOON, "today": NOON.date()}
FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)


@pytest.fixture
def there(on_both: Callable[..., Copy]) -> Trained:
    return trained(on_both)


def test_the_example_year_adds_up_to_what_was_published(on_both: Callable[..., Copy]) -> None:
    copy = on_both(*SURVEYS)
    with copy.session() as session, session.begin():
        done = example_year.load(session, area_of(copy), **WHO)
        totals = courses.totals(session, first=FIRST, last=LAST)
        listed = {one.title: one for one in courses.page(session).courses}

        assert (done.courses, done.attended) == (10, 975)
        whole = courses.together(totals)
        assert (whole.taught, whole.ongoing, whole.attended, whole.taught_attended) == (29, 1, 975, 761)
        assert round(whole.per_session or 0, 1) == 26.2
        online = totals[listed["Safer Recruitment"].id]
        assert (online.taught, online.attended, online.per_session) == (0, 214, None)
        forum = totals[listed["Designated Safeguarding Leads / Education Safeguarding Forum"].id]
        assert (forum.taught, forum.attended, forum.per_session) == (4, 191, 191 / 4)
        assert all(one.example for one in listed.values())
        rates = course_sessions.rates_of(session, listed["Safer Recruitment"].id)
        assert rates.day == Rate(0, None, NOT_APPLICABLE)


def test_clearing_takes_out_the_example_and_nothing_else(there: Trained) -> None:
    copy, tables = there.copy, (Course, CourseSession, Collection)
    with copy.session() as session, session.begin():
        before = [session.execute(select(table_of(one)).order_by("id")).all() for one in tables]
        example_year.load(session, area_of(copy), **WHO)
        with pytest.raises(FeedbackError, match="loaded already"):
            example_year.load(session, area_of(copy), **WHO)
        titles = [(one.title, one.example) for one in courses.page(session, "safer sleep").courses]
        assert sorted(titles) == [("Safer Sleep", False), ("Safer Sleep", True)]
        again = courses.write(session, Draft("LADO and Allegations Management"), area_of(copy), **WHO)
        assert not again.example
        session.delete(session.get_one(Course, again.id))
    with copy.session() as session, session.begin():
        done = example_year.clear(session, by="Ann", now=NOON)

        assert (done.courses, done.sessions) == (10, 30)
        assert [session.execute(select(table_of(one)).order_by("id")).all() for one in tables] == before
        told = session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("example."))).all()
        assert told == ["example.load", "example.clear"]
        audit.verify(session)
        with pytest.raises(FeedbackError, match="not loaded"):
            example_year.clear(session, by="Ann", now=NOON)


def test_nobody_changes_the_example_year(there: Trained) -> None:
    with there.copy.session() as session, session.begin():
        example_year.load(session, area_of(there.copy), **WHO)
        course = next(one for one in courses.page(session).courses if one.example)
        held = course_sessions.page(session, course.id).sessions[0]
        before = [session.execute(select(table_of(one)).order_by("id")).all() for one in (Course, CourseSession)]

        with pytest.raises(FeedbackError, match="of the example year"):
            courses.change(session, course.id, 1, Draft("Mine"), area_of(there.copy), **WHO)
        with pytest.raises(FeedbackError, match="of the example year"):
            course_sessions.add(session, course.id, Asked("room", HELD_ON), **WHO)
        with pytest.raises(FeedbackError, match="of the example year"):
            course_sessions.change(session, held.id, held.revision, Asked("room", HELD_ON), **WHO)
        with pytest.raises(FeedbackError, match="of the example year"):
            course_sessions.count(session, held.id, held.revision, Counted(attended=1), TYPED, **WHO)
        assert held.id not in [one.id for one in attendance.known(session)]
        assert [
            session.execute(select(table_of(one)).order_by("id")).all() for one in (Course, CourseSession)
        ] == before


def test_a_session_without_a_form_has_no_rate(there: Trained) -> None:
    with there.copy.session() as session, session.begin():
        example_year.load(session, area_of(there.copy), **WHO)
        lado = courses.page(session, "LADO").courses[0]
        sessions = course_sessions.page(session, lado.id).sessions
        assert {one.day for one in course_sessions.rates(session, sessions).values()} == {Rate(0, None, NO_FORM)}
        assert course_sessions.rates_of(session, lado.id) == Rates(Rate(0, None, NO_FORM), Rate(0, None, NO_FORM))


def test_the_example_year_by_command(copy: Callable[..., Copy], monkeypatch: pytest.MonkeyPatch) -> None:
    made = copy(*SURVEYS)
    monkeypatch.setenv("INSTANCE", str(made.settings.instance))

    loaded = CliRunner().invoke(example, ["load"])
    assert loaded.exit_code == 0, loaded.output
    assert "Loaded 10 courses with 30 entries, 975 attendances in all." in loaded.output
    assert "Took out 10 courses and 30 entries." in CliRunner().invoke(example, ["clear"]).output


def test_rates_are_of_who_attended_and_say_what_they_are_of(there: Trained) -> None:
    app = there.copy.app()
    for _ in range(3):
        finish(Respondent(app, there.session.day_id or "").start())
    later = there.on(NOON + timedelta(days=56)).copy.app()
    finish(Respondent(later, there.session.follow_up_id or "").start())
    with there.copy.session() as session, session.begin():
        held = [there.session]
        assert course_sessions.rates(session, held)[there.session.id].day == Rate(3, None, NOT_KNOWN)
        counted = course_sessions.count(session, there.session.id, 1, Counted(12, 6, 6), TYPED, **WHO)
        rates = course_sessions.rates(session, [counted])[counted.id]

        assert (rates.day, rates.follow_up) == (Rate(3, 6), Rate(1, 6))
        assert (rates.day.percent, rates.follow_up.percent) == (50, 17)
        assert course_sessions.rates_of(session, there.course.id) == rates
        # A session that nobody counted is in neither part of the course's rate.
        course_sessions.add(session, there.course.id, Asked("room", HELD_ON + timedelta(days=1)), **WHO)
        assert course_sessions.rates_of(session, there.course.id) == rates
        assert courses.totals(session)[there.course.id].uncounted == 1


def test_more_replies_than_people_give_no_percentage() -> None:
    assert Rate(7, 6).percent is None
    assert Rate(0, 0).percent is None
    assert Rate(6, 6).percent == 100


def test_agencies_add_up_to_who_attended(there: Trained) -> None:
    ident = there.session.id
    with there.copy.session() as session, session.begin():
        held = course_sessions.count(session, ident, 1, Counted(agencies={"Police": 3, "Health": 4}), TYPED, **WHO)
        assert (held.attended, held.no_shows) == (7, None)
        for wrong in (
            Counted(attended=8, agencies={"Police": 3, "Health": 4}),
            Counted(attended=-1),
            Counted(booked=1, no_shows=2),
            Counted(agencies={"": 3}),
        ):
            with pytest.raises(FeedbackError):
                course_sessions.count(session, ident, 2, wrong, TYPED, **WHO)
        assert course_sessions.find(session, ident) == held


def test_a_second_editor_is_told_and_overwrites_nothing(there: Trained) -> None:
    ident, area = there.session.id, area_of(there.copy)
    with there.copy.session() as session, session.begin():
        courses.change(session, there.course.id, 1, Draft("Safer Sleep today"), area, **WHO | {"by": "Bo"})
        course_sessions.count(session, ident, 1, Counted(attended=5), TYPED, **WHO | {"by": "Bo"})
        for act in (
            lambda: courses.change(session, there.course.id, 1, Draft("Mine"), area, **WHO),
            lambda: course_sessions.change(session, ident, 1, Asked("online", HELD_ON), **WHO),
            lambda: course_sessions.count(session, ident, 1, Counted(attended=6), TYPED, **WHO),
        ):
            with pytest.raises(Changed, match="Bo changed this while you had it open"):
                act()
        held = courses.find(session, there.course.id)
        assert held is not None
        assert held.title == "Safer Sleep today"


@pytest.mark.parametrize(
    "draft",
    [
        Draft(""),
        Draft("x" * 201),
        Draft("SAFER sleep"),
        Draft("Title {with} marks"),
        Draft("One objective", ("only one",)),
        Draft("Six", tuple(f"objective {n}" for n in range(6))),
        Draft("Twice", ("the same", "The Same")),
        Draft("Priority", priority="PRI-X"),
        Draft("Prompted", prompted="a whim"),
        Draft("Finding", finding="x" * 301),
    ],
)
def test_a_course_that_is_not_sound_is_refused(there: Trained, draft: Draft) -> None:
    with there.copy.session() as session, session.begin():
        with pytest.raises(FeedbackError):
            courses.write(session, draft, area_of(there.copy), **WHO)
        assert session.scalar(select(func.count()).select_from(Course)) == 1


def test_a_session_with_something_to_lose_stays(there: Trained) -> None:
    finish(Respondent(there.copy.app(), there.session.day_id or "").start())
    with there.copy.session() as session, session.begin():
        with pytest.raises(FeedbackError, match="so it stays"):
            course_sessions.remove(session, there.session.id, 1, **WHO)
        empty = course_sessions.add(session, there.course.id, Asked("room", HELD_ON), **WHO)
        course_sessions.remove(session, empty.id, 1, **WHO)
        assert course_sessions.find(session, empty.id) is None
        assert session.get(Collection, empty.day_id) is None


def test_e_learning_and_what_is_long_over_have_no_forms(there: Trained) -> None:
    with there.copy.session() as session, session.begin():
        for asked in (Asked("e-learning", HELD_ON), Asked("room", HELD_ON - timedelta(days=85))):
            held = course_sessions.add(session, there.course.id, asked, **WHO)
            assert (held.day_id, held.follow_up_id, held.manager_id) == (None, None, None)
        held = course_sessions.add(session, there.course.id, Asked("room", HELD_ON - timedelta(days=84)), **WHO)
        assert held.day_id is not None


def test_the_survey_can_be_published_again_beside_the_forms_of_sessions(there: Trained) -> None:
    before = there.session
    there.copy.publish()
    with there.copy.session() as session:
        assert course_sessions.find(session, before.id) == before


def test_totals_of_nothing() -> None:
    assert courses.together({}) == Totals()
    assert Totals().per_session is None
