"""The yardstick: a bare Flask application that saves each page durably and redirects. No checks, words or keys.

Flask and Flask-SQLAlchemy as their manuals show them: one row a visit, one commit a page, a template for the question.
"""

from __future__ import annotations

import os
import secrets

from flask import Flask, redirect, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

db = SQLAlchemy()


class Draft(db.Model):  # type: ignore[name-defined, misc]
    """The answers of one visit."""

    id = db.Column(db.String(64), primary_key=True)
    answers = db.Column(db.JSON)


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BARE_DATABASE"]
db.init_app(app)
with app.app_context():
    if db.engine.dialect.name == "sqlite":

        @event.listens_for(db.engine, "connect")
        def durable(connection, record):  # type: ignore[no-untyped-def]
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA busy_timeout=15000")

    db.create_all()

CHOICES = ["Agree a lot", "Agree a bit", "In between", "Disagree a bit", "Disagree a lot", "Prefer not to say"]
PAGE = app.jinja_env.from_string(
    "<!doctype html><html lang=en><title>Question {{ n }}</title><h1>Question {{ n }}</h1><form method=post>"
    "{% for choice in choices %}<label><input type=radio name=answer value='{{ loop.index }}'"
    "{% if loop.index|string == value %} checked{% endif %}>{{ choice }}</label>{% endfor %}"
    "<button>Continue</button></form>"
)


def _draft() -> Draft:
    return db.session.get(Draft, request.cookies["visit"])  # type: ignore[return-value]


@app.get("/en/ten-questions")
def start() -> str:
    return "<!doctype html><title>Start</title><form method=post><button>Start</button></form>"


@app.post("/en/ten-questions")
def begin():  # type: ignore[no-untyped-def]
    draft = Draft(id=secrets.token_urlsafe(32), answers={})
    db.session.add(draft)
    db.session.commit()
    response = redirect("/en/ten-questions/Q1", 303)
    response.set_cookie("visit", draft.id)
    return response


@app.get("/en/ten-questions/Q<int:n>")
def question(n: int) -> str:
    return PAGE.render(n=n, choices=CHOICES, value=_draft().answers.get(str(n)))


@app.post("/en/ten-questions/Q<int:n>")
def answer(n: int):  # type: ignore[no-untyped-def]
    draft = _draft()
    draft.answers = {**draft.answers, str(n): request.form["answer"]}
    db.session.commit()
    return redirect(f"/en/ten-questions/{f'Q{n + 1}' if n < 10 else 'check'}", 303)


@app.get("/en/ten-questions/check")
def check() -> str:
    return PAGE.render(n="check", choices=list(_draft().answers.values()), value="")


@app.post("/en/ten-questions/check")
def send():  # type: ignore[no-untyped-def]
    draft = _draft()
    draft.answers = {**draft.answers, "sent": True}
    db.session.commit()
    return redirect("/en/ten-questions/thank-you", 303)


@app.get("/en/ten-questions/thank-you")
def thanks() -> str:
    return "<!doctype html><title>Thank you</title><h1>Thank you</h1>"
