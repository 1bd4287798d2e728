"""Back a copy up into one encrypted file while it runs, and restore it into an empty database.

The file holds every table as it was at one moment, but for unfinished surveys, which nobody but their owner can open
and which end after a day; the settings that are not secret; the marks of what was erased; and the keys only when they
are asked for. What people erased after the backup was made is erased again when it is restored.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from feedback_app.core import strongbox
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing, ServerKey
from feedback_app.core.settings import Settings
from feedback_app.core.strongbox import Unreadable
from feedback_app.services import audit, withdrawal
from feedback_app.services.audit import BrokenChain
from feedback_app.storage import audit_head, dumping, schema

KIND = "feedback backup 1"
LEFT_OUT = frozenset({"draft", "worker"})
UNFINISHED = "restore.unfinished"  # in the instance folder, from the first row of a restore to its end
NOT_TOLD = frozenset({"instance", "database_url", "redis_url", "port", "bind"})  # of this machine, or with a password
AT_ONCE = 500

Told = Callable[[str], None]


@dataclass(slots=True)
class Contents:
    """What is known of a backup once it was read through."""

    made_at: str = ""
    schema: str = ""
    server: str = ""  # a fingerprint of the server key that receipts, marks and letters depend on
    settings: dict[str, Any] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. `chain`: what is wrong with the audit log, if anything is."""

    erased: int
    events: int
    lost_events: int
    chain: str


def fingerprint(keys: ServerKey) -> str:
    """A few digits that tell two server keys apart and tell nothing of either."""
    return keys.derive("backup fingerprint").hex()[:16]


