"""A translator gets what waits, and what comes back is kept as a draft; what would harm a page is refused by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedback_app.i18n.catalogues import Review, catalogue_file, read_catalogue, read_messages
from feedback_app.i18n.extractor import updated, write
from feedback_app.i18n.worksheet import fill, missing
from tests.unit.test_catalogues import HEAD, put

TEMPLATE = f"""{HEAD}msgid "Go on"
msgstr ""

#. A person's safety can hang on these words.
msgctxt "help"
msgid "Ring {{phone}}"
msgstr ""

msgid "{{number}} letter"
msgid_plural "{{number}} letters"
msgstr[0] ""
msgstr[1] ""
"""
GO_ON = {"catalogue": "interface", "context": "", "english": "Go on", "translation": "Dál"}
RING = {"catalogue": "interface", "context": "help", "english": "Ring {phone}", "translation": "Zavolej {phone}"}
LETTERS = {
    "catalogue": "interface",
    "context": "",
    "english": "{number} letter",
    "translations": ["{number} písmeno", "{number} písmena", "{number} písmen"],
}
Work = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Templates of three messages, and a Czech catalogue that waits for all of them."""
    for domain, text in (("interface", TEMPLATE), ("surveys", HEAD)):
        pot = put(tmp_path / f"{domain}.pot", text)
        write(updated(read_catalogue(pot), tmp_path, "cs", domain), catalogue_file(tmp_path, "cs", domain))
    return tmp_path


@pytest.fixture
def work(folder: Path) -> Work:
    """Put lines back; say how many were kept, and what was refused."""

    def put_back(*lines: Any) -> tuple[int, list[str]]:
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        count, problems = fill(folder, "cs", texts, "work.jsonl")
        return count, [f"{problem.line}: {problem.what}" for problem in problems]

    return put_back


def shown(folder: Path) -> dict[str, tuple[tuple[str, ...], Review]]:
    return {one.english: (one.forms, one.review) for one in read_messages(folder, "cs", "interface")}


def test_a_translator_gets_each_message_that_waits_with_all_there_is_to_know(folder: Path) -> None:
    assert list(missing(folder, "cs")) == [
        {"catalogue": "interface", "context": "", "english": "Go on", "plural": "", "comment": ""},
        {
            "catalogue": "interface",
            "context": "help",
            "english": "Ring {phone}",
            "plural": "",
            "comment": "A person's safety can hang on these words.",
        },
        {
            "catalogue": "interface",
            "context": "",
            "english": "{number} letter",
            "plural": "{number} letters",
            "comment": "Give 3 translations, for these counts: 1; 2, 3, 4; 0, 5, 6, 7, 8.",
        },
    ]


def test_what_comes_back_is_shown_as_a_draft_and_no_longer_waits(folder: Path, work: Work) -> None:
    assert work(GO_ON, "", RING, LETTERS) == (3, [])

    assert shown(folder) == {
        "Go on": (("Dál",), "draft"),
        "Ring {phone}": (("Zavolej {phone}",), "draft"),
        "{number} letter": (("{number} písmeno", "{number} písmena", "{number} písmen"), "draft"),
    }
    assert list(missing(folder, "cs")) == []


def test_the_same_work_again_changes_nothing(folder: Path, work: Work) -> None:
    work(GO_ON, RING, LETTERS)
    before = catalogue_file(folder, "cs", "interface").read_bytes()
    work(LETTERS, RING, GO_ON)

    assert catalogue_file(folder, "cs", "interface").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (RING | {"translation": "Zavolej"}, 'the translation of "help" leaves out {phone}.'),
        (RING | {"translation": "<b>{phone}"}, 'the translation of "help" has the tags <b> for (none).'),
        (RING | {"context": ""}, 'there is no message "Ring {phone}". Was the English reworded?'),
        (GO_ON | {"context": "help"}, 'there is no message "Go on" with the context "help". Was the English reworded?'),
        (GO_ON | {"context": ["x"]}, '"context" is a text.'),
        (GO_ON | {"english": ""}, '"english" is missing.'),
        (GO_ON | {"translation": " \n"}, '"translation" is missing.'),
        (GO_ON | {"translation": None}, '"translation" is missing.'),
        (GO_ON | {"translation": ["Dál"]}, '"translation" is missing.'),
        (GO_ON | {"catalogue": "surveis"}, 'there is no catalogue "surveis". Did you mean "surveys"?'),
        (GO_ON | {"catalogue": ["x"]}, "there is no catalogue \"['x']\"."),
        (
            LETTERS | {"translations": ["{number}"]},
            'the translation of "{number} letter" needs 3 plural forms and has 1.',
        ),
        (LETTERS | {"translations": ["{number}", "", "{number}"]}, '"translations" is missing.'),
        ({key: LETTERS[key] for key in ("catalogue", "english")}, '"translations" is missing.'),
        ("{", "this is not JSON: Expecting property name enclosed in double quotes at letter 2."),
        ("[1]", "this is not an object in braces."),
    ],
)
def test_what_would_harm_a_page_is_refused_and_the_rest_is_kept(folder: Path, work: Work, line: Any, why: str) -> None:
    assert work(line, GO_ON) == (1, [f"1: {why}"])
    assert shown(folder) == {"Go on": (("Dál",), "draft")}


def test_fuzzy_words_wait_and_are_shown_once_they_come_back(folder: Path, work: Work) -> None:
    work(RING)
    file = catalogue_file(folder, "cs", "interface")
    put(folder / "interface.pot", TEMPLATE.replace("Ring {phone}", "Please ring {phone}"))
    write(updated(read_catalogue(folder / "interface.pot"), folder, "cs", "interface"), file)

    assert shown(folder) == {}
    line = next(line for line in missing(folder, "cs") if line["context"] == "help")
    assert line["comment"].endswith('The English was reworded. Before: msgid "Ring {phone}" / Zavolej {phone}')

    work(line | {"translation": "Zavolej prosím {phone}"})
    assert shown(folder) == {"Please ring {phone}": (("Zavolej prosím {phone}",), "draft")}
    assert "fuzzy" not in file.read_text()
    assert "#|" not in file.read_text()


def test_what_a_person_has_reviewed_is_not_written_over(folder: Path, work: Work) -> None:
    work(GO_ON)
    file = catalogue_file(folder, "cs", "interface")
    file.write_text(file.read_text().replace('msgid "Go on"', '# review: approved\nmsgid "Go on"'))

    assert work(GO_ON | {"translation": "Jinak"}) == (
        0,
        ['1: a person has reviewed "Go on": change it in the .po file.'],
    )
    assert shown(folder) == {"Go on": (("Dál",), "approved")}
