"""Every text reaches the translators; a translation follows its question, and comes back when the English changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from feedback_app.i18n.catalogues import catalogue_file, read_messages
from feedback_app.i18n.extractor import stale, template, updated, write

SURVEY = """survey: s
title: "Title"
pages:
  - id: one
    questions:
      - {id: Q1, type: text, label: "Where do you live?"}
      - {id: Q2, type: text, label: "Do you like it?"}
  - id: two
    questions:
      - {id: Q3, type: text, label: "Anything else?"}
"""


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "s.yaml").write_text(SURVEY)
    return folder


@pytest.fixture
def translations(tmp_path: Path, surveys: Path) -> Path:
    """Urdu in which Q1 is approved, Q2 is a draft, and Q3 waits."""
    folder = tmp_path / "translations"
    catalogue = updated(template("surveys", tmp_path, surveys), folder, "ur", "surveys")
    message(catalogue, "s.Q1.label").string = "آپ کہاں رہتے ہیں؟"
    message(catalogue, "s.Q1.label").user_comments = ["A note.", "review: approved"]
    message(catalogue, "s.Q2.label").string = "کیا آپ کو پسند ہے؟"
    write(catalogue, catalogue_file(folder, "ur", "surveys"))
    return folder


def message(catalogue: Catalog, context: str) -> Message:
    return next(found for found in catalogue if found.context == context)


def again(translations: Path, surveys: Path, old: str, new: str) -> Catalog:
    """Change the survey, bring the catalogue up to it, and read what was written."""
    file = surveys / "s.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    catalogue = catalogue_file(translations, "ur", "surveys")
    write(updated(template("surveys", surveys, surveys), translations, "ur", "surveys"), catalogue)
    with catalogue.open("rb") as words:
        return read_po(words)


def shown(translations: Path) -> set[str]:
    return {found.context for found in read_messages(translations, "ur", "surveys")}


def test_the_template_holds_every_text_of_the_surveys(tmp_path: Path, surveys: Path) -> None:
    found = {(m.context, m.id) for m in template("surveys", tmp_path, surveys) if m.id}

    assert found == {
        ("s.title", "Title"),
        ("s.Q1.label", "Where do you live?"),
        ("s.Q2.label", "Do you like it?"),
        ("s.Q3.label", "Anything else?"),
    }


def test_nothing_changed_changes_nothing(translations: Path, surveys: Path) -> None:
    file = catalogue_file(translations, "ur", "surveys")
    before = file.read_bytes()
    again(translations, surveys, "", "")

    assert file.read_bytes() == before


def test_reworded_english_keeps_the_old_words_marked_fuzzy(translations: Path, surveys: Path) -> None:
    found = message(again(translations, surveys, "Where do you live?", "Where is home?"), "s.Q1.label")

    assert found.fuzzy
    assert (found.id, found.string) == ("Where is home?", "آپ کہاں رہتے ہیں؟")
    assert '#| msgid "Where do you live?"' in catalogue_file(translations, "ur", "surveys").read_text()
    assert shown(translations) == {"s.Q2.label"}


def test_approval_does_not_outlive_the_english_it_was_given_for(translations: Path, surveys: Path) -> None:
    again(translations, surveys, "Where do you live?", "Where is home?")
    again(translations, surveys, "Where is home?", "Where is your home?")
    text = catalogue_file(translations, "ur", "surveys").read_text()

    assert "# review: approved\n" not in text
    assert "# A note.\n" in text
    assert '#| msgid "Where is home?"' in text
    assert "Where do you live?" not in text


def test_english_that_is_put_back_is_still_fuzzy_until_somebody_looks(translations: Path, surveys: Path) -> None:
    again(translations, surveys, "Where do you live?", "Where is home?")
    found = message(again(translations, surveys, "Where is home?", "Where do you live?"), "s.Q1.label")

    assert found.fuzzy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - id: two\n    questions:\n", ""),  # Q3 moves to the page above
        ("  - id: one\n", "  - id: uno\n"),
        ('{id: Q1, type: text, label: "Where', '{id: Q1, type: paragraph, max: "9", label: "Where'),
        ("survey: s\n", 'survey: s\nversion: "2"\n'),
    ],
)
def test_a_question_that_moves_keeps_its_translation(translations: Path, surveys: Path, old: str, new: str) -> None:
    found = message(again(translations, surveys, old, new), "s.Q1.label")

    assert not found.fuzzy
    assert found.user_comments == ["A note.", "review: approved"]
    assert shown(translations) == {"s.Q1.label", "s.Q2.label"}


def test_the_same_words_under_another_id_are_not_taken_over(translations: Path, surveys: Path) -> None:
    catalogue = again(translations, surveys, "id: Q1", "id: Q9")

    assert not message(catalogue, "s.Q9.label").string


def test_a_waiting_text_that_is_reworded_still_waits(translations: Path, surveys: Path) -> None:
    found = message(again(translations, surveys, "Anything else?", "Any more?"), "s.Q3.label")

    assert (found.string, found.fuzzy) == ("", False)


def test_a_new_catalogue_says_that_software_drafted_it(translations: Path) -> None:
    text = catalogue_file(translations, "ur", "surveys").read_text()

    assert "no person has reviewed it yet" in text


def test_the_interface_is_gathered_from_code_and_pages_but_not_from_the_staff_pages(tmp_path: Path) -> None:
    pages = tmp_path / "web" / "templates"
    for folder in ("public", "questions", "staff"):
        (pages / folder).mkdir(parents=True)
    (pages / "layout.html").write_text('{{ _("Layout") }}')
    (pages / "public" / "a.html").write_text(
        '{{ _("Public") }} {{ pgettext("help", "Get help") }} {{ say("{n} left") }}'
    )
    (pages / "questions" / "b.html").write_text('{{ _("Question") }}')
    (pages / "staff" / "c.html").write_text('{{ _("Staff") }}')
    (tmp_path / "web" / "staff").mkdir()
    (tmp_path / "web" / "staff" / "view.py").write_text('A = words("Staff said")\n')
    (tmp_path / "code.py").write_text('A = N_("Marked")\nB = words("Said")\nC = other("Not said")\n')

    found = {(m.context, m.id) for m in template("interface", tmp_path, tmp_path) if m.id}

    plain = ("Layout", "Public", "{n} left", "Question", "Marked", "Said")
    assert found == {("help", "Get help"), *((None, text) for text in plain)}


def test_a_template_that_is_behind_the_source_is_named(tmp_path: Path, surveys: Path) -> None:
    folder, code = tmp_path / "translations", tmp_path / "code"
    code.mkdir()
    assert list(stale(code, surveys, folder)) == ["surveys"]  # no interface texts, and no template at all

    write(template("surveys", code, surveys), folder / "surveys.pot")
    assert list(stale(code, surveys, folder)) == []

    (code / "new.py").write_text('N_("New")')
    assert list(stale(code, surveys, folder)) == ["interface"]
