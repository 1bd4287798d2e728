"""Classes on shared tablets, and what outreach tablets send sealed: services, on both kinds of database."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback_app.core.errors import Refused
from feedback_app.core.ids import new_id
from feedback_app.core.sealing import open_sealed, seal
from feedback_app.definitions.area import load_area
from feedback_app.services import audit, bundles, class_sessions
from feedback_app.services.bundles import Different, Sealed, Taken
from feedback_app.services.class_sessions import Asked, Opened
from feedback_app.services.collecting import place
from feedback_app.services.editions import Editions
from feedback_app.storage.models import AnswerText, AuditEvent, ClassSession, Collection, Response, SealedBundle
from tests.factories import NOON, Copy
from tests.integration.answering import counts
from tests.releasing import screens
from tests.tablets import TabletBrowser, held, open_class

TODAY = NOON.date()
WORDS = "More time for questions, please 🙂"
GOOD = {**{f"Q{number}": [["answer", "4"]] for number in range(1, 10)}, "Q10": [["answer", WORDS]]}
Both = Callable[..., Copy]


def sealed(copy: Copy, survey: str, screens: Any, *, ident: str = "", **more: Any) -> Sealed:
    """Answers sealed as a tablet seals them."""
    keys, ident = copy.keys, ident or new_id()
    content = json.dumps({"seed": "0a1b2c3d", "skipped": [], "screens": screens} | more)
    with copy.session() as session:
        collection = session.get_one(Collection, survey)
    closed = seal(keys.public, content, bundles.place(ident, keys.key_id))
    return Sealed(ident, collection.version_hash, "en", keys.key_id, closed)


def receive(copy: Copy, opened: Opened, bundle: Sealed, today: date = TODAY) -> None:
    with copy.engine.begin() as connection:
        bundles.receive(connection, held(copy, opened), bundle, today)


def take_in(copy: Copy) -> Taken:
    editions = Editions(load_area(copy.settings.surveys, copy.settings.area))
    with copy.session() as session, session.begin():
        return bundles.take_in(session, copy.keys, screens(), editions, by="a test", now=NOON)


def troubles(copy: Copy) -> list[str]:
    with copy.session() as session:
        return list(session.scalars(select(SealedBundle.trouble).where(SealedBundle.sealed.is_not(None))))


def test_a_code_and_a_pin_open_and_neither_is_stored(on_both: Both) -> None:
    copy = on_both("ten_questions")
    opened = open_class(copy, "ten-questions")

    keys = copy.keys.server
    with copy.session() as session:
        found = class_sessions.with_code(session, keys, opened.code.lower(), TODAY)
        assert found is not None
        assert (found.id, found.collection, found.idle) == (opened.id, "ten-questions", 3)
        assert class_sessions.with_code(session, keys, opened.code, TODAY + timedelta(days=1)) is None
        assert class_sessions.is_pin(session, keys, opened.id, f" {opened.pin[:3]} {opened.pin[3:]}")
        assert not class_sessions.is_pin(session, keys, opened.id, opened.pin[:-1])
        assert not class_sessions.is_pin(session, keys, "nothing", opened.pin)
        row = session.get_one(ClassSession, opened.id)
        kept = " ".join(str(getattr(row, column.name)) for column in ClassSession.__table__.columns)
        events = [(one.action, one.subject, str(one.detail)) for one in session.scalars(select(AuditEvent))][-1:]
    assert len(opened.code) == 7
    assert len(opened.pin) == 6
    for secret in (opened.code, opened.code.replace(" ", ""), opened.pin):
        assert secret not in f"{kept} {events}".replace(opened.id, "")
    assert events[0][:2] == ("class_session.open", opened.id)


def test_a_class_is_closed_once_and_by_name(on_both: Both) -> None:
    copy = on_both("ten_questions")
    opened = open_class(copy, "ten-questions", days=5)

    with copy.session() as session, session.begin():
        class_sessions.close(session, opened.id, by="Ann", now=NOON, today=TODAY)
    with copy.session() as session:
        assert class_sessions.with_code(session, copy.keys.server, opened.code, TODAY) is None
        with pytest.raises(Refused):
            class_sessions.close(session, opened.id, by="Ann", now=NOON, today=TODAY)
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert last
        assert (last.actor, last.action, last.subject) == ("Ann", "class_session.close", opened.id)
        assert audit.verify(session) == last.number


GIVEN = Asked("ten-questions", "Year 5", TODAY, TODAY, 3, outreach=False)


@pytest.mark.parametrize(
    "asked",
    [
        replace(GIVEN, collection="nothing"),
        replace(GIVEN, label=" "),
        replace(GIVEN, label="x" * 121),
        replace(GIVEN, closes_on=TODAY - timedelta(days=1)),
        replace(GIVEN, closes_on=TODAY + timedelta(days=93)),
        replace(GIVEN, idle=0),
        replace(GIVEN, idle=16),
    ],
)
def test_a_class_that_makes_no_sense_is_not_opened(copy: Both, asked: Asked) -> None:
    made = copy("ten_questions")
    with made.session() as session, pytest.raises(Refused):
        class_sessions.open_one(session, made.keys.server, asked, by="a test", now=NOON)


def test_a_whole_class_of_thirty_in_one_session(on_both: Both) -> None:
    copy = on_both("ten_questions")
    opened, app = open_class(copy, "ten-questions"), copy.app()

    def child(number: int) -> str:
        person = TabletBrowser(app, "ten-questions", opened).join().next_person().start()
        while person.at != "check":
            person.press(answer=f"child {number}" if person.at == "Q10" else "4")
        return person.send().receipt

    with ThreadPoolExecutor(10) as together:
        receipts = list(together.map(child, range(30)))

    assert len(set(receipts)) == 30
    assert all(receipts)
    assert counts(copy) == {"draft": 0, "response": 30, "answer_text": 30, "started": 30}
    found = held(copy, opened)
    assert (found.started, found.finished) == (30, 30)


def test_what_a_tablet_sealed_becomes_one_response(on_both: Both) -> None:
    copy = on_both("ten_questions")
    opened = open_class(copy, "ten-questions", outreach=True)
    bundle = sealed(copy, "ten-questions", GOOD)
    for _ in range(2):
        receive(copy, opened, bundle)
    assert counts(copy)["response"] == 0

    assert take_in(copy) == Taken(stored=1)
    receive(copy, opened, bundle)
    assert take_in(copy) == Taken()

    with copy.session() as session:
        response = session.scalars(select(Response)).one()
        text = session.scalars(select(AnswerText)).one()
        kept = session.get_one(SealedBundle, bundle.id)
    assert (response.way, response.received_on, response.answers["Q1"], response.order_seed) == (
        "outreach",
        TODAY,
        "4",
        "0a1b2c3d",
    )
    assert open_sealed(copy.keys.private[text.key_id], text.sealed, place(response.id, "Q10", text.key_id)) == WORDS
    assert (kept.sealed, kept.trouble) == (None, "")
    found = held(copy, opened)
    assert (found.started, found.finished) == (1, 1)
    assert counts(copy)["started"] == 1


def test_a_no_is_counted_and_nothing_of_it_is_stored(on_both: Both) -> None:
    copy = on_both("consent")
    opened = open_class(copy, "consent", outreach=True)
    with copy.session() as session:
        survey = Editions(load_area(copy.settings.surveys, "example")).get(
            session, session.get_one(Collection, "consent").version_hash
        )
    consent = survey.plan("en").survey.consent
    receive(copy, opened, sealed(copy, "consent", {consent: [["answer", "no"]]}))

    assert take_in(copy) == Taken(said_no=1)

    assert counts(copy) == {"draft": 0, "response": 0, "answer_text": 0, "started": 1, "declined": 1}
    found = held(copy, opened)
    assert (found.started, found.finished) == (1, 0)


def test_the_same_id_with_other_content_is_refused_and_the_first_stays(on_both: Both) -> None:
    copy = on_both("ten_questions")
    opened = open_class(copy, "ten-questions", outreach=True)
    first = sealed(copy, "ten-questions", GOOD)
    receive(copy, opened, first)

    for other in (sealed(copy, "ten-questions", {}, ident=first.id), replace(first, language="pl")):
        with pytest.raises(Different):
            receive(copy, opened, other)

    assert take_in(copy) == Taken(stored=1)
    with pytest.raises(Different):
        receive(copy, opened, sealed(copy, "ten-questions", {}, ident=first.id))


BAD: dict[str, tuple[Any, dict[str, Any]]] = {
    "no such question": ({"Q99": [["answer", "4"]]}, {}),
    "no such choice": ({"Q1": [["answer", "99"]]}, {}),
    "two answers where one goes": ({"Q1": [["answer", "4"], ["answer", "5"]]}, {}),
    "no such field": ({"Q1": [["other", "4"]]}, {}),
    "too long": ({"Q10": [["answer", "x" * 1001]]}, {}),
    "no fields": ({"Q1": 7}, {}),
    "a number for words": ({"Q1": [["answer", 4]]}, {}),
    "half a letter": ({"Q10": [["answer", "\ud83d"]]}, {}),
    "no seed": ({}, {"seed": "<script>"}),
    "no list of parts": ({}, {"skipped": [1]}),
    "no screens": ([], {}),
}


@pytest.mark.parametrize("why", list(BAD))
def test_what_the_survey_would_not_take_is_not_taken_here(copy: Both, why: str) -> None:
    made = copy("ten_questions")
    opened = open_class(made, "ten-questions", outreach=True)
    screens, more = BAD[why]
    receive(made, opened, sealed(made, "ten-questions", screens, **more))

    assert take_in(made) == Taken(troubled=1)

    assert counts(made) == {"draft": 0, "response": 0, "answer_text": 0}
    (said,) = troubles(made)
    assert said
    assert "xxx" not in said
    with made.session() as session:
        assert bundles.waiting(session) == {opened.id: (1, 1)}


def test_a_question_that_must_be_answered_bars_the_way_here_too(copy: Both) -> None:
    made = copy("consent")
    opened = open_class(made, "consent", outreach=True)
    receive(made, opened, sealed(made, "consent", {}))

    assert take_in(made) == Taken(troubled=1)
    assert counts(made)["response"] == 0


def test_one_bad_bundle_does_not_stop_the_others(on_both: Both) -> None:
    copy = on_both("ten_questions")
    opened = open_class(copy, "ten-questions", outreach=True)
    good, bad = sealed(copy, "ten-questions", GOOD), sealed(copy, "ten-questions", BAD["no such choice"][0])
    moved = replace(sealed(copy, "ten-questions", GOOD), id=new_id())  # sealed for another place
    other_key = replace(sealed(copy, "ten-questions", GOOD), key_id="009-00000000")
    for bundle in (bad, moved, other_key, good):
        receive(copy, opened, bundle)

    assert take_in(copy) == Taken(stored=1, troubled=3)
    assert take_in(copy) == Taken(troubled=3)
    assert counts(copy)["response"] == 1


def test_only_what_a_tablet_of_this_class_can_send_is_kept(on_both: Both) -> None:
    copy = on_both("ten_questions", "consent")
    online, outreach = open_class(copy, "ten-questions"), open_class(copy, "ten-questions", outreach=True)
    good = sealed(copy, "ten-questions", GOOD)
    cases = [
        (online, good),
        (outreach, replace(good, id="../etc/passwd")),
        (outreach, replace(good, key_id="'; DROP")),
        (outreach, replace(good, sealed=b"")),
        (outreach, replace(good, sealed=b"x" * (bundles.LARGEST + 1))),
        (outreach, replace(good, version_hash="0" * 64)),
        (outreach, sealed(copy, "consent", {})),
    ]
    for opened, bundle in cases:
        with pytest.raises(Refused):
            receive(copy, opened, bundle)

    with copy.session() as session:
        assert bundles.waiting(session) == {}
