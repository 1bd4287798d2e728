"""The safeguarding queue: what waits, read one, decide. For the safeguarding lead alone.

A GET never writes, and reading a child's words has to be written down. So the address of a text shows no word of it,
and its button, a POST, opens it. Deciding answers with the next text, so that hundreds can be read one after another.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from feedback_app.core.clock import LOCAL
from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import LOCALES
from feedback_app.services import alerts, drills, rota
from feedback_app.services import triage as queue
from feedback_app.services.triage import BANDS, DONE, Choice, Line, Opened, masking
from feedback_app.services.triage.masking import Piece, Spot
from feedback_app.storage.db import db
from feedback_app.storage.queries import triage as reads
from feedback_app.web.staff import staff
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.pages import show
from feedback_app.web.support.wiring import wiring

SEE_OTHER = 303
STATES = {reads.OPEN: "To read", DONE: "Closed"}
IN_WORDS = {
    "P1": "Read now",
    "P2": "Read by the next working day",
    "P3": "Read within two working days",
}
OUTCOMES = {
    queue.RELEASE: "Released",
    queue.REDACT: "Masked and released",
    queue.UNKNOWN: "A concern: nobody can be found",
    queue.KNOWN: "A concern: somebody was told",
    queue.COMPLAINED: "A complaint",
    queue.DRILLED: "Drill ended",
    "agreed": "Agreed, as the second person",
    "note": "Wrote a note",
    "put-back": "Put it back in the queue",
}
AT_A_STRETCH = 20  # texts, after which a break is suggested
BREAK = 15 * 60  # seconds without reading are a break
SHORT = 600  # letters: a text that stands whole on a screen, so that Enter can be the next step
HELD, LEFT = "texts read", "texts left open"
MOST_LEFT = 40  # more of them would not fit in a cookie


@dataclass(frozen=True, slots=True)
class Masking:
    """What can be masked in a text, what is chosen, and the copy that comes of it."""

    spots: tuple[Spot, ...] = ()
    pieces: tuple[Piece, ...] = ()
    chosen: tuple[str, ...] = ()
    typed: str = ""
    copy: str = ""
    looked: str = ""  # the mark of the copy that is shown: no other may be released


@dataclass(frozen=True, slots=True)
class Stretch:
    """How many texts somebody has read since their last break, and whether a break is due."""

    number: int
    tired: bool


@staff.get("/triage")
def triage() -> str:
    """List what waits, in the order in which it is read."""
    here, now, asked = rota.current(db.session()), wiring().clock.now(), request.args
    state = asked.get("state", reads.OPEN) if asked.get("state") in STATES else reads.OPEN
    band = asked.get("band", "") if asked.get("band") in BANDS else ""
    found = queue.page(db.session(), here, now, state=state, band=band, number=asked.get("page", 1, type=int))
    return show(
        "triage/list.html",
        found=found,
        state=state,
        band=band,
        states=STATES,
        late=alerts.late(db.session(), here, now),
        missed=reads.missed(db.session()),
        ready=rota.is_ready(db.session()),
        passed=drills.last_passed(db.session()),
        drill=drills.waiting(db.session()),
        **_words(),
    )


@staff.get("/triage/<ident>")
def triage_text(ident: str) -> str:
    """Say what is known of a text, and no word of it."""
    return show("triage/before.html", line=_line(ident), **_words())


@staff.post("/triage/<ident>/seen")
def acknowledge(ident: str) -> Response:
    """Say that the alert was seen: nobody else has to be told."""
    line = _line(ident)
    queue.acknowledge(db.session(), line.id, by=signed_in().name, now=wiring().clock.now())
    flash("It is written down that you have seen it. Please read it now.")
    return redirect(url_for("staff.triage_text", ident=ident), SEE_OTHER)


@staff.post("/triage/<ident>")
def read_text(ident: str) -> str:
    """Open a text. Who read it stays in the audit log."""
    return _opened(_line(ident).id)


@staff.post("/triage/next")
def read_next() -> Response | str:
    """Open the text that comes next."""
    return _next(_band())


@staff.post("/triage/<ident>/decide")
def decide_text(ident: str) -> Response | str:
    """Keep what was decided and open what comes next; or say what is missing."""
    line, seen = _line(ident), request.form.get("seen", 0, type=int)
    try:
        closed = queue.decide(db.session(), wiring().keys, ident, seen, _choice(ident), **_who())
    except queue.Taken as taken:
        if taken.by != signed_in().name:
            return _sent_away(str(taken))
        flash(f"You decided on text {alerts.short(ident)} before. What you chose then is kept.")
        return _next(_band())
    except FeedbackError as error:
        return _opened(ident, trouble=str(error))
    flash(_said(line, request.form.get("outcome", ""), closed=closed))
    return _next(_band(), before=line.id)


@staff.post("/triage/<ident>/leave")
def leave_text(ident: str) -> Response | str:
    """Leave a text open, with a note if one was written, and open what comes next."""
    line, note = _line(ident), _typed("note")
    try:
        if note:
            queue.add_note(db.session(), wiring().keys, line.id, note, **_who())
    except FeedbackError as error:
        return _opened(ident, trouble=str(error))
    queue.leave(db.session(), line.id, by=signed_in().name)
    session[LEFT] = [*session.get(LEFT, []), line.id][-MOST_LEFT:]
    flash(f"Text {alerts.short(line.id)} stays open.")
    return _next(_band())


@staff.post("/triage/<ident>/mask")
def mask_text(ident: str) -> str:
    """Show the copy that analysts would read."""
    line = _line(ident)
    try:
        _masked(ident)
    except FeedbackError as error:
        return _opened(line.id, trouble=str(error))
    return _opened(line.id, again=True)


@staff.post("/triage/<ident>/notes")
def note_text(ident: str) -> str:
    """Add a note to a text."""
    try:
        queue.add_note(db.session(), wiring().keys, _line(ident).id, _typed("note"), **_who())
    except FeedbackError as error:
        return _opened(ident, trouble=str(error))
    flash("Your note is kept.")
    return _opened(ident)


@staff.post("/triage/<ident>/back")
def put_text_back(ident: str) -> Response | str:
    """Put a closed text back in the queue."""
    given = (_line(ident).id, request.form.get("seen", 0, type=int), _typed("note"))
    try:
        queue.put_back(db.session(), wiring().keys, *given, **_who())
    except queue.Taken as taken:
        return _sent_away(str(taken))
    except FeedbackError as error:
        return _opened(ident, trouble=str(error))
    return _sent_away(f"Text {alerts.short(ident)} is in the queue again. Analysts do not see it any more.")


@staff.post("/triage/drill")
def start_drill() -> Response:
    """Put a drill in the queue."""
    try:
        drills.start(db.session(), **_who())
        flash("The drill is in the queue. Its alert goes out within a minute.")
    except FeedbackError as error:
        flash(str(error))
    return redirect(url_for("staff.rota"), SEE_OTHER)


def _next(band: str, before: str = "") -> Response | str:
    """Open what comes next. What somebody left open comes again when they ask once more, after all others."""
    left = session.get(LEFT, [])
    ident = queue.next_open(db.session(), wiring().clock.now(), by=signed_in().name, band=band, left=left)
    if ident:
        return _opened(ident, before=before)
    session.pop(LEFT, None)
    return _sent_away(f"Nothing else waits for you to read here{', but what you left open' if left else ''}.")


def _opened(ident: str, trouble: str = "", *, again: bool = False, before: str = "") -> str:
    """The page of an open text; `again` when its own form was sent, `before` the text that was decided on just now."""
    wired, band = wiring(), _band()
    found = queue.read(db.session(), wired.keys, wired.editions, rota.current(db.session()), ident, **_who())
    if found is None:
        abort(404)
    line, typed = found.line, request.form if trouble or again else {}
    masked = _masking(found, again=bool(typed))
    ordinary = line.band != "P1" and not (found.why or line.failed or masked.spots) and len(found.text) <= SHORT
    return show(
        "triage/opened.html",
        found=found,
        line=line,
        trouble=trouble,
        masking=masked,
        band=band,
        waiting=reads.count_open(db.session(), band=band),
        enter=ordinary and not typed,
        mine=line.first_by == signed_in().name,
        stretch=_stretch(line.id, wired.clock.now()),
        before=before,
        typed=typed,
        **_words(),
    )


def _masking(found: Opened, *, again: bool) -> Masking:
    """What can be masked; with `again`, as the form was sent. A text before this one has left nothing here."""
    if found.line.drill or found.line.state != reads.OPEN or found.trouble:
        return Masking()
    given, form = (found.text, found.line.language, wiring().clock.today()), request.form
    spots, pieces = masking.spots(*given), masking.pieces(*given)
    if not again or form.get("outcome") != queue.REDACT:
        return Masking(spots, pieces, tuple(one.key for one in spots if one.certain))
    chosen, typed = tuple(form.getlist("mask")), form.get("typed", "")
    try:
        copy = masking.masked(*given, chosen, typed)
    except FeedbackError:  # the page says so already
        copy = ""
    return Masking(spots, pieces, chosen, typed, copy, _mark(copy) if copy else "")


def _masked(ident: str) -> str:
    words, language = queue.words_of(db.session(), wiring().keys, ident)
    chosen = request.form.getlist("mask")
    return masking.masked(words, language, wiring().clock.today(), chosen, request.form.get("typed", ""))


def _mark(copy: str) -> str:
    return hashlib.sha256(copy.encode()).hexdigest()


def _choice(ident: str) -> Choice:
    """What was decided. The copy is made again from what was chosen: no words are taken from the form."""
    outcome = _typed("outcome")
    copy = _masked(ident) if outcome == queue.REDACT and "agree" not in request.form else ""
    if copy and not hmac.compare_digest(_mark(copy), request.form.get("looked", "")):
        raise FeedbackError("Look at what analysts will read. Then release it.")
    said = {name: _typed(name) for name in ("note", "told", "told_at", "reference")}
    return Choice(outcome, scrubbed=copy, **said)


def _stretch(ident: str, now: datetime) -> Stretch:
    """How many somebody has read since their last break. Counted in their own session alone."""
    number, last, before = session.get(HELD, (0, 0, ""))
    at = int(now.timestamp())
    if ident != before:
        number = number + 1 if at - last < BREAK else 1
    session[HELD] = (number, at, ident)
    return Stretch(number, number > 1 and number % AT_A_STRETCH == 1)


def _said(line: Line, outcome: str, *, closed: bool) -> str:
    what, number = OUTCOMES[outcome], alerts.short(line.id)
    if closed:
        return f"Text {number} is closed. {what}."
    return (
        f"Text {number}: your decision is kept ({what.lower()}). It closes when a second person has read it and agrees."
    )


def _line(ident: str) -> Line:
    return queue.find(db.session(), rota.current(db.session()), wiring().clock.now(), ident) or abort(404)


def _band() -> str:
    """The band whose texts somebody reads one after another, or all."""
    asked = request.form.get("band", "")
    return asked if asked in BANDS else ""


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _who() -> rota.Who:
    return rota.Who(by=signed_in().name, now=wiring().clock.now())


def _sent_away(words: str) -> Response:
    flash(words)
    return redirect(url_for("staff.triage"), SEE_OTHER)


def _words() -> dict[str, object]:
    """What every page of the queue says in words."""
    return {"short": alerts.short, "in_words": IN_WORDS, "outcomes": OUTCOMES, "at": _at, "spoken": _language}


def _at(moment: datetime) -> str:
    """A moment on the wall in England."""
    return f"{moment.astimezone(LOCAL):%A %d %B, %H:%M}"


def _language(code: str) -> str:
    return LOCALES[code].english_name if code in LOCALES else code
