"""A copy with every tiny survey open, in English and Urdu, made once for all tests that only answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from feedback_app.core import tokens
from feedback_app.storage.models import Response
from tests.factories import TEST_SURVEYS, Copy, Respondent, make_copy
from tests.translating import translate

Someone = Callable[..., Respondent]


@pytest.fixture(scope="session")
def open_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("open")
    surveys = sorted(file.stem for file in TEST_SURVEYS.glob("*.yaml"))
    copy = make_copy(folder, "", *surveys, translations=translate(folder, "ur"))
    yield copy
    copy.close()


@pytest.fixture(scope="session")
def open_app(open_copy: Copy) -> Flask:
    return open_copy.app()


@pytest.fixture
def someone(open_app: Flask) -> Someone:
    """Somebody who has opened a survey and pressed Start."""
    return lambda survey, language="en": Respondent(open_app, survey, language).start()


def sent(copy: Copy, person: Respondent) -> Response | None:
    """The response that this person's session made, if it made one."""
    cookie = person.client.get_cookie("visit")
    assert cookie
    ident = tokens.Respondent(copy.keys.server, cookie.value, person.survey).response_id
    with copy.session() as session:
        return session.get(Response, ident)
