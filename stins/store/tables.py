"""The tables.

Those that touch respondents hold exactly the columns of anonymity.md: no time on a code or a ballot, no
person, no order. A test fails on any other column. Ids are random, so that none tells when a row was made.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID = String(32)
WORD = String(40)


class Table(DeclarativeBase):
    """What every table shares: constraints named by one rule, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON(none_as_null=True), list[str]: JSON(none_as_null=True)}  # noqa: RUF012


# --- The organisation and its staff -------------------------------------------------------------------


class Node(Table):
    """A place in the tree region → förvaltning → (grupp →) enhet.

    ``path`` is the ids from the region down to and with this one, each followed by a slash, so that "at or
    below" is a prefix. ``settings`` are the region's numbers, on a region only.
    """

    __tablename__ = "node"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str] = mapped_column(WORD)
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(400), unique=True)
    settings: Mapped[dict[str, Any] | None]


class Account(Table):
    """A member of staff who may sign in. Respondents have no account."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool]


class Assignment(Table):
    """A role that an account has at a node."""

    __tablename__ = "assignment"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("node.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(WORD, primary_key=True)


class StaffSession(Table):
    """A signed-in member of staff. ``token`` is the SHA-256 of what the cookie holds."""

    __tablename__ = "staff_session"
    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(DateTime)
    seen_at: Mapped[datetime] = mapped_column(DateTime)


class Throttle(Table):
    """How often signing in has failed for an account or a source; ``subject`` is a mac, never an address."""

    __tablename__ = "throttle"
    subject: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime] = mapped_column(DateTime)


class Audit(Table):
    """A staff action of weight, appended and never changed. Nothing respondents do stands here."""

    __tablename__ = "audit"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime, index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str] = mapped_column(WORD)
    subject: Mapped[str] = mapped_column(ID, index=True)
    detail: Mapped[str] = mapped_column(Text)


class VoidRequest(Table):
    """One of the two who must agree has asked that an inspection be made void."""

    __tablename__ = "void_request"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    side: Mapped[str] = mapped_column(WORD)
    reason: Mapped[str] = mapped_column(Text)


# --- What touches respondents (anonymity.md; exact column lists) ---------------------------------------


class Inspection(Table):
    """One STINS round at a node, from draft to closed or void."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("mode in ('anonymous', 'dialogue', 'typed')", "mode"),
        CheckConstraint("state in ('draft', 'open', 'closing', 'closed', 'void')", "state"),
        CheckConstraint("comments in ('off', 'reviewed')", "comments"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    catalogue: Mapped[str] = mapped_column(WORD)
    rules: Mapped[str] = mapped_column(WORD)
    parameters: Mapped[dict[str, Any]]
    areas: Mapped[list[str] | None]
    mode: Mapped[str] = mapped_column(WORD)
    k: Mapped[int]
    state: Mapped[str] = mapped_column(WORD, index=True)
    opens_on: Mapped[date | None]
    closes_on: Mapped[date]
    eligible: Mapped[dict[str, Any]]
    comments: Mapped[str] = mapped_column(WORD)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    facts: Mapped[dict[str, Any]]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("inspection.id"))
    participation: Mapped[dict[str, Any] | None]
    participation_on: Mapped[date | None]
    extended: Mapped[bool]
    step: Mapped[str | None] = mapped_column(WORD)


class Code(Table):
    """A right to answer, known only by its mac."""

    __tablename__ = "code"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - a rowid would tell the order
    mac: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), index=True)
    role: Mapped[str] = mapped_column(WORD)
    spent: Mapped[bool]


class Ballot(Table):
    """One person's answers, sealed."""

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - a rowid would tell the order
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Recipient(Table):
    """Where a code is sent by mail, until closing. ``address`` is sealed under the pepper.

    Its state tells what became of the mail alone, and never changes by what a respondent does.
    """

    __tablename__ = "recipient"
    __table_args__ = (CheckConstraint("state in ('waiting', 'sending', 'sent', 'failed')", "state"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), index=True)
    role: Mapped[str] = mapped_column(WORD)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(WORD)


