"""Build raw evidence for the tests of tables, findings and documents. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from analysis.counts import Period, Run
from analysis.findings import Comments, Evidence, Frame
from analysis.tables import CollectionFacts, Denominator, Item, Option, Tally
from analysis.themes import Coded, Commenting, Direction

RUN = Run(Period(date(2025, 4, 1), date(2026, 3, 31)), on=date(2026, 4, 14))

ALWAYS = (
    Option("5", "Always", positive=True),
    Option("4", "Mostly", positive=True),
    Option("3", "Sometimes"),
    Option("2", "Not often"),
    Option("1", "Never"),
    Option("pns", "Prefer not to say", missing="prefer-not-to-say"),
)
YES_NO = (
    Option("yes", "Yes", positive=True),
    Option("no", "No"),
    Option("ns", "Not sure", missing="not-sure"),
)
PLACES = (Option("toilets", "Toilets"), Option("corridor", "Corridors"), Option("gate", "At the gate"))

FRAMES: Mapping[str, Frame] = {
    "PRI-N": Frame("Neglect", "priority"),
    "PRI-CE": Frame("Child exploitation", "priority"),
    "PRI-SE": Frame("Safeguarding in education", "priority"),
    "ND-V": Frame("Vigilance: adults notice when things are troubling me", "need"),
    "ND-U": Frame("Understanding and action", "need"),
    "ND-S": Frame("Stability", "need"),
    "ND-R": Frame("Respect", "need"),
    "ND-I": Frame("Information and engagement", "need"),
    "ND-E": Frame("Explanation", "need"),
    "ND-P": Frame("Support", "need"),
    "ND-A": Frame("Advocacy", "need"),
    "KP-H": Frame("Safe at home", "statement"),
    "KP-C": Frame("Safe in the community", "statement"),
    "KP-S": Frame("Safe safeguarding systems", "statement"),
    "TR-1": Frame("Reaction to the session", "training"),
    "TR-2": Frame("What was learned", "training"),
    "TR-3": Frame("Change in practice", "training"),
    "TR-4": Frame("Difference for children and families", "training"),
}

THEMES = {
    "B1": "Listened to",
    "G2": "Waiting",
    "J1": "Places",
    "C1": "Same person",
    "M7": "Feedback loop",
    "H1": "Advocate offered or used",
}
THEME_FRAMES = {
    "B1": ("ND-U", "P1"),
    "G2": ("ND-P", "KP-S"),
    "J1": ("KP-C",),
    "C1": ("ND-S", "KP-S"),
    "M7": ("KP-S",),
    "H1": ("ND-A",),
}


def item(
    id: str = "YP10",  # noqa: A002 - the field is called id
    text: str = "I feel safe where I live.",
    frames: Sequence[str] = ("KP-H",),
    options: tuple[Option, ...] = ALWAYS,
    *,
    section: str = "voice",
    several: bool = False,
    course: str = "",
    survey: str = "young-person",
    title: str = "Young person: life and safety",
) -> Item:
    return Item(survey, title, id, text, options, tuple(frames), section, several, course)


def tally(
    of: Item,
    counts: Sequence[int],
    blank: int = 0,
    collections: tuple[str, ...] = ("yp-2025",),
    only: str = "",
    answered: int | None = None,
) -> Tally:
    """A tally with one count for each option, in order. For several answers, `answered` people make up the asked."""
    named = {option.value: n for option, n in zip(of.options, counts, strict=True)}
    people = sum(counts) if answered is None else answered
    return Tally(of, people + blank, blank, named, collections, only)


def facts(
    id: str = "yp-2025",  # noqa: A002 - the field is called id
    title: str = "Young person's survey, autumn 2025",
    languages: Mapping[str, int] | None = None,
    audience: str = "young-person",
    mode: str = "anonymous",
    source: str = "survey",
    *,
    started: int | None = None,
    eligible: Denominator | None = None,
    invited: Denominator | None = None,
    attended: Denominator | None = None,
    note: str = "",
) -> CollectionFacts:
    spoken = languages or {"English": 64}
    return CollectionFacts(
        id,
        title,
        audience,
        mode,
        source,
        date(2025, 9, 8),
        date(2025, 10, 17),
        spoken,
        started,
        sum(spoken.values()),
        None,
        eligible,
        invited,
        attended,
        note,
    )


def coded(code: str, direction: Direction, people: int, first: int = 0) -> tuple[Coded, ...]:
    """The code, once each, on comments of that many people."""
    return tuple(Coded(f"person-{n}", code, direction) for n in range(first, first + people))


def commenting(commenters: int = 93, id: str = "themes/voice") -> Commenting:  # noqa: A002
    return Commenting(
        id,
        "What young people wrote about",
        "What needs to change?",
        "Young person: life and safety",
        ("Young person's survey, autumn 2025",),
        "codebook voice, version 0.1",
        commenters,
    )


def full_evidence() -> Evidence:
    """A whole invented year: a survey with gaps, comments, and two training courses, one of them brought in."""
    young = facts(
        languages={"English": 118, "Urdu": 17, "Polish": 6, "Slovak": 0},
        started=171,
        eligible=Denominator(1987, "pupils on roll, school census", date(2025, 5, 15)),
    )
    small = facts("yp-club", "Young person's survey, youth club", {"English": 7}, started=8)
    day = facts(
        "level-3",
        "Level 3 Safeguarding: end of the day",
        {"English": 88},
        "practitioner",
        "confidential",
        started=88,
        attended=Denominator(123, "booking system", date(2026, 3, 31)),
    )
    brought = facts(
        "brought-in", "Training day feedback 2018", {"English": 967}, "practitioner", "anonymous", "imported"
    )
    training = {"section": "training", "survey": "training-day", "title": "Training: end of the day"}
    agree = (
        Option("5", "Agree a lot", positive=True),
        Option("4", "Agree a bit", positive=True),
        Option("3", "In between"),
        Option("2", "Disagree a bit"),
        Option("1", "Disagree a lot"),
    )
    tallies = (
        tally(item(), (61, 38, 19, 11, 4, 3), 5),
        tally(item("YP81", "They listened to me.", ("ND-U",)), (33, 24, 13, 7, 2, 4), 58),
        tally(item("YP84", "They did what they said they would do.", ("ND-S",)), (12, 4, 3, 2, 1, 0), 119),
        tally(item("YP89", "Were you offered an advocate?", ("ND-A",), YES_NO), (3, 4, 1), 3),
        tally(item("YP33", "Is there an adult there you would go to with a worry?", ("PRI-SE", "ND-V"), YES_NO),
              (87, 31, 14), 9),
        tally(
            item("YP32", "Where do you feel least safe at school?", ("PRI-SE", "KP-C"), PLACES, several=True),
            (52, 44, 23), 27, answered=97,
        ),
        tally(item("YP21", "Do you know who could help if a friend went hungry?", ("PRI-N",), YES_NO), (64, 55, 20), 2),
        tally(item("YP94", "I think adults in charge will act on this survey.", ()), (22, 31, 40, 21, 18, 2), 7),
        tally(item("YP04", "Can anyone see your screen right now?", (), YES_NO, section="method"), (31, 99, 6), 5),
        tally(item("DM02", "Are you disabled?", (), YES_NO, section="equality"), (26, 91, 11), 13),
        tally(item("TF10", "It was relevant to my work.", ("TR-1",), agree, course="Level 3 Safeguarding", **training),
              (51, 22, 8, 2, 1), 4, ("level-3",)),
        tally(item("TF22", "I intend to use something from today.", ("TR-2",), agree, course="Level 3 Safeguarding",
                   **training), (47, 29, 6, 1, 0), 5, ("level-3",)),
        tally(item("TF10", "The training was worth my time.", ("TR-1",), agree, course="Instructor training",
                   **training), (474, 343, 58, 17, 12), 63, ("brought-in",)),
    )  # fmt: skip
    voice = Comments(
        commenting(),
        "voice",
        THEMES,
        THEME_FRAMES,
        (
            *coded("B1", "+", 34),
            *coded("B1", "-", 12, 40),
            *coded("G2", "-", 21),
            *coded("G2", ">", 16, 10),
            *coded("J1", ">", 28, 30),
            *coded("J1", "-", 13, 60),
            *coded("C1", "~", 11),
            *coded("M7", "-", 6),
            *coded("H1", "+", 3),
            *coded("X-THIN", "0", 9),
        ),
        waiting=137,
    )
    return Evidence(
        area="Example borough",
        is_example=True,
        run=RUN,
        collections=(young, small, day, brought),
        tallies=tallies,
        comments=(voice,),
        frames=FRAMES,
        notices=("The Urdu, Polish and Slovak words of the survey are drafts. Nobody has approved them yet.",),
    )
