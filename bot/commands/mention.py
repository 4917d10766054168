"""Mention: whom an alert is to ping, as people write it on each platform."""

import re

from bot.commands.desk import quoted
from bot.domain.channel import Platform, Workspace
from bot.errors import CommandError

_FORMS = (
    (re.compile(r"<!subteam\^(\w+)(?:\|[^>]*)?>"), "group"),
    (re.compile(r"<@&(\d+)>"), "role"),
    (re.compile(r"<@!?(\w+)(?:\|[^>]*)?>"), "user"),
    (re.compile(r"group:(\w+)"), "group"),
    (re.compile(r"role:(\d+)"), "role"),
    (re.compile(r"user:(\w+)"), "user"),
)
_KINDS = {
    Platform.SLACK: {"group", "user"},
    Platform.DISCORD: {"role", "user"},
    Platform.CONSOLE: set[str](),
}
HINTS = {
    Platform.SLACK: "user:U0123ABCD or group:S0123ABCD",
    Platform.DISCORD: "user:1122334455 or role:1122334455",
    Platform.CONSOLE: "",
}
"""How they are written where a platform offers no list to choose from."""


def read_mention(written: str, workspace: Workspace) -> str:
    """Whom to ping, as in `bot.domain.subscription.Following.mention`.

    Args:
        written: `<!subteam^S1|@desk>`, `<@U1>`, `<@&2>`, or as it is given back.
        workspace: Of which they are.

    Raises:
        CommandError: It names nobody who can be pinged there.
    """
    for form, kind in _FORMS:
        found = form.fullmatch(written.strip())
        # The role with the server's own identifier is everyone.
        if found and kind in _KINDS[workspace.platform] and found[1] != workspace.id:
            return f"{kind}:{found[1]}"
    raise CommandError(
        f"{quoted(written, 40)} is nobody newsbot can ping: type @ and choose a person or a group"
        " from the list that appears"
    )
