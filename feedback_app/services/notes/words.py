"""What a note can be: its kinds, the questions it can answer, and the form of one that answers no question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback_app.definitions.area import Area
from feedback_app.definitions.load import Source
from feedback_app.definitions.survey import Survey
from feedback_app.i18n.locales import SOURCE
from feedback_app.questions.registry import type_of
from feedback_app.services.editions import Editions
from feedback_app.services.publishing import Checked
from feedback_app.storage.models import Collection, RegisterEntry, SurveyVersion

NOTED = "noted"  # where the answers of such a collection come from
KINDS = {
    "group": "Notes of a group",
    "case-study": "Case study",
    "audit": "Comment in an audit",
    "compliment": "Compliment",
    "complaint": "Complaint",
    "drawing": "Drawing, put into words",
}
#: Whose words a note is that answers no question of a survey.
FREE = {
    "child": "Children",
    "young-person": "Young people",
    "parent": "Parents and carers",
    "practitioner": "People who work with children",
}
FIELD = "NOTE"  # the question of a free note
LONGEST = 10_000  # letters
MOST_ABOUTS = 500
FORM_VERSION = 1  # another text below needs another number
FORM = """
schema: "1"
survey: note-{audience}
version: "{version}"
languages: [en]
title: "Notes by staff: {people}"
audience: {audience}
mode: supported
codebook: voice
pages:
  - id: note
    questions:
      - {{id: {field}, type: paragraph, label: "What was said", analyse: themes, report: {{section: voice}}}}
"""


@dataclass(frozen=True, slots=True)
class Question:
    """Something a note can answer: the open question of a survey, or none (a free note)."""

    survey: str
    survey_title: str
    id: str
    words: str
    version_hash: str  # empty for a free note that nobody has written yet

    @property
    def key(self) -> str:
        """What the form sends."""
        return f"{self.survey}.{self.id}"


def free_form(audience: str) -> Checked:
    """The form of a free note. Not a survey: nobody outside is asked it, so it is no file of surveys/."""
    written = FORM.format(audience=audience, people=FREE[audience].lower(), version=FORM_VERSION, field=FIELD)
    source = Source(f"note-{audience}", written)
    return Checked(source, Survey.model_validate(source.content))


def free_questions() -> Iterator[Question]:
    """The free notes: one for each of those whose words they can be."""
    for audience, people in FREE.items():
        yield Question(f"note-{audience}", "No question: a free note", FIELD, people, "")


def questions(session: Session, editions: Editions) -> list[Question]:
    """What a note can answer: nothing, or an open question of a survey that was asked here, in its newest version."""
    used = select(Collection.version_hash).where(Collection.source == "survey")
    held = select(SurveyVersion.hash, SurveyVersion.survey).where(SurveyVersion.hash.in_(used))
    newest = {row.survey: row.hash for row in session.execute(held.order_by(SurveyVersion.version, SurveyVersion.hash))}
    found = list(free_questions())
    for survey, version in sorted(newest.items()):
        plan = editions.get(session, version).plan(SOURCE)
        found += [
            Question(survey, plan.survey.title, asked.id, asked.words, version)
            for asked in plan.asked.values()
            if type_of(asked).text and asked.question.analyse == "themes"
        ]
    return found


def abouts(session: Session, area: Area, today: date) -> list[str]:
    """The groups and services that a note can be about: of the register or, while that is empty, of the area."""
    entry = RegisterEntry
    held = select(entry.name).where(entry.kind.in_(("group", "service")))
    current = held.where(or_(entry.to_on.is_(None), entry.to_on >= today)).order_by(entry.name).limit(MOST_ABOUTS)
    return list(session.scalars(current)) or sorted({one.name for one in (*area.groups, *area.services)})
