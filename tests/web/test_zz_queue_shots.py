
import sys
from tests.web import test_staff_triage_browser as b
from tests.web.test_staff_browser import in_a_browser
pytest_plugins = ["tests.web.staff_fixtures"]
import pytest
@pytest.mark.parametrize("width",[360,1280])
def test_shots(staffed,width):
    ids=b.fill(staffed)
    def walk(ctx):
        page=ctx.new_page()
        n=[0]
        def look(name):
            n[0]+=1
            page.screenshot(path=f"/tmp/qshots/{width}-{n[0]:02}-{name.replace(' ','_').replace(',','')}.png",full_page=True)
        b.walk_queue(page,ids,look)
    in_a_browser(staffed,walk,viewport={"width":width,"height":740})
