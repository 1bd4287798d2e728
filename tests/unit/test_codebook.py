"""A codebook is read whole or refused with every fault named, and its hints match as a person would expect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from analysis.codebook import Code, Codebook, CodebookError, Flag, load

CODEBOOKS = Path(__file__).resolve().parents[2] / "surveys" / "codebooks"

SMALL = """
codebook: small
version: "0.10"
title: A small codebook
language: en
frames:
  - {code: ND-U, name: understanding, kind: need}
themes:
  - theme: B
    name: Being heard
    frames: [ND-U]
    codes:
      - code: B1
        name: Listened to
        definition: Given time and attention
        invented_examples: ["he wrote what I actually said"]
        frames: [ND-U]
        hints: [listen, "no", what's the point, tick box, translat*, bully, list]
      - code: B2
        name: Acted on
        definition: Something changed
        frames: [ND-U]
        hints: [changed]
        retired_on: "2027-04-01"
        replaced_by: [B1]
flags:
  - flag: X-THIN
    name: Thin
    use: nothing in it
    what_happens: Kept in the base
    whole_answer: "true"
    hints: [fine, n/a, thanks]
report_rows:
  - {frame: ND-U, codes: [B1]}
routing:
  - {group: PPL, codes: [B1, B2]}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Codebook:
    return load(write(tmp_path, SMALL))


@pytest.fixture(scope="module")
def voice() -> Codebook:
    return load(CODEBOOKS / "voice.yaml")


@pytest.fixture(scope="module")
def training() -> Codebook:
    return load(CODEBOOKS / "training.yaml")


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(CodebookError) as caught:
        load(write(folder, text))
    return [str(problem) for problem in caught.value.problems]


# The two codebooks that ship


def test_the_voice_codebook_holds_the_whole_framework(voice: Codebook) -> None:
    assert (voice.id, voice.version, voice.language) == ("voice", "0.1", "en")
    assert "".join(theme.code for theme in voice.themes) == "ABCDEFGHIJLM"
    assert len(voice.codes) == 72
    assert [flag.code for flag in voice.flags] == [
        *("X-SAFE", "X-ID", "X-COMP", "X-STAFF", "X-EQ", "X-SURV", "X-TR", "X-THIN", "X-NONE", "X-NEW", "X-PROXY")
    ]
    assert {frame.code for frame in voice.frames.values() if frame.kind == "need"} == {
        *("ND-V", "ND-U", "ND-S", "ND-R", "ND-I", "ND-E", "ND-P", "ND-A")
    }


def test_a_code_reads_as_the_framework_words_it(voice: Codebook) -> None:
    code = voice.lookup("B2")
    assert isinstance(code, Code)
    assert code.name == "Acted on"
    assert code.theme == "B"
    assert code.definition == "Something changed because of what was said"
    assert code.include == "Requests met, plan changed"
    assert code.exclude == "Change with no link to voice → G4"
    assert code.examples == ("I said I hated the taxi and they sorted it",)
    assert code.frames == ("ND-U", "P1", "P4")


def test_the_training_codebook_holds_theme_t(training: Codebook) -> None:
    assert [theme.code for theme in training.themes] == ["T"]
    assert len(training.codes) == 22
    code = training.lookup("T4d")
    assert isinstance(code, Code)
    assert code.frames == ("TR-4", "AR-L")
    assert {"BARRIER", "DRIVER", "NEEDS", "COMMIT", "EVID"} <= set(training.frames)
    assert training.routing["Executive"] == ("T4d",)


def test_every_row_of_the_cross_walk_is_there(voice: Codebook) -> None:
    assert voice.rows["ND-I"] == ("E1", "E2", "E3", "E4", "M5")
    assert voice.rows["PRI-CE"] == ("J2", "J3", "J4", "J7", "J9", "B4", "D2", "L6")
    assert voice.routing["CEDG"][-2:] == ("J1", "J5")


@pytest.mark.parametrize("name", ["voice", "training"])
def test_every_code_has_hints_and_an_example_and_frames(name: str) -> None:
    for code in load(CODEBOOKS / f"{name}.yaml").codes:
        assert len(code.hints) >= 2, code.code
        assert code.examples, code.code
        assert code.frames, code.code


@pytest.mark.parametrize("name", ["voice", "training"])
def test_the_files_say_that_examples_are_invented_and_hints_never_counted(name: str) -> None:
    head = (CODEBOOKS / f"{name}.yaml").read_text(encoding="utf-8").split("\ncodebook:")[0]
    assert "all invented" in head
    assert "never for counts" in head
    assert "English only" in head


def test_the_worked_example_of_the_framework(voice: Codebook) -> None:
    text = "more lights near the bus station and stop asking us every year if nothing happens"
    assert {match.code for match in voice.matches(text)} == {"J1", "M7", "B3"}


# Looking up and matching


def test_lookup_gives_codes_and_flags_and_helps_with_a_mistype(small: Codebook) -> None:
    assert isinstance(small.lookup("B1"), Code)
    assert isinstance(small.lookup("X-THIN"), Flag)
    with pytest.raises(KeyError, match=r'no code "X-THING".*Did you mean "X-THIN"'):
        small.lookup("X-THING")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("They LISTENED", "listen"),
        ("listening is good", "listen"),
        ("he was bullied", "bully"),
        ("stop the bullying", "bully"),
        ("bul\u200blies", "bully"),
        ("what\u2019s the point", "what's the point"),
        ("whats the point of it", "what's the point"),
        ("just ticking boxes", "tick box"),
        ("tick-box exercise", "tick box"),
        ("my translator left", "translat*"),
        ("a long list", "list"),
        ("no", "no"),
    ],
)
def test_a_hint_is_found_as_people_write_it(small: Codebook, text: str, phrase: str) -> None:
    assert ("B1", phrase) in small.matches(text)


