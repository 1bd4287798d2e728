"""What may be shown to a child: a language whose safety people approved, a survey whose signposts are in date."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from feedback_app.core.clock import FixedClock
from feedback_app.definitions.area import Area, load_area
from feedback_app.definitions.freeze import with_area_lists
from feedback_app.i18n.catalogues import Review, load_interface
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import collections, editions, publishing
from feedback_app.services.editions import Edition, Editions
from feedback_app.storage.models import Collection
from tests.factories import TEST_SURVEYS, Copy, Respondent
from tests.translating import translate
from tests.web.page import Page

Copies = Callable[..., Copy]
URDU = "اردو"


def offered(copy: Copy, address: str) -> bool:
    """Whether a page lets its reader change to Urdu."""
    return URDU in Page(Respondent(copy.app(), "consent").open(address).page).links


@pytest.mark.parametrize(
    ("area", "safety", "helping", "there"),
    [
        ("example", "draft", "draft", True),
        ("riverside", "approved", "approved", True),
        ("riverside", "reviewed", "approved", False),
        ("riverside", "draft", "approved", False),
        ("riverside", "approved", "reviewed", False),
        ("riverside", "approved", "draft", False),
        ("riverside", "draft", "draft", False),
    ],
)
def test_a_survey_speaks_a_language_whose_consent_limits_and_help_people_approved(
    copy: Copies, tmp_path: Path, area: str, safety: Review, helping: Review, there: bool
) -> None:
    made = copy("consent", area=area, translations=translate(tmp_path, "ur", safety=safety, helping=helping))

    assert offered(made, "/en/consent") is there
    client = made.app().test_client()
    assert client.get("/ur/consent").status_code == (200 if there else 404)
    assert client.post("/ur/consent").status_code == (303 if there else 404)
    assert client.get("/consent", headers={"Accept-Language": "ur"}).location == f"/{'ur' if there else 'en'}/consent"


@pytest.mark.parametrize(("area", "helping", "there"), [("example", "draft", True), ("riverside", "draft", False)])
@pytest.mark.parametrize("address", ["/en", "/en/help"])
def test_pages_outside_a_survey_speak_a_language_whose_help_people_approved(
    copy: Copies, tmp_path: Path, area: str, helping: Review, there: bool, address: str
) -> None:
    made = copy("consent", area=area, translations=translate(tmp_path, "ur", helping=helping))

    assert offered(made, address) is there
    home = made.app().test_client().get("/", headers={"Accept-Language": "ur"})
    assert home.location == ("/ur" if there else "/en")


def test_words_that_are_not_all_approved_still_say_that_they_are_a_draft(copy: Copies, tmp_path: Path) -> None:
    made = copy(
        "consent", area="riverside", translations=translate(tmp_path, "ur", safety="approved", helping="approved")
    )
    page = Page(Respondent(made.app(), "consent").open("/ur/consent").page)

    assert page.headings == ["[ur] May we ask?"]
    assert 'class="note"' in page.text


def test_a_language_whose_interface_is_not_complete_is_not_offered(copy: Copies, tmp_path: Path) -> None:
    words = translate(tmp_path, "ur", safety="approved", helping="approved")
    file = words / "interface.pot"
    file.write_text(file.read_text() + '\nmsgid "A new sentence"\nmsgstr ""\n')

    assert not offered(copy("consent", translations=words), "/en/consent")


def opened(copy: Copy, today: date, *, audience: str = "young-person") -> Respondent:
    """Open the survey on a day, when it asks children."""
    file = copy.settings.surveys / "consent.yaml"
    text = file.read_text().replace("audience: practitioner", f"audience: {audience}").replace('"1"\nlang', '"2"\nlang')
    file.write_text(text)
    copy.publish()
    with copy.session() as session, session.begin():  # somebody opened it: what it needs for that is tried elsewhere
        session.get_one(Collection, "consent").waits = False
    copy.clock = FixedClock(datetime(today.year, today.month, today.day, 12, tzinfo=UTC))
    return Respondent(copy.app(), "consent").open("/en/consent")


CHECKED = date(2026, 11, 4)  # when riverside's signposts were last checked


@pytest.mark.parametrize(
    ("area", "today", "status"),
    [
        ("riverside", date(2026, 11, 25), 200),
        ("riverside", date(2027, 5, 3), 200),
        ("riverside", date(2027, 5, 4), 200),  # six months to the day
        ("riverside", date(2027, 5, 5), 403),
        ("riverside", date(2028, 1, 1), 403),
        ("lowland", date(2026, 11, 25), 403),  # no front door of its own
    ],
)
def test_a_survey_for_children_needs_signposts_checked_within_six_months(
    copy: Copies, area: str, today: date, status: int
) -> None:
    person = opened(copy("consent", area=area), today)

    assert person.status == status
    listed = "/en/consent" in Page(person.open("/en").page).links.values()
    assert listed is (status == 200)
    if status == 403:
        assert person.open("/en/consent").heading == "This survey is not open yet"
        assert person.start().status == 403
        assert person.client.get_cookie("visit") is None


def test_a_survey_for_adults_opens_without(copy: Copies) -> None:
    assert opened(copy("consent", area="lowland"), date(2026, 11, 25), audience="manager").status == 200


def test_who_is_half_way_when_the_signposts_grow_old_can_finish(copy: Copies) -> None:
    made = copy("consent", area="riverside")
    person = opened(made, date(2027, 5, 4)).start().press(answer="yes")
    made.clock = FixedClock(datetime(2027, 5, 5, 1, tzinfo=UTC))
    later = Respondent(made.app(), "consent")
    cookie = person.client.get_cookie("visit")
    assert cookie
    later.client.set_cookie("visit", cookie.value)

    assert later.open("/en/consent/Q1").press(answer="Words").send().receipt


@pytest.mark.parametrize(
    ("day", "gaps"),
    [(date(2026, 11, 4), 0), (date(2027, 5, 4), 0), (date(2027, 5, 5), 3), (date(2027, 6, 1), 3)],
)
def test_six_months_are_counted_by_the_calendar(day: date, gaps: int) -> None:
    area = load_area(TEST_SURVEYS, "riverside")

    assert len(list(area.signpost_gaps(day, "child"))) == gaps


def test_each_gap_is_named() -> None:
    assert list(load_area(TEST_SURVEYS, "lowland").signpost_gaps(CHECKED, "child")) == [
        'the signpost "local_front_door" is missing from surveys/areas/lowland.yaml'
    ]


def area_with(**changes: dict[str, object]) -> Area:
    """Riverside, with some of its signposts changed."""
    area = load_area(TEST_SURVEYS, "riverside")
    changed = [one.model_copy(update=changes.get(one.id, {})) for one in area.signposts]
    return area.model_copy(update={"signposts": tuple(changed)})


def test_signposts_made_for_children_come_first_and_others_do_not_see_them() -> None:
    area = area_with(child_line={"audiences": ("child", "young-person")})

    for child in ("child", "young-person"):
        names = [signpost.id for signpost in area.signposts_for(child)]
        assert names == ["child_line", "emergency", "local_front_door"]
    assert [signpost.id for signpost in area.signposts_for("parent")] == ["emergency", "local_front_door"]
    assert list(area.signpost_gaps(CHECKED, "child")) == []


def test_a_signpost_that_children_are_not_shown_is_missing_for_them() -> None:
    area = area_with(child_line={"audiences": ("parent",)})

    assert list(area.signpost_gaps(CHECKED, "child")) == [
        'the signpost "child_line" is missing from surveys/areas/riverside.yaml'
    ]


def test_a_signpost_may_be_reached_by_text_or_chat_alone_but_not_by_nothing() -> None:
    none = {"phone": "", "url": ""}

    for way in ({"sms": "85258"}, {"chat": "https://help.example/chat"}):
        assert list(area_with(child_line=none | way).signpost_gaps(CHECKED, "child")) == []
    assert len(list(area_with(child_line=none).signpost_gaps(CHECKED, "child"))) == 1


ENGLISH_ONLY = 'says: {en: "In danger now."}'
ALL_APPROVED = {"safety": "approved", "helping": "approved"}


def with_silent_signposts(made: Copy) -> Copy:
    """The same copy, where one signpost has no Urdu words."""
    file = made.settings.surveys / "areas" / f"{made.settings.area}.yaml"
    file.write_text(re.sub(r"says: \{en: \"In danger now.\".*?\}", ENGLISH_ONLY, file.read_text()))
    return made


def test_a_signpost_without_words_in_a_language_closes_it(copy: Copies, tmp_path: Path) -> None:
    made = with_silent_signposts(
        copy("consent", area="riverside", translations=translate(tmp_path, "ur", **ALL_APPROVED))
    )

    assert not offered(made, "/en/consent")
    assert not offered(made, "/en/help")
    assert made.app().test_client().get("/ur/consent").status_code == 404


def test_in_the_example_area_a_signposts_english_is_marked_as_english(copy: Copies, tmp_path: Path) -> None:
    made = copy("consent", translations=translate(tmp_path, "ur"))
    file = made.settings.surveys / "areas" / "example.yaml"
    file.write_text(re.sub(r'      ur: "ایمرجنسی.*\n|      ur: "اگر.*\n', "", file.read_text()))

    page = Respondent(made.app(), "consent").open("/ur/help").page
    assert '<span lang="en" dir="ltr">If you or someone else is in danger now. Free, day and night.</span>' in page


def reasons(made: Copy, survey: str = "consent") -> dict[str, tuple[str, ...]]:
    """Why each language of a survey is not offered."""
    area = load_area(made.settings.surveys, made.settings.area)
    interfaces = {code: load_interface(made.settings.translations, code) for code in LOCALES}
    with made.session() as session:
        held = collections.find(session, survey)
        assert held
        edition = Editions(area).get(session, held.version_hash)
        return editions.why_not_offered(edition, area, interfaces)


def test_every_reason_that_keeps_a_language_from_being_offered_is_named(copy: Copies, tmp_path: Path) -> None:
    def why(number: int, **words: Any) -> tuple[str, ...]:
        made = copy("consent", area="riverside", translations=translate(tmp_path / str(number), "ur", **words))
        return reasons(with_silent_signposts(made) if number == 3 else made)["ur"]

    assert why(1, **ALL_APPROVED) == ()
    assert why(2, safety="reviewed", helping="draft") == ("consent", "help")
    assert why(3, **ALL_APPROVED) == ("signposts",)
    assert why(4, missing=frozenset({"consent.title"}), **ALL_APPROVED) == ("survey",)


def test_the_texts_that_wait_for_a_translator_are_counted_and_lists_of_the_area_are_not(
    copy: Copies, tmp_path: Path
) -> None:
    made = copy(
        "consent", translations=translate(tmp_path, "ur", missing=frozenset({"consent.title", "consent.Q1.label"}))
    )
    area = load_area(made.settings.surveys, made.settings.area)
    with made.session() as session:
        held = collections.find(session, "consent")
        assert held
        frozen = Editions(area).get(session, held.version_hash).frozen
    assert publishing.still_to_translate(frozen, area, made.settings.translations, "ur") == (2, 6)

    own = {"choices": "area:home_languages", "id": "Q9", "type": "single", "label": "Which?"}
    frozen.document["pages"][0]["questions"].append(own)
    listed = replace(frozen, document=with_area_lists(frozen.document, area.lists))
    assert publishing.still_to_translate(listed, area, made.settings.translations, "ur") == (3, 7)


def test_anonymous_is_said_only_where_the_software_sees_to_it(copy: Copies) -> None:
    made = copy("consent")
    area = load_area(made.settings.surveys, "example")
    with made.session() as session:
        held = collections.find(session, "consent")
        assert held
        edition = Editions(area).get(session, held.version_hash)
    assert edition.mode == "anonymous"

    linked = Edition(replace(edition.frozen, document=edition.frozen.document | {"pair": {"wave": "1"}}), area)
    assert linked.mode == "confidential"
    asks = deepcopy(edition.frozen.document)
    asks["pages"][1]["questions"].append({"id": "E1", "type": "email", "label": "Where can we write to you?"})
    assert Edition(replace(edition.frozen, document=asks), area).mode == "confidential"
