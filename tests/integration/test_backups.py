"""Backups: taken while people answer, encrypted, restored; what a child erased stays erased; on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text, update

from feedback_app.core import strongbox
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import make_keys
from feedback_app.core.settings import Settings
from feedback_app.core.strongbox import Unreadable
from feedback_app.services import audit, backups, withdrawal
from feedback_app.services.backups import Contents, Restored
from feedback_app.storage import schema
from feedback_app.storage.db import make_engine
from feedback_app.storage.models import AnswerText, AuditEvent, Base, Collection, Draft, Response, Triage
from tests.factories import NOON, Copy
from tests.integration.answering import Answering
from tests.integration.real_command import run
from tests.integration.test_at_once import at_once
from tests.integration.test_canary import sings
from tests.integration.test_withdrawal import close_all, look, take_back

Copies = Callable[..., Copy]
SECRET = "Canary: he waits behind the boiler room"
PASSPHRASE = "acorn-bagel-cactus-dolphin-elbow"


@dataclass
class Backed:
    """A copy that is backed up, and an empty place of the same kind to restore it in."""

    copy: Copy
    address: str
    folder: Path
    said: list[str] = field(default_factory=list)

    def back_up(self, name: str = "one.backup", **more: object) -> Path:
        out = self.folder / name
        more = {"now": NOON, "told": self.said.append} | more
        backups.write(self.copy.engine, self.copy.keys, self.copy.settings, out, **more)
        return out

    def read(self, file: Path, **more: object) -> Contents:
        return backups.read_through(file, **({"keys": self.copy.keys.private} | more))

    def restore(self, file: Path, **more: object) -> tuple[Copy, Restored]:
        """Restore into an empty database, in an instance folder that has the keys and the marks of what was erased."""
        own, given = self.folder / "restored", self.copy.settings
        own.mkdir(exist_ok=True)
        for name in (withdrawal.FILE, given.audit_head.name):
            if (given.instance / name).exists():
                (own / name).write_bytes((given.instance / name).read_bytes())
        settings = Settings(instance=own, database_url=self.address, surveys=given.surveys, area=given.area)
        if not settings.keys.exists():
            settings.keys.symlink_to(given.keys)
        target, contents = Copy(settings), self.read(file, **more)
        more = {"keys": self.copy.keys.private} | more
        backups.load(target.engine, file, contents, own, told=self.said.append, **more)
        told = {"by": "a test", "now": NOON, "today": NOON.date()}
        return target, backups.finish(target.engine, target.keys, own, settings.audit_head, contents, **told)


@pytest.fixture
def backed(on_both: Copies, database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Backed]:
    """Make a copy and an empty place beside it, on each kind of database."""

    def make(*surveys: str) -> Backed:
        address = request.getfixturevalue("postgresql")() if database else ""
        return Backed(on_both(*surveys), address, tmp_path)

    return make


def everything(copy: Copy) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in an order that both kinds of database agree on."""
    with copy.session() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_what_is_restored_is_what_was_there(backed: Callable[..., Backed]) -> None:
    one = backed("young-person", "single")
    for words in (SECRET, "two\nlines \u202e 😀"):
        Answering(one.copy, "young-person").begin().keep(YP02="yes", YP10="5", YP91=words).send()
    Answering(one.copy, "single").begin()
    before = everything(one.copy)

    target, done = one.restore(one.back_up())

    after = everything(target)
    assert (done.erased, done.lost_events, done.chain) == (0, 0, "")
    assert len(before.pop("draft")) == 1
    assert after.pop("draft") == [], "what nobody finished ends after a day, in a backup too"
    numbers = [{row[0] for row in rows["audit_event"]} for rows in (before, after)]
    assert numbers[1] == numbers[0] | {done.events - 1, done.events}, (
        "that the head begins anew, and that it was restored"
    )
    for name in before.keys() - {"audit_event"}:
        assert after[name] == before[name], name
    with target.session() as session:
        assert audit.verify(session) == done.events == audit.check(session, target.settings.audit_head)
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert event
        assert event.action == "backup.restore"
    assert Answering(target, "young-person").begin().keep(YP02="yes", YP91="new").send().texts == {"YP91": "new"}
    target.close()


def test_a_backup_taken_while_two_hundred_send_holds_a_consistent_state(backed: Callable[..., Backed]) -> None:
    """Each response has all its texts and each text its row of the queue; what was acknowledged before is there."""
    one = backed("paragraph")
    sent: list[str] = []
    begun, enough = Event(), Event()

    def send() -> None:
        person = Answering(one.copy, "paragraph").begin().keep(Q1=SECRET, Q2="more").send()
        sent.append(person.respondent.response_id)
        if len(sent) >= 40:
            begun.set()
        if len(sent) >= 200:
            enough.set()

    crowd = Thread(target=lambda: [at_once([send] * 4) for _ in range(50)])
    crowd.start()
    files = []
    assert begun.wait(120)
    before = []
    while not enough.is_set() and len(files) < 3:
        before.append(set(sent))
        files.append(one.back_up(f"{len(files)}.backup"))
    meanwhile = len(sent)
    crowd.join()
    rows = [one.read(file).rows for file in files]

    assert len(sent) == 200
    assert 40 <= len(before[0]) < 200
    assert meanwhile > len(before[0]), "people sent while the backup was made"
    for held, known in zip(rows, before, strict=True):
        assert held["response"] >= len(known)
        assert held["answer_text"] == held["triage"] == 2 * held["response"]
    target, _ = one.restore(files[0])
    with target.session() as session:
        assert before[0] <= set(session.scalars(select(Response.id)))
    target.close()


