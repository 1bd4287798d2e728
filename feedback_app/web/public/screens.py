"""Turn a screen into a page: its words with names filled in, its options in their order, its troubles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from feedback_app.definitions.survey import Choice
from feedback_app.i18n import placeholders
from feedback_app.journey import piping
from feedback_app.journey.plan import Plan, Screen
from feedback_app.questions.asked import OTHER, Answer, Trouble
from feedback_app.web.public import addresses
from feedback_app.web.public.arriving import Here, is_draft
from feedback_app.web.public.sound import listen, sounds_of
from feedback_app.web.support.language import Words
from feedback_app.web.support.rendering import drawing, render
from feedback_app.web.support.tablet import tablet_here

BODIES = {"feedback": "public/feedback.html", "help": "public/help_card.html"}
IN_A_LIST = frozenset({"rank"})  # types whose choices are picked from a list, where no button can stand
LONG = 12  # places; more are a list to open
MOST_PAGES = 5_000  # about 25 MB
Fill = Callable[[str | None], Markup]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as it is shown."""

    value: str
    label: Markup
    hint: Markup
    drawing: Markup
    alt: str
    opens_box: bool
    listen: Markup


@dataclass(frozen=True, slots=True)
class Picture:
    """What stands beside a question in easy words, and in a survey for children."""

    drawing: Markup
    alt: str


@dataclass(frozen=True, slots=True)
class ShownTrouble:
    """One trouble in the person's language, and the field it leads to."""

    words: Markup
    target: str


def show(
    at: Here, screen: Screen, *, typed: MultiDict[str, str] | None = None, form: Any = None, notice: str = ""
) -> str:
    """Render a screen.

    Args:
        typed: what was just posted and not accepted; else what was kept is shown.
        form: the form that was not accepted, with its troubles.
        notice: why nothing was kept: "stale", "letters" or "not kept".
    """
    query = addresses.to_check()
    same = _same_for_all(at, screen) if typed is None and not notice else None
    if same is None:
        return _render(at, screen, query, typed, form, notice)
    tablet = tablet_here()
    told = (at.path.progress(screen), query, same, tablet and tablet.idle)
    key = (at.language, at.plan.easy, at.visit.content.short, screen.id, *told)
    if key not in at.edition.pages:
        if len(at.edition.pages) >= MOST_PAGES:
            at.edition.pages.clear()
        before, _, after = _render(at, screen, query).partition(at.visit.respondent.form_token)
        at.edition.pages[key] = before, after
    before, after = at.edition.pages[key]
    return before + at.visit.respondent.form_token + after


def main_part(at: Here, screen: Screen) -> str:
    """The main part of a screen's page, nothing answered: for a page that holds the whole survey."""
    return _render(at, screen, "", bare=True)


def _same_for_all(at: Here, screen: Screen) -> Hashable | None:
    """What was picked, if the page holds nothing else of this person's own; None if it does.

    Such a page is rendered once and kept, and only the form's token is put in. Words a person wrote, an earlier answer
    in a question, and a random order are never kept.
    """
    values = _values(at, screen, None)
    own = screen.type.text or screen.type.written or bool(values.get(OTHER))
    question = screen.question
    if question.random_order or question.picked_from or screen.pipes or screen.id in at.visit.content.typed:
        return None
    if own:
        return None if any(values.values()) else ""
    return tuple((name, value if isinstance(value, str) else tuple(value)) for name, value in values.items())


def _render(
    at: Here,
    screen: Screen,
    query: str,
    typed: MultiDict[str, str] | None = None,
    form: Any = None,
    notice: str = "",
    *,
    bare: bool = False,
) -> str:
    value_of = _places(at.plan) if bare else piping.values(at.plan, at.path.live)

    def fill(text: str | None) -> Markup:
        return placeholders.fill(text or "", value_of)

    values = _values(at, screen, typed)
    page = at.plan.parts[screen.part].page
    easy = at.plan.easy
    intro = page.intro if screen.opens_part and (page.sensitive or not easy) else ""  # one idea on a page
    number, total = at.path.progress(screen)
    troubles = _troubles(at.words, form)
    return render(
        "public/question.html",
        at.words,
        layout="public/bare.html" if bare else "layout.html",
        body=BODIES.get(screen.kind) or f"questions/{screen.type.name}.html",
        label=_label(screen, fill),
        hint=fill(screen.question.hint) if screen.kind == "question" else "",
        title="" if easy else fill(page.title),
        intro=fill(intro),
        intro_listen=listen(at.language, intro),
        listen=listen(at.language, *_heard(screen)),
        sounds=sounds_of(at.language, *_heard(screen)),
        picture=_picture(at, screen),
        easy=easy,
        easy_offered=at.easy_offered,
        options=_options(at, screen, fill),
        drawn=any(choice.symbol for choice in screen.asked.choices),
        opens_box=bool(screen.asked.opens_box),
        in_a_list=_in_a_list(screen),
        columns=[fill(column.label) for column in screen.question.columns],
        values=values,
        picked=_picked(values),
        troubles=[ShownTrouble(words, _target(screen, name)) for name, words in troubles.items()],
        errors=troubles,
        notice=_notice(at.words, notice),
        part=number,
        parts_total=total,
        back=True,
        can_skip_part=page.skippable and screen.opens_part,
        optional=screen.answers and not screen.question.required,
        token=at.visit.respondent.form_token,
        action=addresses.screen(at.language, at.collection, screen.id) + query,
        languages=at.languages,
        signposts=at.edition.signposts,
        for_children=at.edition.for_children,
        draft=is_draft(at.edition, at.words),
    )


