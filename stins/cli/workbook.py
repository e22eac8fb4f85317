"""`stins workbook`: blank and exported workbooks out, the verdict of a filled-in one."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from questionnaires.model import Role
from stins.cli.running import opened
from stins.services import workbooks as service
from stins.services.refusals import NotFound
from stins.services.words import speech
from stins.store.opening import Unreachable

T = TypeVar("T")
COLUMN_NAMES = {"st": Role.ST_LAKARE} | {str(role): role for role in Role}

language = click.option(
    "--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="The language."
)
output = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
source = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def workbook() -> None:
    """The STINS workbook: blank, exported, or filled in."""


def _columns(context: click.Context, parameter: click.Parameter, value: str | None) -> Mapping[Role, int]:
    room = dict(service.ROOM)
    for part in filter(None, (value or "").split(",")):
        name, _, number = part.strip().partition("=")
        if name not in COLUMN_NAMES or not number.isdecimal() or not 1 <= int(number) <= service.ROOM_MOST:
            raise click.BadParameter(
                f"{part.strip()!r}: write such as st=60,handledare=80, each from 1 to {service.ROOM_MOST}"
            )
        room[COLUMN_NAMES[name]] = int(number)
    return room


@workbook.command()
@click.option("--unit", default="", help="The unit's name.")
@click.option("--columns", callback=_columns, help="Room for more people, such as st=60,handledare=80.")
@language
@output
def blank(unit: str, columns: Mapping[Role, int], lang: str, output: Path) -> None:
    """Write a blank workbook, to print and type answers into."""
    _write(output, service.blank(unit, lang, columns))


@workbook.command()
@click.argument("release")
@click.option("--unit", default="", help="The unit's name, where RELEASE is a file.")
@language
@output
def export(release: str, unit: str, lang: str, output: Path) -> None:
    """Write the workbook of RELEASE: a release.json, or the id of a closed inspection."""
    text = _read(release)
    if text is None:
        content = _stored(release, lang)
    else:
        try:
            content = service.export_file(text, unit, lang)
        except service.Malformed as fault:
            raise click.ClickException(str(fault)) from None
    _write(output, content)


@workbook.command()
@click.argument("file", type=source)
@click.option("--json", "as_json", is_flag=True, help="Give verdict.json.")
@click.option(
    "--layout", type=source, help="How a workbook of another layout is to be read; see docs/layouts.md."
)
@language
def score(file: Path, layout: Path | None, lang: str, *, as_json: bool) -> None:
    """Give the verdict of FILE, a filled-in workbook; an export is checked against itself."""
    described = _text(layout) if layout else None
    scored = _said(lang, lambda: service.scored(file.read_bytes(), file.name, described))
    if as_json:
        click.echo(json.dumps(scored.document(), ensure_ascii=False, indent=2).encode())
    else:
        click.echo("\n".join(scored.lines(lang)).encode())


@workbook.command("layout-check")
@click.argument("layout", type=source)
@click.argument("file", type=source)
@language
def layout_check(layout: Path, file: Path, lang: str) -> None:
    """Tell what LAYOUT matches in FILE and what it does not. Exit code 1 where something is not matched."""
    text = _text(layout)
    lines, matched = _said(lang, lambda: service.checked(text, file.read_bytes(), file.name, lang))
    click.echo("\n".join(lines).encode())
    if not matched:
        raise click.exceptions.Exit(1)


def _read(name: str) -> bytes | None:
    """Give what is in a file, or nothing where there is no file of that name."""
    try:
        return Path(name).read_bytes()
    except PermissionError as error:
        raise click.ClickException(f"{name}: {error.strerror}; see that you may read it") from None
    except (OSError, ValueError):  # no path at all, such as a name that is too long
        if {".", "/"} & set(name):  # which no id holds
            raise click.ClickException(
                f"{name[:200]}: there is no such file; see that its name is right"
            ) from None
        return None


def _stored(id: str, lang: str) -> bytes:
    try:
        with opened().store.reading() as session:
            return service.export_stored(session, id, lang)
    except NotFound:
        raise click.ClickException(
            f"{id!r} is neither a file nor the id of a closed inspection; give one of them"
        ) from None
    except Unreachable as error:
        raise click.ClickException(f"the database does not answer ({error}); run `stins doctor`") from None


def _said(lang: str, act: Callable[[], T]) -> T:
    """Do something with a file; say what is wrong with it a line each."""
    _ = speech(lang)
    try:
        return act()
    except service.Unreadable as unreadable:
        raise click.ClickException(unreadable.fault.said(_)) from None
    except service.Faulty as faulty:
        raise click.ClickException("\n".join(faulty.said(_))) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path}: this is not text in UTF-8; save the layout as UTF-8") from None


def _write(output: Path, content: bytes) -> None:
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}; choose another place") from None
    click.echo(str(output))
