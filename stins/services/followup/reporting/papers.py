"""A report as files: PDF, kept as it was when approved, and docx to paste into another template."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from scoring.rounds import Mode
from stins.reports.follow_up import said, setting
from stins.reports.follow_up.docx import docx_file
from stins.reports.follow_up.rows import Paper, Signed
from stins.reports.written import blocks
from stins.services.followup.reporting import rows
from stins.services.followup.reporting.sources import annex_of, covered, source_of
from stins.services.followup.reporting.values import Signing, Source
from stins.services.followup.values import ReportState
from stins.services.refusals import NotFound
from stins.services.rights import Person, may_follow
from stins.store.tables import FollowUpReport, FollowUpReportFile
from stins.workbook.speech import Speech, speech


def as_pdf(session: Session, person: Person, id: str) -> bytes:
    """Give a report as PDF: as it was approved, else as it is now. Raises :class:`NotFound`."""
    _check(session, person, id)
    kept = session.get(FollowUpReportFile, id)
    return kept.pdf if kept else set_pdf(session, id)


def as_docx(session: Session, person: Person, id: str) -> bytes:
    """Give a report as a Word document. Raises :class:`NotFound`."""
    _check(session, person, id)
    return docx_file(paper(session, id))


def set_pdf(session: Session, id: str) -> bytes:
    """Set a report as it is now, whoever asks."""
    return setting.pdf(paper(session, id))


def paper(session: Session, id: str) -> Paper:
    """Make the rows of a report on paper, in its own language, whoever asks."""
    row, where = rows.found(session, id)
    found, _where = source_of(session, row)
    _ = speech(row.lang)
    current, cases = rows.current(session, id), covered(session, id)
    facts = [(_("Enhet"), where.name), *_about(found, row.lang)]
    facts.append((_("Åtgärdat senast"), said.day(min(case.due_on for case in cases), row.lang)))
    if row.handed_in_on:
        facts.append((_("Inlämnad"), said.day(row.handed_in_on, row.lang)))
    if row.approved_on:
        facts.append((_("Godkänd"), said.day(row.approved_on, row.lang)))
    all_ = rows.signings(session, where, id, current.number)
    # A returned version keeps its signatures in the history; as a draft it is signed by nobody.
    signed = [] if row.state == ReportState.DRAFT else [_signed(each, row.lang, _) for each in all_]
    return Paper(
        lang=row.lang,
        title=_("Skriftlig uppföljning, %(place)s") % {"place": where.name},
        place=where.name,
        mark=_mark(row, _),
        facts_columns=(_("Uppgift"), _("Värde")),
        facts=tuple(facts),
        note=_note(found, _),
        blocks=blocks(current.text),
        signatures_title=_("Underskrifter"),
        signatures_columns=(_("Enhet"), _("Verksamhetschef"), _("Underskrift")),
        signatures=tuple(signed) or tuple(_blank(all_)),
        annex=annex_of(session, found, cases, current, row.lang),
        written_at=current.at,
    )


def _check(session: Session, person: Person, id: str) -> None:
    _row, where = rows.found(session, id)
    if not may_follow(person, where):
        raise NotFound


def _about(found: Source, lang: str) -> list[tuple[str, str]]:
    _ = speech(lang)
    day = {"day": said.day(found.day, lang)}
    if found.inspection:
        return [(_("Följer upp"), _("Inspektion avslutad %(day)s") % day)]
    who = {"reviewer": found.reviewer, **day}
    lines = [(_("Följer upp"), _("Extern granskning av %(reviewer)s, rapport från %(day)s") % who)]
    return [*lines, (_("Granskningens rapport"), found.document)] if found.document else lines


def _mark(row: FollowUpReport, _: Speech) -> str:
    match ReportState(row.state):
        case ReportState.DRAFT:
            return _("Utkast")
        case ReportState.SIGNING:
            return _("Väntar på underskrift")
        case ReportState.HANDED_IN:
            return _("Inlämnad, väntar på godkännande")
        case ReportState.APPROVED:
            return ""


def _note(found: Source, _: Speech) -> str:
    if found.review:
        return ""
    note = _("STINS-bedömning, en självskattning som efterliknar SPUR.")
    if found.mode is Mode.TYPED:
        return f"{note} {_('Svaren är inskrivna för hand och har lästs av den som skrev in dem.')}"
    return note


def _signed(each: Signing, lang: str, _: Speech) -> Signed:
    signature = each.signature
    if signature is None:
        return Signed(each.unit.name, "", _("Väntar på underskrift"))
    how = _("Underskriven på papper %(day)s") if signature.on_paper else _("Underskriven i STINS %(day)s")
    return Signed(each.unit.name, signature.name, how % {"day": said.day(signature.signed_on, lang)})


def _blank(all_: Sequence[Signing]) -> list[Signed]:
    return [Signed(each.unit.name, "", "") for each in all_]
