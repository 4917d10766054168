"""Messages: as JSON text, the form in which a delivery freezes them."""

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from bot.domain.message import Alert, Digest, Message, Notice


@dataclass(frozen=True, slots=True)
class _Frozen:
    """One of these, named, so that a later kind cannot be mistaken for any."""

    alert: Alert | None = None
    digest: Digest | None = None
    notice: Notice | None = None


_ADAPTER = TypeAdapter(_Frozen)


def freeze(message: Message) -> str:
    """The message as JSON."""
    return _ADAPTER.dump_json(_frozen(message)).decode()


def _frozen(message: Message) -> _Frozen:
    match message:
        case Alert():
            return _Frozen(alert=message)
        case Digest():
            return _Frozen(digest=message)
        case Notice():
            return _Frozen(notice=message)


def thaw(text: str) -> Message:
    """The message again."""
    frozen = _ADAPTER.validate_json(text)
    message = frozen.alert or frozen.digest or frozen.notice
    if message is None:
        raise ValueError(f"a stored message of no known kind: {text[:80]}")
    return message
