"""No door shows analysts and coders a word that the safeguarding lead has not released, on both databases."""

from __future__ import annotations

import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import load_area
from feedback_app.services import coding, collections, exports, triage
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.editions import Editions
from feedback_app.services.reading import Reader, released_text
from feedback_app.storage.models import PaperForm, Reading, Suggestion, Triage
from feedback_app.storage.queries import coding as reads
from tests.factories import NOON, Copy
from tests.integration.answering import Answering
from tests.integration.test_class_sessions import GOOD, WORDS, sealed, take_in
from tests.integration.test_exports_forms import read_sav
from tests.leads import decide, write
from tests.tablets import TabletBrowser, open_class
from tests.web.typist import office
from tests.working import work

Copies = Callable[..., Copy]
MINUTE = timedelta(minutes=1)
LISTEN = "They should listen to us, says Bea"


def editions(copy: Copy) -> Editions:
    return Editions(load_area(copy.settings.surveys, copy.settings.area))


def exported(copy: Copy, collection: str, form: str, folder: Path) -> str:
    """Everything that stands in an export with people's own words."""
    file = folder / f"taken.{form}"
    with copy.session() as session:
        sheet = exports.prepare(session, editions(copy), collection, words=True)
        exports.write(session, sheet, form, file, copy.keys)
    if form == "sav":
        return str(read_sav(file))
    if form != "xlsx":
        return file.read_text()
    with zipfile.ZipFile(file) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx", "sav"])
def test_exports_hold_released_texts_and_masked_copies_alone(on_both: Copies, tmp_path: Path, form: str) -> None:
    copy = on_both("text")
    _, free, masked, concern, complaint, back = (
        write(copy, f"{word} it is") for word in ("Amber", "Birch", "Cedar", "Dover", "Ember", "Fjord")
    )
    decide(copy, free)
    decide(copy, masked, triage.REDACT, scrubbed="[name] it is")
    decide(copy, concern, triage.UNKNOWN, note="Told the school")
    decide(copy, complaint, triage.COMPLAINED)
    decide(copy, back)
    with copy.session() as session, session.begin():
        triage.put_back(session, copy.keys, back, 2, "A slip", by="Lea", now=NOON)

    found = exported(copy, "text", form, tmp_path)

    assert [word in found for word in ("Birch it is", "[name] it is")] == [True, True]
    for word in ("Amber", "Cedar", "Dover", "Ember", "Fjord"):
        assert word not in found, word
    assert "[text not released]" in found


def test_software_and_the_page_of_comments_come_to_released_texts_alone(on_both: Copies) -> None:
    copy = on_both("young-person")
    Answering(copy, "young-person").begin().keep(YP02="yes", YP91=LISTEN).send()
    work(copy, "comments", NOON)
    assert _made_of(copy) == ([], [])
    assert _shown(copy) == []

    with copy.session() as session:
        (ident,) = session.scalars(select(Triage.id))
    decide(copy, ident, triage.REDACT, scrubbed="They should listen to us, says [name]")
    work(copy, "comments", NOON + 6 * MINUTE)

    assert _shown(copy) == ["They should listen to us, says [name]"]
    readings, because = _made_of(copy)
    assert readings == ["YP91"]
    assert because
    assert "Bea" not in str(because)

    with copy.session() as session, session.begin():
        triage.put_back(session, copy.keys, ident, 2, "A slip", by="Lea", now=NOON)
    assert _made_of(copy) == ([], [])
    assert _shown(copy) == []


def test_a_comment_that_was_put_back_is_opened_by_no_address_and_teaches_software_nothing(on_both: Copies) -> None:
    copy = on_both("young-person")
    Answering(copy, "young-person").begin().keep(YP02="yes", YP91=LISTEN).send()
    with copy.session() as session:
        held = session.scalars(select(Triage)).one()
        ident, comment = held.id, (held.response_id or "", held.field or "")
    with pytest.raises(FeedbackError, match="not here any more"):
        _code(copy, comment)
    decide(copy, ident)
    _code(copy, comment)
    assert _learnt(copy) == [LISTEN]

    with copy.session() as session, session.begin():
        triage.put_back(session, copy.keys, ident, 2, "A slip", by="Lea", now=NOON)

    assert _learnt(copy) == []
    with copy.session() as session, pytest.raises(FeedbackError, match="not here any more"):
        coding.again(_reader(copy, session), comment, by="Cy", now=NOON)


