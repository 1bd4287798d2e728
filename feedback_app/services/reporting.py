"""Gather the evidence of a period and have the findings made from it. Everything published goes through here.

Counts in memory as the responses stream past; nothing that leaves is a raw count (analysis/disclosure.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from analysis.counts import Period, Run
from analysis.findings import Comments, Evidence, Findings, Frame, assemble
from analysis.tables import NOTED, CollectionFacts, Denominator, Item, Option, Tally
from analysis.themes import Coded, Commenting
from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import Area
from feedback_app.definitions.survey import Survey
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.journey.filters import asked_of
from feedback_app.journey.plan import Plan
from feedback_app.questions.asked import Asked
from feedback_app.questions.registry import type_of
from feedback_app.services import participation, releases, training_report, triage_report
from feedback_app.services.collecting import DECLINED, STARTED
from feedback_app.services.editions import Edition, Editions
from feedback_app.services.reading import question_id
from feedback_app.services.training_report import Training
from feedback_app.storage.models import Collection
from feedback_app.storage.queries import coding as decisions
from feedback_app.storage.queries import report as reads

OF_NOTES = "/noted"
NOTHING_CODED = "X-NONE"  # the codebooks' flag for a comment that cannot be coded: counted, and left out
KINDS = {
    "need": "need",
    "priority": "priority",
    "statement": "statement",
    "principle": "principle",
    "training level": "training",
}


@dataclass(slots=True)
class _Counting:
    """What is counted of one item as the responses stream past."""

    item: Item
    several: bool
    only: str
    place: int
    versions: set[str] = field(default_factory=set)
    asked: int = 0
    blank: int = 0
    answered: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    collections: set[str] = field(default_factory=set)

    def meet(self, version: str, item: Item) -> None:
        """Another version may offer answers that the first did not, such as courses that are new."""
        if version not in self.versions:
            self.versions.add(version)
            known = {option.value for option in self.item.options}
            new = tuple(option for option in item.options if option.value not in known)
            self.item = replace(self.item, options=(*self.item.options, *new))

    def add(self, collection: str, answer: str | list[str]) -> None:
        """Count one person's answer."""
        self.asked += 1
        self.collections.add(collection)
        picked = [answer] if isinstance(answer, str) else answer
        picked = [value for value in picked if value]
        self.blank += not picked
        self.counts.update(picked)
        missing = {option.value for option in self.item.options if option.missing}
        self.answered += any(value not in missing for value in picked)

    def tally(self) -> Tally:
        """The counts as the analysis takes them."""
        answered = self.answered if self.several else None
        collections = tuple(sorted(self.collections))
        return Tally(
            self.item, self.asked, self.blank, dict(self.counts), collections, only=self.only, answered=answered
        )


