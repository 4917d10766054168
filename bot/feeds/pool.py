"""Pool: the parser that strangers' documents go to, in processes that can be killed."""

import asyncio
import contextlib
import importlib
import multiprocessing
import signal
import traceback
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import structlog
from pebble import ProcessExpired, ProcessPool

from bot.domain.entry import ParsedFeed
from bot.errors import ParseError
from bot.feeds.limits import limit_memory, limit_processor

_PARSER = "bot.feeds.parse"
"""Imported in the workers only: feedparser and its kin take 0.3 s and 30 MB."""

_WORKERS = 2
"""So that one document that has to be killed does not hold up the others."""

_SECONDS = 5.0
_MEMORY = 512 * 1024 * 1024
_DOCUMENTS_A_WORKER = 5_000
"""Then it makes way for a fresh one, and whatever leaked goes with it."""

_STARTS = 2
"""How often a document is handed in where the pool broke through no fault of its own."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a worker gives no feed; an exception of two arguments would not survive the way back.

    Attributes:
        what: For a person; of a bug, what Python says.
        trace: The traceback, if it is a bug of ours.
    """

    what: str
    trace: str = ""


_Answer = ParsedFeed | _Refusal


class PoolParser:
    """Parses in a few processes; a document that takes too much costs its worker, nothing else.

    The first document, or `async with`, starts them. The event loop is never held.
    """

    def __init__(
        self, *, workers: int = _WORKERS, timeout: float = _SECONDS, memory: int = _MEMORY
    ) -> None:
        """Configure; no process is started yet.

        Args:
            workers: Documents that are read at a time.
            timeout: Seconds a document may take, the wait for a worker not included.
            memory: Bytes a worker may take beyond what it starts with; enforced on Linux only.
        """
        self._workers = workers
        self._timeout = timeout
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._starting = asyncio.Lock()
        self._under_way: set[Future[_Answer]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        await self._started()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        known: frozenset[bytes] = frozenset(),
    ) -> ParsedFeed:
        """Read a document in any feed format; see `bot.ports.Parser`.

        Logs the number of entries that were too many.

        Raises:
            ParseError: It is no feed, or reading it took too much time or memory.
        """
        answer = await self._answer(body, url, content_type, known)
        log = structlog.get_logger(__name__)
        if isinstance(answer, ParsedFeed):
            if answer.left_out:
                log.info("parse.too_many", host=_host(url), left_out=answer.left_out)
            return answer
        if not answer.trace:
            raise ParseError(url, answer.what)
        log.error("parse.broke", host=_host(url), size=len(body), traceback=answer.trace)
        what = f"newsbot cannot read what {_host(url)} sends ({answer.what}): please report this"
        raise ParseError(url, what)

    async def close(self) -> None:
        """End all workers; documents under way are given up with a `ParseError`."""
        self._closed = True
        async with self._starting:
            pool, self._pool = self._pool, None
        for future in tuple(self._under_way):
            future.cancel()
        if pool is not None:
            await asyncio.to_thread(_end, pool)

    async def _answer(
        self, body: bytes, url: str, content_type: str, known: frozenset[bytes]
    ) -> _Answer:
        host = _host(url)
        for _ in range(_STARTS):
            pool = await self._started(url)
            try:
                return await self._submitted(pool, body, url, content_type, known)
            except TimeoutError as error:
                what = f"what {host} sends took more than {self._timeout:g} s to read"
                raise ParseError(url, f"{what} and was given up") from error
            except ProcessExpired as error:
                what = f"reading what {host} sends broke the parser (exit code {error.exitcode})"
                raise ParseError(url, f"{what}; the document was given up") from error
            except (BrokenProcessPool, RuntimeError):
                # An idle worker died, by somebody else's hand, and pebble gave up all of them.
                await self._discard(pool)
        raise ParseError(
            url, "no process could be started to read it: is the machine out of memory?"
        )

    async def _submitted(
        self,
        pool: ProcessPool,
        body: bytes,
        url: str,
        content_type: str,
        known: frozenset[bytes],
    ) -> _Answer:
        seconds = int(self._timeout * 2) + 1
        arguments = (body, url, content_type, known, seconds)
        future: Future[_Answer] = pool.schedule(_read, args=arguments, timeout=self._timeout)
        self._under_way.add(future)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._closed and not (task and task.cancelling()):
                raise ParseError(url, "newsbot is stopping; the feed is read again later") from None
            raise
        finally:
            self._under_way.discard(future)

    async def _started(self, url: str = "") -> ProcessPool:
        async with self._starting:
            if self._closed:
                raise ParseError(url, "newsbot is stopping; the feed is read again later")
            if self._pool is None:
                self._pool = await asyncio.to_thread(_start, self._workers, self._memory)
            return self._pool

    async def _discard(self, pool: ProcessPool) -> None:
        async with self._starting:
            if self._pool is not pool:
                return
            self._pool = None
        structlog.get_logger(__name__).warning("parse.pool_restarted")
        await asyncio.to_thread(_end, pool)


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _start(workers: int, memory: int) -> ProcessPool:
    pool = ProcessPool(
        max_workers=workers,
        max_tasks=_DOCUMENTS_A_WORKER,
        initializer=_prepare,
        initargs=(memory,),
        # A forked child would inherit the loop, its sockets and locks held by other threads.
        context=multiprocessing.get_context("spawn"),
    )
    # Ctrl-C reaches every process of a terminal, and one that is still starting would show where
    # it was; whoever is started by this thread, or by a thread it starts, does not hear of it.
    resource_tracker.ensure_running()  # which lets signals through again, where it was not
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        # Asking starts it, which pebble otherwise leaves to the first document.
        _ = pool.active
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pool


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates its larger methods only
    # pebble takes its semaphores away before it ends its workers, and one that is still starting
    # then dies complaining that there are none.
    if pool._pool_manager_loop is not None:  # noqa: SLF001 - what starts workers
        pool._pool_manager_loop.join()  # noqa: SLF001 - see above
    for worker in pool._pool_manager.worker_manager.workers.values():  # noqa: SLF001 - pebble's own way is the one described
        worker.kill()
        worker.join()
    pool.join()


def _prepare(memory: int) -> None:
    """Make ready a worker, in the worker."""
    # pebble's handler runs between two bytecodes, which a regular expression gone wild never
    # reaches; the default kills at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    importlib.import_module(_PARSER)
    limit_memory(memory)


def _read(
    body: bytes, url: str, content_type: str, known: frozenset[bytes], seconds: int
) -> _Answer:
    """Read one document, in a worker."""
    from bot.feeds.parse import parse_document  # noqa: PLC0415 - in the workers only, see _PARSER

    limit_processor(seconds)
    # Suppressed, not caught: what was read so far must be let go of before anything is said.
    with contextlib.suppress(MemoryError):
        try:
            return parse_document(body, url=url, content_type=content_type, known=known)
        except ParseError as error:
            return _Refusal(str(error))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the border of a process: one document's failure must not become that of all under way
            return _Refusal(repr(error), traceback.format_exc())
    return _Refusal(f"what {_host(url)} sends takes too much memory to read")
