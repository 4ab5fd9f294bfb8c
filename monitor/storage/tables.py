"""Every table. Migrations must give exactly this schema on both databases (tested)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from monitor.storage.columns import Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite only numbers rows by itself in a column typed exactly INTEGER.
# `sqlite_autoincrement` below: a number once given to a case or a post is never given again, also
# after the newest one was removed.
_Id = BigInteger().with_variant(Integer, "sqlite")

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    # A fingerprint of the installation key: with another key every mark would miss.
    Column("key_fingerprint", String(64), nullable=False),
    Column("sample_offered", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="single_row"),
)

sources = Table(
    "sources",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("options", Json, nullable=False),
    Column("every_seconds", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("cursor", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("last_run_at", UtcDateTime),
    Column("last_error", Text, nullable=False),
    Column("claim_token", String(36)),
    Column("claim_until", UtcDateTime),
    Column("schedule", String(128), nullable=False, server_default=""),
    Column("region", String(16), nullable=False, server_default=""),
    Column("contest", String(64), nullable=False, server_default=""),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("agreement", Text, nullable=False, server_default=""),
    Column("daily_quota", Integer, nullable=False, server_default="0"),
    Column("monthly_quota", Integer, nullable=False, server_default="0"),
    Column("expect_hours", Integer, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False, server_default="ok"),
    Column("state_detail", Text, nullable=False, server_default=""),
    Column("state_since", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("wait_until", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    sqlite_autoincrement=True,
)

# What was asked of a source and what it gave, hour by hour. Rows outlive their source: a report
# over a past month must still say what was watched.
coverage = Table(
    "coverage",
    metadata,
    Column("source_id", _Id, primary_key=True),
    Column("hour", UtcDateTime, primary_key=True),
    Column("source_name", String(64), nullable=False),
    Column("runs", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("got", BigInteger, nullable=False),
    Column("new", BigInteger, nullable=False),
    Column("passed_gate", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("gap_seconds", Integer, nullable=False),
    Index("ix_coverage_hour", "hour"),
)

# A source that needs a person, has fallen silent or gives less than it used to.
source_alarms = Table(
    "source_alarms",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("source_id", _Id, nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("cleared_at", UtcDateTime),
    sqlite_autoincrement=True,
)

# Flagged posts are looked at again: edited, deleted, restored.
rechecks = Table(
    "rechecks",
    metadata,
    Column("post_id", _Id, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("looks", Integer, nullable=False),
    Column("last_seen_at", UtcDateTime),
    Column("first_missing_at", UtcDateTime),
    Column("restored_at", UtcDateTime),
    Column("content_sha256", String(64), nullable=False),
    Column("claim_token", String(36)),
    Column("claim_until", UtcDateTime),
)

# What the public has reported; the post itself, where there is one, is an ordinary post.
public_reports = Table(
    "public_reports",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket", String(24), nullable=False, unique=True),
    Column("status", String(16), nullable=False),
    Column("link", String(2048), nullable=False),
    Column("text", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("seen_at", UtcDateTime),
    Column("contact", Text, nullable=False),
    Column("region", String(16), nullable=False),
    # HMAC of the sender's address and day: tells one sender from many, names nobody.
    Column("sender", String(64), nullable=False, index=True),
    # HMAC of what the report is about: many reports of one thing are shown as such.
    Column("about", String(64), nullable=False, index=True),
    Column("post_id", _Id, ForeignKey("posts.id", ondelete="SET NULL")),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("updated_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

posts = Table(
    "posts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("external_id", String(512), nullable=False),
    Column("source_id", _Id, ForeignKey("sources.id"), index=True),
    Column("received", Text, nullable=False),
    Column("region", String(16), nullable=False),
    Column("posted_at", UtcDateTime),
    Column("date_doubtful", Boolean, nullable=False),
    Column("collected_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("retry_at", UtcDateTime),
    Column("claim_token", String(36)),
    Column("claim_until", UtcDateTime),
    Column("scored_at", UtcDateTime),
    UniqueConstraint("platform", "external_id"),
    Index("ix_posts_state_id", "state", "id"),
    sqlite_autoincrement=True,
)

# All that stays of a post stopped at the gate: an irreversible mark against counting it twice.
marks = Table(
    "marks",
    metadata,
    Column("mark", LargeBinary(8), primary_key=True),
    Column("day", Date, nullable=False, index=True),
)

counts = Table(
    "counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source_id", _Id, primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("n", BigInteger, nullable=False),
)

predictions = Table(
    "predictions",
    metadata,
    Column("post_id", _Id, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("model_version", String(96), nullable=False),
    Column("flag", Boolean, nullable=False),
    Column("risk", Float),
    Column("body", Json, nullable=False),
    Column("predicted_at", UtcDateTime, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("post_id", _Id, ForeignKey("posts.id"), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("risk", Float),
    # What the queue is ordered by: the risk, or 1 for a case that a person opened by hand.
    Column("priority", Float, nullable=False),
    Column("region", String(16), nullable=False, index=True),
    Column("act", String(32), nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("assigned_to", _Id, ForeignKey("users.id"), index=True),
    Column("lease_until", UtcDateTime),
    # The queue's order; the id makes it total, so a cursor never skips or repeats.
    Index("ix_cases_status_priority_id", "status", "priority", "id"),
    sqlite_autoincrement=True,
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("case_id", _Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("log_seq", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

# Append-only: the migration adds triggers that refuse UPDATE and DELETE.
log = Table(
    "log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    # Text, not a time type: the exact characters are part of what is hashed.
    Column("at", String(40), nullable=False),
    Column("actor", String(96), nullable=False),
    Column("action", String(48), nullable=False),
    Column("subject", String(96), nullable=False, index=True),
    Column("details", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("case_id", _Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("decision", String(16), nullable=False),
    Column("reviewer_id", _Id, ForeignKey("users.id"), nullable=False),
    Column("via_key", Boolean, nullable=False),
    Column("case_version", Integer, nullable=False),
    Column("status_before", String(16), nullable=False),
    Column("acts", Json),
    Column("stance", String(16)),
    Column("asn", String(16)),
    Column("targets", Json),
    Column("note", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    sqlite_autoincrement=True,
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("case_id", _Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("approver_id", _Id, ForeignKey("users.id"), nullable=False),
    Column("note", Text, nullable=False),
    Column("approved_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# Written in the transaction of its cause; gets its gapless `seq` when it may leave the house.
alerts = Table(
    "alerts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("seq", BigInteger, unique=True),
    Column("type", String(32), nullable=False),
    Column("case_id", BigInteger, nullable=False),
    Column("decision_id", BigInteger, index=True),
    Column("data", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    sqlite_autoincrement=True,
)

users = Table(
    "users",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(256), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", _Id, ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("prefix", String(16), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("user_id", _Id, ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    sqlite_autoincrement=True,
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("status", Integer),
    Column("media_type", String(64)),
    Column("body", LargeBinary),
)