@dataclass(slots=True)
class _Gathering:
    """One pass over a period."""

    session: Session
    area: Area
    editions: Editions
    books: Mapping[str, Codebook]
    run: Run
    collections: dict[str, Collection]
    training: Training
    items: dict[tuple[str, str, str], _Counting] = field(default_factory=dict)
    languages: dict[str, Counter[str]] = field(default_factory=dict)
    drafts: set[str] = field(default_factory=set)

    def edition(self, version_hash: str) -> Edition:
        return self.editions.get(self.session, version_hash)

    def survey(self, version_hash: str) -> Survey:
        return self.edition(version_hash).plan(SOURCE).survey

    def pass_over_responses(self) -> None:
        period = self.run.period
        for one in reads.responses_in(self.session, period.first, period.last):
            home = self.training.home(one.collection)
            self.languages.setdefault(home, Counter())[one.language] += 1
            edition = self.edition(one.version_hash)
            if edition.review(one.language) == "draft":
                self.drafts.add(one.language)
            plan = edition.plan(SOURCE)
            for name, answer in one.answers.items():
                asked = plan.asked.get(name)
                if asked is not None and _counts(plan.survey, asked):
                    counting = self._counting(plan, asked, self.training.course(one.collection), one.version_hash)
                    counting.add(home, answer)

    def _counting(self, plan: Plan, asked: Asked, course: str, version: str) -> _Counting:
        report = asked.question.report
        of = course if report and report.section == "training" else ""
        key = (plan.survey.survey, asked.id, of)
        found = self.items.get(key)
        if found is None:
            found = self.items[key] = _Counting(
                _item(plan.survey, asked, of),
                type_of(asked).several,
                asked_of(plan, asked),
                list(plan.asked).index(asked.id),
                {version},
            )
        elif version not in found.versions:
            found.meet(version, _item(plan.survey, asked, of))
        return found

    def tallies(self) -> tuple[Tally, ...]:
        """The tallies, in the order of the questions."""
        ordered = sorted(
            self.items.values(), key=lambda one: (one.item.survey_title, one.item.course, one.place, one.item.id)
        )
        return tuple(one.tally() for one in ordered)

    def facts(self) -> Iterator[CollectionFacts]:
        """What is known of each collection; the forms of a course's sessions are one collection together."""
        counts = reads.counts(self.session)
        given = participation.numbers_of(self.session, list(self.collections))
        for home, members in self._homes().items():
            one = members[0]
            survey, group = self.survey(one.version_hash), self.training.groups.get(one.id)
            whole = all(self._whole(member) for member in members)
            spoken = self.languages.get(home, Counter())
            offered = survey.languages if one.source == "survey" else ()
            closing = [member.closes_on for member in members if member.closes_on]
            number = {
                kind: sum(counts.get((member.id, kind), 0) for member in members) if whole else None
                for kind in (STARTED, DECLINED)
            }
            people = {kind: Denominator(n.number, n.source, n.on) for kind, n in given.get(one.id, {}).items()}
            anyone = one.source == "survey" and one.setting_id is None and not one.event
            yield CollectionFacts(
                id=home,
                title=group.title if group else one.title,
                audience=survey.audience,
                mode=survey.mode,
                source=one.source,
                opened=min(member.opens_on for member in members),
                closed=max(closing) if len(closing) == len(members) else None,
                languages={_language(code): spoken[code] for code in dict.fromkeys([*offered, *sorted(spoken)])},
                started=number[STARTED],
                completed=spoken.total(),
                declined=number[DECLINED],
                # One school is not the whole area: only what is for anyone with the link could reach all.
                eligible=people.get("eligible") or (self._eligible(survey.audience) if anyone and not group else None),
                invited=people.get("invited"),
                attended=group.attended([member.id for member in members]) if group else people.get("present"),
                note=self._left_out(members) if one.source == "survey" else one.note,
            )

    def _left_out(self, members: list[Collection]) -> str:
        """Which parts were not asked there. Staff's own note on a collection is for staff."""
        gone = {part for member in members for part in member.left_out.split()}
        named = [page.title or page.id for page in self.survey(members[0].version_hash).pages if page.id in gone]
        return f"These parts were left out there: {'; '.join(named)}." if named else ""

    def _homes(self) -> dict[str, list[Collection]]:
        homes: dict[str, list[Collection]] = {}
        for collection in self.collections.values():
            homes.setdefault(self.training.home(collection.id), []).append(collection)
        return homes

    def title(self, collection: str) -> str:
        """What a report calls a collection."""
        group = self.training.groups.get(collection)
        return group.title if group else self.collections[collection].title

    def _whole(self, collection: Collection) -> bool:
        """Whether the period covers the whole collection: starts are counted for all of it, with no dates."""
        period, end = self.run.period, collection.closes_on or self.run.on
        return collection.source == "survey" and period.first <= collection.opens_on and end <= period.last

    def _eligible(self, audience: str) -> Denominator | None:
        known = next((one for one in self.area.populations if one.audience == audience), None)
        return Denominator(known.number, f"{known.of}, {known.source}", known.on) if known else None

    def comments(self) -> Iterator[Comments]:
        """The coded comments of each survey: strangers' comments and a borough's own are never in one table.

        Nor are notes by staff and what people wrote themselves: notes of a survey's questions are a table of their own.
        """
        people: dict[str, set[str]] = {}
        collections: dict[str, set[str]] = {}
        questions: dict[str, dict[str, str]] = {}
        surveys: dict[str, Survey] = {}
        home: dict[tuple[str, str], str] = {}
        period = self.run.period
        for response, collection, version, name in reads.comments_in(self.session, period.first, period.last):
            survey = self.survey(version)
            question = survey.questions.get(question_id(name))
            if question is None or question.analyse != "themes" or survey.codebook not in self.books:
                continue
            table = self._themes_of(survey, collection)
            surveys[table] = survey
            people.setdefault(table, set()).add(response)
            collections.setdefault(table, set()).add(collection)
            questions.setdefault(table, {})[question.id] = question.label
            home[response, name] = table
        coded, uncodable = self._accepted(home)
        waiting = self._suggested(surveys, questions)
        for name, survey in sorted(surveys.items()):
            book = self.books[survey.codebook]
            noted = name.endswith(OF_NOTES)
            titles = tuple(sorted({self.title(one) for one in collections[name]}))
            commenting = Commenting(
                id=f"themes/{name}",
                title=titles[0] if noted else f"What people wrote: {survey.title}",
                question=" / ".join(f"“{label}”" for label in questions[name].values()),
                survey=survey.title,
                collections=titles,
                codebook=f"codebook {book.id}, version {book.version}",
                commenters=len(people[name] - uncodable.get(name, set())),
                noted=noted,
            )
            yield Comments(
                of=commenting,
                section="training" if book.id == "training" else "voice",
                names={code.code: code.name for code in book.codes},
                frames={code.code: tuple(code.frames) for code in book.codes},
                coded=tuple(coded.get(name, ())),
                waiting=waiting[name],
            )

    def _themes_of(self, survey: Survey, collection: str) -> str:
        """Which table of themes the comments of a collection belong to."""
        held = self.collections.get(collection)
        return f"{survey.survey}{OF_NOTES}" if held and held.source == NOTED else survey.survey

    def _accepted(self, home: Mapping[tuple[str, str], str]) -> tuple[dict[str, list[Coded]], dict[str, set[str]]]:
        """Accepted codes by survey, and the people whose every comment was set aside as not codable."""
        coded: dict[str, list[Coded]] = {}
        aside: dict[str, Counter[str]] = {}
        written: dict[str, Counter[str]] = {}
        for (response, _), name in home.items():
            written.setdefault(name, Counter())[response] += 1
        for verdict in decisions.newest_verdicts(self.session):
            name = home.get((verdict.response_id, verdict.field), "")
            if not name or verdict.verdict != decisions.ACCEPTED:
                continue
            if verdict.code == NOTHING_CODED:
                aside.setdefault(name, Counter())[verdict.response_id] += 1
            elif not verdict.code.startswith("X-"):
                coded.setdefault(name, []).append(Coded(verdict.response_id, verdict.code, verdict.direction))  # type: ignore[arg-type]
        uncodable = {
            name: {person for person, number in held.items() if number == written[name][person]}
            for name, held in aside.items()
        }
        return coded, uncodable

    def _suggested(self, surveys: Mapping[str, Survey], questions: Mapping[str, dict[str, str]]) -> Counter[str]:
        waiting: Counter[str] = Counter()
        period = self.run.period
        for collection, name, number in decisions.undecided_suggestions(self.session, period.first, period.last):
            held = self.collections.get(collection)
            table = self._themes_of(self.survey(held.version_hash), collection) if held else ""
            if table in surveys and question_id(name) in questions[table]:
                waiting[table] += number
        return waiting

    def notices(self) -> Iterator[str]:
        if self.drafts:
            spoken = ", ".join(_language(code) for code in sorted(self.drafts))
            yield f"Some people answered in words that nobody has reviewed yet: {spoken}. Read those answers with care."
        imported = [one.title for one in self.collections.values() if one.source == "imported"]
        if imported:
            yield f"Answers that were brought in from elsewhere are marked “imported”: {'; '.join(imported)}."
        noted = [one.title for one in self.collections.values() if one.source == NOTED]
        if noted:
            yield (
                "Notes that staff typed in stand apart and are marked as notes. They are not people who answered, and "
                f"no percentage counts them: {'; '.join(noted)}."
            )
        yield from triage_report.notices(
            self.session, participation.rule_of(self.area), self.run.period.first, self.run.period.last
        )