@pytest.mark.parametrize(
    "text",
    ["realist", "glisten", "nothing", "ticket box office", "the box ticked", "what is the", "tick", "mistranslate"],
)
def test_a_hint_is_not_found_inside_other_words_or_out_of_order(small: Codebook, text: str) -> None:
    assert small.matches(text) == ()


@pytest.mark.parametrize(
    ("text", "thin"), [("fine", True), ("Fine, thanks!", True), ("N/A", True), ("fine weather", False)]
)
def test_hints_for_the_whole_answer_do_not_match_a_part_of_it(small: Codebook, text: str, thin: bool) -> None:
    assert any(match.code == "X-THIN" for match in small.matches(text)) is thin


def test_a_retired_code_stays_to_be_read_and_is_no_longer_found(small: Codebook) -> None:
    code = small.lookup("B2")
    assert isinstance(code, Code)
    assert (code.retired_on, code.replaced_by) == (date(2027, 4, 1), ("B1",))
    assert small.matches("it changed") == ()


@pytest.mark.parametrize(
    "text",
    ["", "\U0001f622", "a" * 65_536, "tick " * 13_000, "bully " * 11_000, "\u202e" * 65_536, "\ud83d", "' OR '1'='1"],
)
def test_hostile_text_is_only_text(voice: Codebook, text: str) -> None:
    assert all(voice.lookup(match.code) for match in voice.matches(text))
    assert len(voice.matches(text)) < 5


# Reading the file


def test_everything_in_the_file_is_text(small: Codebook) -> None:
    assert small.version == "0.10"
    code = small.lookup("B1")
    assert isinstance(code, Code)
    assert "no" in code.hints


def test_every_fault_is_named_at_once_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """\
        codebook: small
        version: "1"
        titel: Oops
        language: en
        frames:
          - {code: ND-U, name: understanding, kind: neeed}
        themes:
          - theme: B
            name: Being heard
            codes:
              - code: B1
                name: Listened to
                definition: Given time
                frames: [ND-X]
                hintz: [listen]
              - code: B1
                name: ""
                definition: Something changed
                frames: [ND-U]
                hints: ["!!", listen, listen]
              - code: C3
                name: Astray
                definition: In the wrong theme
                frames: [ND-U]
                retired_on: next year
              - just words
        flags:
          - {flag: SAFE, name: Harm, what_happens: Read first, whole_answer: "yes"}
        routing:
          - {group: PPL, codes: [B9]}
        """,
    )
    assert found == [
        'small.yaml, line 1: "title" is missing.',
        'small.yaml, line 3: no key "titel" here. Did you mean "title"?',
        'small.yaml, line 6: no kind of frame "neeed". Did you mean "need"?',
        'small.yaml, line 14: no frame "ND-X". Did you mean "ND-U"?',
        'small.yaml, line 15: no key "hintz" here. Did you mean "hints"?',
        'small.yaml, line 16: "B1" is already used on line 11: name this one anew.',
        'small.yaml, line 17: "name" must be words, and not empty.',
        'small.yaml, line 20: the hint "!!" has no letters or digits to look for.',
        'small.yaml, line 20: "listen" is in this list twice.',
        'small.yaml, line 21: code "C3" stands in theme B, so it must begin with B.',
        'small.yaml, line 25: "retired_on" must be a date such as "2027-04-01".',
        "small.yaml, line 26: here should stand keys and values: code, name, definition, frames.",
        'small.yaml, line 28: no answer to "whole_answer" "yes".',
        'small.yaml, line 28: "SAFE" cannot be a flag: write it like X-SAFE.',
        'small.yaml, line 30: no code "B9". Did you mean "B1"?',
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "here should stand keys and values"),
        ("just a sentence", "here should stand keys and values"),
        ("codebook: [unclosed", "stops making sense"),
        ("a: &x [1]\nb: *x\n", "no aliases"),
        ("codebook: one\ncodebook: two\n", '"codebook" is given twice'),
        ("themes: B1\n", '"themes" must be a list'),
        ("!!python/object/apply:os.system ['true']\n", "here should stand keys and values"),
        ("[" * 100_000, "cannot be read"),
    ],
    ids=["empty", "sentence", "unclosed", "alias", "twice", "not a list", "object", "deep"],
)
def test_a_file_that_is_no_codebook_is_refused_in_the_same_way(tmp_path: Path, text: str, fault: str) -> None:
    assert any(fault in problem for problem in problems(tmp_path, text))


def test_a_file_that_is_missing_or_not_text_is_refused_in_the_same_way(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"gone\.yaml, line 1: the file cannot be read"):
        load(tmp_path / "gone.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00codebook")
    with pytest.raises(CodebookError, match=r"bytes\.yaml, line 1: the file cannot be read"):
        load(tmp_path / "bytes.yaml")
    (tmp_path / "large.yaml").write_text("#" * 1_000_001, encoding="utf-8")
    with pytest.raises(CodebookError, match="too large"):
        load(tmp_path / "large.yaml")


def test_a_replacement_without_a_date_is_refused(tmp_path: Path) -> None:
    text = SMALL.replace('        retired_on: "2027-04-01"\n', "")
    assert any('give "retired_on" too' in problem for problem in problems(tmp_path, text))
