"""Schema: the tables, one definition for SQLite and PostgreSQL."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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

from bot.storage.columns import Instant, RowId, Span

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("due_at", Instant, nullable=False),
    Column("polled_at", Instant),
    Column("succeeded_at", Instant),
    Column("baseline_at", Instant),
    Column("arrived_at", Instant),
    Column("gap", Span),
    Column("ttl", Span),
    Column("skip_hours", String(80), nullable=False, default=""),
    Column("skip_days", String(20), nullable=False, default=""),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", LargeBinary),
    Column("fragments", LargeBinary, nullable=False, default=b""),
    Column("shared_keys", LargeBinary, nullable=False, default=b""),
    Column("failures", Integer, nullable=False, default=0),
    Column("failing_since", Instant),
    Column("failure", Text),
    Column("failure_told", Boolean, nullable=False, default=False),
    Column("moved_to", Text),
    Column("move_seen", Text),
    Column("move_sightings", Integer, nullable=False, default=0),
    Column("held", Boolean, nullable=False, default=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", LargeBinary, unique=True),
    Column("created_at", Instant, nullable=False),
    # An id is part of the key of deliveries that outlive the story: never give it out again.
    sqlite_autoincrement=True,
)

entries = Table(
    "entries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("feed_id", RowId, ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False),
    Column("story_id", RowId, ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("guid", Text),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("published", Instant),
    Column("updated", Instant),
    Column("image", Text),
    Column("language", Text),
    Column("fragment", LargeBinary, nullable=False),
    Column("feed_name", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("place", BigInteger, nullable=False),
    Index(None, "feed_id", "seen_at"),
    Index(None, "story_id"),
    Index(None, "seen_at"),
    Index(None, "place"),
    sqlite_autoincrement=True,
)

entry_keys = Table(
    "entry_keys",
    metadata,
    Column("feed_id", RowId, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    # Identity outlives the text: what retention took away is still not new.
    Column("entry_id", RowId, ForeignKey("entries.id", ondelete="SET NULL")),
    Column("seen_at", Instant, nullable=False),
    Index(None, "entry_id"),
)

entry_tags = Table(
    "entry_tags",
    metadata,
    Column("entry_id", RowId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("of_feed", Boolean, nullable=False),
    Index(None, "tag"),
)

matches = Table(
    "matches",
    metadata,
    Column("entry_id", RowId, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("matched_at", Instant, nullable=False),
    Index(None, "topic", "matched_at"),
)

channels = Table(
    "channels",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("platform", String(10), nullable=False),
    Column("workspace", Text, nullable=False, default=""),
    Column("address", Text, nullable=False),
    Column("dead_since", Instant),
    Column("dead_reason", Text),
    Column("retry_at", Instant),
    UniqueConstraint("platform", "workspace", "address"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("channel_id", RowId, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("nonce", String(25), nullable=False, unique=True),
    Column("story_id", RowId, ForeignKey("stories.id", ondelete="SET NULL")),
    Column("message", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("first_sent_at", Instant),
    Column("lease", String(32)),
    Column("lease_until", Instant),
    Column("sent_at", Instant),
    Column("ref_id", Text),
    Column("ref_channel", Text),
    Column("error", Text),
    # The key of the message of its channel in whose thread it stands.
    Column("thread", Text),
    UniqueConstraint("channel_id", "key"),
    Index(None, "state", "channel_id"),
    Index(None, "story_id"),
    # The order in which a channel reads its messages.
    sqlite_autoincrement=True,
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("process", String(64), primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    Column(
        "process",
        String(64),
        ForeignKey("heartbeats.process", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("platform", String(10), primary_key=True),
    # Since when it is down; nothing while it is up.
    Column("down_since", Instant),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", RowId, primary_key=True),
    # The workspace that may see and change it; the channel's own names whose token posts there.
    Column("platform", String(10), nullable=False),
    Column("tenant", Text, nullable=False),
    Column("channel_id", RowId, ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("topic", Text),
    Column("query", Text),
    Column("cadence", Text, nullable=False),
    Column("quiet", Text),
    Column("breaking", Boolean, nullable=False),
    Column("zone", Text, nullable=False),
    Column("mention", Text),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel_id", "topic"),
    UniqueConstraint("channel_id", "query"),
    Index(None, "platform", "tenant"),
    # An id names the matches of its query: never give it out again.
    sqlite_autoincrement=True,
)

mutes = Table(
    "mutes",
    metadata,
    Column("channel_id", RowId, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("muted_by", Text, nullable=False),
)

exclusions = Table(
    "exclusions",
    metadata,
    Column("channel_id", RowId, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("query", Text, primary_key=True),
    Column("added_by", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("delivery_id", RowId, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("user", Text, nullable=False),
    Column("claimed_at", Instant, nullable=False),
)

asked = Table(
    "asked",
    metadata,
    Column("key", String(16), primary_key=True),
    Column("platform", String(10), nullable=False),
    Column("tenant", Text, nullable=False),
    Column("user", Text, nullable=False),
    # Empty in what was kept before kinds were: no button goes on with it.
    Column("kind", String(12), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "created_at"),
)

added_feeds = Table(
    "added_feeds",
    metadata,
    Column("platform", String(10), primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Index(None, "url"),
)

installations = Table(
    "installations",
    metadata,
    Column("platform", String(10), primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("name", Text, nullable=False),
    # The token, encrypted with a key that is not in the database.
    Column("sealed", LargeBinary, nullable=False),
    Column("installed_by", Text, nullable=False),
    Column("installed_at", Instant, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# What search keeps beside is each database's own: see `search_sqlite` and `search_postgres`.
search_index = Table(
    "search_index",
    metadata,
    # Of the terms in it; another than the code's has everything indexed anew.
    Column("version", Integer, primary_key=True, autoincrement=False),
)
