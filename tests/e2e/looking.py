"""Look at a page as axe does: every violation, and everything that axe cannot decide.

A page whose structure was looked at before, in the same direction, script, width and colours, differs from it only in
its words, and is not looked at again: `EVERYTHING=1 python -m tests.benchmarks access` looks at all of them.
"""

from __future__ import annotations

import re
from pathlib import Path

import axe_playwright_python
from lxml import html
from playwright.sync_api import Page

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """([rules, contrast]) => axe.run(document, {
  runOnly: rules, resultTypes: ['violations', 'incomplete'], rules: {'color-contrast': {enabled: contrast}}})"""
TOLD = ("class", "role", "type", "lang", "dir", "hidden", "disabled", "checked", "open", "tabindex")
Structure = tuple[object, ...]


def structure(tree: html.HtmlElement) -> Structure:
    """A page without its words: tags, classes and the names of what is described; many of a kind in a row are one."""
    marks = tuple(
        f"{name}={value}" if name in TOLD else name
        for name, value in sorted(tree.attrib.items())
        if name in TOLD or name.startswith("aria-")
    )
    inner: list[Structure] = []
    for child in tree:
        if isinstance(child.tag, str) and (one := structure(child)) not in inner[-1:]:
            inner.append(one)
    return tree.tag, marks, *inner


class Looker:
    """Remembers what it has looked at, and what it found wrong, by page."""

    def __init__(self, *, everything: bool = False, measures: bool = False, contrast: bool = True) -> None:
        self.everything, self.contrast = everything, contrast
        self.measures = everything or measures  # every page is at least opened and measured
        self.seen: set[tuple[object, ...]] = set()
        self.looked_at = 0
        self.passed = 0
        self.found: dict[str, list[str]] = {}

    def look(self, page: Page, name: str, tree: html.HtmlElement | None = None) -> bool:
        """Look at a page and keep what is wrong with it; tell whether its structure is new.

        Args:
            tree: the page as it was sent, before its scripts ran; without it, as it stands.
        """
        wrong = [*_sideways(page), *_small(page)]
        tree = html.fromstring(page.content()) if tree is None else tree
        self.passed += 1
        new = self.is_new(tree, page)
        if new:
            self.seen.add(_key(tree, page))
            self.looked_at += 1
            wrong += _axe(page, contrast=self.contrast)
        if wrong:
            self.found[name] = wrong
        return new

    def is_new(self, tree: html.HtmlElement, page: Page) -> bool:
        """Whether axe has not yet looked at a page of this structure, at this width."""
        return self.everything or _key(tree, page) not in self.seen


def _key(tree: html.HtmlElement, page: Page) -> tuple[object, ...]:
    titled = re.sub(r"[^\W\d_]+|\d+", "", tree.findtext(".//title") or "").strip()
    return structure(tree), titled, str(page.viewport_size)


def _axe(page: Page, *, contrast: bool) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(RUN, [RULES, contrast])
    return [
        f"{kind}: {one['id']} {[node['html'][:120] for node in one['nodes'][:2]]}"
        for kind in ("violations", "incomplete")
        for one in found[kind]
    ]


def _sideways(page: Page) -> list[str]:
    """WCAG 1.4.10: nobody has to push a page sideways."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{over} px wider than the screen"] if over > 0 else []


def _small(page: Page) -> list[str]:
    """Our own rule, stricter than WCAG 2.5.8: what can be pressed is at least 44 px, links within a sentence apart."""
    small: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(
             'button:not(.default), .choice label, select, textarea, input.text, summary, .bar a, .answers a, .button')]
           .filter(e => e.checkVisibility({visibilityProperty: true}))
           .map(e => [e, e.getBoundingClientRect()])
           .filter(([e, box]) => box.width > 1 && Math.min(box.height, box.width) < 43.5)
           .map(([e]) => `too small to press: ${e.outerHTML.slice(0, 120)}`)"""
    )
    return small


def until(page: Page, condition: str) -> None:
    """Wait until a condition holds in the page. Playwright's own way needs an `eval`, which our headers forbid."""
    page.evaluate(f"""() => new Promise((held, missed) => {{
      const over = performance.now() + 20000;
      const look = async () => {{
        if ({condition}) held();
        else if (performance.now() > over) missed(new Error('never held: ' + {condition!r}));
        else requestAnimationFrame(look);
      }};
      look();
    }})""")
