"""Words: what the services' values and refusals are called in the user's language."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, assert_never
from urllib.parse import quote, urlencode

from babel.lists import format_list
from flask import Flask, request
from flask_babel import format_date, format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from questionnaires.model import Fact, Level, Role
from stins.reports.before_after import Change
from stins.reports.table import AreaRow, CriterionRow, Shown
from stins.services import invite, organisation, report, staff
from stins.services.followup import values as followup
from stins.services.followup.reporting import values as reporting
from stins.services.followup.reporting.values import Task
from stins.services.followup.values import Act, Progress, ReportAct, ReportState, State
from stins.services.invite import refused as mailed
from stins.services.invite.addresses import Wrong
from stins.services.invite.mailing import State as MailState
from stins.services.oversight.home import Matter
from stins.services.participation import Outcome, Reach
from stins.services.refusals import Refused
from stins.services.reminders.kinds import Kind as Reminder
from stins.services.report import CommentState
from stins.services.reviews import values as reviews
from stins.services.reviews.values import Due
from stins.services.rights import Kind, Office
from stins.services.words import Grade, grouped
from stins.web.language import chosen_language

Words = Mapping[Any, LazyString]

ROLES: Words = {
    Role.ST_LAKARE: _l("ST-läkare"),
    Role.HANDLEDARE: _l("Handledare"),
    Role.STUDIEREKTOR: _l("Studierektor"),
    Role.VERKSAMHETSCHEF: _l("Verksamhetschef"),
}
OFFICES: Words = {
    Office.STUDIEREKTOR: _l("Studierektor"),
    Office.VERKSAMHETSCHEF: _l("Verksamhetschef"),
    Office.OVS: _l("Övergripande studierektor"),
    Office.REGION: _l("Regionens ATBTST-råd"),
    Office.ADMIN: _l("Administratör"),
}
KINDS: Words = {
    Kind.REGION: _l("Region"),
    Kind.FORVALTNING: _l("Förvaltning"),
    Kind.GRUPP: _l("Grupp"),
    Kind.ENHET: _l("Enhet"),
}
REMINDERS: Words = {
    Reminder.BREACH_OVERDUE: _l("Brister som skulle ha varit åtgärdade, varje vecka"),
    Reminder.BREACH_DUE: _l("Brister som ska åtgärdas, 60, 30 och 7 dagar före"),
    Reminder.REPORT_WAITING: _l("Rapporter som väntar på dig, varje vecka"),
    Reminder.REVIEW_DUE: _l("Nästa externa granskning, 12 och 6 månader före och varje kvartal efter"),
    Reminder.DIGEST: _l("Sammanfattning av förvaltningen, första arbetsdagen i månaden"),
}
FACTS: Words = {Fact.JA: _l("Ja"), Fact.DELVIS: _l("Delvis"), Fact.NEJ: _l("Nej")}
LEVELS: Words = {
    Level.F: _l("Föreskrift"),
    Level.AR: _l("Allmänt råd"),
    Level.KI: _l("Kvalitetsindikator"),
}
STATUSES: Words = {
    "met": _l("Uppfyllt"),
    "partly": _l("Delvis uppfyllt"),
    "not_met": _l("Inte uppfyllt"),
    None: _l("Ingen status"),
}
CELLS: Words = {
    "st": _l("ST-läkare"),
    "utbildare": _l("Handledare, studierektor och verksamhetschef"),
    "alla": _l("Alla tillsammans"),
}
BANDS: Words = {
    "agree": _l("Instämmer"),
    "partly": _l("Instämmer till viss del"),
    "disagree": _l("Instämmer inte alls"),
    "unknown": _l("Vet ej"),
    "not_applicable": _l("Ej aktuellt"),
}
ANSWERS: Words = {
    "3": _l("Instämmer helt"),
    "2": _l("Instämmer till stor del"),
    "1": _l("Instämmer till viss del"),
    "0": _l("Instämmer inte alls"),
    "vet_ej": _l("Vet ej"),
    "ej_aktuellt": _l("Ej aktuellt för mig"),
}
STATES: Words = {
    "draft": _l("Utkast"),
    "open": _l("Öppen"),
    "closing": _l("Avslutas"),
    "closed": _l("Avslutad"),
    "void": _l("Ogiltig"),
}
MODES: Words = {
    "anonymous": _l("Anonym enkät"),
    "dialogue": _l("Underlag för samtal"),
    "typed": _l("Inskrivna svar"),
}
REACHES: Words = {
    Reach.UNDER_HALF: _l("Under hälften har svarat"),
    Reach.HALF: _l("Minst hälften har svarat"),
    Reach.ENOUGH: _l("Nog för resultat"),
}
OUTCOMES: Words = {
    Outcome.TWO: _l("Två grupper: ST-läkarna för sig, handledare med studierektor och chef för sig."),
    Outcome.ONE: _l("En grupp: allas svar räknas tillsammans."),
    Outcome.NONE: _l("Inget resultat: för få har svarat, och svaren skulle förstöras utan att visas."),
}
MATTERS: Words = {
    Matter.STUCK: _l("Avslutningen har stannat"),
    Matter.VOID: _l("En ogiltigförklaring väntar på ditt besked"),
    Matter.LATE: _l("En brist skulle ha varit åtgärdad"),
    Matter.COMMENTS: _l("Kommentarer väntar på att läsas"),
    Matter.REPORT: _l("En rapport väntar"),
    Matter.WRITE: _l("En rapport ska skrivas"),
    Matter.DUE: _l("En brist ska åtgärdas"),
    Matter.ACTION: _l("En åtgärd skulle ha varit klar"),
    Matter.REVIEW: _l("Extern granskning"),
    Matter.MAIL: _l("Mejl har inte gått fram"),
    Matter.DRAFT: _l("Utkast att öppna"),
    Matter.OPEN: _l("Inspektion pågår"),
    Matter.RESULT: _l("Resultat att läsa"),
    Matter.PLAN: _l("Ingen inspektion är planerad"),
}
COMMENT_STATES: Words = {
    CommentState.SHOWN: _l("Visa"),
    CommentState.REDACTED: _l("Maskera"),
    CommentState.WITHHELD: _l("Håll inne"),
}
FOLLOW_UP_STATES: Words = {
    State.OPEN: _l("Pågår"),
    State.CLOSED: _l("Avslutad"),
    State.DISMISSED: _l("Avskriven"),
}
PROGRESS: Words = {
    Progress.PLANNED: _l("Planerad"),
    Progress.UNDER_WAY: _l("Pågår"),
    Progress.DONE: _l("Klar"),
    Progress.VERIFIED: _l("Verifierad"),
}
ACTS: Words = {
    Act.OPENED: _l("Uppföljningen började"),
    Act.ACTION: _l("En åtgärd lades till"),
    Act.CHANGED: _l("En åtgärd ändrades"),
    Act.MET: _l("Uppföljningen avslutades: kravet är uppfyllt"),
    Act.CLOSED: _l("Uppföljningen avslutades"),
    Act.DISMISSED: _l("Uppföljningen avskrevs"),
    Act.REOPENED: _l("Uppföljningen öppnades igen"),
    Act.MOVED: _l("Granskningens dag rättades, och fristen med den"),
    Act.REDATED: _l("Granskningens dag rättades, men fristen är oförändrad"),
    Act.REWORDED: _l("Bristens område eller text rättades"),
}
REPORT_STATES: Words = {
    ReportState.DRAFT: _l("Utkast"),
    ReportState.SIGNING: _l("Väntar på underskrift"),
    ReportState.HANDED_IN: _l("Inlämnad, väntar på godkännande"),
    ReportState.APPROVED: _l("Godkänd"),
}
REPORT_ACTS: Words = {
    ReportAct.DRAFTED: _l("Programmet skrev ett utkast till rapport"),
    ReportAct.EDITED: _l("Rapporten ändrades"),
    ReportAct.SENT: _l("Rapporten skickades för underskrift"),
    ReportAct.SIGNED: _l("Rapporten skrevs under"),
    ReportAct.SIGNED_ON_PAPER: _l("En underskrift på papper registrerades"),
    ReportAct.HANDED_IN: _l("Rapporten lämnades in"),
    ReportAct.RETURNED: _l("Rapporten lämnades tillbaka"),
    ReportAct.APPROVED: _l("Rapporten godkändes"),
}
TASKS: Words = {
    Task.REWRITE: _l("En rapport är tillbaka och ska skrivas om"),
    Task.FINISH: _l("Ett utkast till rapport ska bli klart och skickas"),
    Task.SIGN: _l("En rapport väntar på din underskrift"),
    Task.RECORD: _l("En underskrift på papper ska registreras"),
    Task.APPROVE: _l("En rapport väntar på ditt godkännande"),
}
DUE: Words = {
    Due.NEVER: _l("Aldrig granskad"),
    Due.OVERDUE: _l("Mer än fem år sedan"),
    Due.SIX_MONTHS: _l("Dags inom sex månader"),
    Due.TWELVE_MONTHS: _l("Dags inom tolv månader"),
    Due.FINE: _l("Mer än ett år kvar"),
}
CHANGES: Words = {
    Change.BETTER: _l("Bättre"),
    Change.SAME: _l("Oförändrat"),
    Change.WORSE: _l("Sämre"),
}
MAIL_STATES: Mapping[Any, Callable[[int], str]] = {
    MailState.SENT: lambda n: ngettext("ett skickat", "%(num)s skickade", n),
    MailState.WAITING: lambda n: ngettext("ett väntar", "%(num)s väntar", n),
    MailState.SENDING: lambda n: ngettext("ett på väg", "%(num)s på väg", n),
    MailState.FAILED: lambda n: ngettext("ett gick inte", "%(num)s gick inte", n),
    MailState.UNCERTAIN: lambda n: ngettext("ett osäkert", "%(num)s osäkra", n),
}
AREA_FIELD = _l("Vill du tillägga något om området?")
CLOSING_FIELDS: Mapping[str, LazyString] = {
    "best": _l("Vad fungerar bäst?"),
    "improve": _l("Vad är viktigast att förbättra?"),
}


def sentence(refusal: Refused) -> str:
    """Say a refusal in the user's words: what is wrong and what to do."""
    return _SENTENCES[type(refusal)](refusal.about)


