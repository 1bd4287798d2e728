"""What a first visit weighs: every byte to the first question, and one question page, gzipped."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Error, Response, sync_playwright

from tests.benchmarks.visits import ROOT, serving
from tests.e2e.walking import go_on

METHOD = """Method. Chromium opens the start page of the young person's survey with an empty cache at 360 by 740,
presses Start, and waits for the first question. Counted: the bodies of every response of that visit, as sent (the
server does not pack them) and as if gzipped (level 6; fonts are packed already), requests, and how many went to another
origin. The HTML is that of the largest question page, gzipped."""
LIMITS = {"en": 60, "pl": 60, "sk": 60, "cs": 60, "ro": 60, "ar": 100, "ckb": 100, "ur": 200}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
PORT = 5321


def main() -> None:
    """Measure each language and print the figures beside their limits."""
    print(METHOD)
    print(
        "\nlanguage   first visit KB: gzipped   limit   as sent   requests   other origins   question page KB   limit"
    )

    def one(browser: Browser, language: str) -> None:
        context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}", viewport={"width": 360, "height": 740})
        page = context.new_page()
        sizes: list[tuple[str, int, int]] = []

        seen: list[Response] = []

        def weigh() -> None:
            """Weigh what has come since the last time; bodies are gone once the page is left."""
            page.wait_for_load_state("networkidle")
            for response in [one for one in seen if one.status == 200]:
                try:
                    body = response.body()
                except Error:
                    continue  # it came from the browser's own cache, so nothing was sent
                is_packed = response.url.split("?")[0].endswith(".woff2")
                sizes.append((response.url, len(body) if is_packed else len(gzip.compress(body, 6)), len(body)))
            seen.clear()

        page.on("response", lambda response: seen.append(response))
        page.goto(f"/{language}/young-person", wait_until="networkidle")
        weigh()
        with page.expect_navigation(wait_until="networkidle"):
            page.locator("main button.main").click()
        weigh()
        packed, sent = sum(one[1] for one in sizes) / 1000, sum(one[2] for one in sizes) / 1000
        strangers = sum(1 for one in sizes if not one[0].startswith(f"http://127.0.0.1:{PORT}/"))
        page.locator('label[for="a-yes"]').click()
        go_on(page)
        largest = 0
        for screen in ("YP37", "YP41", "YP66", "YP80"):
            html = page.goto(f"/{language}/young-person/{screen}")
            largest = max(largest, len(gzip.compress(html.body(), 6)) if html else 0)
        print(
            f"{language:8} {packed:26.1f} {LIMITS[language]:7} {sent:9.1f} {len(sizes):10} {strangers:15} "
            f"{largest / 1000:18.1f} {4:7}"
        )
        context.close()

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"INSTANCE": folder, "PORT": str(PORT), "DATABASE_URL": ""}
        feedback = str(Path(sys.executable).with_name("feedback"))
        subprocess.run(
            [feedback, "init"], env=os.environ | environment, check=True, stdout=subprocess.DEVNULL, cwd=ROOT
        )
        chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
        with serving([feedback, "run"], PORT, environment):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for language in LIMITS:
                one(browser, language)
            browser.close()


if __name__ == "__main__":
    main()
