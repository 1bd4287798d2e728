"""What runs by itself: the page that shows it, and "Run now"."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback_app.services import jobs, mail
from feedback_app.storage.db import db
from feedback_app.storage.models import Letter
from tests.web.staff_copy import Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]


def page(staffed: Copy) -> str:
    return text_of(staffed.member().get("/jobs").text)


def note(staffed: Copy, what: str, *given: object, **named: object) -> None:
    """Have the worker note something."""
    with staffed.app.app_context():
        getattr(jobs, what)(db.session(), *given, **named)
        db.session.commit()


def test_before_any_worker_it_says_so_and_what_each_job_does(staffed: Copy) -> None:
    words = page(staffed)

    assert "No worker has been seen yet" in words
    assert "feedback worker" in words
    for job in jobs.JOBS.values():
        assert f"{job.title} Has not run yet" in words
        assert job.does in words
    assert words.count("Run now") == len(jobs.JOBS)


@pytest.mark.parametrize(("minutes", "said"), [(1, ""), (2, ""), (3, "for 3 minutes"), (90, "for 90 minutes")])
def test_a_worker_that_is_silent_is_missed(staffed: Copy, minutes: int, said: str) -> None:
    note(staffed, "beat", "one", staffed.clock.now())
    staffed.clock.pass_by(minutes=minutes)

    words, first = page(staffed), text_of(staffed.member().get("/").text)

    assert ("No worker has been seen" in words) is bool(said)
    assert ("No worker has been seen" in first) is bool(said)
    assert said in words


def test_it_says_how_the_last_run_went(staffed: Copy) -> None:
    now = staffed.clock.now()
    note(staffed, "begin", "letters", now)
    note(staffed, "finish", "letters", "Sent 3 of 3 letters.", now + timedelta(seconds=5))
    note(staffed, "begin", "comments", now)
    note(staffed, "note", "comments", 1500, 20000)
    note(staffed, "begin", "bundles", now)
    note(staffed, "fail", "bundles", "The private key 001 is not here.", now)

    words = page(staffed)

    assert "Send letters Went well Every minute" in words
    assert "Last run 22 Nov 2026, 12:00 It took 5 seconds What it did Sent 3 of 3 letters. Next 22 Nov 2026" in words
    assert "Running now" in words
    assert "1,500 of 20,000 are done." in words
    assert "The private key 001 is not here. It failed once, and is tried again at 22 Nov 2026, 12:01." in words


def test_run_now_is_noted_for_the_worker_and_in_the_log(staffed: Copy) -> None:
    client = staffed.member()

    answer = post(client, "/jobs/clearing/run", client.get("/jobs").text)

    assert (answer.status_code, answer.location) == (303, "/jobs")
    assert "“Clear away what is over” runs within a few seconds." in text_of(client.get("/jobs").text)
    with staffed.app.app_context():
        assert jobs.asked(db.session()) == ["clearing"]
    event = staffed.events()[-1]
    assert (event.actor, event.action, event.subject) == ("Ann Example", "job.ask", "clearing")
    assert post(client, "/jobs/nothing/run", client.get("/jobs").text).status_code == 404


def test_letters_that_are_stuck_are_counted_and_name_nobody(staffed: Copy) -> None:
    with staffed.app.app_context():
        keys = staffed.app.extensions["feedback"].keys.server
        for number in range(2):
            to, now = f"bo{number}@council.example", staffed.clock.now()
            mail.write(db.session(), keys, f"a/{number}", "test", to=to, subject="s", body="b", now=now)
        db.session.commit()
    staffed.change(Letter, tries=3, trouble="ConnectionRefusedError")

    words = page(staffed)

    assert "2: Nothing answers at SMTP_HOST and SMTP_PORT." in words
    assert "council.example" not in words
