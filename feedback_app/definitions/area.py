"""What an area is: one partnership's names, places, groups, priorities and signposts, from surveys/areas/<area>.yaml.

Local names are data: no name, number or place of a borough is in code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from feedback_app.core.errors import BadFile, did_you_mean
from feedback_app.definitions.load import read_source, shape
from feedback_app.definitions.survey import Audience, Choice, Part, Words
from feedback_app.i18n.locales import LOCALES, nearest

SIGNPOST_MONTHS = 6
REQUIRED_SIGNPOSTS = ("emergency", "child_line", "local_front_door")


def _in_english(said: dict[str, str]) -> dict[str, str]:
    if said and not said.get("en"):
        raise ValueError('"en" is missing: write it in English too')
    return said


def _languages(named: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    for code in (code for key, others in named.items() for code in (key, *others)):
        if code not in LOCALES:
            raise ValueError(f'there is no language "{code}".{did_you_mean(code, LOCALES)}')
    return named


def day_of_a_year(words: str) -> str:
    """The words, if they are a day of every year, such as "04-01"; else ValueError."""
    try:
        # In a year without a 29 February, with which not every year could begin.
        date.fromisoformat(f"2025-{words}" if len(words) == 5 else "")
    except ValueError:
        raise ValueError(f'"{words}" is no day of every year: write month and day, such as "04-01"') from None
    return words


def _at_least(least: int) -> AfterValidator:
    """A threshold of publishing: it can be stricter than promised, and never looser."""

    def check(number: int) -> int:
        if number < least:
            raise ValueError(f"{number} is too small: it can be {least} or more, and never less")
        return number

    return AfterValidator(check)


Spoken = Annotated[dict[str, str], AfterValidator(_in_english), Field(description="Words by language, English first.")]
Day = Annotated[date, Field(description="Year-month-day, such as 2026-11-02.")]


class Signpost(Part):
    """Where a person can turn: who, how, when, and when somebody last made sure that it is right."""

    id: str
    name: Spoken
    phone: str = ""
    sms: str = Field("", description="A number to text, for who cannot or would rather not speak.")
    chat: str = Field("", description="The address of a chat.")
    url: str = ""
    says: Spoken = Field({}, description="One sentence: who it is for and when it answers.")
    audiences: tuple[Audience, ...] = Field((), description="Whose surveys show it; empty means everyone's.")
    checked_on: Day
    checked_by: Words

    @property
    def has_a_way(self) -> bool:
        """Whether there is any way to reach it."""
        return bool(self.phone or self.sms or self.chat or self.url)

    def is_for(self, audience: str) -> bool:
        """Whether it is shown to these people."""
        return not self.audiences or audience in self.audiences

    def too_old(self, day: date) -> bool:
        """Whether on a day more than six months are over since somebody made sure that it is right."""
        months = (day.year - self.checked_on.year) * 12 + day.month - self.checked_on.month
        return months > SIGNPOST_MONTHS or (months == SIGNPOST_MONTHS and day.day > self.checked_on.day)

    def speaks(self, language: str) -> bool:
        """Whether its words are there in a language; a name that is the same in all is written once, as English."""
        return (not self.says or language in self.says) and (len(self.name) == 1 or language in self.name)


class Named(Part):
    """A name in a register, true from one day to another: an old report keeps the names of its time."""

    id: str
    name: Words
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None


class Population(Part):
    """How many people there are that could answer, by whom and when it was counted. Never a guess."""

    audience: str
    number: Annotated[int, Field(ge=0)]
    of: Words
    source: Words
    on: Day


class Area(Part):
    """One partnership."""

    area: str
    name: Words
    short_name: Words
    example: bool = False
    controller: Words
    privacy_url: str = ""
    contact: Words
    hear_back: Spoken = Field({}, description="When and where people will hear what came of their answers.")
    words: dict[str, Spoken] = Field({}, description="Local words that questions may name, such as {ce_service}.")
    fallbacks: Annotated[dict[str, tuple[str, ...]], AfterValidator(_languages)] = Field(
        {}, description="By language, which languages its readers turn to for what it does not have, likeliest first."
    )
    lists: dict[str, tuple[Choice, ...]] = Field({}, description="Local lists of choices: home languages, wards.")
    signposts: tuple[Signpost, ...] = ()
    priorities: tuple[Named, ...] = ()
    groups: tuple[Named, ...] = ()
    services: tuple[Named, ...] = ()
    populations: tuple[Population, ...] = ()
    year_begins: Annotated[str, AfterValidator(day_of_a_year)] = Field(
        "04-01", description="First day of the reporting year, month-day."
    )
    smallest_count: Annotated[int, _at_least(10)] = Field(10, description="Published counts under it are hidden.")
    round_to: Annotated[int, _at_least(5)] = Field(5, description="Other published counts are rounded to it.")
    percent_base: Annotated[int, _at_least(30)] = Field(30, description="No percentage is taken from fewer people.")

    def words_in(self, language: str) -> dict[str, str]:
        """The local words in a language; a name that is the same in all is written once, as English."""
        return {name: said.get(nearest(language, said, self.fallbacks), "") for name, said in self.words.items()}

    def signposts_for(self, audience: str) -> tuple[Signpost, ...]:
        """The signposts that these people are shown, in the file's order; those made for them come first."""
        held = [signpost for signpost in self.signposts if signpost.is_for(audience)]
        return tuple(sorted(held, key=lambda signpost: not signpost.audiences))

    def signpost_gaps(self, today: date, audience: str) -> Iterator[str]:
        """Say which signposts are missing or older than six months; a survey for children may not open then."""
        shown = self.signposts_for(audience)
        held = {signpost.id for signpost in shown}
        for needed in REQUIRED_SIGNPOSTS:
            if needed not in held:
                yield f'the signpost "{needed}" is missing from surveys/areas/{self.area}.yaml'
        for signpost in shown:
            if not signpost.has_a_way:
                yield f'the signpost "{signpost.id}" has neither phone, sms, chat nor url'
            if signpost.too_old(today):
                yield f'the signpost "{signpost.id}" was last checked on {signpost.checked_on}, over six months ago'


def load_area(folder: Path, name: str) -> Area:
    """Load an area by the name of its file in `surveys/areas`.

    Raises:
        BadFile: every problem of the file, with its line.
    """
    source = read_source(folder / "areas" / f"{name}.yaml")
    area, problems = shape(source, Area)
    if area is None or problems:
        raise BadFile(problems)
    return area
