"""Interactions: what people type, press and send on the fake Discord, and what they then see."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_faults import RefusedError
from tests.fakes.discord_limits import mistakes, window_mistakes
from tests.fakes.discord_shapes import FakeMessage

Json = dict[str, Any]

COMMAND, COMPONENT, AUTOCOMPLETE, WINDOW = 2, 3, 4, 5
_PROMISED, _PROMISED_UPDATE, _CHOICES, _WINDOW = 5, 6, 8, 9
_PRIVATE = 64
_ANSWER_SECONDS = 5.0


@dataclass(slots=True, kw_only=True)
class CommandAnswer:
    """What the person who asked sees.

    Attributes:
        pressed: The message whose button was pressed.
        deferred: Whether a promise came first.
        private: Whether nobody else sees the answer.
        message: The private message they got, or that took another's place.
        redrawn: Whether the message pressed was changed for everybody.
        window: Discord's modal.
        choices: What was suggested; None where nothing answered.
        called_back: Set once the first sign has come, a promise included.
    """

    pressed: FakeMessage | None = None
    deferred: bool = False
    private: bool = False
    message: FakeMessage | None = None
    redrawn: bool = False
    window: Json = field(default_factory=dict)
    choices: list[Json] | None = None
    called_back: asyncio.Event = field(default_factory=asyncio.Event)
    signs: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    @property
    def embed(self) -> Json:
        """The answer's first embed; empty where there is none."""
        return self.message.embed if self.message else {}

    async def until(self, signs: int) -> None:
        """Wait for so many further signs of an answer, promises not counted.

        Raises:
            TimeoutError: They do not come.
        """
        async with asyncio.timeout(_ANSWER_SECONDS):
            for _ in range(signs):
                await self.signs.acquire()


class Interactions:
    """Keeps what was asked, by the token with which it may be answered."""

    def __init__(self) -> None:
        self._answers: dict[str, CommandAnswer] = {}
        self._serial = itertools.count(1)

    def begin(self, pressed: FakeMessage | None = None) -> tuple[str, CommandAnswer]:
        """Somebody asks something; the token, and what they will see."""
        token = f"interaction-token-{next(self._serial)}"
        self._answers[token] = CommandAnswer(pressed=pressed)
        return token, self._answers[token]

    def spoil(self, token: str) -> None:
        """An answer went wrong on its way."""
        self._answers[token].signs.release()

    def called_back(self, token: str, payload: Json) -> None:
        """The first sign.

        Raises:
            RefusedError: Discord would refuse it.
        """
        answer = self._answers[token]
        data = payload.get("data") or {}
        kind = payload["type"]
        answer.deferred = kind in {_PROMISED, _PROMISED_UPDATE}
        answer.called_back.set()
        if kind == _PROMISED:
            answer.private = bool(data.get("flags", 0) & _PRIVATE)
            return
        if kind == _WINDOW:
            if errors := window_mistakes(data):
                raise RefusedError.form(errors)
            answer.window = data
        elif kind == _CHOICES:
            answer.choices = data["choices"]
            if len(data["choices"]) > 25:
                raise RefusedError.form({"choices": "Must be 25 or fewer in length."})
        if not answer.deferred:
            answer.signs.release()

    def original(self, token: str, payload: Json) -> FakeMessage | None:
        """What stood there first is changed.

        Returns:
            The public message as it is now; None where it was a private one.

        Raises:
            RefusedError: Discord would refuse it.
        """
        answer = self._answers[token]
        public = answer.pressed is not None and not _is_private(answer.pressed)
        message = self._given(payload, answer.pressed)
        if public:
            answer.redrawn = True
            answer.pressed = message
        else:
            answer.message = message
            answer.private = True
        answer.signs.release()
        return message if public else None

    def followed_up(self, token: str, payload: Json) -> FakeMessage:
        """Another message.

        Raises:
            RefusedError: Discord would refuse it.
        """
        answer = self._answers[token]
        answer.message = self._given(payload, None)
        answer.private = bool(payload.get("flags", 0) & _PRIVATE)
        answer.signs.release()
        return answer.message

    def _given(self, payload: Json, stands: FakeMessage | None) -> FakeMessage:
        if errors := mistakes(payload):
            raise RefusedError.form(errors)
        if stands is not None:
            return stands.changed(payload)
        return FakeMessage.private(f"9{next(self._serial):05}", payload | {"flags": _PRIVATE})


def _is_private(message: FakeMessage) -> bool:
    return bool(message.payload.get("flags", 0) & _PRIVATE)


def button_id(message: FakeMessage, label: str) -> str:
    """The identifier of a message's button.

    Raises:
        LookupError: It has none of this label.
    """
    labels = {}
    for row in message.payload.get("components") or []:
        for one in row["components"]:
            labels[one["label"]] = one["custom_id"]
    if label not in labels:
        raise LookupError(f"no button {label!r} among {sorted(labels)}")
    return str(labels[label])


def sent(window: Json, values: dict[str, str]) -> Json:
    """The data of a window that was filled in; what is not named keeps what stood there."""
    return {
        "custom_id": window["custom_id"],
        "components": [
            {"type": 18, "id": number, "component": _filled(label["component"], values)}
            for number, label in enumerate(window["components"], 1)
        ],
    }


def _filled(component: Json, values: dict[str, str]) -> Json:
    name = component["custom_id"]
    about = {"type": component["type"], "id": 1, "custom_id": name}
    if component["type"] != 3:
        return about | {"value": values.get(name, component.get("value", ""))}
    chosen = [one["value"] for one in component["options"] if one.get("default")]
    return about | {"values": [values[name]] if name in values else chosen}
