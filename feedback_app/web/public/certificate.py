"""A certificate of attendance, with a name that is kept nowhere."""

from __future__ import annotations

import unicodedata
from threading import Lock

from flask import abort
from werkzeug.wrappers import Response

from feedback_app.core.errors import FeedbackError
from feedback_app.documents import certificate as paper
from feedback_app.services import collecting, courses
from feedback_app.services.course_sessions import Held
from feedback_app.web.public import public
from feedback_app.web.public.after_training import session_of
from feedback_app.web.public.finish import thank
from feedback_app.web.support.commit import store
from feedback_app.web.support.form_body import read_form
from feedback_app.web.support.language import Words, words_for
from feedback_app.web.support.problems import say_problem
from feedback_app.web.support.rendering import STATIC, render
from feedback_app.web.support.visitor import respondent_of

LONGEST_NAME = 80
_one_at_a_time = Lock()  # a PDF takes a second and much memory


@public.post("/<language:language>/<collection>/certificate")
def certificate(language: str, collection: str) -> Response | tuple[str, int]:
    """Make a certificate with the name that was typed. The name goes into the PDF and nowhere else."""
    posted, words = read_form(), words_for(language)
    sender, held = collecting.sender(store(), respondent_of(collection)), session_of(collection)
    if sender is None or not sender.owns_form(posted.get("token", "")):
        abort(400)
    name = _name(posted.get("name", ""))
    if not name:
        trouble = words.say("Write your name, in {number} letters or fewer.", number=LONGEST_NAME)
        return thank(language, collection, sender, trouble), 422
    try:
        return _pdf(words, name, held)
    except FeedbackError:
        return say_problem(
            words, words("The certificate cannot be made just now"), words("Please try again later.")
        ), 503


def _pdf(words: Words, name: str, held: Held) -> Response:
    course = courses.find(store(), held.course_id) or abort(404)
    page = render("public/certificate.html", words, name=name, course=course.title, held_on=held.held_on)
    with _one_at_a_time:
        made = paper.write(page, words.locale.script, {"static": STATIC})
    named = {"Content-Disposition": 'attachment; filename="certificate.pdf"'}
    return Response(made, headers=named, content_type="application/pdf")


def _name(typed: str) -> str:
    """The name as it can be printed, or nothing."""
    kept = "".join(letter for letter in typed if unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn"))
    plain = " ".join(kept.split())
    return plain if 0 < len(plain) <= LONGEST_NAME else ""
