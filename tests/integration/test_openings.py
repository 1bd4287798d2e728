"""Collections for a place or event: opened, changed, closed, reopened; parts left out, cards, reminders, calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from analysis.disclosure import Rule
from feedback_app.core.errors import Refused
from feedback_app.core.settings import PROJECT
from feedback_app.services import (
    asking,
    audit,
    cards,
    collections,
    openings,
    participation,
    registers,
    reminders,
    reporting,
)
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.collections import Held, Wanted
from feedback_app.services.editions import offered
from feedback_app.services.openings import Asked, Changed, Number, Terms
from feedback_app.services.reminders import Said
from feedback_app.storage.models import AuditEvent, Letter, OneTimeCode
from tests.factories import NOON, Copy
from tests.integration.test_at_once import at_once
from tests.openings import ANN, TODAY, Office, on
from tests.translating import translate

Both = Callable[..., Copy]
DAY = timedelta(days=1)


def actions(copy: Copy) -> list[str]:
    with copy.session() as session:
        audit.verify(session)
        return [one.action for one in session.scalars(select(AuditEvent).order_by(AuditEvent.number))]


def found(copy: Copy, one: Held) -> Held:
    with copy.session() as session:
        held = collections.find(session, one.id)
    assert held is not None
    return held


def test_its_address_is_the_survey_and_the_place_and_is_its_own(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    oak = office.place(code="OAK")
    ids = [office.open("sensitive", oak).id for _ in range(3)]
    assert ids == ["sensitive-oak", "sensitive-oak-2", "sensitive-oak-3"]
    event = office.open("sensitive", event="  Family fun day,   June ")
    assert (event.id, event.title, event.event) == (
        "sensitive-family-fun-day-june",
        "Something sensitive: Family fun day, June",
        "Family fun day, June",
    )
    assert office.open("sensitive", event="تہوار").id == "sensitive-event"
    assert actions(office.copy)[-1] == "collection.open"


@pytest.mark.parametrize(
    "change",
    [
        {"survey": "nothing"},
        {"survey": "sensitive-oak-school"},  # another opening is no survey
        {"setting": 999},
        {"setting": None},
        {"setting": None, "event": "x" * 121},
        {"closes_on": TODAY - DAY},
        {"opens_on": TODAY - 5 * DAY, "closes_on": TODAY - DAY},
        {"closes_on": TODAY + 1100 * DAY},
        {"languages": ("en", "fr")},
        {"note": "x" * 601},
        {"numbers": {"eligible": Number(-1, "us", TODAY)}},
        {"numbers": {"eligible": Number(10, " ", TODAY)}},
        {"numbers": {"other": Number(10, "us", TODAY)}},
    ],
)
def test_what_cannot_be_is_not_opened(copy: Both, change: dict[str, Any]) -> None:
    office = Office(copy("sensitive"))
    oak = office.place()
    office.open("sensitive", oak)
    terms = {name: change.pop(name) for name in list(change) if name in Terms.__slots__}
    asked = Asked(
        **{"survey": "sensitive", "setting": oak.id, "terms": Terms(**{"opens_on": TODAY, "closes_on": None} | terms)}
        | change
    )
    with office.copy.session() as session, pytest.raises(Refused):
        openings.open_one(session, asked, office.editions, office.interfaces, ANN)


def test_a_place_that_has_ended_is_asked_nothing_new(copy: Both) -> None:
    office = Office(copy("sensitive"))
    oak = office.place(to_on=TODAY - DAY)
    with pytest.raises(Refused, match="ended in the register"):
        office.open("sensitive", oak)


def test_a_survey_for_children_does_not_open_while_signposts_are_out_of_date(copy: Both) -> None:
    office = Office(copy("young-person"))
    oak, late = office.place(), on(TODAY + 200 * DAY)
    with pytest.raises(Refused, match='the signpost "emergency" was last checked on 2026-11-20'):
        office.open("young-person", oak, doer=late)
    one = office.close(office.open("young-person", oak))
    with office.copy.session() as session, pytest.raises(Refused, match="who can help"):
        openings.reopen(session, one.id, one.revision, "More time", None, office.editions, office.interfaces, late)


def test_it_is_changed_with_its_three_numbers(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    one = office.open("sensitive", office.place(), numbers={"eligible": Number(200, "school office", TODAY)})
    terms = Terms(TODAY, TODAY + DAY, ("en",), True, "  ours ", {"invited": Number(40, "Ms Oak", TODAY - DAY)})
    with office.session() as session:
        now = openings.change(session, one.id, 1, terms, office.editions, office.interfaces, ANN)
        taking = participation.taking_part(session, [one.id], Rule())[one.id]
    assert (now.closes_on, now.cards_only, now.note, now.revision) == (TODAY + DAY, True, "ours", 2)
    assert taking.numbers == {"invited": Number(40, "Ms Oak", TODAY - DAY)}


def test_the_second_of_two_is_told_whatever_they_do(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    one = office.open("sensitive", office.place())
    terms = Terms(TODAY, None)
    with office.session() as session:
        openings.change(
            session, one.id, 1, replace(terms, note="first"), office.editions, office.interfaces, replace(ANN, by="Bea")
        )
    acts: list[Callable[[Any], Any]] = [
        lambda s: openings.change(s, one.id, 1, terms, office.editions, office.interfaces, ANN),
        lambda s: openings.close(s, one.id, 1, ANN),
        lambda s: openings.leave_out(s, one.id, 1, ["part"], "why", office.editions, ANN),
    ]
    for act in acts:
        with office.copy.session() as session, pytest.raises(Changed, match="Bea changed this"):
            act(session)
    assert (found(office.copy, one).note, found(office.copy, one).revision) == ("first", 2)


def test_of_two_who_press_at_the_same_moment_one_is_told(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    one = office.open("sensitive", office.place(), numbers={"eligible": Number(100, "us", TODAY)})

    def change(who: str, number: int) -> Callable[[], str]:
        terms = Terms(TODAY, None, note=who, numbers={"eligible": Number(number, who, TODAY)})

        def act() -> str:
            try:
                with office.session() as session:
                    doer = replace(ANN, by=who)
                    openings.change(session, one.id, 1, terms, office.editions, office.interfaces, doer)
            except Changed as error:
                return str(error)
            return "kept"

        return act

    said = at_once([change("Ann", 200), change("Bea", 300)])
    assert said.count("kept") == 1
    winner, number = [("Ann", 200), ("Bea", 300)][said.index("kept")]
    assert any(words.startswith(f"{winner} changed this") for words in said)
    with office.copy.session() as session:
        numbers = participation.numbers_of(session, [one.id])[one.id]
    held = found(office.copy, one)
    assert (held.note, held.changed_by, held.revision) == (winner, winner, 2)
    assert numbers == {"eligible": Number(number, winner, TODAY)}
    assert actions(office.copy).count("collection.change") == 1


def test_close_reopen_with_a_reason_and_archive(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    one = office.open("sensitive", office.place(), closes_on=TODAY + 9 * DAY)
    with office.session() as session:
        with pytest.raises(Refused, match="Close it first"):
            openings.archive(session, one.id, 1, ANN)
        with pytest.raises(Refused, match="open already"):
            openings.reopen(session, one.id, 1, "why", None, office.editions, office.interfaces, ANN)
        closed = openings.close(session, one.id, 1, ANN)
        with pytest.raises(Refused, match="closed already"):
            openings.close(session, one.id, 2, ANN)
        assert (closed.closes_on, collections.closed_on(closed)) == (TODAY, TODAY)
        with pytest.raises(Refused, match="Reopen it"):
            openings.change(session, one.id, 2, Terms(TODAY, None), office.editions, office.interfaces, ANN)
        openings.archive(session, one.id, 2, ANN)
        with pytest.raises(Refused, match="archived already"):
            openings.archive(session, one.id, 3, ANN)
        for why, until in (("  ", None), ("x" * 501, None), ("why", TODAY - DAY)):
            with pytest.raises(Refused):
                openings.reopen(session, one.id, 3, why, until, office.editions, office.interfaces, ANN)
        why, until = "Snow: the school was shut.", TODAY + DAY
        again = openings.reopen(session, one.id, 3, why, until, office.editions, office.interfaces, ANN)
        done = [(one.what, one.why) for one in openings.happened(session, one.id)]
    assert (again.closed_at, again.archived_on, again.closes_on) == (None, None, TODAY + DAY)
    assert done == [("reopened", "Snow: the school was shut."), ("archived", ""), ("closed", ""), ("opened", "")]
    assert actions(office.copy)[-3:] == ["collection.close", "collection.archive", "collection.reopen"]
    with office.copy.session() as session:
        assert "Snow" not in str([one.detail for one in session.scalars(select(AuditEvent))])


def test_the_list_finds_by_words_state_and_place(on_both: Both) -> None:
    office = Office(on_both("sensitive", "routing"))
    oak, elm = office.place(), office.place("Elm 100% School")
    office.open("sensitive", oak)
    office.open("sensitive", elm, opens_on=TODAY + DAY)
    gone = office.close(office.open("routing", elm))
    with office.session() as session:
        openings.archive(session, office.close(office.open("routing", oak)).id, 2, ANN)

        def ids(**wanted: Any) -> list[str]:
            return [one.id for one in collections.page(session, Wanted(**wanted), TODAY).collections]

        assert ids() == ["sensitive", "sensitive-elm-100-school", "sensitive-oak-school", "routing", gone.id]
        assert ids(state="waiting") == ["sensitive-elm-100-school"]
        assert ids(state="closed") == [gone.id]
        assert ids(state="archived") == ["routing-oak-school"]
        assert ids(state="imported") == []
        assert ids(state="open") == ["sensitive", "sensitive-oak-school", "routing"]
        assert ids(text="OAK something") == ["sensitive-oak-school"]
        assert ids(text="100%") == ["sensitive-elm-100-school", gone.id]
        assert ids(setting=elm.id) == ["sensitive-elm-100-school", gone.id]
        assert [one.id for one in collections.standing(session)] == ["sensitive", "routing"]
        assert collections.page(session, Wanted(page=7), TODAY).page == 1


def test_parts_are_left_out_with_who_and_why(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    one = office.open("sensitive", office.place())
    edition = office.editions.get(office.copy.session(), one.version_hash)
    assert [page.id for page in openings.may_go(edition)] == ["part"]
    for parts, why in ((["last"], "why"), (["nothing"], "why"), ([], "why"), (["part"], " ")):
        with office.copy.session() as session, pytest.raises(Refused):
            openings.leave_out(session, one.id, 1, parts, why, office.editions, ANN)
    less = office.leave_out(one, "part", why="Ms Oak: it was asked last week.")
    with office.copy.session() as session:
        small = office.editions.asked(session, less).plan("en")
        assert list(small.screens) == ["Q2"]
        assert "Q1" in office.editions.get(session, one.version_hash).plan("en").screens
        (first, *_) = openings.happened(session, one.id)
    assert (first.what, first.about, first.why, first.done_by) == (
        "left-out",
        "part",
        "Ms Oak: it was asked last week.",
        "Ann",
    )
    assert office.leave_out(less).left_out == ""


def test_languages_can_be_fewer_and_english_stays(on_both: Both, tmp_path: Any) -> None:
    office = Office(on_both("sensitive", translations=translate(tmp_path / "words", "ur")))
    oak = office.place()
    every, some = office.open("sensitive", oak), office.open("sensitive", oak, languages=("en",))
    with office.copy.session() as session:
        for one, spoken in ((every, ["en", "ur"]), (some, ["en"])):
            edition = office.editions.asked(session, one)
            assert offered(edition, office.editions.area, office.interfaces) == spoken
    assert office.open("sensitive", oak, languages=("ur",)).languages == ""  # with English, that is all there are


def test_who_is_asked_more_than_twice_in_ninety_days(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    oak, elm, ash = office.place(), office.place("Elm School"), office.place("Ash School")
    for entry, days in ((oak, (0, 40, 89)), (elm, (0, 40, 90)), (ash, (0, 0))):
        for after in days:
            office.open("sensitive", entry, opens_on=TODAY + after * DAY)
    with office.copy.session() as session:
        (often,) = asking.too_often(session, TODAY, TODAY + 30 * DAY)
        assert (often.name, often.times, often.first, often.last) == ("Oak School", 3, TODAY, TODAY + 89 * DAY)
        assert asking.too_often(session, TODAY + 90 * DAY, TODAY + 300 * DAY) == []
        assert asking.of_settings(session, [ash.id]) == {}
        assert asking.of_settings(session, [ash.id], TODAY + 5 * DAY)[ash.id].times == 3
        shown = asking.between(session, TODAY, TODAY + 41 * DAY, 1)
        assert [one.id for one in shown.collections][-2:] == ["sensitive-elm-school-2", "sensitive-oak-school-2"]
        assert shown.total == 1 + 6


def test_a_card_starts_one_response_and_is_kept_as_a_hash(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    one, keys = office.open("sensitive", office.place(), cards_only=True), office.copy.keys.server
    other = office.open("sensitive", office.place("Elm School"))
    with office.session() as session:
        codes = cards.make(session, keys, one, 3, by="Ann", now=NOON)
        for number in (0, -1, cards.MOST_AT_ONCE + 1):
            with pytest.raises(Refused):
                cards.make(session, keys, one, number, by="Ann", now=NOON)
        assert len({code for code in codes if len(code) == 9}) == 3
        assert not cards.use(session, keys, other.id, codes[0])
        assert cards.use(session, keys, one.id, codes[0].lower().replace(" ", "-"))
        assert not cards.use(session, keys, one.id, codes[0])
        for wrong in ("", "x" * 9000, "AAAA AAAA", codes[1][:-1], "\0" * 8):
            assert not cards.use(session, keys, one.id, wrong)
        assert cards.made(session, one.id) == cards.Made(3, 1)
        kept = " ".join(f"{row.code_hash}{row.collection_id}" for row in session.scalars(select(OneTimeCode)))
    assert not any(code.replace(" ", "").lower() in kept.lower() for code in codes)


def test_two_reminders_and_no_third(on_both: Both) -> None:
    office = Office(on_both("sensitive"))
    oak, bare = office.place(contact="office@oak.example"), office.place("Elm School")
    one, keys = office.open("sensitive", oak), office.copy.keys.server
    said = Said("Something sensitive", "https://f.example/sensitive-oak-school", "", "Exampleborough")

    def remind(held: Held, to: registers.Entry | None) -> int:
        with office.session() as session:
            return reminders.remind(session, keys, held, to, said, by="Ann", now=NOON, today=TODAY)

    assert [remind(one, oak), remind(one, oak)] == [1, 2]
    closed = office.close(office.open("sensitive", oak))
    for held, to in ((one, oak), (office.open("sensitive", bare), bare), (closed, oak), (one, None)):
        with pytest.raises(Refused):
            remind(held, to)
    with office.copy.session() as session:
        letters = list(session.scalars(select(Letter).order_by(Letter.id)))
        assert [(one.id, one.kind) for one in letters] == [
            ("collection/sensitive-oak-school/1", "reminder"),
            ("collection/sensitive-oak-school/2", "reminder"),
        ]
        assert reminders.sent(session, one.id) == 2
    assert actions(office.copy).count("collection.remind") == 2


def test_imported_answers_are_neither_opened_nor_closed(copy: Both) -> None:
    made = copy("sensitive")
    with made.session() as session, session.begin():
        held = session.get_one(collections.Collection, "sensitive")
        held.source = "imported"
        session.flush()
        with pytest.raises(Refused, match="brought in"):
            openings.close(session, "sensitive", 1, ANN)


def test_until_when_it_can_be_finished() -> None:
    one = Held("a", "h", "t", "survey", "", date(2026, 6, 1), date(2026, 6, 10))
    late = NOON.replace(month=6, day=10, hour=23, minute=29)  # 00:29 in England, where it is summer
    assert not collections.is_over(one, late)
    assert collections.is_over(one, late.replace(minute=30))
    by_hand = replace(one, closed_at=NOON.replace(month=6, day=3))
    assert not collections.is_over(by_hand, NOON.replace(month=6, day=3, minute=29))
    assert collections.is_over(by_hand, NOON.replace(month=6, day=3, minute=30))
    assert not collections.is_over(replace(one, closes_on=None), late.replace(year=2030))


def test_the_report_names_what_was_left_out_and_keeps_notes_of_staff_to_staff(copy: Both) -> None:
    office = Office(copy("young-person"))
    numbers = {"eligible": Number(30, "school office", TODAY), "present": Number(20, "Ms Oak", TODAY)}
    one = office.open("young-person", office.place(), note="ask for Ms Oak", numbers=numbers)
    office.leave_out(one, "home")
    books = load_codebooks(PROJECT / "surveys")
    with office.copy.session() as session:
        found = reporting.find(session, office.editions.area, office.editions, books, TODAY, TODAY, TODAY)
    assert found.participation is not None
    row = next(row for row in found.participation.rows if row.id == one.id)
    assert row.word("note") == "These parts were left out there: Home."
    assert (row.word("eligible source"), row.word("attended source")) == ("school office", "Ms Oak")
    assert "ask for Ms Oak" not in str(found)
