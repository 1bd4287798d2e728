import click


@click.command()
def report() -> None:
    """To be built."""
