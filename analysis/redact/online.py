"""Find e-mail addresses, web addresses and the names that people go by on other services."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.redact.reading import Reading
from analysis.redact.span import Span

_EMAIL = re.compile(r"(?<![\w.+%'\-])[\w.+%'\-]++@[\w\-]++(?:\.[\w\-]++)++")
_ENDINGS = (
    r"com|co\.uk|org\.uk|gov\.uk|sch\.uk|ac\.uk|nhs\.uk|uk|org|net|info|eu|pl|sk|cz|ro|pk|iq|tv|gg|ly|gl|io"
    r"|app|link|xyz"
)
# Written so that programs do not see it: "sam (at) mail (dot) com", "sam at mail dot com", "sam @ mail.com".
_EMAIL_SAID = re.compile(
    r"(?:[ \[(<]{1,3}+(?:at|malpa|małpa|zavináč|zavinac)[ \])>]{1,3}+|[ ]{1,2}@[ ]{0,2}|@[ ]{1,2})[\w\-]{1,40}+"
    r"(?:(?:[ \[(<]{1,3}+(?:dot|kropka|bodka|tečka|punct)[ \])>]{1,3}+[\w\-]{2,20}+){1,3}+"
    rf"|(?:\.[\w\-]{{2,20}}){{0,2}}?\.(?:{_ENDINGS})\b)"
)
_LAST_WORD = re.compile(r"[\w.+%'\-]{1,64}$")

_URL = re.compile(r"\b(?:https?|ftp|hxxps?)[:;]//?[^\s<>\"]++|\bwww\.[^\s<>\"]++")
# An address without either is known by its end, which is looked for first because it is rare.
_END_OF_HOST = re.compile(rf"\.(?:{_ENDINGS})\b(?:[/?#][^\s<>\"]*+)?")
_HOST_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_LONGEST_HOST = 80
# A full stop or bracket at the end belongs to the sentence.
_AFTER = ".,;:!?)]}'’»،؟۔"

_AT = re.compile(r"(?<![\w.@])@ ?[a-z0-9_][\w.]{1,29}+")
_SERVICE = (
    "snap ?chat|snap|sc|insta ?gram|insta|ig|tik ?tok|discord|xbox(?: live)?|psn|playstation|gamer ?tag|roblox|fortnite"
    "|kik|telegram|whats ?app|twitter|facebook|fb|steam|skype|twitch|you ?tube|be ?real|messenger|username|user name"
    "|nick|سنیپ|انسٹا|سناب|انستا|انستقرام|تيك توك|ٹک ٹاک"
)
_IS = (
    r"(?:is|are|its|it's|as|to|je|este|e|ہے|هو|name|user|username|id|tag|handle|account|gamer ?tag|konto|jest|called"
    r"|=|:|-|–)"
)
_NAMED = re.compile(
    rf"\b(?:{_SERVICE})(?:'s)?\b(?:[ :=,\-]{{1,3}}+{_IS})?(?:[ :=,\-]{{1,3}}+{_IS})?[ :=,\-]{{1,3}}+@?"
    r"(?P<name>[\w.#\-]{2,32}+)"
)
_MINE = re.compile(
    r"\b(?:my|his|her|their|our|mój|moj|moje|moja|můj|môj|meu|mea|lui|ei|add|follow|message|me on|میرا|میری)\b"
    r"[^.!?\n]{0,18}$"
)


def emails(reading: Reading) -> Iterator[Span]:
    """E-mail addresses, and ones that are spelled out."""
    low = reading.low
    if "@" in low:
        for seen in reading.search(_EMAIL, "email"):
            yield Span(seen.start(), len(seen[0].rstrip(_AFTER)) + seen.start(), "email", True)
    for seen in reading.search(_EMAIL_SAID, "email"):
        before = _LAST_WORD.search(low, max(0, seen.start() - 64), seen.start())
        if before:
            yield Span(before.start(), seen.end(), "email", True)


def urls(reading: Reading) -> Iterator[Span]:
    """Web addresses with http or www before them, and bare ones that end in a way that is common here."""
    for seen in reading.search(_URL, "url"):
        yield Span(seen.start(), seen.start() + len(seen[0].rstrip(_AFTER)), "url", True)
    for seen in reading.search(_END_OF_HOST, "url"):
        start = seen.start()
        while start > max(0, seen.start() - _LONGEST_HOST) and reading.low[start - 1] in _HOST_LETTERS:
            start -= 1
        if start < seen.start() and reading.low[start - 1 : start] != "@":
            yield Span(start, seen.start() + len(seen[0].rstrip(_AFTER)), "url", True)


def handles(reading: Reading) -> Iterator[Span]:
    """Names on other services: @name, "my snap is name", "insta: name". A plain word after "is" is less certain."""
    low = reading.low
    if "@" in low:
        for seen in reading.search(_AT, "handle"):
            yield Span(seen.start(), seen.start() + len(seen[0].rstrip(".")), "handle", True)
    for seen in reading.search(_NAMED, "handle"):
        start = seen.start("name")
        name = seen["name"].rstrip(".-")
        odd = any(not letter.isalpha() for letter in name)
        between = low[seen.start() : start]
        told = ":" in between or "=" in between or "@" in between
        mine = _MINE.search(low, max(0, seen.start() - 30), seen.start()) is not None
        if len(name) >= 2 and (told or odd or mine) and name not in _NO_NAMES:
            yield Span(start, start + len(name), "handle", told or odd)


_NO_NAMES = frozenset({
    "is", "are", "was", "the", "and", "not", "no", "it's", "its", "on", "at", "to", "for", "my", "me", "we", "they",
    "with", "because", "good", "bad", "great", "fun", "ok", "boring", "private", "public", "a", "an", "in", "of", "all",
    "be", "so", "very", "too", "better", "best", "worst", "account", "message", "group", "chat", "that", "this", "what",
    "when", "full",
})  # fmt: skip
