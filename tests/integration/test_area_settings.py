"""What administrators set, on both databases: it lies over the file, its history stays, thresholds only go up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from feedback_app.core.errors import BadFile, FeedbackError
from feedback_app.definitions.area import Area, load_area
from feedback_app.services import area_settings, audit
from feedback_app.services.area_settings import GENERAL, Changed
from feedback_app.storage.models import AuditEvent
from tests.factories import NOON, Copy

WHO: dict[str, Any] = {"by": "Ann", "now": NOON}
POST: dict[str, Any] = {
    "id": "night_line",
    "name": {"en": "Night line", "ur": "رات"},
    "says": {},
    "audiences": ("child",),
    "phone": "01632 960 009",
    "sms": "",
    "chat": "",
    "url": "",
}


@pytest.fixture
def held(on_both: Callable[..., Copy]) -> Iterator[tuple[Session, Area]]:
    copy = on_both()
    with copy.session() as session:
        yield session, load_area(copy.settings.surveys, copy.settings.area)
        session.rollback()


def keep(session: Session, base: Area, seen: int = 0, **values: Any) -> list[str]:
    now = area_settings.general(area_settings.over(session, base))
    return area_settings.set_general(session, base, seen, now | values, **WHO)


def keep_post(session: Session, base: Area, seen: int = 0, *, new: bool = False, **values: Any) -> None:
    area_settings.set_signpost(session, base, seen, POST | values, new=new, today=NOON.date(), **WHO)


def test_nothing_set_is_the_file_as_it_is(held: tuple[Session, Area]) -> None:
    session, base = held
    assert area_settings.newest(session) == 0
    assert area_settings.over(session, base) == base


def test_what_is_set_lies_over_the_file_and_the_rest_stays(held: tuple[Session, Area]) -> None:
    session, base = held
    assert keep(session, base, contact="hello@else.example", hear_back={"en": "In May."}, smallest_count=20) == [
        "contact",
        "hear_back",
        "smallest_count",
    ]
    area = area_settings.over(session, base)
    assert (area.contact, area.hear_back, area.smallest_count) == ("hello@else.example", {"en": "In May."}, 20)
    same = {"contact": base.contact, "hear_back": base.hear_back, "smallest_count": base.smallest_count}
    assert area.model_copy(update=same) == base
    assert area.example == base.example


def test_keeping_the_same_again_writes_nothing(held: tuple[Session, Area]) -> None:
    session, base = held
    assert keep(session, base) == []
    assert area_settings.history(session) == []


def test_the_history_tells_who_set_what_from_what(held: tuple[Session, Area]) -> None:
    session, base = held
    keep(session, base, contact="one")
    keep(session, base, area_settings.last_of(session, *GENERAL), contact="two")
    newest, oldest = area_settings.history(session)
    assert (newest.name, newest.before, newest.after, newest.changed_by) == ("contact", "one", "two", "Ann")
    assert (oldest.before, oldest.after) == (base.contact, "one")
    events = [event for event in session.scalars(select(AuditEvent)) if event.action == "settings.change"]
    assert [event.detail for event in events] == [{"names": ["contact"]}] * 2
    assert audit.verify(session) >= 2


def test_the_second_of_two_is_told(held: tuple[Session, Area]) -> None:
    session, base = held
    keep(session, base, contact="one")
    with pytest.raises(Changed, match="Ann changed this"):
        keep(session, base, contact="two")
    keep_post(session, base, new=True)
    first = area_settings.last_of(session, "signpost:night_line")
    keep_post(session, base, first, phone="1")
    for late in (
        lambda: keep_post(session, base, first, phone="2"),
        lambda: area_settings.check_signpost(session, base, "night_line", first, today=NOON.date(), **WHO),
        lambda: area_settings.drop_signpost(session, base, "night_line", first, **WHO),
    ):
        with pytest.raises(Changed):
            late()
    assert area_settings.find_signpost(area_settings.over(session, base), "night_line").phone == "1"  # type: ignore[union-attr]


def test_thresholds_go_up_and_never_down(held: tuple[Session, Area]) -> None:
    session, base = held
    keep(session, base, smallest_count=20, percent_base=40)
    seen = area_settings.last_of(session, *GENERAL)
    for lower in ({"smallest_count": 15}, {"percent_base": 39}, {"round_to": 4}):
        with pytest.raises(FeedbackError, match="It can go up, and never down"):
            keep(session, base, seen, **lower)
    with pytest.raises(FeedbackError, match="multiple"):
        keep(session, base, seen, smallest_count=22)
    with pytest.raises(FeedbackError, match="multiple"):
        keep(session, base, seen, round_to=15)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('smallest_count: "5"', "5 is too small: it can be 10 or more, and never less"),
        ('percent_base: "29"', "29 is too small"),
        ('year_begins: "02-29"', 'write month and day, such as "04-01"'),
    ],
)
def test_the_file_cannot_be_looser_than_the_promise(copy_on: Callable[..., Copy], line: str, said: str) -> None:
    folder = copy_on("").settings.surveys
    file = folder / "areas" / "example.yaml"
    file.write_text(f"{file.read_text()}\n{line}\n")
    with pytest.raises(BadFile, match=said):
        load_area(folder, "example")


def test_a_signpost_is_added_checked_and_taken_off(held: tuple[Session, Area]) -> None:
    session, base = held
    keep_post(session, base, new=True)
    post = area_settings.find_signpost(area_settings.over(session, base), "night_line")
    assert post
    assert (post.checked_on, post.checked_by, post.audiences) == (NOON.date(), "Ann", ("child",))
    with pytest.raises(FeedbackError, match="already"):
        keep_post(session, base, new=True)
    last = area_settings.last_of(session, "signpost:night_line")
    area_settings.drop_signpost(session, base, "night_line", last, **WHO)
    assert area_settings.over(session, base) == base
    gone = area_settings.history(session)[0]
    assert (gone.after, gone.before["name"]) == (None, {"en": "Night line", "ur": "رات"})
    with pytest.raises(FeedbackError, match="not here any more"):
        area_settings.check_signpost(session, base, "night_line", 0, today=NOON.date(), **WHO)


def test_a_changed_signpost_stands_where_it_stood_and_is_checked(held: tuple[Session, Area]) -> None:
    session, base = held
    keep_post(session, base, id="child_line", name={"en": "Childline"}, phone="0800 2222")
    area = area_settings.over(session, base)
    assert [post.id for post in area.signposts] == [post.id for post in base.signposts]
    assert (area.signposts[1].phone, area.signposts[1].checked_by) == ("0800 2222", "Ann")


def test_no_required_signpost_is_taken_off(held: tuple[Session, Area]) -> None:
    session, base = held
    with pytest.raises(FeedbackError, match="No survey for children"):
        area_settings.drop_signpost(session, base, "emergency", 0, **WHO)


@pytest.mark.parametrize("act", ["UPDATE area_setting SET changed_by = 'x'", "DELETE FROM area_setting"])
def test_the_database_itself_keeps_every_row(held: tuple[Session, Area], act: str) -> None:
    session, base = held
    keep(session, base, contact="one")
    with pytest.raises(DBAPIError, match="only ever added to"):
        session.execute(text(act))
