import click


@click.command()
def export() -> None:
    """To be built."""
