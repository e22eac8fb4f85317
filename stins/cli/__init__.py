"""The command `stins`. Errors go to stderr in one line with a remedy; exit code 1, or 2 for wrong usage."""

import click
from flask.cli import AppGroup

from stins.cli import demo, files, region, running, workbook


@click.group(cls=AppGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """STINS: quality inspection of doctors' specialist training, answered anonymously."""


for command in (
    demo.demo,
    running.init,
    running.serve,
    running.close_due,
    running.remind,
    running.send_mail,
    running.doctor,
    files.publish,
    files.assess,
    workbook.workbook,
    region.export_region,
):
    main.add_command(command)
