"""What a machine can see in a translation: what would harm a page, and what a translator should look at again."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app.i18n.checking import faults, longest_run, other_plurals, suspicions, suspicious
from tests.unit.test_catalogues import HEAD, put

ONE, MORE = "Make it {number} letter.", "Make it {number} letters."


@pytest.mark.parametrize(
    ("english", "words", "wrong"),
    [
        ("Hello {name}", "Ahoj {name}", []),
        ("Hello {name}", "Ahoj", ["leaves out {name}"]),
        ("Hello", "Ahoj {name}", ["adds {name}"]),
        ("Hello {name}", "Ahoj {nam}", ["leaves out {name} and adds {nam}"]),
        ("Press <b>Go</b>", "Stiskni <b>Jdi</b>", []),
        ("Press <b>Go</b>", "Stiskni <i>Jdi</i>", ["has the tags <i> </i> for <b> </b>"]),
        ("Press Go", "Stiskni <b>Jdi", ["has the tags <b> for (none)"]),
        ("Fewer than 5", "Méně < 5", []),
        ("One\nTwo", "Jedna\nDvě", []),
        ("One", "Jedna\0", ["has a letter that cannot be shown"]),
        ("Ring 999", "\u202e999", ["has a letter that cannot be shown"]),
        ("Ring 999", "اتصل \u2066999\u2069 \u200e", []),
    ],
)
def test_what_would_harm_a_page(english: str, words: str, wrong: list[str]) -> None:
    assert list(faults("cs", english, "", (words,))) == wrong


@pytest.mark.parametrize(
    ("code", "forms", "wrong"),
    [
        ("cs", ("{number} písmeno", "{number} písmena", "{number} písmen"), []),
        ("cs", ("jedno písmeno", "{number} písmena", "{number} písmen"), []),
        ("cs", ("{number} písmeno", "písmena", "{number} písmen"), ["leaves out {number}"]),
        ("cs", ("{number} písmeno", "{number} písmen"), ["needs 3 plural forms and has 2"]),
        ("cs", ("{number}", "{number} {x}", "{number}"), ["adds {x}"]),
        ("ar", ("لا حروف", "حرف واحد", "حرفان", "{number} حروف", "{number} حرفًا", "{number} حرف"), []),
        ("ar", ("لا حروف", "حرف واحد", "حرفان", "حروف", "{number} حرفًا", "{number} حرف"), ["leaves out {number}"]),
        ("ur", ("ایک حرف", "{number} حروف"), []),
    ],
)
def test_every_plural_is_there_and_only_a_form_for_one_count_may_say_it_in_words(
    code: str, forms: tuple[str, ...], wrong: list[str]
) -> None:
    assert list(faults(code, ONE, MORE, forms)) == wrong


@pytest.mark.parametrize(
    ("code", "english", "words", "wrong"),
    [
        ("pl", "Go back to your answers", "Wróć do swoich odpowiedzi", ""),
        (
            "pl",
            "Go back to your answers",
            "Go back to your answers",
            'still has English in it: "go back to your answers"',
        ),
        ("pl", "Get help", "Get help", 'still has English in it: "get help"'),
        ("pl", "Email", "Email", ""),
        ("pl", "Go back to your answers", "Wróć back to your", 'still has English in it: "back to your"'),
        ("pl", "Call Childline now, please", "Zadzwoń do Childline now", ""),
        ("pl", "Family Help Worker", "Family help worker", ""),  # a name, whatever its letters
        ("pl", "{name} is here now", "{name} jest tutaj", ""),
        ("ur", "Get help", "مدد حاصل کریں", ""),
        ("ur", "Get help", "Madad hasil karen", "is mostly in another script than Urdu"),
        ("ar", "Call Childline", "Childline", ""),
        ("ckb", "999", "999", ""),
        ("cs", "Get help", "مدد حاصل کریں", "is mostly in another script than Czech"),
    ],
)
def test_what_a_translator_should_look_at_again(code: str, english: str, words: str, wrong: str) -> None:
    names = frozenset({"Childline", "Family Help Worker"})

    assert list(suspicious(code, english, (words,), names)) == ([wrong] if wrong else [])


def test_a_run_of_words_does_not_go_across_a_name() -> None:
    assert longest_run("one two | three", "one two three") == ["one", "two"]
    assert longest_run("", "one") == []


def test_the_names_that_are_the_same_everywhere_are_read_from_their_file(tmp_path: Path) -> None:
    body = 'msgid "Ask the Family Help Worker"\nmsgstr "Zapytaj Family Help Worker"\n'
    put(tmp_path / "pl" / "LC_MESSAGES" / "interface.po", HEAD + body)
    assert [problem.line for problem in suspicions(tmp_path)] == [5]

    put(tmp_path / "names.txt", "# Names.\n\nFamily Help Worker\n")
    assert list(suspicions(tmp_path)) == []


def test_a_catalogue_with_the_plurals_of_another_language_is_told(tmp_path: Path) -> None:
    two = HEAD.replace("utf-8\\n", 'utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n')
    for code in ("pl", "ur"):
        put(tmp_path / code / "LC_MESSAGES" / "interface.po", two)

    assert [problem.file for problem in other_plurals(tmp_path)] == [f"{tmp_path.name}/pl/LC_MESSAGES/interface.po"]
