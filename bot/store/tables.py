"""Every table. Sealed columns say so; what is sealed opens only in its own table, column and row (bot/seal.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Text, UniqueConstraint

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers its rows only in an INTEGER column


class Moment(sa.TypeDecorator[datetime]):
    """An aware UTC time, kept as milliseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


# ---- the program itself ----
meta = sa.Table("meta", metadata, Column("name", String(80), primary_key=True), Column("value", Text, nullable=False))
secret = sa.Table(  # access token, cross-signing seeds
    "secret", metadata, Column("name", String(80), primary_key=True), Column("value", LargeBinary, nullable=False)
)
scheduled = sa.Table(  # what is due when; done at most once
    "scheduled",
    metadata,
    Column("what", String(80), primary_key=True),
    Column("due_at", Moment, primary_key=True),
    Column("done_at", Moment),
)
audit = sa.Table(
    "audit",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("act", String(80), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("ref", String(80), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# ---- what came in ----
journal = sa.Table(  # raw answers of /sync, sealed, until they are processed
    "journal",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("next_batch", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("slices_done", Integer, nullable=False, default=0),
)
inbox = sa.Table(  # which events were handled; no text
    "inbox",
    metadata,
    Column("event_id", String(255), primary_key=True),
    Column("room_id", String(255), nullable=False),
    Column("sender", String(255), nullable=False),
    Column("at", Moment, nullable=False),
    Column("handled_at", Moment, nullable=False),
    Column("session_id", String(80)),
    Column("message_index", BigInteger),
    Column("redacted", Boolean, nullable=False, default=False),
    UniqueConstraint("session_id", "message_index"),
    Index("ix_inbox_room", "room_id", "at"),
)
pending = sa.Table(  # events that cannot be read yet, sealed
    "pending",
    metadata,
    Column("event_id", String(255), primary_key=True),
    Column("room_id", String(255), nullable=False),
    Column("session_id", String(80), nullable=False),
    Column("sender", String(255), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("since", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("told_at", Moment),
    Column("reason", String(40), nullable=False),
    Index("ix_pending_session", "session_id"),
)

gap = sa.Table(  # parts of rooms' histories that the server did not give yet
    "gap",
    metadata,
    Column("room_id", String(255), primary_key=True),
    Column("token", String(2000), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
)

# ---- what goes out ----
outbox = sa.Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("txn", String(40), nullable=False, unique=True),
    Column("room_id", String(255)),
    Column("kind", String(20), nullable=False),
    Column("lane", String(10), nullable=False),
    Column("audience", String(10), nullable=False),
    Column("clear", Boolean, nullable=False, default=False),
    Column("content", LargeBinary),  # sealed; erased in the transaction that records the server's 200
    Column("batch", String(80)),
    Column("copy_of", String(255)),
    Column("in_dialogue", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("reason", String(80)),
    Column("event_id", String(255)),
    Column("sent_at", Moment),
    Column("redacted", Boolean, nullable=False, default=False),
    Index("ix_outbox_due", "state", "lane", "not_before"),
    Index("ix_outbox_room", "room_id", "lane", "id"),
    Index("ix_outbox_event", "event_id"),
    Index("ix_outbox_batch", "batch"),
    sqlite_autoincrement=True,
)
prompt = sa.Table(  # what digits mean in a room; at most one row a room
    "prompt",
    metadata,
    Column("room_id", String(255), primary_key=True),
    Column("person_id", String(26), nullable=False),
    Column("asked_txn", String(40), nullable=False),
    Column("asked_event", String(255)),  # set when the question was seen in the room
    Column("options", LargeBinary, nullable=False),  # sealed: digit -> command, and how to say it again
    Column("expires_at", Moment, nullable=False),
)

# ---- people, rooms, approvals ----
person = sa.Table(
    "person",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("account", String(255), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("language", String(8)),
    Column("stage", String(20), nullable=False),
    Column("lite", Boolean, nullable=False, default=False),
    Column("call_me", Boolean, nullable=False, default=False),
    Column("accepts_unsigned", Moment),  # "go on with this warning", recorded
    Column("lock_hash", LargeBinary),
    Column("lock_salt", LargeBinary),
    Column("unlocked_until", Moment),
    Column("first_seen", Moment, nullable=False),
)
room = sa.Table(
    "room",
    metadata,
    Column("room_id", String(255), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(40)),  # ours: a desk's name; never the room's own name
    Column("ref", String(40)),  # org.liaison.ref of a room that we created
    Column("membership", String(10), nullable=False),  # ours
    Column("version", String(40), nullable=False, default="1"),
    Column("creators", Text, nullable=False, default="[]"),
    Column("power", Text, nullable=False, default="{}"),
    Column("encryption", Text),  # content of m.room.encryption; once set, set for ever
    Column("clear_seen", Boolean, nullable=False, default=False),
    Column("history", String(40), nullable=False, default="shared"),
    Column("join_rule", String(40), nullable=False, default="invite"),
    Column("members_known", Boolean, nullable=False, default=False),
    Column("inviter", String(255)),
    Column("direct", Boolean, nullable=False, default=False),
    Column("joined_at", Moment),
    Column("greeted", Boolean, nullable=False, default=False),
    Column("away_told_at", Moment),
    Index("ix_room_ref", "ref"),
)
member = sa.Table(
    "member",
    metadata,
    Column("room_id", String(255), primary_key=True),
    Column("user_id", String(255), primary_key=True),
    Column("membership", String(10), nullable=False),
    Index("ix_member_user", "user_id"),
)
approval = sa.Table(
    "approval",
    metadata,
    Column("ref", String(12), primary_key=True),
    Column("deed", String(40), nullable=False),
    Column("subject", LargeBinary, nullable=False),  # sealed: exactly what is approved
    Column("subject_hash", String(64), nullable=False),
    Column("needed", Integer, nullable=False),
    Column("asked_by", String(26), nullable=False),
    Column("purpose", LargeBinary, nullable=False),  # sealed
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("reminded_at", Moment),
    Column("state", String(10), nullable=False),  # open done refused expired void
)
approval_vote = sa.Table(
    "approval_vote",
    metadata,
    Column("ref", String(12), primary_key=True),
    Column("person_key", String(80), primary_key=True),  # the human: several accounts are one person
    Column("yes", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)
content_text = sa.Table(  # what `about` said, to tell its readers what changed
    "content_text",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("since", Moment, nullable=False),
)

# ---- cases ----
cases = sa.Table(  # what staff work on; who asked stands sealed in it, and nowhere else
    "cases",
    metadata,
    Column("ref", String(12), primary_key=True),
    Column("kind", String(20), nullable=False),  # question person feedback concern complaint threat
    Column("desk", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("role", String(20)),  # of the person; None where too few share it to be told
    Column("owner", String(20)),  # a staff id
    Column("state", String(10), nullable=False),  # open closed
    Column("urgent", Boolean, nullable=False, default=False),
    Column("person", LargeBinary),  # sealed id; None once the case is erased
    Column("person_mac", String(64)),  # HMAC of the id, to find somebody's own cases
    Column("notify", Boolean, nullable=False, default=False),  # the person said: write to me when there is an answer
    Column("opened_at", Moment, nullable=False),
    Column("waiting_since", Moment),  # for us; None while the person is to write
    Column("answered_at", Moment),  # when a human first did something the person saw
    Column("called_at", Moment),  # when somebody on duty was last called
    Column("calls", Integer, nullable=False, default=0),
    Column("closed_at", Moment),
    Column("outcome", String(20)),
    Column("erase_at", Moment),
    Column("held", LargeBinary),  # sealed: why it is kept longer
    Column("root_txn", String(40), nullable=False),  # the message that begins its thread at the desk
    Column("merged_into", String(12)),
    Index("ix_cases_open", "state", "desk", "owner", "waiting_since", "urgent", "answered_at"),  # all that is counted
    Index("ix_cases_oldest", "state", "opened_at", "ref"),
    Index("ix_cases_person", "person_mac"),
    Index("ix_cases_erase", "erase_at"),
)
case_message = sa.Table(  # what was said in a case; words sealed, gone with the case
    "case_message",
    metadata,
    Column("id", Number, primary_key=True),
    Column("ref", String(12), nullable=False),
    Column("author", String(10), nullable=False),  # person staff; desk: only an event to be taken back
    Column("staff", String(20)),  # which of the staff
    Column("at", Moment, nullable=False),
    Column("text", LargeBinary),  # sealed
    Column("file", LargeBinary),  # sealed: where the file lies and how it opens, while the case is open
    Column("source_mac", String(64)),  # HMAC of the event with which it was said: the inbox must not tell who asked
    Column("desk_event", LargeBinary),  # sealed: the event itself, when it was said at the desk
    Column("desk_txn", String(40)),  # its copy at the desk
    Column("person_txn", LargeBinary),  # sealed: its copy in the person's room
    Column("person_txn_mac", String(64)),
    Column("state", String(10), nullable=False),  # note sent waiting undone typed
    Index("ix_case_message_ref", "ref", "id"),
    Index("ix_case_message_source", "source_mac"),
    Index("ix_case_message_copy", "person_txn_mac"),
    sqlite_autoincrement=True,
)
faq_change = sa.Table(  # answers that staff changed at the desk, over those of the content folder
    "faq_change",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("entry", LargeBinary, nullable=False),  # sealed; empty: the entry is retired
    Column("at", Moment, nullable=False),
    Column("by", String(80), nullable=False),
)

# ---- submissions ----
form = sa.Table(  # forms as they were published; a draft finishes on the version that it began with
    "form",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("compiled", LargeBinary, nullable=False),  # the XForm and the files that came with it
    Column("state", String(10), nullable=False),  # published withdrawn
    Column("published_at", Moment, nullable=False),
)
draft = sa.Table(  # a submission in the making; everything in it is sealed under a key of its own
    "draft",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("person_id", String(26), nullable=False),
    Column("room_ref", String(40), nullable=False),  # org.liaison.ref of the room that is opened for it
    Column("room_id", String(255)),
    Column("state", String(10), nullable=False),  # opening talking sealing sealed
    Column("content", LargeBinary, nullable=False),  # sealed under the draft's key
    Column("changed_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_draft_person", "person_id"),
    Index("ix_draft_room", "room_id"),
    Index("ix_draft_expires", "expires_at"),
)
draft_key = sa.Table(  # no backup contains it; destroyed on sealing, stopping, expiry
    "draft_key",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("key", LargeBinary, nullable=False),  # sealed
)
draft_file = sa.Table(  # files of a draft, each sealed to the offline keys as soon as it is whole
    "draft_file",
    metadata,
    Column("draft", String(26), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(10), nullable=False),  # wanted sealed refused
    Column("content", LargeBinary, nullable=False),  # sealed under the draft's key
    Column("wanted_at", Moment, nullable=False),
    Index("ix_draft_file_state", "state", "wanted_at"),
)
submission = sa.Table(  # a package: what staff see of it, and what its receipt opens; nothing tells who sent it
    "submission",
    metadata,
    Column("ref", String(12), primary_key=True),
    Column("vault", String(40), nullable=False),  # its name in the vault
    Column("subject", String(64), nullable=False),  # what the custody log calls it
    Column("receipt", String(64), nullable=False, unique=True),  # a slow hash
    Column("phrase", LargeBinary, nullable=False),  # a slow hash, with its salt before it
    Column("adds_to", String(12)),
    Column("form", String(80), nullable=False),
    Column("form_version", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("size", String(10), nullable=False),  # a band
    Column("urgent", Boolean, nullable=False),
    Column("flags", Text, nullable=False),  # words of the hard stop and of what is to be known before opening
    Column("destinations", LargeBinary, nullable=False),  # sealed: where the person allowed it to go
    Column("desk", String(20), nullable=False),
    Column("owner", String(20)),
    Column("status", String(20), nullable=False),
    Column("said", LargeBinary),  # sealed: what staff ask or tell, read with the receipt
    Column("day", String(10), nullable=False),  # on which it was received
    Column("announce_at", Moment, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("acknowledged_at", Moment),
    Column("destroy_at", Moment),
    Column("link", LargeBinary),  # sealed: the person's room, when they chose to be written to
    Column("link_until", Moment),
    Index("ix_submission_open", "desk", "status"),
    Index("ix_submission_announce", "announced", "announce_at"),
)
event = sa.Table(  # what happened, for indicators: nobody's id, nothing finer than a week
    "event",
    metadata,
    Column("id", Number, primary_key=True),
    Column("type", String(40), nullable=False),
    Column("week", String(10), nullable=False),  # the Monday it began with
    Column("role", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("outcome", String(40), nullable=False),
    Index("ix_event_week", "week", "type"),
    sqlite_autoincrement=True,
)

# ---- custody: what was done with sealed packages; lines are kept as they were signed ----
custody = sa.Table(
    "custody",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("subject", String(64), nullable=False),  # an object: the hash of a package's manifest, or ""
    Column("event", String(20), nullable=False),
    Column("line", Text, nullable=False),
    Index("ix_custody_subject", "subject", "seq"),
    Index("ix_custody_event", "event", "seq"),
)
custody_head = sa.Table(  # the log's end on each day, which is told outside
    "custody_head",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("seq", Number, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("token", LargeBinary),  # what a timestamp service answered (RFC 3161)
)

# ---- Matrix keys (bot/matrix/keystore.py); pickles are encrypted by vodozemac under pickle.key ----
olm_account = sa.Table(
    "olm_account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", String(255), nullable=False),
    Column("device_id", String(255), nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("pickle", LargeBinary, nullable=False),
)
olm_session = sa.Table(
    "olm_session",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("sender_key", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    Column("pickle", LargeBinary, nullable=False),
    Index("ix_olm_session_sender_key", "sender_key"),
)
megolm_inbound = sa.Table(
    "megolm_inbound",
    metadata,
    Column("room_id", String(255), primary_key=True),
    Column("session_id", String(80), primary_key=True),
    Column("sender_key", String(64), primary_key=True),
    Column("ed25519", String(64), nullable=False),
    Column("forwarded", Boolean, nullable=False, default=False),
    Column("first_index", BigInteger, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("pickle", LargeBinary, nullable=False),
    Index("ix_megolm_inbound_received_at", "received_at"),
)
megolm_outbound = sa.Table(
    "megolm_outbound",
    metadata,
    Column("room_id", String(255), primary_key=True),
    Column("session_id", String(80), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("pickle", LargeBinary, nullable=False),
)
megolm_shared = sa.Table(  # who has, or was refused, the current outbound session of a room
    "megolm_shared",
    metadata,
    Column("session_id", String(80), primary_key=True),
    Column("user_id", String(255), primary_key=True),
    Column("device_id", String(255), primary_key=True),
    Column("code", String(20), nullable=False),  # "" shared, else the code of m.room_key.withheld
)
device = sa.Table(
    "device",
    metadata,
    Column("user_id", String(255), primary_key=True),
    Column("device_id", String(255), primary_key=True),
    Column("ed25519", String(64), nullable=False),
    Column("curve25519", String(64), nullable=False),
    Column("signed", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False, default=False),
    Index("ix_device_curve25519", "curve25519"),
)
identity = sa.Table(  # the cross-signing identity of a user
    "identity",
    metadata,
    Column("user_id", String(255), primary_key=True),
    Column("master", String(64)),  # as the server shows it now
    Column("pinned", String(64)),  # as first seen, or as accepted since
    Column("verified", String(64)),  # the master key that a human on our side compared
    Column("outdated", Boolean, nullable=False),
)
verification = sa.Table(  # an emoji comparison under way
    "verification",
    metadata,
    Column("ref", String(12), primary_key=True),
    Column("user_id", String(255), nullable=False),
    Column("master", String(64)),
    Column("emoji", LargeBinary, nullable=False),  # sealed
    Column("state", String(12), nullable=False),  # comparing matched mismatched signed expired
    Column("at", Moment, nullable=False),
)
