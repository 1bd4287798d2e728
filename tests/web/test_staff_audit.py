"""The audit log's page: paged, searchable, in plain words, with no address; and each reading is in it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from urllib.parse import unquote

from flask.testing import FlaskClient
from sqlalchemy import delete

from feedback_app.core.settings import PROJECT
from feedback_app.services import audit
from feedback_app.storage.db import db
from feedback_app.storage.models import AuditEvent, StaffRole
from feedback_app.web.staff.audit_words import GROUPS, WORDS
from tests.web.staff_copy import COMMENTS, HARM, SURVEY, Copy, post, text_of, token_of

pytest_plugins = ["tests.web.staff_fixtures"]

ACTION = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+([_-][a-z]+)*")
OPENERS = {"open_text", "open_sealed", "released_text"}


def written(copy: Copy, number: int, *, who: str = "Åsa", what: str = "note.read", about: str = "x") -> None:
    with copy.app.app_context():
        for count in range(number):
            audit.record(db.session(), who, what, about, datetime(2026, 5, 3, 23, 30, tzinfo=UTC), number=count)
        db.session.commit()


def rows(page: str) -> list[str]:
    return [text_of(row) for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)]


def test_the_log_is_paged_and_every_event_comes_once(staffed: Copy) -> None:
    written(staffed, 120)
    client = staffed.member()
    page, seen = client.get("/audit").text, []
    while True:
        seen += [int(row.split()[0]) for row in rows(page)]
        older = re.search(r'href="(/audit\?[^"]+)">Older events', page)
        if not older:
            break
        page = client.get(older[1].replace("&amp;", "&")).text
        assert "The newest events" in page
    assert seen == sorted(seen, reverse=True)
    assert seen == [event.number for event in reversed(staffed.events())]


SEARCHES = [
    ("?who=Ås", 3),
    ("?who=Ås&what=note", 3),
    ("?what=paper", 0),
    ("?about=needle", 1),
    ("?about=%25", 0),
    ("?who=Åsa&from=2026-05-04&to=2026-05-04", 3),  # half past eleven in UTC is half past midnight in London
    ("?who=Åsa&to=2026-05-03", 0),
    ("?who=Åsa&from=2026-05-05", 0),
    ("?who=Åsa&from=soon&before=soup", 3),
]


def test_the_log_is_searched(staffed: Copy) -> None:
    written(staffed, 2)
    written(staffed, 1, about="a Needle here")
    client = staffed.member()
    for query, number in SEARCHES:
        page = client.get(f"/audit{query}")
        assert (page.status_code, len(rows(page.text))) == (200, number), query
    page = client.get("/audit?who=Åsa&what=note").text
    assert 'value="Åsa"' in page
    assert '<option value="note" selected>' in page
    assert "4 May 2026, 00:30" in text_of(page)
    assert "Read a note" in text_of(page)


def test_an_older_page_keeps_the_search(staffed: Copy) -> None:
    written(staffed, 60)
    page = staffed.member().get("/audit?who=Åsa&what=note").text
    older = re.search(r'href="([^"]+)">Older events', page)
    assert older
    assert {"who=Åsa", "what=note"} <= set(unquote(older[1].replace("&amp;", "&")).split("?")[1].split("&"))


def test_the_scrutineer_reads_the_log_and_checks_it(staffed: Copy) -> None:
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add(StaffRole(staff_id=1, role="scrutineer"))
        db.session.commit()
    client = staffed.member()
    page = client.get("/audit").text
    whole = text_of(post(client, "/audit/check", page).text)
    assert f"All {len(staffed.events())} events fit." in whole

    with staffed.app.app_context():
        db.session.execute(delete(AuditEvent).where(AuditEvent.number == len(staffed.events())))
        db.session.commit()
    broken = post(client, "/audit/check", page)
    assert "The log is not whole" in broken.text
    assert "The end of the audit log was cut off: event" in text_of(broken.text)


def test_no_address_of_anybody_is_in_the_log(staffed: Copy) -> None:
    client = staffed.member()
    post(client, "/people/invite", client.get("/people").text, email="bo@council.example", role="coder")
    link = re.findall(r"http://localhost(/invitation/[\w-]+)", client.get("/people").text)[0]
    bo = staffed.stranger()
    post(bo, link, bo.get(link).text, name="Bo", password="velvet-anagram-pelican")
    said = [f"{event.actor} {event.action} {event.subject} {event.detail}" for event in staffed.events()]
    assert any("Bo staff.take_up" in line for line in said)
    assert not [line for line in said if "@" in line or link.rsplit("/", 1)[1] in line]


def name_of(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def calls(within: ast.AST) -> list[ast.Call]:
    return [one for one in ast.walk(within) if isinstance(one, ast.Call)]


def files() -> dict[str, ast.Module]:
    """Every module of the application, by its name."""
    root = PROJECT / "feedback_app"
    return {file.relative_to(root).as_posix(): ast.parse(file.read_text()) for file in root.rglob("*.py")}


def opening() -> set[str]:
    """Every function that opens a sealed text, as file and function."""
    found = set()
    for file, module in files().items():
        for function in (one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)):
            if any(name_of(call) in OPENERS for call in calls(function)):
                found.add(f"{file}:{function.name}")
    return found


def test_every_action_has_its_words() -> None:
    """In services an action is a text that is handed on; at the doors, only what is handed to `record`."""
    named = set()
    for file, module in files().items():
        for call in calls(module):
            if file.startswith("services/") or name_of(call) == "record":
                parts = [one for argument in call.args for one in ast.walk(argument) if isinstance(one, ast.Constant)]
                given = {one.value for one in parts if isinstance(one.value, str)}
                named |= {one for one in given if ACTION.fullmatch(one) and one.split(".")[0] in NOUNS}
    assert named == set(WORDS)
    assert not [begins for begins in GROUPS if not any(action.startswith(begins) for action in WORDS)]


NOUNS = {action.split(".")[0] for action in WORDS}

#: Every place where a sealed text is opened, and the event of the log that tells of it.
OPENED = {
    "services/reading.py:open_text": "only for the places below",
    "services/reading.py:released_text": "only for the places below",
    "services/triage/opening.py:read": "triage.read",
    "services/triage/opening.py:words_of": "of a text that somebody has open: triage.read",
    "services/triage/steps.py:opened": "notes and reasons of the queue: triage.read",
    "services/doctor.py:_is_broken": "whether it opens; shown to nobody",
    "services/doctor.py:_keys": "whether a key fits its other half; nothing that anybody wrote",
    "core/strongbox.py:_key_of": "the key of a backup; nothing that anybody wrote",
    "services/reading.py:comment": "comments.read, by services/coding.py; comments.analyse when software reads",
    "services/notes/keeping.py:reopen": "note.read",
    "services/notes/keeping.py:change": "compared, and shown to nobody",
    "services/exports/sheet.py:_opened": "collection.export, with text",
    "services/paper/comparing.py:_bring_up": "compared, and shown to nobody",
    "services/paper/comparing.py:_first": "paper.compare",
    "services/paper/comparing.py:_second": "paper.compare",
    "services/bundles.py:_take": "bundle.take_in; shown to nobody",
}


def test_every_place_that_opens_a_text_is_known() -> None:
    """A new place that opens what somebody wrote has to be written down here, with the event that tells of it."""
    assert opening() == set(OPENED)


def shown(page: str) -> bool:
    said = text_of(page)
    return any(text_of(words) in said or words[:25] in said for _, _, _, words in COMMENTS[:3])


def test_no_page_shows_what_somebody_wrote_without_an_event(staffed: Copy) -> None:
    """As somebody with every role: open every page and send every form, and look at what comes back."""
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add_all(StaffRole(staff_id=1, role=role) for role in ("administrator", "analyst", "coder"))
        db.session.commit()
    client = staffed.member()
    read = set()
    for method, address, typed in asked_for(staffed, client):
        before = len(staffed.events())
        answer = client.open(address, method=method, data=typed)
        content = answer.get_data(as_text=True) if answer.mimetype.startswith(("text", "application/json")) else ""
        answer.close()
        if shown(content):
            events = [event.action for event in staffed.events()[before:]]
            assert set(events) & {"comments.read", "note.read", "paper.compare", "collection.export"}, address
            read.add(events[-1])
    assert read == {"comments.read", "collection.export"}


def asked_for(copy: Copy, client: FlaskClient) -> list[tuple[str, str, dict[str, str]]]:
    """Every page and every form of the staff face, but signing out."""
    from tests.web.test_staff_gate import addresses

    token = token_of(client.get("/account").text)
    left = {"staff.sign_out", "static"}
    found = [one for one in addresses(copy.app) if one[0] not in left and one[1] in ("GET", "POST")]
    typed = {"csrf_token": token, "form": "csv", "language": "en", "words": "yes"}
    return [(method, address, typed if method == "POST" else {}) for _, method, address in found]


def test_the_words_of_the_harm_are_nowhere_in_the_log(staffed: Copy) -> None:
    client = staffed.member()
    opened = post(client, f"/collections/{SURVEY}/comments", client.get("/").text)
    assert HARM in text_of(opened.text)
    last = staffed.events()[-1]
    assert (last.action, last.subject, last.detail) == ("comments.read", SURVEY, {"number": 5})
    assert not any(HARM[:12] in f"{event.detail}{event.subject}" for event in staffed.events())
