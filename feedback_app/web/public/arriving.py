"""Find out where a request has arrived: which collection, in which language, and how far this person has come."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from werkzeug.exceptions import HTTPException

from feedback_app.i18n.locales import nearest
from feedback_app.journey.path import Path
from feedback_app.journey.plan import Plan, Screen
from feedback_app.services import collecting, collections, editions
from feedback_app.services.collecting import Visit
from feedback_app.services.collections import Held
from feedback_app.services.editions import Edition
from feedback_app.web.public import addresses
from feedback_app.web.public.addresses import go_to
from feedback_app.web.support.commit import read_with, store
from feedback_app.web.support.language import Words, words_for
from feedback_app.web.support.visitor import respondent_of
from feedback_app.web.support.wiring import wiring

CHECK = "check"  # the check page, among the ids of screens


class NoVisit(Exception):
    """There is no unfinished survey here: never started, over after its hours, or sent."""

    def __init__(self, language: str, collection: str, *, sent: bool) -> None:
        self.language, self.collection, self.sent = language, collection, sent
        super().__init__(collection)


class NotOpen(Exception):
    """Nobody can answer this collection now."""

    def __init__(self, language: str, collection: Held, why: str) -> None:
        self.language, self.collection, self.why = language, collection, why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Here:
    """A person in the middle of a survey."""

    language: str
    collection: str
    words: Words
    edition: Edition
    plan: Plan
    visit: Visit
    path: Path

    @property
    def languages(self) -> list[str]:
        """The languages this person may change to."""
        return editions.offered(self.edition, wiring().area, wiring().interfaces)

    @property
    def easy_offered(self) -> bool:
        """Whether this person may change between easy and standard words."""
        return self.edition.easy_in(self.language)

    def step(self, ident: str) -> Screen:
        """The screen of an address; a person who cannot be there yet is led to where they are."""
        screen = self.plan.screens.get(ident)
        if screen is None:
            if self.edition.left_out and ident in self.whole.screens:  # staff left its part out meanwhile
                raise Elsewhere(self.onward(self.path.resume()))
            abort(404)
        if self.path.at(screen) < 0:
            raise Elsewhere(self.onward(self.path.resume()))
        return screen

    @property
    def whole(self) -> Plan:
        """The survey with the parts that are left out here."""
        return wiring().editions.get(store(), self.visit.version_hash).plan(self.language)

    def onward(self, screen: Screen | None) -> str:
        """The address of a screen, or of the check page after the last."""
        if screen is None:
            return addresses.check(self.language, self.collection)
        return addresses.screen(self.language, self.collection, screen.id)


class Elsewhere(HTTPException):
    """The person belongs on another page."""

    code = 303

    def __init__(self, address: str) -> None:
        super().__init__(response=go_to(address))


def collection_here(language: str, ident: str) -> tuple[Held, Edition]:
    """The open collection of an address.

    Raises:
        NotOpen: it is not open now.
        NotFound: there is none, or it does not speak this language.
    """
    collection = read_with(lambda held: collections.find(held, ident))
    if collection is None:
        abort(404)
    wired = wiring()
    edition = wired.editions.asked(store(), collection)
    why = editions.why_closed(collection, edition, wired.area, wired.clock.today())
    if why:
        raise NotOpen(language, collection, why)
    if language not in editions.offered(edition, wired.area, wired.interfaces):
        abort(404)
    return collection, edition


def here(language: str, collection: str) -> Here:
    """Where this person is in this collection, from their cookie and one read.

    Raises:
        NoVisit: they have no unfinished survey here.
        NotOpen: the collection has closed.
    """
    wired = wiring()
    respondent = respondent_of(collection)
    visit = None
    if respondent:
        now, hours = wired.clock.now(), wired.settings.session_hours
        visit = read_with(lambda held: collecting.find(held, respondent, now, hours))
    if visit is None or respondent is None:
        collection_here(language, collection)
        raise NoVisit(language, collection, sent=collecting.sender(store(), respondent) is not None)
    if collections.is_over(visit, wired.clock.now()):
        collection_here(language, collection)
    edition = wired.editions.asked(store(), visit)
    if language not in editions.offered(edition, wired.area, wired.interfaces):
        abort(404)
    plan = edition.plan(language, easy=visit.content.easy and edition.easy_in(language), short=visit.content.short)
    return Here(language, collection, words_for(language), edition, plan, visit, visit.path(plan))


def carry_on(language: str, visit: Visit) -> str:
    """The address where an unfinished survey goes on: where "Finish later" was pressed, else after the last answer."""
    wired, collection = wiring(), visit.respondent.collection
    begun = wired.editions.asked(store(), visit)
    # The version they began may not speak every language that the newest one does.
    spoken = nearest(language, editions.offered(begun, wired.area, wired.interfaces), wired.area.fallbacks)
    plan = begun.plan(spoken, short=visit.content.short)
    path = visit.path(plan)
    left = plan.screens.get(visit.content.left_at)
    screen = left if left is not None and path.at(left) >= 0 else path.resume()
    if screen is None or (visit.content.left_at == CHECK and path.complete):
        return addresses.check(spoken, collection)
    return addresses.screen(spoken, collection, screen.id)


def is_draft(edition: Edition, words: Words) -> bool:
    """Whether the page shows words that no person has checked."""
    return "draft" in (edition.review(words.locale.code), words.interface.review)
