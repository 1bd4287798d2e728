"""Easy words and pictures: chosen at the start, changed on any page, kept from the address, stored with the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.factories import Copy, Respondent, make_copy
from tests.translating import translate
from tests.web.page import Page
from tests.web.someone import Someone, sent

STANDARD = "How satisfied were you with the information that was given to you?"
EASY = "Did we tell you enough?"
PICTURE = 'role="img" aria-label="A wide smile"'


@pytest.fixture
def in_easy_words(someone: Someone) -> Callable[[str], Respondent]:
    """Somebody who ticked easy words on the start page."""

    def start(language: str = "en") -> Respondent:
        person = someone("easy", language)
        person._land(person.client.post(f"/{language}/easy", data={"words": "easy"}))
        return person

    return start


def test_easy_words_are_chosen_on_the_start_page_of_a_survey_that_has_them(someone: Someone) -> None:
    assert 'name="words"' in someone("easy").open("/en/easy").page
    assert 'name="words"' not in someone("single").open("/en/single").page
    assert 'name="words"' not in someone("pictures").open("/en/pictures").page


def test_who_chose_easy_words_gets_them_with_a_picture_and_one_idea(in_easy_words: Callable[..., Respondent]) -> None:
    person = in_easy_words()

    assert person.heading == EASY
    assert PICTURE in person.page
    assert '<body class="latin easy">' in person.page
    assert "Think of letters" not in person.page
    assert "before you came to us" not in person.page
    assert person.page.count("A wide smile") == 1


def test_what_is_said_before_a_sensitive_part_stays_in_easy_words(in_easy_words: Callable[..., Respondent]) -> None:
    person = in_easy_words().press(answer="yes").press(answer="")

    assert person.at == "Q3"
    assert "about a hard time" in person.page


def test_nothing_chosen_is_standard_words_without_pictures(someone: Someone) -> None:
    person = someone("easy")

    assert person.heading == STANDARD
    assert "Think of letters" in person.page
    assert PICTURE not in person.page
    assert '<body class="latin">' in person.page


def test_changing_words_on_a_page_keeps_what_was_ticked_and_typed(someone: Someone) -> None:
    person = someone("easy").press("easy", answer="no")
    assert (person.at, person.heading, Page(person.page).ticked) == ("Q1", EASY, ["no"])

    person.press(answer="no").press("standard", answer="More <b>time</b>")
    assert person.heading == "What additional information would you have appreciated?"
    assert Page(person.page).typed["answer"] == "More <b>time</b>"

    person.press("easy", answer="y" * 2000)
    assert person.heading == "What else would you like to know?"
    assert Page(person.page).typed["answer"] == "y" * 2000


def test_changing_words_while_correcting_leads_back_to_the_check_page(someone: Someone) -> None:
    person = someone("easy").press(answer="no").press(answer="").press(answer="no").press()
    assert person.at == "check"

    person.open("/en/easy/Q1?to=check").press("easy", answer="yes").press(answer="yes")

    assert person.at == "check"
    assert EASY in person.page


def test_the_address_does_not_tell_who_reads_easy_words(in_easy_words: Callable[..., Respondent]) -> None:
    person = in_easy_words()
    assert person.here == "/en/easy/Q1"

    assert person.press("standard", answer="yes").here == "/en/easy/Q1"
    assert person.press("easy", answer="yes").here == "/en/easy/Q1"


@pytest.mark.parametrize("ending", ["easy", "standard"])
def test_the_response_says_in_which_words_it_was_sent(open_copy: Copy, someone: Someone, ending: str) -> None:
    person = someone("easy").press("easy", answer="yes").press(ending, answer="yes")
    person.press(answer="yes").press(answer="").press(answer="no").press().send()

    response = sent(open_copy, person)
    assert response
    assert response.easy is (ending == "easy")
    assert response.answers["Q1"] == "yes"


def test_two_people_on_one_page_never_get_each_others_words(
    someone: Someone, in_easy_words: Callable[..., Respondent]
) -> None:
    standard, easy = someone("easy"), in_easy_words()

    for _ in range(2):
        assert standard.open("Q1").heading == STANDARD
        assert easy.open("Q1").heading == EASY


def test_easy_words_come_in_the_persons_language(in_easy_words: Callable[..., Respondent]) -> None:
    person = in_easy_words("ur")

    assert person.heading == f"[ur] {EASY}"
    assert 'aria-label="[ur] A wide smile"' in person.page


@pytest.fixture(scope="module")
def without_urdu_easy_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder: Path = tmp_path_factory.mktemp("half")
    translations = translate(folder, "ur", missing=frozenset({"easy.Q2.easy.label", "pictures.Q1.easy.alt"}))
    copy = make_copy(folder, "", "easy", "pictures", translations=translations)
    yield copy
    copy.close()


def test_a_language_without_all_easy_words_is_offered_without_them(without_urdu_easy_words: Copy) -> None:
    person = Respondent(without_urdu_easy_words.app(), "easy", "ur")
    assert 'name="words"' not in person.open("/ur/easy").page

    person._land(person.client.post("/ur/easy", data={"words": "easy"}))
    assert person.heading == f"[ur] {STANDARD}"
    assert "easy" not in Page(person.page).buttons.values()

    assert person.press("easy", answer="yes").heading == "[ur] What additional information would you have appreciated?"


def test_who_changes_to_a_language_without_easy_words_finds_them_again_on_coming_back(
    without_urdu_easy_words: Copy,
) -> None:
    person = Respondent(without_urdu_easy_words.app(), "easy").start().press("easy", answer="yes")

    assert person.press("in-ur", answer="yes").heading == f"[ur] {STANDARD}"
    assert person.press("in-en", answer="yes").heading == EASY


def test_a_childs_survey_is_not_offered_in_a_language_that_lacks_what_a_picture_shows(
    without_urdu_easy_words: Copy,
) -> None:
    assert Respondent(without_urdu_easy_words.app(), "pictures", "ur").open("/ur/pictures").status == 404


def test_a_childs_survey_shows_its_pictures_always(someone: Someone) -> None:
    person = someone("pictures")

    assert PICTURE in person.page
    assert "easy" not in Page(person.page).buttons.values()
