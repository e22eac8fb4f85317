"""What the yearly report says around its numbers, on screen and on paper."""

from flask_babel import gettext as _

from stins.reports.yearly import Words


def words(year: int, lang: str, until: str) -> Words:
    """Give the yearly report's words in the language of the request; ``until`` is its last day, written."""
    return Words(
        lang=lang,
        title=_("Årsrapport %(year)s", year=year),
        lead=_(
            "Externa granskningar, brister och inspektioner under året, till och med %(until)s. "
            "Rapporten är till rådet för läkarnas allmän-, bas- och specialiseringstjänstgöring (ATBTST).",
            until=until,
        ),
        notes=notes(),
        parts=_("Förvaltningar"),
        part=_("Förvaltning"),
        total=_("Sammanlagt"),
        units=_("Enheter"),
        unit=_("Enhet"),
        above=_("Hör till"),
        reviewed_on=_("Senast granskad"),
        next_by=_("Nästa senast"),
        groups={
            "reviews": _("Externa granskningar"),
            "breaches": _("Brister"),
            "reports": _("Rapporter"),
            "inspections": _("Inspektioner"),
        },
        measures=_short(),
        long=_long(),
    )


def notes() -> tuple[str, ...]:
    """Give what a reader needs to know to read the numbers."""
    return (
        _(
            "En enhet är granskad i tid om den senaste rapporten är högst fem år gammal på rapportårets "
            "sista dag. En grupps granskning gäller för enheterna i gruppen."
        ),
        _(
            "En brist ska vara åtgärdad inom sex månader. Brister som visade sig inte vara några räknas "
            "inte. En brist som har öppnats igen räknas som öppen."
        ),
        _("De skriftliga rapporterna räknas det år då de lämnades in, när de är godkända."),
        _("Bara inspektioner med resultat räknas. De extra interna granskningarna ingår i de övriga talen."),
    )


def _short() -> dict[str, str]:
    return {
        "reviews": _("Under året"),
        "recent": _("I tid"),
        "overdue": _("Över tiden"),
        "never": _("Aldrig"),
        "opened": _("Nya"),
        "in_time": _("Klara i tid"),
        "too_late": _("Klara för sent"),
        "left": _("Öppna"),
        "left_late": _("Försenade"),
        "reported": _("I tid"),
        "reported_late": _("För sent"),
        "anonymous": _("Anonyma"),
        "dialogue": _("Dialog"),
        "typed": _("Inskrivna"),
        "extra": _("Varav extra"),
    }


def _long() -> dict[str, str]:
    return {
        "reviews": _("Externa granskningar under året"),
        "recent": _("Enheter granskade i tid"),
        "overdue": _("Enheter med granskning över tiden"),
        "never": _("Enheter som aldrig har granskats"),
        "opened": _("Nya brister"),
        "in_time": _("Brister klara i tid"),
        "too_late": _("Brister klara för sent"),
        "left": _("Öppna brister vid årets slut"),
        "left_late": _("Försenade brister vid årets slut"),
        "reported": _("Skriftliga rapporter i tid"),
        "reported_late": _("Skriftliga rapporter för sent"),
        "anonymous": _("Anonyma inspektioner"),
        "dialogue": _("Dialoger"),
        "typed": _("Inskrivna inspektioner"),
        "extra": _("Extra interna granskningar"),
    }
