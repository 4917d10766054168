"""Tag: a label on a feed or an entry, always written as a slug."""

from bot.query.slug import slug

__all__ = ["slug"]
