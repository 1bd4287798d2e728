"""The clocks and the alerts of the queue, on both databases: in staffed time, each person once, never a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from analysis.concern import Screener, Screening
from feedback_app.core.clock import LOCAL
from feedback_app.services import accounts, rota, triage
from feedback_app.services.rota import Rota
from feedback_app.services.screening import Screens
from feedback_app.storage.models import Triage
from feedback_app.web.support.wiring import NAME
from tests.factories import NOON, Copy, Respondent
from tests.leads import HARM, PLAIN, add_leads, item, steps_told, told, write
from tests.mail_server import Kept, free_port, serving
from tests.working import line, work

Copies = Callable[..., Copy]
MINUTE = timedelta(minutes=1)


# Clocks


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment on the wall in November 2026, whose first day is a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


@pytest.mark.parametrize(
    ("band", "received", "due"),
    [
        ("P2", 25, at(26, 17)),  # Wednesday: Thursday
        ("P2", 27, at(30, 17)),  # Friday: Monday
        ("P2", 28, at(30, 17)),  # Saturday: Monday
        ("P3", 25, at(27, 17)),
        ("P3", 26, at(30, 17)),  # Thursday: Monday
        ("P3", 27, datetime(2026, 12, 1, 17, tzinfo=UTC)),
    ],
)
def test_texts_are_due_in_working_days(band: str, received: int, due: datetime) -> None:
    assert Rota().due(band, date(2026, 11, received)) == due


@pytest.mark.parametrize("band", ["P2", "P3"])
@pytest.mark.parametrize("received", range(23, 30))
def test_late_is_the_moment_after_it_was_due_and_not_the_day_before(band: str, received: int) -> None:
    here, day = Rota(), date(2026, 11, received)
    due = here.due(band, day)
    for moment, late in ((due - timedelta(days=1), False), (due - MINUTE, False), (due, True)):
        assert (day < here.late_before(band, moment)) is late, moment
    assert day < here.late_before(band, due + timedelta(days=1))


def test_a_day_on_which_nobody_reads_moves_every_clock() -> None:
    here = Rota(closed=(date(2026, 11, 26),))
    assert here.due("P2", date(2026, 11, 25)) == at(27, 17)
    assert here.after(at(25, 16, 50), timedelta(minutes=30)) == at(27, 9, 20)


@pytest.mark.parametrize(
    ("told", "minutes", "then"),
    [
        (at(25, 12), 30, at(25, 12, 30)),
        (at(25, 16, 45), 30, at(26, 9, 15)),
        (at(27, 16, 45), 30, at(30, 9, 15)),  # over a weekend
        (at(28, 3), 30, at(30, 9, 30)),
        (at(25, 16), 120, at(26, 10)),
        (at(25, 16, 30), 30, at(25, 17)),
    ],
)
def test_staffed_minutes_alone_count(told: datetime, minutes: int, then: datetime) -> None:
    assert Rota().after(told, timedelta(minutes=minutes)) == then


def test_summer_time_moves_no_office_hour() -> None:
    here = Rota()
    assert here.after(datetime(2026, 10, 23, 15, 45, tzinfo=UTC), timedelta(minutes=30)) == datetime(
        2026, 10, 26, 9, 15, tzinfo=UTC
    )


# Alerts


def test_an_alert_goes_to_the_lead_then_the_deputy_then_all_each_once(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        lea, sam, kim = (str(one.id) for one in add_leads(session, "Lea", "Sam", "Kim"))
    ident, moment = write(copy, HARM), at(27, 16, 50)  # Friday, ten minutes before the end
    seen = {}
    for minute in (0, 1, 9, 10):
        work(copy, "alerts", moment + minute * MINUTE)
    seen["friday"] = steps_told(copy, ident)
    for day in (28, 29):
        work(copy, "alerts", at(day, 12))
    seen["weekend"] = steps_told(copy, ident)
    work(copy, "alerts", at(30, 9, 19))
    seen["before"] = steps_told(copy, ident)
    for _ in range(2):
        work(copy, "alerts", at(30, 9, 20))
    seen["deputy"] = steps_told(copy, ident)
    work(copy, "alerts", at(30, 10, 49))
    seen["not yet"] = steps_told(copy, ident)
    for minute in (50, 55):
        work(copy, "alerts", at(30, 10, minute))
    seen["all"] = steps_told(copy, ident)

    first = [("1", lea)]
    assert seen["friday"] == seen["weekend"] == seen["before"] == first
    assert seen["deputy"] == seen["not yet"] == [*first, ("2", sam)]
    assert seen["all"] == [*first, ("2", sam), ("3", lea), ("3", sam), ("3", kim)]


def test_who_has_seen_it_stops_the_clock(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        add_leads(session, "Lea", "Sam")
    ident = write(copy, HARM)
    work(copy, "alerts", NOON)
    with copy.session() as session, session.begin():
        triage.acknowledge(session, ident, by="Lea", now=NOON + 29 * MINUTE)
        triage.acknowledge(session, ident, by="Sam", now=NOON + 30 * MINUTE)
    for hours in (1, 3, 30):
        work(copy, "alerts", NOON + timedelta(hours=hours))

    assert len(steps_told(copy, ident)) == 1
    assert item(copy, ident).acknowledged_by == "Lea"


def test_an_alert_is_there_within_a_minute_and_holds_no_word_of_the_text(on_both: Copies) -> None:
    kept, port = Kept(), free_port()
    copy = on_both("text", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="us@area.example")
    with copy.session() as session, session.begin():
        add_leads(session, "Lea", "Sam")
    ident = write(copy, HARM)
    with serving(kept, port):
        work(copy, "alerts", NOON)
        work(copy, "letters", NOON + timedelta(seconds=5))

    (letter,) = kept.letters
    assert letter["To"] == "lea@area.example"
    body = letter.get_content()
    assert f"/staff/triage/{ident}" in body
    for word in ("kill", "myself", "suicide", "One line", "text?"):
        assert word not in body
        assert word not in letter["Subject"]


def test_hostile_29_a_mail_server_that_is_down_for_a_day_loses_and_doubles_nothing(on_both: Copies) -> None:
    kept, port = Kept(), free_port()
    copy = on_both("text", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="us@area.example")
    with copy.session() as session, session.begin():
        add_leads(session, "Lea", "Sam")
    ident, moment = write(copy, HARM), NOON
    for _ in range(24):
        work(copy, "alerts", moment)
        work(copy, "letters", moment)
        moment += timedelta(hours=1)
    with serving(kept, port):
        for _ in range(3):
            work(copy, "alerts", moment)
            work(copy, "letters", moment)
            moment += timedelta(hours=1)

    texts = [letter for letter in kept.letters if ident in letter.get_content()]
    assert sorted((one["To"], one["Subject"].split()[0]) for one in texts) == [
        ("lea@area.example", "Please"),
        ("lea@area.example", "Text"),
        ("sam@area.example", "Nobody"),
        ("sam@area.example", "Text"),
    ]


def test_without_a_lead_an_administrator_is_told_and_without_anybody_it_is_said(on_both: Copies) -> None:
    copy = on_both("text")
    write(copy, HARM)
    work(copy, "alerts", NOON)
    assert "nobody can be told" in line(copy, "alerts").said
    with copy.session() as session, session.begin():
        given = {"by": "test", "now": NOON, "email": "ann@area.example"}
        accounts.add(session, "Ann", "correct-horse-battery-staple", {"administrator"}, **given)
    work(copy, "alerts", NOON + MINUTE)

    assert line(copy, "alerts").said == "Wrote 1 letter."


def test_hostile_29_when_every_leads_account_is_shut_the_administrators_are_told(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        given = {"by": "test", "now": NOON, "email": "ann@area.example"}
        ann = str(accounts.add(session, "Ann", "correct-horse-battery-staple", {"administrator"}, **given).id)
        add_leads(session, "Lea", "Sam")
        for name in ("Lea", "Sam"):
            accounts.disable(session, name, by="Ann", now=NOON)
    ident = write(copy, HARM)
    work(copy, "alerts", NOON)
    assert steps_told(copy, ident) == [("1", ann)]

    with copy.session() as session, session.begin():
        accounts.enable(session, "Sam", by="Ann", now=NOON)
        (sam,) = [str(one.id) for one in rota.leads(session, rota.current(session))]
    work(copy, "alerts", NOON + timedelta(minutes=30))  # nobody has said that they saw it: whoever leads now is told
    assert steps_told(copy, ident) == [("1", ann), ("2", sam)]


class Breaks(Screener):
    """A screener with a fault in it, which names the text that it fell over."""

    def screen(self, text: str, language: str) -> Screening:
        raise RecursionError(text)


@pytest.mark.parametrize("lists", [True, False], ids=["it raises", "its lists cannot be read"])
def test_hostile_29_a_screener_that_fails_costs_no_answer_and_the_text_is_the_first_of_p2(
    on_both: Copies, caplog: pytest.LogCaptureFixture, lists: bool
) -> None:
    copy = on_both("text")
    flagged = write(copy, "He shouts at me every day and I am scared of him")
    plain = write(copy, PLAIN)
    if lists:
        app = copy.app()
        wired = app.extensions[NAME]
        app.extensions[NAME] = replace(wired, screens=Screens(Breaks(wired.screens.screener.lists.values(), "1")))
    else:
        (copy.settings.surveys / "concern" / "en.yaml").write_text("phrases: [")
        app = copy.app()

    person = Respondent(app, "text").start().press(answer="").press(answer=HARM).send()

    assert len(person.receipt.split()) == 5
    assert HARM not in caplog.text
    with copy.session() as session:
        page = triage.page(session, rota.current(session), NOON, band="P2")
        first = session.get_one(Triage, page.lines[0].id)
        assert (first.failed, first.band, first.flagged) == (True, "P2", False)
        everything = [one.id for one in triage.page(session, rota.current(session), NOON).lines]
    assert everything.index(first.id) < everything.index(plain)
    assert flagged in everything


def test_what_is_late_is_told_once_on_a_working_day(on_both: Copies) -> None:
    copy = on_both("text")
    with copy.session() as session, session.begin():
        add_leads(session, "Lea", "Sam")
    write(copy)  # on a Wednesday, so it is late on Thursday at five
    for moment in (at(26, 16, 59), at(26, 17), at(27, 8, 59), at(27, 9), at(27, 15), at(28, 12), at(30, 9)):
        work(copy, "alerts", moment)

    assert sorted(cause.rpartition("/")[0] for cause in told(copy)) == ["late/2026-11-27"] * 2 + ["late/2026-11-30"] * 2
