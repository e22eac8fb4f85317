"""Words of the workbook in its language, and how each tab is called."""

from collections.abc import Mapping

from questionnaires.model import Fact, Level, Role
from scoring.release import ALLA, ST, UTBILDARE
from scoring.verdict import Status
from stins.workbook.speech import Speech


def roles(_: Speech) -> Mapping[Role, str]:
    """Name the roles."""
    return {
        Role.ST_LAKARE: _("ST-läkare"),
        Role.HANDLEDARE: _("Handledare"),
        Role.STUDIEREKTOR: _("Studierektor"),
        Role.VERKSAMHETSCHEF: _("Verksamhetschef"),
    }


def cells(_: Speech) -> Mapping[str, str]:
    """Name the cells, short enough for a line of numbers."""
    return {ST: _("ST-läkare"), UTBILDARE: _("Handledare m.fl."), ALLA: _("Alla tillsammans")}


def levels(_: Speech) -> Mapping[Level, str]:
    """Name the legal levels."""
    return {
        Level.F: _("Föreskrift"),
        Level.AR: _("Allmänt råd"),
        Level.KI: _("Kvalitetsindikator"),
    }


def statuses(_: Speech) -> Mapping[Status | None, str]:
    """Name the statuses; without one the cell is empty."""
    return {
        Status.MET: _("Uppfyllt"),
        Status.PARTLY: _("Delvis uppfyllt"),
        Status.NOT_MET: _("Inte uppfyllt"),
        None: "",
    }


def facts(_: Speech) -> Mapping[Fact | None, str]:
    """Name what may be stated."""
    return {Fact.JA: _("Ja"), Fact.DELVIS: _("Delvis"), Fact.NEJ: _("Nej"), None: ""}


def answers(_: Speech) -> Mapping[str, str]:
    """Tell what each letter of an answer means."""
    return {
        "3": _("Instämmer helt"),
        "2": _("Instämmer till stor del"),
        "1": _("Instämmer till viss del"),
        "0": _("Instämmer inte alls"),
        "V": _("Vet ej"),
        "E": _("Ej aktuellt för mig"),
    }


def bands(_: Speech) -> Mapping[str, str]:
    """Name what answers are counted as."""
    return {
        "agree": _("Instämmer"),
        "partly": _("Till viss del"),
        "disagree": _("Inte alls"),
        "unknown": _("Vet ej"),
        "not_applicable": _("Ej aktuellt"),
    }


def progress(_: Speech) -> Mapping[str, str]:
    """Name how far an action has come, by the word it is stored as."""
    return {
        "planned": _("Planerad"),
        "under_way": _("Pågår"),
        "done": _("Klar"),
        "verified": _("Verifierad"),
    }


def tabs(_: Speech) -> Mapping[str, str]:
    """Name the tabs, in their order."""
    return {
        "instructions": _("Instruktion"),
        "form_st_lakare": _("Enkät ST-läkare"),
        "form_handledare": _("Enkät Handledare"),
        "form_studierektor": _("Enkät Studierektor"),
        "form_verksamhetschef": _("Enkät Verksamhetschef"),
        "answers_st_lakare": _("Svar ST-läkare"),
        "answers_handledare": _("Svar Handledare"),
        "answers_studierektor": _("Svar Studierektor"),
        "answers_verksamhetschef": _("Svar Verksamhetschef"),
        "details": _("Uppgifter"),
        "counts": _("Underlag"),
        "assessment": _("Bedömning"),
        "result": _("Resultat"),
        "plan": _("Åtgärdsplan"),
        "comments": _("Kommentarer"),
        "rules": _("Regler"),
        "about": _("Om"),
    }
