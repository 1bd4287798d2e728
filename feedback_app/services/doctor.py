"""Look this copy over: what is well, what is not, and what to do about it. Changes nothing and opens no word."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Engine, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from feedback_app.core.clock import Clock, in_utc
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import PRIVATE, KeyRing
from feedback_app.core.sealing import CannotOpen, open_sealed, seal
from feedback_app.core.settings import Settings
from feedback_app.definitions.area import Area
from feedback_app.i18n.catalogues import load_interface
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import audit, freezes, home, jobs, mail, readiness, sealed
from feedback_app.services.audit import BrokenChain
from feedback_app.services.backups import UNFINISHED
from feedback_app.services.editions import Editions
from feedback_app.services.reading import open_text
from feedback_app.storage import schema
from feedback_app.storage.models import AnswerText, AuditEvent, Reading, ReportFreeze, Response, Triage, table_of
from feedback_app.storage.queries.triage import OPEN, REAL

RESPONSE, TEXT, TRIAGE, READING = table_of(Response), table_of(AnswerText), table_of(Triage), table_of(Reading)
FREEZE = table_of(ReportFreeze)
State = Literal["ok", "look", "bad"]
LEAST_SPACE, LITTLE_SPACE = 200 * 2**20, 2 * 2**30
SLACK = timedelta(minutes=5)
WAITED_LONG = timedelta(days=4)  # two working days and a weekend
REPORT_LATE = timedelta(days=183)
STUCK = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do; nothing to do when it is well."""

    about: str
    state: State
    says: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked over."""

    settings: Settings
    keys: KeyRing
    area: Area
    clock: Clock
    engine: Engine
    session: Session

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        return self.clock.today()


def look(patient: Patient) -> list[Finding]:
    """Look at everything. What goes wrong while one thing is looked at is a finding, and hides no other."""
    found: list[Finding] = []
    current = schema.current(patient.engine) == schema.newest()
    for about, check in CHECKS.items():
        if not current and about not in WITHOUT_TABLES:
            continue
        try:
            lines = [Finding(about, state, says, do) for state, says, do in check(patient)]
        except Exception as error:
            why = str(error) if isinstance(error, FeedbackError) else type(error).__name__
            lines = [Finding(about, "bad", f"This could not be looked at: {why}.", "Ask whoever runs the server.")]
        found += lines or [Finding(about, "ok", "well")]
    return found


Said = Iterator[tuple[State, str, str]]


def _keys(one: Patient) -> Said:
    folder = one.settings.keys
    loose = [file.name for file in (folder, *folder.iterdir()) if stat.S_IMODE(file.stat().st_mode) & 0o077]
    if loose:
        yield "bad", f"Others on this machine can read: {', '.join(sorted(loose))}.", f"chmod -R go= {folder}"
    if one.settings.face == "public":
        if list(folder.glob(f"*{PRIVATE}")):
            move = f"Take the *{PRIVATE} files off this machine."
            yield "look", "This is the public face, and private keys lie here.", move
        return
    if one.keys.key_id not in one.keys.private:
        put = f"Put {one.keys.key_id}{PRIVATE} back into {folder}."
        yield "bad", f"New answers are sealed to {one.keys.key_id}, and its private half is not here.", put
        return
    try:
        fits = open_sealed(one.keys.private[one.keys.key_id], seal(one.keys.public, "fits", "doctor"), "doctor")
    except CannotOpen:
        fits = ""
    if fits != "fits":
        put = "Put the right pair back from your safe copy, at once: what is sealed now opens for nobody."
        yield "bad", f"The two halves of {one.keys.key_id} do not fit each other.", put


def _sealed(one: Patient) -> Said:
    if one.settings.face == "public":
        return
    for key_id, what in sorted(sealed.by_key(one.session).items()):
        if key_id not in one.keys.private:
            said = ", ".join(f"{name} ({number:,})" for name, number in what.items())
            put = f"Put {key_id}{PRIVATE} back into {one.settings.keys}. Without it nobody can read them."
            yield "bad", f"Sealed to {key_id}, which is not here: {said}.", put
    held = select(AnswerText).where(AnswerText.sealed != b"").execution_options(yield_per=500)
    broken = [(row.response_id, row.field) for row in one.session.scalars(held) if _is_broken(one.keys, row)]
    for response, field in broken:
        yield "bad", f"The words of {response} {field} do not open: changed, or moved from another row.", RESTORE


def _orphans(one: Patient) -> Said:
    theirs = and_(TRIAGE.c.response_id == TEXT.c.response_id, TRIAGE.c.field == TEXT.c.field)
    unqueued = _count(one, select(func.count()).select_from(TEXT).where(~exists().where(theirs)))
    if unqueued:
        yield "bad", f"{unqueued:,} texts are in no queue, so nobody is asked to read them.", RESTORE
    for name, table in (("texts", TEXT), ("readings", READING)):
        lost = ~exists().where(RESPONSE.c.id == table.c.response_id)
        number = _count(one, select(func.count()).select_from(table).where(lost))
        if number:
            yield "bad", f"{number:,} {name} belong to no response.", RESTORE


def _audit_log(one: Patient) -> Said:
    try:
        audit.check(one.session, one.settings.audit_head)
    except BrokenChain as error:
        keep = "Keep the database as it is, find out who changed it, and tell your data protection officer."
        yield "bad", str(error), keep


def _clocks(one: Patient) -> Said:
    newest = one.session.scalar(select(func.max(AuditEvent.at)))
    if newest is not None and in_utc(newest) > one.now + SLACK:
        yield "bad", f"This machine's clock is behind the newest event ({in_utc(newest):%Y-%m-%d %H:%M}).", CLOCK
    last = one.session.scalar(select(func.max(RESPONSE.c.received_on)))
    if last is not None and last > one.today:
        yield "bad", f"An answer bears the day {last}, which has not come.", CLOCK


def _migrations(one: Patient) -> Said:
    if schema.current(one.engine) != schema.newest():
        yield "bad", "The database is not up to date.", "feedback db upgrade"
    if (one.settings.instance / UNFINISHED).exists():
        yield "bad", "A restore was begun and not finished.", "Run feedback restore with the same file again."


def _signposts(one: Patient) -> Said:
    for gap in one.area.signpost_gaps(one.today, "child"):
        check = "Call the number, and write the day on the page Settings."
        yield ("look" if one.area.example else "bad"), gap, check


def _openings(one: Patient) -> Said:
    if one.area.example:
        return
    folder, fallbacks = one.settings.translations, one.area.fallbacks
    interfaces = {code: load_interface(folder, code, fallbacks) for code in LOCALES}
    for found in readiness.unready(one.session, Editions(one.area), interfaces, one.today):
        named = ", ".join(ident for ident, _ in found.collections)
        more = f" and {found.number - len(found.collections):,} more" if found.number > len(found.collections) else ""
        for need in found.missing:
            yield "bad", f"Open to children without {readiness.in_short(need)}: {named}{more}. {need.stands}", need.do


def _settings(one: Patient) -> Said:
    if one.area.example:
        yield "look", "This is the example area: every page says so.", "For real answers, set AREA to your own."
        return
    if not one.settings.secure:
        yield "bad", f"The address {one.settings.address} is plain http.", "Set PUBLIC_URL to an https address."
    elif not one.settings.proxies:
        says = (
            "Nothing says that a proxy stands in front, so all people count as one when words or passwords are wrong."
        )
        yield "look", says, "Set PROXIES=1: see docs/operating.md."
    if not one.settings.smtp_host:
        yield "bad", "There is no mail server, so no alert and no letter reaches anybody.", "Set SMTP_HOST."
    elif one.settings.smtp_security == "none":
        yield "look", "Letters go to the mail server unencrypted.", "Set SMTP_SECURITY=starttls."
    if one.settings.face == "both":
        yield "look", "One process serves both faces, and holds the private key.", "Run two: see docs/operating.md."


def _jobs(one: Patient) -> Said:
    if one.settings.face == "public":
        return
    silent = jobs.silent_minutes(one.session, one.now)
    if silent is None or silent:
        seen = "was never seen" if silent is None else f"was not seen for {silent:,} minutes"
        yield "bad", f"The worker {seen}: no letter goes, nothing is cleared away.", "feedback worker"
    for line in jobs.listed(one.session):
        if line.state == jobs.FAILED:
            says = f"“{line.job.title}” failed {line.tries} times: {line.trouble}"
            yield "bad", says, "See the page “What runs by itself”."
        elif line.due_at is not None and line.due_at < one.now - STUCK and silent == 0:
            says = f"“{line.job.title}” should have run at {line.due_at:%Y-%m-%d %H:%M}."
            yield "bad", says, "Start the worker again."
    stuck = mail.count_stuck(one.session)
    if stuck:
        yield "look", f"{stuck:,} letters were tried and have not gone.", "feedback mail test you@council.example"


def _space(one: Patient) -> Said:
    free = shutil.disk_usage(one.settings.instance).free
    if free < LITTLE_SPACE:
        state: State = "bad" if free < LEAST_SPACE else "look"
        yield state, f"{free / 2**20:,.0f} MiB are free on the disk of {one.settings.instance}.", "Make room."


def _waiting(one: Patient) -> Said:
    waits = select(func.count(), func.min(TRIAGE.c.received_on)).where(TRIAGE.c.state == OPEN, REAL)
    number, oldest = one.session.execute(waits).one()
    if number:
        state: State = "bad" if oldest < one.today - WAITED_LONG else "look"
        yield state, f"{number:,} texts wait to be read for safety, the oldest since {oldest}.", "Read them today."
    unopened = home.not_opened(one.session, one.today)
    if unopened:
        yield "look", f"{unopened:,} answers from tablets could not be stored.", "See the page Classes."


def _reports(one: Patient) -> Said:
    held = select(func.min(RESPONSE.c.received_on))
    within = and_(FREEZE.c.first_on <= RESPONSE.c.received_on, FREEZE.c.last_on >= RESPONSE.c.received_on)
    texts = exists().where(TEXT.c.response_id == RESPONSE.c.id, TEXT.c.sealed != b"")
    oldest = one.session.scalar(held.where(texts, ~exists().where(within)))
    if oldest is not None and freezes.year_after(oldest) + REPORT_LATE < one.today:
        yield "look", f"Words of {oldest} are in no frozen report, so no day is set when they go.", "feedback freeze"


def _is_broken(keys: KeyRing, row: AnswerText) -> bool:
    """Whether a text that we hold the key to does not open. What is opened is thrown away unread."""
    if row.key_id not in keys.private:
        return False
    try:
        open_text(keys, row)
    except CannotOpen:
        return True
    return False


def _count(one: Patient, query: Select[Any]) -> int:
    return one.session.scalar(query) or 0


RESTORE = "Somebody changed the database, or a disk is failing. Look into the newest backup."
CLOCK = "Set this machine's clock (timedatectl). Days and deadlines are counted by it."
WITHOUT_TABLES = frozenset({"keys", "migrations", "signposts", "settings", "disk"})
CHECKS: dict[str, Callable[[Patient], Said]] = {
    "keys": _keys,
    "sealed words": _sealed,
    "orphans": _orphans,
    "audit log": _audit_log,
    "clocks": _clocks,
    "migrations": _migrations,
    "signposts": _signposts,
    "openings": _openings,
    "settings": _settings,
    "jobs": _jobs,
    "disk": _space,
    "waiting": _waiting,
    "reports": _reports,
}
