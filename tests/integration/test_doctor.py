"""The doctor finds what is wrong and says what to do; a healthy copy is told so; on both databases."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, text, update

from feedback_app.core.clock import FixedClock
from feedback_app.core.keys import make_sealing_key
from feedback_app.definitions.area import load_area
from feedback_app.services import audit, jobs
from feedback_app.services.backups import UNFINISHED
from feedback_app.services.doctor import Finding, Patient, look
from feedback_app.storage.models import AnswerText, AuditEvent, Response, Triage
from tests.factories import NOON, Copy
from tests.integration.answering import Answering
from tests.integration.real_command import run

Copies = Callable[..., Copy]
SECRET = "Canary: behind the boiler room"


def examined(copy: Copy, now: datetime = NOON, *, area: str = "", **settings: object) -> dict[str, list[Finding]]:
    """What the doctor finds, by what was looked at; without what is well."""
    given = copy.settings.model_copy(update=settings)
    with copy.session() as session:
        held = load_area(given.surveys, area or given.area)
        found = look(Patient(given, copy.keys, held, FixedClock(now), copy.engine, session))
    troubles: dict[str, list[Finding]] = {}
    for one in found:
        if one.state != "ok":
            assert one.do, one
            troubles.setdefault(one.about, []).append(one)
    return troubles


def healthy(copies: Copies) -> Copy:
    copy = copies("young-person")
    with copy.session() as session, session.begin():
        jobs.beat(session, "w", NOON)
    return copy


def says(found: dict[str, list[Finding]], about: str) -> str:
    return " ".join(f"{one.state}: {one.says} {one.do}" for one in found.get(about, []))


def test_a_healthy_copy_has_nothing_but_that_it_is_an_example(on_both: Copies) -> None:
    found = examined(healthy(on_both))

    assert found.keys() <= {"settings", "disk", "signposts"}
    assert "This is the example area" in says(found, "settings")


def test_keys_that_others_can_read_that_are_gone_or_do_not_fit(on_both: Copies) -> None:
    copy = healthy(on_both)
    private = copy.settings.keys / f"{copy.keys.key_id}.private"
    private.chmod(0o644)
    assert private.name in says(examined(copy), "keys")
    private.chmod(0o600)
    other = make_sealing_key(copy.settings.keys)
    held = (copy.settings.keys / f"{other}.private").read_bytes()
    (copy.settings.keys / f"{other}.private").write_bytes(private.read_bytes())
    assert f"The two halves of {other} do not fit" in says(examined(copy), "keys")
    (copy.settings.keys / f"{other}.private").unlink()
    assert f"Put {other}.private back" in says(examined(copy), "keys")
    (copy.settings.keys / f"{other}.private").write_bytes(held)
    (copy.settings.keys / f"{other}.private").chmod(0o600)
    assert "keys" not in examined(copy)
    assert "private keys lie here" in says(examined(copy, face="public"), "keys")


def test_words_that_do_not_open_and_rows_that_belong_nowhere(on_both: Copies) -> None:
    copy = healthy(on_both)
    one, two = (Answering(copy, "young-person").begin().keep(YP02="yes", YP91=words).send() for words in (SECRET, "b"))
    assert {"sealed words", "orphans"}.isdisjoint(examined(copy))
    with copy.session() as session, session.begin():
        moved = session.get_one(AnswerText, (one.respondent.response_id, "YP91")).sealed
        session.get_one(AnswerText, (two.respondent.response_id, "YP91")).sealed = moved
        session.execute(update(Triage).values(state="closed"))
        session.execute(delete(Triage).where(Triage.response_id == one.respondent.response_id))
    found = examined(copy)
    assert f"{two.respondent.response_id} YP91 do not open" in says(found, "sealed words")
    assert one.respondent.response_id not in says(found, "sealed words")
    assert "1 texts are in no queue" in says(found, "orphans")
    assert SECRET not in repr(found)

    key = copy.keys.key_id
    make_sealing_key(copy.settings.keys)
    (copy.settings.keys / f"{key}.private").unlink()
    assert f"Sealed to {key}, which is not here: people's own words (2)" in says(examined(copy), "sealed words")


def test_the_audit_log_and_its_head(on_both: Copies) -> None:
    copy = healthy(on_both)
    with copy.session() as session, session.begin():
        last = audit.page(session, audit.Search(), before=None, size=1)[0].number
        session.execute(delete(AuditEvent).where(AuditEvent.number == last))
        assert audit.verify(session) == last - 1, "the chain alone looks whole"
    assert f"The end of the audit log was cut off: event {last} is missing" in says(examined(copy), "audit log")
    copy.settings.audit_head.unlink()
    assert "audit.head is missing" in says(examined(copy), "audit log")


def test_a_clock_that_is_behind(on_both: Copies) -> None:
    copy = healthy(on_both)
    Answering(copy, "young-person").begin().keep(YP02="yes").send()
    found = says(examined(copy, NOON - timedelta(days=1)), "clocks")
    assert "behind the newest event (2026-11-25 12:00)" in found
    assert "An answer bears the day 2026-11-25" in found


def test_jobs_that_are_stuck_and_texts_that_wait(on_both: Copies) -> None:
    copy = healthy(on_both)
    Answering(copy, "young-person").begin().keep(YP02="yes", YP91="x").send()
    assert "look: 1 texts wait" in says(examined(copy), "waiting")
    late = NOON + timedelta(days=5)
    assert "bad: 1 texts wait" in says(examined(copy, late), "waiting")
    assert "The worker was not seen for 7,200 minutes" in says(examined(copy, late), "jobs")
    with copy.session() as session, session.begin():
        jobs.beat(session, "w", late)
        assert jobs.begin(session, "letters", NOON)
        jobs.fail(session, "letters", "The mail server is away.", NOON)
        assert jobs.begin(session, "clearing", NOON)
        jobs.finish(session, "clearing", "", NOON)
    found = says(examined(copy, late), "jobs")
    assert "“Send letters” failed 1 times: The mail server is away." in found
    assert "“Clear away what is over” should have run" in found


def test_settings_signposts_and_reports(on_both: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = healthy(on_both)
    area = load_area(copy.settings.surveys, "example").model_copy(update={"example": False})
    with copy.session() as session:
        given = copy.settings.model_copy(update={"smtp_host": ""})
        patient = Patient(given, copy.keys, area, FixedClock(NOON), copy.engine, session)
        found = {(one.about, one.state): one.says for one in look(patient)}
        later = replace(patient, clock=FixedClock(NOON + timedelta(days=400)))
        old = [one.says for one in look(later) if one.about == "signposts" and one.state == "bad"]
    assert (
        "no alert and no letter reaches anybody" in found["settings", "bad"] or "plain http" in found["settings", "bad"]
    )
    with copy.session() as session:
        far = given.model_copy(update={"public_url": "https://feedback.example"})
        behind = {
            number: [
                one.do for one in look(replace(patient, session=session, settings=far_with)) if "PROXIES" in one.do
            ]
            for number in (0, 1)
            for far_with in [far.model_copy(update={"proxies": number})]
        }
    assert behind == {0: ["Set PROXIES=1: see docs/operating.md."], 1: []}
    assert any("over six months ago" in line for line in old)
    with copy.session() as session, session.begin():
        session.execute(update(Response).values(received_on=NOON.date() - timedelta(days=600)))
    Answering(copy, "young-person").begin().keep(YP02="yes", YP91="x").send()
    with copy.session() as session, session.begin():
        session.execute(update(Response).values(received_on=NOON.date() - timedelta(days=600)))
    assert "no day is set" in says(examined(copy), "reports")


def test_a_database_that_is_behind_and_a_restore_that_was_not_finished(on_both: Copies) -> None:
    copy = healthy(on_both)
    (copy.settings.instance / UNFINISHED).touch()
    with copy.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    found = examined(copy)

    assert "feedback db upgrade" in says(found, "migrations")
    assert "Run feedback restore with the same file again" in says(found, "migrations")
    assert "sealed words" not in found


def test_one_thing_that_cannot_be_looked_at_hides_no_other(on_both: Copies) -> None:
    copy = healthy(on_both)
    found = examined(copy, instance=copy.settings.instance / "nowhere")

    assert "This could not be looked at" in says(found, "disk")
    assert "settings" in found


def test_with_the_real_command(copy: Copies) -> None:
    made = copy("young-person")
    Answering(made, "young-person").begin().keep(YP02="yes", YP91=SECRET).send()

    done: subprocess.CompletedProcess[str] = run(made, "doctor", "--json")

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["state"] for one in found} == {"ok", "look", "bad"}
    assert done.returncode == 1
    assert all(one["do"] for one in found if one["state"] != "ok")
    plain = run(made, "doctor")
    assert len(plain.stdout.splitlines()) == len(found)
    assert "BAD   jobs: The worker was never seen" in plain.stdout
    assert "well  audit log" in plain.stdout or "LOOK  audit log" in plain.stdout
    assert SECRET not in done.stdout + plain.stdout
