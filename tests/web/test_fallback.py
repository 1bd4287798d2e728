"""A language with few words, or none: nothing breaks, what falls back says its language, and help never falls back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedback_app.i18n.catalogues import HELP, compile_catalogues
from tests.factories import Copy, Respondent, make_copy
from tests.translating import Pick, speak
from tests.web.page import Page

ROMANI = """survey: romani
schema: "1"
version: "1"
source_language: en
languages: [en, sk, rmc]
audience: practitioner
mode: anonymous
minutes: "3"
title: "Our place"
pages:
  - id: one
    title: "Here"
    questions:
      - {id: Q1, type: text, label: "How is it?", max: "20"}
"""
Copies = Callable[..., Copy]
Opened = Callable[..., Respondent]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Somebody in a copy that has a survey in Slovak and Romani, in the words that a test gives it.

    Slovak is whole: each text is `[sk] the English`. Of Romani there are the survey, and of the application's own words
    those that `romani` picks. A copy that is asked for again is the same.
    """
    made: dict[object, Copy] = {}

    def make(romani: Pick, *, survey: bool = True, fallbacks: str = "") -> Respondent:
        key = (romani, survey, fallbacks)
        if key not in made:
            made[key] = _copy(tmp_path_factory.mktemp("romani"), romani, survey, fallbacks)
        return Respondent(made[key].apps[0] if made[key].apps else made[key].app(), "romani", "rmc")

    yield make
    for one in made.values():
        one.close()


def _copy(folder: Path, romani: Pick, survey: bool, fallbacks: str) -> Copy:
    words = folder / "words"
    one = make_copy(folder, "", "text", translations=words)
    (one.settings.surveys / "romani.yaml").write_text(ROMANI)
    area = one.settings.surveys / "areas" / "example.yaml"
    area.write_text(area.read_text() + fallbacks)
    which = everything if survey else nothing
    speak(words, one.settings.surveys, "sk", "[sk] {}".format, application=everything, survey=everything)
    speak(words, one.settings.surveys, "rmc", "[rmc] {}".format, application=romani, survey=which)
    compile_catalogues(words)
    one.publish()
    return one


def nothing(context: str, english: str) -> bool:
    return False


def everything(context: str, english: str) -> bool:
    return True


def only_help(context: str, english: str) -> bool:
    return context == HELP


def all_but_get_help(context: str, english: str) -> bool:
    return english != "Get help"


@pytest.mark.parametrize("code", ["rmc", "rmy"])
def test_a_language_that_nobody_has_translated_is_not_found_and_breaks_nothing(copy: Copies, code: str) -> None:
    person = Respondent(copy("text").app(), "text")

    for address in (f"/{code}", f"/{code}/help", f"/{code}/text", f"/{code}/text/Q1", f"/{code}/left"):
        assert person.open(address).status == 404
        assert Page(person.page).headings
    assert person.client.post(f"/{code}/text").status_code == 404
    assert person.client.post(f"/{code}/leave").status_code == 404
    assert f'lang="{code}"' not in person.open("/en").page
    assert person.start().press(f"in-{code}", answer="word").here == "/en/text/Q1"


def test_a_page_that_is_not_there_speaks_the_nearest_language(opened: Opened) -> None:
    person = opened(nothing)

    assert person.open("/rmc/romani").status == 404
    assert Page(person.page).html == {"lang": "sk", "dir": "ltr"}
    assert person.heading == "[sk] We cannot find that page"


@pytest.mark.parametrize("wished", ["rmc", "rmc-SK,en;q=0.5", "rmc;q=0.3"])
@pytest.mark.parametrize(("address", "there"), [("/", "/sk"), ("/romani", "/sk/romani"), ("/text", "/en/text")])
def test_who_asks_for_romani_is_shown_slovak_before_english(
    opened: Opened, address: str, there: str, wished: str
) -> None:
    client = opened(nothing).client

    assert client.get(address, headers={"Accept-Language": wished}).headers["Location"] == there


def test_an_area_may_say_otherwise(opened: Opened) -> None:
    client = opened(nothing, fallbacks="\nfallbacks: {rmc: [cs]}\n").client

    assert client.get("/", headers={"Accept-Language": "rmc"}).headers["Location"] == "/en"


def test_what_falls_back_says_its_language_and_the_rest_is_in_romani(opened: Opened) -> None:
    person = opened(only_help).open("/rmc/romani")

    page = Page(person.page)
    assert page.html == {"lang": "rmc", "dir": "ltr"}
    assert person.heading == "[rmc] Our place"
    assert '<button class="main"><span lang="sk">[sk] Start</span></button>' in person.page
    assert '<span lang="sk">[sk] This takes about <bdi>3</bdi> minutes.</span>' in person.page
    assert "[rmc] Get help" in page.links
    assert '<span lang="sk">[sk] Draft translation.</span>' in person.page


def test_no_mark_is_left_in_a_title_an_attribute_or_a_text(opened: Opened) -> None:
    person = opened(only_help).start()
    pages = [person.page, person.press(answer="x" * 21).page, person.press(answer="<b>").page, person.send().page]
    pages += [person.open(address).page for address in ("/rmc", "/rmc/help", "/rmc/left", "/rmc/romani")]

    for page in pages:
        assert not re.search("[\ue000-\uf8ff]", page)
        assert Page(page).unclosed == []
        assert Page(page).title.startswith(("[sk] ", "[rmc] "))
        assert 'lang="rmc"' in page
        assert 'aria-label="[sk] Language"' in page or "/rmc/left" in page or "languages" not in page


def test_what_a_person_types_is_never_taken_for_a_mark(opened: Opened) -> None:
    person = opened(only_help).start().press(answer="\ue000sk;<i>\ue001")

    assert "<span>\ue000sk;&lt;i&gt;\ue001</span>" in person.open("check").page


def test_a_survey_that_is_not_whole_in_romani_is_listed_and_asked_in_slovak(opened: Opened) -> None:
    person = opened(only_help, survey=False)

    assert person.open("/rmc/romani").status == 404
    person.open("/rmc")
    assert '<a href="/sk/romani" lang="sk" dir="ltr">[sk] Our place</a>' in person.page


def test_words_about_help_do_not_fall_back(opened: Opened) -> None:
    person = opened(all_but_get_help)

    assert person.open("/rmc").status == 404
    assert 'lang="rmc"' not in person.open("/en").page
