"""Fill a copy with years of work: ten thousand collections, half a million responses, and what stands around them.

All of it is invented, by a fixed seed. What the staff pages open is sealed for real; other words are bytes of its size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from feedback_app.core.keys import KeyRing
from feedback_app.core.roles import ROLES
from feedback_app.i18n.locales import SOURCE
from feedback_app.journey.plan import Plan
from feedback_app.questions.registry import type_of
from feedback_app.services import accounts, audit, mail, notes
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.collecting import sealed_row
from feedback_app.services.courses import STRANDS
from feedback_app.storage.models import (
    Action,
    AnswerText,
    AreaSetting,
    Base,
    ClassSession,
    Collection,
    CollectionCount,
    CollectionEvent,
    CollectionNumber,
    Course,
    CourseSession,
    Decision,
    FollowUpContact,
    Letter,
    Note,
    PaperForm,
    Reading,
    RegisterEntry,
    Response,
    SealedBundle,
    Staff,
    Suggestion,
    Triage,
    TriageRota,
    table_of,
)
from feedback_app.web.support.wiring import Wiring
from tests.benchmarks.filling_queue import queue, rota

COLLECTIONS, RESPONSES, TEXT_IN = 10_000, 500_000, 5  # one response in five has a comment
LARGEST, SEALED = 20_000, 500  # responses of the largest collection, and how many of its comments can be opened
PLACES, COURSES, SESSIONS, CLASSES, ACTIONS, NOTES, FORMS = 800, 40, 1_500, 1_000, 400, 2_000, 300
EVENTS, LETTERS, PEOPLE, SETTINGS, BUNDLES = 5_000, 3_000, 60, 400, 200
YEARS = 4
SURVEY, ORDINARY = "young-person", "young-person-oak"
WORDS = "They should listen to us more, and tell us what came of it."
NAME, PASSWORD = "Ann Example", "correct-horse-battery-staple"
AT_ONCE = 10_000
Row = dict[str, Any]


@dataclass
class Filling:
    """One filling of one copy."""

    session: Session
    wired: Wiring
    now: datetime
    random: Random

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def keys(self) -> KeyRing:
        return self.wired.keys

    def put(self, model: type[Base], rows: Iterator[Row] | list[Row]) -> None:
        """Put rows into a table, many at once."""
        waiting = iter(rows)
        while some := list(islice(waiting, AT_ONCE)):
            self.session.execute(insert(table_of(model)), some)

    def day(self) -> date:
        """Some day of these years."""
        return self.today - timedelta(days=self.random.randrange(365 * YEARS))


def fill(session: Session, wired: Wiring) -> None:
    """Fill a copy that `feedback init` has made. Somebody in it has every role."""
    filling = Filling(session, wired, wired.clock.now(), Random(11))
    accounts.add(session, NAME, PASSWORD, set(ROLES), by="the benchmark", now=filling.now)
    held = {one.id: one.version_hash for one in session.scalars(select(Collection)) if one.source == "survey"}
    _people(filling)
    _collections(filling, held)
    _training(filling, held)
    _responses(filling)
    _classes(filling)
    _work(filling)
    session.commit()
    engine = session.connection().engine
    session.rollback()
    link = engine.raw_connection()  # VACUUM runs outside every transaction
    if engine.dialect.name == "postgresql":
        link.driver_connection.execute("VACUUM ANALYZE")
    else:
        link.driver_connection.execute("ANALYZE")
    link.close()


def _people(filling: Filling) -> None:
    one = {"password_hash": "!", "session_mark": "", "created_on": filling.today, "totp_step": 0}
    filling.put(Staff, [one | {"name": f"Member {n}", "email": f"member-{n}@area.example"} for n in range(PEOPLE)])
    entry = {"contact": "office@school.example", "ward": "", "from_on": None, "to_on": None} | {
        "changed_by": NAME,
        "revision": 1,
    }
    kinds = ("place",) * 8 + ("service", "group")
    filling.put(
        RegisterEntry,
        [entry | {"kind": kinds[n % 10], "code": f"made-{n}", "name": f"{_word(n)} School {n}"} for n in range(PLACES)],
    )


def _collections(filling: Filling, held: dict[str, str]) -> None:
    """All but those of training; most were over long ago."""
    places = list(filling.session.scalars(select(RegisterEntry.id).where(RegisterEntry.code.startswith("made-"))))
    surveys = [name for name in held if not name.startswith(("training", "manager"))]
    rows, numbers, events = [], [], []
    for n in range(COLLECTIONS - 3 * SESSIONS - len(held)):
        survey, opens = filling.random.choice(surveys), filling.day()
        survey = SURVEY if n == 0 else survey
        ident, closes = ORDINARY if n == 0 else f"{survey}-{n}", opens + timedelta(days=filling.random.randrange(7, 60))
        rows.append(
            _collection(ident, held[survey], f"{survey} at {_word(n)} {n}", opens, closes)
            | {"setting_id": filling.random.choice(places), "archived_on": closes if n % 4 == 0 else None}
        )
        numbers += [
            {"collection_id": ident, "kind": kind, "number": 90, "source": "the school", "counted_on": opens}
            for kind in ("eligible", "invited")
        ]
        events.append(
            {"collection_id": ident, "what": "opened", "about": "", "why": "", "done_by": NAME} | {"done_on": opens}
        )
    filling.put(Collection, rows)
    filling.put(CollectionNumber, numbers)
    filling.put(CollectionEvent, events)
    filling.put(CollectionCount, [{"collection_id": row["id"], "kind": "started", "number": 70} for row in rows])


def _training(filling: Filling, held: dict[str, str]) -> None:
    courses = [
        {"id": f"course-{n}", "title": f"{_word(n)} course {n}", "objectives": {"lines": ["One", "Two"]}}
        | {"priority": STRANDS[n % 3], "prompted": "", "finding": "", "changed_by": NAME}
        | {"changed_on": filling.today, "revision": 1}
        for n in range(COURSES)
    ]
    forms = {"day_id": "training-day", "follow_up_id": "training-follow-up", "manager_id": "manager-confirmation"}
    sessions, opened = [], []
    for n in range(SESSIONS):
        day = filling.day()
        ids = {form: f"{survey}-{n}" for form, survey in forms.items()}
        opened += [
            _collection(ids[form], held[survey], f"{survey}: course {n % COURSES}", day, day + timedelta(days=60))
            | {"event": f"Course {n % COURSES}"}
            for form, survey in forms.items()
        ]
        sessions.append(
            {"id": f"{n:032x}", "course_id": f"course-{n % COURSES}", "mode": "room", "held_on": day, "capacity": 90}
            | {"booked": 90, "attended": 80, "no_shows": 10, "agencies": {"Police": 30, "Health": 50}}
            | {"counted_from": "typed", "counted_on": day, "changed_by": NAME, "changed_on": day, "revision": 1, **ids}
        )
    filling.put(Course, courses)
    filling.put(Collection, opened)
    filling.put(CourseSession, sessions)
    filling.put(
        FollowUpContact,
        [
            {"id": f"{n:032x}", "session_id": f"{n % SESSIONS:032x}", "locked": b"x" * 80, "due": {"days": []}}
            | {"next_on": None, "delete_on": filling.today + timedelta(days=30)}
            for n in range(10_000)
        ],
    )


def _responses(filling: Filling) -> None:
    """The answers, their comments, what software made of them, and what people decided."""
    random, session = filling.random, filling.session
    held = session.execute(
        select(Collection.id, Collection.version_hash, Collection.opens_on).where(Collection.source == "survey")
    ).all()
    plans = {version: filling.wired.editions.get(session, version).plan(SOURCE) for _, version, _ in held}
    given = {version: [_answers(plan, random) for _ in range(60)] for version, plan in plans.items()}
    field = {version: _open_question(plan) for version, plan in plans.items()}
    largest = next(one for one in held if one[0] == SURVEY)
    whose = [largest] * LARGEST + random.choices(held, k=RESPONSES - LARGEST)
    random.shuffle(whose)
    ids = [f"{number:032x}" for number in sorted(random.getrandbits(128) for _ in range(RESPONSES))]
    language = ("en",) * 8 + ("ur", "pl")
    spoken = [random.choice(language) for _ in ids]
    filling.put(
        Response,
        (
            {"id": ident, "collection_id": one[0], "version_hash": one[1], "language": code}
            | {"received_on": min(filling.today, one[2] + timedelta(days=3)), "languages": {}, "order_seed": ""}
            | {"answers": given[one[1]][number % 60]}
            | {"pair_hash": f"{number // 2:064x}" if one[0].startswith("training") else None}
            for number, (ident, one, code) in enumerate(zip(ids, whose, spoken, strict=True))
        ),
    )
    written = [
        (ident, one, code)
        for number, (ident, one, code) in enumerate(zip(ids, whose, spoken, strict=True))
        if number % TEXT_IN == 0 and field[one[1]]
    ]
    _comments(filling, written, field, largest[0])
    filling.put(Triage, queue(written, field, SURVEY, random=filling.random, now=filling.now))
    filling.put(TriageRota, [rota(filling.now)])


def _comments(filling: Filling, written: list[Any], field: dict[str, str], largest: str) -> None:
    random, open_ones = filling.random, [ident for ident, one, _ in written if one[0] == largest][:SEALED]
    sealed = set(open_ones)
    like = sealed_row(filling.keys, "0" * 32, "YP91", WORDS, "en")
    filling.put(
        AnswerText,
        (
            sealed_row(filling.keys, ident, field[one[1]], WORDS, code)
            if ident in sealed
            else like | {"response_id": ident, "field": field[one[1]], "language": code}
            for ident, one, code in written
        ),
    )
    books = load_codebooks(filling.wired.settings.surveys)
    codes, some = {}, {}
    for version in field:
        book = books[filling.wired.editions.get(filling.session, version).plan(SOURCE).survey.codebook]
        codes[version] = [code.code for code in book.codes]
        some[version] = {"codebook": book.id, "codebook_version": book.version}
    # What may open is not decided yet, and of the others six in ten are.
    decided = {ident for ident, _, _ in written if ident not in sealed and random.random() < 0.6}
    filling.put(
        Reading,
        (
            {"response_id": ident, "field": field[one[1]], "language": code, "sentiment": "unsure", "unsure_why": ""}
            | some[one[1]]
            | {"read_on": filling.today, "decided": ident in decided}
            for ident, one, code in written
        ),
    )
    filling.put(
        Suggestion,
        (
            {"response_id": ident, "field": field[one[1]], "code": code, "direction": "-", "method": "phrases"}
            | {"score": 0.5, "because": "listen"}
            for ident, one, _ in written
            for code in random.sample(codes[one[1]], 2) + (["X-SAFE"] if random.random() < 0.02 else [])
        ),
    )
    filling.put(
        Decision,
        (
            {"response_id": ident, "field": field[one[1]], "code": code, "direction": "-", "verdict": "accepted"}
            | {"decided_by": NAME, "decided_at": filling.now}
            | some[one[1]]
            for ident, one, _ in written
            if ident in decided
            for code in random.sample(codes[one[1]], 2)
        ),
    )


def _classes(filling: Filling) -> None:
    filling.put(
        ClassSession,
        [
            {
                "id": f"{n:032x}",
                "collection_id": SURVEY,
                "label": f"Year {n % 13}, {_word(n)}",
                "code_hash": f"{n:064x}",
            }
            | {"pin_hash": "", "idle_minutes": 3, "outreach": True, "made_by": NAME, "started": 20, "finished": 18}
            | {"opens_on": filling.today - timedelta(days=n), "closes_on": filling.today - timedelta(days=n - 1)}
            for n in range(CLASSES)
        ],
    )
    version = filling.session.get_one(Collection, SURVEY).version_hash
    filling.put(
        SealedBundle,
        [
            {"id": f"{n:032x}", "class_session_id": f"{n:032x}", "version_hash": version, "language": "en"}
            | {"key_id": "x", "sealed": b"x" * 2_000, "content_hash": "x", "received_on": filling.today, "trouble": "x"}
            for n in range(BUNDLES)
        ],
    )
    some = filling.session.scalars(select(Response.id).where(Response.collection_id == SURVEY).limit(FORMS)).all()
    filling.put(
        PaperForm,
        [
            {"collection_id": SURVEY, "number": f"F{n}", "response_id": ident, "unclear": {}, "first_by": "Bo"}
            | {"first_on": filling.today, "differences": {}}
            for n, ident in enumerate(some)
        ],
    )


def _work(filling: Filling) -> None:
    """Notes, actions, letters, settings with their history, and the audit log."""
    session, wired, now = filling.session, filling.wired, filling.now
    filling.put(
        Action,
        [
            {"said": {"en": WORDS}, "did": {"en": WORDS}, "why_not": {}, "state": "done", "written_by": NAME}
            | {"changed_on": filling.day(), "revision": 1, "collection_id": SURVEY, "published_on": filling.today}
            for _ in range(ACTIONS)
        ],
    )
    filling.put(
        AreaSetting,
        [
            {"name": "contact", "before": f"Telephone {n}", "after": f"Telephone {n + 1}", "changed_by": NAME}
            | {"changed_at": now}
            for n in range(SETTINGS)
        ],
    )
    question = next(one for one in notes.questions(session, wired.editions) if one.survey == SURVEY)
    draft = notes.Draft("group", filling.today, "Bo", "", SOURCE, question.key, WORDS)
    given = (session, wired.keys, wired.screens, wired.editions, draft)
    first = notes.write(*given, by=NAME, now=now, today=filling.today)
    home = session.get_one(Response, first)
    ids = [f"{filling.random.getrandbits(128):032x}" for _ in range(NOTES)]
    same = {"collection_id": home.collection_id, "version_hash": home.version_hash, "language": "en"}
    same |= {"answers": {}, "languages": {}, "order_seed": "", "way": "noted"}
    filling.put(Response, [same | {"id": ident, "received_on": filling.day()} for ident in ids])
    filling.put(AnswerText, (sealed_row(wired.keys, ident, question.id, WORDS, "en") for ident in ids))
    facts = {"kind": "group", "heard_by": "Bo", "about": "Youth club", "written_by": NAME, "revision": 1}
    filling.put(Note, [facts | {"response_id": ident, "changed_on": filling.today} for ident in ids])
    for n in range(LETTERS):
        mail.write(
            session, wired.keys.server, f"made/{n}", "test", to="bo@area.example", subject="x", body=WORDS, now=now
        )
    session.flush()
    session.execute(update(Letter).values(tries=3, trouble="TimeoutError"))
    for _ in range(EVENTS):
        audit.record(session, NAME, "comments.read", SURVEY, now, number=5)


def _collection(ident: str, version: str, title: str, opens: date, closes: date) -> Row:
    some = {"source": "survey", "note": "", "languages": "", "left_out": "", "changed_by": NAME, "revision": 1}
    return {"id": ident, "version_hash": version, "title": title, "opens_on": opens, "closes_on": closes} | some


def _answers(plan: Plan, random: Random) -> Row:
    found: Row = {}
    for asked in plan.asked.values():
        if asked.choices and not type_of(asked).text and random.random() < 0.9:
            value = random.choice(asked.choices).value
            found[asked.id] = [value] if type_of(asked).several else value
    return found


def _open_question(plan: Plan) -> str:
    open_ones = (one.id for one in plan.asked.values() if type_of(one).text and one.question.analyse == "themes")
    return next(open_ones, "")


def _word(n: int) -> str:
    return ("Oak", "Ash", "Elm", "Birch", "Hazel", "Rowan", "Willow", "Maple")[n % 8]