def _circle(about: Mapping[str, Any]) -> str:
    obstacle = about["obstacle"]
    if obstacle.free_on is None:
        return _(
            "En inspektion pågår redan på %(place)s. En inspektion i taget: annars kan två resultat jämföras "
            "så att enskilda svar går att räkna ut. Avsluta den först.",
            place=obstacle.place,
        )
    return _(
        "Det är för nära en tidigare inspektion på %(place)s. En inspektion i taget: annars kan två resultat "
        "jämföras så att enskilda svar går att räkna ut. Du kan öppna från och med %(day)s.",
        place=obstacle.place,
        day=day(obstacle.free_on),
    )


def _fact(about: Mapping[str, Any]) -> str:
    if about["never"] and about["id"] == "A3":
        return _("Har ingen granskning gjorts kan den inte ligga inom fem år: välj Nej.")
    if about["never"] and about["id"] == "A4":
        return _(
            "Har ingen granskning gjorts finns inga brister att åtgärda: välj Ingen granskning har gjorts."
        )
    return _("Välj ett svar.")


def _too_few(about: Mapping[str, Any]) -> str:
    if about["dialogue"]:
        return _(
            "Minst %(k)s ST-läkare och handledare behövs tillsammans för att något ska kunna visas anonymt. "
            "Inspektera helst grannenheter tillsammans, eller välj underlag för samtal.",
            k=about["k"],
        )
    return _(
        "Minst %(k)s ST-läkare och handledare behövs tillsammans för att något ska kunna visas anonymt. "
        "Inspektera grannenheter tillsammans.",
        k=about["k"],
    )


