"""A version is frozen: what was asked, in which words, can never be changed behind the answers; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from feedback_app.core.errors import BadFile, FeedbackError
from feedback_app.definitions.area import load_area
from feedback_app.services import publishing
from feedback_app.services.publishing import Published
from feedback_app.storage.models import Collection, Response, SurveyVersion
from tests.factories import Copy, Respondent
from tests.integration.answering import Answering
from tests.translating import translate
from tests.web.page import Page

Copies = Callable[..., Copy]


def publish(copy: Copy, survey: str, *changes: tuple[str, str]) -> Published:
    """Change a survey's file and publish it."""
    file = copy.settings.surveys / f"{survey}.yaml"
    for old, new in changes:
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    area = load_area(copy.settings.surveys, copy.settings.area)
    around = publishing.surroundings(copy.settings.surveys, area)
    (checked,) = publishing.check([file], around, copy.settings.translations)
    with copy.session() as session, session.begin():
        now = copy.clock.moment
        done = publishing.publish(session, checked, area, copy.settings.translations, by="test", now=now)
        publishing.open_standing(session, done, by="test", today=copy.clock.today(), now=now)
        return done


def versions(copy: Copy) -> list[tuple[str, int]]:
    with copy.session() as session:
        found = session.execute(select(SurveyVersion.hash, SurveyVersion.version).order_by(SurveyVersion.version))
        return [tuple(row) for row in found]


LOCKED = '{id: Q1, type: single, label: "Which language?", choices: "area:home_languages", trend: "true"}'
CARRY_ON = "پچھلی جگہ سے آگے بڑھیں"
VERSION_2 = ('version: "1"', 'version: "2"')


def test_the_same_content_is_published_once(on_both: Copies) -> None:
    copy = on_both("text")
    before = versions(copy)

    done = publish(copy, "text")

    assert not done.new
    assert versions(copy) == before
    assert [number for _, number in before] == [1]


@pytest.mark.parametrize(
    "change",
    [
        ('label: "What is it called?"', 'label: "What is its name?"'),
        ('max: "20"', 'max: "21"'),
        ('title: "One line"', 'title: "A line"'),
    ],
)
def test_changed_content_under_the_same_number_is_refused(copy: Copies, change: tuple[str, str]) -> None:
    made = copy("text")
    before = versions(made)

    with pytest.raises(
        FeedbackError, match=r'text\.yaml: this is not what was published as version 1\. Write version: "2"'
    ):
        publish(made, "text", change)
    assert versions(made) == before


def test_changed_content_under_a_new_number_stands_beside_the_old(on_both: Copies) -> None:
    copy = on_both("text")
    first = versions(copy)

    done = publish(copy, "text", VERSION_2, ('label: "What is it called?"', 'label: "What is its name?"'))

    assert done.new
    assert versions(copy) == [*first, (done.hash, 2)]
    with copy.session() as session:
        assert session.scalars(select(Collection.version_hash)).one() == done.hash


def test_better_translations_of_one_version_make_another_row_of_it(on_both: Copies, tmp_path: Path) -> None:
    copy = on_both("text", translations=translate(tmp_path / "a", "ur", missing=frozenset({"text.Q1.label"})))
    copy.settings = copy.settings.model_copy(update={"translations": translate(tmp_path / "b", "ur")})

    done = publish(copy, "text")

    assert done.new
    assert [number for _, number in versions(copy)] == [1, 1]
    assert done.languages == ("en", "ur")


@pytest.mark.parametrize(
    ("survey", "ident", "change"),
    [
        ("scale", "Q1", ("I feel listened to here.", "People listen to me here.")),
        ("scale", "Q1", ('label: "Often"', 'label: "Very often"')),
        ("scale", "Q1", ('value: "3", label: "Often"', 'value: "4", label: "Often"')),
        ("scale", "Q1", ('    - {value: "1", label: "Never"}\n', "")),
        ("grid", "G1", ("How safe do you feel…", "How safe are you…")),
        ("grid", "G1", ('label: "in the park"', 'label: "in a park"')),
        ("pair-grid", "G1", ('label: "Before today"', 'label: "Before"')),
    ],
)
def test_an_item_locked_for_its_trend_cannot_change(
    copy: Copies, survey: str, ident: str, change: tuple[str, str]
) -> None:
    made = copy(survey)

    with pytest.raises(BadFile) as refused:
        publish(made, survey, VERSION_2, change)

    (problem,) = refused.value.problems
    assert problem.what == f"question {ident} is locked for its trend: new words or options need a new id."
    lines = (made.settings.surveys / f"{survey}.yaml").read_text().split("\n")
    assert f"id: {ident}" in "".join(lines[problem.line - 4 : problem.line])
    assert "label" in lines[problem.line - 1]
    assert len(versions(made)) == 1


@pytest.mark.parametrize(
    ("survey", "change"),
    [
        ("scale", ('label: "I come here."', 'label: "I am here."')),  # not locked
        ("scale", ("{id: Q1, type: scale, label: ", "{id: Q9, type: scale, label: ")),  # a new id
        ("grid", ('          - {id: park, label: "in the park"}\n', "")),  # the other rows are what they were
    ],
)
def test_what_is_not_locked_can_change(copy: Copies, survey: str, change: tuple[str, str]) -> None:
    made = copy(survey)
    more = [('{"==": [{answer: G1.park}, "1"]}', '{"==": [{answer: G1.street}, "1"]}')] if survey == "grid" else []

    assert publish(made, survey, VERSION_2, change, *more).new


