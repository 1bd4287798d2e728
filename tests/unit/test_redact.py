"""What tells who somebody is goes, in any spacing and script; names are for a person to decide; all of it is quick."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.redact import KINDS, Kind, Span, find, numbers, reading, scrub

TODAY = date(2026, 11, 25)

CERTAIN = [
    ("ring me on 07700 900123", "07700 900123", "phone"),
    ("my mum is 07700-900-123.", "07700-900-123", "phone"),
    ("0161.496.0123 is the school", "0161.496.0123", "phone"),
    ("(0161) 496 0123", "(0161) 496 0123", "phone"),
    ("+44 (0)7700 900123 or text", "+44 (0)7700 900123", "phone"),
    ("0 7 7 0 0 9 0 0 1 2 3", "0 7 7 0 0 9 0 0 1 2 3", "phone"),
    ("\u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663", None, "phone"),
    ("0770\u200b0 90\u20600123", None, "phone"),
    ("\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13", None, "phone"),
    ("zero seven seven double oh nine double zero one two three", None, "phone"),
    ("0161 496 0123 ext 45", "0161 496 0123 ext 45", "phone"),
    ("+48 512 345 678", "+48 512 345 678", "phone"),
    ("mail Sam.O'Neil+x@school.sch.uk please", "Sam.O'Neil+x@school.sch.uk", "email"),
    ("mail sam at mail dot com", "sam at mail dot com", "email"),
    ("sam (at) mail.co.uk", "sam (at) mail.co.uk", "email"),
    ("we live in BL1 4AP now", "BL1 4AP", "postcode"),
    ("ec1a1bb", "ec1a1bb", "postcode"),
    ("number 943 476 5870", "943 476 5870", "nhs-number"),
    ("943-476-5870", "943-476-5870", "nhs-number"),
    ("nhs 943 476 5871", "943 476 5871", "nhs-number"),
    ("B801200005001", "B801200005001", "upn"),
    ("upn: B8012 0000 5002", "B8012 0000 5002", "upn"),
    ("on 12/05/2010", "12/05/2010", "birth-date"),
    ("2010-05-12", "2010-05-12", "birth-date"),
    ("12.5.10", "12.5.10", "birth-date"),
    ("3rd May 2011", "3rd May 2011", "birth-date"),
    ("May 3, 2011", "May 3, 2011", "birth-date"),
    ("urodziłam się 3 maja", "3 maja", "birth-date"),
    ("my birthday is 3 May", "3 May", "birth-date"),
    ("born in 2012", "2012", "birth-date"),
    ("dob 030511", "030511", "birth-date"),
    ("ask @joe.b_1 about it", "@joe.b_1", "handle"),
    ("my snap is kid_99", "kid_99", "handle"),
    ("insta: amina", "amina", "handle"),
    ("see https://example.org/a?b=c.", "https://example.org/a?b=c", "url"),
    ("it is on discord.gg/abc", "discord.gg/abc", "url"),
    ("I live at 14a Acacia Avenue", "14a Acacia Avenue", "address"),
    ("we moved to 9 long lane", "9 long lane", "address"),
    ("Flat 3 is ours", "Flat 3", "address"),
    ("mieszkam ul. Długa 15", "ul. Długa 15", "address"),
]


@pytest.mark.parametrize(("text", "what", "kind"), CERTAIN, ids=[text for text, _, _ in CERTAIN])
def test_it_is_found_and_goes(text: str, what: str | None, kind: Kind) -> None:
    what = what or text
    (found,) = (span for span in find(text, "pl", today=TODAY) if span.certain)

    assert (text[found.start : found.end], found.kind) == (what, kind)
    assert scrub(text, [found]) == text.replace(what, f"[{kind}]")


@pytest.mark.parametrize(
    "text",
    [
        "it took 5 minutes walk to the park on the way",
        "I was put at ease. He was kind",
        "it opens 9.30-10.30 and costs £1,250",
        "the years 2019 2020 2021 were hard",
        "we waited 20 30 times, 100% bored",
        "year 7 to year 11",
        "the war ended in 1945, on 12/05/1901",
        "1 in 3 of us, 24/7",
        "",
        "no",
    ],
)
def test_ordinary_words_and_numbers_stay(text: str) -> None:
    assert find(text, today=TODAY) == ()


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("My name is amina and I am ten", ["amina"], "en"),
        ("my teacher Mrs Khan said no", ["Mrs Khan"], "en"),
        ("a boy called Tom hit me. Tom is mean", ["Tom", "Tom"], "en"),
        ("he told Zosia-Maria about it", ["Zosia-Maria"], "en"),
        ("mam na imię Kasia Nowak", ["Kasia Nowak"], "pl"),
        ("volám sa Jana", ["Jana"], "sk"),
        ("mă numesc Ion", ["Ion"], "ro"),
        ("میرا نام احمد ہے", ["احمد"], "ur"),
        ("i miss my dad on Monday", [], "en"),
    ],
)
def test_a_name_is_pointed_out_and_a_person_decides(text: str, words: list[str], language: str) -> None:
    found = find(text, language, today=TODAY)

    assert [text[span.start : span.end] for span in found] == words
    assert {(span.kind, span.certain) for span in found} <= {("name", False)}


def test_a_number_of_the_languages_own_country_is_known() -> None:
    assert [span.certain for span in find("512 345 678", "pl")] == [True]
    assert [span.certain for span in find("512 345 678", "en")] == [False]


def test_a_long_number_that_is_nothing_known_is_for_a_person_to_decide() -> None:
    assert [(span.kind, span.certain) for span in find("reference 1234567890123456")] == [("phone", False)]


def test_a_year_that_nobody_alive_was_born_in_is_no_birthday() -> None:
    assert find("12/05/1915", today=TODAY) == ()
    assert find("12/05/2031", today=TODAY) == ()
    assert len(find("12/05/1917", today=TODAY)) == 1


def test_finds_that_overlap_become_one() -> None:
    text = "write to www.joe@example.org/07700900123 today"
    (found,) = find(text, today=TODAY)

    assert scrub(text, [found]) == "write to [email] today"


@pytest.mark.parametrize("spans", [[(0, 3), (2, 5)], [(-1, 2)], [(3, 99)], [(2, 2)]])
def test_spans_that_do_not_fit_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="overlaps another or is outside"):
        scrub("hello there", [Span(start, end, "name", False) for start, end in spans])


PIECES = st.sampled_from(
    [text for text, _, _ in CERTAIN] + ["My name is Al", " ", "\u200b", "0", "@", ".", "(", "\u0130"]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("".join))


@settings(deadline=None, database=None, max_examples=300)
@given(TEXTS)
@example("a@b.co" * 3)
@example("\u200b07700900123\u200b")
def test_spans_are_in_order_and_the_copy_keeps_nothing_of_them(text: str) -> None:
    found = find(text, "pl", today=TODAY)

    ends = [0]
    for span in found:
        assert ends[-1] <= span.start < span.end <= len(text)
        assert span.kind in KINDS
        ends.append(span.end)
    kept = [text[start:end] for start, end in zip(ends, [*(span.start for span in found), len(text)], strict=True)]
    copy = scrub(text, found)
    assert [piece for piece in kept if piece not in copy] == []
    assert len(copy) == sum(map(len, kept)) + sum(len(span.kind) + 2 for span in found)


@settings(deadline=None, database=None)
@given(st.lists(st.sampled_from([text for text, _, _ in CERTAIN]), min_size=1, max_size=8))
def test_after_scrubbing_nothing_certain_is_found_again(texts: list[str]) -> None:
    text = " and then, ".join(texts)
    copy = scrub(text, find(text, "pl", today=TODAY))

    assert [copy[one.start : one.end] for one in find(copy, "pl", today=TODAY) if one.certain] == []


def test_a_text_with_more_numbers_than_a_comment_holds_is_masked_whole_from_there() -> None:
    text = "".join(f"call 07700 9{number:05d} now, " for number in range(3000))

    found = find(text, today=TODAY)

    assert found[-1].end == len(text)
    assert found[-1].certain
    assert len(found) <= reading.AT_MOST + 1
    assert "07700" not in scrub(text, found)


def test_the_library_of_phone_numbers_is_asked_only_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    ask = numbers._is_valid

    def counted(number: str, country: str) -> bool:
        asked.append(number)
        return ask(number, country)

    monkeypatch.setattr(numbers, "_is_valid", counted)
    text = " x ".join(f"6{number:08d}" for number in range(5000))

    found = find(text, "pl", today=TODAY)

    assert 0 < len(asked) <= 2 * numbers._ASKED_AT_MOST
    assert found[-1].end == len(text)