def test_hostile_28_a_child_erased_after_the_backup_stays_erased_after_the_restore(
    backed: Callable[..., Backed],
) -> None:
    one = backed("young-person")
    gone, watched, stays = (
        Answering(one.copy, "young-person").begin().keep(YP02="yes", YP91=words).send()
        for words in ("goes", "is being read", "stays")
    )
    close_all(one.copy)
    with one.copy.session() as session, session.begin():
        mine = Triage.response_id == watched.respondent.response_id
        session.execute(update(Triage).where(mine).values(state="open"))
    yesterday = one.back_up()
    for person in (gone, watched):
        take_back(one.copy, person)

    target, done = one.restore(yesterday)

    assert done.erased == 2
    assert look(target, " ".join(gone.respondent.receipt)) is None
    assert look(target, " ".join(watched.respondent.receipt)) is None
    assert look(target, " ".join(stays.respondent.receipt))
    with target.session() as session:
        left = {row.id: row.withdrawn_on for row in session.scalars(select(Response))}
        assert left == {watched.respondent.response_id: NOON.date(), stays.respondent.response_id: None}
        assert session.scalar(select(func.count()).select_from(AnswerText)) == 2
    target.close()


def test_erased_before_the_backup_is_erased_even_where_the_file_of_marks_is_lost(backed: Callable[..., Backed]) -> None:
    """An older backup restored beside the marks that a newer one carried."""
    one = backed("young-person")
    person = Answering(one.copy, "young-person").begin().keep(YP02="yes", YP91="x").send()
    close_all(one.copy)
    old = one.back_up("old.backup")
    take_back(one.copy, person)
    marks = one.read(one.back_up("new.backup")).marks
    (one.copy.settings.instance / withdrawal.FILE).unlink()
    assert len(marks) == 1

    withdrawal.note(one.copy.settings.instance, marks)
    target, done = one.restore(old)

    assert done.erased == 1
    target.close()


def test_no_byte_of_a_backup_can_be_read_without_the_key(backed: Callable[..., Backed]) -> None:
    one = backed("young-person")
    person = Answering(one.copy, "young-person").begin().keep(YP02="yes", YP10="5", YP91=SECRET).send()
    files = [one.back_up(), one.back_up("two.backup", passphrase=PASSPHRASE, with_keys=True)]
    secrets = [file.read_bytes() for file in one.copy.settings.keys.iterdir()]

    for file in files:
        content = file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600
        for note in (SECRET, "young-person", "YP91", *person.respondent.receipt, PASSPHRASE, "audit_event"):
            assert note.encode() not in content, note
        assert [secret for secret in secrets if secret in content or secret.hex().encode() in content] == []
    assert sings(one.copy, SECRET) == []
    with pytest.raises(Unreadable, match="private half is not here"):
        one.read(files[0], keys={})
    with pytest.raises(Unreadable, match="under a passphrase"):
        one.read(files[1])
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        one.read(files[1], passphrase=PASSPHRASE[::-1])
    assert one.read(files[0]).keys == {}
    assert sorted(one.read(files[1], passphrase=PASSPHRASE).keys.values()) == sorted(secrets)