def test_a_locked_item_with_a_list_of_the_area_can_be_published_again(copy: Copies) -> None:
    made = copy("text")
    publish(made, "text", VERSION_2, ('{id: Q1, type: text, label: "What is it called?", max: "20"}', LOCKED))

    assert publish(made, "text", ('version: "2"', 'version: "3"'), ("Any word will do.", "A word.")).new


def test_an_incomplete_language_is_not_offered_and_told_how_much_is_missing(on_both: Copies, tmp_path: Path) -> None:
    missing = frozenset({"text.Q1.label", "text.title"})
    copy = on_both("text", translations=translate(tmp_path, "ur", missing=missing))

    done = publish(copy, "text")

    assert (done.languages, done.waiting) == (("en",), {"ur": 2})
    client = copy.app().test_client()
    assert client.get("/ur/text").status_code == 404
    assert Page(client.get("/en/text").get_data(as_text=True)).links.get("اردو") is None


def test_a_translation_that_loses_a_name_stops_the_publishing(copy: Copies, tmp_path: Path) -> None:
    made = copy("piping")
    words = translate(tmp_path, "ur")
    file = words / "ur" / "LC_MESSAGES" / "surveys.po"
    file.write_text(file.read_text().replace("[ur] Thank you, {nickname}.", "[ur] Thank you."))
    made.settings = made.settings.model_copy(update={"translations": words})

    with pytest.raises(BadFile) as refused:
        publish(made, "piping")

    (problem,) = refused.value.problems
    assert problem.file == "translations/ur/LC_MESSAGES/surveys.po"
    assert problem.line == 1 + file.read_text().split("\n").index('msgid "Thank you, {nickname}."')
    assert problem.what == 'the translation of "piping.pages.named.intro" leaves out {nickname}.'


def test_every_problem_of_every_file_is_told_at_once(copy: Copies) -> None:
    made = copy("text", "scale")
    for survey in ("text", "scale"):
        file = made.settings.surveys / f"{survey}.yaml"
        file.write_text(file.read_text().replace("type: ", "type: x"))

    with pytest.raises(BadFile) as refused:
        made.publish()
    assert {problem.file for problem in refused.value.problems} == {"surveys/text.yaml", "surveys/scale.yaml"}
    assert len(refused.value.problems) == 4


def test_who_is_half_way_stays_on_the_version_they_began(on_both: Copies) -> None:
    copy = on_both("text")
    app = copy.app()
    early = Respondent(app, "text").start().press(answer="early")
    assert early.at == "Q2"

    change = ('      - {id: Q2, type: text, label: "And what do you call it?", hint: "Any word will do."}\n', "")
    publish(copy, "text", VERSION_2, change)

    late = Respondent(app, "text").start().press(answer="late")
    assert late.at == "check"
    assert early.press(answer="still").at == "check"
    assert early.send().receipt
    assert late.send().receipt
    with copy.session() as session:
        found = session.scalars(select(Response.version_hash)).all()
    assert sorted(dict(versions(copy))[version] for version in found) == [1, 2]


def test_who_is_half_way_in_a_language_that_the_new_version_lacks_can_finish(copy: Copies, tmp_path: Path) -> None:
    made = copy("text", translations=translate(tmp_path, "ur"))
    app = made.app()
    person = Respondent(app, "text", "ur").start().press(answer="a")
    publish(made, "text", VERSION_2, ('label: "What is it called?"', 'label: "What is its name?"'))

    assert Respondent(app, "text", "ur").start().status == 404
    person.press(answer="b").send()
    assert (person.status, person.at) == (200, "thank-you")
    assert len(person.receipt.split()) == 5


def test_who_is_half_way_in_english_can_look_at_the_start_page_in_a_language_that_came_later(
    copy: Copies, tmp_path: Path
) -> None:
    made = copy("text")
    app_before = made.app()
    person = Respondent(app_before, "text").start().press(answer="a")
    made.settings = made.settings.model_copy(update={"translations": translate(tmp_path, "ur")})
    publish(made, "text")
    later = Respondent(made.app(), "text", "ur")
    cookie = person.client.get_cookie("visit")
    assert cookie
    later.client.set_cookie("visit", cookie.value)

    later.open("/ur/text")
    assert later.status == 200
    assert later.open(Page(later.page).links[CARRY_ON]).at == "Q2"


def test_what_is_frozen_is_what_the_file_said(on_both: Copies, tmp_path: Path) -> None:
    copy = on_both("text", translations=translate(tmp_path, "ur", safety="approved", rest="reviewed"))
    person = Answering(copy, "text")
    with copy.session() as session:
        edition = person.editions.get(session, versions(copy)[0][0])

    assert edition.plan("en").survey.title == "One line"
    assert edition.plan("ur").survey.title == "[ur] One line"
    assert edition.review("ur") == "reviewed"
