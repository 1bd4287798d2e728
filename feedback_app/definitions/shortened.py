"""The short version of a survey: its main questions, and what they cannot do without. Knows nothing of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from feedback_app.definitions.rules import Rule
from feedback_app.definitions.survey import Pair, Question, Survey
from feedback_app.definitions.without import without

SAID = "info"  # words to read, which ask for nothing


def shortened(survey: Survey, *, told: Callable[[Question], bool]) -> Survey:
    """Return the survey with fewer questions; ids, words and options stay as they are.

    What stays: the questions that the file names under `short`; what pairs it with another form; whatever their rules
    and those of their parts ask about; consent; what the link tells, and the questions asked in its place; and words to
    read, unless they answer to a question that is gone. A part with no question left goes, and ways to it lead on.

    Args:
        told: whether a question is told by the link and shown to nobody.
    """
    kept = {question.id for question in survey.questions.values() if told(question)}
    kept |= {ident for ident, question in survey.questions.items() if _in_place_of(question, survey, told)}
    wanted = [*survey.short, *([survey.consent] if survey.consent else []), *_pairs(survey.pair)]
    while wanted:
        ident = wanted.pop()
        if ident not in kept and ident in survey.questions:  # it may be in a part that is not asked here
            kept.add(ident)
            wanted += _leans_on(survey, ident)
    kept |= {ident for ident, question in survey.questions.items() if question.type == SAID and _asks(question) <= kept}
    return without(survey, (), survey.questions.keys() - kept)


def _pairs(pair: Pair | None) -> Iterator[str]:
    """Whether somebody wants a code, what the code shows them again, and what is compared."""
    if pair:
        yield from filter(None, (*_asked_by(pair.unless), pair.promise, pair.objectives))


def _in_place_of(question: Question, survey: Survey, told: Callable[[Question], bool]) -> bool:
    """Whether a question is asked because the link did not tell, or did not tell right."""
    return any(told(survey.questions[ident]) for ident in _asks(question) & survey.questions.keys())


def _leans_on(survey: Survey, ident: str) -> Iterator[str]:
    page = next(page for page in survey.pages if any(one.id == ident for one in page.questions))
    yield from _asks(survey.questions[ident])
    yield from _asked_by(page.show_when)


def _asks(question: Question) -> set[str]:
    return set(_asked_by(question.show_when))


def _asked_by(rule: Rule | None) -> Iterator[str]:
    for asked in rule.asks() if rule else ():
        yield asked.question.partition(".")[0]  # a grid's row is asked about as `question.row`
