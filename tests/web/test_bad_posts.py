"""What no honest page sends, and what comes too late: a plain page, the right status, nothing stored, no word lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from feedback_app.storage.models import Base, Collection
from tests.factories import Copy, Respondent
from tests.translating import translate
from tests.web.page import Page
from tests.web.someone import Someone

FORM = "application/x-www-form-urlencoded"
WORDS = "The corridor by the gym & <b>the stairs</b>"
LARGEST = 64 * 1024


def stored(copy: Copy) -> dict[str, list[tuple[object, ...]]]:
    """Every row there is."""
    with copy.session() as session:
        return {t.name: sorted(map(tuple, session.execute(select(t))), key=repr) for t in Base.metadata.sorted_tables}


def post(person: Respondent, body: str | bytes, to: str = "", *, content_type: str = FORM) -> TestResponse:
    return person.client.post(to or person.here, data=body, content_type=content_type)


def form(person: Respondent, **fields: str) -> str:
    return urlencode({"token": person.token, "go": "next", **fields})


def kept(page: Page) -> str:
    """The words that are still on the page: in their own box, or given back to be copied."""
    return page.typed.get("answer", page.typed.get("typed", ""))


def plain(response: TestResponse, language: str = "en") -> Page:
    """A page of ours, in the person's language, with one heading, help, and a way out."""
    page = Page(response.get_data(as_text=True))
    assert response.mimetype == "text/html"
    assert page.html["lang"] == language
    assert len(page.headings) == 1
    assert page.headings[0]
    assert any(place.endswith("/help") for place in page.links.values()) or "help" in page.buttons.values()
    assert f"/{language}/leave" in page.loads
    return page


@dataclass(frozen=True)
class Case:
    """One bad post to the first question of a survey."""

    name: str
    status: int
    body: Callable[[Respondent], str | bytes]
    survey: str = "text"
    keeps: str = ""
    content_type: str = FORM


CASES = [
    Case("a foreign option", 400, lambda p: form(p, answer="train"), survey="single"),
    Case("an option of another question", 400, lambda p: form(p, answer="yes"), survey="single"),
    Case("a foreign option among good ones", 400, lambda p: form(p) + "&answer=food&answer=x", survey="multi"),
    Case("a foreign place", 400, lambda p: form(p, first="coffee"), survey="rank"),
    Case("a field of another type", 400, lambda p: form(p, answer="tea"), survey="rank"),
    Case("an extra field", 400, lambda p: form(p, answer=WORDS, is_staff="1"), keeps=WORDS),
    Case("a field repeated", 400, lambda p: form(p, answer=WORDS) + "&answer=no", keeps=WORDS),
    Case("an option repeated", 400, lambda p: form(p, answer="bus") + "&answer=foot", survey="single"),
    Case("the token repeated", 400, lambda p: form(p, answer=WORDS) + f"&token={p.token}", keeps=WORDS),
    Case("ten thousand fields", 400, lambda p: form(p, answer=WORDS) + "&a=" * 10_000),
    Case("no token", 400, lambda p: urlencode({"answer": WORDS}), keeps=WORDS),
    Case("a bad token", 400, lambda p: form(p, answer=WORDS, token="x" * 32), keeps=WORDS),
    Case("a token of letters that are not ours", 400, lambda p: form(p, answer=WORDS, token="ключ"), keeps=WORDS),
    Case("nothing at all", 400, lambda p: ""),
    Case("not a form", 400, lambda p: "hello"),
    Case("invalid UTF-8", 400, lambda p: form(p) + "&answer=%ff%fe"),
    Case("bytes that are no letters", 400, lambda p: form(p).encode() + b"&answer=\xff\xfe"),
    Case("a lone surrogate", 400, lambda p: form(p) + "&answer=%ED%A0%80"),
    Case("a NUL", 400, lambda p: form(p, answer=f"a\0{WORDS}\0"), keeps=f"a{WORDS}"),
    Case("a NUL in a paragraph", 400, lambda p: form(p, answer=f"{WORDS}\0"), survey="paragraph", keeps=WORDS),
    Case("a NUL in an option", 400, lambda p: form(p, answer="bus\0"), survey="single"),
    Case("words that are too long", 422, lambda p: form(p, answer="x" * 21), keeps="x" * 21),
    Case("a body as large as can be", 422, lambda p: full(p, LARGEST), survey="paragraph", keeps="x" * 100),
    Case("a body of one byte more", 413, lambda p: full(p, LARGEST + 1), survey="paragraph"),
    Case("JSON", 415, lambda p: '{"answer": "x"}', content_type="application/json"),
    Case("no kind of body", 415, lambda p: form(p, answer=WORDS), content_type=""),
    Case("plain text", 415, lambda p: form(p, answer=WORDS), content_type="text/plain"),
    Case(
        "a form with files",
        415,
        lambda p: b'--x\r\nContent-Disposition: form-data; name="answer"\r\n\r\nhi\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
    ),
]