ODD_MOST = 5
"""How many lines that cannot be read are named; the rest are counted."""


def _odd(about: Mapping[str, Any]) -> str:
    odd = about["odd"]
    said = [
        _(
            "Rad %(line)s: %(text)s. Adresser med å, ä eller ö kan vi inte skicka till. Skriv en annan.",
            line=each.line,
            text=each.text,
        )
        if each.why is Wrong.LETTERS
        else _("Rad %(line)s går inte att läsa som en adress: %(text)s.", line=each.line, text=each.text)
        for each in odd[:ODD_MOST]
    ]
    if more := len(odd) - ODD_MOST:
        said += [ngettext("Och en rad till.", "Och %(num)s till.", more)] if more > 0 else []
    return " ".join(said)


def _in_two_roles(about: Mapping[str, Any]) -> str:
    return ngettext(
        "Adressen står i mer än en roll: %(which)s. Ingen får två koder, så låt den stå i en.",
        "Adresserna står i mer än en roll: %(which)s. Ingen får två koder, så låt var och en stå i en.",
        len(about["addresses"]),
        which=listed(about["addresses"]),
    )


def _reads_the_result(about: Mapping[str, Any]) -> str:
    return ngettext(
        "%(which)s hör till någon som får läsa resultatet. Den personen svarar som studierektor eller "
        "verksamhetschef, eller inte alls. Ta bort adressen och minska antalet i planen.",
        "%(which)s hör till några som får läsa resultatet. De svarar som studierektor eller "
        "verksamhetschef, eller inte alls. Ta bort adresserna och minska antalet i planen.",
        len(about["addresses"]),
        which=listed(about["addresses"]),
    )


