"""Edit: a subscription's manner is changed in a window."""

from dataclasses import dataclass

from bot.commands.core import Action
from bot.commands.desk import Desk, cut
from bot.commands.mention import HINTS
from bot.commands.reply import Button, Choice, Field, Form, Reply
from bot.commands.request import Press
from bot.commands.subject import RHYTHMS
from bot.commands.subscribe import demand_ping
from bot.commands.subscription import demand_own, subject_name
from bot.commands.wish import YES, read_manner, spell_manner
from bot.domain.subscription import Subscription

_EDIT, _EDITED = "edit", "edit-form"
_MOST_TITLE = 24


def edit(desk: Desk) -> tuple[Action, ...]:
    """The actions of the button that opens the window, and of the window."""
    changing = _Changing(desk)
    return (
        Action(name=_EDIT, handler=changing.edit, opens_form=True),
        Action(name=_EDITED, handler=changing.edited),
    )


def edit_button(one: Subscription) -> Button:
    """The button that opens the window for this one."""
    return Button(label="Edit", action=_EDIT, argument=str(one.subscription_id))


@dataclass(frozen=True, slots=True)
class _Changing:
    """Changes subscriptions of one desk."""

    desk: Desk

    async def edit(self, press: Press) -> Form:
        """The window to change one."""
        found = await demand_own(self.desk, press)
        following = found.following
        choices = (Choice(value=YES, label="Yes"), Choice(value="no", label="No"))
        return Form(
            title=cut(f"Change {subject_name(found, self.desk.topics)}", _MOST_TITLE),
            action=_EDITED,
            argument=press.argument,
            fields=(
                Field(
                    name="cadence",
                    label="How often",
                    value="instant" if following.cadence is None else str(following.cadence),
                    hint=RHYTHMS,
                ),
                Field(
                    name="quiet",
                    label="Quiet hours",
                    value=str(following.quiet or ""),
                    hint="22:00-07:00",
                    required=False,
                ),
                Field(
                    name="breaking",
                    label="Do breaking topics pass them?",
                    value=YES if following.breaking else "no",
                    choices=choices,
                ),
                Field(name="zone", label="Time zone", value=following.zone.key),
                Field(
                    name="mention",
                    label="Whom instant alerts ping",
                    value=following.mention or "",
                    hint=HINTS[press.person.workspace.platform],
                    required=False,
                ),
            ),
        )

    async def edited(self, press: Press) -> Reply:
        """Change it as the window says."""
        found = await demand_own(self.desk, press)
        was = found.following
        following = read_manner(
            press.options, was.zone, press.person, topic=was.topic, query=was.query
        )
        if following.mention != was.mention:
            await demand_ping(press, following.mention)
        async with self.desk.store.begin() as transaction:
            await transaction.subscriptions.add(
                found.workspace,
                found.channel,
                following,
                created_by=found.created_by,
                now=self.desk.clock.now(),
            )
        name = subject_name(found, self.desk.topics)
        return Reply(title=f"{name} is changed.", lines=(f"{spell_manner(following)}.",))
