"""Whether a password may be used: long enough, and not one that everybody tries first. Knows no accounts.

The words that are tried first are those of zxcvbn (Wheeler, USENIX Security 2016): the 30,000 commonest passwords of
published breaches, names and common words. The list is on this machine; no other is asked. What is made of these words
is refused too; a long password that was breached and is not common is not known here.
"""

from __future__ import annotations

from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 1_000
WEAKEST = 3  # zxcvbn's "safely unguessable": 10^8 guesses or more
LOOKED_AT = 100  # the first letters are enough to judge by, and a longer text would take seconds


def why_not(password: str, *own: str) -> str:
    """Say why a password may not be used, or nothing.

    Args:
        own: the person's name and address, which others would try.
    """
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} letters or more. Four words that do not belong together are easy to remember."
    if len(password) > LONGEST:
        return "This password is too long."
    if zxcvbn(password[:LOOKED_AT], user_inputs=[one for one in own if one])["score"] < WEAKEST:
        return "This password is easy to guess. Use four words that do not belong together."
    return ""
