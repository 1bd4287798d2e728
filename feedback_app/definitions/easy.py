"""The easy-read form of a survey: the same questions in easy words. Knows nothing of pages or pictures."""

from __future__ import annotations

from feedback_app.definitions.survey import Question, Survey


def has_easy_words(survey: Survey) -> bool:
    """Whether any question of a survey has easy words."""
    return any(question.easy and question.easy.label for question in survey.questions.values())


def in_easy_words(survey: Survey) -> Survey:
    """Return the survey with each question's easy words in place of its own; ids, choices and routes stay as they are.

    Easy words stand alone: the hint belongs to the words they replace. A question without any keeps its own. The hint
    of a consent question stays, because it may say what we cannot keep to ourselves.
    """
    pages = tuple(
        page.model_copy(update={"questions": tuple(_easier(question) for question in page.questions)})
        for page in survey.pages
    )
    # Made anew, not copied: a copy would carry the lookup of the standard questions along.
    return Survey.model_construct(**{**{name: getattr(survey, name) for name in Survey.model_fields}, "pages": pages})


def _easier(question: Question) -> Question:
    if question.easy is None or not question.easy.label:
        return question
    hint = question.hint if question.type == "consent" else ""
    return question.model_copy(update={"label": question.easy.label, "hint": hint})
