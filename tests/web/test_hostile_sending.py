"""Hostile cases 1, 2 and 6 to 11: sent twice, altered, cut off, at a wrong hour, all at once, slowly, or too much."""

from __future__ import annotations

import os
import re
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.serving import make_server

from feedback_app.cli.run import HEADERS_WITHIN
from feedback_app.core.settings import PROJECT
from feedback_app.storage.models import AnswerText, Response, Triage, TriageAlert
from feedback_app.web.support.whole_bodies import WITHIN
from tests.factories import NOON, Copy, Respondent
from tests.integration.answering import change_collection, counts
from tests.integration.test_at_once import at_once, same_browser
from tests.integration.test_class_sessions import GOOD, sealed
from tests.leads import HARM, add_leads, steps_told
from tests.mail_server import free_port
from tests.web.page import Page
from tests.web.staff_copy import SetClock
from tests.web.test_bad_posts import FORM, LARGEST, form, full, post, stored
from tests.web.test_bundles import send as send_bundle
from tests.web.test_bundles import tablet
from tests.working import work

Copies = Callable[..., Copy]
WORDS = "Nobody asked me"


def finished(app: Flask) -> Respondent:
    """Somebody whose answers stand on the check page."""
    return Respondent(app, "paragraph").start().press(answer=WORDS).press()


def rows(copy: Copy) -> tuple[int, int]:
    held = counts(copy)
    return held["response"], held["answer_text"]


def test_hostile_01_five_parallel_identical_submits_make_one_response_and_one_receipt(on_both: Copies) -> None:
    copy = on_both("paragraph")
    person = finished(copy.app())
    tabs = [same_browser(copy.apps[0], person) for _ in range(5)]

    at_once([tab.send for tab in tabs])

    assert {(tab.status, tab.receipt) for tab in tabs} == {(200, person.open("thank-you").receipt)}
    assert rows(copy) == (1, 1)


def test_hostile_01_five_parallel_identical_submits_of_an_urgent_text_make_one_alert(on_both: Copies) -> None:
    copy = on_both("paragraph")
    with copy.session() as session, session.begin():
        add_leads(session, "Lea", "Sam")
    person = Respondent(copy.app(), "paragraph").start().press(answer=HARM).press()
    tabs = [same_browser(copy.apps[0], person) for _ in range(5)]

    at_once([tab.send for tab in tabs])
    at_once([lambda: work(copy, "alerts", NOON)] * 3)

    assert {tab.status for tab in tabs} == {200}
    with copy.session() as session:
        (queued,) = session.query(Triage).all()
        assert (queued.band, session.query(TriageAlert).one().triage_id) == ("P1", queued.id)
    assert len(steps_told(copy, queued.id)) == 1


def test_hostile_02_the_same_key_with_an_altered_body_is_refused_and_the_first_stands(on_both: Copies) -> None:
    copy = on_both("paragraph", "ten_questions")
    person = finished(copy.app())
    token, check = person.token, person.here
    receipt = person.send().receipt
    before = stored(copy)

    again = post(person, urlencode({"token": token}), to=check)
    altered = [
        post(person, urlencode({"token": token, "answer": "Other words"}), to=check),
        post(person, urlencode({"token": token, "answer": "Other words"}), to="/en/paragraph/Q1"),
    ]
    assert (again.status_code, [one.status_code for one in altered]) == (303, [409, 409])
    assert person.open("thank-you").receipt == receipt
    assert stored(copy) == before

    shared = tablet(copy)
    bundle = sealed(copy, "ten-questions", GOOD)
    other = sealed(copy, "ten-questions", {}, ident=bundle.id)
    assert [send_bundle(shared, one).status_code for one in (bundle, bundle, other)] == [204, 204, 409]