def _places(plan: Plan) -> Callable[[str], str | None]:
    """Where an earlier answer is named, a place that a script fills."""
    return lambda name: Markup('<span data-answer="{}">…</span>').format(name) if name in plan.asked else None


def _label(screen: Screen, fill: Fill) -> Markup:
    if screen.kind == "feedback":
        return fill(screen.question.feedback)
    label = fill(screen.question.label)
    row = screen.asked.row
    return Markup("{} <span>{}</span>").format(label, fill(row.label)) if row else label


def _heard(screen: Screen) -> list[str]:
    """What the question's listen button says: the question, its row and its hint; and choices that have no button."""
    question, row = screen.question, screen.asked.row
    if screen.kind != "question":
        return [question.feedback] if screen.kind == "feedback" else []
    heard = [question.label, row.label if row else "", *(column.label for column in question.columns), question.hint]
    return heard + [choice.label for choice in screen.asked.choices if _in_a_list(screen)]


def _in_a_list(screen: Screen) -> bool:
    long = len(screen.asked.choices) > LONG
    return screen.type.name in IN_A_LIST or (screen.type.name == "place" and long)


def _picture(at: Here, screen: Screen) -> Picture | None:
    easy = screen.question.easy
    if not at.plan.pictures or screen.kind != "question" or easy is None or not easy.image:
        return None
    return Picture(drawing(easy.image), easy.alt)


def _values(at: Here, screen: Screen, typed: MultiDict[str, str] | None) -> Mapping[str, Answer]:
    if typed is not None:
        return {name: typed.getlist(name) if name in screen.type.many else typed[name] for name in typed}
    kept = at.visit.content.typed.get(screen.id)
    return kept if kept is not None else screen.type.fill(screen.asked, at.visit.content.answers)


def _picked(values: Mapping[str, Answer]) -> frozenset[str]:
    answer = values.get("answer", "")
    return frozenset([answer] if isinstance(answer, str) else answer)


def _options(at: Here, screen: Screen, fill: Fill) -> list[Option]:
    if screen.kind != "question":
        return []
    return [
        Option(
            choice.value,
            fill(choice.label),
            fill(choice.hint),
            drawing(choice.symbol) if choice.symbol else Markup(),
            choice.alt,
            choice.other,
            listen(at.language, choice.label, choice.hint),
        )
        for choice in _offered(at, screen)
    ]


def _offered(at: Here, screen: Screen) -> Iterator[Choice]:
    """The choices of a screen. Where they are picked from an earlier question's, those picked there, and its own."""
    earlier = at.plan.asked.get(screen.question.picked_from)
    there = at.path.live.get(earlier.id, ()) if earlier else ()
    mine = at.visit.content.answers.get(screen.asked.id, ())
    for choice in in_order(screen, at.visit.content.seed):
        own = earlier is None or choice.value not in earlier.values
        if own or not there or choice.value in there or choice.value in mine:
            yield choice


def in_order(screen: Screen, seed: str) -> tuple[Choice, ...]:
    """The choices in their order; random order is the same each time for one person, and can be told again.

    Answers that stand apart ("none of these", "something else", "prefer not to say") stay at the end.
    """
    choices = screen.asked.choices
    if not screen.question.random_order:
        return choices

    def place(choice: Choice) -> tuple[bool, bytes]:
        apart = choice.exclusive or bool(choice.missing) or choice.other or choice.value == "other"
        mixed = b"" if apart else hashlib.sha256(f"{seed}/{screen.asked.id}/{choice.value}".encode()).digest()
        return apart, mixed

    return tuple(sorted(choices, key=place))


def _troubles(words: Words, form: Any) -> dict[str, Markup]:
    return dict(_each_trouble(words, form)) if form is not None else {}


def _each_trouble(words: Words, form: Any) -> Iterator[tuple[str, Markup]]:
    for field in form:
        for error in field.errors:
            if isinstance(error, Trouble):
                yield field.name, _said(words, error)
                break


def _said(words: Words, trouble: Trouble) -> Markup:
    if isinstance(trouble.text, tuple):
        return words.plural(*trouble.text, trouble.number)
    return words.say(trouble.text, number=trouble.number, most=trouble.most)


def _target(screen: Screen, name: str) -> str:
    if name != "answer":
        return name
    return "a" if screen.type.text or screen.type.written else f"a-{screen.asked.choices[0].value}"


def _notice(words: Words, notice: str) -> str:
    match notice:
        case "stale":
            return words("This page was open for a long time. Nothing is lost. Please press Continue again.")
        case "letters":
            return words(
                "We took out a letter that we cannot keep. Please look at your words and press Continue again."
            )
        case "not kept":
            return words("We could not keep your answer. Your words are still here. Please press Continue again.")
    return ""
