"""The languages this project can speak, one line each. Says nothing of which words are translated."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

SOURCE = "en"
Fallbacks = Mapping[str, Sequence[str]]
NO_FALLBACKS: Fallbacks = {}


@dataclass(frozen=True, slots=True)
class Locale:
    """One language: its code (BCP 47), its own name, its direction, and where dates and numbers are looked up.

    `script` picks the font. `host` is the code that Babel has data for, which may be a neighbour's: dates, numbers and
    plurals come from there. `fallback` names the languages that a reader of this one is likely to read, best first;
    an area may say otherwise. `plurals` is for a language whose plural forms Babel numbers in an order of its own.
    """

    code: str
    name: str
    english_name: str
    direction: Literal["ltr", "rtl"] = "ltr"
    script: Literal["latin", "arabic", "nastaliq"] = "latin"
    host: str = ""
    fallback: tuple[str, ...] = ()
    plurals: str = ""

    @property
    def dates(self) -> str:
        """The Babel locale for dates, numbers and plurals."""
        return self.host or self.code


# The order that Weblate, Poedit and the translators' handbooks give: none, one, two, a few, many, the rest.
ARABIC_PLURALS = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
)
LOCALES: dict[str, Locale] = {
    locale.code: locale
    for locale in (
        Locale("en", "English", "English", host="en_GB"),
        Locale("ur", "اردو", "Urdu", "rtl", "nastaliq"),
        Locale("pl", "polski", "Polish"),
        Locale("sk", "slovenčina", "Slovak"),
        Locale("cs", "čeština", "Czech"),
        Locale("ro", "română", "Romanian"),
        Locale("ar", "العربية", "Arabic", "rtl", "arabic", plurals=ARABIC_PLURALS),
        Locale("ckb", "کوردیی ناوەندی", "Kurdish (Sorani)", "rtl", "arabic"),
        # Babel knows neither of the Romani languages. Who speaks them mostly went to school in the host's language.
        Locale("rmc", "romaňi čhib", "Romani (Carpathian)", host="sk", fallback=("sk", "cs")),
        Locale("rmy", "rromani ćhib", "Romani (Vlax)", host="ro", fallback=("ro",)),
    )
}


def chain(code: str, fallbacks: Fallbacks = NO_FALLBACKS) -> tuple[str, ...]:
    """The languages to turn to, in order, for what a language does not have. English, the source, is always the last.

    Args:
        fallbacks: what the area says, by language; it takes the place of what the table says.
    """
    named = fallbacks.get(code, LOCALES[code].fallback)
    return (*(other for other in named if other not in (code, SOURCE)), SOURCE)


def nearest(code: str, offered: Collection[str], fallbacks: Fallbacks = NO_FALLBACKS) -> str:
    """The language itself if it is offered, else the first of its chain that is; English if none is."""
    return next((other for other in (code, *chain(code, fallbacks)) if other in offered), SOURCE)


def best_match(accept_language: str, offered: Sequence[str], fallbacks: Fallbacks = NO_FALLBACKS) -> str:
    """Return the offered code that a browser's Accept-Language header likes best, else the first offered.

    A language that is not offered but has a fallback other than English counts as a wish for that: who asks for Romani
    is shown Slovak before English.

    Args:
        accept_language: the header, for example `ur-PK,ur;q=0.9,en;q=0.5`.
        offered: codes, never empty.
    """
    wishes: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        tag, _, weight = part.replace(" ", "").partition(";q=")
        try:
            liking = float(weight or 1)
        except ValueError:
            continue
        if liking > 0:  # zero means "not this one"
            wishes.append((liking, tag.split("-")[0].lower()))
    for _, code in sorted(wishes, key=lambda wish: -wish[0]):
        for wanted in (code, *(chain(code, fallbacks)[:-1] if code in LOCALES else ())):
            if wanted in offered:
                return wanted
    return offered[0]
