"""What waits for a translator, as lines of JSON, and their work back into the catalogues.

For people and programs that would rather not edit .po files. What comes back is a draft, whoever wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message

from feedback_app.core.errors import Problem, did_you_mean
from feedback_app.i18n.catalogues import (
    DOMAINS,
    Catalogue,
    catalogue_file,
    english_of,
    forms_of,
    is_translated,
    read_catalogue,
    review_in,
)
from feedback_app.i18n.checking import faults, plural_counts
from feedback_app.i18n.extractor import write

EXAMPLES = 5  # how many counts are named for each plural
Line = dict[str, Any]


def missing(folder: Path, locale: str) -> Iterator[Line]:
    """Yield each message that is not translated, or fuzzy, in the catalogues' order.

    The comment says all that a translator needs: the source's own notes, what a fuzzy message was, and for a plural
    which counts each form is for.
    """
    for domain in DOMAINS:
        for message in read_catalogue(catalogue_file(folder, locale, domain), locale):
            if not message.id or (is_translated(message) and not message.fuzzy):
                continue
            english, plural = english_of(message)
            notes = [*message.auto_comments, *_counts(locale, plural), *_before(message)]
            yield {
                "catalogue": domain,
                "context": message.context or "",
                "english": english,
                "plural": plural,
                "comment": " ".join(notes),
            }


def _counts(locale: str, plural: str) -> Iterator[str]:
    if plural:
        forms = [", ".join(map(str, counts[:EXAMPLES])) for counts in plural_counts(locale)]
        yield f"Give {len(forms)} translations, for these counts: {'; '.join(forms)}."


def _before(message: Message) -> Iterator[str]:
    """What a fuzzy message was. Its English before is a comment to Babel (`#| msgid "..."`)."""
    if message.fuzzy:
        english = " ".join(one.removeprefix("|").strip() for one in message.user_comments if one.startswith("|"))
        yield f"The English was reworded. Before: {english or 'not known'} / {' / '.join(forms_of(message))}"


def fill(folder: Path, locale: str, lines: Iterable[str], name: str) -> tuple[int, list[Problem]]:
    """Put translations into the catalogues; return how many were written, and what is wrong with the rest.

    Args:
        lines: JSON, one message a line, as `missing` gives them, with `translation`, or `translations` for a plural.
        name: what problems call the file that the lines are from.
    """
    held = {domain: read_catalogue(catalogue_file(folder, locale, domain), locale) for domain in DOMAINS}
    written: set[str] = set()
    problems: list[Problem] = []
    count = 0
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            written.add(_take(held, locale, text))
            count += 1
        except ValueError as wrong:
            problems.append(Problem(name, number, str(wrong)))
    for domain in written:
        write(held[domain], catalogue_file(folder, locale, domain))
    return count, problems


def _take(held: dict[str, Catalogue], locale: str, text: str) -> str:
    line = _parsed(text)
    domain = str(line.get("catalogue", ""))
    if domain not in held:
        raise ValueError(f'there is no catalogue "{domain}".{did_you_mean(domain, held)}')
    message = _found(held[domain], line)
    english, plural = english_of(message)
    forms = _forms(line, plural)
    wrong = list(faults(locale, english, plural, forms))
    if wrong:
        raise ValueError(f'the translation of "{message.context or english[:40]}" {" and ".join(wrong)}.')
    if not message.fuzzy and is_translated(message) and any(review_in(one) for one in message.user_comments):
        raise ValueError(f'a person has reviewed "{message.context or english[:40]}": change it in the .po file.')
    message.string = forms if plural else forms[0]
    message.flags.discard("fuzzy")
    message.previous_id = []
    message.user_comments = [one for one in message.user_comments if not (review_in(one) or one.startswith("|"))]
    return domain


def _parsed(text: str) -> Line:
    try:
        line = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not JSON: {error.msg} at letter {error.colno}.") from None
    if not isinstance(line, dict):
        raise ValueError("this is not an object in braces.")
    return line


def _found(catalogue: Catalogue, line: Line) -> Message:
    english, context = line.get("english"), line.get("context") or None
    if not isinstance(english, str) or not english:
        raise ValueError('"english" is missing.')
    if context is not None and not isinstance(context, str):
        raise ValueError('"context" is a text.')
    message = catalogue.get(english, context)
    if message is None:
        where = f' with the context "{context}"' if context else ""
        raise ValueError(f'there is no message "{english[:60]}"{where}. Was the English reworded?')
    return message


def _forms(line: Line, plural: str) -> tuple[str, ...]:
    given = line.get("translations") if plural else line.get("translation")
    forms = given if plural and isinstance(given, list) else [given]
    said = [form.strip() for form in forms if isinstance(form, str)]
    if len(said) < len(forms) or not all(said):
        raise ValueError('"translations" is missing.' if plural else '"translation" is missing.')
    return tuple(said)
