"""Hostile cases 20 to 26: what was never offered, shut doors, other people's ids, guesses, forgeries, old sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, event

from feedback_app.core.clock import SystemClock
from feedback_app.storage.db import db
from feedback_app.storage.models import StaffRole
from tests.council_door import CLIENT, SECRET, Door
from tests.factories import Copy, Respondent
from tests.integration.answering import change_collection, counts
from tests.web.staff_copy import HARM, NAME, PASSWORD, SURVEY, close, open_copy, post, sign_in
from tests.web.staff_copy import Copy as StaffCopy
from tests.web.test_bad_posts import CASES, WORDS, Case, form, kept, plain, stored
from tests.web.test_bad_posts import post as post_raw
from tests.web.test_returning import WRONG
from tests.web.test_staff_council import ANN, EMAIL, at_the_door, come_back
from tests.web.test_staff_second_step import digits, half_way, set_up
from tests.web.test_withdrawal import read_all, type_in
from tests.web.test_withdrawal import send as send_something

pytest_plugins = ["tests.web.staff_fixtures"]

Copies = Callable[..., Copy]
FORGED_HOST = "evil.example"


NEVER_OFFERED = [case for case in CASES if any(word in case.name for word in ("option", "repeated", "extra"))]


@pytest.mark.parametrize("case", NEVER_OFFERED, ids=lambda case: case.name)
def test_hostile_20_what_the_page_did_not_offer_is_refused_whole(copy: Copies, case: Case) -> None:
    made = copy(case.survey)
    person = Respondent(made.app(), case.survey).start()
    before = stored(made)

    for body in (case.body(person), f"{case.body(person)}&is_staff=1"):  # type: ignore[str-bytes-safe]
        assert post_raw(person, body).status_code == 400
    assert stored(made) == before


def test_hostile_21_consent_cannot_be_skipped_and_shut_surveys_take_nothing(copy: Copies) -> None:
    made = copy("consent", "paragraph", "text", "single")
    change_collection(made, "paragraph", closes_on=date(2026, 11, 24))
    change_collection(made, "text", opens_on=date(2026, 11, 26))
    app = made.app()
    person = Respondent(app, "consent").start()
    before = stored(made)

    for way in ("Q1", "check", "thank-you"):
        assert post_raw(person, form(person, answer=WORDS), to=f"/en/consent/{way}").status_code in {303, 404, 405}
    (made.settings.surveys / "draft.yaml").write_text((made.settings.surveys / "single.yaml").read_text())
    for survey, status in (("paragraph", 410), ("text", 403), ("draft", 404)):
        stranger = Respondent(app, survey)
        assert stranger.start().status == status
        for way in ("Q1", "check"):
            response = post_raw(person, form(person, answer=WORDS), to=f"/en/{survey}/{way}")
            assert response.status_code == status
            assert plain(response)
    assert kept(plain(post_raw(person, form(person, answer=WORDS), to="/en/paragraph/Q1"))) == WORDS
    assert stored(made) == before
    assert counts(made)["response"] == 0


def test_hostile_22_another_id_leads_to_nobody_elses_answers(copy: Copies) -> None:
    made, theirs = copy("text", "paragraph"), copy("single")  # two partnerships: a database and keys of its own each
    mine = Respondent(made.app(), "text").start().press(answer="mine")
    foreign = Respondent(theirs.app(), "single").start()
    before, other = stored(made), stored(theirs)

    for address in ("/en/paragraph/Q1", "/en/paragraph/check", "/en/single/Q1", "/en/single/check"):
        assert mine.open(address).status in {403, 404}
        assert "mine" not in mine.page
        assert post_raw(mine, form(mine, answer=WORDS), to=address).status_code in {403, 404}
    assert mine.open("/en/paragraph/thank-you").receipt == ""
    cookie = mine.client.get_cookie("visit")
    assert cookie
    foreign.client.set_cookie("visit", cookie.value)  # a cookie of one partnership at the other
    assert foreign.open("/en/single/Q1").status == 403
    assert (stored(made), stored(theirs)) == (before, other)


def test_hostile_22_staff_find_nothing_under_an_id_that_is_not_there(staffed: StaffCopy) -> None:
    client, before = staffed.member(), staffed.rows()

    for there in ("nothing", "%00", "../young-person", "1 OR 1=1"):
        for address in ("/collections/{}", "/collections/{}/comments", "/exports/{}", "/actions/{}"):
            assert client.get(address.format(there)).status_code in {400, 404}
    page = client.get("/").text
    decided = {"response": "0" * 32, "field": "YP91"}
    post(client, f"/collections/{SURVEY}/comments/decisions", page, **decided)  # shows the next comment instead
    after = staffed.rows()
    assert {table: after[table] for table in after if table != "audit_event"} == {
        table: before[table] for table in before if table != "audit_event"
    }


def be(staffed: StaffCopy, *roles: str) -> None:
    with staffed.app.app_context():
        db.session.execute(delete(StaffRole))
        db.session.add_all(StaffRole(staff_id=1, role=role) for role in roles)
        db.session.commit()


@pytest.mark.parametrize("role", ["scrutineer", "analyst", "codesign-member", "translator", "course-organiser"])
def test_hostile_23_who_only_looks_opens_no_words_no_queue_and_no_log(staffed: StaffCopy, role: str) -> None:
    """The scrutineer may read the log: it holds names of staff and what they did, and never a word of anybody."""
    client = staffed.member()
    be(staffed, role)
    page, before = client.get("/account").text, staffed.rows()

    log = [] if role == "scrutineer" else ["/audit"]
    for address in ("/triage", "/triage/rota", f"/collections/{SURVEY}/comments", *log):
        assert client.get(address).status_code == 403, address
    for address in (f"/collections/{SURVEY}/comments", f"/exports/{SURVEY}/words", "/triage/next", "/triage/1"):
        answer = post(client, address, page, form="csv", language="en")
        assert answer.status_code == 403, address
        assert HARM not in answer.text
    assert staffed.rows() == before


def test_hostile_24_a_wrong_receipt_and_an_erased_one_cost_the_same_work_and_few_guesses_are_free(copy: Copies) -> None:
    """Not the clock is compared, which tells nothing on a busy machine, but the work: the statements and the page."""
    made = copy("paragraph")
    app = made.app()
    words = send_something(app)
    read_all(made)
    assert type_in(app, words, go="erase").status == 200

    seen, statements = [], list[str]()
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for typed in (words, WRONG):
        for go in ("look", "erase"):
            statements.clear()
            person = type_in(app, typed, "192.0.2.24", go=go)
            seen.append((person.status, person.page.replace(typed, "…"), tuple(statements)))

    assert len(set(seen)) == 1
    assert {type_in(app, WRONG, "192.0.2.24").status for _ in range(6)} == {422}
    assert {type_in(app, typed, "192.0.2.24").status for typed in (WRONG, words)} == {429}


@pytest.mark.parametrize(
    "host", [FORGED_HOST, f"{FORGED_HOST}:80", f"localhost@{FORGED_HOST}", "", "a b", "localhost."]
)
@pytest.mark.parametrize("face", ["public", "staff"])
def test_hostile_25_no_page_is_shown_under_a_forged_host(copy: Copies, host: str, face: str) -> None:
    client = copy("text").app(face).test_client()
    own, other = {"Host": "LOCALHOST:5000"}, {"Host": host, "X-Forwarded-Host": "localhost"}

    for address in ("/en", "/sign-in", "/health"):
        answer = client.get(address, headers=other)
        assert (answer.status_code, answer.mimetype, answer.headers.get("Location")) == (400, "text/plain", None)
        assert FORGED_HOST not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/health", headers=own).status_code == 200


def test_hostile_25_a_forged_address_gives_no_more_tries(copy: Copies) -> None:
    none = [copy("text", public_url=address).app() for address in ("", "https://feedback.example")]
    one, two = (copy("text", public_url="https://feedback.example", proxies=number).app() for number in (1, 2))

    def type_from(app: object, forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded, "X-Real-IP": forwarded, "Forwarded": f"for={forwarded}"}
        return app.test_client().post("/en/return", data={"words": WRONG}, headers=headers).status_code  # type: ignore[attr-defined]

    for app in none:  # nobody said that a proxy stands in front: the header is not read
        assert [type_from(app, f"192.0.2.{n}") for n in range(11)] == [422] * 10 + [429]
    # Behind our proxies only what they added counts: the last, or the last but one.
    assert [type_from(one, f"192.0.2.{n}, 198.51.100.1") for n in range(11)] == [422] * 10 + [429]
    assert [type_from(two, f"192.0.2.{n}, 198.51.100.1, 10.0.0.{n}") for n in range(11)] == [422] * 10 + [429]
    assert type_from(two, "192.0.2.1, 198.51.100.2, 10.0.0.1") == 422
    assert [type_from(two, "192.0.2.99") for _ in range(11)] == [422] * 10 + [429]  # it did not come through both


@pytest.fixture
def door() -> Iterator[Door]:
    with Door(dict(ANN)) as opened:
        yield opened


FORGED = ({"iss": "https://evil.example"}, {"nonce": "another"}, {"aud": "another-client"}, {"exp": 1_000_000_000})


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_hostile_25_a_token_of_another_issuer_nonce_audience_or_time_lets_nobody_in(
    staffed: StaffCopy, door: Door, forged: dict[str, object]
) -> None:
    staffed.account(email=EMAIL)
    given = {"oidc_issuer": door.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    copy = open_copy(staffed.folder, **given)
    copy.clock.moment = SystemClock().now()
    client = copy.stranger()
    asked = at_the_door(client)
    door.claims.update(forged)

    assert come_back(client, asked) == "/sign-in"
    assert client.get("/").status_code == 303
    for name in forged:
        del door.claims[name]
    assert come_back(client, at_the_door(client)) == "/"  # it was the forgery
    close(copy)


def kept_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("staff")
    assert cookie
    return cookie.value


def stolen(staffed: StaffCopy, cookie: str) -> int:
    """What somebody gets who took this cookie before."""
    thief = staffed.stranger()
    thief.set_cookie("staff", cookie)
    return thief.get("/report").status_code


def sign_out(staffed: StaffCopy, client: FlaskClient) -> None:
    assert post(client, "/sign-out", client.get("/").text).location == "/sign-in"


def lose_role(staffed: StaffCopy, client: FlaskClient) -> None:
    be(staffed, "translator")


def change_password(staffed: StaffCopy, client: FlaskClient) -> None:
    page = client.get("/account").text
    assert post(client, "/account/password", page, old=PASSWORD, new="velvet-anagram-pelican-hour").status_code == 303


def change_factor(staffed: StaffCopy, client: FlaskClient) -> None:
    set_up(staffed, client)


@pytest.mark.parametrize(
    ("what", "status"), [(sign_out, 303), (lose_role, 403), (change_password, 303), (change_factor, 303)]
)
def test_hostile_26_an_old_session_opens_nothing_any_more(
    staffed: StaffCopy, what: Callable[[StaffCopy, FlaskClient], None], status: int
) -> None:
    client = staffed.member()
    cookie = kept_cookie(client)
    assert stolen(staffed, cookie) == 200

    what(staffed, client)

    assert stolen(staffed, cookie) == status


def test_hostile_26_a_one_time_code_works_once(staffed: StaffCopy) -> None:
    secret, codes = set_up(staffed, staffed.member())
    staffed.clock.pass_by(seconds=90)
    for typed in ({"digits": digits(staffed, secret)}, {"code": codes[0]}):
        first, page = half_way(staffed)
        assert post(first, "/sign-in/second", page, **typed).location == "/"
        second, page = half_way(staffed)
        assert post(second, "/sign-in/second", page, **typed).location == "/sign-in/second"
    assert sign_in(staffed.stranger(), NAME, PASSWORD).location == "/sign-in/second"


def test_hostile_20_a_body_of_two_consents_is_no_consent(copy: Copies) -> None:
    made = copy("consent")
    person = Respondent(made.app(), "consent").start()

    body = urlencode([("token", person.token), ("answer", "yes"), ("answer", "no")])

    assert post_raw(person, body).status_code == 400
    assert counts(made)["response"] == 0
    assert person.open("Q1").at == "C1"
