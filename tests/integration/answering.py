"""Answer a survey through the services, as the pages do: each step in a session of its own, committed at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from feedback_app.core import tokens
from feedback_app.core.sealing import open_sealed
from feedback_app.definitions.area import load_area
from feedback_app.journey.plan import Plan
from feedback_app.questions.asked import Answer
from feedback_app.services import collecting, collections
from feedback_app.services.collecting import Visit
from feedback_app.services.collections import Held
from feedback_app.services.editions import Editions
from feedback_app.storage.models import AnswerText, Collection, CollectionCount, Draft, Response
from tests.factories import Copy
from tests.releasing import screens


@dataclass
class Answering:
    """One person in one survey of a copy."""

    copy: Copy
    survey: str
    language: str = "en"
    token: str = ""

    @cached_property
    def editions(self) -> Editions:
        return Editions(load_area(self.copy.settings.surveys, self.copy.settings.area))

    @property
    def now(self) -> datetime:
        return self.copy.clock.moment

    @property
    def respondent(self) -> tokens.Respondent:
        return tokens.Respondent(self.copy.keys.server, self.token, self.survey)

    @property
    def held(self) -> Held:
        with self.copy.session() as session:
            found = collections.find(session, self.survey)
            assert found
            return found

    def begin(self, now: datetime | None = None) -> Answering:
        with self.copy.session() as session, session.begin():
            visit = collecting.begin(session, self.copy.keys, self.held, now or self.now)
        self.token = visit.respondent.session
        return self

    def find(self, now: datetime | None = None, hours: int = 24) -> Visit | None:
        with self.copy.session() as session:
            return collecting.find(session, self.respondent, now or self.now, hours)

    @property
    def visit(self) -> Visit:
        found = self.find()
        assert found
        return found

    def plan(self, visit: Visit) -> Plan:
        with self.copy.session() as session:
            return self.editions.get(session, visit.version_hash).plan(self.language)

    def keep(self, language: str = "", part: str = "", **answers: Answer) -> Answering:
        """Keep answers; `Q1__other` stands for `Q1.other`."""
        named = {name.replace("__", "."): answer for name, answer in answers.items()}
        with self.copy.session() as session, session.begin():
            collecting.keep(session, self.visit, part, "", named, language or self.language)
        return self

    def skip(self, part: str) -> Answering:
        with self.copy.session() as session, session.begin():
            collecting.skip(session, self.visit, part)
        return self

    def send(self, visit: Visit | None = None) -> Answering:
        mine = visit or self.visit
        plan = self.plan(mine)
        with self.copy.session() as session, session.begin():
            collecting.send(session, self.copy.keys, screens(), mine, plan, self.language, self.copy.clock.today())
        return self

    @property
    def response(self) -> Response | None:
        with self.copy.session() as session:
            return session.get(Response, self.respondent.response_id)

    @property
    def texts(self) -> dict[str, str]:
        """The free texts of the response, opened with the private key."""
        keys = self.copy.keys
        with self.copy.session() as session:
            rows = session.scalars(
                select(AnswerText).where(AnswerText.response_id == self.respondent.response_id)
            ).all()
        return {
            row.field: open_sealed(
                keys.private[row.key_id], row.sealed, collecting.place(row.response_id, row.field, row.key_id)
            )
            for row in rows
        }


def counts(copy: Copy) -> dict[str, int]:
    """How many rows there are, and how many started and declined."""
    with copy.session() as session:
        found = {
            table.__tablename__: len(session.execute(select(table)).all()) for table in (Draft, Response, AnswerText)
        }
        rows = session.execute(select(CollectionCount.kind, CollectionCount.number)).all()
        return found | {row[0]: row[1] for row in rows}


def change_collection(copy: Copy, ident: str, **values: object) -> None:
    """Change a collection as staff will be able to."""
    with copy.session() as session, session.begin():
        collection = session.get(Collection, ident)
        for name, value in values.items():
            setattr(collection, name, value)
