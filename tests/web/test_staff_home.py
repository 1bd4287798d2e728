"""The first page: what needs a person today by role, only that, each with its number and a way to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from feedback_app.core.roles import ROLES
from feedback_app.services import coding, jobs
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.home import COUNTS
from feedback_app.storage.db import db
from feedback_app.storage.models import (
    Base,
    ClassSession,
    Collection,
    Letter,
    PaperForm,
    SealedBundle,
    StaffRole,
)
from feedback_app.web.staff.gate import MAY
from feedback_app.web.staff.home import NEEDS
from feedback_app.web.support.wiring import NAME, wiring
from tests.web.staff_copy import COMMENTS, NOW, SURVEY, Copy, text_of

pytest_plugins = ["tests.web.staff_fixtures"]
TODAY = NOW.date()
WEEK = timedelta(days=7)


def as_role(staffed: Copy, *roles: str) -> FlaskClient:
    """A browser of somebody with these roles and no others."""
    client = staffed.member()
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add_all(StaffRole(staff_id=1, role=role) for role in roles)
        db.session.commit()
    return client


def cards(client: FlaskClient) -> list[str]:
    """What each card says."""
    return [
        text_of(one).strip() for one in re.findall(r'<li class="sheet need.*?</p>', client.get("/").text, re.DOTALL)
    ]


def add(staffed: Copy, *rows: Base) -> None:
    with staffed.app.app_context():
        db.session.add_all(rows)
        db.session.commit()


def another(ident: str, **values: object) -> Collection:
    """A collection that somebody has opened."""
    given = {"title": ident, "source": "survey", "opens_on": TODAY - timedelta(days=30), "closes_on": None}
    return Collection(id=ident, **(given | values))  # type: ignore[arg-type]


def version(staffed: Copy) -> str:
    with staffed.app.app_context():
        return str(db.session.get_one(Collection, SURVEY).version_hash)


def test_comments_wait_for_those_who_may_read_them(staffed: Copy) -> None:
    said = "5 comments wait for a person to read them."
    for role in ROLES:
        client = as_role(staffed, role)
        assert any(card.startswith(said) for card in cards(client)) is (role in ("coder", "safeguarding-lead")), role


def test_a_comment_that_somebody_decided_about_waits_no_more(staffed: Copy) -> None:
    client = as_role(staffed, "coder")
    for number, (ident, field, *_) in enumerate(COMMENTS, 1):
        with staffed.app.app_context():
            books, codes = load_codebooks(wiring().settings.surveys), {"X-NONE": ""}
            book, comment = next(iter(books)), (ident * 16, field)
            coding.decide(db.session(), books, book, comment, codes, by="Ann", now=NOW, refused=("X-SAFE",))
            db.session.commit()
        left = len(COMMENTS) - number
        found = [card for card in cards(client) if "comment" in card]
        assert [card.split()[0] for card in found] == ([str(left)] if left else [])


def test_comments_are_found_where_they_are(staffed: Copy) -> None:
    add(staffed, *(another(f"school-{number}", version_hash=version(staffed)) for number in range(7)))
    page = as_role(staffed, "coder").get("/").text

    places = re.findall(r'<li><a href="([^"]+)"><span class="hidden">Go to the comments: </span>([^<]+)</a>', page)

    assert places == [(f"/collections/{SURVEY}/comments", "Your life and safety")]


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (-30, 0, "1 collection closes within seven days."),
        (-30, 7, "1 collection closes within seven days."),
        (-30, 8, ""),
        (-30, -1, ""),
        (-30, None, ""),
        (0, None, "1 collection opens today."),
        (1, None, ""),
        (1, 3, ""),
        (-1, None, ""),
    ],
)
def test_what_opens_today_and_closes_within_seven_days(
    staffed: Copy, opens: int, closes: int | None, said: str
) -> None:
    staffed.collection(opens_on=TODAY - timedelta(days=60))
    until = None if closes is None else TODAY + timedelta(days=closes)
    one = another("school", version_hash=version(staffed), opens_on=TODAY + timedelta(days=opens), closes_on=until)
    add(staffed, one)

    found = [card for card in cards(as_role(staffed, "course-organiser")) if "collection" in card]

    assert found == ([said] if said else [])


@pytest.mark.parametrize("values", [{"closed_at": NOW}, {"archived_on": TODAY}, {"source": "imported"}])
def test_what_is_closed_archived_or_brought_in_needs_nobody(staffed: Copy, values: dict[str, object]) -> None:
    staffed.collection(opens_on=TODAY - timedelta(days=60))
    add(staffed, another("school", version_hash=version(staffed), closes_on=TODAY + WEEK, **values))

    assert not [card for card in cards(as_role(staffed, "analyst")) if "collection" in card]


def bundle(ident: str, trouble: str = "", sealed: bytes | None = b"x") -> Callable[[str], SealedBundle]:
    return lambda held: SealedBundle(
        id=ident * 32,
        class_session_id="c" * 32,
        version_hash=held,
        language="en",
        key_id="k",
        sealed=sealed,
        content_hash="h",
        received_on=TODAY,
        trouble=trouble,
    )


def test_what_tablets_sent(staffed: Copy) -> None:
    held = version(staffed)
    days = {"opens_on": TODAY, "closes_on": TODAY, "idle_minutes": 3, "outreach": True, "made_by": "Ann"}
    kept = {"code_hash": "x", "pin_hash": "y", "label": "Year 5", "collection_id": SURVEY}
    add(staffed, ClassSession(id="c" * 32, **days, **kept))
    add(staffed, *(make(held) for make in (bundle("1"), bundle("2", "It could not be read."), bundle("3", "", None))))

    words = cards(as_role(staffed, "administrator"))

    assert "1 answer from a tablet could not be opened. It is kept, and nobody has read it." in words
    assert "1 sealed answer from a tablet waits to be taken in." in words
    assert not [card for card in cards(as_role(staffed, "coder")) if "tablet" in card]


def test_letters_and_work_that_failed(staffed: Copy) -> None:
    letter = {"kind": "t", "locked": b"x", "made_at": NOW, "due_at": NOW, "trouble": "gaierror"}
    add(
        staffed, Letter(id="a", tries=1, **letter), Letter(id="b", tries=9, **letter), Letter(id="c", tries=0, **letter)
    )
    with staffed.app.app_context():
        jobs.begin(db.session(), "comments", NOW)
        jobs.fail(db.session(), "comments", "It broke.", NOW)
        db.session.commit()

    words = cards(as_role(staffed, "administrator"))

    assert words[:2] == [
        "2 letters have not gone out. They are tried again by themselves.",
        "1 piece of work that runs by itself has failed.",
    ]


def test_paper_forms_that_differ(staffed: Copy) -> None:
    given = {"collection_id": SURVEY, "unclear": {}, "first_by": "A", "first_on": TODAY, "differences": {}}
    add(
        staffed,
        PaperForm(number="1", response_id="1" * 32, second_sealed=b"x", **given),
        PaperForm(number="2", response_id="2" * 32, second_sealed=b"x", settled_on=TODAY, **given),
        PaperForm(number="3", response_id="3" * 32, **given),
    )

    client = as_role(staffed, "coder")
    words = cards(client)

    assert f'<a href="/collections/{SURVEY}/paper">' in client.get("/").text
    assert "1 paper form was typed twice and the typings differ. Somebody has to look at the paper." in words


@pytest.mark.parametrize(("days", "number"), [(0, 0), (149, 0), (150, 3), (200, 3)])
def test_signposts_are_told_of_a_month_before_they_are_too_old(staffed: Copy, days: int, number: int) -> None:
    wired = staffed.app.extensions[NAME]
    newest = max(one.checked_on for one in wired.area.signposts)
    assert newest == date(2026, 11, 20), "the example area's signposts are checked by hand"
    staffed.clock.pass_by(days=days)

    found = [card for card in cards(as_role(staffed, "administrator")) if card.split()[1].startswith("signpost")]

    assert [card.split()[0] for card in found] == ([str(number)] if number else [])


def test_languages_that_are_not_finished(staffed: Copy) -> None:
    (words,) = [card for card in cards(as_role(staffed, "translator")) if "language" in card]

    assert re.match(r"\d+ languages are not finished: words are missing, or nobody has checked them\.", words)


def test_second_steps(staffed: Copy) -> None:
    words = cards(as_role(staffed, "administrator"))

    assert "1 thing to do for your own account: set up a second step for signing in." in words
    assert "1 account signs in with a password alone." in words
    assert not [card for card in cards(as_role(staffed, "coder")) if "password alone" in card]


def test_each_card_leads_where_its_reader_may_go(staffed: Copy) -> None:
    for role in ROLES:
        client = as_role(staffed, role)
        page = client.get("/").text
        main = page[page.index("<main") :]
        for address in set(re.findall(r'<a (?:class="button[^"]*" )?href="([^"]+)"', main)):
            assert client.get(address).status_code == 200, (role, address)


def test_an_administrator_is_told_what_to_do_first_until_it_is_done(staffed: Copy) -> None:
    words = text_of(as_role(staffed, "administrator").get("/").text)
    assert "Do this first Open a survey to somebody." in words
    assert "Invite a colleague" in words
    assert "Do this first" not in text_of(as_role(staffed, "analyst").get("/").text)

    add(staffed, another("oak-school", version_hash=version(staffed)))
    words = text_of(as_role(staffed, "administrator").get("/").text)
    assert "Open a survey to somebody" not in words
    assert "Invite a colleague" in words


def test_nothing_to_do_is_a_page_that_says_so(staffed: Copy) -> None:
    words = text_of(as_role(staffed, "scrutineer").get("/").text)

    assert "Nothing needs you today" in words
    assert "Go to the collections" in words
    assert cards(as_role(staffed, "scrutineer")) == []


def test_every_need_is_counted_and_said_of_one_and_of_many() -> None:
    own = {"signposts", "translations", "own_factor", "drill", "rota", "unready"}
    assert NEEDS.keys() == COUNTS.keys() | own
    for name, need in NEEDS.items():
        assert need.roles <= ROLES.keys()
        assert need.one.endswith(".")
        assert need.many.endswith(".") or name in ("own_factor", "drill", "rota")
        assert need.endpoint in MAY, name
