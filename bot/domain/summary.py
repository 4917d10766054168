"""Summary: the two or three sentences that tell a reader what a story says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.boilerplate import is_boilerplate, without_boilerplate
from bot.domain.entry import Entry
from bot.domain.headline import headline
from bot.domain.sentences import sentences
from bot.query.terms import Tokens

MOST_SENTENCES = 3
USUAL_LENGTH = 420
"""Characters; a further sentence is only taken within it."""
MOST_LENGTH = 600
"""Characters; a first sentence longer than that is cut."""

_AMPLE = 6_000
_FEWEST_WORDS = 3
_OUTLET_WORDS = 4
_ENOUGH_SENTENCES = 2
_ALIKE = 6
_HEADING = 80
_ELLIPSIS = re.compile(
    r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})[\s»›→>]*(?:\.{3}|…)?$"
)
_FULL_STOP = re.compile(r"(?:[.!?:。！？।؟۔]|[\"”’»」』])[\"'”’»)\]」』]*$")
_HANGING = re.compile(r"[,;–—-]$|\s(?:the|an?|of|to|in|on|at|for|and|or|with|by|from|that|as)$")
_NO_SPACE_AFTER = ("。", "！", "？", "」", "』")
_AFTER_HEADLINE = re.compile(r"[\"'”’»)]*\s*[.!?:|…–—-]+\s*(?=[^a-zß-ÿ\s])")
_CLAUSE_END = re.compile(r"[,;:–—]\s|[，、；]")


@dataclass(frozen=True, slots=True)
class _Lead:
    """The first sentences of a text, and whether the last of them breaks off."""

    sentences: tuple[str, ...] = ()
    breaks_off: bool = False


def summarise(entry: Entry, *, feed_name: str) -> str:
    """Two or three sentences: the publisher's own summary, else the lead of the body.

    Boilerplate, the headline's repetition and a sentence that the feed cut off are left out; a
    summary that breaks off gives way to the body it was taken from.

    Returns:
        Plain text on one line, up to about 420 characters, 600 for a single long sentence; empty
        where the feed says nothing beyond the headline.
    """
    title = headline(entry.title, feed_name=feed_name)
    own = _lead(entry.summary, title, entry.language)
    if not own.sentences or own.breaks_off:
        full = _lead(entry.body, title, entry.language)
        own = full if not own.sentences or _begin_alike(own, full) else own
    return _cut(own)


def first_sentence(text: str, *, language: str | None) -> str:
    """The first sentence that says something; empty where none does."""
    lead = _lead(text, "", language)
    return _clipped(lead.sentences[0]) if lead.sentences else ""


def _lead(text: str, title: str, language: str | None) -> _Lead:
    """What a text says beyond its title."""
    found: list[str] = []
    breaks_off = False
    paragraphs = text[:_AMPLE].splitlines()
    for number, paragraph in enumerate(paragraphs, start=1):
        said = _without_title(without_boilerplate(paragraph), title)
        stopped = _FULL_STOP.search(said) is not None
        if number < len(paragraphs) and not stopped and len(said) < _HEADING:
            continue
        told = _ELLIPSIS.sub("", said)
        whole = [one.strip() for one in sentences(told, language) if not is_boilerplate(one)]
        found.extend(whole)
        breaks_off = bool(whole) and _breaks_off(told, whole, is_marked=told != said)
        if len(found) > MOST_SENTENCES:
            return _Lead(tuple(found[:MOST_SENTENCES]))
    return _Lead() if _says_nothing(" ".join(found), title) else _Lead(tuple(found), breaks_off)


def _breaks_off(text: str, whole: Sequence[str], *, is_marked: bool) -> bool:
    # Without a mark it may be how a desk writes: only what leaves enough sentences is doubted.
    if _FULL_STOP.search(text) is not None:
        return False
    return is_marked or _HANGING.search(text) is not None or len(whole) > _ENOUGH_SENTENCES


def _without_title(text: str, title: str) -> str:
    heading, tokens = Tokens(title).folded, Tokens(text)
    count = len(heading)
    if not count or tokens.folded[:count] != heading:
        return text
    end = text.index(repeated := tokens.written(0, count)) + len(repeated)
    seam = _AFTER_HEADLINE.match(text, end)
    return text[seam.end() :] if seam else text


def _says_nothing(text: str, title: str) -> bool:
    words, heading = Tokens(text).folded, Tokens(title).folded
    count = len(heading)
    return (
        len(words) < _FEWEST_WORDS
        or heading[: len(words)] == words
        or (count > 0 and words[:count] == heading and len(words) - count <= _OUTLET_WORDS)
    )


def _begin_alike(summary: _Lead, body: _Lead) -> bool:
    if not body.sentences:
        return False
    beginnings = [Tokens(lead.sentences[0]).folded[:_ALIKE] for lead in (summary, body)]
    return beginnings[0] == beginnings[1]


def _cut(lead: _Lead) -> str:
    """As many sentences as fit."""
    taken: list[str] = []
    for sentence in lead.sentences[:MOST_SENTENCES]:
        if taken and len(_joined([*taken, sentence])) > USUAL_LENGTH:
            break
        taken.append(sentence)
    if lead.breaks_off and len(taken) == len(lead.sentences):
        unfinished = taken.pop()
        if len(taken) < _ENOUGH_SENTENCES:
            taken.append(_with_ellipsis(unfinished))
    return _joined([_clipped(sentence) for sentence in taken])


def _joined(taken: Sequence[str]) -> str:
    text = ""
    for sentence in taken:
        text += sentence if not text or text.endswith(_NO_SPACE_AFTER) else f" {sentence}"
    return text


def _clipped(sentence: str) -> str:
    """A sentence within `MOST_LENGTH`, cut at a clause, else at a word."""
    if len(sentence) <= MOST_LENGTH:
        return sentence
    room = sentence[: MOST_LENGTH - 1]
    clauses = [found.start() for found in _CLAUSE_END.finditer(room, MOST_LENGTH // 2)]
    end = clauses[-1] if clauses else room.rfind(" ", MOST_LENGTH // 2)
    return _with_ellipsis(room[:end] if end > 0 else room)


def _with_ellipsis(text: str) -> str:
    return text.rstrip(" ,;:–—-.…，、；") + "…"
