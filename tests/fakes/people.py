"""People: who asks for something in chat."""

from bot.commands.core import Commands
from bot.commands.reply import Reply
from bot.commands.request import Person, Request
from bot.domain.channel import Platform, Workspace


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def person(
    user: str = "desk",
    *,
    platform: Platform = Platform.CONSOLE,
    workspace: str = "",
    manages: bool = False,
) -> Person:
    """Somebody, with or without the right to manage."""
    return Person(
        user=user, workspace=Workspace(platform, workspace), manages=yes if manages else no
    )


async def reply_to(commands: Commands, request: Request) -> Reply:
    """The reply to a request that is answered by one."""
    answer = await commands.answer(request)
    assert isinstance(answer, Reply)
    return answer