def _number_differs(about: Mapping[str, Any]) -> str:
    return ngettext(
        "En adress, men enligt planen ska %(declared)s svara. Rätta listan eller låt planen ändras.",
        "%(num)s adresser, men enligt planen ska %(declared)s svara. Rätta listan eller låt planen ändras.",
        about["have"],
        declared=about["declared"],
    )


_SENTENCES: Mapping[type[Refused], Callable[[Mapping[str, Any]], str]] = {
    organisation.WrongPlace: lambda _a: _(
        "Det slaget kan inte ligga där. Välj en annan plats eller ett annat slag."
    ),
    organisation.NameMissing: lambda _a: _("Skriv ett namn."),
    organisation.NumberOutside: lambda a: _(
        "Skriv ett tal från %(least)s till %(most)s.", least=a["least"], most=a["most"]
    ),
    staff.EmailWrong: lambda _a: _(
        "Adressen är inte en e-postadress, eller så finns den redan på ett konto."
    ),
    staff.PasswordWeak: lambda a: _(
        "Välj ett lösenord på minst %(least)s tecken som inte är lätt att gissa, gärna fyra ord i rad.",
        least=a["least"],
    ),
    staff.SignInFailed: lambda _a: _("E-postadressen och lösenordet hör inte ihop. Kontrollera båda."),
    staff.SignInBlocked: lambda _a: _("För många försök har misslyckats. Vänta en stund och försök igen."),
    staff.RolesClash: lambda _a: _(
        "En administratör kan inte vara studierektor eller verksamhetschef. Använd ett annat konto."
    ),
    staff.LastAdmin: lambda _a: _("Den sista administratören kan inte tas bort. Lägg till en annan först."),
    invite.NobodyAsked: lambda _a: _("Ange hur många som ska svara."),
    invite.NumberWrong: lambda a: _("Skriv ett helt tal från 0 till %(most)s.", most=a["most"]),
    invite.DayWrong: lambda a: _(
        "Välj en dag från %(first)s till %(last)s.", first=day(a["first"]), last=day(a["last"])
    ),
    invite.LastDayPassed: lambda a: _(
        "Sista dagen att svara var %(day)s. Gå till inspektionens sida, välj Ändra utkastet och skriv en "
        "senare dag. Öppna sedan.",
        day=day(a["day"]),
    ),
    invite.FactMissing: _fact,
    invite.TooFew: _too_few,
    invite.DialogueTooMany: lambda a: _(
        "Underlag för samtal är bara för grupper på högst %(most)s personer. Välj Anonymt.", most=a["most"]
    ),
    invite.DialogueTooFew: lambda a: _(
        "Det behövs minst %(least)s personer, varav två ST-läkare eller handledare.", least=a["least"]
    ),
    invite.NoReviewer: lambda _a: _(
        "Kommentarer kan bara skrivas i en anonym enkät och när det finns en övergripande studierektor "
        "utanför enheten som läser dem först. Avmarkera kommentarer."
    ),
    invite.CircleBroken: _circle,
    invite.NotADraft: lambda _a: _("Inspektionen är redan öppnad."),
    invite.NotOpen: lambda _a: _("Inspektionen är inte öppen."),
    invite.CodesUnknown: lambda _a: _(
        "Koderna gäller inte längre, så inga lappar har gjorts. "
        "Har koderna gjorts om, så skriv ut lapparna från sidan med de nya."
    ),
    invite.AlreadyAnswered: lambda _a: _(
        "Koderna kan inte göras om: någon har redan lämnat in. Behövs fler koder kan de läggas till."
    ),
    mailed.Addressed: lambda _a: _(
        "Adresser är inlagda för koderna. Öppna från e-postsidan, eller töm rutorna där om du hellre delar "
        "ut lappar."
    ),
    mailed.Mailed: lambda _a: _(
        "Koderna har skickats med e-post och kan inte göras om. Behöver någon en ny kod kan du skapa en "
        "reservkod på e-postsidan."
    ),
    mailed.NotRead: _odd,
    mailed.InTwoRoles: _in_two_roles,
    mailed.ReadsTheResult: _reads_the_result,
    mailed.NumberDiffers: _number_differs,
    mailed.NoAddresses: lambda _a: _("Klistra in minst en adress, eller dela ut koderna som lappar."),
    mailed.NothingSent: lambda _a: _("Ingen har fått någon kod med e-post ännu, så ingen kan påminnas."),
    mailed.NothingToRetry: lambda _a: _(
        "Inget mejl finns att försöka igen med. Har du skapat en reservkod gäller den i stället."
    ),
    mailed.RemindersUsed: lambda a: _(
        "Högst %(most)s påminnelser skickas i en inspektion, och de är redan skickade eller inlagda.",
        most=a["most"],
    ),
    mailed.RemindedThatDay: lambda _a: _("Den dagen finns redan en påminnelse. Välj en annan dag."),
    mailed.StillSending: lambda _a: _("Utskicket pågår. Vänta tills det är klart och försök igen."),
    followup.WhatMissing: lambda _a: _("Skriv vad ni ska göra."),
    followup.TooLong: lambda a: _(
        "Texten är för lång. Korta den till högst %(most)s tecken.", most=a["most"]
    ),
    followup.ReasonMissing: lambda _a: _("Skriv varför. Skälet sparas i historiken."),
    followup.NoEvidence: lambda _a: _(
        "Det går inte att avsluta ännu: minst en åtgärd ska vara klar eller verifierad och berätta vad som "
        "visar det. Enheten fyller i det i åtgärden."
    ),
    followup.NotMet: lambda _a: _(
        "Det går inte att avsluta så här: ingen extra intern granskning visar att kravet är uppfyllt. "
        "En övergripande studierektor kan avsluta med ett skriftligt beslut."
    ),
    followup.NoArea: lambda _a: _("Välj minst ett område, eller hela enkäten."),
    followup.TooFewForReview: lambda a: _(
        "Minst %(k)s ST-läkare och handledare som får frågor behövs tillsammans för att något ska kunna "
        "visas. Är de färre kan bristen avslutas med ett skriftligt beslut i stället.",
        k=a["k"],
    ),
    followup.ChangedMeanwhile: lambda _a: _(
        "Någon annan har ändrat åtgärden medan du skrev. Läs vad som står nu, för in det du vill ha med och "
        "spara igen."
    ),
    followup.NotOpen: lambda _a: _(
        "Uppföljningen är redan avslutad eller avskriven och kan inte ändras. En övergripande studierektor "
        "kan öppna den igen."
    ),
    followup.NotEnded: lambda _a: _("Uppföljningen pågår redan och behöver inte öppnas igen."),
    followup.NotPreliminary: lambda _a: _(
        "Bara en preliminär brist kan avskrivas. Den här avslutas när den är åtgärdad."
    ),
    followup.AlreadyFollowed: lambda _a: _(
        "Bristen följs redan upp. Lägg åtgärden i uppföljningen, som nås från resultatet."
    ),
    followup.NoFinding: lambda _a: _("Kriteriet brister inte i det här resultatet. Välj ett annat."),
    followup.StartsByItself: lambda _a: _(
        "I en anonym inspektion följs bara brutna föreskrifter upp, och det sker av sig självt. "
        "Planera en åtgärd i stället."
    ),
    reporting.NothingToReport: lambda _a: _("Det finns inget att rapportera. Allt är redan rapporterat."),
    reporting.TextMissing: lambda _a: _("Skriv rapportens text."),
    reporting.EditedMeanwhile: lambda _a: _(
        "Någon annan har sparat en ny version medan du skrev. Läs den bland versionerna, för in det du "
        "vill ha med och spara igen."
    ),
    reporting.NotEditable: lambda _a: _(
        "Rapporten är inlämnad och kan inte ändras. Be den övergripande studierektorn att lämna tillbaka "
        "den. Kopiera din text om du vill ha den kvar."
    ),
    reporting.NotADraft: lambda _a: _("Rapporten är inte längre ett utkast. Läs här vad som gäller nu."),
    reporting.ReturnedUnchanged: lambda _a: _(
        "Den här versionen har lämnats tillbaka. Ändra texten efter kommentaren och skicka den sedan igen."
    ),
    reporting.NotSigning: lambda _a: _("Rapporten väntar inte på underskrift nu. Läs här vad som gäller."),
    reporting.VersionChanged: lambda _a: _(
        "Rapporten har ändrats sedan du öppnade sidan. Läs den nya versionen innan du går vidare."
    ),
    reporting.UnitMissing: lambda _a: _("Välj en enhet som väntar på underskrift."),
    reporting.NameMissing: lambda _a: _("Skriv namnet på den som har skrivit under."),
    reporting.PaperDayWrong: lambda a: (
        _("Dagen på papperet kan bara vara %(day)s: texten skrevs i dag.", day=day(a["first"]))
        if a["first"] == a["last"]
        else _(
            "Välj dagen på papperet, från %(first)s då texten skrevs till %(last)s.",
            first=day(a["first"]),
            last=day(a["last"]),
        )
    ),
    reporting.NotHandedIn: lambda _a: _("Rapporten är inte inlämnad, så det finns inget att besluta om."),
    reporting.CommentMissing: lambda _a: _("Skriv vad enheten behöver ändra."),
    reporting.SignedByYou: lambda _a: _(
        "Du har själv skrivit under rapporten. Någon annan behöver godkänna den."
    ),
    reviews.DayOutside: lambda a: _(
        "Välj rapportens dag, från %(first)s till %(last)s.", first=day(a["first"]), last=day(a["last"])
    ),
    reviews.ReviewerMissing: lambda _a: _("Skriv vem som granskade, till exempel SPUR."),
    reviews.TooLong: lambda a: _("Texten är för lång. Korta den till högst %(most)s tecken.", most=a["most"]),
    reviews.GradeWrong: lambda _a: _("Välj A, B, C eller D, eller lämna betyget tomt."),
    reviews.ReportWrong: lambda _a: _(
        "Skriv filens namn utan mapp och kolon, eller en hel länk som börjar med https:// eller http://."
    ),
    reviews.AreaMissing: lambda a: _("Brist %(number)s: välj område.", number=a["number"]),
    reviews.TextMissing: lambda a: _("Brist %(number)s: skriv vad som brister.", number=a["number"]),
    reviews.TooMany: lambda a: _(
        "En granskning kan ha högst %(most)s brister. Slå ihop dem som hör samman.", most=a["most"]
    ),
    reviews.BeingMended: lambda a: (
        _(
            "Brist %(number)s håller på att åtgärdas och måste stå kvar som en brist mot en föreskrift. "
            "Är den felaktig, så låt en övergripande studierektor avsluta uppföljningen.",
            number=a["number"],
        )
        if a["number"]
        else _(
            "En brist som håller på att åtgärdas saknas. Läs in sidan på nytt och rätta därifrån: bristen "
            "måste stå kvar."
        )
    ),
    reviews.ReviewBeingMended: lambda _a: _(
        "Granskningen kan inte tas bort: något som den fann håller på att åtgärdas. Rätta den i stället."
    ),
    reviews.ReportWaits: lambda _a: _(
        "Rapporten om en brist som du ändrar väntar på underskrift. Ta först tillbaka den: den blir ett "
        "utkast igen när enheten ändrar dess text. Rätta sedan granskningen."
    ),
    reviews.ReportHandedIn: lambda _a: _(
        "Rapporten om en brist som du ändrar är inlämnad eller godkänd. Nu kan bara en övergripande "
        "studierektor utanför enheten rätta bristen och granskningens dag. Be om det."
    ),
    reviews.AlreadyRegistered: lambda _a: _(
        "Den här granskningen är redan registrerad: samma enhet, dag och granskare. "
        "Kontrollera dagen och namnet."
    ),
    report.NotAPassage: lambda _a: _(
        "En maskerad kommentar får bara sakna ord ur originalet. Skriv […] där du har tagit bort något."
    ),
    report.Undecided: lambda _a: _("Välj vad som ska hända med varje kommentar."),
}


