"""Opening a survey to many places in one go: ticked on several pages of a list, each with a collection of its own."""

from __future__ import annotations

import re
from typing import Any

from feedback_app.services import registers
from feedback_app.services.registers import Draft
from feedback_app.storage.db import db
from tests.web.staff_copy import NOW, SURVEY, Copy, post, text_of

pytest_plugins = ["tests.web.staff_fixtures"]


def test_opened_to_many_at_once_each_has_a_page_of_its_own(staffed: Copy) -> None:
    client = staffed.member()
    with staffed.app.app_context():
        for number in range(60):
            registers.add(db.session, "place", Draft(f"School {number:02}"), by="Ann", now=NOW)
        db.session.commit()
    whom = f"/collections/new?survey={SURVEY}"
    nobody = client.get(f"{whom}&go=on")
    assert (nobody.status_code, "Tick to whom it is opened" in nobody.text) == (422, True)
    assert client.get("/collections/new?go=on").status_code == 422
    assert client.get(f"{whom}&to=x&to=-1&to=99999999999999999999").status_code == 200
    second = client.get(f"{whom}&to=1&to=16&page=2").text  # two ticked, and on to the next page: the ticks stay
    assert re.findall(r'name="to" value="(\d+)" checked', second) == ["1", "16"]
    assert "School 59" in second
    assert "School 49" not in second
    searched = client.get(f"{whom}&to=1&go=find&search=07").text
    assert re.findall(r'type="checkbox" id="to-(\d+)"', searched) == ["1", "8"]
    third = client.get(f"{whom}&to=1&to=16&to=60&go=on").text
    assert "for School 00, School 15, School 59" in third
    assert 'name="eligible"' not in third
    chosen: dict[str, Any] = {"survey": SURVEY, "to": ["1", "16", "60"], "opens": "2026-11-22", "closes": "2026-12-20"}
    chosen |= {"eligible": "12", "eligible-source": "nobody", "eligible-on": "2026-11-22"}
    last = client.get("/collections/new", query_string=chosen).text
    assert "3, each with a page of its own" in last
    opened = post(client, "/collections/new", last, **chosen)
    assert opened.location.startswith("/collections?search=")
    words = text_of(client.get(opened.location).text)
    assert "3 collections are kept, one for each." in words
    assert [name for name in ("School 00", "School 15", "School 59", "School 01") if name in words][-1] == "School 59"
    assert staffed.rows()["collection_number"] == 0
    ended: dict[str, Any] = {"to": ["2", "3"], "survey": SURVEY, "opens": "2026-11-22", "closes": "2026-11-21"}
    before = staffed.rows()["collection"]
    assert (post(client, "/collections/new", last, **ended).status_code, staffed.rows()["collection"]) == (422, before)