def test_hostile_02_nothing_can_be_added_to_a_first_send(copy: Copies) -> None:
    made = copy("paragraph")
    person = finished(made.app())

    refused = post(person, urlencode({"token": person.token, "is_staff": "1", "answer": "Other words"}))

    assert (refused.status_code, rows(made)) == (400, (0, 0))
    assert person.send().receipt


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """A real server on a real port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def request_of(person: Respondent, body: str) -> bytes:
    cookie = person.client.get_cookie("visit")
    assert cookie
    head = f"POST {person.here} HTTP/1.1\r\nHost: localhost\r\nCookie: visit={cookie.value}\r\nConnection: close\r\n"
    return f"{head}Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


@pytest.mark.parametrize("wait", [True, False], ids=["after the commit", "at once"])
def test_hostile_06_a_connection_that_is_cut_before_the_reply_is_read_loses_and_doubles_nothing(
    on_both: Copies, wait: bool
) -> None:
    copy = on_both("paragraph")
    person = finished(copy.app())
    body = urlencode({"token": person.token})

    with served(copy.apps[0]) as port:
        line = socket.create_connection(("127.0.0.1", port))
        line.sendall(request_of(person, body))
        if wait:  # until the first byte of the reply is there, which nobody ever reads
            assert select.select([line], [], [], 30)[0]
            assert rows(copy) == (1, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()  # with a reset, as a phone that loses its network
        with socket.create_connection(("127.0.0.1", port)) as second:
            second.sendall(request_of(person, body))
            assert second.makefile("rb").readline().split()[1] == b"303"

    assert len(person.open("thank-you").receipt.split()) == 5
    assert rows(copy) == (1, 1)


@pytest.mark.parametrize("hours", [-25, -24, 23])
def test_hostile_07_a_clock_that_is_put_right_half_way_loses_no_answer(on_both: Copies, hours: int) -> None:
    copy = on_both("paragraph")
    clock = copy.clock = SetClock(NOON)  # type: ignore[assignment]
    change_collection(copy, "paragraph", opens_on=date(2026, 11, 20))
    person = Respondent(copy.app(), "paragraph").start().press(answer=WORDS)

    clock.pass_by(hours=hours)
    other = Respondent(copy.apps[0], "paragraph").start()  # whose start clears away what is over

    assert person.press().send().receipt
    assert other.press(answer=WORDS).press().send().receipt
    assert rows(copy) == (2, 2)


def test_hostile_07_a_clock_that_leaps_a_day_ahead_gives_the_words_back(copy: Copies) -> None:
    made = copy("paragraph")
    clock = made.clock = SetClock(NOON)  # type: ignore[assignment]
    person = Respondent(made.app(), "paragraph").start()
    receipt = finished(made.apps[0]).send()

    clock.pass_by(days=1, minutes=1)
    late = post(person, form(person, answer=WORDS))

    assert late.status_code == 403
    assert Page(late.get_data(as_text=True)).typed["typed"] == WORDS
    assert receipt.open("thank-you").receipt  # and what was sent stays
    clock.pass_by(days=-1, minutes=-1)
    assert person.press(answer=WORDS).press().send().receipt  # put right again, it goes on


# When a day in England is over, by the clock of the world: in winter, in summer, and on the days the clocks change.
ENDS = {
    date(2026, 3, 28): datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
    date(2026, 3, 29): datetime(2026, 3, 29, 23, 0, tzinfo=UTC),  # a day of 23 hours
    date(2026, 7, 1): datetime(2026, 7, 1, 23, 0, tzinfo=UTC),
    date(2026, 10, 24): datetime(2026, 10, 24, 23, 0, tzinfo=UTC),
    date(2026, 10, 25): datetime(2026, 10, 26, 0, 0, tzinfo=UTC),  # a day of 25 hours
}


@pytest.mark.parametrize("day", ENDS, ids=str)
def test_hostile_07_a_survey_closes_at_midnight_in_england_whatever_the_season(copy: Copies, day: date) -> None:
    made = copy("paragraph")
    midnight, second = ENDS[day], timedelta(seconds=1)
    clock = made.clock = SetClock(midnight - second)  # type: ignore[assignment]
    change_collection(made, "paragraph", opens_on=day - timedelta(days=3), closes_on=day)
    app = made.app()
    quick, slow = Respondent(app, "paragraph").start(), Respondent(app, "paragraph").start()
    assert quick.status == 200

    clock.moment = midnight
    assert Respondent(app, "paragraph").start().status == 410
    clock.moment = midnight + timedelta(minutes=30) - second
    assert quick.press(answer=WORDS).press().send().receipt
    clock.moment = midnight + timedelta(minutes=30)
    assert slow.press(answer=WORDS).status == 410
    assert Page(slow.page).typed["typed"] == WORDS
    with made.session() as session:
        assert session.query(Response).one().received_on == day + timedelta(days=1)


def test_hostile_08_sixty_submits_from_one_school_in_one_minute_are_all_accepted(copy: Copies) -> None:
    made = copy("paragraph")
    app, clock = made.app(), NOON
    receipts = set()
    for _ in range(60):  # the clock stands still: all of it is one moment
        child = Respondent(app, "paragraph")
        child.client.environ_base["REMOTE_ADDR"] = "192.0.2.60"
        child.start().press(answer=WORDS).press().send()
        assert child.status == 200
        receipts.add(child.receipt)

    assert made.clock.now() == clock
    assert (len(receipts), rows(made)) == (60, (60, 60))


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """The server as `feedback run` starts it, with one process for the pages."""
    port = free_port()
    given = os.environ | {"INSTANCE": str(folder), "PORT": str(port), "WORKERS": "1", "DATABASE_URL": ""}
    command = [sys.executable, "-m", "feedback_app.cli"]
    subprocess.run([*command, "init"], env=given, cwd=PROJECT, check=True, capture_output=True)
    server = subprocess.Popen([*command, "run"], env=given, cwd=PROJECT, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                ask(port)
                break
            except OSError:
                assert time.monotonic() < end, "the server does not come up"
        yield port
    finally:
        server.terminate()
        server.wait(60)


def ask(port: int, request: bytes = b"GET /en/help HTTP/1.1\r\n") -> bytes:
    """The whole answer to a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(request + b"Host: localhost\r\nConnection: close\r\n\r\n")
        return line.makefile("rb").read()