def extra_name(areas: tuple[str, ...] | None, after: date | None) -> str:
    """Name an extra internal review: what it asks about, and which inspection it is tied to."""
    if areas is None:
        return _(
            "Extra intern granskning av alla områden, efter inspektionen som avslutades %(day)s",
            day=day(after),
        )
    return ngettext(
        "Extra intern granskning av område %(areas)s, efter inspektionen som avslutades %(day)s",
        "Extra intern granskning av områdena %(areas)s, efter inspektionen som avslutades %(day)s",
        len(areas),
        areas=listed(areas),
        day=day(after),
    )


def listed(words: Sequence[str]) -> str:
    """Write words in a row, such as B, D och E."""
    return format_list(words, locale=chosen_language()) if words else ""


def field_name(field: str) -> str:
    """Name a comment field: its question, or the letter of its area."""
    return str(CLOSING_FIELDS.get(field) or _("Område %(area)s", area=field))


def day(value: date | None) -> str:
    """Write a day in words, such as 22 november 2026."""
    return format_date(value, "d MMMM y") if value else ""


def day_and_time(value: datetime) -> str:
    """Write an instant in words, as the clock shows in Sweden, such as 22 november 2026 11:00."""
    return format_datetime(value, "d MMMM y HH:mm")


def days_left(value: date, today: date) -> str:
    """Say how far away a day is."""
    left = (value - today).days
    if left == 0:
        return _("i dag")
    if left > 0:
        return ngettext("om en dag", "om %(num)s dagar", left)
    return ngettext("för en dag sedan", "för %(num)s dagar sedan", -left)


