"""The `feedback` command: every use of the software that needs no browser. Calls services and prints."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click
from flask.cli import FlaskGroup

from feedback_app.core.errors import FeedbackError

#: The commands in the order a person meets them, each with its module and its name there.
COMMANDS = {
    "init": "init:init",
    "run": "run:run",
    "worker": "worker:worker",
    "surveys": "surveys:surveys",
    "translations": "words:translations",
    "audio": "audio:audio",
    "import": "importing:import_",
    "analyse": "analyse:analyse",
    "report": "report:report",
    "freeze": "freeze:freeze",
    "export": "export:export",
    "db": "database:database",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "doctor": "doctor:doctor",
    "keys": "keys:keys",
    "staff": "staff:staff",
    "audit": "audit:audit",
    "concern": "concern:concern",
    "mail": "mail:mail",
    "drill": "drill:drill",
    "example": "example:example",
}


class Feedback(FlaskGroup):
    """Flask's own group. A command's module is read when it is asked for, so that each starts quickly."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(add_default_commands=False, add_version_option=False, load_dotenv=False, **extra)
        self.params = []  # this command has one application, so Flask's options to choose another only puzzle

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, without starting an application first: help must work before there are keys."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        found: click.Command = getattr(import_module(f"feedback_app.cli.{module}"), attribute)
        return found


@click.group(cls=Feedback, create_app=None, context_settings={"help_option_names": ["-h", "--help"]})
def feedback() -> None:
    """Ask children, families and practitioners; keep their words safe; show what came of them.

    Settings are read from the environment; docs/settings.md lists them.
    """


def main() -> None:
    """Run the command; say what is wrong in plain words, with no traceback, when a person can mend it."""
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
