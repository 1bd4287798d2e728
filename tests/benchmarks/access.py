"""Every page of every survey, in every language, at two widths, ordinary and easy, with mistakes, by axe."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.visits import ROOT, serving
from tests.benchmarks.weight import FLAGS
from tests.e2e.looking import Looker
from tests.e2e.passing import pass_through
from tests.e2e.walking import go_on, screen

METHOD = """Method. A copy as `make run` makes it. Chromium walks each survey in each language that it is offered in, at
360 and at 1280 px, in ordinary and, where there are any, in easy words, answering by a fixed seed, each page first
wrongly where a page can be answered wrongly. Each page is measured (nothing wider than the screen, nothing to press
under 44 px) and looked at by axe (WCAG 2.0 to 2.2 A and AA, best practice; what axe cannot decide counts as a fault). A
page whose structure was looked at before in the same script, direction and width is not looked at again; with
EVERYTHING=1 it is."""
BESIDE = ("", "/help", "/left", "/privacy", "/privacy/children", "/accessibility", "/you-said-we-did", "/class")
PORT = 5325


def _survey(browser: Browser, looker: Looker, survey: str, language: str, width: int, *, easy: bool) -> int:
    context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}", viewport={"width": width, "height": 740})
    page = context.new_page()
    name = f"{survey} {language} {width}{' easy' if easy else ''}"
    opened = page.goto(f"/{language}/{survey}")
    if opened is None or opened.status == 404 or (easy and not page.locator("#words").count()):
        context.close()
        return 0
    looker.look(page, f"{name}: start")
    if easy:
        page.locator("#words").check(force=True)
    go_on(page)
    before = looker.passed
    pass_through(page, Random(name), looker, f"{name}: ")
    looker.look(page, f"{name}: check")
    go_on(page)
    looker.look(page, f"{name}: {screen(page)}")
    context.close()
    return looker.passed - before


def main() -> None:
    """Walk everything and print how many pages were passed and looked at, and every fault."""
    print(METHOD + "\n")
    everything = bool(os.environ.get("EVERYTHING"))
    surveys = sorted(file.stem for file in (ROOT / "surveys").glob("*.yaml"))
    languages = os.environ.get("LANGUAGES", "en ur pl sk cs ro ar ckb").split()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"INSTANCE": folder, "PORT": str(PORT), "DATABASE_URL": ""}
        feedback = str(Path(sys.executable).with_name("feedback"))
        subprocess.run(
            [feedback, "init"], env=os.environ | environment, check=True, stdout=subprocess.DEVNULL, cwd=ROOT
        )
        chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
        with serving([feedback, "run"], PORT, environment):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            total = Looker(everything=everything, measures=True)
            for language in languages:
                began, passed = time.monotonic(), total.passed
                for width in (360, 1280):
                    context = browser.new_context(
                        base_url=f"http://127.0.0.1:{PORT}", viewport={"width": width, "height": 740}
                    )
                    page = context.new_page()
                    for address in BESIDE:
                        page.goto(f"/{language}{address}")
                        total.look(page, f"{language}{address} {width}")
                    context.close()
                    for survey in surveys:
                        for easy in (False, True):
                            _survey(browser, total, survey, language, width, easy=easy)
                taken = time.monotonic() - began
                print(f"{language:4} {total.passed - passed:6} pages in {taken:4.0f} s", flush=True)
            browser.close()
    print(f"\n{total.passed} pages, {total.looked_at} of them looked at by axe, {len(total.found)} with a fault")
    for name, wrong in total.found.items():
        print(f"  {name}\n    " + "\n    ".join(wrong))


if __name__ == "__main__":
    main()
