"""A survey as paper can ask it: without what only a link can tell, and without what only a link leads to.

Nobody is asked a question of the type `auto`, so on paper it has no answer. Printing and typing in both start from
here, so that they ask the same.
"""

from __future__ import annotations

from feedback_app.definitions.survey import Question, Survey
from feedback_app.definitions.without import without
from feedback_app.questions.registry import TYPES


def on_paper(survey: Survey) -> Survey:
    """The survey with the same questions, ids and options, but for those that paper cannot ask."""
    questions = survey.questions.values()
    untold = {question.id for question in questions if _is_untold(question)}
    return without(survey, untold, {question.id for question in questions if not _in_mode(survey, question)})


def _in_mode(survey: Survey, question: Question) -> bool:
    return question.only_mode in ("", survey.mode)


def _is_untold(question: Question) -> bool:
    kind = TYPES.get(question.type)
    return kind is not None and not kind.seen
