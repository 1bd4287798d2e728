"""What every finder gives: where something stands in a text, of what kind it is, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "phone", "email", "postcode", "nhs-number", "upn", "birth-date", "handle", "url", "address", "name"
]  # fmt: skip

# Where two finds overlap, the kind that stands first here names them both.
KINDS: tuple[Kind, ...] = (
    "email", "url", "upn", "nhs-number", "birth-date", "postcode", "phone", "handle", "address", "name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text, in characters from `start` up to `end`. `certain=False`: a person decides whether it goes."""

    start: int
    end: int
    kind: Kind
    certain: bool
