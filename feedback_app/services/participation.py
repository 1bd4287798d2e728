"""How many take part: counts of each collection, beside the three numbers of people that they are a share of.

A collection is often one small school, so its counts are shown as they would be published (analysis/disclosure.py):
small ones are hidden, nought too, and all others rounded. docs/decisions/0003 says where staff see exact numbers.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.counts import BASE, Column, Count, Period, Place, Row, Run, Sum, Table, Trace
from analysis.disclosure import Figure, Rule, release
from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import Area
from feedback_app.services.collecting import DECLINED, STARTED
from feedback_app.services.openings import NUMBERS, Number
from feedback_app.storage.models import CollectionCount, CollectionNumber, Response, table_of

RESPONSE, COUNT, NUMBER = table_of(Response), table_of(CollectionCount), table_of(CollectionNumber)
ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Taking:
    """How many took part in one collection, rounded; None is a number that is too small to show."""

    received: int | None
    started: int | None
    declined: int | None
    rates: Mapping[str, int] = field(default_factory=dict)  # answers received, as a whole percentage of a number
    numbers: Mapping[str, Number] = field(default_factory=dict)  # eligible, invited, present: those that somebody gave
    wrong: frozenset[str] = frozenset()  # the numbers that are smaller than that of the answers


def rule_of(area: Area) -> Rule:
    """The thresholds of an area.

    Raises:
        FeedbackError: they do not fit together.
    """
    try:
        return Rule(hide_below=area.smallest_count, round_to=area.round_to, percent_base=area.percent_base)
    except ValueError as error:
        raise FeedbackError(f"The thresholds of {area.name} cannot be used: {error}") from None


def taking_part(session: Session, idents: Some[str], rule: Rule) -> dict[str, Taking]:
    """How many took part in each of these collections: three reads, whatever their number."""
    mine = list(dict.fromkeys(idents))
    received = {ident: sum(spread.values()) for ident, spread in _received(session, mine).items()}
    counted: dict[tuple[str, str], int] = {}
    for row in session.execute(select(COUNT).where(COUNT.c.collection_id.in_(mine))):
        counted[row.collection_id, row.kind] = row.number
    numbers = numbers_of(session, mine)
    return {
        ident: _taking(
            shown(received.get(ident, 0), rule),
            shown(counted.get((ident, STARTED), 0), rule),
            shown(counted.get((ident, DECLINED), 0), rule),
            numbers.get(ident, {}),
            rule,
        )
        for ident in mine
    }


def shown(number: int, rule: Rule) -> int | None:
    """A number of people as it may be shown: rounded, or None where it is too small."""
    return None if rule.small(number) else rule.rounded(number)


def by_language(session: Session, ident: str, rule: Rule, today: date) -> dict[str, Figure]:
    """The answers of one collection by language, the most first, as they may be shown.

    Empty where there is one language alone, or where the numbers beside each other would give a small one away.
    """
    spread = _received(session, [ident]).get(ident, {})
    run = Run(Period(today, today), today)
    table = Table(
        trace=Trace("languages", "Answers by language", "", "", (ident,), "", run),
        base=sum(spread.values()),
        base_of="answered",
        columns=(Column(ANSWERS, "Answers"),),
        rows=tuple(Row(code, code, {ANSWERS: Count(number)}) for code, number in spread.items()),
        sums=(Sum(BASE, tuple(Place(code, ANSWERS) for code in spread)),),
        largest_first=True,
    )
    made = release(table, rule)
    # A base that had to be rounded more coarsely would stand beside the finer one that the page shows anyway.
    if len(spread) < 2 or made.withheld or made.rule.base_to:
        return {}
    return {row.id: row.figures[0] for row in made.rows}


def numbers_of(session: Session, idents: Some[str]) -> dict[str, dict[str, Number]]:
    """The numbers of people that somebody gave for these collections, in the order of `NUMBERS`."""
    found: dict[str, dict[str, Number]] = {}
    for row in session.execute(select(NUMBER).where(NUMBER.c.collection_id.in_(idents))):
        found.setdefault(row.collection_id, {})[row.kind] = Number(row.number, row.source, row.counted_on)
    return {ident: {kind: held[kind] for kind in NUMBERS if kind in held} for ident, held in found.items()}


def _received(session: Session, idents: Some[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    query = (
        select(RESPONSE.c.collection_id, RESPONSE.c.language, func.count())
        .where(RESPONSE.c.collection_id.in_(idents), RESPONSE.c.withdrawn_on.is_(None))
        .group_by(RESPONSE.c.collection_id, RESPONSE.c.language)
    )
    for ident, language, number in session.execute(query):
        found.setdefault(ident, {})[language] = number
    return found


def _taking(
    received: int | None, started: int | None, declined: int | None, numbers: Mapping[str, Number], rule: Rule
) -> Taking:
    """With the shares that may be shown: of rounded numbers, and on a base that is large enough."""
    bases = {kind: rule.rounded(one.number) for kind, one in numbers.items()} if received is not None else {}
    shares = {kind: (200 * (received or 0) + base) // (2 * base) for kind, base in bases.items() if base}
    wrong = frozenset(kind for kind, base in bases.items() if base < (received or 0))
    fair = {kind: share for kind, share in shares.items() if bases[kind] >= rule.percent_base and kind not in wrong}
    return Taking(received, started, declined, fair, numbers, wrong)
