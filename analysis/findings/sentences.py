"""Put released figures into plain sentences. Takes figures that may be shown, so no sentence can hold a raw number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from analysis.counts import Period, Run
from analysis.disclosure import Figure, ReleasedRow, ReleasedTable, Rule
from analysis.releases import UNSURE
from analysis.themes import BY_STAFF, CHANGE, WELL, WORRIED, amount

PEOPLE_OF: Final[Mapping[str, str]] = {
    "child": "children",
    "young-person": "young people",
    "parent": "parents and carers",
    "practitioner": "practitioners",
    "manager": "managers",
}
"""What the people of each audience are called (survey-format.md, `audience`)."""

_MODES: Final[Mapping[str, str]] = {
    "anonymous": "Answers were anonymous: nobody can find out who gave them.",
    "confidential": "Answers were confidential: only a small named team could link them to a person.",
    "supported": "A worker was with the person who answered.",
}

_SOURCES: Final[Mapping[str, str]] = {
    "survey": "Answered in this system",
    "imported": "Brought in from a file",
    "paper": "Typed in from paper",
    "noted": "Noted by staff: not people who answered",
}

SAID: Final[Mapping[str, str]] = {
    WELL: "said this works well",
    WORRIED: "were worried about this",
    CHANGE: "said this needs to change",
}

_MOST_NAMED: Final = 3


def people_of(audiences: Iterable[str]) -> str:
    """What to call the people of these audiences: their own name if there is one audience, else "people".

    Raises ValueError for an audience that is not in PEOPLE_OF.
    """
    found = set(audiences)
    if unknown := found - set(PEOPLE_OF):
        raise ValueError(f"No audience is called {sorted(unknown)}. There are: {', '.join(PEOPLE_OF)}.")
    return PEOPLE_OF[found.pop()] if len(found) == 1 else "people"


def day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"


def iso(one: str) -> str:
    """The day of a date written as 2026-03-31."""
    return day(date.fromisoformat(one))


def days(period: Period) -> str:
    return f"{day(period.first)} to {day(period.last)}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """A, B and C."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def number(figure: Figure) -> str:
    """The number as people read it: with commas, or the reason why there is none."""
    return f"{figure.count:,}" if figure.count is not None else figure.state


def percentage(figure: Figure) -> str:
    """Whole per cent, or nothing where the base is too small for one."""
    if figure.percent is None:
        return ""
    return f"{figure.percent}%" if figure.percent else "under 1%"


def fraction(figure: Figure) -> str:
    """About 35 of 50, 70%; without the percentage where the base is too small for one."""
    if figure.count is None or figure.of is None:
        return number(figure)
    return ", ".join(filter(None, (f"about {figure.count:,} of {figure.of:,}", percentage(figure))))


def rate(figure: Figure, of: str) -> str:
    """A rate with its fraction and its denominator: 38% (about 25 of 65 closures). No percentage on a small base."""
    if figure.count is None or figure.of is None:
        return number(figure)
    share, parts = percentage(figure), f"about {figure.count:,} of {figure.of:,} {of}"
    return f"{share} ({parts})" if share else sentence(parts)


def sentence(words: str) -> str:
    """The words with a capital at the front."""
    return words[:1].upper() + words[1:]


def base_words(table: ReleasedTable) -> str:
    """How many people a table speaks of: about 50 people answered."""
    if table.withheld:
        return "not shown" if table.why else "too few to report"
    if table.base_of == BY_STAFF:
        return f"about {number(table.base)} notes by staff, which are not people"
    if not table.base.shown:
        return "each row has its own base" if table.base_of else "none: these are codes, not people"
    return f"about {number(table.base)} people {table.base_of}"


def headline(people: str, answers: str, figure: Figure) -> str:
    """About 35 of 50 young people answered “Always” or “Mostly” (70%)."""
    if figure.count is None or figure.of is None:
        return f"How many {people} answered {answers} is hidden, to protect them."
    return f"About {figure.count:,} of {figure.of:,} {people} answered {answers}{_in_brackets(figure)}."


def _in_brackets(figure: Figure) -> str:
    share = percentage(figure)
    return f" ({share})" if share else ""


def most_given(people: str, base: Figure, rows: Sequence[ReleasedRow]) -> str:
    """The answers given most, for a question with no better and worse end."""
    shown = sorted((row for row in rows if row.figures[0].shown), key=lambda row: -(row.figures[0].count or 0))
    if not shown:
        return f"About {number(base)} {people} answered. Each answer was given by too few to show."
    given = [f"“{row.label}” ({fraction(row.figures[0])})" for row in shown[:_MOST_NAMED]]
    return f"{sentence(people)} most often answered {listed(given)}."


def too_few(people: str) -> str:
    """Says that nothing can be told, without telling how little there is."""
    return f"Too few {people} answered to report this without a risk of showing what one person said."


def raised_by(figure: Figure) -> str:
    """How many raised a theme: some of those who commented (about 15 of 90, 17%)."""
    if figure.count is None or figure.of is None:
        return number(figure)
    word = amount(figure)
    if not word:
        return f"about {figure.count:,} of {figure.of:,} who commented"
    return f"{word} of those who commented ({fraction(figure)})"


