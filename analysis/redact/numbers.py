"""Find phone numbers, NHS numbers and pupil numbers, however their digits are spaced, dotted or spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import phonenumbers
from stdnum.gb import nhs, upn

from analysis.redact.cues import Cues
from analysis.redact.reading import Reading
from analysis.redact.span import Span

# Digits with at most three signs between them, as people space, dot, dash and bracket them. Possessive (`+`), so that
# the search never goes back over what it has read.
_RUN = re.compile(r"(?:\+[ (]{0,2}|\((?=[+\d]))?\d++(?:[ \t.\-/()\\_*~|]{1,3}+\d++){0,16}+(?<=[\d \t.\-/()\\_*~|+]{5})")
_GROUP = re.compile(r"\+?[ (]{0,2}\d+")
_EXTENSION = re.compile(r",?[ ]{0,2}(?:ext\.?|extension|x)[ ]{0,2}\d{1,6}\b")

# A letter and twelve digits, the last of them a letter for a temporary number; the check letter is never I, O or S.
_UPN = re.compile(r"\b[a-hj-np-rt-z](?:[ -]?\d){11}[ -]?[a-hj-np-rt-z0-9]\b")
_UPN_NEAR = ("upn ", "pupil number", "pupil no ", "pupil id ", "unique pupil")
_NHS_NEAR = ("nhs ", "n.h.s", "hospital number", "patient number")
_PHONE_NEAR = (
    "phone", "mobile", "mob ", "tel ", "telef", "ring ", "call ", "text ", "whatsapp", "number", "num ", "numer",
    "číslo", "cislo", "nr ", "număr", "numar", "فون", "نمبر", "هاتف", "رقم", "ژمارە", "تەلەفۆن", "موبایل",
)  # fmt: skip

_SPELLED = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_SAID = "|".join(sorted((*_SPELLED, *_TIMES), key=len, reverse=True))
_SPOKEN = re.compile(rf"\b(?:\+?\d++|{_SAID})\b(?:[ ,.\-]{{1,3}}+(?:\d++|{_SAID})\b){{1,20}}+")
_SAID_WORD = re.compile(rf"\d++|{_SAID}")

# Numbers of relatives at home, written as they are dialled there, after Britain's.
_COUNTRIES = {"ur": "PK", "pl": "PL", "sk": "SK", "cs": "CZ", "ro": "RO", "ar": "IQ", "ckb": "IQ", "rom": "SK"}

# The library of phone numbers takes 30 microseconds for each it is asked about. A text with more different numbers than
# this is no comment: from there on every run of digits long enough is masked unasked.
_ASKED_AT_MOST = 100


@dataclass(slots=True)
class _Asker:
    """Asks the library whether a number can be dialled, in Britain first, and not more often than is bearable."""

    countries: tuple[str, ...]
    known: dict[str, bool] = field(default_factory=dict)

    def can_be_dialled(self, number: str) -> bool:
        if number not in self.known:
            if len(self.known) >= _ASKED_AT_MOST:
                return True
            self.known[number] = any(_is_valid(number, country) for country in self.countries)
        return self.known[number]


def pupil_numbers(reading: Reading) -> Iterator[Span]:
    """Unique pupil numbers: a letter and twelve digits. One whose letter does not fit is found, and less certain."""
    called_so = Cues.of(reading.low, _UPN_NEAR)
    for seen in reading.search(_UPN, "upn"):
        certain = called_so.near(*seen.span()) or upn.is_valid(seen[0].replace("-", ""))
        yield Span(seen.start(), seen.end(), "upn", certain)


def long_numbers(reading: Reading, language: str) -> Iterator[Span]:
    """NHS numbers (ten digits whose check digit fits, or that are called one) and phone numbers.

    A number of nine to fifteen digits that begins with 0 or + is masked whether or not it can be dialled: children
    mistype numbers too. Other runs of seven digits or more are certain when they can be dialled in Britain or in the
    country of the language, and are else shown to a person.
    """
    home = _COUNTRIES.get(language.split("-")[0].casefold())
    asker = _Asker(("GB", home) if home else ("GB",))
    health, phone = Cues.of(reading.low, _NHS_NEAR), Cues.of(reading.low, _PHONE_NEAR)
    for run in reading.search(_RUN, "phone"):
        yield from _in_run(reading.low, run.start(), run[0], asker, health, phone)
    for seen in reading.search(_SPOKEN, "phone"):
        digits = _digits_said(seen[0])
        if len(digits) >= 7:
            yield Span(seen.start(), seen.end(), "phone", digits[0] == "0" and len(digits) >= 9)


def _in_run(low: str, start: int, run: str, asker: _Asker, health: Cues, phone: Cues) -> Iterator[Span]:
    for at, piece in _pieces(run):
        begins = start + at
        ends = begins + len(piece)
        digits = "".join(filter(str.isdigit, piece))
        if len(digits) == 10 and (health.near(begins, ends) or (digits[0] != "0" and nhs.is_valid(digits))):
            yield Span(begins, ends, "nhs-number", True)
            continue
        extension = _EXTENSION.match(low, ends) if len(digits) >= 7 else None
        certain = _is_phone(
            piece, digits, asker, called_so=phone.near(begins, ends), after=low[max(0, begins - 1) : begins]
        )
        if certain is not None:
            yield Span(begins, extension.end() if extension else ends, "phone", certain)


def _is_phone(piece: str, digits: str, asker: _Asker, *, called_so: bool, after: str) -> bool | None:
    """True: mask it. False: a person decides. None: it is no phone number."""
    if 9 <= len(digits) <= 17 and piece.lstrip(" (").startswith(("0", "+")):
        return True
    if _is_amount(piece, after) or len(digits) < (5 if called_so else 7):
        return None
    return 7 <= len(digits) <= 15 and asker.can_be_dialled(("+" if "+" in piece else "") + digits)


def _pieces(run: str) -> Iterator[tuple[int, str]]:
    """Cut a run of digits where a second number begins: at a +, or at a 0 once nine digits are behind it."""
    begins, count = 0, 0
    for group in _GROUP.finditer(run):
        size = sum(map(str.isdigit, group[0]))
        opens = size >= 3 and group[0].lstrip(" (").startswith("0")
        # A number that stands whole in one group begins anew as well: "01204333333 4857773456".
        if count and ((opens and count >= 9) or "+" in group[0] or (size >= 9 and count >= 7)):
            yield begins, run[begins : group.start()].rstrip(" \t.-/(\\_*~|")
            begins, count = group.start(), 0
        count += size
    yield begins, run[begins:]


def _is_amount(piece: str, after: str) -> bool:
    """Years, dates, times and sums of money are no phone numbers, and nor is a fraction."""
    groups = re.findall(r"\d+", piece)
    if max(map(len, groups)) < 3 or all(len(group) == 4 and "1000" <= group < "2100" for group in groups):
        return True
    if sorted(map(len, groups)) in ([1, 1, 4], [1, 2, 4], [2, 2, 4]) or (groups[1:] and set(groups[1:]) == {"000"}):
        return True
    return after in ("£", "$", "€") or (len(groups) == 2 and "." in piece and len(groups[0]) < 3)


def _digits_said(words: str) -> str:
    digits, times, spelled = [], 1, False
    for word in _SAID_WORD.findall(words):
        if word in _TIMES:
            times = _TIMES[word]
            continue
        spelled = spelled or word in _SPELLED
        digits.append(_SPELLED.get(word, word) * times)
        times = 1
    return "".join(digits) if spelled else ""


def _is_valid(number: str, country: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country))
    except phonenumbers.NumberParseException:
        return False
