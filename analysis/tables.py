"""Turn counts made by the database into raw tables. Sees numbers of people, never people; decides nothing shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from analysis.counts import BASE, Column, Count, Place, Row, Run, Sum, Table, Trace

Missing = Literal["", "not-sure", "prefer-not-to-say", "not-applicable"]

ANSWER: Final = "answer"
HEADLINE: Final = "headline"
LEFT_OUT: Final = "left-out"
ASKED: Final = "asked"
"""The parts of an answer table: what counts, the positive share, what is left out of the base, all who were asked."""

PEOPLE: Final = "people"
LANGUAGES: Final = "languages"
COLLECTION: Final = "collection"
NOTES: Final = "notes"
TOTAL: Final = "total"

NOTED: Final = "noted"
"""The source of a collection of notes by staff: what was heard elsewhere. They are not people who answered."""

_PLACE_OF_BLANK: Final = "(blank)"
_PLACE_OF_ASKED: Final = "(asked)"
_PLACE_OF_HEADLINE: Final = "(headline)"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a person may pick. missing: why it says nothing of the question, if it does not; left out of the base.

    positive: counts towards the headline share (the "top two" of question_sets.md, 1.5).
    """

    value: str
    label: str
    missing: Missing = ""
    positive: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One closed question, or one row of a grid, as it was asked. `several`: people may pick more than one answer."""

    survey: str
    survey_title: str
    id: str
    text: str
    options: tuple[Option, ...]
    frames: tuple[str, ...]
    section: str
    several: bool = False
    course: str = ""

    @property
    def positive(self) -> tuple[Option, ...]:
        """The answers of the headline share. None where people may pick several: their shares do not add up."""
        return () if self.several else tuple(o for o in self.options if o.positive and not o.missing)


@dataclass(frozen=True, slots=True)
class Tally:
    """The raw counts of one item. asked: people who were shown it; blank: of those, how many left it blank.

    counts: people by option value; an option that nobody picked may be left out. collections: the ids of the
    collections counted. only: the filter, in words, if there was one. answered: for an item with several answers,
    how many people picked at least one that counts, where it is not simply all but the blank and the missing.
    Raises ValueError if an answer is not an option of the item, or the counts do not fit together.
    """

    item: Item
    asked: int
    blank: int
    counts: Mapping[str, int]
    collections: tuple[str, ...]
    only: str = ""
    answered: int | None = None

    def __post_init__(self) -> None:
        name = f"{self.item.survey}, {self.item.id}"
        if not self.collections:
            raise ValueError(f"{name}: a tally must say which collections it counts.")
        if stray := set(self.counts) - {option.value for option in self.item.options}:
            raise ValueError(f"{name}: {sorted(stray)} is not one of its answers.")
        if not self.item.several and self.blank + sum(self.counts.values()) != self.asked:
            raise ValueError(f"{name}: {self.asked} people were asked, but blank and answers make another number.")

    def of(self, option: Option) -> int:
        return self.counts.get(option.value, 0)

    @property
    def base(self) -> int:
        """How many people gave an answer that counts: not blank, not sure, prefer not to say or not applicable."""
        if self.answered is not None:
            return self.answered
        return self.asked - self.blank - sum(self.of(option) for option in self.item.options if option.missing)

    @property
    def id(self) -> str:
        return "/".join(part for part in (self.item.survey, self.item.id, self.item.course) if part)


@dataclass(frozen=True, slots=True)
class Denominator:
    """How many people could have answered, with where that number comes from and the day it was true."""

    n: int
    source: str
    on: date


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What is known of one collection: who it was for, when it was open, how many took part.

    languages: completed answers by language name, with 0 for a language that was offered and not used; together they
    make `completed`. started, declined: None when nobody counted. The three denominators are never mixed: a rate
    names its own (report.md, section 7, rule 6).
    """

    id: str
    title: str
    audience: str
    mode: str
    source: str
    opened: date
    closed: date | None
    languages: Mapping[str, int]
    started: int | None
    completed: int
    declined: int | None
    eligible: Denominator | None = None
    invited: Denominator | None = None
    attended: Denominator | None = None
    note: str = ""


