"""Disk: what SQLite writes and syncs, and what of it is there after the power has failed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import apsw

_SECTOR = 512


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes put into a file, or, where there are none, its end cut off there."""

    file: str
    offset: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything written to a file until now is to survive."""

    file: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something outside the disk, at its place in the order of things."""

    what: object


Step = Write | Sync | Mark


@dataclass(slots=True)
class Recorder:
    """The steps of all files, in order."""

    steps: list[Step] = field(default_factory=list)


class RecordingVFS(apsw.VFS):
    """SQLite's own files, each step written down."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        super().__init__("recording", "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """One of them."""
        return _File(name, flags, self._recorder)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802, FBT001
        """One goes."""
        self._recorder.steps.append(Write(Path(name).name, 0, None))
        super().xDelete(name, sync)


class _File(apsw.VFSFile):
    def __init__(
        self, name: str | apsw.URIFilename | None, flags: list[int], recorder: Recorder
    ) -> None:
        text = name.filename() if isinstance(name, apsw.URIFilename) else (name or "temporary")
        self._name = Path(text).name
        self._recorder = recorder
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._recorder.steps.append(Write(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._recorder.steps.append(Write(self._name, size, None))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._recorder.steps.append(Sync(self._name))


def after_power_loss(
    before: bytes, steps: Sequence[Step], chance: Random, *, name: str
) -> dict[str, bytes]:
    """The files as a disk may hold them when the power fails after these steps.

    What was synced is there. Of what was not, some writes are there, in any choice and order, and
    some of them with their first sectors only.

    Args:
        before: The database's file before the first step.
        steps: What was done.
        chance: Which unsynced writes arrive.
        name: The database's file.
    """
    files: dict[str, bytearray] = defaultdict(bytearray, {name: bytearray(before)})
    unsynced: dict[str, list[Write]] = defaultdict(list)
    for step in steps:
        if isinstance(step, Write):
            unsynced[step.file].append(step)
        elif isinstance(step, Sync):
            for write in unsynced.pop(step.file, []):
                _apply(files[step.file], write)
    keep = _luck(chance)
    for file, writes in unsynced.items():
        for write in writes:
            if keep():
                _apply(files[file], _torn(write, chance))
    return {file: bytes(content) for file, content in files.items()}


def _luck(chance: Random) -> Callable[[], bool]:
    """Whether a write arrives: none at all in a third of the cases, else each by chance."""
    share = chance.choice((0.0, 0.5, 0.9))
    return lambda: chance.random() < share


def _torn(write: Write, chance: Random) -> Write:
    if write.data is None or chance.random() < 0.5:
        return write
    sectors = chance.randint(0, len(write.data) // _SECTOR)
    return Write(write.file, write.offset, write.data[: sectors * _SECTOR])


def _apply(content: bytearray, write: Write) -> None:
    if write.data is None:
        del content[write.offset :]
        return
    content.extend(bytes(max(0, write.offset - len(content))))
    content[write.offset : write.offset + len(write.data)] = write.data


def marks(steps: Sequence[Step]) -> Iterator[object]:
    """What happened outside the disk."""
    return (step.what for step in steps if isinstance(step, Mark))