def agreeing(table: Shown) -> str:
    """Say how many agree in a table."""
    return _("%(agree)s av %(base)s instämmer", agree=table.bands.agree, base=table.bands.base)


def would_take(table: Shown) -> str:
    """Say what a table short of met would take."""
    return ngettext(
        "%(cell)s: en till behöver instämma",
        "%(cell)s: %(num)s till behöver instämma",
        table.needed,
        cell=CELLS[table.cell],
    )


def reason(area: AreaRow) -> str:
    """Say why an area has its grade."""
    match area.grade:
        case None:
            known, of = area.counted.criteria
            return _(
                "Kan inte bedömas: %(known)s av %(of)s kriterier har en status, och minst två tredjedelar "
                "behövs, även av föreskrifterna.",
                known=known,
                of=of,
            )
        case Grade.A:
            return _("Föreskrifter och allmänna råd är uppfyllda, indikatorerna med högst enstaka undantag.")
        case Grade.B:
            return _("Föreskrifterna är uppfyllda, men allmänna råd eller indikatorer brister:")
        case Grade.C:
            return _("Något av det som ska eller bör finnas når inte hela vägen:")
        case Grade.D:
            return _("En föreskrift är inte uppfylld:")
        case _:
            assert_never(area.grade)


def because(row: CriterionRow) -> str:
    """Name a criterion among reasons: its level and how far it is met."""
    provisional = _(", preliminär") if row.provisional else ""
    return f"{LEVELS[row.level]}{provisional}, {str(STATUSES[row.status]).lower()}"