def distribution(tally: Tally, titles: Mapping[str, str], run: Run) -> Table:
    """Every answer to one item with the number of people who gave it, in the order they were offered.

    The base is those who gave an answer that counts; blank and missing answers follow, without a percentage. The
    share of positive answers is a row of the same table, so that no other table can show it under other protection.
    """
    item = tally.item
    answers = [option for option in item.options if not option.missing]
    rows = [_people(option.value, option.label, Count(tally.of(option), of=BASE), ANSWER) for option in answers]
    parts = [Place(option.value, PEOPLE) for option in answers]
    sums = []
    if len(item.positive) > 1:
        headline = Count(sum(tally.of(option) for option in item.positive), of=BASE, yields="last")
        rows.append(_people(_PLACE_OF_HEADLINE, positive_words(item), headline, HEADLINE))
        positive = tuple(Place(option.value, PEOPLE) for option in item.positive)
        sums.append(Sum(Place(_PLACE_OF_HEADLINE, PEOPLE), positive))
        parts = [Place(_PLACE_OF_HEADLINE, PEOPLE), *(place for place in parts if place not in positive)]
    sums.append(Sum(BASE, tuple(parts), overlap=item.several))
    left_out = [
        _people(option.value, option.label, Count(tally.of(option)), LEFT_OUT)
        for option in item.options
        if option.missing
    ]
    left_out.append(_people(_PLACE_OF_BLANK, "Left blank", Count(tally.blank), LEFT_OUT))
    # Everyone who was asked can be found in the table of participation too, so hiding it here would protect nobody.
    asked = _people(_PLACE_OF_ASKED, "Everyone who was asked", Count(tally.asked, yields="never"), ASKED)
    whole = (BASE, *(Place(row.id, PEOPLE) for row in left_out))
    sums.append(Sum(Place(_PLACE_OF_ASKED, PEOPLE), whole, overlap=tally.answered is not None))
    return Table(
        trace=Trace(
            id=tally.id,
            title=f"Answers to “{item.text}”",
            question=item.text,
            survey=item.survey_title,
            collections=_named(tally.collections, titles),
            only=tally.only or "Everyone who was asked",
            run=run,
        ),
        base=tally.base,
        base_of="answered",
        columns=(Column(PEOPLE, "People"),),
        rows=(*rows, *left_out, asked),
        sums=tuple(sums),
        notes=("People could pick more than one answer.",) if item.several else (),
    )


def positive_words(item: Item) -> str:
    """The answers behind the headline share, as they were offered: “Always” or “Mostly”."""
    quoted = [f"“{option.label}”" for option in item.positive]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def participation(facts: Sequence[CollectionFacts], totals: Mapping[str, str], reportable: int, run: Run) -> Table:
    """Who was asked and how many took part: one row a collection, and a total for each audience with several.

    totals: by audience, the label of its total row. reportable: a total leaves out collections with fewer people than
    this; else the total less its other parts would tell how many they had. Notes by staff are rows of a part of their
    own and in no total: they are not people who answered. Rates are not counted here: they are shares of released
    figures (`disclosure.share`). Source: report.md, Table 2.
    """
    spoken = sorted({language for one in facts for language in one.languages})
    columns = (
        *(Column(name, label) for name, label in _PARTICIPATION),
        *(Column(f"{LANGUAGES}:{language}", language, group=LANGUAGES) for language in spoken),
    )
    rows, sums = [], []
    for one in facts:
        counts = {
            "eligible": Count(one.eligible.n if one.eligible else None),
            "invited": Count(one.invited.n if one.invited else None),
            "attended": Count(one.attended.n if one.attended else None),
            "started": Count(one.started),
            "completed": Count(one.completed, yields="last"),
            "declined": Count(one.declined),
        }
        for language in sorted(one.languages):
            counts[f"{LANGUAGES}:{language}"] = Count(one.languages[language])
        if one.languages:
            tongues = tuple(Place(one.id, f"{LANGUAGES}:{language}") for language in sorted(one.languages))
            sums.append(Sum(Place(one.id, "completed"), tongues))
        part = NOTES if one.source == NOTED else COLLECTION
        rows.append(Row(one.id, one.title, counts, words=_facts(one), base="completed", part=part))
    for audience, label in totals.items():
        everyone = [one for one in facts if one.audience == audience and one.source != NOTED]
        members = [one for one in everyone if one.completed >= reportable]
        if len(members) > 1:
            total = Place(f"(all {audience})", "completed")
            note = "" if members == everyone else "without collections too small to report"
            count = Count(sum(member.completed for member in members))
            rows.append(Row(total.row, label, {"completed": count}, words={"note": note}, part=TOTAL))
            sums.append(Sum(total, tuple(Place(member.id, "completed") for member in members)))
    return Table(
        trace=Trace(
            id="participation",
            title="Who took part",
            question="How many people were asked, began and finished",
            survey="All surveys in this report",
            collections=tuple(one.title for one in facts),
            only="Finished answers dated in the period",
            run=run,
        ),
        base=None,
        base_of="finished",
        columns=columns,
        rows=tuple(rows),
        sums=tuple(sums),
    )


_PARTICIPATION: Final = (
    ("eligible", "Could have answered"),
    ("invited", "Invited"),
    ("attended", "Attended"),
    ("started", "Started"),
    ("completed", "Finished"),
    ("declined", "Said no"),
)


def _facts(one: CollectionFacts) -> dict[str, str]:
    words = {"audience": one.audience, "mode": one.mode, "source": one.source, "note": one.note}
    words["opened"] = one.opened.isoformat()
    words["closed"] = one.closed.isoformat() if one.closed else ""
    for name, count in (("eligible", one.eligible), ("invited", one.invited), ("attended", one.attended)):
        if count:
            words[f"{name} source"], words[f"{name} on"] = count.source, count.on.isoformat()
    return words


def _people(name: str, label: str, count: Count, part: str) -> Row:
    return Row(name, label, {PEOPLE: count}, part=part)


def _named(collections: Sequence[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    if unknown := [one for one in collections if one not in titles]:
        raise ValueError(f"A tally counts collections that the report does not describe: {unknown}.")
    return tuple(titles[one] for one in collections)
