"""Measure redaction: how many generated identifiers it finds, what it finds in ordinary comments, and its worst time.

Run it by hand: `python -m tests.benchmarks.redact`. Asserts nothing; prints figures, and every identifier it missed.
The identifiers are made from a fixed seed, with check digits that fit, in the ways people write them, and stand in
invented sentences in eight languages. Invented sentences are kinder than people: take the recall as the upper end.
"""

from __future__ import annotations

import csv
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from stdnum.gb import nhs, upn

from analysis.redact import KINDS, find
from tests.benchmarks.accuracy import LANGUAGES

SEED, EACH = 20261125, 60
TODAY = date(2026, 11, 25)
DATA = Path(os.environ.get("FEEDBACK_BENCH_DATA", "../shared/data"))

# Where an identifier stands. The first part of each pair is the language.
SENTENCES = (
    ("en", "you can get me on {} after school"),
    ("en", "Please write to {}, nobody answers me."),
    ("en", "i told them {} and they wrote it down wrong"),
    ("en", "It said {}. That is mine."),
    ("en", "my mums one is {} thanks"),
    ("pl", "Mój to {}, proszę o kontakt."),
    ("sk", "Môžete ma nájsť tu: {} po škole"),
    ("cs", "Zapsali si {} a nikdo se neozval."),
    ("ro", "Al meu este {}, vă rog."),
    ("ur", "میرا یہ ہے {} اسکول کے بعد"),
    ("ar", "هذا لي {} بعد المدرسة"),
    ("ckb", "ئەمە هی منە {} دوای قوتابخانە"),
)
BIRTHS = {
    "en": ("I was born on {}", "my dob is {}", "my birthday is {} and nobody came", "they got {} wrong on the form"),
    "pl": ("urodziłam się {} w Polsce",),
    "sk": ("narodila som sa {} v Košiciach",),
    "cs": ("narodil jsem se {} v Brně",),
    "ro": ("sunt născut pe {} în Arad",),
    "ur": ("میری پیدائش {} کی ہے",),
    "ar": ("تاريخ الميلاد {} في البصرة",),
    "ckb": ("لەدایک بووم لە {} لە هەولێر",),
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WORDS = (
    "amina", "kuba", "leo", "zara", "tomas", "ioana", "dilan", "sami", "ruby", "noor", "jack", "maja",
)  # fmt: skip
STREETS = (
    "Acacia", "Park", "Church", "Station", "Mill", "High", "Victoria", "St Mary's", "Old Oak", "Queen's",
)  # fmt: skip
STREET_KINDS = (
    "Street", "Road", "Avenue", "Lane", "Close", "Drive", "Crescent", "Way", "Gardens", "Terrace", "St", "Rd", "Ave",
    "Court", "Grove",
)  # fmt: skip
AREAS = (
    "BL", "M", "LS", "EC1A", "SW1A", "OL", "WN", "B", "S", "NE", "CF",
)  # fmt: skip
FOREIGN = ("+48 5{n:08d}", "+421 9{n:08d}", "+420 6{n:08d}", "+40 7{n:08d}", "+92 3{n:09d}", "+964 75{n:08d}")
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def phone(dice: random.Random) -> str:
    """A British number in one of the ways they are written, or one of another country."""
    if dice.random() < 0.2:
        return dice.choice(FOREIGN).format(n=dice.randrange(10**8))
    digits = (
        f"07{dice.choice('34578')}{dice.randrange(10**8):08d}"
        if dice.random() < 0.7
        else (f"0{dice.choice(('161', '113', '204', '121'))}{dice.randrange(2, 9)}{dice.randrange(10**6):06d}")
    )
    mark = dice.choice((" ", "-", ".", "", ""))
    cut = dice.choice(((5,), (5, 8), (4, 7), (3, 7)))
    parts = [digits[i:j] for i, j in zip((0, *cut), (*cut, len(digits)), strict=True)]
    written = mark.join(parts)
    way = dice.random()
    if way < 0.2:
        written = dice.choice(("+44 ", "+44", "0044 ", "+44 (0)")) + written[1:]
    elif way < 0.3:
        written = written.translate(EASTERN)
    elif way < 0.35:
        written = " ".join(digits)
    return written


def email(dice: random.Random) -> str:
    name = dice.choice(WORDS) + dice.choice(("", ".", "_", "-")) + dice.choice(WORDS) + str(dice.randrange(100))
    host = dice.choice(("gmail.com", "mail.example.org", "school.sch.uk", "wp.pl", "seznam.cz", "o2.co.uk"))
    if dice.random() < 0.15:
        return f"{name} at {host.replace('.', ' dot ')}"
    return f"{name}@{host}" if dice.random() < 0.8 else f"{name}@{host}".title()


def postcode(dice: random.Random) -> str:
    area = dice.choice(AREAS)
    first = area if len(area) > 2 else f"{area}{dice.randrange(1, 30)}"
    letters = "".join(dice.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
    written = first + dice.choice((" ", "", "  ")) + f"{dice.randrange(10)}{letters}"
    return written.lower() if dice.random() < 0.4 else written


def nhs_number(dice: random.Random) -> str:
    while True:
        digits = f"{dice.choice('4567')}{dice.randrange(10**9):09d}"
        if nhs.is_valid(digits):
            mark = dice.choice((" ", "-", "", "."))
            written = mark.join((digits[:3], digits[3:6], digits[6:]))
            return written.translate(EASTERN) if dice.random() < 0.1 else written


def pupil_number(dice: random.Random) -> str:
    rest = f"{dice.choice((350, 380, 801, 821, 936))}{dice.randrange(10**9):09d}"
    if dice.random() < 0.2:
        rest = rest[:-1] + dice.choice("ABCDEFGHJKLMNPQRTUVWXYZ")
    number = upn.calc_check_digit(rest) + rest
    written = number.lower() if dice.random() < 0.3 else number
    return written if dice.random() < 0.8 else f"{written[:4]} {written[4:8]} {written[8:]}"


def birth_date(dice: random.Random) -> str:
    day = TODAY - timedelta(days=dice.randrange(365 * 4, 365 * 60))
    month = MONTHS[day.month - 1]
    written = dice.choice(
        (
            f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day:%y}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}",
            f"{day:%Y-%m-%d}", f"{day.day} {month} {day.year}", f"{day.day}th of {month} {day.year}",
            f"{month} {day.day}, {day.year}", f"{day.day} {month[:3].lower()} {day:%y}", f"{day:%d %m %Y}",
        )
    )  # fmt: skip
    return written.translate(EASTERN) if dice.random() < 0.1 else written