def test_hostile_09_slow_heads_and_dripping_bodies_hold_no_worker_and_are_cut_off(tmp_path: Path) -> None:
    """Forty of each at one process: visits go on beside them, and each of them is over in seconds."""
    drips = b"POST /en/young-person HTTP/1.1\r\nHost: localhost\r\n"
    with running(tmp_path) as port:
        heads, bodies = ([socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(40)] for _ in "hb")
        for line in heads:
            line.sendall(drips + b"X-Drip: a")
        for number, line in enumerate(bodies):  # some say how long they will be, and some never do
            length = (b"Content-Length: 5000", b"Transfer-Encoding: chunked")[number % 2]
            line.sendall(drips + length + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n")

        waiting = list(bodies)
        while waiting:  # a class's visits, and a letter of each body, in turn
            assert b" 200 " in ask(port).splitlines()[0]
            assert b" 303 " in ask(port, b"POST /en/young-person HTTP/1.1\r\nContent-Length: 0\r\n").splitlines()[0]
            done, _, _ = select.select(waiting, [], [], 0.2)
            for line in waiting:
                if line in done:
                    assert line.recv(1000)[:12] == b"HTTP/1.1 408"
                else:
                    with suppress(OSError):  # it may be cut off at this moment
                        line.sendall(b"a" if bodies.index(line) % 2 == 0 else b"1\r\na\r\n")
            waiting = [line for line in waiting if line not in done]

        for line in heads:
            assert line.recv(1000)[:12] in (b"", b"HTTP/1.1 408")
        for line in (*heads, *bodies):
            line.close()
        assert b" 200 " in ask(port).splitlines()[0]
    assert HEADERS_WITHIN <= 10_000
    assert WITHIN <= 10


def test_hostile_09_a_body_that_is_cut_short_keeps_nothing_of_it(tmp_path: Path) -> None:
    """Half of somebody's words must not stand for the whole of them."""
    with running(tmp_path) as port:
        begun = ask(port, b"POST /en/young-person HTTP/1.1\r\nContent-Length: 0\r\n")
        cookie, here = (re.search(rb"%s: ([^;\r]+)" % name, begun) for name in (b"set-cookie", b"location"))
        assert cookie
        assert here
        seen = b"GET %s HTTP/1.1\r\nCookie: %s\r\n" % (here[1], cookie[1])
        page = ask(port, seen)
        token = re.search(rb'name="token" value="(\w+)"', page)
        assert token
        half = b"token=%s&go=next&answer=yes" % token[1]
        head = b"POST %s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\nContent-Length: 500\r\n" % (here[1], cookie[1])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(head + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + half)
            line.shutdown(socket.SHUT_WR)
            assert b" 303 " not in line.makefile("rb").read()[:20]
        assert ask(port, seen).splitlines()[-1] == page.splitlines()[-1]


def test_hostile_10_a_body_that_is_too_large_or_has_too_many_fields_stores_nothing(copy: Copies) -> None:
    made = copy("paragraph")
    person = Respondent(made.app(), "paragraph").start()
    before = stored(made)

    large, many = full(person, LARGEST + 1), form(person, answer=WORDS) + "&f=" * 10_000

    assert len(large) == LARGEST + 1
    assert [post(person, body).status_code for body in (large, many)] == [413, 400]
    assert [post(person, body, to="/en/paragraph/check").status_code for body in (large, many)] == [413, 400]
    assert stored(made) == before
    assert person.press(answer=WORDS).press().send().receipt


@pytest.mark.parametrize(
    ("sent", "status", "kept"),
    [
        (f"answer={WORDS}%00", 400, None),
        ("answer=%ED%A0%80", 400, None),
        ("answer=%ff%fe", 400, None),
        ("answer=" + "a" + "%CC%81" * 999, 303, "a" + "\u0301" * 999),
        ("answer=" + "a" + "%CC%81" * 5000, 422, None),
    ],
    ids=["NUL", "lone surrogate", "invalid UTF-8", "a thousand marks", "five thousand marks, over the limit"],
)
def test_hostile_11_letters_that_are_none_are_refused_and_marks_are_only_letters(
    on_both: Copies, sent: str, status: int, kept: str | None
) -> None:
    copy = on_both("paragraph")
    person = Respondent(copy.app(), "paragraph").start()

    assert post(person, f"{form(person)}&{sent}").status_code == status
    if kept:
        person.open("Q1")
        assert Page(person.page).typed["answer"] == kept
    else:
        person.press(answer=WORDS)
    person.open("check").send()
    assert person.receipt
    with copy.session() as session:
        assert session.query(AnswerText).count() == 1
