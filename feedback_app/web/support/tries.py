"""How often something may fail. Counts in memory, under keys that tell nobody's address and are worthless tomorrow.

Memory is each process's own, so with two server processes a person can fail twice as often, and a restart forgets.
What is guarded is random and long, so that is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from feedback_app.web.support.wiring import wiring


@dataclass(frozen=True, slots=True)
class Tries:
    """One kind of failure, such as a wrong code, and how often it may happen to one key."""

    kind: str
    limit: str  # such as "10 per hour"

    def left(self, *key: str) -> bool:
        """Whether this key may try."""
        return _counts.test(self._item, self.kind, _hidden(*key))

    def failed(self, *key: str) -> None:
        """Count one failure."""
        _counts.hit(self._item, self.kind, _hidden(*key))

    @property
    def _item(self) -> RateLimitItem:
        return parse(self.limit)


def client() -> str:
    """Where a request comes from: for a key, never for storing."""
    # Each proxy of ours adds the address that it saw at the end. What stands before these, anybody can have written.
    proxies = wiring().settings.proxies
    told = request.headers.get("X-Forwarded-For", "").split(",") if proxies else []
    seen = told[-proxies].strip() if proxies and len(told) >= proxies else ""
    return seen or request.remote_addr or ""


def _hidden(*key: str) -> str:
    wired = wiring()
    return wired.keys.server.derive("tries", wired.clock.today().isoformat(), *key).hex()


_counts = MovingWindowRateLimiter(MemoryStorage())
