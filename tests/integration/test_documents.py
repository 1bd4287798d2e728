"""The documents people open: whole, escaped, readable by a machine, and holding nothing that may not be shown."""

from __future__ import annotations

import dataclasses
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn
from lxml import html as markup

from analysis.disclosure import Rule
from analysis.findings import Evidence, Findings, assemble
from analysis.tables import Option
from feedback_app.documents import docx, html, tables_json
from tests.evidence import FRAMES, RUN, facts, full_evidence, item, tally

RULE = Rule()
HOSTILE = "<script>alert(1)</script> {{7*7}} {% raw %} & \"'"


@pytest.fixture(scope="module")
def findings() -> Findings:
    return assemble(full_evidence(), RULE)


@pytest.fixture(scope="module")
def page(findings: Findings) -> markup.HtmlElement:
    return markup.document_fromstring(html.page(findings))


@pytest.fixture(scope="module")
def word(findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> Doc:
    path = tmp_path_factory.mktemp("documents") / "report.docx"
    docx.write(findings, path)
    return Document(str(path))


def all_text(document: Doc) -> str:
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def every_format(findings: Findings, folder: Path) -> dict[str, str]:
    docx.write(findings, folder / "report.docx")
    return {
        "body": markup.fragment_fromstring(html.body(findings)).text_content(),
        "page": markup.document_fromstring(html.page(findings)).find("body").text_content(),
        "docx": all_text(Document(str(folder / "report.docx"))),
        "json": tables_json.dumps(findings),
    }


# What no document may hold


def test_no_raw_count_reaches_any_document(tmp_path: Path) -> None:
    """Every raw number here is one that rounding changes, so that finding it again would be a leak."""
    raw = (1239, 2342, 311, 98, 67)
    of = tally(item(), (*raw, 43), blank=4)
    young = facts(languages={"English": sum((*raw, 43, 4)) - 23, "Urdu": 23}, started=6128)
    evidence = Evidence("Example borough", False, RUN, (young,), (of,), (), FRAMES)
    for name, text in every_format(assemble(evidence, RULE), tmp_path).items():
        counts = re.sub(r"\d+%|\"percent\": \d+", "", text)
        numbers = {int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*\d|\d", counts)}
        assert not numbers & {*raw, 43, 23, 6128, of.base, of.asked, raw[0] + raw[1]}, name
        assert 1240 in numbers, f"the rounded number is missing from {name}"


def test_words_that_people_wrote_show_as_typed(tmp_path: Path) -> None:
    options = (Option("a", HOSTILE, positive=True), Option("b", "B"))
    of = tally(item(text=HOSTILE, options=options, title=HOSTILE), (40, 30))
    evidence = Evidence(HOSTILE, True, RUN, (facts(title=HOSTILE, note=HOSTILE),), (of,), (), FRAMES, (HOSTILE,))
    made = assemble(evidence, RULE)
    texts = every_format(made, tmp_path)
    assert {name for name, text in texts.items() if name != "json" and HOSTILE not in text} == set()
    assert "<script" not in html.page(made).lower()
    assert "49" not in texts["page"]
    assert json.loads(texts["json"])["area"] == HOSTILE


# HTML


def test_the_page_is_a_whole_document_with_one_title_and_headings_in_order(page: markup.HtmlElement) -> None:
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title") == "What we heard in Example borough"
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_fragment_has_neither_style_nor_script_and_begins_at_h2(findings: Findings) -> None:
    body = html.body(findings)
    root = markup.fragment_fromstring(body)
    assert root.get("class") == "report"
    assert [node.tag for node in root.iter("script", "style", "h1", "link", "img", "iframe")] == []
    assert root.xpath("//@style | //@*[starts-with(name(), 'on')]") == []
    assert next(root.iter("h1", "h2", "h3")).tag == "h2"
    assert [name for name in root.xpath("//@id") if not name.startswith("report-")] == [], "ids of the page around it"


def test_the_page_asks_nothing_of_any_other_place(findings: Findings) -> None:
    text = html.page(findings)
    assert re.findall(r"(?:src|href)=\"(?!#)", text) == []
    assert not re.search(r"https?:|url\(|@import|//[a-z]", text)


def test_every_link_leads_somewhere_and_every_name_is_used_once(page: markup.HtmlElement) -> None:
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    targets = {link.removeprefix("#") for link in page.xpath("//a/@href")}
    targets |= {name for value in page.xpath("//@aria-labelledby") for name in value.split()}
    assert targets <= set(names)
    contents = page.xpath("//nav//a/@href")
    assert contents == [f"#{section.get('id')}" for section in page.xpath("//div[@class='sections']/section")]


def test_every_table_has_a_caption_and_heads_that_say_what_they_head(page: markup.HtmlElement) -> None:
    tables = page.findall(".//table")
    assert len(tables) > 10
    for table in tables:
        assert table.find("caption").text_content().strip()
        assert {head.get("scope") for head in table.find("thead").iter("th")} == {"col"}
        for row in table.find("tbody").iter("tr"):
            assert [head.get("scope") for head in row.iter("th")] == ["row"]
            columns = sum(int(cell.get("colspan", "1")) for cell in row)
            assert columns == len(table.find("thead").findall(".//th"))


def test_a_table_wider_than_a_phone_can_be_scrolled_by_keyboard(page: markup.HtmlElement) -> None:
    wide = page.xpath("//table[@class='wide']/..")
    assert wide
    for region in wide:
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.get("aria-labelledby")


def test_no_bar_stands_without_its_number_in_words(page: markup.HtmlElement) -> None:
    bars = page.findall(".//svg")
    assert bars
    for bar in bars:
        width = bar.find("rect[@class='bar-fill']").get("width")
        assert f"{width}%" in bar.getparent().text_content()
        assert bar.get("aria-hidden") == "true"


def test_an_example_is_marked_as_one(findings: Findings) -> None:
    assert "This is an example" in html.body(findings)
    real = dataclasses.replace(full_evidence(), is_example=False)
    assert "This is an example" not in html.body(assemble(real, RULE))


def test_no_part_of_an_empty_report_is_blank() -> None:
    empty = assemble(Evidence("Example borough", False, RUN, (), (), (), FRAMES), RULE)
    root = markup.fragment_fromstring(html.body(empty))
    for section in root.xpath("//div[@class='sections']/section"):
        heading = section.find("h2").text_content()
        assert len(section.text_content()) > len(heading) + 20, heading


def test_the_same_findings_give_the_same_bytes(findings: Findings) -> None:
    again = assemble(full_evidence(), RULE)
    assert html.page(findings) == html.page(again)
    assert tables_json.dumps(findings) == tables_json.dumps(again)


def test_every_style_keeps_to_the_report() -> None:
    """The fragment stands on a staff page, whose own looks it must not change."""
    css = re.sub(r"/\*.*?\*/", "", html.stylesheet(), flags=re.DOTALL)
    selectors = [part.strip() for block in re.findall(r"([^{}]+)\{", css) for part in block.split(",")]
    stray = [one for one in selectors if not one.startswith((".report", "@"))]
    assert stray == [one for one in stray if one.startswith("*")] == []


# Word


def test_the_word_document_has_real_headings_in_order(word: Doc) -> None:
    headings = [p for p in word.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert [p.text for p in headings if p.style.name == "Heading 1"][:4] == [
        "At a glance",
        "1 How we listened",
        "2 How it was done",
        "3 Who took part",
    ]
    levels = [int(p.style.name[-1]) for p in headings]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_word_table_repeats_its_head_on_each_page(word: Doc) -> None:
    assert len(word.tables) > 10
    for table in word.tables:
        first, *rest = table._tbl.tr_lst
        assert first.trPr is not None
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert rest


def test_the_word_document_says_its_language_and_title_and_no_stock_author(word: Doc) -> None:
    properties = word.core_properties
    assert properties.title == "What we heard in Example borough"
    assert properties.language == "en-GB"
    assert "python-docx" not in f"{properties.author}{properties.comments}"
    languages = {node.get(qn("w:val")) for node in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_every_page_of_the_word_document_has_its_number_and_says_that_it_is_an_example(
    word: Doc, tmp_path: Path
) -> None:
    page = word.sections[0]
    (field,) = page.footer._element.iter(qn("w:fldSimple"))
    assert field.get(qn("w:instr")) == "PAGE"
    assert "Example area" in page.header.paragraphs[0].text
    docx.write(assemble(dataclasses.replace(full_evidence(), is_example=False), RULE), tmp_path / "real.docx")
    assert Document(str(tmp_path / "real.docx")).sections[0].header.paragraphs[0].text == ""


def test_every_link_in_the_word_document_leads_somewhere(word: Doc) -> None:
    body = word.element.body
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert len(marks) == len(set(marks))
    assert links <= set(marks)
    assert len(links) > 10


def test_word_and_html_say_the_same_numbers(findings: Findings, word: Doc) -> None:
    text = all_text(word)
    for one in findings.items:
        assert one.sentence in text


# JSON


def test_the_tables_can_be_read_by_a_machine(findings: Findings) -> None:
    document = json.loads(tables_json.dumps(findings))
    assert document["schema"] == 1
    assert document["rule"] == {"hide_below": 10, "round_to": 5, "percent_base": 30}
    assert [table["id"] for table in document["tables"]] == [table.trace.id for table in findings.tables]
    safe = next(table for table in document["tables"] if table["question"] == "I feel safe where I live.")
    assert safe["base"] == {"count": 135}
    cells = {row["id"]: row["cells"]["people"] for row in safe["rows"]}
    assert cells["5"] == {"count": 60, "of": 135, "percent": 44}
    assert cells["1"] == {"suppressed": True}


def test_training_shows_attendance_replies_and_rate_for_each_course(page: markup.HtmlElement) -> None:
    (table,) = page.xpath("//table[contains(caption, 'Courses, attendance and feedback')]")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.find("tbody")]
    assert rows == [
        [
            "Level 3 Safeguarding",
            "Level 3 Safeguarding: end of the day",
            "125 booking system, 31 March 2026",
            "90",
            "72% (about 90 of 125 who attended)",
        ],
        ["Instructor training", "Training day feedback 2018", "not known", "965", "not known"],
    ]


def test_a_withheld_table_is_listed_with_nothing_in_it(findings: Findings) -> None:
    document = json.loads(tables_json.dumps(findings))
    advocate = next(table for table in document["tables"] if "advocate" in table["question"])
    assert advocate["withheld"] is True
    assert advocate["base"] == {"suppressed": True}
    assert advocate["rows"] == []


def test_the_json_tells_not_known_from_suppressed_and_from_not_applicable(findings: Findings) -> None:
    participation = json.loads(tables_json.dumps(findings))["tables"][0]
    rows = {row["id"]: row["cells"] for row in participation["rows"]}
    assert rows["brought-in"]["attended"] == {"not_known": True}
    assert rows["brought-in"]["languages:Urdu"] == {}
    assert rows["yp-2025"]["languages:Slovak"] == {"suppressed": True}
    assert rows["yp-club"]["completed"] == {"suppressed": True}
