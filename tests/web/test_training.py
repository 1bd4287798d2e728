"""A participant answers at the end of the day, keeps a code, and comes back weeks later: nobody is named anywhere."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from feedback_app.services import pairing
from feedback_app.storage.models import Base, Commitment, FollowUpContact, Response
from tests.factories import NOON, Copy, Respondent
from tests.house.test_looking_never_writes import watched
from tests.integration.test_canary import sings
from tests.training import PROMISE, Trained, codes, finish, trained

NAME = "Zoë O'Canary-Name"
ROWS = ("spot", "act", "talk", "bias")  # the tool is another course's
EMAIL = "canary.person@school.example"


@pytest.fixture
def there(copy: Callable[..., Copy]) -> Trained:
    return trained(copy)


def said(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def day(there: Trained) -> Respondent:
    return Respondent(there.copy.app(), there.session.day_id or "")


def follow_up(there: Trained) -> Respondent:
    return Respondent(there.on(NOON + timedelta(days=56)).copy.app(), there.session.follow_up_id or "")


def stored(there: Trained) -> list[Response]:
    with there.copy.session() as session:
        return list(session.scalars(select(Response).order_by(Response.received_on)))


def test_the_form_of_a_session_knows_its_course_and_day(there: Trained) -> None:
    person = day(there).start()

    assert person.heading == "Course: Safer Sleep, 25/11/2026, in a room. Is this right?"
    finish(person, TF01="yes")
    (response,) = stored(there)
    told = {name: response.answers[name] for name in ("course_title", "session_date", "delivery_mode")}
    assert told == {"course_title": "sleep", "session_date": "2026-11-25", "delivery_mode": "room"}


def test_the_forms_are_open_in_their_time_and_in_no_list(there: Trained) -> None:
    def status(form: str | None, days: int) -> int:
        return there.on(NOON + timedelta(days=days)).copy.app().test_client().get(f"/en/{form}").status_code

    forms = there.session
    assert [status(forms.day_id, days) for days in (0, 14, 15)] == [200, 200, 410]
    assert [status(forms.follow_up_id, days) for days in (55, 56, 57, 84, 85)] == [403, 200, 200, 200, 410]
    assert [status(forms.manager_id, days) for days in (55, 56, 98, 99)] == [403, 200, 200, 410]
    assert forms.day_id not in there.on(NOON).copy.app().test_client().get("/en").text


def test_a_code_pairs_both_forms_and_shows_the_promise_again(there: Trained) -> None:
    person = finish(day(there).start(), TF23=PROMISE)
    receipt, code = codes(person)
    assert len(code.split()) == 5
    assert receipt != code
    assert codes(person.open("thank-you")) == [receipt, code]

    later = follow_up(there)
    assert "Your code from the end of the course" in later.open(f"/en/{later.survey}").page
    typed = ", ".join(code.upper().split())
    later._land(later.client.post(later.here, data={"code": typed}))
    assert later.heading == "What you said you would do"
    assert PROMISE in later.page
    finish(later.open("TI01"), TI02="yes")

    first, second = stored(there)
    assert first.pair_hash == second.pair_hash
    assert len(first.pair_hash or "") == 64
    assert f"/{there.session.manager_id}" in later.page
    assert sings(there.copy, *[glue.join(code.split()) for glue in (" ", "-", ",", "\0")]) == []
    assert sings(there.copy, PROMISE) == []


def test_nobody_needs_the_code(there: Trained) -> None:
    later = follow_up(there).start()
    assert later.at == "TI01"
    finish(later)
    assert [response.pair_hash for response in stored(there)] == [None]
    assert later.open("what-you-said").at != "what-you-said"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("apple", "Please type all five words."),
        ("xyzzy xyzzy xyzzy xyzzy xyzzy", "This is not one of our words: xyzzy."),
        ("abacus abdomen ability ablaze able", "We do not know this code."),
        ("\0", ""),
    ],
)
def test_a_wrong_code_is_told_and_the_start_stays(there: Trained, typed: str, told: str) -> None:
    later = follow_up(there)
    answer = later.client.post(f"/en/{later.survey}", data={"code": typed})

    assert answer.status_code == (422 if told else 303)
    assert told in said(answer.text)


def test_the_receipt_is_not_the_code(there: Trained) -> None:
    receipt, _ = codes(finish(day(there).start()))
    later = follow_up(there)

    assert later.client.post(f"/en/{later.survey}", data={"code": receipt}).status_code == 422


def test_too_many_wrong_codes_wait_an_hour(there: Trained) -> None:
    later = follow_up(there)
    later.client.environ_base["REMOTE_ADDR"] = "127.9.8.7"
    wrong = {"code": "abacus abdomen ability ablaze able"}
    told = [later.client.post(f"/en/{later.survey}", data=wrong).text for _ in range(21)]

    assert "We do not know this code" in told[19]
    assert "too many tries" in told[20]


def test_who_wants_no_follow_up_gets_no_code(there: Trained) -> None:
    person = finish(day(there).start(), TF23=PROMISE, TF40="no")

    assert len(codes(person)) == 1
    (response,) = stored(there)
    assert response.pair_hash is None
    with there.copy.session() as session:
        assert session.scalar(select(func.count()).select_from(Commitment)) == 0


def test_the_short_version_still_pairs(there: Trained) -> None:
    passed = _way(_short(day(there)))
    assert [one for one in passed if one.startswith("TF2")] == [*(f"TF20.{one}" for one in ROWS), "TF22", "TF23"]
    assert "TF40" in passed
    assert "TF30" not in passed
    assert len(codes(finish(_short(day(there)), TF40="no"))) == 1

    asked = finish(_short(day(there)), TF23=PROMISE)
    later = follow_up(there)
    words = tuple(codes(asked)[1].split())
    later._land(later.client.post(later.here, data={"code": " ".join(words), "questions": "main"}))
    assert PROMISE in later.page
    passed = _way(later.open("TI01"))
    assert [one for one in passed if one.startswith("TI20.")] == [f"TI20.{one}" for one in ROWS]
    assert "TI30" not in passed
    later.send()
    assert [held.pair_hash for held in stored(there)].count(pairing.hash_of(there.copy.keys.server, words)) == 2


def _short(person: Respondent) -> Respondent:
    person._land(person.client.post(person.here, data={"questions": "main"}))
    return person


def test_looking_at_the_pages_around_training_writes_nothing(there: Trained) -> None:
    person = finish(day(there).start(), TF23=PROMISE)
    person.client.post(f"/en/{person.survey}/letters", data={"email": EMAIL})
    with there.copy.session() as session:
        stop = session.scalars(select(FollowUpContact.id)).one()
    with watched(there.copy.apps[-1]) as seen:
        for address in (f"{person.survey}/thank-you", f"{person.survey}/letters", f"no-more-letters/{stop}"):
            assert person.client.get(f"/en/{address}").status_code == 200
    assert seen == []

    later = follow_up(there)
    later._land(later.client.post(later.here, data={"code": codes(person)[1]}))
    with watched(there.copy.apps[-1]) as seen:
        assert PROMISE in later.client.get(f"/en/{later.survey}/what-you-said").text
    assert seen == []


def test_the_certificate_holds_the_name_and_nothing_else_does(
    there: Trained, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    person = finish(day(there).start())
    address = f"/en/{person.survey}/certificate"
    made = person.client.post(address, data={"token": person.token, "name": f"  {NAME}\n"})

    assert made.status_code == 200, made.text
    assert made.headers["Content-Type"] == "application/pdf"
    assert made.headers["Cache-Control"] == "no-store"
    pdf = PdfReader(io.BytesIO(made.data))
    assert len(pdf.pages) == 1
    text = " ".join(pdf.pages[0].extract_text().split())
    for words in ("Certificate of attendance", NAME, "Safer Sleep", "25 November 2026"):
        assert words in text
    assert sings(there.copy, NAME, "Canary-Name") == []
    out, err = capfd.readouterr()
    said_anywhere = caplog.text.replace(text, "") + out + err
    assert "/certificate" not in said_anywhere or "Canary" not in said_anywhere


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "\u0007"])
def test_a_certificate_needs_a_name(there: Trained, name: str) -> None:
    person = finish(day(there).start())
    answer = person.client.post(f"/en/{person.survey}/certificate", data={"token": person.token, "name": name})

    assert answer.status_code == 422
    assert "Write your name, in 80 letters or fewer." in said(answer.text)
    assert len(codes(person)) == 2


def test_a_certificate_is_for_who_answered(there: Trained) -> None:
    person = finish(day(there).start())
    address = f"/en/{person.survey}/certificate"
    stranger = there.copy.apps[-1].test_client()

    assert stranger.post(address, data={"token": person.token, "name": NAME}).status_code == 400
    assert person.client.post(address, data={"token": "wrong", "name": NAME}).status_code == 400
    assert person.client.post("/en/training-day/certificate", data={"name": NAME}).status_code == 404


def test_an_address_is_kept_apart_and_can_be_taken_back(there: Trained) -> None:
    person = finish(day(there).start())
    page = said(person.open("letters").page)
    for words in ("20 January 2027", "27 January 2027", "10 February 2027", "deleted on 12 March 2027"):
        assert words in page

    assert person.client.post(person.here, data={"email": "nobody"}).status_code == 422
    for typed in (EMAIL, f" {EMAIL.upper()} "):
        answer = person.client.post(person.here, data={"email": typed})
        assert answer.status_code == 200
        assert "We will write to you when it is time." in answer.text
    with there.copy.session() as session:
        (contact,) = session.scalars(select(FollowUpContact))
    assert sings(there.copy, EMAIL, EMAIL.upper(), "canary.person") == []

    stop = f"/en/no-more-letters/{contact.id}"
    assert "Delete my address" in person.open(stop).page
    assert "do not have your address" in person.client.post(stop).text
    assert "do not have your address" in person.open(stop).page
    with there.copy.session() as session:
        assert session.scalars(select(FollowUpContact)).all() == []


def test_another_site_signs_nobody_up(there: Trained) -> None:
    client = day(there).client
    answer = client.post(
        f"/en/{there.session.day_id}/letters", data={"email": EMAIL}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 400


def test_there_are_no_letters_about_what_is_no_session(there: Trained) -> None:
    client = there.copy.app().test_client()

    assert client.get("/en/training-day/letters").status_code == 404
    assert client.get(f"/en/{there.session.follow_up_id}/letters").status_code == 404
    later = there.on(NOON + timedelta(days=77)).copy.app().test_client()
    assert later.get(f"/en/{there.session.day_id}/letters").status_code == 404


def test_the_address_and_the_answers_can_in_no_way_be_joined(there: Trained) -> None:
    person = finish(day(there).start(), TF23=PROMISE)
    person.client.post(f"/en/{person.survey}/letters", data={"email": EMAIL})
    with there.copy.session() as session:
        (contact,) = session.scalars(select(FollowUpContact))
        (response,) = session.scalars(select(Response))
        (promise,) = session.scalars(select(Commitment))
    cookie = person.client.get_cookie("visit")
    assert cookie

    def values(row: Base) -> set[str]:
        """What a row holds that could be looked for in another: not days, which everyone of a session shares."""
        held = [getattr(row, column.name) for column in type(row).__table__.columns]
        return {value for value in held if isinstance(value, str) and len(value) > 10}

    assert values(contact).isdisjoint(values(response) | values(promise) | {cookie.value})
    assert not set(FollowUpContact.__table__.columns.keys()) & (set(Response.__table__.columns.keys()) - {"id"})
    led_to = {key.column.table.name for key in FollowUpContact.__table__.foreign_keys}
    assert led_to == {"course_session"}
    asked_of = [column.name for column in FollowUpContact.__table__.columns]
    assert asked_of == ["id", "session_id", "locked", "due", "next_on", "delete_on"]
    # Neither is made from what the other is made from: the same address without any answer makes the same row.
    alone = there.copy.apps[-1].test_client()
    alone.post(f"/en/{person.survey}/letters", data={"email": EMAIL})
    with there.copy.session() as session:
        assert [one.id for one in session.scalars(select(FollowUpContact))] == [contact.id]


def test_a_course_with_objectives_of_its_own_asks_about_them(copy: Callable[..., Copy]) -> None:
    there = trained(copy, ("explain safer sleep clearly", "ask about every place a baby sleeps"))
    person = day(there).start()
    rows = [one for one in _way(person) if one.startswith("TF20.")]

    assert len(rows) == 2
    assert "TF21" not in _way(day(there).start())
    later = follow_up(there).start()
    assert [one.replace("TI20", "TF20") for one in _way(later) if one.startswith("TI20.")] == rows
    assert "ask about every place a baby sleeps" in later.open(rows[1].replace("TF20", "TI20")).page


@pytest.mark.parametrize(("title", "asked"), [("Safer Sleep", False), ("Cumulative Harm and Child Neglect", True)])
def test_the_tool_of_one_course_is_asked_about_after_that_course_alone(
    copy: Callable[..., Copy], title: str, asked: bool
) -> None:
    there = trained(copy, title=title)
    way = _way(day(there).start())
    later = follow_up(there).start()
    _way(later)

    assert ("TF21" in way, "TF20.tool" in way) == (asked, asked)
    assert "TF20.spot" in way
    assert ("Used the tool or pathway" in later.open("TI11").page) == asked
    assert later.open("TI20.tool").status == (200 if asked else 404)


def _way(person: Respondent) -> list[str]:
    passed: list[str] = []
    while person.at != "check":
        assert person.at not in passed, passed
        passed.append(person.at)
        person.press()
    return passed
