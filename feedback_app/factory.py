"""Wire settings, database, keys and pages into an application. Decides nothing."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.routing import BaseConverter

from feedback_app.core.clock import Clock, SystemClock
from feedback_app.core.keys import load_keys
from feedback_app.core.settings import Settings, read_settings
from feedback_app.definitions.area import load_area
from feedback_app.i18n.catalogues import load_interface
from feedback_app.i18n.locales import LOCALES
from feedback_app.services.editions import Editions
from feedback_app.services.recordings import read_recordings
from feedback_app.services.screening import load_screens
from feedback_app.storage import db
from feedback_app.web.support.commit import commit_at_the_door
from feedback_app.web.support.form_body import LARGEST
from feedback_app.web.support.headers import send_headers
from feedback_app.web.support.hosts import refuse_other_hosts
from feedback_app.web.support.in_force import keep_up
from feedback_app.web.support.packed import send_packed
from feedback_app.web.support.problems import show_problems
from feedback_app.web.support.wiring import NAME, Wiring

WEB = Path(__file__).parent / "web"
YEAR = 31_536_000


def language_of_an_address(known: list[str]) -> type[BaseConverter]:
    """The part of an address that is a language: one that we speak. Any other is an address that leads nowhere.

    It is looked at before the name of a collection.
    """
    return type("LanguageConverter", (BaseConverter,), {"regex": "|".join(known), "weight": 50})


def create_app(face: str = "public", settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Make the application of one face.

    Args:
        face: "public" (holds no private key), "staff", or "command": the command line's, which has no pages.

    Raises:
        FeedbackError: the settings, keys or area cannot be used.
    """
    settings = settings or read_settings()
    app = Flask("feedback_app.web", static_folder=str(WEB / "static"), template_folder=str(WEB / "templates"))
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, SEND_FILE_MAX_AGE_DEFAULT=YEAR)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    area = load_area(settings.surveys, settings.area)
    wired = app.extensions[NAME] = Wiring(
        settings=settings,
        keys=load_keys(settings.keys, private=face != "public"),
        area=area,
        clock=clock or SystemClock(),
        interfaces={code: load_interface(settings.translations, code, area.fallbacks) for code in LOCALES},
        editions=Editions(area),
        recordings=read_recordings(settings.sounds),
        screens=load_screens(settings.surveys),
    )
    app.url_map.converters["language"] = language_of_an_address(wired.known)
    db.tie(app, settings.database, settings.audit_head)
    send_packed(app)
    refuse_other_hosts(app, settings)
    send_headers(app, secure=settings.secure)
    commit_at_the_door(app)
    keep_up(app, area)
    show_problems(app)
    _add_pages(app, face)
    return app


def _add_pages(app: Flask, face: str) -> None:
    from feedback_app.web.support.health import health

    app.register_blueprint(health)
    if face == "public":
        from feedback_app.web.public import (  # noqa: F401
            actions,
            answer,
            bundles,
            certificate,
            check,
            class_sessions,
            finish,
            help_page,
            letters,
            notices,
            pair_code,
            problems,
            public,
            returning,
            sound,
            start,
            withdrawal,
        )

        app.register_blueprint(public)
    elif face == "staff":
        from feedback_app.web.staff.face import add_staff_pages

        add_staff_pages(app)
