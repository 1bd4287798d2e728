"""Write an export as an SPSS file (.sav), a row at a time: 100,000 responses need no more memory than one thousand.

pyreadstat writes such a file only from a whole table in memory, made by a package of its own (pandas, polars); so the
format is written here, and pyreadstat reads it back in the tests. Source: PSPP Developers Guide, "System File Format";
version 2, little-endian, UTF-8, with the ordinary row compression.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from feedback_app.services.exports.sheet import Row, Sheet, longest
from feedback_app.services.exports.variables import Value, Variable, variables_of

BIAS = 100  # a small whole number is kept as one byte: itself and this
RAW, SPACES, NONE = 253, 254, 255
SEGMENT, STORED = 255, 256  # a text longer than a segment lies in several, each of them stored in one byte more
COUNTS = 252  # bytes of a long text that a segment counts for, when segments are reckoned
LABEL, VALUE_LABEL = 250, 120  # bytes that SPSS shows
LEAST, LOWEST = -1.7976931348623157e308, -1.7976931348623155e308
NUMBER_FORMAT, TEXT_FORMAT = 5 << 16, 1 << 16
NUMBER_OF_CASES = 80  # where in the file it stands
CUT = "… [cut]"
MISSING = (-9.0, -1.0)


def write_sav(session: Session, sheet: Sheet, found: Iterable[Row], file: Path) -> None:
    """Write the file."""
    variables = variables_of(sheet, longest(session, sheet) if sheet.words else {})
    with file.open("wb") as out:
        _write_head(out, variables, sheet)
        number = _write_cases(out, variables, found)
        out.seek(NUMBER_OF_CASES)
        out.write(struct.pack("<i", number))


def _write_head(out: BinaryIO, variables: tuple[Variable, ...], sheet: Sheet) -> None:
    elements = sum(_size(variable) for variable in variables)
    # No day and no hour: they would say when it was taken, and the audit log does.
    product = b"@(#) SPSS DATA FILE - feedback".ljust(60)
    head = struct.pack("<4s60siiiiid", b"$FL2", product, 2, elements, 1, 0, -1, float(BIAS))
    out.write(head + b"01 Jan 00" + b"00:00:00" + _cut(sheet.held.title, 64).ljust(64) + b"\0" * 3)
    for number, variable in enumerate(variables):
        out.write(_dictionary(variable, number))
    place = 1
    for variable in variables:
        if variable.labels:
            out.write(_value_labels(variable.labels, place))
        place += _size(variable)
    out.write(_information(3, 4, struct.pack("<8i", 20, 0, 0, -1, 1, 1, 2, 65001)))
    out.write(_information(4, 8, struct.pack("<3d", LEAST, -LEAST, LOWEST)))
    named = [f"{_short(number)}={variable.name}" for number, variable in enumerate(variables)]
    out.write(_information(13, 1, "\t".join(named).encode()))
    wide = [f"{_short(n)}={one.width:05}\0\t" for n, one in enumerate(variables) if one.width > SEGMENT]
    if wide:
        out.write(_information(14, 1, "".join(wide).encode()))
    out.write(_information(20, 1, b"UTF-8"))
    out.write(struct.pack("<ii", 999, 0))


def _segments(width: int) -> list[int]:
    """The widths of the segments that a text lies in."""
    if width <= SEGMENT:
        return [width]
    number = -(-width // COUNTS)
    return [*[SEGMENT] * (number - 1), width - (number - 1) * COUNTS]


def _size(variable: Variable) -> int:
    """How many elements of eight bytes it takes."""
    return sum(-(-width // 8) for width in _segments(variable.width)) if variable.width else 1


def _short(number: int, segment: int = 0) -> str:
    """A name of eight letters that nobody sees; each segment needs its own."""
    return f"V{number:05}" if not segment else f"S{(number * 200 + segment):07}"


def _dictionary(variable: Variable, number: int) -> bytes:
    if not variable.width:
        kind = NUMBER_FORMAT | 8 << 8
        missing = any(code < 0 for code in variable.labels)
        return _record(0, variable.label, kind, _short(number), MISSING if missing else ())
    found = b""
    for at, width in enumerate(_segments(variable.width)):
        kind = TEXT_FORMAT | width << 8
        found += _record(width, variable.label if not at else "", kind, _short(number, at), ())
        found += _record(-1, "", TEXT_FORMAT | 29 << 8 | 1, "", ()) * (-(-width // 8) - 1)
    return found


def _record(width: int, label: str, kind: int, name: str, missing: tuple[float, ...]) -> bytes:
    said = _cut(label, LABEL)
    found = struct.pack("<6i8s", 2, width, bool(said), -2 if missing else 0, kind, kind, name.encode().ljust(8))
    if said:
        found += struct.pack("<i", len(said)) + said.ljust(-(-len(said) // 4) * 4)
    return found + struct.pack(f"<{len(missing)}d", *missing)


def _value_labels(labels: Mapping[int, str], place: int) -> bytes:
    found = struct.pack("<ii", 3, len(labels))
    for code, words in labels.items():
        said = _cut(words, VALUE_LABEL)
        held = bytes([len(said)]) + said
        found += struct.pack("<d", float(code)) + held.ljust(-(-len(held) // 8) * 8)
    return found + struct.pack("<3i", 4, 1, place)


def _information(kind: int, size: int, content: bytes) -> bytes:
    return struct.pack("<4i", 7, kind, size, len(content) // size) + content


def _write_cases(out: BinaryIO, variables: tuple[Variable, ...], found: Iterable[Row]) -> int:
    """Write each row, compressed: eight marks of one byte, then the eight bytes of each element that needs them.

    Marks go on from row to row, so what is over waits for the next. Returns how many rows there were.
    """
    marks, raw, done, number = bytearray(), bytearray(), bytearray(), 0
    for row in found:
        for variable in variables:
            for mark, eight in _elements(variable, variable.value(row)):
                marks.append(mark)
                raw += eight
                if len(marks) == 8:
                    done += marks
                    done += raw
                    marks.clear()
                    raw.clear()
        out.write(done)
        done.clear()
        number += 1
    if marks:
        out.write(bytes(marks).ljust(8, b"\0") + raw)
    return number


NOTHING = b""
ONE_NUMBER: dict[float, tuple[tuple[int, bytes], ...]] = {
    float(number): ((number + BIAS, NOTHING),) for number in range(1 - BIAS, 252 - BIAS)
}
NO_NUMBER = ((NONE, NOTHING),)


def _elements(variable: Variable, value: Value) -> Iterable[tuple[int, bytes]]:
    if not variable.width:
        if value is None:
            return NO_NUMBER
        return ONE_NUMBER.get(value) or ((RAW, struct.pack("<d", value)),)  # type: ignore[arg-type]
    return _text(str(value or ""), variable.width)


def _text(words: str, width: int) -> Iterator[tuple[int, bytes]]:
    whole = _cut(words, width)
    segments = _segments(width)
    for at, wide in enumerate(segments):
        size = -(-wide // 8)
        piece = whole[at * SEGMENT : at * SEGMENT + wide]
        for start in range(0, len(piece), 8):
            yield RAW, piece[start : start + 8].ljust(8)
        for _ in range(size - -(-len(piece) // 8)):
            yield SPACES, NOTHING


def _cut(words: str, most: int) -> bytes:
    """The words in at most so many bytes: no letter is cut in two, and a text that is cut says so."""
    whole = words.replace("\0", "").encode()
    if len(whole) <= most:
        return whole
    mark = CUT.encode() if most > 20 else b""
    return whole[: most - len(mark)].decode(errors="ignore").encode() + mark
