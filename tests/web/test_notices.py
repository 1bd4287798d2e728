"""Before and after: the start page, the thank-you, the notices. Whole, short, plain, and true of their survey."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from flask import Flask

from feedback_app.definitions.reading_age import sentences
from tests.factories import Copy, Respondent, make_copy
from tests.web.page import Page
from tests.web.someone import Someone
from tests.web.test_pages import helpful, sound

Copies = Callable[..., Copy]
NOTICES = ("privacy", "privacy/children", "accessibility", "you-said-we-did")
AREA = "Exampleborough Safeguarding Children Partnership"


@pytest.fixture(scope="module")
def young(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The pages of a survey for children."""
    made = make_copy(tmp_path_factory.mktemp("young"), "", "young-person")
    yield made.app()
    made.close()


def spoken(page: str) -> list[str]:
    """What the main part of a page says, a paragraph at a time; the area's name and address as a reader meets them."""
    main = page.split("<main")[1].split("</main>")[0]
    parts = re.findall(r"<(?:p|li|dd|summary)\b[^>]*>(.*?)</(?:p|li|dd|summary)>", main, re.DOTALL)
    said = [" ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in parts]
    called = rf"{AREA}( \(an example; there is no such body\))?|\S+@\S+"
    return [re.sub(called, "{name}", words) for words in said]


def grade(paragraphs: list[str]) -> float:
    """The Flesch-Kincaid grade; five more is about the age in years."""
    found = [sentence for words in paragraphs for sentence in sentences((), words)]
    words, syllables = sum(one.words for one in found), sum(one.syllables for one in found)
    return 0.39 * words / len(found) + 11.8 * syllables / words - 15.59


def details(page: str, name: str) -> str:
    """What is behind one summary."""
    found = re.search(rf"<details[^>]*>\s*<summary[^>]*>{name}</summary>(.*?)</details>", page, re.DOTALL)
    assert found, name
    return f"<main>{found[1]}</main>"


@pytest.mark.parametrize("address", NOTICES)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_each_notice_is_a_whole_page_in_every_language(open_app: Flask, address: str, language: str) -> None:
    person = Respondent(open_app, "text").open(f"/{language}/{address}")
    page = Page(person.page)

    assert person.status == 200
    sound(page, language)
    helpful(page, language)
    assert {f"/{code}/{address}" for code in ("en", "ur")} - {f"/{language}/{address}"} <= set(page.links.values())


@pytest.mark.parametrize("at", ["/en", "/en/help", "/en/text", "/en/text/goodbye", "/en/nothing"])
def test_every_page_leads_to_the_notices(open_app: Flask, at: str) -> None:
    links = Page(Respondent(open_app, "text").open(at).page).links.values()

    assert {"/en/privacy", "/en/accessibility", "/en/you-said-we-did"} <= set(links)


def test_a_question_leads_to_them_too_and_in_a_childs_survey_to_the_childs_notice(
    someone: Someone, young: Flask
) -> None:
    assert "/en/privacy" in Page(someone("text").page).links.values()

    child = Respondent(young, "young-person")
    for page in (child.open("/en/young-person"), child.start(), child.open("/en/young-person/goodbye")):
        links = set(Page(page.page).links.values())
        assert "/en/privacy/children" in links
        assert "/en/privacy" not in links


@pytest.mark.parametrize(
    ("address", "most_words", "hardest"),
    [("privacy", 480, 5), ("privacy/children", 160, 2), ("accessibility", 300, 7), ("you-said-we-did", 80, 4)],
)
def test_a_notice_is_short_and_plain(open_app: Flask, address: str, most_words: int, hardest: float) -> None:
    said = spoken(Respondent(open_app, "text").open(f"/en/{address}").page)

    assert len(" ".join(said).split()) <= most_words
    assert grade(said) <= hardest


def test_how_answers_are_used_takes_150_words_and_a_reading_age_of_nine(open_app: Flask, young: Flask) -> None:
    adult = Respondent(open_app, "text").open("/en/text").page
    child = Respondent(young, "young-person").open("/en/young-person").page

    for page, most in ((adult, 150), (child, 60)):
        said = spoken(details(page, "How we use your answers"))
        assert 20 < len(" ".join(said).split()) <= most
        assert grade(said) <= 4


MODES = {
    "anonymous": ("Anonymous", "We cannot find out who you are, so we cannot send help."),
    "confidential": (
        "Confidential",
        "We can find out who you are only if you say that you, or someone else, is at risk of serious harm.",
    ),
    "supported": ("Together with a worker", "Your worker will see this."),
}


@pytest.mark.parametrize("mode", MODES)
def test_the_start_page_says_the_mode_in_its_exact_words(copy: Copies, mode: str) -> None:
    made = copy("consent")
    file = made.settings.surveys / "consent.yaml"
    file.write_text(file.read_text().replace("mode: anonymous", f"mode: {mode}").replace('"1"\nlang', '"2"\nlang'))
    made.publish()
    page = Page(Respondent(made.app(), "consent").open("/en/consent").page)

    for name, (heading, words) in MODES.items():
        assert (f"{heading} {words}" in page.words) is (name == mode)
    if mode != "anonymous":
        assert "nonymous" not in page.words


def test_the_start_page_says_who_how_long_and_what_a_person_may_do(open_app: Flask) -> None:
    page = Page(Respondent(open_app, "consent").open("/en/consent").page)

    for said in (
        f"Who we are: {AREA} .",
        "It has 2 parts.",
        "You can skip questions, and you can stop at any time. If you stop, you can finish within 24 hours.",
        "We keep what you write for a year.",  # the survey's own notice
        "one small file (a cookie)",
    ):
        assert said in page.words, said


def test_the_notices_name_who_is_in_charge_and_where_to_write(copy: Copies) -> None:
    made = copy("text", area="riverside", session_hours=5)
    file = made.settings.surveys / "areas" / "riverside.yaml"
    file.write_text(file.read_text() + 'privacy_url: "https://riverside.example/privacy?a=1&b=2"\n')
    app = made.app()
    adult, child, access = (Page(Respondent(app, "text").open(f"/en/{name}").page) for name in NOTICES[:3])

    assert "Riverside Council decides how your answers are used." in adult.words
    assert adult.links["https://riverside.example/privacy?a=1&b=2"] == "https://riverside.example/privacy?a=1&b=2"
    assert "Exampleborough" not in adult.text + child.text + access.text
    assert "can be opened for 5 hours" in adult.words
    assert "After 5 hours" in child.words
    for page in (adult, child, access):
        assert page.links["feedback@riverside.example"] == "mailto:feedback@riverside.example"
    assert "No disabled people have tested these pages yet." in access.words


def test_a_contact_that_is_no_address_is_only_words(copy: Copies) -> None:
    made = copy("text", area="riverside")
    file = made.settings.surveys / "areas" / "riverside.yaml"
    file.write_text(file.read_text().replace("feedback@riverside.example", "The desk <b> at the town hall"))

    page = Page(Respondent(made.app(), "text").open("/en/privacy").page)
    assert "The desk <b> at the town hall" in page.words
    assert not [place for place in page.links.values() if place.startswith("mailto:")]


def test_the_thank_you_says_when_people_hear_back_where_to_read_it_and_who_can_help(someone: Someone) -> None:
    sent = someone("sensitive").press(answer="no").press().press(answer="").send()
    page = Page(sent.page)

    assert sent.receipt
    assert "by the end of the spring term" in page.words
    assert "You can close this page now." in page.words
    assert page.links["See what people said before, and what we did"] == "/en/you-said-we-did"
    assert {"999", "01632 960001"} <= page.links.keys()


def test_whatever_a_person_answered_the_help_card_and_the_thank_you_are_the_same_letter_for_letter(
    someone: Someone,
) -> None:
    def cards(*, answer: str, go: str = "next") -> tuple[str, str]:
        person = someone("sensitive").press(go, answer=answer)
        assert person.at == "part.help"
        card = person.page.replace(person.token, "")
        person.press().press(answer="").send()
        return card, person.page.replace(person.receipt, "")

    assert len({cards(answer="no"), cards(answer="yes"), cards(answer=""), cards(answer="", go="skip")}) == 1


def test_children_are_shown_childline_first_and_adults_are_not(open_app: Flask, young: Flask) -> None:
    young = Respondent(young, "young-person").open("/en/young-person/goodbye").page
    adult = Respondent(open_app, "text").open("/en/text/goodbye").page

    assert re.findall(r'href="tel:(\d+)"', young) == ["08001111", "999", "01632960001"]
    assert re.findall(r'href="tel:(\d+)"', adult) == ["999", "01632960001"]
    assert len(re.findall(r'href="tel:', Respondent(open_app, "text").open("/en/help").page)) == 3  # all, for anyone


def test_a_signpost_can_be_texted_and_chatted_with(copy: Copies) -> None:
    made = copy("text", area="riverside")
    file = made.settings.surveys / "areas" / "riverside.yaml"
    file.write_text(file.read_text().replace('phone: "999"', 'phone: "999", sms: "85 258", chat: "https://c.example/"'))

    page = Respondent(made.app(), "text").open("/en/help").page
    assert 'href="sms:85258"' in page
    assert '<a href="https://c.example/" rel="noreferrer">' in page
