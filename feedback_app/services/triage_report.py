"""What a report says of the queue: that people read every text, and whether many or few told of a concern.

Never a number: a count is only said to be under or over the threshold of publishing, and zero looks like nine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from analysis.disclosure import Rule, banded
from feedback_app.storage.queries import triage as reads


def notices(session: Session, rule: Rule, first: date, last: date) -> Iterator[str]:
    """The sentences of a period; none where nobody wrote a text."""
    found = reads.figures(session, first, last)
    if not found.texts:
        return
    yield (
        "A person reads every text for the safety of children. Texts of this period that were taken up as a concern: "
        f"{banded(found.concerns, rule)}."
    )
    if found.waiting:
        yield "Some texts of this period still wait to be read for safety. They are in no theme yet."
