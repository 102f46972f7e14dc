"""The registers' tables (SQLAlchemy Core); the migrations beside make them, and a test holds the two equal.

Their names begin with ak_, since every process family shares one database.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.columns import UtcDateTime
from engine.store.schema import SERIAL
from processes.aktivitetskrav.records.columns import CalendarMonth, Hours

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# --- who ----------------------------------------------------------------------------------------------------------

person = Table(
    "ak_person",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("number", Text, nullable=False, unique=True),  # the only place where personnummer are kept
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("born", Date, nullable=False),
    Column("protected", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deceased_on", Date),  # from then on no letter is written
)

household = Table(
    "ak_household",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
)

client = Table(
    "ak_client",  # what holds for a case now; the registers below hold how it came to be
    metadata,
    Column("case_id", Text, primary_key=True),
    Column(
        "person_id", SERIAL, ForeignKey("ak_person.id"), nullable=False, index=True
    ),  # a new case after a closed one
    Column("household_id", SERIAL, ForeignKey("ak_household.id"), nullable=False, index=True),
    Column("unit", Text, nullable=False),
    Column("hindrance", Text, nullable=False),
    Column("status", Text, nullable=False),  # RequirementStatus
    Column("status_reason", Text),
    Column("required_from", Date),
    Column("hours", Hours),  # per week, once decided
    Column("adviser", Text),  # the responsible konsulent
    Column("jobcentre_registered", Boolean),  # inskriven hos Arbetsförmedlingen
)

# --- support months -------------------------------------------------------------------------------------------------

support_decision = Table(
    "ak_support_decision",  # every decision that was ever received, corrections too
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("person_id", SERIAL, ForeignKey("ak_person.id"), nullable=False),
    Column("month", CalendarMonth, nullable=False),
    Column("reference", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("hindrance", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    UniqueConstraint("person_id", "month", "reference"),
)

support_month = Table(
    "ak_support_month",  # what holds for a month now, once its run of manadsbeslut has registered it
    metadata,
    Column("person_id", SERIAL, ForeignKey("ak_person.id"), primary_key=True, autoincrement=False),
    Column("month", CalendarMonth, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("reference", Text),  # null: nobody applied
    Column("status_then", Text, nullable=False),  # the requirement's status when the row was written
    Column("registered_at", UtcDateTime, nullable=False),
)

requirement = Table(
    "ak_requirement",  # the extent of the requirement as decided, with the survey behind it (authority side only)
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("hours", Hours),
    Column("proposed_hours", Hours),
    Column("required_from", Date),
    Column("exemption", Text),
    Column("exemption_reason", Text),
    Column("exemption_until", Date),
    Column("motivation", Text),
    Column("survey", JSON, nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
)

# --- hand-over and activities ---------------------------------------------------------------------------------------

handover = Table(
    "ak_handover",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("organisation", Text, nullable=False),
    Column("legal_basis", Text),
    Column("fields", JSON, nullable=False),  # the codes of what was disclosed
    Column("motivation", Text),
    Column("handed_over_on", Date, nullable=False),
    Column("accepted_on", Date),
    Column("adviser", Text),
    Column("ended_on", Date),
    Column("end_reason", Text),
)

activity = Table(
    "ak_activity",  # the catalogue
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, index=True),  # motiverande, sprak, jobbsokar, arbetsplats
    Column("provider", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("hours", Hours, nullable=False),  # per week
    Column("starts_on", Date),  # null: at any time
    Column("active", Boolean, nullable=False),
    Column("times", JSON),  # when it takes place each week, as "mån 09:00-12:00"; null or empty: agreed with each
)

placement = Table(
    "ak_placement",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("activity_id", Text, ForeignKey("ak_activity.id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("hours", Hours, nullable=False),  # per week
    Column("status", Text, nullable=False),  # PlacementStatus
    Column("plan_id", SERIAL, ForeignKey("ak_plan.id")),
    Column("assigned_on", Date),
    Column("jobcentre_on", Date),  # when the assignment was registered with Arbetsförmedlingen
    Column("ended_on", Date),
    Column("end_reason", Text),
    Index("ix_ak_placement_activity_id", "activity_id", "status"),
)

place_queue = Table(
    "ak_place_queue",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    Index("ix_ak_place_queue_kind", "kind", "left_at", "id"),
)

session = Table(
    "ak_session",  # one planned day of one placement
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("placement_id", SERIAL, ForeignKey("ak_placement.id"), nullable=False),
    Column("case_id", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("planned_hours", Hours, nullable=False),
    Column("outcome", Text),  # SessionOutcome; null: not yet judged, which is not the same as absent
    Column("hours", Hours),
    Column("recorded_by", Text),
    Column("recorded_at", UtcDateTime),
    UniqueConstraint("placement_id", "day"),
    Index("ix_ak_session_case_id", "case_id", "day"),
    Index(
        "ix_ak_session_unjudged",
        "day",
        "id",
        sqlite_where=text("outcome IS NULL"),
        postgresql_where=text("outcome IS NULL"),
    ),
)

month_basis = Table(
    "ak_month_basis",  # what a month's attendance came to, handed to the authority
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("month", CalendarMonth, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("handed_at", UtcDateTime, nullable=False),
)

follow_up = Table(
    "ak_follow_up",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("progression", Text, nullable=False),
    Column("note", Text),
    Column("at", UtcDateTime, nullable=False),
)

# --- plans, decisions, deviations -----------------------------------------------------------------------------------

decision = Table(
    "ak_decision",  # decisions that people made; what they decided on refers to them
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("outcome", Text),
    Column("motivation", Text),
    Column("valid_until", Date),
    Column("decided_by", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("instance_id", Text, nullable=False),
)

plan = Table(
    "ak_plan",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("version", Integer, nullable=False),  # counts per case, from 1
    Column("goal", Text),
    Column("short_goal", Text),
    Column("until", Date),
    Column("participants_view", Text),
    Column("childcare_from", Date),
    Column("jobcentre_answer", Text),
    Column("sip_responsible", Text),
    Column("ramp_up", Text),
    Column("decision_id", SERIAL, ForeignKey("ak_decision.id"), nullable=False),
    UniqueConstraint("case_id", "version"),
)

deviation = Table(
    "ak_deviation",  # the individual's
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("kind", Text),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("hours", Hours),
    Column("month", CalendarMonth),
    Column("description", Text),
    Column("contact_attempts", Text),
    Column("explanation", Text),
    Column("reason_category", Text),
    Column("reported_by", Text),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("outcome", Text),
    Column("outcome_motivation", Text),
    Column("reduction_percent", Hours),
    Column("decided_by", Text),
    Column("decision_id", SERIAL, ForeignKey("ak_decision.id")),
)

delivery_deviation = Table(
    "ak_delivery_deviation",  # the organiser's: never to the individual's disadvantage
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, index=True),
    Column("kind", Text),
    Column("description", Text),
    Column("month", CalendarMonth),
    Column("cause", Text),
    Column("severity", Text),
    Column("measure", Text),
    Column("registered_at", UtcDateTime, nullable=False),
)

appeal = Table(
    "ak_appeal",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("decision_id", SERIAL, ForeignKey("ak_decision.id")),
    Column("received_on", Date),
    Column("in_time", Text),
    Column("outcome", Text),
    Column("registered_at", UtcDateTime, nullable=False),
)

# --- exemptions, adaptations, closing ---------------------------------------------------------------------------------

adaptation = Table(
    "ak_adaptation",  # exemptions and adaptations as decided, each with an end (authority side only)
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),  # AdaptationKind
    Column("reason", Text, nullable=False),
    Column("claim", Text),  # what the person says
    Column("evidence", Text),  # how far it is shown
    Column("hours", Hours),  # per week, while it holds
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("activities", Text, nullable=False),  # ActivityMeasure
    Column("voluntary", Text),
    Column("sick_grade", Hours),  # per cent
    Column("certificate_until", Date),
    Column("without_sickness_benefit", Boolean),  # no income that sickness benefit would be counted on
    Column("decision_id", SERIAL, ForeignKey("ak_decision.id"), nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("lead_actor", Text),  # who answers for the rehabilitation
    Column("lead_contact", Text),
    Column("lock_in_risk", Boolean),
    Column("ended_on", Date),  # the first day on which it does not hold
    Column("end_reason", Text),
)

certificate = Table(
    "ak_certificate",  # certificates that others are to give
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("adaptation_id", SERIAL, ForeignKey("ak_adaptation.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("awaited_since", Date, nullable=False),
    Column("received_on", Date),
    Column("valid_until", Date),
)

closing = Table(
    "ak_closing",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("ground", Text, nullable=False),
    Column("outcome_code", Text, nullable=False),
    Column("closed_on", Date, nullable=False),
    Column("note", Text),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("dispose_on", Date),  # null again where the person came back
    Column("reentered_on", Date),
    Column("archived_on", Date),  # when the case itself was closed
)

later_outcome = Table(
    "ak_later_outcome",  # how the person lives, some time after closing
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("closing_id", SERIAL, ForeignKey("ak_closing.id"), nullable=False),
    Column("days_after", Integer, nullable=False),
    Column("income", Text, nullable=False),
    Column("self_supporting", Text, nullable=False),  # ja, delvis, nej, okant
    Column("note", Text),
    Column("at", UtcDateTime, nullable=False),
)

# --- to the outside, and the journal ----------------------------------------------------------------------------------

letter = Table(
    "ak_letter",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("job_id", SERIAL, nullable=False, unique=True),  # the idempotency key towards whoever sends it
    Column("template", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
)

outgoing = Table(
    "ak_outgoing",  # what the case system is to be told; an adapter takes it from here
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("job_id", SERIAL, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("decision_id", SERIAL, ForeignKey("ak_decision.id")),
    Column("body", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
)

journal = Table(
    "ak_journal",  # notes that no register of their own holds: consultations, registrations, reassessments, hand-backs
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
