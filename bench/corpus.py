"""Corpus: the parser over real and synthetic feed documents, beside plain feedparser.

NEWSBOT_CORPUS=… python bench/corpus.py [--list]
"""

import argparse
import ast
import csv
import html
import io
import json
import os
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import feedparser

from bot.domain.entry import ParsedFeed
from bot.errors import ParseError
from bot.feeds.links import absolute
from bot.feeds.markup import plain_line
from bot.feeds.parse import parse_document

URL = "https://feed.example/document"
"""Where every document is said to come from."""

REPEATS = 3
"""Times are the best of so many."""

FEW = 2
"""Entries that are new in the second poll that is timed."""


@dataclass(frozen=True, slots=True)
class Document:
    """One feed document and where its expectation stands."""

    name: str
    body: bytes
    real: bool
    expected: Path | None
    comment: bool


class Trait(StrEnum):
    """What is compared."""

    TITLE = "title"
    LINK = "link"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One stored value; entry -1 is the feed itself. None says: nothing there."""

    trait: Trait
    entry: int
    value: object


@dataclass(slots=True)
class Agreement:
    """How often we say what was expected, and why where not."""

    same: Counter[Trait] = field(default_factory=Counter)
    explained: Counter[tuple[Trait, str]] = field(default_factory=Counter)
    other: list[tuple[str, Expectation, object]] = field(default_factory=list)

    def total(self, trait: Trait) -> int:
        """All comparisons of one trait."""
        explained = sum(count for (of, _), count in self.explained.items() if of is trait)
        return self.same[trait] + explained + self.unexplained(trait)

    def unexplained(self, trait: Trait) -> int:
        """Disagreements for which no rule of ours is the reason."""
        return sum(expectation.trait is trait for _, expectation, _ in self.other)


@dataclass(frozen=True, slots=True)
class Yield:
    """What came out of all documents."""

    entries: Mapping[str, int]
    refused: Mapping[str, str]
    broken: Mapping[str, str]

    @property
    def holding(self) -> int:
        """Documents that gave an entry."""
        return sum(count > 0 for count in self.entries.values())


def documents(corpus: Path) -> list[Document]:
    """Every document that FILES.tsv lists."""
    root = corpus / "feeds"
    lines = (root / "FILES.tsv").read_text().splitlines()
    return [
        Document(
            name=row["file"],
            body=(root / row["file"]).read_bytes(),
            real=row["real_world"] == "1",
            expected=_sidecar(root / row["file"]) if row["expected"] == "sidecar" else None,
            comment=row["expected"] == "in-comment",
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def ours(corpus: Sequence[Document]) -> Yield:
    """What our parser gives."""
    return _yield(corpus, lambda body: len(parse_document(body, url=URL).entries))


def plain(corpus: Sequence[Document]) -> Yield:
    """What feedparser gives as it comes."""
    return _yield(corpus, lambda body: len(_feedparser(body)["entries"]))


def agreement(corpus: Sequence[Document]) -> Agreement:
    """Compare with every stored expectation about a title, a link or a date."""
    result = Agreement()
    for document in corpus:
        expectations = [*_expectations(document)]
        if not expectations:
            continue
        feed = parse_document(document.body, url=URL)
        for expectation in expectations:
            _compare(document, feed, expectation, result)
    return result


def differing(corpus: Sequence[Document]) -> list[str]:
    """Documents of which a second parse with known entries gives other entries than the first."""
    return [document.name for document in corpus if not _same_in_part(document)]


def _same_in_part(document: Document) -> bool:
    feed = parse_document(document.body, url=URL)
    known = frozenset(entry.fragment for entry in feed.entries[::2] if entry.fragment)
    part = parse_document(document.body, url=URL, known=known)
    return part.entries == tuple(each for each in feed.entries if each.fragment not in known)


def _sidecar(path: Path) -> Path | None:
    beside = (path.with_suffix(".json"), path.with_suffix(".expected.json"))
    output = path.parent.parent / "output" / f"{path.stem}.json"
    return next((each for each in (*beside, output) if each.exists() and each != path), None)


def _yield(corpus: Sequence[Document], count: Callable[[bytes], int]) -> Yield:
    entries: dict[str, int] = {}
    refused: dict[str, str] = {}
    broken: dict[str, str] = {}
    for document in corpus:
        try:
            entries[document.name] = count(document.body)
        except ParseError as error:
            refused[document.name] = str(error)
        except Exception as error:  # noqa: BLE001 - whatever is raised is what is counted
            broken[document.name] = repr(error)
    return Yield(entries, refused, broken)


def _feedparser(body: bytes) -> Mapping[str, Sequence[object]]:
    result: Mapping[str, Sequence[object]] = feedparser.parse(io.BytesIO(body))
    return result


def _expectations(document: Document) -> Iterator[Expectation]:
    if document.comment:
        yield from _of_comment(document.body)
    elif document.expected is not None:
        yield from _of_sidecar(json.loads(document.expected.read_text("utf-8-sig", "replace")))


_EXPECT = re.compile(r"Expect:\s*(.*?)\s*(?:-->|\n)", re.DOTALL)
_DATES = {"published_parsed", "updated_parsed", "issued_parsed", "date_parsed", "modified_parsed"}


def _of_comment(body: bytes) -> Iterator[Expectation]:
    encoding = "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    found = _EXPECT.search(body[:4_000].decode(encoding, "replace"))
    if found is None:
        return
    try:
        tree = ast.parse(found[1], mode="eval").body
    except SyntaxError:
        return
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    for part in parts:
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Eq):
            yield from _of_equation(part.left, part.comparators[0])


def _of_equation(left: ast.expr, right: ast.expr) -> Iterator[Expectation]:
    """`entries[0]['title'] == 'x'`, `feed.link == 'x'` and their like; nothing is evaluated."""
    try:
        value = ast.literal_eval(right)
    except ValueError:
        return
    match _path(left):
        case ["entries", int(number), key]:
            entry = number
        case ["feed", key]:
            entry = -1
        case _:
            return
    if key in {"title", "link"} and isinstance(value, str):
        yield Expectation(Trait(str(key)), entry, value)
    elif key in _DATES and entry >= 0 and isinstance(value, tuple):
        year, month, day, hour, minute, second = value[:6]
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        yield Expectation(Trait.DATE, entry, moment)


def _path(node: ast.expr) -> list[object]:
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=inner, attr=name):
            return [*_path(inner), name]
        case ast.Subscript(value=inner, slice=ast.Constant(value=key)):
            return [*_path(inner), key]
    return ["?"]


def _of_sidecar(stored: Mapping[str, object]) -> Iterator[Expectation]:
    feed = stored.get("feed", stored)
    assert isinstance(feed, Mapping)
    entries = stored.get("entries") or feed.get("items") or feed.get("entries") or []
    assert isinstance(entries, Sequence)
    for number, entry in enumerate((feed, *entries), start=-1):
        yield from _of_node(entry, number)


def _of_node(node: Mapping[str, object], number: int) -> Iterator[Expectation]:
    for trait in (Trait.TITLE, Trait.LINK):
        value = node.get(trait)
        if isinstance(value, str):
            yield Expectation(trait, number, value)
    keys = ("publishedParsed", "pubDateParsed", "isoDate", "published")
    moments = (_moment(node[key]) for key in keys if isinstance(node.get(key), str))
    if number >= 0 and (moment := next(filter(None, moments), None)):
        yield Expectation(Trait.DATE, number, moment)


def _moment(written: object) -> datetime | None:
    """A date as the peers' own readers wrote it down; never read with the reader under test."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _compare(
    document: Document, feed: ParsedFeed, expectation: Expectation, result: Agreement
) -> None:
    found = _found(feed, expectation)
    same = expectation.value in found or (expectation.value == "" and found == [None])
    if same:
        result.same[expectation.trait] += 1
    elif reason := _reason(document, feed, expectation, found):
        result.explained[expectation.trait, reason] += 1
    else:
        result.other.append((document.name, expectation, found))


