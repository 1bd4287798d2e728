"""When a person with a bad connection and a slow phone can read the first page, and the first question."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.visits import ROOT, serving
from tests.benchmarks.weight import FLAGS

METHOD = """Method. Chromium with an empty cache at 360 by 740, its network held to 400 kbit/s both ways with 400 ms
of delay on each request, its processor to a quarter of its speed (DevTools emulation). Largest contentful paint, in
ms since the person asked for the page: the start page when it is the first page they open, and the first question
after they press Start (a post, a redirect and a page). Median of 5, each in a new context. Words may be painted first
in the device's own font; the paint counts when the last large text stands."""
LANGUAGES = ("en", "pl", "ar", "ur")
LIMIT, TIMES, PORT = 1500, 5, 5323
PAINT = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) last = one.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last), 3000);
})"""


def _slowly(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    bytes_a_second = 400_000 / 8
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 400,
            "downloadThroughput": bytes_a_second,
            "uploadThroughput": bytes_a_second,
        },
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def _once(browser: Browser, language: str) -> tuple[float, float]:
    context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}", viewport={"width": 360, "height": 740})
    page = context.new_page()
    _slowly(page)
    page.goto(f"/{language}/young-person", wait_until="load")
    start = page.evaluate(PAINT)
    with page.expect_navigation(wait_until="load"):
        page.locator("main button.main").click()
    question = page.evaluate(PAINT)
    context.close()
    return start, question


def main() -> None:
    """Measure each language and print the medians beside the limit."""
    print(METHOD)
    print("\nlanguage   start page ms   first question ms   limit")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"INSTANCE": folder, "PORT": str(PORT), "DATABASE_URL": ""}
        feedback = str(Path(sys.executable).with_name("feedback"))
        subprocess.run(
            [feedback, "init"], env=os.environ | environment, check=True, stdout=subprocess.DEVNULL, cwd=ROOT
        )
        chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
        with serving([feedback, "run"], PORT, environment):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for language in LANGUAGES:
                taken = [_once(browser, language) for _ in range(TIMES)]
                first, second = (median(one[place] for one in taken) for place in (0, 1))
                print(f"{language:8} {first:15.0f} {second:19.0f} {LIMIT:7}")
            browser.close()


if __name__ == "__main__":
    main()
