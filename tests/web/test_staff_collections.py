"""The first page: each collection with its counts, and why it is open or not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from feedback_app.services.editions import Editions
from feedback_app.storage.db import db
from feedback_app.storage.models import Collection, CollectionCount, Reading, SurveyVersion
from feedback_app.web.support.wiring import NAME, wiring
from tests.web.staff_copy import SURVEY, Copy, text_of

pytest_plugins = ["tests.web.staff_fixtures"]


def first_page(staffed: Copy) -> str:
    """What the first page says."""
    return text_of(staffed.member().get("/").text)


def test_it_counts(staffed: Copy) -> None:
    with staffed.app.app_context():
        db.session.add(CollectionCount(collection_id=SURVEY, kind="started", number=1_234))
        db.session.add(CollectionCount(collection_id=SURVEY, kind="declined", number=2))
        db.session.commit()
    words = first_page(staffed)
    for said in (
        "Your life and safety",
        "Open Survey",
        "It has been open since 22 November 2026. It has no closing day.",
        "Answers received 5",
        "Started 1,234",
        "Said no 2",
        "Comments waiting for a person 5",
        f"http://127.0.0.1:5000/{SURVEY}",
        "English, Urdu (not checked yet), Polish (not checked yet), Slovak (not checked yet)",
    ):
        assert said in words, said
    assert "in no list yet" not in words


@pytest.mark.parametrize(
    ("opens", "closes", "today", "said"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), 22, "Open Survey It has been open since 1 November 2026. It closes on"),
        (date(2026, 11, 23), None, 22, "Not open yet Survey It opens on 23 November 2026."),
        (date(2026, 11, 23), date(2026, 12, 1), 22, "It opens on 23 November 2026. It closes on 1 December 2026."),
        (date(2026, 11, 1), date(2026, 11, 21), 22, "Closed Survey It was open from 1 November 2026 to 21 November"),
    ],
)
def test_it_says_why(staffed: Copy, opens: date, closes: date | None, today: int, said: str) -> None:
    staffed.collection(opens_on=opens, closes_on=closes)
    assert said in first_page(staffed)


def test_signposts_out_of_date_stop_a_survey_for_children_and_are_named(staffed: Copy) -> None:
    staffed.clock.pass_by(days=200)
    words = first_page(staffed)
    assert "Cannot open" in words
    assert "Nobody can answer until the list of who can help is right:" in words
    assert 'The signpost "emergency" was last checked on 2026-11-20, over six months ago.' in words


def test_each_language_that_is_not_offered_says_why(staffed: Copy) -> None:
    with staffed.app.app_context():
        wired = wiring()
        area = wired.area.model_copy(update={"example": False})
        version = db.session.query(SurveyVersion).one()
        version.document = version.document | {"languages": ["en", "ur", "cs"]}
        version.words = {"ur": {"words": {}, "review": "draft", "safety": "draft"}}
        db.session.commit()
        says = area.signposts[0].model_copy(update={"says": {"en": "English only"}})
    staffed.app.extensions[NAME] = replace(
        wired,
        area=area.model_copy(update={"signposts": (says, *area.signposts[1:])}),
        editions=Editions(area),
        interfaces=dict(wired.interfaces) | {"ur": replace(wired.interfaces["ur"], complete=False, missing=7)},
    )
    words = first_page(staffed)
    assert "2 languages that people cannot choose yet" in words
    assert "The words of consent are not approved. The words of help are not approved." in words
    assert "Urdu. 7 texts of our own pages are not translated." in words
    assert re.search(r"Czech\. (\d+ of \d+ texts are not translated|Its words are ready now)", words)


def test_answers_that_were_brought_in_are_marked(staffed: Copy) -> None:
    staffed.collection(source="imported", note="A stranger's file <b>", closes_on=date(2026, 12, 1))
    words = first_page(staffed)
    assert "Brought in Imported The answers are from 22 November 2026 to 1 December 2026." in words
    assert "Where the answers come from: A stranger's file <b>" in words
    assert "Said no" not in words
    assert "Address for people who answer" not in words


def test_nothing_there_says_what_to_do_first(staffed: Copy) -> None:
    with staffed.app.app_context():
        for table in ("suggestion", "reading", "answer_text", "response", "draft", "collection"):
            db.session.execute(db.metadata.tables[table].delete())
        db.session.commit()
    words = first_page(staffed)
    assert "There is nothing here yet" in words
    assert "feedback init" in words


def test_comments_that_software_has_not_read_are_not_forgotten(staffed: Copy) -> None:
    with staffed.app.app_context():
        db.session.query(Reading).delete()
        db.session.commit()
    assert "5 comments are in no list yet." in first_page(staffed)


def test_a_title_is_only_words(staffed: Copy) -> None:
    staffed.change(Collection, title="<script>alert(1)</script>")
    page = staffed.member().get("/").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
