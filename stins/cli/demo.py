"""`stins demo`: a region to try everything in, made through the program's own services."""

import secrets
import shutil
from pathlib import Path

import click

from stins.cli.running import moment, serve_installation
from stins.config import settings
from stins.services import demo as demo_region
from stins.services import installation, setting_up
from stins.services.installation import Installation
from stins.web.sentences import ROLES

MARK = "demo.txt"


@click.command()
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve it when it is made.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--folder",
    default="demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it is kept; an earlier demo there is thrown away.",
)
def demo(*, serve: bool, port: int, folder: Path) -> None:
    """Make a region with two förvaltningar, eight units and a year of history, and serve it.

    Everybody in it is invented, and the password is printed: never let others reach it.
    """
    found = _fresh(folder, port)
    made = demo_region.build(found, moment(), secrets.token_hex(6))
    _print(found, made)
    if serve:
        click.echo("Stop with Ctrl-C.")
        serve_installation(found.settings, f"127.0.0.1:{port}", 2, 4)


def _fresh(folder: Path, port: int) -> Installation:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise click.ClickException(f"{folder} holds something else than a demo; name another --folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("A demo of STINS. `stins demo` throws this folder away.\n", encoding="utf-8")
    using = settings(
        {
            "STINS_HOME": str(folder),
            "STINS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "STINS_OPERATOR": "Demoregionen (påhittad)",
            "STINS_CONTACT": "mailto:stins@demo.example",
        }
    )
    installation.make_secrets(using)
    found = installation.opened(using)
    setting_up.bring_up_to_date(found.store)
    return found


def _print(found: Installation, made: demo_region.Demo) -> None:
    url = found.settings.public_url
    click.echo(f"\nStaff sign in at {url}/logga-in with the password  {made.password}\n")
    for account in made.accounts:
        click.echo(f"  {account.email:<40} {account.what}")
    click.echo(f"\nRespondents answer at {url}/svara, for {made.open_unit}, with a code:\n")
    for role, codes in made.codes.items():
        for code in codes:
            click.echo(f"  {code}   {ROLES[role]!s}")
    click.echo("")
