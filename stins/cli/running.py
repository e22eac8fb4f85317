"""`stins init`, `serve`, `close-due`, `remind` and `doctor`: what somebody who runs an installation does."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from stins.config import BadSettings, Settings, settings
from stins.services import close, health, installation, setting_up
from stins.services.installation import Installation
from stins.services.refusals import Refused
from stins.store.opening import Unreachable

if TYPE_CHECKING:
    from stins.services.invite.mailing import Tally


def opened() -> Installation:
    """Open the installation of the environment, or end with what stands in the way."""
    try:
        return installation.opened(settings())
    except BadSettings as error:
        raise click.ClickException(_one_line(error)) from None


def moment() -> close.Moment:
    """Give the machine's instant and the day in Sweden."""
    from stins.web.application import SystemClock

    clock = SystemClock()
    return close.Moment(clock.now(), clock.today())


@click.command()
@click.option("--region", help="The region's name, when the installation is new.")
@click.option("--name", help="The first administrator's name.")
@click.option("--email", help="The first administrator's e-mail address.")
@click.option("--password", help="The first administrator's password; asked for when left out.")
def init(region: str | None, name: str | None, email: str | None, password: str | None) -> None:
    """Make secrets and key folder, bring the database up to date, ask for the first administrator."""
    try:
        using = settings()
        for path in installation.make_secrets(using):
            click.echo(f"made {path}")
    except BadSettings as error:
        raise click.ClickException(_one_line(error)) from None
    found = opened()
    setting_up.bring_up_to_date(found.store)
    click.echo("the database is up to date")
    if setting_up.has_admin(found.store):
        return
    try:
        setting_up.first_admin(
            found,
            datetime.now(UTC).replace(tzinfo=None),
            region=region or click.prompt("Region"),
            name=name or click.prompt("Administrator's name"),
            email=email or click.prompt("Administrator's e-mail address"),
            password=password or click.prompt("Password", hide_input=True, confirmation_prompt=True),
        )
    except Refused as refused:
        remedy = "use at least 12 characters that are hard to guess, a name and a whole e-mail address"
        raise click.ClickException(f"{type(refused).__name__}: {remedy}") from None
    click.echo("the first administrator may sign in")


@click.command()
@click.option("--bind", help="Address and port to listen on; else that of STINS_PUBLIC_URL on loopback.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
def serve(bind: str | None, workers: int, threads: int) -> None:
    """Serve the installation with gunicorn and the recommended settings."""
    found = opened()
    serve_installation(found.settings, bind or default_bind(found.settings), workers, threads)


def serve_installation(using: Settings, bind: str, workers: int, threads: int) -> None:
    """Serve until stopped. Each worker opens the installation itself."""
    from stins.cli.server import Server

    Server(using, bind, workers, threads).run()


def default_bind(using: Settings) -> str:
    """Give where to listen: the public address when it is this machine's own, else port 8000 on loopback."""
    parts = urlsplit(using.public_url)
    return "127.0.0.1:8000" if using.is_https else f"{parts.hostname}:{parts.port or 80}"


@click.command("close-due")
def close_due() -> None:
    """Close what is due, extend once what has too few answers, take up what was interrupted."""
    found = opened()
    try:
        troubles = close.close_due(found.store, found.box, moment())
        close.sweep(found.store, moment().now)
    except Unreachable as error:
        raise click.ClickException(f"the database does not answer ({error}); run `stins doctor`") from None
    for trouble in troubles:
        click.echo(trouble, err=True)
    if troubles:
        raise click.ClickException("some inspections could not be closed; run `stins doctor`")


@click.command()
def remind() -> None:
    """Send what fell due: staff's reminders, and codes and reminders to respondents that still wait."""
    from stins.services.invite import mailing
    from stins.services.reminders import running
    from stins.web.application import SystemClock

    found = opened()
    if found.settings.mail is None:
        click.echo(f"nothing was sent: {health.NO_MAIL}")
        return
    try:
        done = running.remind(found.store, found.box, found.settings, moment(), SystemClock().now)
    except Unreachable as error:
        raise click.ClickException(f"the database does not answer ({error}); run `stins doctor`") from None
    codes = _to_respondents(lambda: mailing.send_all(found.store, found.box, found.settings, moment))
    sent = done.sent
    click.echo(
        f"{done.written} written, {sent.taken} sent, {sent.later} to be tried again, {sent.failed} failed"
    )
    if codes != mailing.Tally():
        click.echo(
            f"to respondents: {codes.sent} codes sent, {codes.later} to be tried again, "
            f"{codes.failed} failed, {codes.reminded} reminded"
        )
    if away := sent.away or codes.away:
        raise click.ClickException(
            f"the mail server could not be used: {away}; look at STINS_SMTP_…, "
            "everything stays in the outbox until the next run"
        )
    if sent.failed:
        raise click.ClickException("some mails could not be sent; `stins doctor` says to whom")


@click.command("send-mail", hidden=True)
@click.argument("inspection")
def send_mail(inspection: str) -> None:
    """Send what waits in an inspection: what a page starts, and `stins remind` takes up if it dies."""
    from stins.services.invite import mailing

    found = opened()
    done = _to_respondents(lambda: mailing.send(found.store, found.box, found.settings, inspection, moment))
    if done.away:
        raise click.ClickException(f"the mail server could not be used: {done.away}; look at STINS_SMTP_…")


def _to_respondents(send: Callable[[], "Tally"]) -> "Tally":
    """Send, or end with no more than the name of what went wrong: its text could name an address."""
    try:
        return send()
    except Exception as error:  # noqa: BLE001 - whatever it is
        raise click.ClickException(f"mail to respondents stopped: {type(error).__name__}") from None


@click.command()
def doctor() -> None:
    """Look for what is wrong with the installation, and name the remedy."""
    found = opened()
    if found.settings.mail is None:
        click.echo(health.NO_MAIL)
        click.echo(health.NO_CODES_BY_MAIL)
    troubles = list(health.troubles(found))
    for trouble in troubles:
        click.echo(trouble)
    if troubles:
        raise click.ClickException(f"{len(troubles)} to mend; each line above says how")
    click.echo("all is well")


def _one_line(error: BadSettings) -> str:
    return "; ".join(str(error).splitlines())
