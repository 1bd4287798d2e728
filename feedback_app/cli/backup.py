"""Back this copy up into one encrypted file, and restore it."""

from __future__ import annotations

from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.core.clock import SystemClock
from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import SERVER, KeyRing, load_keys, put_back
from feedback_app.core.settings import read_settings
from feedback_app.services import audit, backups
from feedback_app.services.backups import UNFINISHED
from feedback_app.storage.db import db, make_engine
from feedback_app.storage.dumping import first_used

FILE = click.Path(path_type=Path, dir_okay=False)
PASSPHRASE = click.option(
    "--passphrase-file", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="File with the passphrase."
)


def _tell(words: str) -> None:
    click.echo(words, err=True)


@click.command()
@click.argument("file", type=FILE)
@PASSPHRASE
@click.option("--with-keys", is_flag=True, help="With the keys in it, under the passphrase.")
def backup(file: Path, passphrase_file: Path | None, with_keys: bool) -> None:
    """Write everything into FILE, encrypted, while the application runs.

    Without a passphrase only this copy's private key opens it. Keep the keys apart from the backups, or nobody can use
    them. Can be stopped and run again.
    """
    passphrase = _passphrase(passphrase_file)
    with opened() as copy:
        wired, now = copy.wiring, copy.wiring.clock.now()
        rows = backups.write(
            db.engine,
            wired.keys,
            wired.settings,
            file,
            now=now,
            told=_tell,
            passphrase=passphrase,
            with_keys=with_keys,
        )
        total = sum(rows.values())
        audit.record(copy.session, BY, "backup.make", "", now, rows=total, with_keys=with_keys)
    how = "the passphrase opens it" if passphrase_file else f"the private key {wired.keys.key_id} opens it"
    click.echo(f"Wrote {file}: {rows['response']:,} responses, {total:,} rows in all; {how}.")
    if not with_keys:
        click.echo("The keys are not in it. Keep a copy of them somewhere safe, apart from the backups.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@PASSPHRASE
def restore(file: Path, passphrase_file: Path | None) -> None:
    """Put the backup FILE into an empty database, and say what was done.

    What people erased since is erased again. Can be stopped and run again.
    """
    settings, clock, passphrase = read_settings(), SystemClock(), _passphrase(passphrase_file)
    settings.instance.mkdir(parents=True, exist_ok=True)
    settings.instance.chmod(0o700)
    held = load_keys(settings.keys, private=True) if (settings.keys / SERVER).exists() else None
    private = held.private if held else {}
    contents = backups.read_through(file, keys=private, passphrase=passphrase)
    _tell(f"The backup of {contents.made_at} is whole: {sum(contents.rows.values()):,} rows.")
    keys = _keys(held, contents.keys, settings.keys)
    if backups.fingerprint(keys.server) != contents.server:
        raise FeedbackError(f"The server key in {settings.keys} is not that of this backup. Put the right keys there.")
    engine = make_engine(settings.database, settings.audit_head)
    if not (settings.instance / UNFINISHED).exists() or not first_used(engine):
        backups.load(engine, file, contents, settings.instance, told=_tell, keys=private, passphrase=passphrase)
    now, today = clock.now(), clock.today()
    done = backups.finish(engine, keys, settings.instance, settings.audit_head, contents, by=BY, now=now, today=today)
    engine.dispose()
    click.echo(f"Restored the backup of {contents.made_at}: {contents.rows['response']:,} responses.")
    click.echo(f"Erased again, because their senders had erased them: {done.erased}.")
    click.echo(f"The audit log: {done.chain or f'whole, {done.events} events'}.")
    if done.lost_events:
        click.echo(f"{done.lost_events} events of the audit log came after this backup and are lost.")
    click.echo("Settings when it was made: " + ", ".join(f"{k.upper()}={v}" for k, v in contents.settings.items() if v))
    click.echo("Now run: feedback doctor")


def _passphrase(file: Path | None) -> str:
    return file.read_text(encoding="utf-8").strip() if file else ""


def _keys(held: KeyRing | None, kept: dict[str, bytes], folder: Path) -> KeyRing:
    if held is not None:
        return held
    if not kept:
        raise FeedbackError(f"There are no keys in {folder}, and none in this backup. Put the copy of your keys there.")
    put_back(folder, kept)
    click.echo(f"Put the keys of the backup into {folder}.")
    return load_keys(folder, private=True)