class ReminderDay(Table):
    """A day on which everybody with an address is reminded, in an inspection that is open."""

    __tablename__ = "reminder_day"
    __table_args__ = (CheckConstraint("state in ('set', 'sending', 'sent', 'broken')", "state"),)
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(WORD)


class Release(Table):
    """What was published of an inspection: its JSON without comments, and that text's SHA-256."""

    __tablename__ = "release"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    closed_on: Mapped[date] = mapped_column(index=True)


class Comment(Table):
    """A cleaned comment, first waiting for its reader outside the unit. Withheld ones hold no text."""

    __tablename__ = "comment"
    __table_args__ = (CheckConstraint("state in ('waiting', 'shown', 'redacted', 'withheld')", "state"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), index=True)
    field: Mapped[str] = mapped_column(WORD)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(WORD)


class Destruction(Table):
    """What was destroyed of an inspection, how many of each, and on which day."""

    __tablename__ = "destruction"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    what: Mapped[dict[str, Any]]
    on: Mapped[date]


# --- What follows a verdict (product.md, "Follow-up" and "External reviews") ------------------------------


class ExternalReview(Table):
    """A review by somebody outside, such as SPUR. ``grades`` are by area; ``report`` is a name or a link."""

    __tablename__ = "external_review"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    reported_on: Mapped[date]
    reviewer: Mapped[str] = mapped_column(String(200))
    grades: Mapped[dict[str, Any]]
    report: Mapped[str] = mapped_column(String(500))


class Deficiency(Table):
    """What a review found wanting in an area; ``regulation`` where a föreskrift is not followed."""

    __tablename__ = "deficiency"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    review_id: Mapped[str] = mapped_column(ForeignKey("external_review.id"), index=True)
    area: Mapped[str] = mapped_column(WORD)
    text: Mapped[str] = mapped_column(Text)
    regulation: Mapped[bool]


