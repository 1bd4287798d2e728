"""How often a sign-in may fail. Counts in memory, under keys that tell nobody's address and are worthless tomorrow.

Memory is each process's own, so with two server processes a person can fail up to twice as often, and a restart
forgets. That is enough against guessing a password of five random words; a store shared by processes would have to
hold the keys outside this memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Any

from flask import Response, g, make_response, request
from flask_limiter import Limiter, RequestLimit
from limits import parse_many

from feedback_app.core.errors import FeedbackError
from feedback_app.web.staff.pages import say_problem
from feedback_app.web.support.tries import client
from feedback_app.web.support.wiring import wiring

FROM_ONE_ADDRESS = "50 per 15 minutes"  # a whole office may share one address


def check(setting: str) -> None:
    """Refuse a limit that cannot be read: Flask-Limiter would pass over it, and there would be none.

    Raises:
        FeedbackError: the setting SIGN_IN_LIMIT is not a limit.
    """
    try:
        parse_many(setting)
    except ValueError:
        raise FeedbackError(
            f'The setting SIGN_IN_LIMIT cannot be used: "{setting}". Write it like this: 10 per 15 minutes.'
        ) from None


def count_failure() -> None:
    """Say that this request's sign-in failed: only failures count."""
    g.sign_in_failed = True


def on_failures(view: Callable[..., Any]) -> Callable[..., Any]:
    """Limit how often a view may fail, for an address with a name, and for an address.

    Not for a name alone: then a stranger could keep a member of staff out from anywhere.
    """
    for one in (
        limiter.limit(lambda: wiring().settings.sign_in_limit, key_func=_address_and_name, deduct_when=_failed),
        limiter.limit(FROM_ONE_ADDRESS, key_func=_address, deduct_when=_failed),
    ):
        view = one(view)
    return view


def _failed(response: Response) -> bool:
    return bool(g.get("sign_in_failed"))


def _address_and_name() -> str:
    return _hidden(client(), request.form.get("name", "").strip().casefold())


def _address() -> str:
    return _hidden(client())


def _hidden(*parts: str) -> str:
    """A key that holds for today: tomorrow, nobody can tell whose it was."""
    wired = wiring()
    return wired.keys.server.derive("sign-in limit", wired.clock.today().isoformat(), *parts).hex()


def _ask_to_wait(limit: RequestLimit) -> Response:
    seconds = max(1, ceil(limit.reset_at - time.time()))
    minutes = max(1, round(seconds / 60))
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    advice = f"Signing in did not work too many times. Please wait {wait}, then try again."
    return make_response(say_problem("Too many tries", advice), 429, {"Retry-After": str(seconds)})


limiter = Limiter(key_func=_address, storage_uri="memory://", strategy="moving-window", on_breach=_ask_to_wait)
