"""Take the answers of a collection away as a file. Each row is one person: who took what stays in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from flask import Response, abort, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import KeyRing
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.services import collections, exports
from feedback_app.services.exports import FORMS, Sheet
from feedback_app.services.exports.sheet import languages_of
from feedback_app.storage.db import db
from feedback_app.storage.queries import report as answers
from feedback_app.storage.queries import triage as queue
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import collection_here
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.staff.standing import SOURCES
from feedback_app.web.support.wiring import wiring

PIECE = 64 * 1024


@staff.get("/exports")
def export_list() -> str:
    """List the collections that can be taken, with how many responses each has."""
    search, number = request.args.get("search", "").strip()[:120], request.args.get("page", 1, type=int)
    session, today = db.session(), wiring().clock.today()
    archived = request.args.get("state") == "archived"
    asked = collections.Wanted(text=search, state="archived" if archived else "", page=number)
    found = collections.page(session, asked, today)
    numbers = answers.numbers_of(session, [one.id for one in found.collections])
    return show("exports/list.html", found=found, numbers=numbers, sources=SOURCES, search=search, archived=archived)


@staff.get("/exports/<collection>")
def choose_export(collection: str) -> str:
    """Choose the form of the file and the language of its labels."""
    return _page(collection)


@staff.post("/exports/<collection>")
def take_export(collection: str) -> Response | tuple[str, int]:
    """Give the file. Each text that somebody wrote is only a mark in it."""
    return _given(collection, words=False)


@staff.post("/exports/<collection>/words")
def take_export_with_words(collection: str) -> Response | tuple[str, int]:
    """Give the file with people's own words, to those who may read them."""
    return _given(collection, words=True)


def _page(collection: str, trouble: str = "") -> str:
    here, session = collection_here(collection), db.session()
    edition = wiring().editions.get(session, here.version_hash)
    return show(
        "exports/choose.html",
        here=here,
        number=answers.numbers_of(session, [here.id]).get(here.id, 0),
        source=SOURCES.get(here.source, here.source),
        forms=FORMS,
        form=request.form.get("form", "csv"),
        languages=[LOCALES[code] for code in languages_of(edition)],
        language=request.form.get("language", SOURCE),
        withheld=queue.count_withheld(session, here.id),
        trouble=trouble,
    )


def _given(collection: str, *, words: bool) -> Response | tuple[str, int]:
    wired, session, here = wiring(), db.session(), collection_here(collection)
    form = FORMS.get(request.form.get("form", "")) or abort(400)
    try:
        sheet = exports.prepare(session, wired.editions, here.id, request.form.get("language", ""), words=words)
        body = _body(sheet, form.ending, wired.keys)
    except FeedbackError as error:
        return _page(collection, str(error)), 400
    exports.record(session, sheet, form.ending, by=signed_in().name, now=wired.clock.now())
    file = f"{here.id}-{wired.clock.today()}{'-with-words' if words else ''}.{form.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(body, headers=headers, content_type=form.media_type)


def _body(sheet: Sheet, ending: str, keys: KeyRing) -> Iterator[bytes]:
    """The file, a piece at a time, read by a session of its own: the request's is given back before it is sent."""
    engine = db.engine
    if FORMS[ending].by_lines:
        return _lines(engine, sheet, ending, keys)
    with TemporaryDirectory() as folder, Session(engine) as session:
        path = Path(folder) / "export"
        exports.write(session, sheet, ending, path, keys)
        # On this system an open file can be read after its name is gone; with its last piece it is gone too.
        return _pieces(path.open("rb"))


def _lines(engine: Engine, sheet: Sheet, ending: str, keys: KeyRing) -> Iterator[bytes]:
    with Session(engine) as session:
        for line in exports.lines(session, sheet, ending, keys):
            yield line.encode()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
