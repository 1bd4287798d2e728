"""Take answers out of the cells of a row, as the form would have given them. Knows no file, no storage and no rules
of a whole survey.

Left blank is "" or an empty list; a question that the row's form did not ask is not there; a free text that was given
is kept apart (the same conventions as `services/collecting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from feedback_app.core.errors import did_you_mean
from feedback_app.definitions.mapping import matched
from feedback_app.questions.asked import Answer, Asked
from feedback_app.questions.boxes import tidy
from feedback_app.questions.registry import type_of

Cells = list[str]
SAYS_NO = frozenset({"0", "0.0", "no", "n", "false", "none", "not selected", "unchecked"})
SHOWN = 60  # letters of a cell that a message shows


class Unfit(Exception):
    """A cell says something that the mapping does not know. The message is a whole sentence."""


class Taker(Protocol):
    """Takes one thing out of a row."""

    def __call__(self, cells: Cells) -> Answer:
        """The answer in these cells; raises Unfit."""


def quoted(cell: str) -> str:
    """A cell as a message shows it."""
    plain = matched(cell)
    return f'"{plain[:SHOWN]}…"' if len(plain) > SHOWN else f'"{plain}"'


@dataclass(frozen=True, slots=True)
class Known:
    """A column in which only certain words may stand, each with what it means. `known` is as it is compared."""

    heading: str
    at: int
    known: Mapping[str, str]

    def __call__(self, cells: Cells) -> str:
        return self.meaning(cells[self.at])

    def meaning(self, words: str) -> str:
        """What these words mean; blank is "" unless the mapping says otherwise. Raises Unfit."""
        found = self.known.get(words)
        if found is None:
            plain = matched(words)
            found = self.known.get(plain, None if plain else "")
        if found is None:
            near = did_you_mean(matched(words), [words for words in self.known if words])
            raise Unfit(f'"{self.heading}" says {quoted(words)}, which the mapping does not know.{near}')
        return found


@dataclass(frozen=True, slots=True)
class Split:
    """Several answers in one cell."""

    each: Known
    between: str

    def __call__(self, cells: Cells) -> list[str]:
        picked = [self.each.meaning(part) for part in cells[self.each.at].split(self.between)]
        return list(dict.fromkeys(filter(None, picked)))


@dataclass(frozen=True, slots=True)
class Box:
    """A column that stands for one option."""

    heading: str
    at: int
    means: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Several answers, a column for each. Without `ticked`, any words tick a box, but a plain "no" is refused."""

    boxes: tuple[Box, ...]
    ticked: frozenset[str]
    unticked: frozenset[str]

    def __call__(self, cells: Cells) -> list[str]:
        return list(dict.fromkeys(box.means for box in self.boxes if self._is_ticked(box, cells[box.at])))

    def _is_ticked(self, box: Box, cell: str) -> bool:
        plain = matched(cell)
        if not plain or plain in self.unticked:
            return False
        if plain in self.ticked:
            return True
        if self.ticked:
            near = did_you_mean(plain, [*self.ticked, *self.unticked])
            raise Unfit(f'"{box.heading}" says {quoted(cell)}, which is neither "ticked" nor "unticked".{near}')
        if plain.lower() in SAYS_NO:
            raise Unfit(f'"{box.heading}" says {quoted(cell)}. Say in the mapping what is "ticked" and "unticked".')
        return True


@dataclass(frozen=True, slots=True)
class Written:
    """A column of numbers or dates: each as its question stores it, or what the mapping says that the words mean."""

    asked: Asked
    each: Known

    def __call__(self, cells: Cells) -> str:
        cell = cells[self.each.at]
        found = type_of(self.asked).from_cell(self.asked, matched(cell))
        return self.each.meaning(cell) if found is None else found


@dataclass(frozen=True, slots=True)
class Typed:
    """A free text, as it was typed."""

    at: int

    def __call__(self, cells: Cells) -> str:
        return tidy(cells[self.at])


