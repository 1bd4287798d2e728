"""The form of a collection's terms: when it is open, in which languages, for how many people. Reads what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from feedback_app.core.errors import Refused
from feedback_app.services.collections import Held
from feedback_app.services.openings import NUMBERS, Number, Terms


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed."""

    opens: str = ""
    closes: str = ""
    languages: tuple[str, ...] = ()
    cards_only: bool = False
    note: str = ""
    numbers: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)  # how many, who says so, on which day

    @classmethod
    def of(cls, one: Held, numbers: Mapping[str, Number]) -> Typed:
        """The form with what is kept."""
        kept = {kind: (str(held.number), held.source, held.on.isoformat()) for kind, held in numbers.items()}
        closes = one.closes_on.isoformat() if one.closes_on else ""
        return cls(one.opens_on.isoformat(), closes, tuple(one.languages.split()), one.cards_only, one.note, kept)

    @classmethod
    def from_form(cls, form: MultiDict[str, str]) -> Typed:
        """The form as it came."""

        def said(name: str) -> str:
            return form.get(name, "").replace("\r\n", "\n").strip()

        numbers = {kind: (said(kind), said(f"{kind}-source"), said(f"{kind}-on")) for kind in NUMBERS}
        return cls(
            said("opens"), said("closes"), tuple(form.getlist("language")), "cards" in form, said("note"), numbers
        )

    def terms(self) -> Terms:
        """What is asked for.

        Raises:
            Refused: a day is no date, or a number is none.
        """
        opens = _day(self.opens, "The first day")
        closes = _day(self.closes, "The last day") if self.closes else None
        return Terms(opens, closes, self.languages, self.cards_only, self.note, dict(self._numbers()))

    def _numbers(self) -> list[tuple[str, Number]]:
        found = []
        for kind, (number, source, on) in self.numbers.items():
            if not number:
                continue
            if not number.isascii() or not number.replace(",", "").isdecimal() or len(number) > 9:
                raise Refused("A number of people is written in digits, such as 240.")
            if not on:
                raise Refused("Say of which day each number of people is true.")
            day = _day(on, "The day of a number of people")
            found.append((kind, Number(int(number.replace(",", "")), source, day)))
        return found


def _day(typed: str, what: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(f"{what} is not a date. Write it like this: 2026-03-31.") from None
