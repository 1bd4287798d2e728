"""Write the report of a period."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.documents import docx, html, tables_json
from feedback_app.services import audit, reporting
from feedback_app.services.codebooks import load_codebooks

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=DAY, required=True, help="First day, such as 2025-04-01.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, such as 2026-03-31.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
def report(first: datetime, last: datetime, out: Path) -> None:
    """Write the report of a period: report.html, report.docx and tables.json.

    Small numbers are suppressed, all others rounded. Only codes that people accepted are counted. A table that was
    written before is written anew only when each number that changed has gained ten; until then it stays as it was.
    """
    with opened() as copy:
        wired = copy.wiring
        period: tuple[date, date] = first.date(), last.date()
        books = load_codebooks(wired.settings.surveys)
        today = wired.clock.today()
        found = reporting.find(copy.session, wired.area, wired.editions, books, *period, today, BY)
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.html").write_text(html.page(found), encoding="utf-8")
        docx.write(found, out / "report.docx")
        (out / "tables.json").write_text(tables_json.dumps(found), encoding="utf-8")
        audit.record(
            copy.session, BY, "report.write", str(out), wired.clock.now(), first=str(period[0]), last=str(period[1])
        )
    click.echo(f"Wrote {out}/report.html, report.docx and tables.json.")
