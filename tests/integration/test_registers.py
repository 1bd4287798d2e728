"""The registers: added to, changed, ended, loaded once from the area's file; on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from feedback_app.core.errors import Refused
from feedback_app.definitions.area import load_area
from feedback_app.services import registers
from feedback_app.services.registers import Changed, Draft, Wanted
from feedback_app.storage.models import AuditEvent
from tests.factories import NOON, Copy
from tests.integration.test_at_once import at_once

TODAY = NOON.date()
OAK = Draft("Oak School", contact="office@oak.example")
Both = Callable[..., Copy]


def names(found: registers.Page) -> list[str]:
    return [one.name for one in found.entries]


def test_an_entry_is_added_changed_and_ended_and_never_gone(on_both: Both) -> None:
    copy = on_both()
    with copy.session() as session, session.begin():
        made = registers.add(session, "place", OAK, by="Ann", now=NOON)
        again = registers.change(session, made.id, 1, replace(OAK, name="Oak Academy", code="oak"), by="Bea", now=NOON)
        ended = registers.end(session, made.id, 2, TODAY, by="Ann", now=NOON)
    assert (made.code, made.revision) == ("oak-school", 1)
    assert (again.name, again.code, again.revision, again.changed_by) == ("Oak Academy", "oak", 2, "Bea")
    assert ended.to_on == TODAY
    tomorrow = TODAY + timedelta(days=1)
    with copy.session() as session:
        assert names(registers.page(session, Wanted(("place",)), TODAY)) == ["Oak Academy"]
        assert names(registers.page(session, Wanted(("place",)), tomorrow)) == []
        assert names(registers.page(session, Wanted(("place",), ended=True), tomorrow)) == ["Oak Academy"]
        events = [(one.actor, one.action) for one in session.scalars(select(AuditEvent).order_by(AuditEvent.number))]
    assert events[-3:] == [("Ann", "register.add"), ("Bea", "register.change"), ("Ann", "register.end")]


def test_the_second_of_two_who_change_it_is_told(on_both: Both) -> None:
    copy = on_both()
    with copy.session() as session, session.begin():
        made = registers.add(session, "group", Draft("Youth Cabinet"), by="Ann", now=NOON)
        registers.change(session, made.id, 1, Draft("Youth Council"), by="Bea", now=NOON)
        for act in (
            lambda: registers.change(session, made.id, 1, Draft("Mine"), by="Ann", now=NOON),
            lambda: registers.end(session, made.id, 1, TODAY, by="Ann", now=NOON),
        ):
            with pytest.raises(Changed, match="Bea changed this"):
                act()
        kept = registers.find(session, made.id)
    assert kept is not None
    assert (kept.name, kept.to_on) == ("Youth Council", None)


def test_of_two_who_press_at_the_same_moment_one_is_told(on_both: Both) -> None:
    copy = on_both()
    with copy.session() as session, session.begin():
        made = registers.add(session, "place", OAK, by="Ann", now=NOON)

    def rename(who: str) -> Callable[[], str]:
        def act() -> str:
            try:
                with copy.session() as session, session.begin():
                    registers.change(session, made.id, 1, replace(OAK, name=f"Oak of {who}"), by=who, now=NOON)
            except Changed as error:
                return str(error)
            return "kept"

        return act

    said = at_once([rename("Ann"), rename("Bea")])
    winner = ("Ann", "Bea")[said.index("kept")]
    assert said.count("kept") == 1
    assert any(words.startswith(f"{winner} changed this") for words in said)
    with copy.session() as session:
        kept = registers.find(session, made.id)
    assert kept is not None
    assert (kept.name, kept.changed_by, kept.revision) == (f"Oak of {winner}", winner, 2)


@pytest.mark.parametrize(
    ("kind", "draft"),
    [
        ("nothing", OAK),
        ("place", replace(OAK, name="  ")),
        ("place", replace(OAK, name="x" * 161)),
        ("place", replace(OAK, code="oak school")),
        ("place", replace(OAK, code="-")),
        ("place", replace(OAK, code="Taken")),
        ("place", replace(OAK, contact="office")),
        ("place", replace(OAK, contact="a b@c.example")),
        ("place", replace(OAK, ward="nowhere")),
        ("place", replace(OAK, from_on=date(2026, 2, 1), to_on=date(2026, 1, 1))),
        ("place", replace(OAK, name="سکول")),  # no code can be made of it, so it needs one
    ],
)
def test_what_cannot_be_is_refused(copy: Both, kind: str, draft: Draft) -> None:
    with copy().session() as session, session.begin():
        registers.add(session, "place", Draft("Taken", "taken"), by="Ann", now=NOON)
        with pytest.raises(Refused):
            registers.add(session, kind, draft, by="Ann", now=NOON)


def test_codes_are_made_of_names_and_are_unique_in_their_register(on_both: Both) -> None:
    with on_both().session() as session, session.begin():
        places = [registers.add(session, "place", Draft("St. Mary’s École"), by="Ann", now=NOON) for _ in range(3)]
        service = registers.add(session, "service", Draft("St. Mary’s École"), by="Ann", now=NOON)
    assert [one.code for one in places] == ["st-marys-ecole", "st-marys-ecole-2", "st-marys-ecole-3"]
    assert service.code == "st-marys-ecole"


def test_the_area_file_is_loaded_once(on_both: Both) -> None:
    copy = on_both()
    area = load_area(copy.settings.surveys, "example")
    with copy.session() as session, session.begin():
        assert registers.load_once(session, area, by="Ann", now=NOON) == 2 + 5 + 3 + 4
        (group, *_) = registers.named(session, "group")
        registers.change(session, group.id, 1, Draft("Ours", group.code), by="Ann", now=NOON)
        assert registers.load_once(session, area, by="Ann", now=NOON) == 0
        assert "Ours" in [one.name for one in registers.named(session, "group")]
        assert registers.counts(session, TODAY) == {"group": 2, "service": 5, "priority": 3, "ward": 4}
        priority = next(one for one in registers.named(session, "priority") if one.code == "PRI-N")
    assert (priority.name, priority.from_on) == ("Neglect", date(2023, 4, 1))


def test_pages_hold_fifty_and_search_takes_what_is_typed_as_it_is(on_both: Both) -> None:
    with on_both().session() as session, session.begin():
        for number in range(60):
            registers.add(session, "place", Draft(f"School {number:02} 100%"), by="Ann", now=NOON)
        first = registers.page(session, Wanted(("place",)), TODAY)
        last = registers.page(session, Wanted(("place",), page=99), TODAY)
        assert (len(first.entries), first.total, first.pages) == (50, 60, 2)
        assert names(last)[0] == "School 50 100%"
        assert names(registers.page(session, Wanted(("place",), "SCHOOL 07"), TODAY)) == ["School 07 100%"]
        assert registers.page(session, Wanted(("place",), "100%"), TODAY).total == 60
        assert registers.page(session, Wanted(("place",), "10_%"), TODAY).total == 0
