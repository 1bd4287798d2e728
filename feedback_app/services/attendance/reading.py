"""Go through the rows of an attendance list and count; every row that is wrong is told with its line and its reason."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from feedback_app.core.errors import BadFile, Problem, did_you_mean
from feedback_app.services.attendance.cells import HEADINGS, NUMBERS, PERSON, came, cell, day_of, plain, trouble
from feedback_app.services.course_sessions import LONGEST_AGENCY, MOST_PEOPLE, Counted

MOST_ROWS, MOST_BYTES = 100_000, 10 * 1024 * 1024
MOST_NAMED, MOST_LOOKED_FOR = 20, 200  # stretches of lines in a note, and titles whose nearest one is looked for
NO_AGENCY = "Not said"
SAVE_AS = 'In Excel, choose Save As and "CSV UTF-8".'


def spelt(lines: Iterable[int], most: int = MOST_NAMED) -> str:
    """Lines in words: "Line 4", "Lines 2, 5 to 9 and 12"; no more than so many stretches, and how many lines follow."""
    stretches: list[tuple[int, int]] = []
    for line in lines:
        if stretches and line == stretches[-1][1] + 1:
            stretches[-1] = stretches[-1][0], line
        else:
            stretches.append((line, line))
    words = [f"{one:,}" if one == two else f"{one:,} to {two:,}" for one, two in stretches[:most]]
    if more := sum(two - one + 1 for one, two in stretches[most:]):
        words.append(f"{more:,} more")
    told = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
    return f"{'Line' if told.replace(',', '').isdigit() else 'Lines'} {told}"


class BadList(BadFile):
    """An attendance list has rows that cannot be taken. `rows` is how many rows it has, `wrong` how many are wrong."""

    def __init__(self, problems: Iterable[Problem], rows: int = 0, wrong: int = 0) -> None:
        super().__init__(problems)
        self.rows, self.wrong = rows, wrong

    def reasons(self) -> list[str]:
        """Each reason once, with all its lines: a course that is not known is one reason, not a thousand."""
        lines: dict[str, list[int]] = {}
        for problem in self.problems:
            lines.setdefault(problem.what, []).append(problem.line)
        return [f"{spelt(at, len(at))}: {what}" if at[0] else what for what, at in lines.items()]


@dataclass(slots=True)
class Numbers:
    """What a list says of one session."""

    booked: int = 0
    attended: int = 0
    no_shows: int = 0
    agencies: dict[str, int] = field(default_factory=dict)
    people: bool = False  # whether rows were people, so that every booking and absence is counted
    knows_booked: bool = False
    knows_missed: bool = False

    def counted(self) -> Counted:
        """As the session keeps it."""
        return Counted(
            self.booked if self.people or self.knows_booked else None,
            self.attended,
            self.no_shows if self.people or self.knows_missed else None,
            {name: number for name, number in self.agencies.items() if number},
        )


@dataclass(slots=True)
class Taken:
    """What a list came to. `notes` says what a person should know of how it was read."""

    rows: int = 0
    sessions: dict[str, Numbers] = field(default_factory=dict)
    twice: list[int] = field(default_factory=list)  # the lines that say the same of the same person again
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """A session that rows can be of."""

    id: str
    course: str
    title: str
    held_on: date


@dataclass(slots=True)
class Reading:
    """One reading of one list."""

    name: str
    sessions: list[Known]
    only: Known | None
    problems: list[Problem] = field(default_factory=list)
    wrong: int = 0

    def read(self, content: bytes) -> Taken:
        if len(content) > MOST_BYTES:
            self._stop(0, "the file is larger than 10 MB. Split it.")
        lines, odd = self._lines(content)
        rows = self._rows(lines)
        line, headings = next(rows, (1, []))
        columns = self._columns(line, headings)
        held = [(at, cells) for at, cells in rows if any(cell.strip() for cell in cells)]
        if not held:
            self._stop(line, "there is no row under the headings.")
        if len(held) > MOST_ROWS:
            self._stop(0, f"there are more than {MOST_ROWS:,} rows. Split the file.")
        taken = Taken(len(held))
        if odd:
            told = f"{spelt(odd)} {'is' if len(odd) == 1 else 'are'} not UTF-8 and read as Windows text (cp1252)."
            taken.notes.append(f"{told} Look at the names of the agencies.")
        month_first = self._month_first(columns, held, taken)
        self._take(columns, held, month_first, taken)
        if self.problems:
            raise BadList(self.problems, taken.rows, self.wrong)
        if taken.twice:
            says = "says" if len(taken.twice) == 1 else "say"
            told = f"{spelt(taken.twice)} {says} the same of the same person as a line before."
            taken.notes.append(f"{told} Each person was counted once.")
        return taken

    def _stop(self, line: int, what: str) -> None:
        raise BadList([Problem(self.name, line, what)])

    def _lines(self, content: bytes) -> tuple[list[str], list[int]]:
        """The lines as text, and which are not UTF-8: a list that was put together may change its encoding midway."""
        if content.startswith(b"PK\x03\x04"):
            self._stop(0, f"this is a workbook, not a CSV file. {SAVE_AS}")
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return content.decode("utf-16").splitlines(keepends=True), []
            except UnicodeDecodeError:
                self._stop(0, f"this is not text that can be read. {SAVE_AS}")
        lines: list[str] = []
        odd: list[int] = []
        for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True), 1):
            try:
                lines.append(line.decode())
            except UnicodeDecodeError:
                odd.append(number)
                try:
                    lines.append(line.decode("cp1252"))
                except UnicodeDecodeError:
                    self._wrong(number, f"its letters cannot be read. {SAVE_AS}")
                    lines.append(line.decode("latin-1"))
        return lines, odd

    def _rows(self, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
        first = next((line for line in lines if line.strip()), "")
        apart = max((",", ";", "\t"), key=first.count)
        reader = csv.reader(lines, delimiter=apart, strict=True)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self._stop(begins, "a quotation mark is out of place here, so the rows after it cannot be told apart.")
            if any(cells):
                yield begins, cells

    def _columns(self, line: int, headings: list[str]) -> dict[str, int]:
        names = {plain(one): name for name, many in HEADINGS.items() for one in many}
        found: dict[str, int] = {}
        for number, heading in enumerate(headings):
            name = names.get(plain(heading), "")
            if name in found:
                self._wrong(line, f"two columns are both for “{name}”: keep one of them.")
            elif name:
                found[name] = number
        person = any(name in found for name in PERSON)
        if person and "attended" in found and "came" not in found:
            found["came"] = found.pop("attended")
        needed = [] if self.only else ["course", "date"]
        needed += [] if person else ["agency", "attended"]
        missing = [name for name in needed if name not in found]
        if missing or (not person and "agency" not in found):
            near = "".join(did_you_mean(plain(one), names) for one in headings if one and plain(one) not in names)
            what = f"there is no column called {' or '.join(f'“{name}”' for name in missing)}.{near}"
            if not person:
                what += " A list of people needs a column “name”; a list of agencies needs “agency” and “attended”."
            self._wrong(line, what)
        if self.problems:
            raise BadList(self.problems)
        return found

    def _month_first(self, columns: Mapping[str, int], held: list[tuple[int, list[str]]], taken: Taken) -> bool:
        """Whether dates such as 04/03/2024 begin with the month: only when the list itself shows it."""
        if "date" not in columns:
            return False
        day_first = month_first = either = 0
        for _, cells in held:
            found = NUMBERS.fullmatch(cell(cells, columns, "date"))
            if found:
                one, two = int(found[1]), int(found[2])
                day_first += one > 12
                month_first += two > 12
                either += one <= 12 and two <= 12 and one != two
        if month_first and not day_first:
            taken.notes.append("The dates begin with the month, so 03/04/2024 was read as 4 March 2024.")
            return True
        if either and not day_first and self.only is None:
            taken.notes.append("Dates such as 03/04/2024 were read with the day first: 3 April 2024.")
        return False

    def _take(
        self, columns: Mapping[str, int], held: list[tuple[int, list[str]]], month_first: bool, taken: Taken
    ) -> None:
        by_day = {(plain(word), one.held_on): one for one in self.sessions for word in (one.title, one.course)}
        titles = {plain(one.title): one.title for one in self.sessions}
        people = any(name in columns for name in PERSON)
        seen: dict[tuple[str, bytes], str] = {}
        days: dict[str, date | None] = {}
        no_such: dict[str, str] = {}
        for line, cells in held:
            if why := trouble(cells, columns):
                self._wrong(line, why)
                continue
            of = self._session(line, cells, columns, month_first, by_day, titles, days, no_such)
            if of is None:
                continue
            numbers = taken.sessions.setdefault(of.id, Numbers(people=people))
            if people:
                if self._person(line, cells, columns, of, numbers, seen):
                    taken.twice.append(line)
            else:
                self._agency(line, cells, columns, of, numbers, seen)

    def _session(
        self,
        line: int,
        cells: list[str],
        columns: Mapping[str, int],
        month_first: bool,
        by_day: Mapping[tuple[str, date], Known],
        titles: Mapping[str, str],
        days: dict[str, date | None],
        no_such: dict[str, str],
    ) -> Known | None:
        """The session that a row is of; None when it is of none, and the reason is told."""
        title, written = cell(cells, columns, "course"), cell(cells, columns, "date")
        if written not in days:
            days[written] = day_of(written, month_first)
        day = days[written]
        if "date" in columns and day is None and (written or self.only is None):
            order = "the month" if month_first else "the day"
            self._wrong(line, f"this is not a date that begins with {order}, as dates do in this list.")
            return None
        if self.only:
            same_course = not title or plain(title) in (plain(self.only.title), plain(self.only.course))
            if not same_course or (day is not None and day != self.only.held_on):
                self._wrong(line, "this row is of another course or day than the session.")
                return None
            return self.only
        found = by_day.get((plain(title), day)) if day else None
        if found is None and day:
            if plain(title) in titles:
                self._wrong(line, f"there is no session of “{titles[plain(title)]}” on {day:%d/%m/%Y}. Add it first.")
            else:
                if title not in no_such and len(no_such) < MOST_LOOKED_FOR:  # looking takes long
                    no_such[title] = did_you_mean(plain(title), titles)
                self._wrong(line, f"there is no such course here.{no_such.get(title) or ' Add it first.'}")
        return found

    def _person(
        self,
        line: int,
        cells: list[str],
        columns: Mapping[str, int],
        of: Known,
        numbers: Numbers,
        seen: dict[tuple[str, bytes], str],
    ) -> bool:
        """Count one person; tell whether a row before was of the same one."""
        who = [plain(cell(cells, columns, name)) for name in PERSON]
        agency = cell(cells, columns, "agency") or NO_AGENCY
        if not any(who):
            self._wrong(line, "there is no name.")
            return False
        if len(agency) > LONGEST_AGENCY:
            self._wrong(line, f"the agency has more than {LONGEST_AGENCY} letters.")
            return False
        became = came(cell(cells, columns, "came")) if "came" in columns else "came"
        if not became:
            self._wrong(line, "whether this person came is not said in words that are known: write attended or absent.")
            return False
        # Two people of one name in two agencies are two people. An e-mail address is one person, with any name.
        key = of.id, hashlib.sha256("\0".join([who[3]] if who[3] else [*who[:3], plain(agency)]).encode()).digest()
        if key in seen:
            if seen[key] != became:
                self._wrong(line, "a row before says something else of the same person.")
                return False
            return True
        seen[key] = became
        if became != "cancelled":
            numbers.booked += 1
            numbers.no_shows += became == "missed"
        if became == "came":
            numbers.attended += 1
            numbers.agencies[agency] = numbers.agencies.get(agency, 0) + 1
        return False

    def _agency(
        self,
        line: int,
        cells: list[str],
        columns: Mapping[str, int],
        of: Known,
        numbers: Numbers,
        seen: dict[tuple[str, bytes], str],
    ) -> None:
        agency = cell(cells, columns, "agency")
        if not 0 < len(agency) <= LONGEST_AGENCY:
            self._wrong(line, f"name the agency, in {LONGEST_AGENCY} letters or fewer.")
            return
        key = of.id, plain(agency).encode()
        if key in seen:
            self._wrong(line, "this agency stands at this session already. Is it a second row, or a slip?")
            return
        seen[key] = ""
        found: dict[str, int | None] = {}
        for name in ("attended", "booked", "no-shows"):
            written = cell(cells, columns, name)
            if name in columns and not (written.isascii() and written.isdigit() and int(written) <= MOST_PEOPLE):
                if written or name == "attended":
                    self._wrong(line, f"“{name}” has to be a whole number from 0 to {MOST_PEOPLE:,}.")
                    return
                found[name] = None
            else:
                found[name] = int(written) if name in columns else None
        numbers.attended += found["attended"] or 0
        numbers.agencies[agency] = found["attended"] or 0
        numbers.knows_booked |= found["booked"] is not None
        numbers.knows_missed |= found["no-shows"] is not None
        numbers.booked += found["booked"] or 0
        numbers.no_shows += found["no-shows"] or 0

    def _wrong(self, line: int, what: str) -> None:
        self.wrong += 1
        self.problems.append(Problem(self.name, line, what))
