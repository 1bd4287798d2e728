"""Find dates that may be somebody's birthday: a whole date of the last 110 years, or any date beside "born"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from analysis.redact.cues import Cues
from analysis.redact.reading import Reading
from analysis.redact.span import Span

_OLDEST = 110
_NEAR = 45

# The months of the languages that people answer in, as they stand in a date, and short forms.
_MONTHS = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "stycznia",
    "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "wrzesnia", "października",
    "pazdziernika", "listopada", "grudnia", "januára", "februára", "apríla", "mája", "júna", "júla", "augusta",
    "septembra", "októbra", "novembra", "decembra", "januara", "februara", "aprila", "juna", "jula", "oktobra", "ledna",
    "února", "unora", "března", "brezna", "dubna", "května", "kvetna", "června", "cervna", "července", "cervence",
    "srpna", "září", "zari", "října", "rijna", "listopadu", "prosince", "ianuarie", "februarie", "martie", "aprilie",
    "mai", "iunie", "iulie", "septembrie", "octombrie", "noiembrie", "decembrie", "يناير", "فبراير", "مارس", "أبريل",
    "ابريل", "مايو", "يونيو", "يوليو", "أغسطس", "اغسطس", "سبتمبر", "أكتوبر", "اكتوبر", "نوفمبر", "ديسمبر", "جنوری",
    "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر", "کانوونی", "شوبات",
    "ئازار", "نیسان", "ئایار", "حوزەیران", "تەممووز", "ئاب", "ئەیلوول", "تشرینی",
})  # fmt: skip
_FULL_YEAR = r"(?:19|20)\d\d"
# The first digit stands first and what is before it is looked at after, which lets the search leap from digit to digit.
_FIRST = r"\d(?<!\d\d)"
_YEAR = rf"(?:{_FULL_YEAR}|'?\d\d)"
_TH = r"(?:st|nd|rd|th|\.)?"
_IN_FIGURES = re.compile(
    rf"{_FIRST}\d{{0,3}}(?:(?P<sign>[ ]?[/.\-\\][ ]?)\d{{1,2}}(?P=sign){_YEAR}|[ ]\d{{1,2}}[ ]{_FULL_YEAR})(?!\d)"
)
_IN_WORDS = re.compile(
    rf"{_FIRST}\d?{_TH},?[ \-/]{{0,2}}(?:of |de )?([^\W\d_]{{3,14}}+)(?:\.?[ ,.\-/]{{0,3}}{_YEAR}(?!\d))?"
)
_MONTH_FIRST = re.compile(
    rf"([^\W\d_]{{3,14}}+)\.?[ \-/]{{1,2}}(?:the )?\d\d?{_TH}(?!\d)(?:[ ,.\-/]{{1,3}}{_YEAR}(?!\d))?"
)
# Less than a date, which says something only beside "born": 05122012, 051212, 05/12, 2012.
_PART = re.compile(rf"{_FIRST}(?:\d{{7}}|\d{{5}}|(?<=[12])\d{{3}}|\d?[/.]\d\d?)(?![/.\-]?\d)")

_BORN = (
    "born ", "birth", "bday", "b-day", "dob ", "d.o.b", "d o b ", "urodz", "ur. ", "narod", "naroz", "nar. ", "născut",
    "nascut", "naștere", "nastere", "ziua mea", "ميلاد", "تاريخ الميلاد", "ولدت", "مولود", "پیدا", "تاریخ پیدائش",
    "سالگرہ", "لەدایک",
)  # fmt: skip
_NUMBER = re.compile(r"\d+")


def birth_dates(reading: Reading, today: date) -> Iterator[Span]:
    """Whole dates of the last 110 years, and part of a date where the text speaks of birth just before or after it."""
    low = reading.low
    born = Cues.of(low, _BORN)
    for pattern in (_IN_FIGURES, _IN_WORDS, _MONTH_FIRST, *((_PART,) if born.places else ())):
        for seen in reading.search(pattern, "birth-date"):
            if pattern in (_IN_WORDS, _MONTH_FIRST) and seen[1] not in _MONTHS:
                continue
            near = born.near(*seen.span(), before=_NEAR, after=_NEAR // 2)
            if near or (pattern is not _PART and _is_of_a_life(seen[0], today)):
                yield Span(seen.start(), seen.end(), "birth-date", True)


def _is_of_a_life(written: str, today: date) -> bool:
    """Is it a whole date, of a year in which somebody who lives today may be born?"""
    numbers = _NUMBER.findall(written)
    years = [int(number) for number in numbers if len(number) == 4]
    whole = len(numbers) == 3 or any(letter.isalpha() for letter in written.replace("de", ""))
    others = [int(number) for number in numbers if len(number) < 4]
    if not whole or len(numbers) < 2 or any(len(number) == 3 for number in numbers):
        return False
    if years:
        return today.year - _OLDEST <= years[0] <= today.year and all(1 <= one <= 31 for one in others)
    # Two figures for a year belong to this century or to the last, and either may be a life.
    return all(1 <= one <= 31 for one in others[:-1])
