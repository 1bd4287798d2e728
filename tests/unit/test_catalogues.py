"""Which translations there are, what is never shown, and how far a person has checked them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from feedback_app.core.errors import BadFile
from feedback_app.i18n.catalogues import (
    Interface,
    compile_catalogues,
    load_interface,
    lowest_review,
    read_messages,
    translated_locales,
)
from feedback_app.i18n.checking import misfits

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
HELP, GO_ON = 'msgctxt "help"\nmsgid "Get help"\n', 'msgid "Go on"\n'
TEMPLATE = f'{HEAD}{HELP}msgstr ""\n\n{GO_ON}msgstr ""\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "interface.pot", TEMPLATE)
    return tmp_path


def put(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def interface(folder: Path, body: str) -> Interface:
    """The Urdu interface that these messages make, compiled as it is for the running application."""
    put(folder / "ur" / "LC_MESSAGES" / "interface.po", HEAD + body)
    compile_catalogues(folder)
    return load_interface(folder, "ur")


def surveys(folder: Path, body: str) -> Path:
    return put(folder / "ur" / "LC_MESSAGES" / "surveys.po", HEAD + body)


def test_translated_words_are_shown(folder: Path) -> None:
    words = interface(folder, f'{HELP}msgstr "مدد"\n\n{GO_ON}msgstr "آگے"\n')

    assert words.complete
    assert words.words.gettext("Go on") == "آگے"
    assert words.words.pgettext("help", "Get help") == "مدد"


def test_fuzzy_words_are_never_shown(folder: Path) -> None:
    words = interface(folder, f'{HELP}msgstr "مدد"\n\n#, fuzzy\n{GO_ON}msgstr "پیچھے"\n')

    assert words.words.gettext("Go on") == "Go on"
    assert not words.complete
    assert "پیچھے".encode() not in (folder / "ur" / "LC_MESSAGES" / "interface.mo").read_bytes()
    assert [message.english for message in read_messages(folder, "ur", "interface")] == ["Get help"]


def test_an_untranslated_word_makes_the_language_incomplete(folder: Path) -> None:
    assert not interface(folder, f'{HELP}msgstr "مدد"\n\n{GO_ON}msgstr ""\n').complete


def test_words_that_the_application_no_longer_uses_do_not_make_it_complete(folder: Path) -> None:
    assert not interface(folder, f'{HELP}msgstr "مدد"\n\nmsgid "Old"\nmsgstr "پرانا"\n').complete


def test_a_plural_with_a_form_missing_is_not_shown_at_all(folder: Path) -> None:
    """Babel would fill it with the English."""
    put(folder / "interface.pot", f'{HEAD}msgid "{{number}} part"\nmsgid_plural "{{number}} parts"\nmsgstr[0] ""\n')
    half = interface(folder, 'msgid "{number} part"\nmsgid_plural "{number} parts"\nmsgstr[0] "حصہ"\nmsgstr[1] ""\n')

    assert not half.complete
    assert "حصہ".encode() not in (folder / "ur" / "LC_MESSAGES" / "interface.mo").read_bytes()


def test_a_file_that_gettext_cannot_read_is_told(folder: Path) -> None:
    surveys(folder, 'msgid "Hello"\nmsgstring "Hi"\n')

    with pytest.raises(BadFile, match=r"ur/LC_MESSAGES/surveys.po, line 6: .*cannot read"):
        read_messages(folder, "ur", "surveys")


SURVEY, NOTE = 'msgid "Survey"\n', 'msgid "Note"\n'


@pytest.fixture
def romani(folder: Path) -> Callable[..., Interface]:
    """The Carpathian Romani interface with these words, beside Slovak and Czech that have a part."""
    put(folder / "interface.pot", "".join([TEMPLATE, *(f'\n{one}msgstr ""\n' for one in (SURVEY, NOTE))]))
    for code, body in (
        ("sk", f'{HELP}msgstr "Pomoc"\n\n# review: reviewed\n{GO_ON}msgstr "Ďalej"\n'),
        ("cs", f'{GO_ON}msgstr "Dál"\n\n{SURVEY}msgstr "Dotazník"\n'),
    ):
        put(folder / code / "LC_MESSAGES" / "interface.po", HEAD + body)

    def make(body: str, **fallbacks: tuple[str, ...]) -> Interface:
        put(folder / "rmc" / "LC_MESSAGES" / "interface.po", HEAD + body)
        compile_catalogues(folder)
        return load_interface(folder, "rmc", fallbacks)

    return make


ROMANI_HELP = f'# review: approved\n{HELP}msgstr "Pomošč"\n'


def test_what_a_language_lacks_falls_back_sentence_by_sentence(romani: Callable[..., Interface]) -> None:
    found = romani(ROMANI_HELP)

    assert found.complete
    assert {text: (held.code, held.words.gettext(text)) for text, held in found.fallen.items()} == {
        "Go on": ("sk", "Ďalej"),
        "Survey": ("cs", "Dotazník"),
        "Note": ("en", "Note"),
    }
    assert (found.missing, found.help, found.review) == (3, "approved", "draft")


def test_an_area_says_what_to_fall_back_to(romani: Callable[..., Interface]) -> None:
    assert {held.code for held in romani(ROMANI_HELP, rmc=("cs",)).fallen.values()} == {"cs", "en"}


def test_words_about_help_never_fall_back(romani: Callable[..., Interface]) -> None:
    found = romani(f'{GO_ON}msgstr "Dureder"\n')

    assert not found.complete
    assert found.fallen == {}


def test_a_language_that_falls_back_to_english_alone_is_not_offered_in_part(romani: Callable[..., Interface]) -> None:
    assert not romani(ROMANI_HELP, rmc=("en",)).complete


@pytest.mark.parametrize(
    ("help_comment", "other_comment", "help_review", "review"),
    [
        ("", "", "draft", "draft"),
        ("# review: approved\n", "# review: approved\n", "approved", "approved"),
        ("# review: approved\n", "# review: reviewed\n", "approved", "reviewed"),
        ("# review: reviewed\n", "# review: approved\n", "reviewed", "reviewed"),
        ("# review: approved\n", "", "approved", "draft"),
        ("# review: perhaps\n", "# approved\n", "draft", "draft"),
        ("# A note.\n#  review :  approved \n", "# review: approved\n# A note.\n", "approved", "approved"),
        ("#. review: approved\n", "# review: approved\n", "draft", "draft"),  # that comment is the source's
    ],
)
def test_the_review_state_is_the_least_checked(
    folder: Path, help_comment: str, other_comment: str, help_review: str, review: str
) -> None:
    words = interface(folder, f'{help_comment}{HELP}msgstr "مدد"\n\n{other_comment}{GO_ON}msgstr "آگے"\n')

    assert (words.help, words.review) == (help_review, review)


def test_of_no_message_the_review_state_is_draft() -> None:
    assert lowest_review([]) == "draft"


def test_english_is_complete_and_is_its_own_source(folder: Path) -> None:
    english = load_interface(folder, "en")

    assert (english.complete, english.review, english.help) == (True, "approved", "approved")
    assert english.words.gettext("Go on") == "Go on"


def test_a_language_that_was_never_compiled_is_not_complete(folder: Path) -> None:
    put(folder / "ur" / "LC_MESSAGES" / "interface.po", f'{HEAD}{HELP}msgstr "مدد"\n\n{GO_ON}msgstr "آگے"\n')

    assert not load_interface(folder, "ur").complete


def test_only_languages_we_know_are_looked_for(folder: Path) -> None:
    for name in ("ur", "pl", "xx", "en"):
        (folder / name).mkdir()

    assert translated_locales(folder) == ["ur", "pl"]


def test_a_translation_that_loses_a_name_in_braces_is_told_with_file_and_line(folder: Path) -> None:
    surveys(
        folder,
        'msgctxt "s.Q1.label"\nmsgid "Hello {name}"\nmsgstr "سلام {name}"\n\n'
        'msgctxt "s.Q2.label"\nmsgid "Ring {phone} or {name}"\nmsgstr "فون"\n\n'
        'msgctxt "s.Q3.label"\nmsgid "Hello"\nmsgstr "سلام {name}"\n\n'
        'msgctxt "s.Q4.label"\nmsgid "Hello {name}"\nmsgstr "سلام {nam}"\n',
    )

    file = f"{folder.name}/ur/LC_MESSAGES/surveys.po"
    assert [(problem.file, problem.line, problem.what) for problem in misfits(folder)] == [
        (file, 10, 'the translation of "s.Q2.label" leaves out {name}, {phone}.'),
        (file, 14, 'the translation of "s.Q3.label" adds {name}.'),
        (file, 18, 'the translation of "s.Q4.label" leaves out {name} and adds {nam}.'),
    ]


def test_the_interface_is_checked_too(folder: Path) -> None:
    interface(folder, 'msgid "Part {number}"\nmsgstr "حصہ"\n')

    assert [problem.what for problem in misfits(folder)] == ['the translation of "Part {number}" leaves out {number}.']


def test_what_is_never_shown_is_not_checked(folder: Path) -> None:
    surveys(folder, '#, fuzzy\nmsgctxt "s.Q"\nmsgid "Hi {name}"\nmsgstr "سلام"\n\nmsgid "Hey {name}"\nmsgstr ""\n')

    assert list(misfits(folder)) == []