def write(
    engine: Engine,
    keys: KeyRing,
    settings: Settings,
    out: Path,
    *,
    now: datetime,
    told: Told,
    passphrase: str = "",
    with_keys: bool = False,
) -> dict[str, int]:
    """Write a backup: under the passphrase, or else to the public key that answers are sealed to.

    The file has its name only when it is whole. Stopped, it leaves nothing that looks like a backup.

    Returns:
        how many rows of each table are in it.

    Raises:
        FeedbackError: the file is there already, or keys are asked for without a passphrase.
    """
    if out.exists():
        raise FeedbackError(f"{out} is there already. Choose another name; a backup is never written over.")
    if with_keys and not passphrase:
        raise FeedbackError("The keys go into a backup only under a passphrase. Give one with --passphrase-file.")
    part = out.with_name(f"{out.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if passphrase:
                box = strongbox.under_passphrase(file, KIND, passphrase)
            else:
                box = strongbox.to_key(file, KIND, keys.key_id, keys.public)
            with dumping.snapshot(engine) as connection:
                rows = _write(_Lines(box), connection, engine, keys, settings, now, told, with_keys)
            box.close()
            file.flush()
            os.fsync(file.fileno())
        part.rename(out)
    finally:
        part.unlink(missing_ok=True)
    return rows


class _Lines:
    """Lines of JSON, packed and encrypted, and the digest of all of them."""

    def __init__(self, box: strongbox.Writer) -> None:
        self._box, self._pack, self._digest = box, zlib.compressobj(6), hashlib.sha256()

    def put(self, line: Any) -> None:
        content = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(content)
        self._box.write(self._pack.compress(content))

    def end(self, rows: dict[str, int]) -> None:
        self.put({"end": rows, "digest": self._digest.hexdigest()})
        self._box.write(self._pack.flush())


def _write(
    lines: _Lines,
    connection: Connection,
    engine: Engine,
    keys: KeyRing,
    settings: Settings,
    now: datetime,
    told: Told,
    with_keys: bool,
) -> dict[str, int]:
    plain = {name: str(value) for name, value in settings if _may_be_told(name)}
    first = {"made_at": now.isoformat(timespec="minutes"), "schema": schema.current(engine)}
    lines.put({"backup": first | {"server": fingerprint(keys.server), "settings": plain}})
    rows = {}
    for name in dumping.tables():
        if name in LEFT_OUT:
            continue
        lines.put({"table": name, "columns": dumping.kinds_of(name)})
        number = 0
        for number, row in enumerate(dumping.rows(connection, name), 1):
            lines.put(row)
            if number % 10_000 == 0:
                told(f"{name}: {number:,} rows")
        rows[name] = number
    lines.put({"marks": sorted(withdrawal.noted(settings.instance))})
    if with_keys:
        held = {file.name: base64.b64encode(file.read_bytes()).decode() for file in _key_files(settings.keys)}
        lines.put({"keys": held})
    lines.end(rows)
    return rows


def read_through(file: Path, *, keys: Mapping[str, X25519PrivateKey] | None = None, passphrase: str = "") -> Contents:
    """Read a backup from its first to its last byte and check its digest. Changes nothing.

    Raises:
        Unreadable: it cannot be used.
    """
    found, digest = Contents(), hashlib.sha256()
    table, ended = "", False
    for line in lines_of(file, keys=keys, passphrase=passphrase):
        if ended:
            raise Unreadable("The backup goes on after its end.")
        said = json.loads(line)
        match said:
            case list():
                found.rows[table] += 1
            case {"table": str(name)}:
                table = name
                found.rows[table] = 0
            case {"backup": dict(first)}:
                found.made_at, found.schema, found.server = first["made_at"], first["schema"], first["server"]
                found.settings = first["settings"]
            case {"marks": list(marks)}:
                found.marks = marks
            case {"keys": dict(held)}:
                found.keys = {Path(name).name: base64.b64decode(content) for name, content in held.items()}
            case {"end": dict(rows), "digest": str(told)}:
                ended = rows == found.rows and told == digest.hexdigest()
                if not ended:
                    raise Unreadable("The backup does not hold what it says it holds. Use another one.")
        digest.update(line)
    if not ended:
        raise Unreadable("The backup has no end. Use another one.")
    return found


def load(
    engine: Engine,
    file: Path,
    contents: Contents,
    folder: Path,
    *,
    told: Told,
    keys: Mapping[str, X25519PrivateKey] | None = None,
    passphrase: str = "",
) -> None:
    """Put everything into an empty database, in one transaction: stopped, the database is as empty as before.

    Raises:
        FeedbackError: the backup is of a newer software, or the database has something in it.
    """
    if not schema.known(contents.schema):
        raise FeedbackError("This backup was made by a newer version of the software. Restore it with that version.")
    need_empty(engine)
    if schema.current(engine) not in ("", contents.schema):
        raise FeedbackError("The database has empty tables of another version. Give one with nothing in it at all.")
    schema.upgrade(engine, contents.schema)
    with engine.begin() as connection:
        (folder / UNFINISHED).touch(mode=0o600)
        name, number = "", 0
        kinds: dumping.Kinds = {}
        held: list[list[Any]] = []
        for line in lines_of(file, keys=keys, passphrase=passphrase):
            said = json.loads(line)
            if isinstance(said, list):
                held.append(said)
                number += 1
                if number % 10_000 == 0:
                    told(f"{name}: {number:,} rows")
            if len(held) == AT_ONCE or not isinstance(said, list):
                dumping.put_in(connection, name, kinds, held)
                held = []
            if isinstance(said, dict) and "table" in said:
                name, kinds, number = said["table"], said["columns"], 0
        dumping.go_on_counting(connection)


def need_empty(engine: Engine) -> None:
    """Refuse a database that somebody uses.

    Raises:
        FeedbackError: a table has rows.
    """
    if used := dumping.first_used(engine):
        raise FeedbackError(
            f'There is something in this database already (in "{used}"). Nothing was changed: a restore goes only into '
            "an empty one. docs/operating.md says how to move the old one aside."
        )


def finish(
    engine: Engine, keys: KeyRing, folder: Path, head: Path, contents: Contents, *, by: str, now: datetime, today: date
) -> Restored:
    """Erase again what people erased, check the audit log, and note the restore in it. May be run again.

    Args:
        folder: the instance folder, whose marks are newer than the backup's.
        head: the file that keeps the head of the audit log.
    """
    schema.upgrade(engine)
    known = withdrawal.noted(folder) | set(contents.marks)
    with Session(engine) as session, session.begin():
        erased = withdrawal.erase_again(session, keys.server, known | withdrawal.marks(session), today)
        withdrawal.bring_together(session, folder)
        chain, lost = "", _lost_events(session, head)
        try:
            audit.accept(session, head, f"The backup of {contents.made_at} was put back.", by=by, now=now)
        except BrokenChain as error:  # a reason mends nothing then, and the head stays as the evidence
            chain = str(error)
        event = audit.record(session, by, "backup.restore", contents.made_at, now, erased=erased, lost_events=lost)
        events = event.number
    (folder / UNFINISHED).unlink(missing_ok=True)
    return Restored(erased, events, lost, chain)


def key_for(file: Path) -> str:
    """The id of the key that opens a backup; empty when it is under a passphrase.

    Raises:
        Unreadable: it is no backup.
    """
    with file.open("rb") as held:
        return strongbox.key_named(held, KIND)


def lines_of(
    file: Path, *, keys: Mapping[str, X25519PrivateKey] | None = None, passphrase: str = ""
) -> Iterator[bytes]:
    """The lines of a backup, opened. Only when the last has come is it known that the file is whole.

    Raises:
        Unreadable: it cannot be used.
    """
    unpack, held = zlib.decompressobj(), b""
    with file.open("rb") as box:
        for piece in strongbox.pieces(box, KIND, keys=keys, passphrase=passphrase):
            *whole, held = (held + unpack.decompress(piece)).split(b"\n")
            yield from (line + b"\n" for line in whole)
    if held or not unpack.eof:
        raise Unreadable("The backup has no end. Use another one.")


def _lost_events(session: Session, head: Path) -> int:
    """How many events of the audit log came after the backup, as its head outside the database tells."""
    noted = max((number for number, _ in audit_head.read(head)), default=0)
    return max(0, noted - audit.last(session)[0])


def _may_be_told(name: str) -> bool:
    return name not in NOT_TOLD and Settings.model_fields[name].repr is not False


def _key_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
