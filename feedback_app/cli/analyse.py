import click


@click.command()
def analyse() -> None:
    """To be built."""
