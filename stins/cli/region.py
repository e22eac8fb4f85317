"""`stins export-region`: the yearly report as a spreadsheet."""

from pathlib import Path

import click

from stins.cli.running import moment, opened
from stins.reports.yearly import as_xlsx
from stins.services.oversight.yearly import whole
from stins.services.refusals import NotFound
from stins.store.opening import Unreachable


@click.command("export-region")
@click.argument("year", type=int)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to; else YEAR.xlsx here."
)
def export_region(year: int, output: Path | None) -> None:
    """Write the yearly report of every region in the installation as .xlsx."""
    from stins.web.yearly_words import words

    try:
        with opened().store.reading() as session:
            report = whole(session, year, moment().today)
    except NotFound:
        raise click.ClickException(f"there is no report of {year}; give a year from 1990 to now") from None
    except Unreachable as error:
        raise click.ClickException(f"the database does not answer ({error}); run `stins doctor`") from None
    to = output or Path(f"{year}.xlsx")
    try:
        to.write_bytes(as_xlsx(report, words(year, "sv", report.until.isoformat())))
    except OSError as error:
        raise click.ClickException(f"cannot write {to}: {error.strerror}; name another with -o") from None
    click.echo(f"wrote {to}")
