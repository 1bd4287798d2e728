"""People who answer while everything fails around them: each presses on, with the same form, until it is done."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock
from urllib.parse import urlencode

START, PATIENCE = "/en/paragraph", 90.0
HARM = "I want to kill myself"  # every tenth: such a text has its alert in the same transaction


@dataclass(slots=True)
class Tally:
    """What all senders have seen."""

    acknowledged: list[str] = field(default_factory=list)
    begun: int = 0
    refused: int = 0
    kept: int = 0
    strange: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def next_mark(self) -> str:
        with self.lock:
            self.begun += 1
            return f"mark-{self.begun:06d}-{random.randbytes(6).hex()}"


class Again(Exception):
    """The visit cannot go on from here: it begins anew, with a mark of its own."""


class Sender:
    """One person after another, each in a browser of their own."""

    def __init__(self, port: int, tally: Tally, stop: Event) -> None:
        self.port, self.tally, self.stop, self.cookie = port, tally, stop, ""

    def run(self) -> None:
        while not self.stop.is_set():
            mark = self.tally.next_mark()
            try:
                self.visit(mark, HARM if self.tally.begun % 10 == 0 else "More time for questions")
            except Again:
                continue
            with self.tally.lock:
                self.tally.acknowledged.append(mark)

    def visit(self, mark: str, words: str) -> None:
        """Answer, and press Send until it is acknowledged."""
        self.cookie = ""
        here, _ = self.ask("POST", START)
        for words_here in (f"{mark} {random.randbytes(450).hex()}", f"{words} {mark}"[:40]):
            _, page = self.ask("GET", here)
            here, _ = self.ask("POST", here, token_of(page) | {"go": "next", "answer": words_here}, words_here)
        _, page = self.ask("GET", here)
        onward, _ = self.ask("POST", here, token_of(page), mark)
        if not onward.endswith("/thank-you"):
            raise Again
        _, page = self.ask("GET", onward)
        if not re.search(r'class="receipt"[^>]*>\w+( \w+){4}<', page):
            self.tally.strange["a thank-you page without a receipt"] += 1

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, words: str = "") -> tuple[str, str]:
        """Ask until there is an answer; give where it leads and its page.

        Raises:
            Again: it is an answer to somebody else's state, such as that of a visit whose start was cut off.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                status, onward, page = self.once(method, path, form)
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            if status < 500:
                if status in (200, 303):
                    return onward, page
                self.tally.strange[f"{method} {status}"] += 1
                raise Again
            if words and status == 503:
                with self.tally.lock:
                    self.tally.refused += 1
                    self.tally.kept += words in page
            time.sleep(0.05)
        self.tally.strange["no answer"] += 1
        raise Again

    def once(self, method: str, path: str, form: dict[str, str] | None) -> tuple[int, str, str]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Cookie": f"visit={self.cookie}"} if self.cookie else {}
            if method == "POST":
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, urlencode(form or {}) if method == "POST" else None, headers)
            reply = line.getresponse()
            page = reply.read().decode()
            given = re.match(r"visit=([^;]+)", reply.headers.get("Set-Cookie", ""))
            if given and reply.status < 400:
                self.cookie = given[1]
            return reply.status, reply.headers.get("Location", ""), page
        finally:
            line.close()


def token_of(page: str) -> dict[str, str]:
    """The hidden field of a page: the key under which sending twice is sending once."""
    found = re.search(r'name="token" value="(\w+)"', page)
    if not found:
        raise Again
    return {"token": found[1]}