def in_notes(figure: Figure) -> str:
    """In how many notes a theme stands: in about 15 notes by staff. Never a share: a note is no person."""
    return f"in about {number(figure)} notes by staff" if figure.shown else number(figure)


def replies(title: str, finished: Figure, attended: Figure, source: str) -> str:
    """The response rate of a training collection against attendance, or why there is none.

    attended: the finished answers as a share of those who attended. source: where the attendance comes from.
    """
    if not finished.shown:
        return f"{title}: too few people replied to report."
    if attended.of is not None:
        who = f"about {number(attended)} of {attended.of:,} people who attended"
        return f"{title}: {who} replied{_in_brackets(attended)}. Attendance comes from {source}."
    why = f"is hidden, to protect people (source: {source})" if source else "is not known, so there is no response rate"
    return f"{title}: about {number(finished)} people replied. How many attended {why}."


def source_of(row: ReleasedRow, denominator: str) -> str:
    """Where a denominator of a collection comes from and when it was true; nothing where it is not known."""
    source, on = row.word(f"{denominator} source"), row.word(f"{denominator} on")
    return f"{source}, {iso(on)}" if source else ""


def privacy(mode: str, source: str) -> str:
    """What people were promised. "Anonymous" is said only of answers given here, where the software enforces it.

    Raises ValueError for an unknown mode: a promise is never guessed.
    """
    if source != "survey":
        return "Collected elsewhere. What people were promised is not recorded here."
    if mode not in _MODES:
        raise ValueError(f"No mode is called {mode!r}. There are: {', '.join(_MODES)}.")
    return _MODES[mode]


def source_words(source: str) -> str:
    """How the answers came. An unknown source is an error, so that imported answers never pass for our own."""
    if source not in _SOURCES:
        raise ValueError(f"No source is called {source!r}. There are: {', '.join(_SOURCES)}.")
    return _SOURCES[source]


_COMPARED: Final = {
    False: "Nothing is compared over time or between groups, and nothing is weighted.",
    True: "Nothing is compared over time or between groups, but for what the same learners said of themselves before, "
    "at the end of and after a course; it does not show that the course is the cause. Nothing is weighted.",
}


def limits(area: str, rule: Rule, *, paired: bool = False) -> tuple[str, ...]:
    """What the results can and cannot tell, and how people are protected. Source: report.md, section 11.

    The limits paragraph is that of the source; the protection paragraph says only what this report does.
    """
    return (
        "People chose whether to answer. Some groups answered more than others, so these results tell us about those "
        f"who took part. They cannot be taken to speak for everyone in {area}. Where numbers are small we give counts "
        "or leave results out to protect people. Ratings of training are people's own view unless we say someone else "
        "confirmed them. Some answers may have been translated or written down by a helper.",
        f"We do not publish results for fewer than {rule.hide_below} people. Numbers from 0 to {rule.hide_below - 1} "
        f"are hidden, nought too. Every other number is rounded to the nearest {rule.round_to}, so parts may not add "
        "up to their total. Sometimes one more number is hidden, so that nobody can work out a small one from the "
        f"rest. Percentages are taken from the rounded numbers, and given only where about {rule.percent_base} people "
        "or more answered. This report quotes nobody's words.",
        "Blank answers, “not sure”, “prefer not to say” and “does not apply” are left out of every percentage. "
        "How many there were stands under each table.",
        f"{_COMPARED[paired]} A theme counts people, not how often they said it.",
    )


def stand(tables: Sequence[ReleasedTable], run: Run) -> tuple[str, ...]:
    """What a reader must know of tables that were not made for this report, or that it does not show."""
    before = sorted({one.trace.run.on for one in tables if one.trace.run != run})
    unsure = sum(one.why == UNSURE for one in tables)
    close = sum(bool(one.why) for one in tables) - unsure
    return tuple(
        words
        for words, wanted in (
            (
                f"Some tables stand as they were published on {listed([day(one) for one in before])}, because too few "
                "people answered since then. Each of them says so.",
                before,
            ),
            (
                f"{_tables(unsure)} not published: checking what can be worked out took too long, so nobody knows if "
                "it would give somebody away. Make the report again.",
                unsure,
            ),
            (f"{_tables(close)} not shown, because of what was published before. Each of them says why.", close),
        )
        if wanted
    )


def _tables(number: int) -> str:
    return "One table is" if number == 1 else f"{number} tables are"


def coding(accepted: Figure, waiting: Figure, rule: Rule) -> str:
    """How far the coding has come. A hidden number here is always a small one: it stands in no sum."""
    few = f"fewer than {rule.hide_below} (it may be none)"
    done = f"about {number(accepted)}" if accepted.shown else few
    left = f"about {number(waiting)}" if waiting.shown else few
    return (
        f"Codes that a person accepted: {done}. Only those are counted. Codes that the software suggested and nobody "
        f"has decided on: {left}. Suggestions are never counted."
    )
