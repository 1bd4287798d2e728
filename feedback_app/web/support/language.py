"""The language of a page: its words, its direction, its dates. Knows nothing of surveys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from markupsafe import Markup

from feedback_app.i18n import placeholders
from feedback_app.i18n.catalogues import HELP, Interface
from feedback_app.i18n.fallen import mark
from feedback_app.i18n.locales import LOCALES, Locale, nearest
from feedback_app.web.support.wiring import wiring

LAST_NUMBER = re.compile(r"\d+(?=\D*$)")


@dataclass(frozen=True, slots=True)
class Words:
    """The interface in one language. Words are filled with `say`, which escapes what a person typed."""

    locale: Locale
    interface: Interface

    def __call__(self, text: str) -> str:
        """The words for an English text; where they fell back to another language, marked with it."""
        fallen = self.interface.fallen.get(text)
        return mark(fallen.words.gettext(text), fallen.code) if fallen else self.interface.words.gettext(text)

    def help(self, context: str, text: str) -> str:
        """The words for an English text about help; `context` is always "help", so that a reader finds them all."""
        return self.interface.words.pgettext(context or HELP, text)

    def say(self, text: str, **values: object) -> Markup:
        """The words for an English text with `{names}` filled; each value is shown as typed."""
        return self._filled(self(text), values)

    def plural(self, singular: str, plural: str, number: int | str, **values: object) -> Markup:
        """The words for an English text that counts something, in the form that its language has for `{number}`.

        Args:
            number: how many; or a range such as "12–15", whose last number decides the form.
        """
        fallen = self.interface.fallen.get(singular)
        count = int("".join(LAST_NUMBER.findall(number)) or 0) if isinstance(number, str) else number
        said = (fallen or self.interface).words.ngettext(singular, plural, count)
        return self._filled(mark(said, fallen.code) if fallen else said, {"number": number, **values})

    def _filled(self, said: str, values: Mapping[str, object]) -> Markup:
        given = {name: self.number(value) if isinstance(value, int) else str(value) for name, value in values.items()}
        return placeholders.fill(said, given.get)

    def number(self, number: int) -> str:
        """A number as this language writes it, with the digits that phones have: they stand beside phone numbers.

        Up to four digits nothing is set apart: it may be a year.
        """
        if abs(number) < 10_000:
            return str(number)
        return format_decimal(number, locale=self.locale.dates, numbering_system="latn")

    def local(self, said: Mapping[str, str]) -> tuple[str, Locale]:
        """The area's own words in this language, else in the nearest there is; and which language that is."""
        found = nearest(self.locale.code, said, wiring().area.fallbacks)
        words, locale = said.get(found, ""), LOCALES[found]
        return placeholders.numbers_apart(words) if locale.direction == "rtl" else words, locale

    def day(self, day: date) -> str:
        """A date, written out."""
        return format_date(day, "long", locale=self.locale.dates)


def words_for(code: str) -> Words:
    """The words of a language that the application speaks."""
    return Words(LOCALES[code], wiring().interfaces[code])
