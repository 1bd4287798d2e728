"""Every text reaches the translators; a translation follows its question, and comes back when the English changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from feedback_app.i18n.catalogues import catalogue_file, read_catalogue, read_messages
from feedback_app.i18n.extractor import behind, stale, template, updated, write
from tests.unit.test_catalogues import HEAD, put

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
        '{{ _("Public") }} {{ pgettext("help", "Get help") }} {{ say("{n} left") }} '
        '{{ plural("{number} a", "{number} b", 2) }}'
    )
    (pages / "questions" / "b.html").write_text('{{ _("Question") }}')
    (pages / "staff" / "c.html").write_text('{{ _("Staff") }}')
    (tmp_path / "web" / "staff").mkdir()
    (tmp_path / "web" / "staff" / "view.py").write_text('A = words("Staff said")\n')
    (tmp_path / "code.py").write_text(
        'A = N_("Marked")\nB = words("Said")\nC = other("Not said")\nD = NN_("{number} c", "{number} d")\n'
    )

    found = {(m.context, m.id) for m in template("interface", tmp_path, tmp_path) if m.id}

    plain = ("Layout", "Public", "{n} left", "Question", "Marked", "Said")
    counted = (("{number} a", "{number} b"), ("{number} c", "{number} d"))
    assert found == {("help", "Get help"), *((None, text) for text in (*plain, *counted))}


INTERFACE = f"""{HEAD}msgid "Go back to your answers"
msgstr ""

msgctxt "help"
msgid "Get help now"
msgstr ""

msgid "{{number}} part"
msgid_plural "{{number}} parts"
msgstr[0] ""
msgstr[1] ""
"""
SLOVAK = (
    INTERFACE.replace('answers"\nmsgstr ""', 'answers"\nmsgstr "Späť k odpovediam"')
    .replace('now"\nmsgstr ""', 'now"\nmsgstr "Pomoc"')
    .replace('[0] ""', '[0] "{number} časť"')
    .replace('[1] ""', '[1] "{number} časti"\nmsgstr[2] "{number} častí"')
    .replace('utf-8\\n"', 'utf-8\\n"\n"Plural-Forms: nplurals=3; plural=((n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2);\\n"')
)


def slovak(folder: Path, old: str = "", new: str = "", code: str = "sk") -> str:
    """Change the interface's English, bring Slovak up to it, and return what was written."""
    assert old in INTERFACE
    source = read_catalogue(put(folder / "interface.pot", INTERFACE.replace(old, new)))
    file = catalogue_file(folder, code, "interface")
    put(file, SLOVAK)
    write(updated(source, folder, code, "interface"), file)
    return file.read_text()


def usable(folder: Path) -> set[str]:
    return {found.english for found in read_messages(folder, "sk", "interface")}


def test_words_of_the_application_that_are_reworded_keep_the_old_words_marked_fuzzy(tmp_path: Path) -> None:
    text = slovak(tmp_path, "Go back to your answers", "Go back to my answers")

    assert '#| msgid "Go back to your answers"' in text
    assert "#, fuzzy\n" in text
    assert 'msgstr "Späť k odpovediam"' in text
    assert usable(tmp_path) == {"Get help now", "{number} part"}


def test_words_that_are_nothing_like_the_old_ones_wait(tmp_path: Path) -> None:
    text = slovak(tmp_path, "Go back to your answers", "Send")

    assert 'msgid "Send"\nmsgstr ""' in text
    assert "Späť" not in text  # what is gone from the English is gone


def test_words_about_help_are_never_taken_from_other_words(tmp_path: Path) -> None:
    text = slovak(tmp_path, 'msgid "Go back to your answers"', 'msgid "Get help now"')

    assert 'msgid "Get help now"\nmsgstr ""' in text


def test_a_plural_that_is_reworded_is_fuzzy_in_all_its_forms(tmp_path: Path) -> None:
    text = slovak(tmp_path, '"{number} parts"', '"{number} parts left"')

    assert '#| msgid_plural "{number} parts"' in text
    assert usable(tmp_path) == {"Go back to your answers", "Get help now"}


def test_a_text_that_comes_to_count_keeps_its_words_fuzzy(tmp_path: Path) -> None:
    text = slovak(tmp_path, 'answers"\nmsgstr ""', 'answers"\nmsgid_plural "Go back"\nmsgstr[0] ""\nmsgstr[1] ""')

    assert 'msgstr[0] "Späť k odpovediam"\nmsgstr[1] ""\nmsgstr[2] ""' in text
    assert "Go back to your answers" not in usable(tmp_path)


def test_a_romani_catalogue_has_its_own_code_and_its_hosts_plurals(tmp_path: Path) -> None:
    text = slovak(tmp_path, code="rmc")

    assert '"Language: rmc\\n"' in text
    assert "nplurals=3;" in text
    assert slovak(tmp_path, code="rmc") == text


def test_who_translated_last_is_kept(tmp_path: Path) -> None:
    slovak(tmp_path)
    file = catalogue_file(tmp_path, "sk", "interface")
    text = (
        file.read_text().replace("software (draft)", "Jana <jana@example.org>").replace("2026-01-01", "2026-11-02", 1)
    )
    file.write_text(text)
    write(updated(read_catalogue(tmp_path / "interface.pot"), tmp_path, "sk", "interface"), file)

    assert "Jana <jana@example.org>" in file.read_text()


def test_a_catalogue_that_is_behind_its_template_is_told(tmp_path: Path) -> None:
    slovak(tmp_path)
    assert not behind(tmp_path, "sk", "interface")

    put(tmp_path / "interface.pot", INTERFACE.replace("now", "soon"))
    assert behind(tmp_path, "sk", "interface")
    assert behind(tmp_path, "pl", "interface")


def test_a_template_that_is_behind_the_source_is_named(tmp_path: Path, surveys: Path) -> None:
    folder, code = tmp_path / "translations", tmp_path / "code"
    code.mkdir()
    assert list(stale(code, surveys, folder)) == ["surveys"]  # no interface texts, and no template at all

    write(template("surveys", code, surveys), folder / "surveys.pot")
    assert list(stale(code, surveys, folder)) == []

    (code / "new.py").write_text('N_("New")')
    assert list(stale(code, surveys, folder)) == ["interface"]
