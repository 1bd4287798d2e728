"""A list of phrases is checked whole: each fault is told with its line and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.concern import ConcernError, ConcernList, load_list, load_screener, try_sentences
from analysis.concern.phrases import PhraseError, Row, group, longest, parse, shortest, spellings
from analysis.concern.repair import fold, words

GOOD = """language: xx
name: Test
reviewers: []
groups:
  kin: dad~, (step | foster) dad
about_me: me
negations: {near: not, far: nobody}
concerns:
  - {category: suicide, band: P1, phrases: [want to die], sentences: [i want to die]}
  - {category: self-harm, band: P1, phrases: [cut~ myself], sentences: [cutting myself]}
  - {category: sexual-harm, band: P1, phrases: [raped], sentences: [raped]}
  - {category: physical-harm, band: P1, phrases: ["<kin> ..2 hit~ [on] me"], sentences: [my foster dad has hit me]}
  - {category: staff-harm, band: P1, phrases: [teach* hit~ me], sentences: [teachers hit me]}
  - {category: immediate-danger, band: P1, phrases: [(call | ring) 999], sentences: [ring 999]}
  - {category: neglect, band: P2, phrases: [not fed], sentences: [not fed]}
lowered:
  - {sentence: dad has not hit me, band: P2, because: negated}
