"""What may be shown to a child: a language whose safety people approved, a survey whose signposts are in date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from feedback_app.core.clock import FixedClock
from feedback_app.definitions.area import load_area
from feedback_app.i18n.catalogues import Review
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

    assert len(list(area.signpost_gaps(day))) == gaps


def test_each_gap_is_named() -> None:
    assert list(load_area(TEST_SURVEYS, "lowland").signpost_gaps(CHECKED)) == [
        'the signpost "local_front_door" is missing from surveys/areas/lowland.yaml'
    ]
