"""The `feedback` command: every use of the software that needs no browser. Calls services and prints."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask.cli import FlaskGroup

from feedback_app.core.errors import FeedbackError


class Feedback(FlaskGroup):
    """Flask's own group, with our commands in the order a person meets them."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(add_default_commands=False, add_version_option=False, load_dotenv=False, **extra)
        self.params = []  # this command has one application, so Flask's options to choose another only puzzle

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, without starting an application first: help must work before there are keys."""
        return list(self.commands)


@click.group(cls=Feedback, create_app=None, context_settings={"help_option_names": ["-h", "--help"]})
def feedback() -> None:
    """Ask children, families and practitioners; keep their words safe; show what came of them.

    Settings are read from the environment; docs/settings.md lists them.
    """


def _add_commands() -> None:
    from feedback_app.cli import (
        analyse,
        audio,
        audit,
        backup,
        concern,
        database,
        doctor,
        drill,
        example,
        export,
        freeze,
        importing,
        init,
        keys,
        mail,
        report,
        run,
        staff,
        surveys,
        words,
        worker,
    )

    for command in (
        init.init,
        run.run,
        worker.worker,
        surveys.surveys,
        words.translations,
        audio.audio,
        importing.import_,
        analyse.analyse,
        report.report,
        freeze.freeze,
        export.export,
        database.database,
        backup.backup,
        backup.restore,
        doctor.doctor,
        keys.keys,
        staff.staff,
        audit.audit,
        concern.concern,
        mail.mail,
        drill.drill,
        example.example,
    ):
        feedback.add_command(command)


def main() -> None:
    """Run the command; say what is wrong in plain words, with no traceback, when a person can mend it."""
    _add_commands()
    try:
        feedback.main(standalone_mode=False)
    except FeedbackError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
