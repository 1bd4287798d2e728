"""Judge translations: what must not be shown, and what a machine can see that a translator should look at again.

Knows nothing of how good a translation is.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from feedback_app.core.errors import Problem
from feedback_app.i18n import placeholders
from feedback_app.i18n.catalogues import (
    DOMAINS,
    Catalogue,
    Message,
    catalogue_file,
    read_catalogue,
    read_messages,
    translated_locales,
)
from feedback_app.i18n.locales import LOCALES

NUMBER = "number"  # the name that a text with plurals counts by
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
GAP = "|"  # stands for a name; no run of words goes across it
# Control letters but a line break, and overrides, which can turn a whole line round; isolates and marks cannot.
NOT_SHOWN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
NAMES = "names.txt"  # in the folder of translations: what is written the same in every language
LONGEST_RUN = 3  # so many words of English in a row are no name and no chance


@cache
def plural_counts(code: str) -> tuple[tuple[int, ...], ...]:
    """For each plural form of a language, the counts up to 200 that it is for: English has (1,) and all others."""
    catalogue = Catalogue(code)
    form_of = gettext.c2py(catalogue.plural_expr)
    found: list[list[int]] = [[] for _ in range(catalogue.num_plurals)]
    for number in range(201):
        found[form_of(number)].append(number)
    return tuple(tuple(counts) for counts in found)


def faults(code: str, english: str, plural: str, forms: tuple[str, ...]) -> Iterator[str]:
    """Say what would harm a page: a plural that is missing, names in braces, tags, letters that cannot be shown."""
    counts = plural_counts(code) if plural else ((),)
    if len(forms) != len(counts):
        yield f"needs {len(counts)} plural forms and has {len(forms)}" if plural else "is one text, with no plurals"
        return
    for form, counted in zip(forms, counts, strict=True):
        yield from _names(english, plural, form, single=len(counted) == 1)
        yield from _tags(plural or english, form)
        if NOT_SHOWN.search(form):
            yield "has a letter that cannot be shown"


def _names(english: str, plural: str, form: str, *, single: bool) -> Iterator[str]:
    """A form for one count alone may say "one" or "two" in words, and so leave out the number."""
    needed = placeholders.names(plural or english)
    found = placeholders.names(form)
    missing = needed - found - (frozenset({NUMBER}) if plural and single else frozenset())
    parts = (_listed("leaves out", missing), _listed("adds", found - needed))
    if any(parts):
        yield " and ".join(part for part in parts if part)


def _listed(verb: str, names: frozenset[str]) -> str:
    return f"{verb} {', '.join(f'{{{name}}}' for name in sorted(names))}" if names else ""


def _tags(english: str, form: str) -> Iterator[str]:
    needed, found = TAG.findall(english), TAG.findall(form)
    if sorted(needed) != sorted(found):
        yield f"has the tags {' '.join(found) or '(none)'} for {' '.join(needed) or '(none)'}"


def misfits(folder: Path) -> Iterator[Problem]:
    """Every translation that would harm a page, with file and line. What is fuzzy is never shown, and not judged."""
    for code in translated_locales(folder):
        for message in _messages(folder, code):
            for fault in faults(code, message.english, message.plural, message.forms):
                yield problem(folder, message, fault)


def suspicions(folder: Path) -> Iterator[Problem]:
    """Every translation that still holds English, or is written in another script than its language."""
    names = same_everywhere(folder)
    for code in translated_locales(folder):
        for message in _messages(folder, code):
            for found in suspicious(code, message.english, message.forms, names):
                yield problem(folder, message, found)


def suspicious(code: str, english: str, forms: tuple[str, ...], names: frozenset[str]) -> Iterator[str]:
    """Say what a translator should look at again in one translation."""
    ours = without_names(english, names)
    for form in forms:
        theirs = without_names(form, names)
        run = longest_run(theirs, ours)
        if len(run) >= LONGEST_RUN or (len(run) > 1 and _words(ours) == _words(theirs)):
            yield f'still has English in it: "{" ".join(run)}"'
        elif not _in_script(code, theirs):
            yield f"is mostly in another script than {LOCALES[code].english_name}"


def same_everywhere(folder: Path) -> frozenset[str]:
    """The names and words that are written the same in every language: one a line in `names.txt`."""
    file = folder / NAMES
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def without_names(text: str, names: frozenset[str]) -> str:
    """A text without what is rightly the same in every language: names, addresses, tags, and names in braces."""
    bare = TAG.sub(f" {GAP} ", placeholders.PLACEHOLDER.sub(f" {GAP} ", text))
    for name in sorted(names, key=len, reverse=True):
        bare = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f" {GAP} ", bare, flags=re.IGNORECASE)
    return bare


def longest_run(text: str, english: str) -> list[str]:
    """The longest run of words of `text` that stands in `english` as well."""
    source = [_words(piece) for piece in english.split(GAP)]
    best: list[str] = []
    for said in map(_words, text.split(GAP)):
        for start in range(len(said)):
            while len(longer := said[start : start + len(best) + 1]) > len(best) and _stands_in(longer, source):
                best = longer
    return best


def _stands_in(run: list[str], pieces: list[list[str]]) -> bool:
    return any(words[at : at + len(run)] == run for words in pieces for at in range(len(words) - len(run) + 1))


def _words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]


def _in_script(code: str, text: str) -> bool:
    letters = [unicodedata.name(letter, "").split(" ")[0] for word in WORD.findall(text) for letter in word]
    wanted = "LATIN" if LOCALES[code].script == "latin" else "ARABIC"
    return 2 * sum(1 for script in letters if script == wanted) >= len(letters)


def other_plurals(folder: Path) -> Iterator[Problem]:
    """Every catalogue whose header has other plurals than its language."""
    for code in translated_locales(folder):
        for domain in DOMAINS:
            file = catalogue_file(folder, code, domain)
            wanted = Catalogue(code).plural_forms
            if file.exists() and read_catalogue(file, code).plural_forms != wanted:
                yield Problem(
                    str(file.relative_to(folder.parent)), 0, f'the header should say "Plural-Forms: {wanted}".'
                )


def problem(folder: Path, message: Message, what: str) -> Problem:
    """A problem with one message: where it is, and what it is."""
    file = catalogue_file(folder, message.locale, message.domain).relative_to(folder.parent)
    return Problem(str(file), message.line, f'the translation of "{message.context or message.english[:40]}" {what}.')


def _messages(folder: Path, code: str) -> Iterator[Message]:
    for domain in DOMAINS:
        yield from read_messages(folder, code, domain)