def other_language_address() -> str:
    """Give the present page's address in the other language."""
    other = "sv" if chosen_language() == "en" else "en"
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    # One slash at the start: two would name another host.
    return f"/{quote(request.path.lstrip('/'))}?{urlencode([*kept, ('lang', other)])}"


def said(words: Words) -> dict[Any, str]:
    """Give words in the present language, for a page that says them hundreds of times."""
    return {key: str(word) for key, word in words.items()}


def set_up(app: Flask) -> None:
    """Give the templates their words."""
    words = {
        "roles": ROLES,
        "offices": OFFICES,
        "kinds": KINDS,
        "facts_words": FACTS,
        "levels": LEVELS,
        "statuses": STATUSES,
        "cells": CELLS,
        "bands": BANDS,
        "answers": ANSWERS,
        "states": STATES,
        "modes": MODES,
        "reaches": REACHES,
        "outcomes": OUTCOMES,
        "matters": MATTERS,
        "reminders": REMINDERS,
        "comment_states": COMMENT_STATES,
        "due_states": DUE,
        "follow_up_states": FOLLOW_UP_STATES,
        "progress": PROGRESS,
        "acts_words": {**ACTS, **REPORT_ACTS},
        "report_states": REPORT_STATES,
        "tasks": TASKS,
        "changes": CHANGES,
        "mail_states": MAIL_STATES,
    }
    app.jinja_env.globals.update(words)
    app.jinja_env.filters["code_groups"] = grouped
    app.jinja_env.filters["said"] = said
    app.jinja_env.globals.update(
        lang=chosen_language,
        day=day,
        day_and_time=day_and_time,
        days_left=days_left,
        agreeing=agreeing,
        would_take=would_take,
        reason=reason,
        because=because,
        other_language_address=other_language_address,
        extra_name=extra_name,
        listed=listed,
    )
