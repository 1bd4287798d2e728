"""Say in plain English who a question was for, from the rules that led to it. Pure; used to explain a figure."""

from __future__ import annotations

from feedback_app.definitions.rules import Rule
from feedback_app.definitions.survey import Survey
from feedback_app.journey.plan import Plan
from feedback_app.questions.asked import Asked, label_of

EVERYONE = ""


def asked_of(plan: Plan, asked: Asked) -> str:
    """Who was asked a question, such as `people who answered “White” to “What is your ethnic group?”`.

    Nothing when everyone was, or when only a part that could be skipped stood before it.
    """
    page = next(page for page in plan.survey.pages if asked.question in page.questions)
    rules = [rule for rule in (page.show_when, asked.question.show_when) if rule]
    said = [words for rule in rules if (words := _said(rule, plan))]
    return "People who " + ", and ".join(said) if said else EVERYONE


def _said(rule: Rule, plan: Plan) -> str:
    match rule.operator:
        case "==" | "in" | "any-in" if not rule.counted:
            return f"answered {_values(rule, plan)} to “{_label(rule, plan.survey)}”"
        case "!=" if not rule.counted:
            return f"did not answer {_values(rule, plan)} to “{_label(rule, plan.survey)}”"
        case "not" if rule.rules[0].operator in {"==", "in", "any-in"} and not rule.rules[0].counted:
            inside = rule.rules[0]
            return f"did not answer {_values(inside, plan)} to “{_label(inside, plan.survey)}”"
        case "answered":
            return f"answered “{_label(rule, plan.survey)}”"
        case "and":
            return ", and ".join(filter(None, (_said(inside, plan) for inside in rule.rules)))
    return "were led to it by an earlier answer"


def _label(rule: Rule, survey: Survey) -> str:
    return survey.questions[rule.question.partition(".")[0]].label


def _values(rule: Rule, plan: Plan) -> str:
    asked = plan.asked.get(rule.question)
    labels = [f"“{label_of(asked, value) if asked else value}”" for value in rule.values]
    return " or ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
