"""Find every text of a survey document that people read, and put a translation in its place.

Works on the document as it stands in the file (dictionaries, lists, text); does not know what a question means.
The context of a text is its stable address: `survey.question.field`, without page or version, so that moving a question
keeps its translation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

QUESTION_FIELDS = ("label", "hint", "feedback")
CHOICE_FIELDS = ("label", "hint", "alt")
EASY_FIELDS = ("label", "alt")
PAGE_FIELDS = ("title", "intro")
SURVEY_FIELDS = ("title", "notice")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """One text: its context, its English, where it stands in the document, and whether a person's safety hangs on it.

    Safety texts (consent, and the limits of what we can keep to ourselves) never fall back to another language.
    """

    context: str
    english: str
    path: tuple[str | int, ...]
    safety: bool = False

    @property
    def easy(self) -> bool:
        """Whether it belongs to the easy-read form of a question."""
        return self.path[-2:-1] == ("easy",)


def texts(document: Document) -> Iterator[Text]:
    """Yield every text of a survey document, in reading order. Broken parts of a document are passed over."""
    family = str(document.get("survey", ""))
    consent = document.get("consent", "")
    yield from _fields(document, SURVEY_FIELDS, family, (), frozenset({"notice"}))
    lists = document.get("choices", {})
    for name, choices in lists.items() if isinstance(lists, dict) else ():
        yield from _choices(choices, f"{family}.choices.{name}", ("choices", name), safety=False)
    for at, page in _parts(document, "pages"):
        yield from _fields(page, PAGE_FIELDS, f"{family}.pages.{page.get('id', '')}", ("pages", at))
        for number, question in _parts(page, "questions"):
            ident = str(question.get("id", ""))
            address, path = f"{family}.{ident}", ("pages", at, "questions", number)
            safety = ident == consent
            yield from _fields(question, QUESTION_FIELDS, address, path, frozenset(QUESTION_FIELDS) if safety else ())
            if isinstance(question.get("easy"), dict):
                easy_safety = frozenset(EASY_FIELDS) if safety else ()
                yield from _fields(question["easy"], EASY_FIELDS, f"{address}.easy", (*path, "easy"), easy_safety)
            for row_number, row in _parts(question, "rows"):
                row_path = (*path, "rows", row_number)
                yield from _fields(row, ("label",), f"{address}.rows.{row.get('id', '')}", row_path)
            for column_number, column in _parts(question, "columns"):
                column_path = (*path, "columns", column_number)
                yield from _fields(column, ("label",), f"{address}.columns.{column.get('id', '')}", column_path)
            for key in ("choices", "also"):
                if isinstance(question.get(key), list):
                    yield from _choices(question[key], f"{address}.choices", (*path, key), safety=safety)


def translated(document: Document, words: Mapping[str, str]) -> Document:
    """Return a copy of the document with each text replaced by its translation.

    Args:
        words: translation by context; a text without one keeps its English.
    """
    copy = deepcopy(document)
    for text in texts(document):
        if text.context in words:
            place: Any = copy
            for step in text.path[:-1]:
                place = place[step]
            place[text.path[-1]] = words[text.context]
    return copy


def _parts(holder: Document, key: str) -> Iterator[tuple[int, Document]]:
    parts = holder.get(key)
    for number, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, dict):
            yield number, part


def _fields(
    holder: Document,
    fields: tuple[str, ...],
    address: str,
    path: tuple[str | int, ...],
    safety: frozenset[str] | tuple[()] = (),
) -> Iterator[Text]:
    for field in fields:
        english = holder.get(field)
        if isinstance(english, str) and english:
            yield Text(f"{address}.{field}", english, (*path, field), field in safety)


def _choices(choices: Any, address: str, path: tuple[str | int, ...], *, safety: bool) -> Iterator[Text]:
    fields = frozenset(CHOICE_FIELDS) if safety else ()
    for number, choice in _parts({"": choices}, ""):
        yield from _fields(choice, CHOICE_FIELDS, f"{address}.{choice.get('value', '')}", (*path, number), fields)
