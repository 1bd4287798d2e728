"""What the cells of an attendance list can say: what a column is called, whether somebody came, a date, a formula."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

#: What a column may be called. The first is its own name; letters and numbers are all that is compared.
HEADINGS = {
    "course": ("course", "course title", "training", "course name"),
    "date": ("date", "session date", "day", "course date"),
    "name": ("name", "full name", "participant", "attendee", "delegate", "delegate name"),
    "first name": ("first name", "forename", "given name"),
    "last name": ("last name", "surname", "family name"),
    "e-mail": ("e-mail", "email", "email address", "e-mail address"),
    "agency": ("agency", "organisation", "organization", "employer"),
    "came": ("status", "attendance", "attendance status", "booking status"),
    "attended": ("attended", "number attended", "headcount", "number"),
    "booked": ("booked", "number booked"),
    "no-shows": ("no-shows", "no shows", "noshows", "did not attend", "dna"),
}
PERSON = ("name", "first name", "last name", "e-mail")
CAME = frozenset({"attended", "yes", "y", "present", "came", "complete", "completed", "1", "true"})
MISSED = frozenset({"no", "n", "absent", "did not attend", "dna", "no show", "noshow", "not attended", "0", "false"})
CANCELLED = frozenset({"cancelled", "canceled", "withdrawn", "waiting list", "waitlist"})
BOOKED = frozenset({"booked", "registered", "enrolled"})
RISKY = ("=", "+", "@", "\t", "\r")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?")
NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?")
WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ ,-]*(\d{4}|\d{2})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def plain(text: str) -> str:
    """A heading, a title or a name as it is compared."""
    return " ".join(re.sub(r"[^\w@.+]+", " ", text.casefold()).split())


def cell(cells: list[str], columns: Mapping[str, int], name: str) -> str:
    """The cell of a column, or nothing."""
    at = columns.get(name, -1)
    return cells[at].strip() if 0 <= at < len(cells) else ""


def trouble(cells: list[str], columns: Mapping[str, int]) -> str:
    """Why the cells of a row cannot be taken, or nothing: what begins as a formula may be run by a spreadsheet."""
    for held in (cells[at] for at in columns.values() if at < len(cells)):
        if "\0" in held:
            return "a cell holds a NUL character, which is no text."
        start = held.lstrip(" ")
        if start.startswith(RISKY) or (start.startswith("-") and start.strip("- ")):
            return f"a cell begins with “{start[0]}”, as a formula does. Write what it comes to."
    return ""


def came(written: str) -> str:
    """What became of a booking: came, missed, cancelled or booked; nothing where that is not known."""
    word = plain(written)
    for became, known_words in (("came", CAME), ("missed", MISSED), ("cancelled", CANCELLED), ("booked", BOOKED)):
        if word in known_words:
            return became
    return ""


def day_of(written: str, month_first: bool) -> date | None:
    """The date that is written, or None."""
    typed = written.casefold().strip()
    found = ISO.fullmatch(typed)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := NUMBERS.fullmatch(typed):
            one, two = int(found[1]), int(found[2])
            day, month = (two, one) if month_first else (one, two)
            return date(_year(found[3]), month, day)
        if (found := WORDS.fullmatch(typed)) and found[2][:3] in MONTHS:
            return date(_year(found[3]), MONTHS.index(found[2][:3]) + 1, int(found[1]))
    except ValueError:
        pass
    return None


def _year(written: str) -> int:
    return int(written) + (2000 if len(written) == 2 else 0)
