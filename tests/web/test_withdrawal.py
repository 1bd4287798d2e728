"""The page where somebody takes answers back: what it shows, what it erases, how alike wrong and erased words are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select, update

from feedback_app.core.clock import FixedClock
from feedback_app.services import freezes, withdrawal
from feedback_app.storage.db import db
from feedback_app.storage.models import AnswerText, Response, Triage
from tests.factories import NOON, Copy, Respondent
from tests.house.test_looking_never_writes import watched
from tests.integration.test_canary import sings
from tests.web.page import Page
from tests.web.test_returning import said

Copies = Callable[..., Copy]
WRONG = "acorn bagel acorn bagel acorn"
SECRET = "Canary: behind the boiler room"
ALIKE = "These words do not open anything. They may be wrong, or it was erased."


def send(app: Flask, survey: str = "paragraph") -> str:
    """Somebody who wrote something and sent it; the receipt."""
    person = Respondent(app, survey).start().press(answer=SECRET).press().send()
    assert len(person.receipt.split()) == 5
    assert Page(person.page).links["See or take back your answers with the five words"] == "/en/receipt"
    return person.receipt


def type_in(app: Flask, words: str, address: str = "192.0.2.1", **more: str) -> Respondent:
    person = Respondent(app, "paragraph")
    person.client.environ_base["REMOTE_ADDR"] = address
    person.here = "/en/receipt"
    return person.post({"words": words} | more)


def read_all(copy: Copy) -> None:
    with copy.session() as session, session.begin():
        session.execute(update(Triage).values(state="released"))


def left(copy: Copy) -> int:
    with copy.session() as session:
        return len(session.scalars(select(Response)).all()) + len(session.scalars(select(AnswerText)).all())


def test_it_shows_closed_answers_in_words_and_says_that_it_cannot_open_the_others(copy: Copies) -> None:
    made = copy("paragraph", "single")
    app = made.app()
    shown = type_in(app, send(app))

    assert (shown.status, shown.heading) == (200, "What we keep of your answers")
    words = said(shown)
    assert "You sent these answers on 25 November 2026." in words
    assert "You wrote something here. It is locked, and this page cannot open it." in words
    assert "No day is set for it yet." in words
    assert SECRET not in shown.page
    assert shown.client.get_cookie("visit") is None

    person = Respondent(app, "single").start().press(answer="oth", other=SECRET).press(answer="yes").send()
    page = type_in(app, person.receipt)
    assert "Something else" in said(page) or "Yes" in said(page)
    assert SECRET not in page.page


def test_it_erases_for_good_without_a_cookie_or_a_script(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()
    words = send(app)
    read_all(made)
    assert Page(type_in(app, words).page).buttons["Erase my answers for good"] == "erase"
    assert left(made) == 2

    gone = type_in(app, words, go="erase")

    assert (gone.status, gone.heading) == (200, "Your answers are erased")
    assert "The five words open nothing any more." in said(gone)
    assert left(made) == 0
    assert ALIKE in said(type_in(app, words))


def test_it_says_that_a_text_is_still_read_for_safety(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()
    words = send(app)
    assert "has not finished reading yours" in said(type_in(app, words))

    gone = type_in(app, words, go="erase")

    assert "Somebody still finishes reading a text of yours" in said(gone)
    assert left(made) == 2
    assert type_in(app, words).status == 422


def test_the_day_of_the_report_is_told_and_kept(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()
    words, today = send(app), NOON.date()
    read_all(made)
    frozen = today + timedelta(days=3)
    with made.session() as session, session.begin():
        freezes.freeze(session, today, today, frozen, by="Ann", today=today, now=NOON)
    assert "until the day before 28 November 2026" in said(type_in(app, words))

    made.clock = FixedClock(NOON + timedelta(days=3))
    late = made.app()
    page = type_in(late, words, go="erase")

    assert page.heading == "What we keep of your answers"
    assert "Your answers are in a report since 28 November 2026" in said(page)
    assert "erase" not in Page(page.page).buttons.values()
    assert left(made) == 2


def test_hostile_24_wrong_and_erased_words_are_answered_alike_and_with_the_same_work(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()
    words = send(app)
    read_all(made)
    assert type_in(app, words, go="erase").status == 200

    seen = []
    with made.apps[0].app_context():
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        for typed in (words, WRONG):
            statements.clear()
            person = type_in(app, typed)
            seen.append((person.status, person.page.replace(typed, "…"), list(statements)))
    with watched(app) as written:
        type_in(app, WRONG)

    assert seen[0] == seen[1]
    assert seen[0][0] == 422
    assert len(seen[0][2]) >= 1
    assert written == []


def test_hostile_24_guessing_receipts_is_limited_and_slips_and_right_ones_are_not(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()
    words = send(app)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(12):
            assert type_in(app, words, "192.0.2.3").status == 200
            assert type_in(app, "bagle", "192.0.2.3").status == 422
        assert {type_in(app, WRONG, "192.0.2.3").status for _ in range(10)} == {422}
        assert {type_in(app, typed, "192.0.2.3").status for typed in (WRONG, words)} == {429}
        assert type_in(app, words, "192.0.2.4").status == 200
        clock.shift(timedelta(hours=1, seconds=1))
        assert type_in(app, words, "192.0.2.3").status == 200


def test_another_site_can_erase_nothing(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()
    words = send(app)
    person = Respondent(app, "paragraph")
    person.here = "/en/receipt"
    person.post({"words": words, "go": "erase"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert person.status == 400
    assert left(made) == 2


def test_a_disk_that_takes_no_mark_erases_nothing_and_says_so(copy: Copies) -> None:
    made = copy("paragraph")
    app = made.app()
    words = send(app)
    (made.settings.instance / withdrawal.FILE).mkdir()

    assert type_in(app, words, go="erase").status == 503
    assert left(made) == 2


def test_nothing_tells_who_took_back_what(copy: Copies, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    made = copy("paragraph")
    app = made.app()
    words = send(app)
    read_all(made)
    with made.session() as session:
        ident = session.scalars(select(Response.id)).one()
    type_in(app, words, "203.0.113.77", go="erase")
    made.close()

    assert sings(made, words, SECRET, "203.0.113.77", ident) == []
    assert words not in caplog.text


@pytest.mark.parametrize("address", ["/en/privacy", "/en/privacy/children"])
def test_the_privacy_pages_lead_there(copy: Copies, address: str) -> None:
    person = Respondent(copy("paragraph").app(), "paragraph").open(address)

    assert Page(person.page).links["Take back your answers"] == "/en/receipt"
    assert Page(person.open("/en/receipt").page).words
    assert person.heading == "Take back your answers"
