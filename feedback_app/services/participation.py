"""How many take part: counts of each collection, beside the three numbers of people that they are a share of.

For staff only, and exact (docs/decisions/0003): what is published goes through analysis/disclosure.py.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.services.collecting import DECLINED, STARTED
from feedback_app.services.openings import NUMBERS, Number
from feedback_app.storage.models import CollectionCount, CollectionNumber, Response, table_of

RESPONSE, COUNT, NUMBER = table_of(Response), table_of(CollectionCount), table_of(CollectionNumber)


@dataclass(slots=True)
class Taking:
    """How many took part in one collection."""

    started: int = 0
    declined: int = 0
    languages: dict[str, int] = field(default_factory=dict)  # answers received, by language, the most first
    numbers: dict[str, Number] = field(default_factory=dict)  # eligible, invited, present: those that somebody gave

    @property
    def received(self) -> int:
        """How many answers came."""
        return sum(self.languages.values())

    def rate(self, kind: str) -> int | None:
        """The answers received as a whole percentage of a number of people; None where that was not given.

        None, too, when there are more answers than people: then the number is not of the people who answered.
        """
        base = self.numbers.get(kind)
        if base is None or not 0 < base.number >= self.received:
            return None
        return round(100 * self.received / base.number)


def taking_part(session: Session, idents: Some[str]) -> dict[str, Taking]:
    """How many took part in each of these collections: three reads, whatever their number."""
    found = {ident: Taking() for ident in idents}
    mine = list(found)
    received = (
        select(RESPONSE.c.collection_id, RESPONSE.c.language, func.count())
        .where(RESPONSE.c.collection_id.in_(mine), RESPONSE.c.withdrawn_on.is_(None))
        .group_by(RESPONSE.c.collection_id, RESPONSE.c.language)
    )
    for ident, language, number in sorted(session.execute(received), key=lambda row: (-row[2], row[1])):
        found[ident].languages[language] = number
    for ident, kind, number in session.execute(
        select(COUNT.c.collection_id, COUNT.c.kind, COUNT.c.number).where(COUNT.c.collection_id.in_(mine))
    ):
        if kind == STARTED:
            found[ident].started = number
        elif kind == DECLINED:
            found[ident].declined = number
    for ident, numbers in numbers_of(session, mine).items():
        found[ident].numbers = numbers
    return found


def numbers_of(session: Session, idents: Some[str]) -> dict[str, dict[str, Number]]:
    """The numbers of people that somebody gave for these collections, in the order of `NUMBERS`."""
    found: dict[str, dict[str, Number]] = {}
    for row in session.execute(select(NUMBER).where(NUMBER.c.collection_id.in_(idents))):
        found.setdefault(row.collection_id, {})[row.kind] = Number(row.number, row.source, row.counted_on)
    return {ident: {kind: held[kind] for kind in NUMBERS if kind in held} for ident, held in found.items()}
