"""Read comments and decide: nothing is shown without a line in the log, and what a person chose is kept as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback_app.services import audit
from feedback_app.storage.db import db
from feedback_app.storage.models import AnswerText, Decision, Suggestion
from feedback_app.storage.queries.coding import HARM as HARM_CODE
from tests.web.staff_copy import COMMENTS, HARM, HOSTILE, NAME, SURVEY, URDU, Copy, close, make, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]

HERE = f"/collections/{SURVEY}/comments"
IDS = {words: (number * 16, field) for number, field, _, words in COMMENTS}


def opened(client: FlaskClient) -> str:
    """The comments, opened."""
    return post(client, HERE, client.get(HERE).text).text


def cards(page: str) -> list[str]:
    """The comments of a page, each with its form."""
    return re.findall(r'<li class="sheet comment.*?</li>', page, re.DOTALL)


def decide(client: FlaskClient, words: str, page: str = "", **typed: str) -> TestResponse:
    """Send a decision about the comment with these words."""
    response, field = IDS[words]
    return post(client, f"{HERE}/decisions", page, response=response, field=field, **typed)


def decisions(staffed: Copy) -> list[tuple[str, str, str, str, str]]:
    """Every decision: comment, code, direction, verdict, by whom."""
    with staffed.app.app_context():
        found = db.session.query(Decision).order_by(Decision.id)
        return [(one.response_id[:2], one.code, one.direction, one.verdict, one.decided_by) for one in found]


def suggest(staffed: Copy, words: str, *codes: tuple[str, str]) -> None:
    """Have software suggest these codes and no other."""
    response, field = IDS[words]
    with staffed.app.app_context():
        db.session.query(Suggestion).filter_by(response_id=response, field=field).delete()
        for code, direction in codes:
            found = {"code": code, "direction": direction, "method": "phrase", "score": 0.5, "because": "listen"}
            db.session.add(Suggestion(response_id=response, field=field, **found))
        db.session.commit()


def test_the_address_of_comments_shows_how_many_and_no_word(staffed: Copy) -> None:
    client = staffed.member()
    before = len(staffed.events())
    page = client.get(HERE).text
    words = text_of(page)
    assert "5 comments wait for a person to read them." in words
    for rule in ("follow your safeguarding procedure now", "Nobody has checked these words", "misses about half"):
        assert rule in words
    assert "It is written down that you opened the comments" in words
    assert HARM not in words
    assert "listen more" not in words
    assert len(staffed.events()) == before


def test_one_that_does_not_open_is_told_and_the_others_are_there(staffed: Copy) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        mine, other = (db.session.get_one(AnswerText, IDS[words]) for words in (URDU, HARM))
        mine.sealed = other.sealed
        db.session.commit()

    page = opened(client)

    (told,) = [card for card in cards(page) if "These words cannot be shown." in card]
    assert IDS[URDU][0] in told
    assert "It does not open: its sealed words were changed, or moved from another answer." in unescape(told)
    assert "Keep my decision" not in told
    assert len(cards(page)) == 5
    assert sum("Keep my decision" in card for card in cards(page)) == 4


def test_opening_them_is_written_down_without_a_word_of_them(staffed: Copy) -> None:
    client = staffed.member()
    page = opened(client)
    assert len(cards(page)) == 5
    last = staffed.events()[-1]
    assert (last.actor, last.action, last.subject, last.detail) == (NAME, "comments.read", SURVEY, {"number": 5})


def test_possible_harm_stands_first_and_is_marked(staffed: Copy) -> None:
    page = opened(staffed.member())
    first, *others = cards(page)
    assert HARM in unescape(first)
    assert "Read first: words that may mean harm" in first
    assert not any("Read first" in card for card in others)
    assert "Software misses about half of the comments that tell of harm." in text_of(page)
    assert first.index(HARM_CODE) < first.index("Other codes")


def test_hostile_words_stand_as_they_were_typed(staffed: Copy) -> None:
    page = opened(staffed.member())
    typed = re.findall(r'<blockquote class="typed" dir="auto"[^>]*>(.*?)</blockquote>', page, re.DOTALL)
    assert HOSTILE in [unescape(one) for one in typed]
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} &amp; \u202e" in page
    assert "49" not in text_of(page).replace("149", "")


def test_language_and_tone_say_when_software_is_not_sure(staffed: Copy) -> None:
    urdu = next(card for card in cards(opened(staffed.member())) if URDU in card)
    assert f'dir="auto" lang="ur">{URDU}</blockquote>' in urdu
    words = text_of(urdu)
    assert "Language Urdu" in words
    assert "Tone software is not sure" in words
    assert "Why not sure Only English can be scored" in words


def test_suggestions_are_not_chosen_before_a_person_chooses(staffed: Copy) -> None:
    suggest(staffed, "Nobody listens to us, they should listen more", ("B1", ">"), ("X-SURV", ""))
    card = next(card for card in cards(opened(staffed.member())) if "Nobody listens" in card)
    assert re.findall(r'name="fits-B1" value="([^"]+)"( checked)?', card) == [
        (value, " checked" if value == "no" else "") for value in ("no", "+", "-", "~", "&gt;", "0")
    ]
    assert re.findall(r'name="fits-X-SURV" value="([^"]+)"( checked)?', card) == [("no", " checked"), ("yes", "")]
    words = text_of(card)
    assert "Needs to change suggested" in words
    assert "it has words like “listen”" in words
    assert not re.search(r'<option value="B1"', card)  # it stands above
    assert re.search(r'<optgroup label="[^"]+">\s*<option value="A1"', card)
    assert '<option value="X-NONE"' in card
    # A sign of harm has no answer given beforehand.
    harm = next(card for card in cards(opened(staffed.member())) if HARM in unescape(card))
    assert re.findall(rf'name="fits-{HARM_CODE}" value="([^"]+)"( checked)?', harm) == [("no", ""), ("yes", "")]


def test_a_decision_is_kept_and_the_next_comment_is_there(staffed: Copy) -> None:
    words = "Nobody listens to us, they should listen more"
    suggest(staffed, words, ("B1", ">"), ("F1", "-"))
    client = staffed.member()
    page = opened(client)
    answer = decide(
        client, words, page, **{"fits-B1": ">", "fits-F1": "no", "code-1": "X-SURV", "code-2": "A1", "way-2": "-"}
    )
    assert answer.status_code == 200
    assert "Your decision is kept." in text_of(answer.text)
    assert "4 comments wait." in text_of(answer.text)
    assert "You marked X-SURV About the survey." in text_of(answer.text)
    assert words not in unescape(answer.text)
    assert HARM in unescape(cards(answer.text)[0])
    assert decisions(staffed) == [
        ("11", "B1", ">", "accepted", NAME),
        ("11", "X-SURV", "", "accepted", NAME),
        ("11", "A1", "-", "accepted", NAME),
        ("11", "F1", "", "rejected", NAME),
    ]
    assert [event.action for event in staffed.events()][-2:] == ["comment.code", "comments.read"]
    assert staffed.events()[-2].detail == {"accepted": 3, "rejected": 1}


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ({"fits-B1": "no", "fits-F1": "no"}, "Choose at least one code."),
        ({"fits-B1": ">", "code-1": "A1"}, "Choose a direction for A1."),
        ({"fits-B1": ">", "code-1": "A1", "way-1": "?"}, "Choose a direction for A1."),
        ({"fits-B1": "sideways"}, "Choose a direction for B1."),
        ({"fits-B1": ">", "way-1": "+"}, "You chose a direction without a code."),
        ({"fits-B1": ">", "code-1": "B1", "way-1": "-"}, "You chose B1 twice."),
        ({"code-1": "A1", "way-1": "-", "code-2": "A1", "way-2": "-"}, "You chose A1 twice."),
        ({"fits-B1": ">", "code-1": "ZZ9", "way-1": "+"}, 'The codebook has no code "ZZ9".'),
    ],
)
def test_what_is_missing_is_said_and_what_was_chosen_stays(staffed: Copy, typed: dict[str, str], trouble: str) -> None:
    words = "Nobody listens to us, they should listen more"
    suggest(staffed, words, ("B1", ">"), ("F1", "-"))
    client = staffed.member()
    answer = decide(client, words, opened(client), **typed)
    assert answer.status_code == 200
    assert trouble in text_of(answer.text)
    assert "<title>Problem: Open comments" in answer.text
    assert decisions(staffed) == []
    # They were shown again, so that is written down again.
    assert [event.action for event in staffed.events()][-2:] == ["comments.read", "comments.read"]
    card = next(card for card in cards(answer.text) if "Nobody listens" in card)
    assert '<details class="decide" open>' in card
    assert trouble in text_of(card)
    assert answer.text.count('<details class="decide" open>') == 1
    for name, value in typed.items():
        if name.startswith("fits-") and value in ("no", ">"):
            assert re.search(rf'name="{name}" value="{value.replace(">", "&gt;")}" checked', card)
        elif value in ("A1", "-", "+"):
            assert f'<option value="{value}" selected>' in card


def test_a_sign_of_harm_is_not_passed_over(staffed: Copy) -> None:
    client = staffed.member()
    page = opened(client)
    passed = decide(client, HARM, page, **{"code-1": "A1", "way-1": "-"})
    assert "Say yes or no to X-SAFE: may these words mean harm?" in text_of(passed.text)
    assert decisions(staffed) == []
    marked = decide(client, HARM, page, **{f"fits-{HARM_CODE}": "yes"})
    assert "You marked possible harm. Follow your safeguarding procedure now." in text_of(marked.text)
    assert " ".join(IDS[HARM]) in text_of(marked.text)  # there is no other way back to it yet
    assert ("33", HARM_CODE, "", "accepted", NAME) in decisions(staffed)


def test_nobody_decides_twice_on_one_comment(staffed: Copy) -> None:
    ann, again = staffed.member(), staffed.member()
    first, second = opened(ann), opened(again)
    assert "Your decision is kept." in decide(ann, URDU, first, **{"code-1": "X-NONE"}).text
    late = decide(again, URDU, second, **{"code-1": "X-NEW"})
    assert "A decision on this comment was kept before. Nothing was added." in text_of(late.text)
    assert [code for _, code, *_ in decisions(staffed)] == ["X-NONE"]


@pytest.mark.parametrize("ids", [{"response": "00" * 16}, {"field": "YP99"}, {"response": ""}, {}])
def test_a_comment_that_is_not_there_is_not_decided(staffed: Copy, ids: dict[str, str]) -> None:
    client = staffed.member()
    page = opened(client)
    response, field = IDS[URDU]
    typed = ({"response": response, "field": field} | ids if ids else {}) | {"code-1": "X-NONE"}
    answer = post(client, f"{HERE}/decisions", page, **typed)
    assert "This comment is not here any more. Nothing was kept." in text_of(answer.text)
    assert decisions(staffed) == []


def test_all_the_way_to_the_last(staffed: Copy) -> None:
    client = staffed.member()
    page = opened(client)
    for left, (*_, words) in zip((4, 3, 2, 1, 0), COMMENTS, strict=True):
        found = re.findall(r'name="(fits-[^"]+)" value="no"', next(c for c in cards(page) if words in unescape(c)))
        page = decide(client, words, page, **dict.fromkeys(found, "no"), **{"code-1": "X-NONE"}).text
        assert len(cards(page)) == left
    assert "No comment is waiting" in page
    assert "No comment is waiting" in client.get(HERE).text
    with staffed.app.app_context():
        assert audit.verify(db.session()) == len(staffed.events())


@pytest.mark.parametrize("page", ["0", "-3", "2", "99999999999999999999", "x", ""])
def test_a_page_that_is_not_there_is_the_nearest(staffed: Copy, page: str) -> None:
    client = staffed.member()
    assert client.get(f"{HERE}?page={page}").status_code == 200
    assert len(cards(post(client, f"{HERE}?page={page}", client.get(HERE).text).text)) == 5


def test_it_is_the_same_on_postgresql(tmp_path: Path, postgresql: Callable[[], str]) -> None:
    staffed = make(tmp_path, database_url=postgresql())
    client = staffed.member()
    first, *_ = cards(page := opened(client))
    assert HARM in unescape(first)
    assert "Your decision is kept." in decide(client, HARM, page, **{f"fits-{HARM_CODE}": "yes"}).text
    assert decide(client, URDU, page, **{"code-1": "X-NONE", "way-1": "\0"}).status_code == 400
    assert client.get("/collections/a%00b/comments").status_code == 400
    assert client.get("/").status_code == 200
    assert ("33", HARM_CODE, "", "accepted", NAME) in decisions(staffed)
    with staffed.app.app_context():
        assert audit.verify(db.session()) == len(staffed.events())
    close(staffed)