def find(
    session: Session,
    area: Area,
    editions: Editions,
    books: Mapping[str, Codebook],
    first: date,
    last: date,
    today: date,
    by: str = "",
) -> Findings:
    """Make the findings of a period: released tables and sentences, nothing raw.

    Args:
        by: who gives them out, so that later ones are held against them; nobody, where they are only looked at.

    Raises:
        FeedbackError: the period ends before it begins, or others were given out meanwhile.
    """
    since = releases.newest(session)
    if last < first:
        raise FeedbackError(f"The period ends on {last}, before it begins on {first}.")
    run = Run(Period(first, last), today)
    collections = {one.id: one for one in reads.collections_in(session, first, last)}
    training = training_report.gather(session, area)
    gathering = _Gathering(session, area, editions, books, run, collections, training)
    gathering.pass_over_responses()
    evidence = Evidence(
        area=area.name,
        is_example=area.example,
        run=run,
        collections=tuple(gathering.facts()),
        tallies=gathering.tallies(),
        comments=tuple(gathering.comments()),
        frames=_frames(books),
        notices=tuple(gathering.notices()),
        courses=tuple(training.courses(area, first, last)),
        paired=tuple(training_report.paired(session, training, gathering.survey, first, last)),
    )
    found = assemble(evidence, participation.rule_of(area), releases.earlier(session, first, last))
    if by:
        releases.remember(session, found, since=since, by=by)
    return found


def _counts(survey: Survey, asked: Asked) -> bool:
    """Whether an answer is counted: no words of people's own, and nothing that a session's form tells by itself."""
    told = survey.pair is not None and survey.pair.session and asked.question.type == "auto"
    return not (type_of(asked).text or type_of(asked).written or told)


def _item(survey: Survey, asked: Asked, course: str = "") -> Item:
    question, row = asked.question, asked.row
    report = question.report
    frames = [*(report.frames if report else ()), *(row.frames if row else ())]
    return Item(
        survey=survey.survey,
        survey_title=survey.title,
        id=asked.id,
        text=asked.words,
        options=tuple(Option(c.value, c.label, c.missing, c.positive) for c in asked.choices),
        frames=tuple(dict.fromkeys(frames)),
        section=report.section if report else "method",
        several=type_of(asked).several,
        course=course,
    )


def _frames(books: Mapping[str, Codebook]) -> dict[str, Frame]:
    return {
        code: Frame(frame.name[:1].upper() + frame.name[1:], KINDS[frame.kind])  # type: ignore[arg-type]
        for book in books.values()
        for code, frame in book.frames.items()
        if frame.kind in KINDS
    }


def _language(code: str) -> str:
    return LOCALES[code].english_name if code in LOCALES else code
