"""A survey in which children can write opens only when all that it needs is there, and says what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from feedback_app.core.clock import FixedClock
from feedback_app.core.errors import Refused
from feedback_app.core.roles import LEAD
from feedback_app.services import accounts, audit, consent_approvals, drills, openings, readiness, rota
from feedback_app.services.collections import Held, find
from feedback_app.services.consent_approvals import Changed, approve, wording
from feedback_app.services.doctor import Patient, look
from feedback_app.services.editions import Edition
from feedback_app.services.openings import Terms
from feedback_app.services.readiness import CONSENT, DRILL, LEADS, ROTA, SIGNPOSTS
from feedback_app.storage.models import AuditEvent, ConsentApproval, Staff, Triage
from tests.factories import NOON, Copy, Respondent
from tests.leads import OFFICE, PASSWORD, add_leads
from tests.openings import ANN, TODAY, Office, on
from tests.translating import translate

Copies = Callable[..., Copy]
DAY = timedelta(days=1)
SURVEY, PAPER = "young-person", "on-paper"  # the second is a tiny one, in Urdu too
EVERYTHING = {LEADS, ROTA, DRILL, CONSENT}


def real(copies: Copies, *, survey: str = SURVEY, folder: Path | None = None) -> Office:
    """The office of an area of its own, whose survey for children waits; in Urdu too, where there is a folder."""
    more = {"translations": translate(folder, "ur", safety="approved", helping="approved")} if folder else {}
    return Office(copies(survey.replace("-", "_") if survey == PAPER else survey, area="riverside", **more))


def held(office: Office, ident: str = SURVEY) -> Held:
    with office.copy.session() as session:
        found = find(session, ident)
    assert found is not None
    return found


def edition(office: Office, survey: str = SURVEY) -> Edition:
    with office.copy.session() as session:
        return office.editions.get(session, held(office, survey).version_hash)


def missing(office: Office, *, survey: str = SURVEY, today: date = TODAY) -> set[str]:
    with office.copy.session() as session:
        found = readiness.needs(session, edition(office, survey), ("en",), today)
        return {one.id for one in readiness.stopping(edition(office, survey), found)}


def with_leads(office: Office, *names: str) -> None:
    """Leads with an address and a second step each, in the rota."""
    with office.session() as session:
        add_leads(session, *names)
        session.execute(update(Staff).values(totp_sealed=b"set up"))


def drilled(office: Office, now: datetime = NOON, *, ended: bool = True) -> None:
    """A drill that the first lead saw two minutes after its alert, and ended."""
    with office.session() as session:
        row = session.get_one(Triage, drills.start(session, by="Lea", now=now))
        row.alerted_at, row.acknowledged_at, row.acknowledged_by = now, now + timedelta(minutes=2), "Lea"
        row.state = "closed" if ended else row.state


def approved(office: Office, language: str = "en", checked_by: str = "", *, survey: str = SURVEY) -> None:
    words = wording(edition(office, survey), language)
    with office.session() as session:
        approve(session, words, words.hash, checked_by=checked_by, by="Ann", now=NOON, today=TODAY)


def ready(office: Office, survey: str = SURVEY) -> Office:
    with_leads(office, "Lea", "Sam")
    drilled(office)
    approved(office, survey=survey)
    return office


def begin(office: Office, ident: str = SURVEY) -> Held:
    """Open what waits."""
    one = held(office, ident)
    with office.session() as session:
        return openings.begin(session, ident, one.revision, office.editions, office.interfaces, ANN)


def test_it_waits_until_everything_is_there_and_opens_then(on_both: Copies) -> None:
    office = real(on_both)
    child = Respondent(office.copy.app(), SURVEY)
    assert held(office).waits
    assert (child.open(f"/en/{SURVEY}").status, child.heading) == (403, "This survey is not open yet")
    assert f"/en/{SURVEY}" not in child.open("/en").page
    assert child.start().status == 403
    assert missing(office) == EVERYTHING
    with pytest.raises(Refused) as refused:
        begin(office)
    for words in ("two safeguarding leads", "a rota with hours", "a drill", "approved words of consent in English"):
        assert words in str(refused.value)
    with_leads(office, "Lea", "Sam")
    assert missing(office) == {DRILL, CONSENT}
    drilled(office)
    assert missing(office) == {CONSENT}
    with pytest.raises(Refused, match=r"It still needs: approved words of consent in English\.$"):
        begin(office)
    approved(office)
    opened = begin(office)
    assert (opened.waits, opened.languages) == (False, "en")
    assert child.open(f"/en/{SURVEY}").status == 200
    assert f"/en/{SURVEY}" in child.open("/en").page
    with office.copy.session() as session:
        audit.verify(session)
        done = [one.action for one in session.scalars(select(AuditEvent).order_by(AuditEvent.number))]
    assert done.count("collection.wait") == 1
    assert done[-2:] == ["consent.approve", "collection.open"]
    with pytest.raises(Refused, match="does not wait any more"):
        begin(office)


def test_opening_to_a_place_and_reopening_are_refused_in_the_same_way(on_both: Copies) -> None:
    office = real(on_both)
    oak = office.place()
    with pytest.raises(Refused, match="two safeguarding leads"):
        office.open(SURVEY, oak)
    ready(office)
    one = office.close(office.open(SURVEY, oak))
    with office.session() as session:
        session.execute(update(Staff).where(Staff.name == "Sam").values(disabled_on=TODAY))
    with office.copy.session() as session, pytest.raises(Refused, match=r"two safeguarding leads .*; a rota"):
        openings.reopen(session, one.id, one.revision, "More time", None, office.editions, office.interfaces, ANN)
    with office.session() as session:
        session.execute(update(Staff).values(disabled_on=None))
        again = openings.reopen(
            session, one.id, one.revision, "More time", None, office.editions, office.interfaces, ANN
        )
    assert again.closed_at is None


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ({"disabled_on": TODAY}, {LEADS, ROTA}),
        ({"email": None}, {LEADS, ROTA}),
        ({"totp_sealed": None}, {LEADS, ROTA}),
        ({"totp_sealed": None, "council_id": "sam", "password_hash": ""}, set()),  # a second step at the council's door
    ],
)
def test_a_lead_counts_who_can_be_reached(on_both: Copies, change: dict[str, object], gone: set[str]) -> None:
    office = ready(real(on_both))
    with office.session() as session:
        session.execute(update(Staff).where(Staff.name == "Sam").values(**change))
    assert missing(office) == gone


def test_the_role_alone_and_a_rota_of_others_are_not_enough(copy: Copies) -> None:
    office = ready(real(copy))
    with office.session() as session:
        kim = accounts.add(session, "Kim", PASSWORD, {LEAD}, by="t", now=NOON, email="k@a.example")
        kim.totp_sealed = b"set up"
        third, lea = kim.id, session.scalars(select(Staff.id).where(Staff.name == "Lea")).one()
        rota.keep(session, 1, OFFICE, [], [lea], by="t", now=NOON + DAY)
    assert missing(office) == {ROTA, DRILL}  # one is named, and the drill was of two
    with office.session() as session:
        rota.keep(session, 2, OFFICE, [], [third, lea], by="t", now=NOON + DAY)
    assert missing(office) == {DRILL}
    drilled(office, NOON + 2 * DAY)
    assert missing(office) == set()


@pytest.mark.parametrize(("days", "gone"), [(364, set()), (365, set()), (366, {DRILL})])
def test_a_drill_lasts_twelve_months(copy: Copies, days: int, gone: set[str]) -> None:
    office = ready(real(copy))
    assert missing(office, today=TODAY + days * DAY) - {SIGNPOSTS} == gone


def test_a_drill_that_nobody_ended_is_not_passed(copy: Copies) -> None:
    office = real(copy)
    with_leads(office, "Lea", "Sam")
    approved(office)
    drilled(office, ended=False)
    assert missing(office) == {DRILL}


def test_signposts_that_are_too_old_are_named_with_the_rest(copy: Copies) -> None:
    office = real(copy)
    oak = office.place()
    with pytest.raises(
        Refused, match=r'two safeguarding leads.*the signpost "emergency" was last checked on 2026-11-04'
    ):
        office.open(SURVEY, oak, doer=on(TODAY + 200 * DAY))


def test_each_language_needs_its_own_approval(on_both: Copies, tmp_path: Path) -> None:
    office = real(on_both, survey=PAPER, folder=tmp_path)
    ready(office, PAPER)
    oak = office.place()
    with pytest.raises(Refused, match=r"still needs: approved words of consent in Urdu\.$"):
        begin(office, PAPER)
    english = office.open(PAPER, oak, languages=("en",))
    assert english.languages == "en"
    for languages in ((), ("ur",)):
        terms = Terms(TODAY, None, languages)
        with office.copy.session() as session, pytest.raises(Refused, match="in Urdu"):
            openings.change(session, english.id, 1, terms, office.editions, office.interfaces, ANN)
    with office.session() as session:
        less = openings.change(
            session, english.id, 1, Terms(TODAY, None, ("en",), note="x"), office.editions, office.interfaces, ANN
        )
    approved(office, "ur", survey=PAPER)
    with office.session() as session:
        more = openings.change(session, less.id, 2, Terms(TODAY, None), office.editions, office.interfaces, ANN)
    assert more.languages == "en ur"  # and no other one comes in by itself when it is ready
    assert begin(office, PAPER).languages == "en ur"


def test_the_same_words_stay_approved_in_a_new_version_and_others_do_not(on_both: Copies) -> None:
    office = real(on_both, survey=PAPER)
    ready(office, PAPER)
    assert not begin(office, PAPER).waits
    child = Respondent(office.copy.app(), PAPER).start()
    rewrite(office, "What would make it safer", "What would make you safer", "2")
    assert not held(office, PAPER).waits
    rewrite(office, "We do not ask who you are", "We never ask who you are", "3")
    assert held(office, PAPER).waits
    assert missing(office, survey=PAPER) == {CONSENT}
    late = Respondent(office.copy.app(), PAPER).open(f"/en/{PAPER}")
    assert (late.status, late.heading) == (403, "This survey is not open yet")
    assert child.open(child.here).status == 200  # who was in the middle goes on with the words that they said yes to
    approved(office, survey=PAPER)
    assert not begin(office, PAPER).waits


def test_an_approval_is_of_the_words_that_were_seen_and_keeps_who_checked_them(on_both: Copies, tmp_path: Path) -> None:
    drafts = translate(tmp_path, "ur")
    office = Office(on_both("on_paper", translations=drafts))
    words, who = wording(edition(office, PAPER), "ur"), {"by": "Ann", "now": NOON, "today": TODAY}
    assert [one.words.startswith("[ur] ") for one in words.lines] == [True] * len(words.lines)
    assert words.unreviewed
    with office.copy.session() as session:
        with pytest.raises(Changed):
            approve(session, words, "0" * 64, checked_by="Bea", **who)
        for nobody in ("", "  ", "x" * 121):
            with pytest.raises(Refused, match="Nobody has reviewed"):
                approve(session, words, words.hash, checked_by=nobody, **who)
        assert session.scalar(select(func.count()).select_from(ConsentApproval)) == 0
        with pytest.raises(Refused, match="no words of consent"):
            approve(session, replace(words, lines=()), words.hash, checked_by="Bea", **who)
    approved(office, "ur", " Bea  Example ", survey=PAPER)
    with office.copy.session() as session:
        found = consent_approvals.approvals(session, [words, wording(edition(office, PAPER), "en")])
        assert found == {"ur": consent_approvals.Approval("Ann", TODAY, "Bea Example")}


def test_what_the_area_says_in_the_words_is_approved_with_them(copy: Copies) -> None:
    office = ready(real(copy))
    area = office.editions.area
    other = area.model_copy(update={"words": area.words | {"local_mash_phone": {"en": "01632 960999"}}})
    before = wording(edition(office), "en")
    assert any("01632 960002" in line.words for line in before.lines)
    with office.copy.session() as session:
        again = wording(Edition(edition(office).frozen, other), "en")
        assert set(consent_approvals.approvals(session, [before])) == {"en"}
        assert consent_approvals.approvals(session, [again]) == {}


def test_what_goes_missing_later_closes_nothing_and_staff_are_told(on_both: Copies) -> None:
    office = ready(real(on_both))
    begin(office)
    office.open(SURVEY, office.place())
    child = Respondent(office.copy.app(), SURVEY).start()
    assert doctor(office) == []
    with office.session() as session:
        session.execute(update(Staff).where(Staff.name == "Sam").values(disabled_on=TODAY))
    assert child.press(answer="yes").status == 200
    assert Respondent(office.copy.app(), SURVEY).start().status == 200
    with office.copy.session() as session:
        (one,) = readiness.unready(session, office.editions, office.interfaces, TODAY)
    assert ({need.id for need in one.missing}, one.number) == ({LEADS, ROTA}, 2)
    assert {ident for ident, _ in one.collections} == {SURVEY, f"{SURVEY}-oak-school"}
    (leads, hours) = doctor(office)
    assert leads.startswith("bad Open to children without two safeguarding leads who can be reached: young-person")
    assert "01632" not in hours
    office.close(held(office, f"{SURVEY}-oak-school"))
    with office.copy.session() as session:
        assert [one.number for one in readiness.unready(session, office.editions, office.interfaces, TODAY)] == [1]


def doctor(office: Office) -> list[str]:
    """What the doctor says of openings."""
    made = office.copy
    with made.session() as session:
        found = look(Patient(made.settings, made.keys, office.editions.area, FixedClock(NOON), made.engine, session))
    return [f"{one.state} {one.says}" for one in found if one.about == "openings" and one.state != "ok"]


def rewrite(office: Office, before: str, after: str, version: str) -> None:
    """Change a survey's file, and publish it."""
    file = office.copy.settings.surveys / "on_paper.yaml"
    text, count = re.subn(before, after, file.read_text())
    assert count == 1, before
    file.write_text(re.sub(r'^version: ".*"', f'version: "{version}"', text, flags=re.MULTILINE))
    office.copy.publish()


def test_the_example_area_opens_without_and_says_what_a_real_one_would_miss(on_both: Copies) -> None:
    office = Office(on_both(SURVEY))
    assert not held(office).waits
    assert office.open(SURVEY, office.place()).languages == ""
    with office.copy.session() as session:
        found = readiness.needs(session, edition(office), ("en",), TODAY)
        assert {one.id for one in found if not one.met} == EVERYTHING
        assert readiness.stopping(edition(office), found) == ()
        assert readiness.unready(session, office.editions, office.interfaces, TODAY) == []


def test_a_survey_for_adults_needs_nothing_and_one_without_free_text_its_signposts(copy: Copies) -> None:
    adults, drawn = Office(copy("text", area="riverside")), Office(copy("pictures", area="riverside"))
    for office, survey, wanted in ((adults, "text", set()), (drawn, "pictures", {SIGNPOSTS})):
        assert not held(office, survey).waits
        with office.copy.session() as session:
            asked = office.editions.get(session, held(office, survey).version_hash)
            assert {one.id for one in readiness.needs(session, asked, ("en",), TODAY)} == wanted
        office.open(survey, office.place())
