"""The safety rules for what a survey may ask, as far as software can hold them; people hold the rest.

An anonymous survey never asks whether somebody was harmed, by whom or how: nobody could act on the answer, and the
child would have told in vain. It asks about needs, feeling safe, knowing what to do, and trust.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from feedback_app.definitions.survey import Choice, Page, Question, Survey

Place = tuple[str | int, ...]
Found = Iterator[tuple[Place, str]]

_HARM = r"(abus|hit|hurt|harm|beat|rape|assault|molest|groom|neglect|exploit|touch|bull(y|ied))\w*"
_SOMEBODY = r"(any ?one|some ?one|any ?body|some ?body|an adult|a grown-up|your \w+|they|he|she)"
_HARMED = r"(hurt|hurting|hit|hitting|abused|abusing|harmed|harming|touched|touching|beat|assaulted|raped|groomed)"
NEVER_ASKED = tuple(
    re.compile(rf"\b{words}\b", re.IGNORECASE)
    for words in (
        rf"(has|have|had|did|does|do|is|are|was) {_SOMEBODY} (\w+ ){{0,3}}{_HARM}",
        rf"(have you|has your child) (\w+ )?been (\w+ ){{0,2}}{_HARM}",
        rf"(were|are|was|is) (you|your child) (\w+ ){{0,2}}(being |ever )?{_HARM}",
        rf"who (\w+ )?{_HARMED} (you|your|him|her|them)",
        r"who (did|does|has done) (it|this|that)",
        r"what (did|do|does|has|have) (he|she|they|(the|this|that) person) (do|did|done) to (you|your child)",
        r"what (has |have )?(happened|been done|was done) to (you|your child)",
        r"(tell|say|describe|write|explain)\b.{0,40}\bwhat happened",
    )
)
ASKED_OF_THEMSELVES = frozenset({"child", "young-person", "parent"})
WORRIES = re.compile(r"\b(worr(y|ies|ied|ying)|scar(e|es|ed|y)|afraid|frighten\w*|upset\w*)\b", re.IGNORECASE)
CORE = "CORE"  # frames of the items that all surveys have in common
KNOWLEDGE = "KNOW"
_SENTENCE = re.compile(r"^\W*(\S+\s+){2,}\S+[.!?][\"'’”)]*$", re.DOTALL)


class Kind(Protocol):
    """What the rules ask of a question type."""

    @property
    def text(self) -> bool:
        """Whether the answer is in the person's own words."""

    @property
    def keys(self) -> frozenset[str]:
        """The keys that it allows."""


def rules(survey: Survey, kinds: Mapping[str, Kind], choices_of: Callable[[Question], tuple[Choice, ...]]) -> Found:
    """Every place of a survey that breaks a rule, with what to do about it."""
    for at, page in enumerate(survey.pages):
        yield from _page(("pages", at), page)
        for number, question in enumerate(page.questions):
            place: Place = ("pages", at, "questions", number)
            found = [*_never_asked(survey, question, choices_of(question))]
            for where, what in [*found, *_question(survey, question, kinds.get(question.type))]:
                yield (*place, *where), f"question {question.id}: {what}"


def _page(place: Place, page: Page) -> Found:
    if page.sensitive and not page.skippable:
        yield (*place, "sensitive"), 'a sensitive part can be skipped as a whole. Write skippable: "true".'


def _never_asked(survey: Survey, question: Question, choices: tuple[Choice, ...]) -> Found:
    if survey.mode != "anonymous" or survey.audience not in ASKED_OF_THEMSELVES:
        return
    asked: list[tuple[Place, str]] = [(("label",), question.label), (("hint",), question.hint)]
    if question.easy:
        asked.append((("easy", "label"), question.easy.label))
    asked += [(("rows", number, "label"), f"{question.label} {row.label}") for number, row in enumerate(question.rows)]
    asked += [(("choices",), choice.label) for choice in choices]
    for where, words in asked:
        found = next((match for pattern in NEVER_ASKED if (match := pattern.search(words.replace("…", "")))), None)
        if found:
            yield (
                where,
                f'"{found[0]}": an anonymous survey never asks whether somebody was harmed, by whom or how, because '
                "nobody could act on it. Ask what they need, how safe they feel, or whom they can turn to.",
            )
            return


def _question(survey: Survey, question: Question, kind: Kind | None) -> Found:
    frames = {*(question.report.frames if question.report else ()), *(f for row in question.rows for f in row.frames)}
    supported = "supported" in (survey.mode, question.only_mode)
    if survey.audience == "child" and kind and kind.text and WORRIES.search(question.label) and not supported:
        yield (
            ("label",),
            "a child is asked for worries in own words only with a worker beside them. Write only_mode: supported.",
        )
    if any(frame.partition("-")[0] == CORE for frame in frames) and not question.trend:
        yield (), 'all surveys have this item in common, so its words are locked. Write trend: "true".'
    if question.feedback and not _SENTENCE.match(question.feedback.strip()):
        yield ("feedback",), "this is read after a knowledge question, so it is a whole sentence. It blames nobody."
    if KNOWLEDGE in frames and not question.feedback and kind and "feedback" in kind.keys:
        yield (), 'a knowledge question ends with what is right. Write it in "feedback".'
    if question.type == "consent" and not survey.consent:
        yield ("type",), f"write consent: {question.id} at the top, so that its words are guarded in every language."
