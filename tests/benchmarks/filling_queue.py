"""Put every text of a copy in the safeguarding queue: most are read, thousands wait. Of invented words, by a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from feedback_app.i18n.locales import SOURCE
from feedback_app.services.rota import OFFICE

WAITING, IN_QUEUE = 5_000, "f" * 32  # texts that wait to be read for safety, and one of them
READ = (("released", 90), ("redacted", 6), ("concern", 3), ("complaint", 1))  # of a hundred
BANDS = (("P1", 1), ("P2", 19), ("P3", 80))
LEAD = "Lea Example"
Row = dict[str, Any]


def queue(
    written: Sequence[Any], field: Mapping[str, str], released: str, *, random: Random, now: datetime
) -> list[Row]:
    """The rows of the queue.

    Args:
        written: the id of each response with a text, its collection (id, version, first day), its language.
        field: by version, the question that is answered.
        released: the collection of which every text is released.
    """
    waiting = set(islice((ident for ident, one, _ in written if one[0] != released), WAITING))
    rows = []
    for ident, (collection, version, opened), code in written:
        open_ = ident in waiting
        state = "open" if open_ else "released" if collection == released else _one_of(random, READ)
        rows.append(
            {"id": ident, "response_id": ident, "field": field[version], "collection_id": collection, "language": code}
            | {"received_on": min(now.date(), opened + timedelta(days=3)), "screened": code == SOURCE, "screener": "x"}
            | {"failed": False, "flagged": False, "drill": False, "key_id": "x", "revision": 1, "state": state}
            | {"band": _one_of(random, BANDS), "outcome": "" if open_ else "release"}
            | {
                "first_by": "" if open_ else LEAD,
                "first_at": None if open_ else now - timedelta(minutes=random.randrange(2_000_000)),
            }
            | {"acknowledged_by": LEAD, "acknowledged_at": now}
        )
    next(row for row in rows if row["state"] == "open")["id"] = IN_QUEUE
    return rows


def rota(now: datetime) -> Row:
    """Office hours."""
    hours = {str(day): [f"{at:%H:%M}" for at in OFFICE] for day in range(5)}
    return {"number": 1, "hours": hours, "closed_days": [], "people": [], "set_by": LEAD, "set_at": now}


def _one_of(random: Random, shares: Sequence[tuple[str, int]]) -> str:
    names, weights = zip(*shares, strict=True)
    return str(random.choices(names, weights)[0])
