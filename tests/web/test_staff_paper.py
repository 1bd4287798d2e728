"""Staff type paper forms in, some of them twice, and settle what differs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from feedback_app.definitions.area import load_area
from feedback_app.services import exports
from feedback_app.services.editions import Editions
from feedback_app.services.reading import open_text
from feedback_app.storage.models import AnswerText, AuditEvent, Collection, CollectionCount, PaperForm, Response
from tests.factories import Copy
from tests.releasing import release_all
from tests.web.staff_copy import text_of
from tests.web.typist import FORM, boxes, office


def stored(copy: Copy) -> list[tuple[Response, dict[str, str]]]:
    """Every response, with its free texts opened."""
    with copy.session() as session:
        found = []
        for one in session.scalars(select(Response).order_by(Response.id)):
            rows = session.scalars(select(AnswerText).where(AnswerText.response_id == one.id))
            found.append((one, {row.field: open_text(copy.keys, row) for row in rows}))
        session.expunge_all()
    return found


def released(copy: Copy) -> None:
    """The safeguarding lead has read everything."""
    with copy.session() as session, session.begin():
        release_all(session)


def forms(copy: Copy) -> dict[str, PaperForm]:
    with copy.session() as session:
        found = {one.number: one for one in session.scalars(select(PaperForm))}
        session.expunge_all()
    return found


def events(copy: Copy) -> list[tuple[str, str, dict[str, object]]]:
    """What the audit log tells of paper: who, what, and its counts."""
    with copy.session() as session:
        log = session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        return [(one.actor, one.action, one.detail) for one in log if one.action.startswith("paper.")]


def counts(copy: Copy) -> dict[str, int]:
    with copy.session() as session:
        return {one.kind: one.number for one in session.scalars(select(CollectionCount))}


def test_a_form_is_typed_in_and_stored_like_any_other(on_both: Callable[..., Copy]) -> None:
    copy = on_both("on_paper")
    (ann,) = office(copy, "Ann")
    assert ann.begin("007").location.endswith("/paper/forms/7/1")
    assert "Do you want to take part?" in ann.page
    ann.type("7")
    said = text_of(ann.page)
    assert "Unclear 1 G1.friends" in said
    assert ann.post("/forms/7/check", go="store").status_code == 303
    assert "Form 7 is stored." in ann.page

    ((response, texts),) = stored(copy)
    assert response.way == "paper"
    assert (response.language, response.received_on) == ("en", copy.clock.today())
    assert response.answers == {
        "C1": "yes",
        "S1": "no",
        "S3": "yes",
        "M1": ["play", "eat"],
        "G1.adults": "1",
        "G1.friends": "",
        "P1.home.before": "",
        "P1.home.now": "",
        "R1": ["c", "a"],
        "N1": "12",
        "D1": "2026-03-27",
    }
    assert texts == {"S2": "Lamps at the door", "T1": "Nothing"}
    assert forms(copy)["7"].unclear == {"G1.friends": True}
    assert counts(copy) == {"started": 1}
    assert events(copy) == [("Ann", "paper.type", {"number": "7", "unclear": 1})]


def test_what_is_off_the_way_is_left_out_and_named(copy: Callable[..., Copy]) -> None:
    made = copy("on_paper")
    (ann,) = office(made, "Ann")
    ann.begin("1")
    ann.type("1", club={"S1": "1", "M1": "?"})
    said = text_of(ann.page)
    assert "not on this person's way through the survey 6 S2 S3 R1 N1 D1 T1" in said.replace("  ", " ")
    ann.post("/forms/1/check", go="store")

    ((response, texts),) = stored(made)
    assert response.answers["S1"] == "yes"
    assert not {"S3", "R1", "N1", "D1"} & response.answers.keys()
    assert texts == {}


def test_what_is_typed_wrong_is_said_and_nothing_is_lost(copy: Callable[..., Copy]) -> None:
    made = copy("on_paper")
    (ann,) = office(made, "Ann")
    ann.begin("1")
    ann.post("/forms/1/1", go="next", C1="1")
    wrong = FORM["club"] | {"S1": "9", "M1": "1 2 3", "S2": '<b>"Lamps"</b>\n& light'}
    assert ann.post("/forms/1/2", go="next", **wrong).location.endswith("/forms/1/2")

    assert "Problem:" in ann.page
    assert text_of(ann.page).count("from 1 to 3") == 2  # at the top, and beside its box
    assert "Pick up to 2. If it is so on the paper, type ?" in text_of(ann.page)
    kept = boxes(ann.page)
    assert {name: kept[name] for name in wrong} == wrong
    assert ann.post("/forms/1/2", go="back", **wrong).location.endswith("/forms/1/1")
    assert boxes(ann.page)["C1"] == "1"
    ann.open("/forms/1/check")
    assert "/forms/1/2#S1" in ann.page
    assert "Store this form" not in ann.page
    assert ann.post("/forms/1/check", go="store").status_code == 409
    assert stored(made) == []
    ann.post("/forms/1/2", go="next", **FORM["club"])
    assert ann.post("/forms/1/check", go="store").status_code == 303
    assert len(stored(made)) == 1


def test_between_the_pages_only_the_typists_own_session_can_read(on_both: Callable[..., Copy]) -> None:
    copy = on_both("on_paper")
    ann, bob = office(copy, "Ann", "Bob")
    ann.begin("1")
    ann.type("1", club={"S2": "A canary in the draft"})
    with copy.session() as session:
        (locked,) = session.execute(text("SELECT locked FROM draft")).scalars()
    assert b"canary" not in bytes(locked)
    assert "A canary" in ann.open("/forms/1/2").text
    assert bob.open("/forms/1/2").status_code == 404
    ann.post("/forms/1/check", go="forget")
    assert ann.open("/forms/1/2").status_code == 404
    with copy.session() as session:
        assert session.execute(text("SELECT count(*) FROM draft")).scalar() == 0


def test_a_no_is_counted_and_nothing_is_stored(copy: Callable[..., Copy]) -> None:
    made = copy("on_paper")
    (ann,) = office(made, "Ann")
    ann.store("1", begin={"C1": "2"})

    assert "says no to taking part" in ann.page
    assert (stored(made), forms(made)) == ([], {})
    assert counts(made) == {"started": 1, "declined": 1}


@pytest.mark.parametrize("consent", ["", ".", "?"])
def test_without_a_clear_yes_nothing_is_stored(copy: Callable[..., Copy], consent: str) -> None:
    made = copy("on_paper")
    (ann,) = office(made, "Ann")
    assert ann.store("1", begin={"C1": consent}).status_code == 409

    assert "C1 has no clear answer" in ann.page
    assert stored(made) == []


@pytest.mark.parametrize("number", ["", "  ", "1/2", "x" * 21, "../7", "é"])
def test_a_number_that_cannot_be_one_is_refused(copy: Callable[..., Copy], number: str) -> None:
    (ann,) = office(copy("on_paper"), "Ann")
    assert ann.begin(number).status_code == 400
    assert "Type the number of the form" in ann.page


def test_the_same_number_again_is_asked_about_and_never_stored_twice(on_both: Callable[..., Copy]) -> None:
    copy = on_both("on_paper")
    ann, bob, cat = office(copy, "Ann", "Bob", "Cat")
    bob.begin("a-1")
    bob.type("A-1")
    ann.store("A-1")
    late = bob.post("/forms/A-1/check", go="store")
    assert late.status_code == 409
    assert "typed in already" in bob.page
    assert cat.begin("A-1").status_code == 409
    assert "Type form A-1 a second time" in cat.page
    assert ann.begin("A-1", again="yes").status_code == 400
    assert "Ask somebody else" in ann.page
    assert cat.begin("A-2", again="yes").status_code == 400
    assert len(stored(copy)) == 1


def test_two_typings_that_agree_are_settled(on_both: Callable[..., Copy]) -> None:
    copy = on_both("on_paper")
    ann, bob = office(copy, "Ann", "Bob")
    ann.store("1")
    assert "Type form 1 again" in bob.open().text
    assert "Type form 1 again" not in ann.open().text
    bob.again("1", club={"S2": "lamps  at the DOOR"})

    assert "both typings agree" in bob.page
    form = forms(copy)["1"]
    assert (form.second_by, form.settled_by, form.second_sealed) == ("Bob", "Bob", None)
    assert (form.compared, form.differences) == (13, {})
    assert "Both typings agree on 100.0% of 13 answers; 0 differ" in text_of(bob.page)
    assert bob.begin("1", again="yes").status_code == 400


def test_two_typings_that_differ_are_compared_and_settled(on_both: Callable[..., Copy]) -> None:
    copy = on_both("on_paper")
    ann, bob = office(copy, "Ann", "Bob")
    ann.store("1")
    bob.again("1", club={"S2": "Lamps at the moor", "G1.friends": "1", "M1": "1 2"}, more={"T1": "Canary"})
    assert "differ on 4 questions" in bob.page
    form = forms(copy)["1"]
    assert form.differences == dict.fromkeys(["S2", "M1", "G1.friends", "T1"], "")
    assert form.second_sealed is not None
    assert b"Canary" not in form.second_sealed

    ann.open()
    assert "Lamps" not in ann.page
    ann.post("/differences", number="1")
    said = text_of(ann.page)
    for words in ("Lamps at the door", "Lamps at the moor", "unclear", "Often", "Play, Eat", "Play, Talk", "Canary"):
        assert words in said, words
    choice = {"stands-S2": "first", "stands-G1.friends": "second", "stands-T1": "second"}
    assert ann.post("/settle", number="1", **choice).status_code == 200
    assert "Choose for each question" in ann.page
    ann.post("/settle", number="1", **choice, **{"stands-M1": "second"})
    assert "Form 1 is settled" in ann.page

    ((response, texts),) = stored(copy)
    assert (response.answers["M1"], response.answers["G1.friends"]) == (["play", "talk"], "2")
    assert texts == {"S2": "Lamps at the door", "T1": "Canary"}
    form = forms(copy)["1"]
    assert (form.unclear, form.second_sealed, form.settled_by) == ({}, None, "Ann")
    assert form.differences == {"S2": "first", "M1": "second", "G1.friends": "second", "T1": "second"}
    assert "69.2% of 13 answers; 4 differ" in text_of(ann.page)
    log = events(copy)
    assert [action for _, action, _ in log] == [
        "paper.type",
        "paper.type_again",
        *["paper.compare"] * 2,
        "paper.settle",
    ]
    assert not any(word in str(log) for word in ("Lamps", "Canary", "play"))
    assert ann.post("/differences", number="1").status_code == 500


def test_a_route_that_differs_is_followed_again(copy: Callable[..., Copy]) -> None:
    """One typist read "no", with two questions that only a "no" leads to; the paper says "yes"."""
    made = copy("on_paper")
    ann, bob = office(made, "Ann", "Bob")
    ann.store("1")
    bob.again("1", club={"S1": "1"})
    released(made)
    ann.open()
    ann.post("/settle", number="1", **{"stands-S1": "second", "stands-S2": "first", "stands-S3": "first"})

    ((response, texts),) = stored(made)
    assert response.answers["S1"] == "yes"
    assert "S3" not in response.answers
    assert texts == {"T1": "Nothing"}


def test_a_no_that_was_typed_as_a_yes_takes_the_answers_out(on_both: Callable[..., Copy]) -> None:
    copy = on_both("on_paper")
    ann, bob = office(copy, "Ann", "Bob")
    ann.store("1")
    bob.again("1", begin={"C1": "2"})
    ann.open()
    ann.post("/settle", number="1", **{"stands-C1": "second"})
    assert len(stored(copy)) == 1, "what nobody has read is not deleted"
    assert "The safeguarding lead has not read these words yet" in text_of(ann.page)
    released(copy)
    ann.open()
    ann.post("/settle", number="1", **{"stands-C1": "second"})

    assert (stored(copy), forms(copy)) == ([], {})
    assert counts(copy) == {"started": 1, "declined": 1}


def test_a_tenth_of_the_forms_and_at_least_five_are_asked_for_again(copy: Callable[..., Copy]) -> None:
    made = copy("on_paper")
    ann, bob = office(made, "Ann", "Bob")
    for number in range(1, 9):
        ann.store(str(number))
    asked = [n for n in range(1, 9) if f"Type form {n} again" in bob.open().text]

    assert len(asked) == 5
    assert asked != [1, 2, 3, 4, 5]
    assert "5 forms that you typed yourself wait for somebody else" in text_of(ann.open().text)


def test_the_export_tells_unclear_from_blank(on_both: Callable[..., Copy]) -> None:
    copy = on_both("on_paper")
    (ann,) = office(copy, "Ann")
    ann.store("1", more={"N1": "?"})
    out = io.StringIO()
    with copy.session() as session, session.begin():
        editions = Editions(load_area(copy.settings.surveys, "example"))
        exports.export(session, editions, "on-paper", out, by="a test", now=copy.clock.now())
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))

    assert row["unclear on paper"] == "G1.friends; N1"
    assert row["N1: How many times did you go?"] == "(left blank)"


def test_a_blank_form_is_a_pdf_in_each_language_it_is_offered_in(copy: Callable[..., Copy]) -> None:
    (ann,) = office(copy("on_paper"), "Ann")
    answer = ann.open("/en-large.pdf")

    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert ann.open("/pl-standard.pdf").status_code == 404
    assert ann.open("/en-standard.pdf?easy=yes").status_code == 404


def test_an_older_version_on_paper_is_typed_as_that_version(copy: Callable[..., Copy]) -> None:
    made = copy("on_paper")
    (ann,) = office(made, "Ann")
    assert "foot of its pages" not in ann.open().text
    with made.session() as session:
        first = session.scalars(select(Collection.version_hash)).one()
    file = made.settings.surveys / "on_paper.yaml"
    file.write_text(
        file.read_text()
        .replace('version: "1"', 'version: "2"')
        .replace(
            '    - {value: "yes", label: "Yes"}',
            '    - {value: maybe, label: "Maybe"}\n    - {value: "yes", label: "Yes"}',
        )
    )
    made.publish()
    assert "version 2</option>" in ann.open().text
    ann.begin("1", version=first)
    ann.type("1", club={"S1": "1"})
    ann.post("/forms/1/check", go="store")

    ((response, _),) = stored(made)
    assert (response.version_hash, response.answers["S1"]) == (first, "yes")
    assert ann.begin("2", version="0" * 64).status_code == 400