def full(person: Respondent, size: int) -> str:
    body = form(person, answer="")
    return body + "x" * (size - len(body))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_it_is_refused_and_nothing_is_stored(open_copy: Copy, someone: Someone, case: Case, language: str) -> None:
    person = someone(case.survey, language)
    before = stored(open_copy)

    response = post(person, case.body(person), content_type=case.content_type)

    assert response.status_code == case.status
    page = plain(response, language)
    assert stored(open_copy) == before
    assert kept(page)[: len(case.keeps) or None] == case.keeps
    assert person.open(person.here).status == 200  # and the person can go on


def test_the_words_beside_a_choice_are_given_back_too(someone: Someone) -> None:
    person = someone("single")

    for body in (form(person, answer="oth", other=WORDS, token="x"), form(person, answer="oth", other=f"{WORDS}\0")):
        page = plain(post(person, body))
        assert (page.ticked, page.typed["other"]) == (["oth"], WORDS)
    page = plain(post(person, form(person, answer="oth", other=WORDS, is_staff="1")))
    assert page.typed["typed"] == WORDS


def test_a_mistake_says_what_to_do_beside_its_field(someone: Someone) -> None:
    page = plain(post(someone("text"), form(someone("text"), answer=WORDS)))  # another person's token
    assert "Nothing is lost. Please press Continue again." in page.words

    person = someone("text")
    page = plain(post(person, form(person, answer="x" * 21)))
    assert "Your answer is too long to send. Make it 20 letters or fewer. Your words are still here." in page.words
    assert page.links["Your answer is too long to send. Make it"] == "#a"
    assert "a" in page.ids


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_another_method_is_refused(open_copy: Copy, someone: Someone, method: str) -> None:
    person = someone("text")
    before = stored(open_copy)

    response = getattr(person.client, method)(person.here, data=form(person, answer=WORDS), content_type=FORM)

    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))
    plain(response)
    assert stored(open_copy) == before


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("cookie", [None, "", "x", "ключ", "a" * 4000, "\x01;%00"])
def test_without_a_session_the_words_are_given_back(
    open_copy: Copy, someone: Someone, cookie: str | None, language: str
) -> None:
    person = someone("text", language)
    before = stored(open_copy)
    person.client.delete_cookie("visit")
    if cookie is not None:
        person.client.set_cookie("visit", cookie)

    response = post(person, form(person, answer=WORDS))

    assert response.status_code == 403
    page = plain(response, language)
    assert kept(page) == WORDS
    assert f"/{language}/text" in page.links.values()
    assert stored(open_copy) == before


def test_somebody_elses_cookie_does_not_open_a_draft_of_another_collection(someone: Someone) -> None:
    person = someone("text").press(answer="mine")

    assert person.open("/en/paragraph/Q1").status == 403
    assert "mine" not in person.page


def test_an_answer_after_sending_is_refused_and_the_first_stands(open_copy: Copy, someone: Someone) -> None:
    person = someone("text").press(answer="first").press(answer="")
    check = person.here
    person.send()
    before = stored(open_copy)

    for address in ("/en/text/Q1", "/en/text/Q2"):
        response = post(person, urlencode({"token": "x", "answer": WORDS}), to=address)
        assert response.status_code == 409
        page = plain(response)
        assert kept(page) == WORDS
        assert page.links["Go on"] == "/en/text/thank-you"
    assert person.open(check).status == 409

    assert stored(open_copy) == before


def test_sending_again_leads_to_the_same_receipt(open_copy: Copy, someone: Someone) -> None:
    person = someone("text").press(answer="a").press()
    token, check = person.token, person.here
    receipt = person.send().receipt
    before = stored(open_copy)

    response = post(person, urlencode({"token": token}), to=check)

    assert (response.status_code, response.headers["Location"]) == (303, "/en/text/thank-you")
    assert person.open("thank-you").receipt == receipt
    assert stored(open_copy) == before


def test_sending_with_a_bad_token_sends_nothing(open_copy: Copy, someone: Someone) -> None:
    person = someone("text").press(answer="a").press()
    before = stored(open_copy)

    response = post(person, urlencode({"token": "x"}))

    assert response.status_code == 400
    assert "Nothing is lost. Please press Send again." in plain(response).words
    assert stored(open_copy) == before
    assert person.send().receipt


