"""Turn what is typed from a paper form into answers: numbers of options, a dot for blank, a question mark for unclear.

Knows questions and keys; knows nothing of pages or storage. The forms that check a screen check it here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from feedback_app.definitions.survey import Choice
from feedback_app.i18n.placeholders import PLACEHOLDER
from feedback_app.journey.plan import Part
from feedback_app.questions.asked import OTHER, Answer, Asked, Trouble
from feedback_app.questions.pair_grid import PAIR
from feedback_app.questions.rank import PLACES
from feedback_app.questions.registry import form_of, type_of
from feedback_app.questions.written import INSTEAD

BLANK, UNCLEAR = ".", "?"
BETWEEN, IN_A_DATE = re.compile(r"[\s,;]+"), re.compile(r"[\s,;/.-]+")
LETTERS = "abcdefghijklmnopqrstuvwxyz"  # of choices that stand in place of a number or a date
IF_SO = "If it is so on the paper, type ?"

Typed = Mapping[str, str]
Fields = dict[str, str | list[str]]


class Mistyped(Exception):
    """What is typed cannot be what the paper says; the message tells what to type."""


@dataclass(slots=True)
class Keyed:
    """What one or several parts of a form say. `troubles` are by the name of the field, as is `unclear`."""

    answers: dict[str, Answer] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    troubles: dict[str, str] = field(default_factory=dict)


def asked_in(part: Part) -> list[Asked]:
    """What is asked in a part, in order, each as one screen has it."""
    return [screen.asked for screen in part.screens if screen.answers]


def read(part: Part, typed: Typed) -> Keyed:
    """Read one part of a form."""
    keyed = Keyed()
    for asked in asked_in(part):
        _read(asked, typed, keyed)
    return keyed


def _read(asked: Asked, typed: Typed, keyed: Keyed) -> None:
    items = type_of(asked).parts(asked)
    given = {item.id: _plain(typed.get(item.id, "")) for item in items}
    own = _plain(typed.get(asked.other_id, "")) if asked.opens_box else ""
    keyed.unclear |= {name for name, words in ((*given.items(), (asked.other_id, own))) if words == UNCLEAR}
    try:
        fields = FIELDS[asked.question.type](asked, [_said(words) for words in given.values()])
    except Mistyped as wrong:
        # Of a pair grid, the first box that is typed wrong: its siblings are read again when it is mended.
        keyed.troubles[_first_wrong(asked, given)] = str(wrong)
        return
    if asked.opens_box:
        fields[OTHER] = _said(own)
        if _said(own) and asked.opens_box.isdisjoint(_listed(fields.get("answer", ""))):
            keyed.troubles[asked.other_id] = "Type the number of the answer that these words stand beside, too."
            return
    _check(asked, items, fields, keyed)


def _check(asked: Asked, items: tuple[Asked, ...], fields: Fields, keyed: Keyed) -> None:
    blank = not any(fields.values())
    form = form_of(asked)(data=fields)
    if not form.validate() and not (blank and asked.question.required):
        for name, errors in form.errors.items():
            keyed.troubles[_box(asked, items, str(name))] = _in_words(asked, errors)
        return
    keyed.answers |= type_of(asked).read(form, asked)


def _in_words(asked: Asked, errors: Iterable[object]) -> str:
    trouble = next(error for error in errors if isinstance(error, Trouble))
    values = {"number": str(trouble.number), "most": str(trouble.most)}
    text = trouble.text if isinstance(trouble.text, str) else trouble.text[trouble.number != 1]
    said = PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
    return said if type_of(asked).text else f"{said} {IF_SO}"


def _box(asked: Asked, items: tuple[Asked, ...], name: str) -> str:
    """The box of a form's field: own words and the columns of a pair have their own, all else is in one."""
    if name == OTHER:
        return asked.other_id
    return items[PAIR.index(name)].id if len(items) > 1 else items[0].id


def _first_wrong(asked: Asked, given: Mapping[str, str]) -> str:
    for name, words in given.items():
        try:
            FIELDS[asked.question.type](asked, [_said(words)] + [""] * (len(given) - 1))
        except Mistyped:
            return name
    return next(iter(given))


def _plain(typed: str) -> str:
    return typed.replace("\r\n", "\n").strip()


def _said(words: str) -> str:
    """What is to be stored: blank and unclear are both nothing; unclear is kept beside the answers."""
    return "" if words in (BLANK, UNCLEAR) else words


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _numbers(choices: tuple[Choice, ...], words: str) -> list[str]:
    """The values of the options whose numbers are typed."""
    values = []
    for number in BETWEEN.split(words) if words else []:
        if not number.isdecimal() or not 1 <= int(number) <= len(choices):
            raise Mistyped(f"Type the number of an answer, from 1 to {len(choices)}. Leave it empty if it is blank.")
        values.append(choices[int(number) - 1].value)
    return values


def _one(asked: Asked, words: str) -> str:
    values = _numbers(asked.choices, words)
    if len(values) > 1:
        raise Mistyped("Only one answer can be kept. If the paper has two ticks, type ?")
    return values[0] if values else ""


def _single(asked: Asked, said: list[str]) -> Fields:
    return {"answer": _one(asked, said[0])}


def _multi(asked: Asked, said: list[str]) -> Fields:
    return {"answer": _numbers(asked.choices, said[0])}


def _pair(asked: Asked, said: list[str]) -> Fields:
    return {name: _one(asked, words) for name, words in zip(PAIR, said, strict=True)}


def _rank(asked: Asked, said: list[str]) -> Fields:
    values = _numbers(asked.choices, said[0])
    if len(values) > len(PLACES):
        raise Mistyped(f"Type up to {len(PLACES)} numbers, the first place first.")
    return dict(zip(PLACES, [*values, *[""] * len(PLACES)], strict=False))


def _words(asked: Asked, said: list[str]) -> Fields:
    return {"answer": said[0]}


def _number(asked: Asked, said: list[str]) -> Fields:
    instead = _instead(asked, said[0])
    return {INSTEAD: instead} if instead else {"answer": said[0]}


def _boxes(*boxes: str) -> Callable[[Asked, list[str]], Fields]:
    def fields(asked: Asked, said: list[str]) -> Fields:
        if instead := _instead(asked, said[0]):
            return {INSTEAD: instead}
        numbers = IN_A_DATE.split(said[0]) if said[0] else []
        if len(numbers) not in (0, len(boxes)):
            raise Mistyped(f"Type {len(boxes)} numbers with a space between: {', '.join(boxes)}.")
        return dict(zip(boxes, numbers, strict=False))

    return fields


def _instead(asked: Asked, words: str) -> list[str]:
    """The choice that stands in place of a number or a date: these have letters, so that no number is taken for one."""
    if len(words) != 1 or words.lower() not in LETTERS:
        return []
    at = LETTERS.index(words.lower())
    if at >= len(asked.choices):
        raise Mistyped("There is no answer with this letter.")
    return [asked.choices[at].value]


#: How each question type is typed. A type that is not here stops the typing: no answer may be left out without a word.
FIELDS: Mapping[str, Callable[[Asked, list[str]], Fields]] = {
    "consent": _single,
    "single": _single,
    "scale": _single,
    "symbols": _single,
    "place": _single,
    "grid": _single,
    "multi": _multi,
    "pair-grid": _pair,
    "rank": _rank,
    "number": _number,
    "date": _boxes("day", "month", "year"),
    "year-month": _boxes("month", "year"),
    "text": _words,
    "paragraph": _words,
}