def test_a_backup_that_was_cut_or_changed_is_refused(backed: Callable[..., Backed]) -> None:
    one = backed("young-person")
    file = one.back_up()
    whole = file.read_bytes()
    assert one.read(file).rows["survey_version"] == 1
    for wrong in (whole[:-1], whole[: len(whole) // 2], whole + b"x", whole[:-40] + b"x" + whole[-39:], b"", b"{}\n"):
        file.write_bytes(wrong)
        with pytest.raises(Unreadable):
            one.read(file)


def test_the_pieces_of_a_long_file_cannot_change_places(tmp_path: Path) -> None:
    file = tmp_path / "long"
    content = os.urandom(3 * strongbox.PIECE)
    with file.open("wb") as out:
        box = strongbox.under_passphrase(out, "kind", PASSPHRASE)
        box.write(content)
        box.close()
    with file.open("rb") as held:
        assert b"".join(strongbox.pieces(held, "kind", passphrase=PASSPHRASE)) == content
    line, *_ = file.read_bytes().split(b"\n", 1)
    size, first = strongbox.PIECE + 16, len(line) + 1
    body = file.read_bytes()[first:]
    for wrong in (body[size : 2 * size] + body[:size] + body[2 * size :], body[: 2 * size], body[size:]):
        file.write_bytes(line + b"\n" + wrong)
        with file.open("rb") as held, pytest.raises(Unreadable):
            list(strongbox.pieces(held, "kind", passphrase=PASSPHRASE))
    with file.open("wb") as out, pytest.raises(FeedbackError, match="too short"):
        strongbox.under_passphrase(out, "kind", "short")


def test_a_database_that_is_in_use_is_not_written_over(backed: Callable[..., Backed]) -> None:
    one = backed("text")
    file, before = one.back_up(), everything(one.copy)
    contents = one.read(file)

    with pytest.raises(FeedbackError, match="something in this database already"):
        backups.load(one.copy.engine, file, contents, one.folder, told=one.said.append, keys=one.copy.keys.private)

    assert everything(one.copy) == before
    with pytest.raises(FeedbackError, match="there already"):
        one.back_up()


def test_stopped_half_way_it_leaves_nothing_and_can_be_run_again(backed: Callable[..., Backed]) -> None:
    one = backed("young-person")
    Answering(one.copy, "young-person").begin().keep(YP02="yes", YP91="x").send()
    file = one.back_up()
    contents = one.read(file)
    contents.schema = schema.newest()
    engine = make_engine(Settings(instance=one.folder / "half", database_url=one.address).database)
    (one.folder / "half").mkdir()
    short = one.folder / "short.backup"
    short.write_bytes(file.read_bytes()[:-30])

    with pytest.raises(Unreadable):
        backups.load(engine, short, contents, one.folder / "half", told=print, keys=one.copy.keys.private)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM response")).scalar() == 0
    backups.load(engine, file, contents, one.folder / "half", told=print, keys=one.copy.keys.private)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM response")).scalar() == 1
    engine.dispose()
    (one.folder / "to-a-full-disk").mkdir()
    with pytest.raises(FeedbackError):
        one.back_up("to-a-full-disk")
    assert not list(one.folder.glob("*.part"))


def test_a_backup_of_a_newer_software_and_of_other_keys_is_refused(backed: Callable[..., Backed]) -> None:
    one = backed("text")
    file = one.back_up()
    contents = one.read(file)
    contents.schema = "9999"

    with pytest.raises(FeedbackError, match="newer version"):
        backups.load(make_engine("sqlite://"), file, contents, one.folder, told=print, keys=one.copy.keys.private)


def test_events_that_are_lost_are_counted_and_a_broken_chain_is_told(backed: Callable[..., Backed]) -> None:
    one = backed("text")
    with one.copy.session() as session, session.begin():
        session.execute(update(AuditEvent).where(AuditEvent.number == 1).values(actor="somebody else"))
    file = one.back_up()
    with one.copy.session() as session, session.begin():
        for _ in range(3):
            audit.record(session, "Ann", "x.y", "", NOON)

    target, done = one.restore(file)

    assert done.lost_events == 3
    assert "Event 1 of the audit log was changed" in done.chain
    target.close()


def test_with_the_real_command_with_keys_into_an_empty_folder(copy: Copies, tmp_path: Path) -> None:
    made, secret, file = copy("young-person"), tmp_path / "passphrase", tmp_path / "whole.backup"
    secret.write_text(f"{PASSPHRASE}\n")
    person = Answering(made, "young-person").begin().keep(YP02="yes", YP91=SECRET).send()
    refused = run(made, "backup", str(file), "--with-keys")
    assert (refused.returncode, "only under a passphrase" in refused.stderr) == (1, True)

    done = run(made, "backup", str(file), "--with-keys", "--passphrase-file", str(secret))
    assert done.returncode == 0, done.stderr
    assert "1 responses" in done.stdout
    close_all(made)
    take_back(made, person)
    other = tmp_path / "other"
    other.mkdir()
    (other / withdrawal.FILE).write_bytes((made.settings.instance / withdrawal.FILE).read_bytes())

    back = run(made, "restore", str(file), "--passphrase-file", str(secret), INSTANCE=str(other))
    assert back.returncode == 0, back.stderr
    assert "Erased again, because their senders had erased them: 1." in back.stdout
    assert "The audit log: whole" in back.stdout
    assert "AREA=example" in back.stdout
    assert SECRET not in back.stdout + back.stderr
    assert {key.name for key in (other / "keys").iterdir()} == {key.name for key in made.settings.keys.iterdir()}
    again = run(made, "restore", str(file), "--passphrase-file", str(secret), INSTANCE=str(other))
    assert (again.returncode, "Nothing was changed" in again.stderr) == (1, True)
    make_keys(tmp_path / "third" / "keys")
    wrong = run(made, "restore", str(file), "--passphrase-file", str(secret), INSTANCE=str(tmp_path / "third"))
    assert (wrong.returncode, "is not that of this backup" in wrong.stderr) == (1, True)


def test_half_finished_surveys_and_collections(backed: Callable[..., Backed]) -> None:
    one = backed("text")
    Answering(one.copy, "text").begin().keep(Q1=SECRET)
    rows = one.read(one.back_up()).rows

    assert Draft.__tablename__ not in rows
    assert rows[Collection.__tablename__] == 1
