"""`stins publish` and `stins assess`: files in, files out, nothing stored."""

import json
from collections.abc import Callable
from typing import IO, Any

import click

from stins.services import files as service

Make = Callable[[bytes], dict[str, Any]]


@click.command()
@click.argument("ballots", type=click.File("rb"))
@click.option("--lines", is_flag=True, help="One JSON object a line in, one a line out, in order.")
def publish(ballots: IO[bytes], *, lines: bool) -> None:
    """Make the release of BALLOTS (a file, or - for stdin), by the very code that closing uses."""
    _run(ballots, service.published, lines=lines)


@click.command()
@click.argument("release", type=click.File("rb"))
@click.option("--lines", is_flag=True, help="One JSON object a line in, one a line out, in order.")
def assess(release: IO[bytes], *, lines: bool) -> None:
    """Give the verdict of RELEASE (a file, or - for stdin)."""
    _run(release, service.assessed, lines=lines)


def _run(source: IO[bytes], make: Make, *, lines: bool) -> None:
    if not lines:
        try:
            document = make(source.read())
        except service.Malformed as fault:
            raise click.ClickException(str(fault)) from None
        click.echo(json.dumps(document, ensure_ascii=False, indent=2).encode())
        return
    all_made = True
    for line, made in service.by_line(source, make):
        click.echo(line.encode())
        all_made = all_made and made
    if not all_made:
        raise click.ClickException("some lines could not be read; each is answered by its error in its place")
