"""Check the survey files and publish them: a frozen, content-hashed copy with each language it is complete in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import BadFile, FeedbackError, Problem
from feedback_app.definitions.area import Area
from feedback_app.definitions.freeze import Frozen, Language, freeze, with_area_lists, without_area_lists
from feedback_app.definitions.linter import Surroundings, check_survey
from feedback_app.definitions.load import Source, read_source
from feedback_app.definitions.survey import Survey
from feedback_app.i18n.catalogues import Message, lowest_review, read_messages
from feedback_app.i18n.checking import misfits
from feedback_app.i18n.locales import SOURCE
from feedback_app.i18n.survey_texts import Text, texts
from feedback_app.questions.registry import TYPES
from feedback_app.services import audit, readiness
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.editions import Edition
from feedback_app.storage.models import Collection, SurveyVersion


@dataclass(frozen=True, slots=True)
class Checked:
    """A survey file that has no problem, and what it was read from."""

    source: Source
    survey: Survey


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the version's hash, and whether it is new."""

    survey: Survey
    hash: str
    new: bool
    languages: tuple[str, ...]
    waiting: dict[str, int]  # languages that are not complete: how many texts are missing
    edition: Edition


def surroundings(surveys: Path, area: Area) -> Surroundings:
    """Gather what survey files may refer to: question types, the area's words and lists, codebooks, drawings."""
    codebooks = load_codebooks(surveys)
    return Surroundings(
        kinds=TYPES,
        area_words=frozenset(area.words),
        area_lists=area.lists,
        codebooks={name: frozenset(book.frames) for name, book in codebooks.items()},
        drawings=frozenset(file.name for file in (surveys / "symbols").glob("*.svg")),
    )


def survey_files(folder: Path) -> list[Path]:
    """The survey files of a folder: YAML, or JSON with the same keys."""
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.json")])


def check(files: list[Path], around: Surroundings, translations: Path) -> list[Checked]:
    """Check survey files and the translations.

    Raises:
        BadFile: every problem of every file at once.
    """
    checked: list[Checked] = []
    problems: list[Problem] = list(misfits(translations))
    for file in files:
        try:
            source = read_source(file)
            checked.append(Checked(source, check_survey(source, around)))
        except BadFile as bad:
            problems.extend(bad.problems)
    if problems:
        raise BadFile(problems)
    return checked


def publish(session: Session, one: Checked, area: Area, translations: Path, *, by: str, now: datetime) -> Published:
    """Publish a survey, or say that this very content is published already.

    Raises:
        FeedbackError: the words or options were changed under a version number, or a trend item, that is in use.
    """
    frozen, waiting = _freeze(one, area, translations)
    published = Published(one.survey, frozen.hash, False, (SOURCE, *frozen.languages), waiting, Edition(frozen, area))
    if session.get(SurveyVersion, frozen.hash):
        return published
    _refuse_silent_change(session, one, frozen)
    session.add(
        SurveyVersion(
            hash=frozen.hash,
            survey=one.survey.survey,
            version=one.survey.version,
            title=one.survey.title,
            document=frozen.document,
            words={code: language.as_document() for code, language in frozen.languages.items()},
            published_on=now.date(),
        )
    )
    session.flush()
    audit.record(session, by, "survey.publish", one.survey.survey, now, version=one.survey.version, hash=frozen.hash)
    return replace(published, new=True)


def open_standing(session: Session, done: Published, *, by: str, today: date, now: datetime) -> Collection:
    """Open the survey's standing collection, or move it to this version; who is half-way stays on theirs.

    A survey in which children can write waits until somebody opens it; also a version for which something is missing.
    """
    collection, binds = session.get(Collection, done.survey.survey), readiness.binds(done.edition)
    if collection is None:
        collection = Collection(
            id=done.survey.survey,
            version_hash=done.hash,
            title=done.survey.title,
            source="survey",
            opens_on=today,
            waits=binds,
        )
        session.add(collection)
        if binds:
            audit.record(session, by, "collection.wait", collection.id, now)
        else:
            audit.record(session, by, "collection.open", collection.id, now)
    elif collection.version_hash != done.hash:
        collection.version_hash, collection.title = done.hash, done.survey.title
        if binds and not collection.waits:
            languages = readiness.possible(done.edition, collection.languages)
            wanted = readiness.needs(session, done.edition, languages, today)
            collection.waits = bool(readiness.stopping(done.edition, wanted))
        audit.record(session, by, "collection.new_version", collection.id, now, hash=done.hash, waits=collection.waits)
    session.flush()
    return collection