no_flag: [hello]
"""


def load(tmp_path: Path, text: str) -> ConcernList:
    (tmp_path / "xx.yaml").write_text(text, encoding="utf-8")
    return load_list(tmp_path / "xx.yaml")


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConcernError) as caught:
        load(tmp_path, text)
    return str(caught.value).splitlines()


def test_a_good_list_is_read_and_does_what_it_says(tmp_path: Path) -> None:
    one = load(tmp_path, GOOD)
    assert (one.language, one.reviewed, len(one.phrases), len(one.sentences)) == ("xx", False, 7, 9)
    assert list(try_sentences(load_screener(tmp_path), one)) == []


def test_a_sentence_that_is_read_otherwise_is_told_with_its_line(tmp_path: Path) -> None:
    bad = GOOD.replace("sentences: [not fed]", "sentences: [well fed]").replace("[hello]", "[i want to die]")
    one = load(tmp_path, bad.replace("dad has not hit me", "dad has hit me"))
    assert [str(fault) for fault in try_sentences(load_screener(tmp_path), one)] == [
        'xx.yaml, line 15: "well fed" should give P2 neglect, and gives no flag.',
        'xx.yaml, line 17: "dad has hit me" should give P2 negated, and gives P1 physical-harm (dad has hit me).',
        'xx.yaml, line 18: "i want to die" should give no flag, and gives P1 suicide (want to die).',
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("language: xx", "language: en", 'line 1: the language is "en", but the file is named "xx".'),
        ("name: Test", "nam: Test", 'line 2: no key "nam" here. Did you mean "name"?'),
        ("name: Test\n", "", 'line 1: the key "name" is missing.'),
        ("name: Test", "name: Test\nname: Again", 'line 3: the key "name" stands here twice.'),
        ("reviewers: []", "reviewers: [{who: lead, on: March}]", 'line 3: say on which day, such as on: "2027-03-01".'),
        ("reviewers: []", "reviewers: nobody", "line 3: a list is expected here, each line beginning with a dash."),
        ("category: neglect", "category: neglct", 'line 15: no category "neglct". Did you mean "neglect"?'),
        ("band: P2, phrases", "band: P4, phrases", 'line 15: no band "P4". Known are: P1, P2, P3.'),
        ("because: negated", "because: joke", 'line 17: no reason "joke". Known are: negated, idiom, training.'),
        (
            "phrases: [not fed]",
            "phrases: [not fed, not fed]",
            'line 15: "not fed" stands on line 15 already. Keep one of them.',
        ),
        (
            "phrases: [not fed]",
            "phrases: [not <kn> fed]",
            'line 15: "not <kn> fed": there is no group "kn" at the head of the list.',
        ),
        ("phrases: [not fed]", "phrases: [(not fed]", 'line 15: "(not fed": a bracket is opened and not closed.'),
        ("about_me: me", "about_me: me too", None),
        ("about_me: me", "spellings: {hit: hitt, me: mee mi}", 'line 6: "mee mi" is not one word.'),
        ("sentences: [not fed]", "sentences: []", "line 15: give at least one sentence that must be found."),
        ("sentences: [not fed]", 'sentences: [""]', "line 15: a few words are expected here."),
        ("category: suicide", "category: fear", "line 9: nothing looks for suicide: every list must."),
        ("no_flag: [hello]", "no_flag: [hello", "line 19: the file stops making sense here"),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str | None) -> None:
    assert GOOD.count(old) == 1
    changed = GOOD.replace(old, new)
    if told is None:
        assert load(tmp_path, changed).language == "xx"
    else:
        assert any(fault.startswith(f"xx.yaml, {told}") for fault in faults(tmp_path, changed))


def test_all_faults_of_all_lists_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text(
        GOOD.replace("category: neglect", "category: a").replace("band: P2, b", "band: 2, b")
    )
    (tmp_path / "yy.yaml").write_text("- nothing")
    with pytest.raises(ConcernError) as caught:
        load_screener(tmp_path)
    assert [(one.file, one.line) for one in caught.value.problems][:3] == [
        ("xx.yaml", 15),
        ("xx.yaml", 17),
        ("yy.yaml", 1),
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConcernError, match="the file cannot be read"):
        load_list(tmp_path / "xx.yaml")
    with pytest.raises(ConcernError, match="cannot be read"):
        load_list(tmp_path / "none.yaml")
    (tmp_path / "xx.yaml").write_text("a" * 1_000_001)
    with pytest.raises(ConcernError, match="too large"):
        load_list(tmp_path / "xx.yaml")
    (tmp_path / "xx.yaml").write_text("")
    with pytest.raises(ConcernError, match="expected"):
        load_list(tmp_path / "xx.yaml")


def test_a_folder_without_lists_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConcernError, match="there is no list of phrases"):
        load_screener(tmp_path)


def row(phrase: str) -> Row:
    kin = group([parse("dad~", {}, folded), parse("step dad", {}, folded)])
    return parse(phrase, {"kin": kin}, folded)


def folded(text: str) -> list[str]:
    return words(fold(text))


@pytest.mark.parametrize(
    ("phrase", "least", "most", "stands_for"),
    [
        ("hit me", 2, 2, {"hit me"}),
        ("Don't HÍT", 2, 2, {"dont hit"}),
        ("hit ..3 me", 2, 5, {"hit me"}),
        ("[really] (hit | kick [out]) me", 2, 4, {"hit me", "really kick out me", "kick me", "kick out me"}),
        ("<kin> left", 2, 3, {"dads left", "step dad left"}),
        ("kopn* me", 2, 2, set()),
    ],
)
def test_a_phrase_stands_for_rows_of_words(phrase: str, least: int, most: int, stands_for: set[str]) -> None:
    read = row(phrase)
    assert (shortest(read), longest(read)) == (least, most)
    assert stands_for <= {" ".join(way) for way in spellings(read, 100)}


def test_a_phrase_that_stands_for_too_much_is_not_spelt_out() -> None:
    assert spellings(row("(a | b | c) (a | b | c) (a | b | c)"), 26) == []


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("", "has no words"),
        ("..3", "has no words"),
        ("..3 hit", "begins or ends with a gap"),
        ("hit ..9 me", "a gap is 1 to 6 words, not 9"),
        ("[hit]", "can be nothing at all"),
        ("hit) me", 'the sign ")" is not expected here'),
        ("hit | me", 'the sign "|" is not expected here'),
        ("(hit | ) me", "one of the choices is empty"),
        ("(hit me", "a bracket is opened and not closed"),
        ("(hit]", 'the sign "]" is not expected here'),
        ("<kin", 'the sign "<" is not expected here'),
        ("self-harm", '"self-harm" is not one word'),
        ("!? me", '"!?" is not one word'),
        ("a* me", "a beginning needs two letters or more"),
        ("hit" + " ..6 me" * 7, "may take 50 words; the most is 40"),
        ("<nan> hit", 'there is no group "nan"'),
    ],
)
def test_a_phrase_that_cannot_be_read_is_told(phrase: str, told: str) -> None:
    with pytest.raises(PhraseError) as caught:
        row(phrase)
    assert told in str(caught.value)
