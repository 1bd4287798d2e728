import click


@click.command()
def import_() -> None:
    """To be built."""