def _found(feed: ParsedFeed, expectation: Expectation) -> list[object]:
    if expectation.entry >= len(feed.entries):
        return ["no such entry"]
    if expectation.entry < 0:
        return [feed.title if expectation.trait is Trait.TITLE else feed.link]
    entry = feed.entries[expectation.entry]
    match expectation.trait:
        case Trait.TITLE:
            return [entry.title]
        case Trait.LINK:
            return [entry.url]
        case Trait.DATE:
            return [entry.published, entry.updated]


def _reason(
    document: Document, feed: ParsedFeed, expectation: Expectation, found: Sequence[object]
) -> str:
    """The rule of ours that makes the difference; empty if none does."""
    value = expectation.value
    if isinstance(value, datetime):
        return _reason_of_date(value, found)
    if not isinstance(value, str):
        return ""
    if "\ufffd" in value:
        return "the expectation itself holds broken characters"
    if expectation.trait is Trait.TITLE:
        if " ".join(html.unescape(value).split()) == found[0]:
            return "white space and entities"
        return "markup taken out" if plain_line(value) == found[0] else ""
    return _reason_of_link(document, feed, value, found[0])


def _reason_of_link(document: Document, feed: ParsedFeed, value: str, found: object) -> str:
    if absolute(value) is None and found is None:
        return "neither http nor https"
    text = document.body.decode("utf-8", "replace")
    bases = (feed.link or URL, URL, *re.findall(r'base="([^"]+)"', text))
    if found is not None and found in {absolute(value, base) for base in bases}:
        return "made absolute"
    if f"origLink>{found}<" in text:
        return "the original behind FeedBurner"
    if f"<link>{found}<" in text and f"<link>{value}<" in text:
        return "the first of several"
    return ""


