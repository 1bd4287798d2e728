"""The language of a page: its words, its direction, its dates. Knows nothing of surveys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from markupsafe import Markup

from feedback_app.i18n import placeholders
from feedback_app.i18n.catalogues import HELP, Interface
from feedback_app.i18n.locales import LOCALES, Locale
from feedback_app.web.support.wiring import wiring


@dataclass(frozen=True, slots=True)
class Words:
    """The interface in one language. Words are filled with `say`, which escapes what a person typed."""

    locale: Locale
    interface: Interface

    def __call__(self, text: str) -> str:
        """The words for an English text."""
        return self.interface.words.gettext(text)

    def help(self, context: str, text: str) -> str:
        """The words for an English text about help; `context` is always "help", so that a reader finds them all."""
        return self.interface.words.pgettext(context or HELP, text)

    def say(self, text: str, **values: object) -> Markup:
        """The words for an English text with `{names}` filled; each value is shown as typed."""
        given = {name: str(value) for name, value in values.items()}
        return placeholders.fill(self(text), given.get)

    def day(self, day: date) -> str:
        """A date, written out."""
        return format_date(day, "long", locale=self.locale.dates)


def words_for(code: str) -> Words:
    """The words of a language that the application speaks."""
    return Words(LOCALES[code], wiring().interfaces[code])
