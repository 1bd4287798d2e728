"""Make ids that say nothing of when or in which order they were made."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """Return 128 random bits as 32 hexadecimal digits.

    Random, not time-ordered: an id with a clock in it would tell when a child answered.
    """
    return secrets.token_hex(16)