class FollowUp(Table):
    """A breach that is to be mended by ``due_on``: of an inspection's criterion, or a review's deficiency.

    ``met_in_id`` is the re-inspection that found it mended, where it was closed by one; ``report_id`` the
    written report that tells of it.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("state in ('open', 'closed', 'dismissed')", "state"),
        CheckConstraint("(inspection_id is null) = (criterion is null)", "breach"),
        CheckConstraint("(inspection_id is null) <> (deficiency_id is null)", "source"),
        UniqueConstraint("inspection_id", "criterion"),
        Index("ix_follow_up_state_due_on", "state", "due_on"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    inspection_id: Mapped[str | None] = mapped_column(ForeignKey("inspection.id"))
    criterion: Mapped[str | None] = mapped_column(WORD)
    deficiency_id: Mapped[str | None] = mapped_column(ForeignKey("deficiency.id"), unique=True)
    preliminary: Mapped[bool]
    opened_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(WORD)
    ended_on: Mapped[date | None]
    met_in_id: Mapped[str | None] = mapped_column(ForeignKey("inspection.id"))
    report_id: Mapped[str | None] = mapped_column(ForeignKey("follow_up_report.id"), index=True)


class Action(Table):
    """What somebody does about a follow-up, or about a criterion of an inspection that is no breach."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("status in ('planned', 'under_way', 'done', 'verified')", "status"),
        CheckConstraint("(inspection_id is null) = (criterion is null)", "criterion"),
        CheckConstraint("(inspection_id is null) <> (follow_up_id is null)", "about"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    follow_up_id: Mapped[str | None] = mapped_column(ForeignKey("follow_up.id"), index=True)
    inspection_id: Mapped[str | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    criterion: Mapped[str | None] = mapped_column(WORD)
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(WORD)
    evidence: Mapped[str] = mapped_column(Text)


class FollowUpEvent(Table):
    """What was done with a follow-up, when and by whom; appended and never changed."""

    __tablename__ = "follow_up_event"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    follow_up_id: Mapped[str] = mapped_column(ForeignKey("follow_up.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str] = mapped_column(WORD)
    detail: Mapped[str] = mapped_column(Text)


class FollowUpReport(Table):
    """The written report on a place's follow-ups from one inspection, or from one review, in a language.

    It came into its state on ``since``. ``handed_in_on`` is the day of the last signature under the version
    that the övergripande studierektor has, or has approved.
    """

    __tablename__ = "follow_up_report"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'signing', 'handed_in', 'approved')", "state"),
        CheckConstraint("(inspection_id is null) <> (review_id is null)", "source"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("node.id"), index=True)
    inspection_id: Mapped[str | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    review_id: Mapped[str | None] = mapped_column(ForeignKey("external_review.id"), index=True)
    lang: Mapped[str] = mapped_column(WORD)
    state: Mapped[str] = mapped_column(WORD, index=True)
    since: Mapped[date]
    handed_in_on: Mapped[date | None]
    approved_on: Mapped[date | None]


class FollowUpReportVersion(Table):
    """A version of a report's text, kept as it was; the program's own draft has no ``account_id``."""

    __tablename__ = "follow_up_report_version"
    report_id: Mapped[str] = mapped_column(ForeignKey("follow_up_report.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))


class FollowUpReportSignature(Table):
    """A verksamhetschef's signature for a unit, under one version.

    ``name`` is who signed; where it was on paper, ``account_id`` is who recorded it.
    """

    __tablename__ = "follow_up_report_signature"
    __table_args__ = (
        ForeignKeyConstraint(
            ["report_id", "number"],
            ["follow_up_report_version.report_id", "follow_up_report_version.number"],
            name="fk_follow_up_report_signature_version",
        ),
    )
    report_id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    node_id: Mapped[str] = mapped_column(ForeignKey("node.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    signed_on: Mapped[date]
    on_paper: Mapped[bool]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))


class FollowUpReportEvent(Table):
    """What was done with a report, when and by whom; appended and never changed."""

    __tablename__ = "follow_up_report_event"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("follow_up_report.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str] = mapped_column(WORD)
    detail: Mapped[str] = mapped_column(Text)


class FollowUpReportFile(Table):
    """The report as it was approved, as PDF."""

    __tablename__ = "follow_up_report_file"
    report_id: Mapped[str] = mapped_column(ForeignKey("follow_up_report.id"), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


# --- What is sent -----------------------------------------------------------------------------------------


class MailTurn(Table):
    """Whose turn it is to send an inspection's mail: one process at a time, until it must say so again."""

    __tablename__ = "mail_turn"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(ID)
    until: Mapped[datetime] = mapped_column(DateTime)


class Outgoing(Table):
    """A mail to a member of staff that waits to be sent, was sent, or could not be.

    It is tried from ``next_at`` on; whoever tries it moves that forward first.
    """

    __tablename__ = "outgoing"
    __table_args__ = (CheckConstraint("state in ('waiting', 'sent', 'failed')", "state"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(WORD, index=True)
    tries: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(DateTime)
    trouble: Mapped[str] = mapped_column(String(200))


class Reminded(Table):
    """Somebody has been reminded of something at a stage, such as 30 days before; never twice."""

    __tablename__ = "reminded"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(ID, primary_key=True)
    stage: Mapped[str] = mapped_column(WORD, primary_key=True)


class TurnedOff(Table):
    """A kind of mail that a member of staff does not want."""

    __tablename__ = "turned_off"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(WORD, primary_key=True)


class CalendarFeed(Table):
    """A person's secret calendar address: its SHA-256, and how many times it has been renewed."""

    __tablename__ = "calendar_feed"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    renewed: Mapped[int]