def _reason_of_date(value: datetime, found: Sequence[object]) -> str:
    if not datetime(1971, 1, 1, tzinfo=UTC) <= value < datetime(2100, 1, 1, tzinfo=UTC):
        return "absurd, so none"
    moments = [each.replace(microsecond=0) for each in found if isinstance(each, datetime)]
    return "fractions of seconds" if value.replace(microsecond=0) in moments else ""


def _best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def _speed(corpus: Sequence[Document], name: str) -> None:
    holding = [each for each in corpus if _feedparser(each.body)["entries"]]
    entries = sum(len(_feedparser(each.body)["entries"]) for each in holding)
    feeds = [(each.body, parse_document(each.body, url=URL)) for each in holding]
    few = [(body, feed.fragments - _first(feed)) for body, feed in feeds]
    seen = [(body, feed.fragments) for body, feed in feeds]
    theirs = _best(lambda: [_feedparser(each.body) for each in holding])
    whole = _best(lambda: [parse_document(each.body, url=URL) for each in holding])
    later = _best(lambda: [parse_document(body, url=URL, known=known) for body, known in few])
    again = _best(lambda: [parse_document(body, url=URL, known=known) for body, known in seen])
    print(f"{name}: {len(holding)} XML documents, {entries} entries; ratio to plain feedparser")
    for label, seconds in (
        ("plain feedparser", theirs),
        ("ours, first parse", whole),
        (f"ours, {FEW} entries new", later),
        ("ours, nothing new", again),
    ):
        each = seconds / entries * 1e6
        print(f"  {label:24} {seconds:7.3f} s  {each:7.0f} µs an entry  ×{seconds / theirs:.2f}")


def _first(feed: ParsedFeed) -> frozenset[bytes]:
    return frozenset(entry.fragment for entry in feed.entries[:FEW])


def _report_yield(corpus: Sequence[Document], *, listed: bool) -> None:
    mine, theirs = ours(corpus), plain(corpus)
    for name, each in (("newsbot", mine), ("plain feedparser", theirs)):
        print(
            f"{name:17} {each.holding:5} documents give {sum(each.entries.values()):5} entries,"
            f" {len(each.refused)} refused as no feed, {len(each.broken)} exceptions"
        )
    fewer = [name for name, count in theirs.entries.items() if mine.entries.get(name, 0) < count]
    print(f"documents of which feedparser gives more: {len(fewer)}")
    print(f"documents that differ when parsed in part: {len(differing(corpus))}")
    if listed:
        for name, what in (*mine.refused.items(), *mine.broken.items()):
            print(f"  {name}: {what}")


def _report_agreement(corpus: Sequence[Document], *, listed: bool) -> None:
    result = agreement(corpus)
    for trait in Trait:
        total, same = result.total(trait), result.same[trait]
        rest = result.unexplained(trait)
        print(
            f"{trait:6} {same:5} of {total:5} as expected ({same / total:.1%});"
            f" with our own rules {total - rest:5} ({(total - rest) / total:.1%})"
        )
        for (of, reason), count in sorted(result.explained.items()):
            if of is trait:
                print(f"         {count:4} {reason}")
    if listed:
        for name, expectation, found in result.other:
            print(f"  {name} {expectation.trait} of {expectation.entry}:")
            print(f"    expected {expectation.value!r}\n    found    {found!r}")


def main() -> None:
    """Print yield, agreement and speed."""
    parser = argparse.ArgumentParser(description="The parser over a corpus of feeds.")
    parser.add_argument("--list", action="store_true", help="list every disagreement")
    listed = parser.parse_args().list
    corpus = documents(Path(os.environ["NEWSBOT_CORPUS"]))
    warnings.simplefilter("ignore")  # feedparser's own, in the plain runs
    _report_yield(corpus, listed=listed)
    _report_agreement(corpus, listed=listed)
    _speed(corpus, "all")
    _speed([document for document in corpus if document.real], "captured from the web")


if __name__ == "__main__":
    main()
