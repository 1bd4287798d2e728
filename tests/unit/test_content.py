"""What an anonymous survey never asks (whether, by whom and how somebody was harmed), and what it may."""

from __future__ import annotations

import pytest

from feedback_app.core.errors import BadFile
from feedback_app.definitions.linter import check_survey
from feedback_app.definitions.load import Source
from tests.tiny import AROUND

ASKING = """
schema: "1"
survey: asking
version: "1"
languages: [en]
title: "Asking"
audience: {audience}
mode: {mode}
pages:
  - id: one
    intro: "You can skip this. You can stop. It is up to you. You can go."
    questions:
      - {{id: Q1, type: {type}, label: "{label}"{more}}}
      - {{id: Q2, type: text, label: "What is good here?"}}
"""


def told(
    label: str, *, audience: str = "young-person", mode: str = "anonymous", kind: str = "text", more: str = ""
) -> str:
    """What the linter says of a question, or nothing."""
    try:
        check_survey(
            Source("x", ASKING.format(label=label, audience=audience, mode=mode, type=kind, more=more)), AROUND
        )
    except BadFile as refused:
        return str(refused)
    return ""


NEVER = [
    # whether
    "Has anyone ever hurt you?",
    "Has somebody at home hit you?",
    "Did an adult touch you?",
    "Does your dad hit you?",
    "Have you ever been abused?",
    "Have you been badly beaten?",
    "Are you being exploited?",
    "Were you ever groomed?",
    "Has your child ever been harmed?",
    # by whom
    "Who hurt you?",
    "Who has harmed you?",
    "Who did this?",
    # how
    "What did he do to you?",
    "What did that person do to you?",
    "What happened to you?",
    "What was done to you?",
    "Please tell us what happened.",
    "Describe in your own words what happened at home.",
]
MAY = [
    "I feel safe where I live.",
    "Is there an adult you can tell if something is wrong?",
    "Would you know how to report a worry like this?",
    "In the last 3 months, have other young people been unkind to you on purpose, again and again?",
    "In the last year, have you been treated badly because of who you are?",
    "In the last 3 months, has anyone online asked you to do something you did not feel OK about?",
    "They told me what was happening.",
    "Do they tell you why things happen?",
    "Did something change because of what you said?",
    "Jay can get help. This person may want to harm Jay.",
    "Who would you go to?",
    "Has anyone told you about a person whose job is to help you?",
    "When adults at home disagree, they sort it out without anyone being scared.",
    "Were you offered an advocate?",
    "How safe do you feel?",
]


@pytest.mark.parametrize("label", NEVER)
@pytest.mark.parametrize("audience", ["child", "young-person", "parent"])
def test_an_anonymous_survey_never_asks(label: str, audience: str) -> None:
    assert "x, line 13: question Q1:" in told(label, audience=audience)
    assert "nobody could act on it" in told(label, audience=audience)


@pytest.mark.parametrize("label", MAY)
def test_an_anonymous_survey_may_ask(label: str) -> None:
    assert told(label) == ""


def test_where_a_worker_can_act_on_it_it_may_be_asked() -> None:
    assert told(NEVER[0], mode="supported") == ""
    assert told(NEVER[0], mode="confidential") == ""


def test_easy_words_and_choices_are_held_to_it_too() -> None:
    assert "line 13" in told("Fine", more=', easy: {label: "Has anyone hurt you?"}')
    assert "line 13" in told(
        "At school", kind="single", more=', choices: [{value: a, label: "Someone hit me. Who did it?"}]'
    )


@pytest.mark.parametrize(
    "label", ["What worries you?", "What are you scared of?", "Is there anything that upsets you?"]
)
def test_a_child_is_asked_for_worries_only_with_a_worker(label: str) -> None:
    assert "Write only_mode: supported" in told(label, audience="child")
    assert told(label, audience="child", more=", only_mode: supported") == ""
    assert told(label, audience="child", mode="supported") == ""
    assert told(label, audience="parent") == ""


def test_a_child_may_pick_what_a_worker_sees() -> None:
    choices = ', choices: [{value: "yes", label: "Yes"}, {value: "no", label: "No"}]'
    assert told("Can they tell when you feel sad or worried?", audience="child", kind="single", more=choices) == ""


@pytest.mark.parametrize(
    "feedback", ["Jay can get help.", "It is not Sam's fault. Sam can get help!", 'Say "I can help."']
)
def test_a_knowledge_question_ends_with_a_sentence(feedback: str) -> None:
    choices = ', choices: [{value: "yes", label: "Yes"}]'
    given = feedback.replace('"', '\\"')
    assert told("Jay is 13.", kind="single", more=f'{choices}, feedback: "{given}"') == ""
