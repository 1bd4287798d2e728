"""Look after staff accounts without a browser: for the first one, and for when nobody can sign in."""

from __future__ import annotations

import click

from feedback_app.cli.opened import BY, opened
from feedback_app.core.roles import ROLES
from feedback_app.core.tokens import new_passphrase
from feedback_app.services import accounts, second_factors


@click.group()
def staff() -> None:
    """Look after staff accounts: who may sign in, and what for."""


@staff.command(name="list")
def list_() -> None:
    """List the accounts: name, roles, second step, address."""
    with opened() as copy:
        found = accounts.listed(copy.session)
    for one in found:
        state = "kept out" if one.disabled else "second step" if one.second_factor else "no second step"
        click.echo("  ".join(filter(None, (one.name, ", ".join(sorted(one.roles)), state, one.email))))


@staff.command(epilog="Roles: " + ", ".join(ROLES))
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="A role of theirs; say it again for another.")
@click.option("--email", default="", help="Their work address; with it the council's own sign-in finds them.")
@click.option("--council", is_flag=True, help="They sign in at the council only: make no password.")
def add(name: str, roles: tuple[str, ...], email: str, council: bool) -> None:
    """Make an account for NAME, and show its first password once."""
    if council and not email:
        raise click.UsageError("The council's sign-in finds people by their address: give --email too.")
    with opened() as copy:
        password = "" if council else new_passphrase()
        address, now = email.strip().casefold(), copy.wiring.clock.now()
        accounts.add(copy.session, name.strip(), password, set(roles), by=BY, now=now, email=address)
    click.echo(f"{name.strip()} may sign in as: {', '.join(sorted(set(roles)))}.")
    _show(password)


@staff.command()
@click.argument("name")
def disable(name: str) -> None:
    """Keep NAME out, from now on and everywhere. What they did stays under their name."""
    with opened() as copy:
        accounts.disable(copy.session, name, by=BY, now=copy.wiring.clock.now())
    click.echo(f"{name} is kept out.")


@staff.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME in again."""
    with opened() as copy:
        accounts.enable(copy.session, name, by=BY, now=copy.wiring.clock.now())
    click.echo(f"{name} may sign in again.")


@staff.command(epilog="Roles: " + ", ".join(ROLES))
@click.argument("name")
@click.argument("roles", nargs=-1, required=True, metavar="ROLE...")
def roles(name: str, roles: tuple[str, ...]) -> None:
    """Give NAME these roles and no others; they have to sign in again."""
    with opened() as copy:
        accounts.set_roles(copy.session, name, set(roles), by=BY, now=copy.wiring.clock.now())
    click.echo(f"{name} may sign in as: {', '.join(sorted(set(roles)))}.")


@staff.command()
@click.argument("name")
def reset(name: str) -> None:
    """Let NAME in who is locked out: a new password, shown once, and no second step until they set one up again."""
    with opened() as copy:
        now = copy.wiring.clock.now()
        password = accounts.new_password(copy.session, name, by=BY, now=now)
        second_factors.take_away(copy.session, name, by=BY, now=now)
    click.echo(f"The second step of {name} is taken away.")
    _show(password)


def _show(password: str) -> None:
    if password:
        click.echo('The password is shown once, now. They can change it on the page "Your account":')
        click.echo(f"    {password}")