def handle(dice: random.Random) -> str:
    name = dice.choice(WORDS) + dice.choice(("_", ".", "")) + str(dice.randrange(10, 3000))
    plain = dice.choice(WORDS)
    return dice.choice(
        (f"@{name}", f"@{plain}_x", f"my snap is {name}", f"insta: {plain}", f"tiktok {name}", f"Snapchat - {name}",
         f"my xbox gamertag is {name}", f"add me on discord {name}")
    )  # fmt: skip


def url(dice: random.Random) -> str:
    name = dice.choice(WORDS)
    return dice.choice(
        (f"https://www.example.org/{name}?x=1", f"http://{name}.example.net", f"www.{name}.co.uk/me",
         f"instagram.com/{name}",         f"bit.ly/{name}9", f"{name}.github.io/page")
    )  # fmt: skip


def address(dice: random.Random) -> str:
    street = (
        f"{dice.randrange(1, 300)}{dice.choice(('', '', 'a', 'B'))} {dice.choice(STREETS)} {dice.choice(STREET_KINDS)}"
    )
    written = dice.choice((street, street, f"Flat {dice.randrange(1, 40)}", f"flat {dice.randrange(1, 9)}b, {street}"))
    return written.lower() if dice.random() < 0.3 else written


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "phone": phone, "email": email, "postcode": postcode, "nhs-number": nhs_number, "upn": pupil_number,
    "birth-date": birth_date, "handle": handle, "url": url, "address": address,
}  # fmt: skip


def generated() -> list[tuple[str, str, str, str]]:
    """Kind, identifier, language and sentence of every generated case; always the same."""
    dice, made = random.Random(SEED), []
    for kind, maker in MAKERS.items():
        for turn in range(EACH):
            language, sentence = SENTENCES[turn % len(SENTENCES)]
            if kind == "birth-date":
                sentence = dice.choice(BIRTHS[language])
            what = maker(dice)
            made.append((kind, what, language, sentence.format(what)))
    return made


