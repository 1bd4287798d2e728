"""Walk every page that a respondent can see, in one language: each survey, each mistake, each page beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask

from feedback_app.definitions.load import read_source
from feedback_app.services import actions
from feedback_app.services.actions import Draft
from feedback_app.storage.models import Collection
from tests.factories import Copy, Respondent
from tests.tablets import TabletBrowser, open_class
from tests.training import codes, finish, trained
from tests.web.page import Page

Told = Iterator[tuple[str, str]]  # where a page is, and the page
NO_WORDS = "žžž"
ON_THE_WAY = (
    "/{}",
    "/{}/nothing",
    "/{}/help",
    "/{}/help/text/Q1",
    "/{}/left",
    "/{}/return",
    "/{}/receipt",
    "/{}/class",
)
NOTICES = ("/{}/privacy", "/{}/privacy/children", "/{}/accessibility", "/{}/you-said-we-did", "/{}/text/goodbye")
MISTAKES = [
    ("consent", "C1", {}),
    ("multi", "Q1", {"answer": ["food", "games", "people"]}),
    ("multi", "Q1", {"answer": ["food", "none"]}),
    ("rank", "Q1", {"first": "tea", "second": "tea"}),
    ("rank", "Q1", {"second": "tea"}),
]


def every_page(copy: Copy, app: Flask, language: str) -> Told:
    """Every page of every survey that speaks the language, and every page beside the surveys."""
    surveys = [read_source(file).content for file in sorted(copy.settings.surveys.glob("*.yaml"))]
    spoken = [survey["survey"] for survey in surveys if language in survey["languages"]]
    for survey in spoken:
        for pick in (0, -1):
            yield from journey(Respondent(app, survey, language), pick)
    for survey, at, posted in MISTAKES:
        person = Respondent(app, survey, language).start()
        yield f"mistake in {survey}", person.open(at).press(**posted).page
    _say_and_do(copy)
    for address in (*ON_THE_WAY, *NOTICES):
        yield address, Respondent(app, "text").open(address.format(language)).page
    yield from _stuck(Respondent(app, "text", language))
    yield from _come_back(Respondent(app, "text", language))
    yield from _take_back(Respondent(app, "text", language))
    yield from _easy(Respondent(app, "easy", language))
    yield from _tablet(TabletBrowser(app, "text", open_class(copy, "text", outreach=True), language))
    yield from _trained(copy, app, language)
    yield from _not_open(copy, Respondent(app, "text", language))


def _take_back(person: Respondent) -> Told:
    """The page of the five words of a receipt: wrong ones, what is held, and erased."""
    words = person.start().press(answer="a").press(answer="b").send().receipt
    person.here = f"/{person.language}/receipt"
    for what, typed in (("nothing", {"words": "acorn bagel acorn bagel acorn"}), ("held", {"words": words})):
        yield f"receipt, {what}", person.post(typed).page
    yield "receipt, erased", person.post({"words": words, "go": "erase"}).page


def journey(person: Respondent, pick: int) -> Told:
    """A survey from its start to the thank-you, by the first or the last choice of each question, with mistakes."""
    way = f"{person.survey}, choice {pick}:"
    yield f"{way} start", person.open(person.here).page
    person.start()
    while person.at != "check":
        page, here = Page(person.page), person.here
        yield f"{way} {person.at}", person.page
        if page.typed:
            wrong = person.press(**dict.fromkeys(page.typed, "9x" * 3000))
            if wrong.status == 422:  # own words beside a choice that was not made are no mistake
                yield f"{way} {person.at} with a mistake", wrong.page
            person.open(here)
        # Whoever says no to being asked sees no more.
        person.press(**_answer(page, 0 if "a-no" in page.ids and "a-yes" in page.ids else pick))
        assert person.status == 200, f"{way} {person.at}"
    yield f"{way} check", person.page
    yield f"{way} thank-you", person.send().page


def _answer(page: Page, pick: int) -> dict[str, str]:
    choices = [ident.removeprefix("a-") for ident in page.ids if ident.startswith("a-")]
    if choices:
        return {"answer": choices[pick]}
    return {"answer": "7" if 'inputmode="numeric"' in page.text else NO_WORDS} if "answer" in page.typed else {}


def _stuck(person: Respondent) -> Told:
    """Whoever has no visit here, posts an old form, or has sent the answers."""
    yield "no visit", person.open("Q1").page
    person.start()
    yield "an old form", person.post({"token": "old", "go": "next", "answer": NO_WORDS}).page
    yield "what no page offers", person.post({"token": person.token, "other": NO_WORDS}).page
    yield "a letter that cannot be kept", person.open("Q1").press(answer="\0").page
    yield "an unfinished survey", person.open(f"/{person.language}/text").page
    person.open("Q1").press(answer=NO_WORDS).press(answer=NO_WORDS)
    yield "the check page, old", person.post({"token": "old"}).page
    person.send()
    yield "sent already", person.open("Q1").page


def _come_back(person: Respondent) -> Told:
    yield "finish later", person.start().press("later", answer=NO_WORDS).page
    for words in ("žžž", "acorn bagel", "acorn bagel acorn bagel acorn"):
        person.here = f"/{person.language}/return"
        yield "words that open nothing", person.post({"words": words}).page


def _easy(person: Respondent) -> Told:
    person.start()._land(person.client.post(f"/{person.language}/easy", data={"words": "easy"}))
    while person.at != "check":
        yield f"easy words {person.at}", person.page
        person.press(**_answer(Page(person.page), 0))


def _tablet(tablet: TabletBrowser) -> Told:
    yield "a wrong code", tablet.join("žžž").page
    yield "the next person", tablet.join().page
    yield "a wrong PIN", tablet.next_person("0").page
    yield "a tablet's start", tablet.next_person().page
    yield "a tablet's question", tablet.start().page
    yield "a tablet's thanks", tablet.press(answer=NO_WORDS).press(answer=NO_WORDS).send().page
    yield "a tablet without a network", tablet.next_person().open(f"/{tablet.language}/class/outreach").page


def _trained(copy: Copy, app: Flask, language: str) -> Told:
    """The pages after a course: its code, letters, certificate, and what somebody said that they would do."""
    there = trained(lambda *_: copy)
    person = Respondent(app, there.session.day_id or "", language)
    yield "the start of a session's form", person.open(person.here).page
    yield "the end of a session's form", finish(person.start(), TF23=NO_WORDS).page
    _, code = codes(person)
    form = f"/{language}/{person.survey}"
    yield "no name for a certificate", _posted(person, f"{form}/certificate", token=person.token)
    made = person.client.post(f"{form}/certificate", data={"token": person.token, "name": NO_WORDS})
    assert made.content_type == "application/pdf"
    for email in ("žžž", "someone@school.example"):
        yield f"letters to {email}", _posted(person, f"{form}/letters", email=email)
    yield "no more letters", person.open(f"/{language}/no-more-letters/nobody").page
    with copy.session() as session, session.begin():
        session.get_one(Collection, there.session.follow_up_id).opens_on = copy.clock.today()
    later = Respondent(app, there.session.follow_up_id or "", language)
    for typed in ("žžž", code):
        yield f"a follow-up with the code {typed}", _posted(later, f"/{language}/{later.survey}", code=typed)


def _posted(person: Respondent, address: str, **data: str) -> str:
    person._land(person.client.post(address, data=data))
    return person.page


def _not_open(copy: Copy, person: Respondent) -> Told:
    """A survey that is over, and one that has not begun."""
    today = copy.clock.today()
    for name, opens, closes in (("over", today, today - timedelta(days=1)), ("early", today + timedelta(days=1), None)):
        with copy.session() as session, session.begin():
            held = session.get_one(Collection, "text")
            held.opens_on, held.closes_on = opens, closes
        yield name, person.open(f"/{person.language}/text").page


def _say_and_do(copy: Copy) -> None:
    """Publish one action of each state, in words of no language."""
    now = copy.clock.now()
    with copy.session() as session, session.begin():
        for state in actions.STATES:
            draft = Draft({"en": NO_WORDS}, {"en": NO_WORDS}, {"en": NO_WORDS}, state, "text")
            kept = actions.write(session, draft, by="a test", now=now, today=now.date())
            actions.publish(session, kept.id, kept.revision, by="a test", now=now, today=now.date())
