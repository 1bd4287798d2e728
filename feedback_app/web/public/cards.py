"""One-time cards: the code on a card lets one person begin. Which response it began is kept nowhere."""

from __future__ import annotations

from flask import request

from feedback_app.services import cards
from feedback_app.services.collections import Held
from feedback_app.web.support.commit import store
from feedback_app.web.support.tries import Tries, client
from feedback_app.web.support.wiring import wiring

# A whole school shares one address, and right codes never count. A code is one of 78 thousand million.
CODES = Tries("card", "60 per hour")


def take_card(collection: Held) -> bool:
    """Use the code that was typed up; tell whether it lets somebody begin."""
    if not CODES.left(client()):
        return False
    right = cards.use(store(), wiring().keys.server, collection.id, request.form.get("card", ""))
    if not right:
        CODES.failed(client())
    return right
