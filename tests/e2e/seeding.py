"""Put other people's answers into a running copy, so that there is something to count: under ten nothing is shown."""

from __future__ import annotations

from sqlalchemy.orm import Session

from feedback_app.core.clock import SystemClock
from feedback_app.core.keys import load_keys
from feedback_app.core.settings import Settings
from feedback_app.definitions.area import load_area
from feedback_app.questions.asked import Answer
from feedback_app.services import collecting, collections
from feedback_app.services.editions import Editions
from feedback_app.storage.db import make_engine
from tests.e2e.conftest import Served
from tests.releasing import screens


def seed(
    served: Served, people: int, answers: dict[str, Answer], language: str = "en", collection: str = "young-person"
) -> None:
    """Have this many people send these answers to a collection of the young person's survey."""
    settings = Settings(instance=served.instance, database_url="")
    engine, clock = make_engine(settings.database), SystemClock()
    keys = load_keys(settings.keys, private=False)
    with Session(engine) as session, session.begin():
        held = collections.find(session, collection)
        assert held is not None
        editions = Editions(load_area(settings.surveys, settings.area))
        plan = editions.get(session, held.version_hash).plan(language)
        for _ in range(people):
            visit = collecting.begin(session, keys, held, clock.now())
            collecting.keep(session, visit, "", "", answers, language)
            collecting.send(session, keys, screens(), visit, plan, language, clock.today())
    engine.dispose()
