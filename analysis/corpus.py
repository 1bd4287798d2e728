"""Hold what people wrote, as the analysis sees it. Knows nothing of surveys, storage or what the words mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

#: What an answer, or the question it answers, is about. The report's headings come from these five marks.
#: Source: the codebook of this project, section 1 (after Signs of Safety: working well, worried, needs to happen).
DIRECTIONS: Mapping[str, str] = {
    "+": "working well",
    "-": "worried or not working",
    "~": "mixed",
    ">": "suggestion or needs to happen",
    "0": "neutral or factual",
}


@dataclass(frozen=True, slots=True)
class Unsure:
    """A result that says "I cannot tell", and why, in words for a person to read.

    An abstention is counted and shown beside the other results; it is never turned into a zero or a guess.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One answer in free text.

    `id` names the answer. `person` names who gave it, without saying who they are: five comments by one person
    have five ids and one person, so that the person counts once. `text` is exactly what was written. `language` is
    a BCP-47 short code ("en", "ur", "rmc") or None when it is not known. `question` is the question's id.
    `direction` is what the question itself asks for ("What is working well?" asks for "+"), one of DIRECTIONS, or
    "" when the question asks for nothing in particular.

    Raises ValueError when the direction is not one of these, because a mistyped mark would vanish from a report.
    """

    id: str
    person: str
    text: str
    language: str | None
    question: str = ""
    direction: str = ""

    def __post_init__(self) -> None:
        if self.direction and self.direction not in DIRECTIONS:
            known = ", ".join(DIRECTIONS)
            raise ValueError(
                f"comment {self.id}: no direction {self.direction!r}. Use one of {known}, or leave it empty."
            )


@dataclass(frozen=True, slots=True)
class Corpus:
    """Comments to be read together, in the order in which they came.

    Raises ValueError when two comments share an id: one of them would be lost from every count.
    """

    comments: tuple[Comment, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for comment in self.comments:
            if comment.id in seen:
                raise ValueError(f"two comments have the id {comment.id!r}")
            seen.add(comment.id)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str | None]]) -> Corpus:
        """Make a corpus from rows such as csv.DictReader gives: columns id, person, text and any of the others.

        An empty language becomes None. Columns that a comment does not have are passed over, since a notebook's
        file often carries more. Raises ValueError naming the row (counted from 1) and what it lacks.
        """
        known = {field.name for field in fields(Comment)}
        comments = []
        for number, row in enumerate(rows, start=1):
            absent = [name for name in ("id", "person", "text") if row.get(name) is None]
            if absent:
                raise ValueError(f"row {number} has no {', '.join(absent)}")
            given = {name: value or "" for name, value in row.items() if name in known and name != "language"}
            comments.append(Comment(language=row.get("language") or None, **given))
        return cls(tuple(comments))

    def by_person(self) -> dict[str, tuple[Comment, ...]]:
        """Give each person's comments, in order of first appearance, so that people can be counted, not mentions."""
        people: dict[str, list[Comment]] = {}
        for comment in self.comments:
            people.setdefault(comment.person, []).append(comment)
        return {person: tuple(comments) for person, comments in people.items()}

    def __len__(self) -> int:
        return len(self.comments)

    def __iter__(self) -> Iterator[Comment]:
        return iter(self.comments)