def test_what_a_tablet_sent_waits_as_all_texts_do(on_both: Copies, tmp_path: Path) -> None:
    copy = on_both("ten_questions")
    tablet = TabletBrowser(copy.app(), "ten-questions", open_class(copy, "ten-questions", outreach=True)).join()
    bundle = sealed(copy, "ten-questions", GOOD)
    given = {"id": bundle.id, "version_hash": bundle.version_hash, "language": bundle.language}
    assert _sent(tablet, given, bundle.key_id, bundle.sealed) == 204
    assert take_in(copy).stored == 1

    with copy.session() as session:
        assert session.scalars(select(Triage.state)).all() == ["open"]
    assert WORDS not in exported(copy, "ten-questions", "csv", tmp_path)


def test_only_who_typed_a_paper_form_reads_its_words_before_they_are_released(on_both: Copies) -> None:
    copy = on_both("on_paper")
    ann, bob, cy = office(copy, "Ann", "Bob", "Cy")
    ann.store("1")
    bob.again("1", more={"T1": "Canary"})
    with copy.session() as session:
        assert list(session.scalars(select(PaperForm.differences)).one()) == ["T1"]

    assert cy.post("/differences", number="1").status_code == 500
    assert "has not released the words on this form. Ann or Bob can settle it" in cy.page
    assert "Canary" not in cy.page
    ann.post("/differences", number="1")
    assert "Canary" in ann.page

    with copy.session() as session:
        idents = session.scalars(select(Triage.id)).all()
    for ident in idents:
        decide(copy, ident)
    cy.post("/differences", number="1")
    assert "Canary" in cy.page


def test_a_difference_without_words_is_settled_by_anybody(on_both: Copies) -> None:
    copy = on_both("on_paper")
    ann, bob, cy = office(copy, "Ann", "Bob", "Cy")
    ann.store("1")
    bob.again("1", club={"M1": "1 2"})

    assert cy.post("/differences", number="1").status_code == 200


def test_nothing_typed_from_paper_is_in_an_export_before_it_is_released(on_both: Copies, tmp_path: Path) -> None:
    copy = on_both("on_paper")
    (ann,) = office(copy, "Ann")
    ann.store("1", more={"T1": "Canary"})

    assert "Canary" not in exported(copy, "on-paper", "jsonl", tmp_path)


def _sent(tablet: TabletBrowser, given: dict[str, str], key_id: str, content: bytes) -> int:
    data = given | {"key_id": key_id, "sealed": urlsafe_b64encode(content).decode()}
    return tablet.client.post("/en/class/outreach", data=data).status_code


def _reader(copy: Copy, session: Session) -> Reader:
    return Reader(session, copy.keys, editions(copy), load_codebooks(copy.settings.surveys))


def _shown(copy: Copy) -> list[str]:
    """What the page of comments shows a coder."""
    with copy.session() as session, session.begin():
        held = collections.find(session, "young-person")
        assert held
        return [one.text for one in coding.waiting(_reader(copy, session), held, 1, by="Cy", now=NOON).comments]


def _made_of(copy: Copy) -> tuple[list[str], list[str]]:
    with copy.session() as session:
        return list(session.scalars(select(Reading.field))), list(session.scalars(select(Suggestion.because)))


def _code(copy: Copy, comment: tuple[str, str]) -> None:
    books = load_codebooks(copy.settings.surveys)
    with copy.session() as session, session.begin():
        name, book = next(iter(books.items()))
        coding.decide(session, books, name, comment, {book.codes[0].code: "-"}, by="Cy", now=NOON)


def _learnt(copy: Copy) -> list[str]:
    """The words from which suggestions would learn."""
    with copy.session() as session:
        decided = [(one.response_id, one.field) for one in reads.newest_verdicts(session)]
        return [released_text(copy.keys, row) for row, _ in reads.with_version(session, decided)]