@dataclass(frozen=True, slots=True)
class Day:
    """The day of a row. The time of day is dropped here."""

    heading: str
    at: int
    format: str  # as the mapping writes it, for messages
    pattern: str
    today: date
    seen: dict[str, date] = field(default_factory=dict)

    def __call__(self, cells: Cells) -> date:
        cell = cells[self.at]
        if cell not in self.seen:
            self.seen[cell] = self._read(cell)
        return self.seen[cell]

    def _read(self, cell: str) -> date:
        if not matched(cell):
            raise Unfit(f'"{self.heading}" is blank, so there is no date.')
        try:
            found = datetime.strptime(matched(cell), self.pattern).date()
        except ValueError:
            raise Unfit(f'"{self.heading}" says {quoted(cell)}, which is not a date like {self.format}.') from None
        if found > self.today:
            raise Unfit(f'"{self.heading}" says {quoted(cell)}, which is after today. Is the format right?')
        return found


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms that a file mixes: a row was given on it when any of these columns has something in it."""

    columns: tuple[int, ...]

    def holds(self, cells: Cells) -> bool:
        return any(cells[at].strip() for at in self.columns)


@dataclass(frozen=True, slots=True)
class Asking:
    """One question of the file: how its answer is taken, and on which rows a blank is a blank."""

    asked: Asked
    name: str  # the question's own, or that of the words beside "something else"
    take: Taker
    text: bool
    form: Form | None = None
    on_form: bool = True  # False: asked on every row but those of the form

    def was_asked(self, cells: Cells) -> bool:
        """Whether this row's form asked it."""
        return self.form is None or self.form.holds(cells) is self.on_form

    @property
    def beside(self) -> bool:
        """Whether these are the words beside "something else"."""
        return self.name == self.asked.other_id


@dataclass(slots=True)
class Answers:
    """What one row answers: closed answers and own words, by stable name."""

    closed: dict[str, Answer] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing was answered at all."""
        return not self.texts and not any(self.closed.values())


def take_answers(asking: tuple[Asking, ...], cells: Cells, wrong: Callable[[str], None]) -> Answers:
    """Take every answer out of a row; whatever does not fit is told to `wrong`, one whole sentence each."""
    found = Answers()
    for one in asking:
        try:
            answer = one.take(cells)
            if answer and not one.text:
                answer = _sorted(one.asked, answer)
        except Unfit as unfit:
            wrong(str(unfit))
            continue
        if answer and one.text:
            found.texts[one.name] = str(answer)
            if one.beside:
                _tick(one.asked, found)
        elif not one.beside and (answer or one.was_asked(cells)):
            found.closed[one.name] = answer
    return found


def _sorted(asked: Asked, answer: Answer) -> Answer:
    """Several answers in the order of the options. A form would not have let through too many, or "none" and others."""
    if isinstance(answer, str) or asked.question.type == "rank":
        return answer
    most = asked.question.max_select
    if most and len(answer) > most:
        raise Unfit(f"{asked.id}: {len(answer)} answers are ticked, and no more than {most} may be.")
    alone = {choice.value: choice.label for choice in asked.choices if choice.exclusive or choice.missing}
    clash = [alone[value] for value in answer if value in alone]
    if clash and len(answer) > 1:
        raise Unfit(f'{asked.id}: "{clash[0]}" is ticked with other answers, and goes with none.')
    return [choice.value for choice in asked.choices if choice.value in answer]


def _tick(asked: Asked, found: Answers) -> None:
    """Own words stand beside an option such as "something else", so they tick it where nothing was picked instead."""
    if len(asked.opens_box) != 1:
        return
    (other,) = asked.opens_box
    before = found.closed.get(asked.id)
    if isinstance(before, list):
        if any(choice.value in before for choice in asked.choices if choice.exclusive or choice.missing):
            return
        found.closed[asked.id] = [c.value for c in asked.choices if c.value in {*before, other}]
    elif not before:
        found.closed[asked.id] = other
