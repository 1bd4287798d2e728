"""Many at once: five sends of one person's answers, two tabs, sixty people of one school; on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask

from feedback_app.services import collecting
from tests.factories import Copy, Respondent
from tests.integration.answering import Answering, counts

Copies = Callable[..., Copy]
Result = TypeVar("Result")


def at_once(works: Sequence[Callable[[], Result]]) -> list[Result]:
    """Do all of this at the same moment, each in a thread of its own; an error in one is raised here."""
    gate = Barrier(len(works), timeout=20)

    def one(work: Callable[[], Result]) -> Result:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def same_browser(app: Flask, person: Respondent) -> Respondent:
    """Another tab of the same browser, on the same page."""
    tab = Respondent(app, person.survey, person.language)
    cookie = person.client.get_cookie("visit")
    assert cookie
    tab.client.set_cookie("visit", cookie.value)
    tab.here, tab.page = person.here, person.page
    return tab


def test_five_sends_make_one_response_and_one_receipt(on_both: Copies) -> None:
    copy = on_both("paragraph")
    app = copy.app()
    person = Respondent(app, "paragraph").start().press(answer="Words").press()
    tabs = [same_browser(app, person) for _ in range(5)]

    at_once([tab.send for tab in tabs])

    assert {(tab.status, tab.at, tab.receipt) for tab in tabs} == {(200, "thank-you", tabs[0].receipt)}
    assert len(tabs[0].receipt.split()) == 5
    assert counts(copy) == {"draft": 0, "response": 1, "answer_text": 1, "started": 1}


def test_five_sends_of_one_session_each_in_its_own_make_one_response(on_both: Copies) -> None:
    copy = on_both("paragraph")
    person = Answering(copy, "paragraph").begin().keep(Q1="Words")
    visit = person.visit
    person.plan(visit)

    at_once([lambda: person.send(visit)] * 5)

    assert counts(copy) == {"draft": 0, "response": 1, "answer_text": 1, "started": 1}
    assert person.texts == {"Q1": "Words"}


def test_two_tabs_that_write_at_the_same_moment_lose_nothing(on_both: Copies) -> None:
    copy = on_both("ten_questions")
    for turn in range(5):
        person = Answering(copy, "ten-questions").begin()
        one, two = person.visit, person.visit

        def keep(visit: collecting.Visit, answers: dict[str, str]) -> None:
            with copy.session() as session, session.begin():
                collecting.keep(session, visit, "all", "", dict(answers), "en")

        at_once(
            [
                lambda one=one: [keep(one, {f"Q{n}": "1"}) for n in (1, 3, 5)],
                lambda two=two: [keep(two, {f"Q{n}": "2"}) for n in (2, 4, 6)],
            ]
        )

        answers = {f"Q{n}": "1" if n % 2 else "2" for n in range(1, 7)}
        assert person.visit.content.answers == answers, f"turn {turn}"


def test_an_answer_that_meets_the_sending_is_sent_or_told(on_both: Copies) -> None:
    """A second tab that keeps an answer while the first one sends: never an error page, never half of both."""
    copy = on_both("text")
    app = copy.app()
    seen = set()
    for _ in range(5):
        person = Respondent(app, "text").start().press(answer="before").press()
        other = same_browser(app, person).open("Q2")

        at_once([person.send, lambda other=other: other.press(answer="late")])

        seen |= {(person.status, other.status)}
        assert person.status in {200, 409}
        assert other.status in {200, 409}
        if person.status == 409:  # the answers changed while they were being sent: looked at, they can be
            person.open("check")
            assert person.send().receipt
    assert seen
    assert counts(copy)["response"] == 5


def test_sixty_people_of_one_school_all_succeed(on_both: Copies) -> None:
    copy = on_both("text")
    app = copy.app()

    def whole_visit() -> str:
        return Respondent(app, "text").start().press(answer="a").press(answer="b").send().receipt

    receipts = [receipt for _ in range(10) for receipt in at_once([whole_visit] * 6)]

    assert all(len(receipt.split()) == 5 for receipt in receipts)
    assert len(set(receipts)) == 60
    assert counts(copy) == {"draft": 0, "response": 60, "answer_text": 120, "started": 60}