def hostile() -> dict[str, str]:
    """Texts of 64 KiB that are made to be slow."""
    units = (
        "a", "1", "1 ", "0-", "1.", "12/", "+1", "(", "@", "a@", "a.", "www.", "http://", "one ", "A ", "b Aa ", "a'",
        "mr a ", "called ", "snap is ", "born 1/1 ", "1 jan ", "1 a street ", " st", "b1 1a ", "flat 1 ", "ul. a a a ",
        " @ a . ", "number 12345 ", "1\u200b", "é", "١ ", "a\u0301", "07700900123 ", "A80120000500 ", "5a-5a ", "\n",
        "\u202e",
    )  # fmt: skip
    texts = {repr(unit): unit * (65536 // len(unit.encode())) for unit in units}
    texts["numbers, all different"] = " ".join(f"{number:09d}" for number in range(6500))
    texts["one of each, again and again"] = " ".join(text for _, _, _, text in generated())[:60000]
    return texts


def main() -> None:
    """Print recall by kind with what was missed, false finds, and the worst time."""
    _recall()
    _false_finds()
    _slowest()


def _recall() -> None:
    found, certain, missed = Counter[str](), Counter[str](), []
    cases = generated()
    for kind, what, language, text in cases:
        start = text.index(what)
        # Of a handle only the name must go, of all others every letter and digit.
        begins = max(what.rfind(" ") + 1, 0) if kind == "handle" else 0
        letters = {start + at for at, letter in enumerate(what) if at >= begins and letter.isalnum()}
        spans = [one for one in find(text, language, today=TODAY) if one.kind == kind]
        covered = letters <= {at for one in spans for at in range(one.start, one.end)}
        found[kind] += covered
        certain[kind] += covered and letters <= {at for one in spans if one.certain for at in range(one.start, one.end)}
        if not covered:
            missed.append((kind, language, text))
    print(f"{len(cases)} generated identifiers (seed {SEED}), {EACH} of each kind, in {len(BIRTHS)} languages")
    print(f"{'kind':12} found  of them certain")
    for kind in MAKERS:
        print(f"{kind:12} {found[kind] / EACH:5.3f}  {certain[kind] / EACH:5.3f}")
    print(f"{'all':12} {found.total() / len(cases):5.3f}  {certain.total() / len(cases):5.3f}")
    print(f"Missed, {len(missed)}:")
    for kind, language, text in missed:
        print(f"  {kind} ({language}): {text}")


def _false_finds() -> None:
    file = DATA / "comments" / "multi_label.csv"
    if not file.exists():
        print(f"\nNo comments at {file}: set FEEDBACK_BENCH_DATA to a folder that holds comments/multi_label.csv.")
        return
    with file.open(encoding="utf-8-sig", newline="") as opened:
        texts = [("en", row["text"]) for row in csv.DictReader(opened)]
    _print_finds("ordinary comments about the NHS", texts)
    news = []
    for language, code in LANGUAGES.items():
        with (DATA / "languages" / f"{code}.train.tsv").open(encoding="utf-8", newline="") as opened:
            news += [(language, row["text"]) for row in csv.DictReader(opened, delimiter="\t")]
    _print_finds("sentences of news and travel in eight languages", news)


def _print_finds(name: str, texts: list[tuple[str, str]]) -> None:
    with_any, shown = Counter[tuple[str, bool]](), {}
    for language, text in texts:
        spans = find(text, language, today=TODAY)
        for key in {(span.kind, span.certain) for span in spans}:
            with_any[key] += 1
        for span in spans:
            shown.setdefault((span.kind, span.certain), []).append(text[span.start : span.end])
    print(f"\nFound in {len(texts)} {name} (some are real: dates of visits, numbers of offices):")
    for kind in KINDS:
        for certain in (True, False):
            if with_any[kind, certain]:
                some = ", ".join(shown[kind, certain][:8])
                how = "certain" if certain else "for a person to decide"
                print(f"  {kind}, {how}: in {with_any[kind, certain]} texts ({some})")


def _slowest() -> None:
    times = []
    for name, text in hostile().items():
        took = []
        for _ in range(5):
            start = time.process_time()
            find(text, "pl", today=TODAY)
            took.append(time.process_time() - start)
        times.append((1000 * min(took), name))
    print("\nSlowest of the texts of 64 KiB made to be slow (least processor time of five runs):")
    for took_ms, name in sorted(times, reverse=True)[:5]:
        print(f"  {took_ms:5.1f} ms  {name}")


if __name__ == "__main__":
    main()
