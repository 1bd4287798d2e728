"""What a survey is: frozen objects with the same names as the keys of the survey file (docs/writing-a-survey.md).

Shape only. What a schema cannot say is in `checks.py`; what a question type allows is in `questions/`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from feedback_app.definitions import rules

END = "END"
NAMED, WRITTEN_OUT = "<named>", "<written out>"  # the two forms of choices, where pydantic tells a place; never a key
AREA_LIST = "area:"  # a list of choices that the area's file holds, such as `area:home_languages`

Ident = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Value = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+-]*$")]
Words = Annotated[str, Field(min_length=1)]
Audience = Literal["child", "young-person", "parent", "practitioner", "manager"]
RuleField = Annotated[
    rules.Rule,
    BeforeValidator(rules.parse),
    WithJsonSchema({"type": "object", "minProperties": 1, "maxProperties": 1}),
]


class Part(BaseModel):
    """A part of a survey file: frozen, and with no key that we do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Choice(Part):
    """One answer that can be picked. `value` is stored and never changes its meaning; `label` is shown."""

    value: Value
    label: Words
    hint: str = ""
    symbol: str = Field("", description="A drawing in surveys/symbols.")
    alt: str = Field("", description="The drawing in words.")
    exclusive: bool = Field(False, description="Cannot be picked beside another answer.")
    missing: Literal["", "not-sure", "prefer-not-to-say", "not-applicable"] = Field(
        "", description="Stored as its own answer and left out of the base of a percentage."
    )
    other: bool = Field(False, description="Opens a box for the person's own words.")
    positive: bool = Field(False, description="Counts towards the headline share, such as 'always or mostly'.")


class Row(Part):
    """One row of a grid."""

    id: Ident
    label: Words
    frames: tuple[str, ...] = ()


class Column(Part):
    """One of the two columns of a pair grid: the same question of two times, such as before and now."""

    id: Ident
    label: Words


class Easy(Part):
    """The easy-read form of a question: easy words, and a picture with its description."""

    label: str = ""
    image: str = ""
    alt: str = ""


class Report(Part):
    """Where a question's results belong in the report."""

    section: Literal["voice", "training", "equality", "method"] = "voice"
    frames: tuple[str, ...] = Field((), description="Codes of the codebook's frames, such as ND-R or PRI-CE.")
    direction: Literal["", "+", "-", "~", ">", "0"] = Field("", description="What a free text here tends to say.")
    suppress: bool = Field(False, description="Never published, not even as a count.")


class Jump(Part):
    """Where a page leads, and when."""

    when: RuleField | None = None
    goto: Ident


Choices = Annotated[
    Annotated[str, Tag(NAMED)] | Annotated[tuple[Choice, ...], Tag(WRITTEN_OUT)],
    Discriminator(lambda value: NAMED if isinstance(value, str) else WRITTEN_OUT),
]


class Question(Part):
    """One question. `id` is unique in the survey's family and is never used again for another."""

    id: Ident
    type: str
    label: Words
    hint: str = ""
    required: bool = False
    choices: Choices = ()
    also: tuple[Choice, ...] = Field((), description="Choices that follow those of the list, such as 'another'.")
    rows: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = Field((), description="The two columns of a pair grid: before and now.")
    min: int | None = None
    max: int | None = None
    max_select: int | None = None
    picked_from: str = Field(
        "", description="An earlier question: of its choices, only those picked there are offered."
    )
    random_order: bool = False
    easy: Easy | None = None
    show_when: RuleField | None = None
    only_mode: Literal["", "anonymous", "confidential", "supported"] = Field(
        "", description="Left out of a survey of any other mode."
    )
    feedback: str = Field("", description="Shown after a knowledge question is answered.")
    store: bool = Field(True, description="'false' keeps the answer for piping only.")
    screen: bool = Field(True, description="A free text is screened for concern.")
    analyse: Literal["themes", "sentiment", "none"] = "none"
    report: Report | None = None
    trend: bool = Field(False, description="Locked: words and options may change only as a new id.")
    sensitive: bool = False


class Page(Part):
    """One part of a survey: its questions are shown one at a time."""

    id: Ident
    title: str = ""
    intro: str = ""
    questions: tuple[Question, ...] = Field(min_length=1)
    skippable: bool = False
    sensitive: bool = False
    show_when: RuleField | None = None
    next: tuple[Jump, ...] = ()


class Provenance(Part):
    """Who wrote, changed or chose what, and when."""

    by: Words
    did: Words
    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    questions: tuple[str, ...] = ()
    note: str = ""


class Pair(Part):
    """How a follow-up belongs to its first wave. Days are counted from the day of the session."""

    wave: Words
    opens_after: int | None = None
    window: int | None = None
    reminders: tuple[int, ...] = ()
    code: Literal["", "give", "ask"] = Field("", description="Whether a code that pairs the waves is given or asked.")
    unless: RuleField | None = Field(None, description="When no code is given.")
    promise: str = Field("", description="The question whose words the follow-up shows to the person who wrote them.")
    kept_days: int | None = Field(None, description="After how many days those words are deleted.")
    manager: str = Field("", description="The survey whose address the last page gives, to hand to a manager.")
    objectives: str = Field("", description="The grid whose rows are a course's own objectives, where it has any.")
    default_course: str = Field("", description="The title of the course that the file itself is written for.")
    only_default: tuple[str, ...] = Field((), description="Questions, rows and choices left out for any other course.")
    session: bool = Field(False, description="Of the form of one session, which the software makes from this one.")


class Survey(Part):
    """One survey in one language."""

    schema_version: Literal["1"] = Field(alias="schema")
    survey: Ident
    version: Annotated[int, Field(ge=1)]
    source_language: Literal["en"] = "en"
    languages: tuple[str, ...] = Field(min_length=1)
    title: Words
    audience: Audience
    mode: Literal["anonymous", "confidential", "supported"]
    minutes: str = Field("", description="How long it takes, such as '12 to 15'.")
    consent: str = Field("", description="The question whose 'no' ends the survey and stores nothing but a count.")
    notice: str = Field("", description="What happens to your words: the limits of what we can keep to ourselves.")
    codebook: str = ""
    provenance: tuple[Provenance, ...] = ()
    choices: dict[str, tuple[Choice, ...]] = {}
    pages: tuple[Page, ...] = Field(min_length=1)
    pair: Pair | None = None
    short: tuple[str, ...] = Field((), description="The questions of the short version.")

    def choices_of(self, question: Question) -> tuple[Choice, ...]:
        """The choices of a question, whether named or written in place."""
        if isinstance(question.choices, str):
            return (*self.choices.get(question.choices, ()), *question.also)
        return (*question.choices, *question.also)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by id, in order."""
        return {question.id: question for page in self.pages for question in page.questions}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a survey file, for editors. Every value in the file is read as text first."""
    return Survey.model_json_schema(by_alias=True) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