def complete_languages(one: Checked, translations: Path) -> list[str]:
    """The languages in which every text of a survey file is translated, English first."""
    waiting = _translated(one, translations)[1]
    return [code for code in one.survey.languages if code not in waiting]


def still_to_translate(frozen: Frozen, area: Area, translations: Path, language: str) -> tuple[int, int]:
    """How many texts of a published version have no translation in a language, and how many there are.

    A translation that came after publishing counts here, and is offered once the survey is published again.
    """
    document = without_area_lists(frozen.document, area.lists)
    wanted = {text.context: text for text in texts(document)}
    needed = _needed(wanted, document["audience"])
    found = {m.context for m in read_messages(translations, language, "surveys") if _fits(m, wanted)}
    return len(needed - found), len(needed)


def _needed(wanted: dict[str, Text], audience: str) -> set[str]:
    """A language without easy words is offered without them. Only a survey for children shows its pictures always."""
    return {context for context, text in wanted.items() if not text.easy or audience == "child"}


def as_published(one: Checked, area: Area, translations: Path) -> Frozen:
    """A survey file as it would be published today, with each language it is complete in."""
    return _freeze(one, area, translations)[0]


def _freeze(one: Checked, area: Area, translations: Path) -> tuple[Frozen, dict[str, int]]:
    document = with_area_lists(one.source.content, area.lists)
    languages, waiting = _translated(one, translations)
    return freeze(document, languages), waiting


def _translated(one: Checked, translations: Path) -> tuple[dict[str, Language], dict[str, int]]:
    wanted = {text.context: text for text in texts(one.source.content)}
    needed = _needed(wanted, one.survey.audience)
    languages: dict[str, Language] = {}
    waiting: dict[str, int] = {}
    for code in one.survey.languages:
        if code == SOURCE:
            continue
        found = {m.context: m for m in read_messages(translations, code, "surveys") if _fits(m, wanted)}
        if needed - found.keys():
            waiting[code] = len(needed - found.keys())
            continue
        safety = [found[context] for context, text in wanted.items() if text.safety and context in found]
        languages[code] = Language(
            {context: found[context].words for context in wanted if context in found},
            lowest_review(found.values()),
            lowest_review(safety),
        )
    return languages, waiting


def _fits(message: Message, wanted: dict[str, Text]) -> bool:
    text = wanted.get(message.context)
    return text is not None and text.english == message.english


def _refuse_silent_change(session: Session, one: Checked, frozen: Frozen) -> None:
    survey = one.survey
    earlier = session.scalars(
        select(SurveyVersion).where(SurveyVersion.survey == survey.survey).order_by(SurveyVersion.version.desc())
    ).all()
    # What was made of this survey for one session of a course is no version that anybody wrote.
    earlier = [one for one in earlier if not (one.document.get("pair") or {}).get("session")]
    for version in earlier:
        if version.version == survey.version and version.document != frozen.document:
            raise FeedbackError(
                f"{one.source.name}: this is not what was published as version {survey.version}. "
                f'Write version: "{max(v.version for v in earlier) + 1}" and publish again.'
            )
    if earlier:
        before = Survey.model_validate(earlier[0].document)
        problems = list(_broken_trends(one.source, Survey.model_validate(frozen.document), before))
        if problems:
            raise BadFile(problems)


def _broken_trends(source: Source, after: Survey, before: Survey) -> Iterator[Problem]:
    for at, page in enumerate(after.pages):
        for number, question in enumerate(page.questions):
            old = before.questions.get(question.id)
            if old is None or not old.trend:
                continue
            options = [(choice.value, choice.label) for choice in after.choices_of(question)]
            rows = {row.id: row.label for row in old.rows}
            columns = [(column.id, column.label) for column in old.columns]
            if (
                question.label != old.label
                or options != [(c.value, c.label) for c in before.choices_of(old)]
                or any(row.label != rows.get(row.id, row.label) for row in question.rows)
                or columns != [(column.id, column.label) for column in question.columns]
            ):
                what = f"question {question.id} is locked for its trend: new words or options need a new id."
                yield source.problem(("pages", at, "questions", number, "label"), what)
