"""Photograph every kind of page in every language, on one sheet for each language.

Run with `make contact-sheet`; the sheets are in build/contact-sheet. Nothing is answered by a person, and every page
says that it is an example.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, Page, sync_playwright

from docs.screenshots import FLAGS, PORT, ROOT, _environment, _feedback, _wait, chromium
from feedback_app.core.settings import Settings
from feedback_app.i18n.locales import LOCALES
from tests.e2e.walking import answer_anything, go_on, screen

INTO = ROOT / "build" / "contact-sheet"
BESIDE = (
    "",
    "/help",
    "/left",
    "/privacy",
    "/privacy/children",
    "/accessibility",
    "/you-said-we-did",
    "/return",
    "/class",
)
KIND = """() => document.querySelector('main fieldset.pair, main fieldset, main textarea, main input.text, main select')
  ? [...document.querySelectorAll('main :is(input, select, textarea)')].filter(e => e.checkVisibility())
      .map(e => e.type + (e.closest('.drawn') ? ' drawn' : ''))
      .filter((one, at, all) => all.indexOf(one) === at).join(' ')
  : 'words: ' + (document.querySelector('main .signposts') ? 'help' : 'read')"""


def _pages(page: Page, language: str) -> Iterator[str]:
    """Go from page to page; each has a name."""
    for address in BESIDE:
        page.goto(f"/{language}{address}")
        yield address or "/"
    seen: set[str] = set()
    for survey, easy in (("child", False), ("young-person", True), ("exit", False), ("training-day", False)):
        page.context.clear_cookies()
        page.goto(f"/{language}/{survey}")
        yield f"{survey}: start"
        if easy and page.locator("#words").count():
            page.locator("#words").check(force=True)
        go_on(page)
        chance = Random(survey)
        while screen(page) != "check":
            kind = f"{page.evaluate(KIND)}{' easy' if easy else ''}"
            if kind not in seen:
                seen.add(kind)
                yield f"{survey}: {screen(page)}"
                if "textarea" in kind and f"wrong {kind}" not in seen:
                    seen.add(f"wrong {kind}")
                    page.locator("main textarea").fill("9" * 5_000)
                    go_on(page)
                    yield f"{survey}: {screen(page)}, too long"
                    page.locator("main textarea").fill("")
            answer_anything(page, chance)
            go_on(page)
        if survey in ("child", "young-person"):
            yield f"{survey}: check"
            go_on(page)
            yield f"{survey}: thank you"


def _sheet(browser: Browser, language: str) -> None:
    context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}", viewport={"width": 360, "height": 740})
    page, shown = context.new_page(), []
    for name in _pages(page, language):
        page.evaluate("document.fonts.ready")
        picture = b64encode(page.screenshot(full_page=True)).decode()
        shown.append(
            f'<figure><img src="data:image/png;base64,{picture}"><figcaption>{escape(name)}</figcaption></figure>'
        )
    context.close()
    wide = browser.new_page(viewport={"width": 2_300, "height": 900})
    wide.set_content(
        "<style>body{display:flex;flex-wrap:wrap;gap:16px;align-items:start;background:#777;font:14px system-ui}"
        f"figure{{margin:0;background:#fff}}figcaption{{padding:4px}}</style>{''.join(shown)}"
    )
    wide.screenshot(path=INTO / f"{language}.png", full_page=True)
    wide.close()
    print(f"{language}: {len(shown)} pages", flush=True)


def main() -> None:
    """Make a copy and photograph it in each language that it offers."""
    INTO.mkdir(parents=True, exist_ok=True)
    languages = os.environ.get("LANGUAGES", " ".join(code for code in LOCALES if code not in ("rmc", "rmy"))).split()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = _environment(Settings(instance=Path(folder), database_url=""))
        subprocess.run([_feedback(), "init"], env=environment, check=True, cwd=ROOT, capture_output=True)
        server = subprocess.Popen([_feedback(), "run"], env=environment, cwd=ROOT)
        _wait()
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for language in languages:
            _sheet(browser, language)
        browser.close()
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