@pytest.mark.parametrize("way", ["Q1", "check"])
def test_consent_cannot_be_passed_over_by_its_address(open_copy: Copy, someone: Someone, way: str) -> None:
    person = someone("consent")
    before = stored(open_copy)

    for response in (
        person.client.get(f"/en/consent/{way}"),
        post(person, form(person, answer=WORDS), to=f"/en/consent/{way}"),
    ):
        assert (response.status_code, response.headers["Location"]) == (303, "/en/consent/C1")
    assert stored(open_copy) == before


def test_a_question_that_is_not_on_the_way_leads_to_where_the_person_is(open_copy: Copy, someone: Someone) -> None:
    person = someone("routing").press(answer="no")
    before = stored(open_copy)

    response = post(person, form(person, answer=WORDS), to="/en/routing/Q3")

    assert (response.status_code, response.headers["Location"]) == (303, "/en/routing/check")
    assert stored(open_copy) == before


@pytest.mark.parametrize(
    "address",
    ["/en/nothing/Q1", "/en/text/Q9", "/en/text/G1.street", "/en/text/Q1/x", "/xx/text/Q1", "/en/text/%00", "/nothing"],
)
def test_an_unknown_address_is_not_found(open_copy: Copy, someone: Someone, address: str) -> None:
    person = someone("text")
    before = stored(open_copy)

    assert person.client.get(address).status_code == 404
    response = post(person, form(person, answer=WORDS), to=address)
    assert response.status_code in {404, 405}
    plain(response)
    assert stored(open_copy) == before


@pytest.fixture
def begun(copy_on: Callable[..., Copy], tmp_path: object) -> tuple[Copy, Respondent]:
    """Somebody in the middle of a survey, in a copy of their own."""
    made = copy_on("", "paragraph", translations=translate(tmp_path, "ur"))  # type: ignore[arg-type]
    return made, Respondent(made.app(), "paragraph", "ur").start()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"closes_on": date(2026, 11, 24)}, 410),
        ({"opens_on": date(2026, 11, 26)}, 403),
        ({"source": "imported"}, 404),
    ],
    ids=["closed", "not yet open", "imported"],
)
def test_a_collection_that_is_not_open(begun: tuple[Copy, Respondent], change: dict[str, object], status: int) -> None:
    copy, person = begun
    with copy.session() as session, session.begin():
        session.execute(update(Collection).values(**change))
    stranger = Respondent(copy.apps[0], "paragraph", "ur")
    before = stored(copy)

    for response in (
        stranger.client.get("/ur/paragraph"),
        stranger.client.post("/ur/paragraph"),
        stranger.client.get("/ur/paragraph/Q1"),
    ):
        assert response.status_code == status
        plain(response, "ur")
    response = post(stranger, form(person, answer=WORDS), to="/ur/paragraph/Q1")
    assert response.status_code == status
    assert kept(plain(response, "ur")) == WORDS
    assert stored(copy) == before
    assert "paragraph" not in "".join(Page(stranger.open("/ur").page).links.values())


def test_who_is_half_way_when_it_closes_keeps_their_words_and_sends_nothing(begun: tuple[Copy, Respondent]) -> None:
    copy, person = begun
    with copy.session() as session, session.begin():
        session.execute(update(Collection).values(closes_on=date(2026, 11, 24)))
    before = stored(copy)

    response = post(person, form(person, answer=WORDS))
    assert response.status_code == 410
    assert kept(plain(response, "ur")) == WORDS
    assert post(person, form(person), to="/ur/paragraph/check").status_code == 410
    assert stored(copy) == before


def test_the_last_day_is_still_open(begun: tuple[Copy, Respondent]) -> None:
    copy, person = begun
    with copy.session() as session, session.begin():
        session.execute(update(Collection).values(closes_on=date(2026, 11, 25), opens_on=date(2026, 11, 25)))

    assert person.press(answer=WORDS).press().send().receipt


def test_letters_that_no_database_keeps_are_not_found_on_either(on_both: Callable[..., Copy]) -> None:
    client = on_both("text").app().test_client()

    for address in ("/en/te%00xt", "/te%00xt", "/en/te%00xt/Q1", "/en/te%00xt/check", "/en/te%00xt/thank-you"):
        assert client.get(address).status_code == 404
        assert client.post(address, data="a=b", content_type=FORM).status_code in {404, 405}
    assert client.get("/en/%ff%fe").status_code == 404
