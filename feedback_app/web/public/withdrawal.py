"""Take answers back: see what is held under the five words of a receipt, and erase it. No cookie and no name."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response as Page
from flask import abort
from markupsafe import Markup

from feedback_app.core.tokens import read_words
from feedback_app.i18n.locales import SOURCE, nearest
from feedback_app.journey.plan import Plan
from feedback_app.questions.registry import type_of
from feedback_app.services import withdrawal
from feedback_app.services.withdrawal import Held
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.returning import not_from_elsewhere, slip
from feedback_app.web.support.commit import store
from feedback_app.web.support.form_body import read_form
from feedback_app.web.support.language import Words, words_for
from feedback_app.web.support.rendering import render
from feedback_app.web.support.tablet import tablet_here
from feedback_app.web.support.tries import Tries, client
from feedback_app.web.support.wiring import wiring

# As on the page "Finish later": only words that are all in the list and open nothing count, and right ones never do.
FROM_ONE, FROM_ALL = Tries("receipt", "10 per hour"), Tries("receipt, everyone", "1000 per hour")


@dataclass(frozen=True, slots=True)
class Row:
    """One question and what is held of its answer. `written`: "" for none, "sealed", or "gone" after its time."""

    label: Markup | str
    shown: list[str]
    written: str = ""


@public.get("/<language:language>/receipt")
def receipt(language: str) -> str | Page:
    """Ask for the five words of the receipt."""
    return go_to(addresses.in_class(language, "next")) if tablet_here() else _ask(words_for(language))


@public.post("/<language:language>/receipt")
def look_or_erase(language: str) -> str | Page | tuple[str, int]:
    """Show what is held under the words; with the second button, erase it. Wrong and erased are answered alike."""
    not_from_elsewhere()
    posted, words = read_form(), words_for(language)
    typed = posted.get("words", "")
    given = read_words(typed)
    if tablet_here():
        return go_to(addresses.in_class(language, "next"))
    if trouble := slip(words, given):
        return _ask(words, typed, trouble), 422
    if not (FROM_ONE.left(client()) and FROM_ALL.left()):
        return _ask(words, typed, words("That was too many tries. Please wait an hour and try again.")), 429
    held = withdrawal.find(store(), wiring().keys.server, given)
    if held is None:
        FROM_ONE.failed(client())
        FROM_ALL.failed()
        return _ask(words, typed, words("These words do not open anything. They may be wrong, or it was erased.")), 422
    if posted.get("go") != "erase" or not held.can_go(wiring().clock.today()):
        return _held(words, held, " ".join(given))
    return _erase(words, held)


def _erase(words: Words, held: Held) -> str:
    wired = wiring()
    try:
        withdrawal.erase(store(), wired.keys.server, held, wired.settings.instance, wired.clock.today())
    except OSError:  # the mark could not be written: nothing was erased
        abort(503)
    return _page("public/erased.html", words, watched=held.watched)


def _held(words: Words, held: Held, given: str) -> str:
    today = wiring().clock.today()
    return _page(
        "public/receipt_held.html",
        words,
        words_typed=given,
        received=words.day(held.received_on),
        rows=_rows(words, held),
        frozen=words.day(held.frozen_on) if held.frozen_on else "",
        may_go=held.can_go(today),
        watched=held.watched,
    )


def _rows(words: Words, held: Held) -> list[Row]:
    """What is held, in the words of the questions: in the page's language where the survey speaks it."""
    edition = wiring().editions.get(store(), held.version_hash)
    spoken = [SOURCE, *edition.frozen.languages]
    plan: Plan = edition.plan(nearest(words.locale.code, spoken, wiring().area.fallbacks))
    rows = []
    for asked in plan.asked.values():
        label = Markup("{} {}").format(asked.question.label, asked.row.label) if asked.row else asked.question.label
        shown = type_of(asked).shown(asked, held.answers) if asked.id in held.answers else []
        if shown:
            rows.append(Row(label, shown))
        rows += [
            Row(label, [], "sealed" if held.texts[name] else "gone")
            for name in (asked.id, asked.other_id)
            if name in held.texts
        ]
    return rows


def _ask(words: Words, typed: str = "", trouble: str = "") -> str:
    return _page("public/receipt.html", words, words_typed=typed, trouble=trouble)


def _page(template: str, words: Words, **context: object) -> str:
    return render(
        template,
        words,
        action=addresses.receipt(words.locale.code),
        languages=wiring().spoken,
        here_in=addresses.receipt,
        draft=words.interface.review == "draft",
        **context,
    )
