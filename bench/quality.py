"""Quality: rules written in minutes against people's labels, and against substring matching.

NEWSBOT_CORPUS=… python -m bench.quality [--examples 3]

The rules, in `quality_rules.yaml`, were written before a headline was looked at. A topic is what
its label says; a story has one label, so that a rule that is right about a story labelled otherwise
counts as wrong. "always" is the F1 of a rule that takes every story. A rule below 0.3 is marked
hopeless. `quality.md` keeps the figures.

Substring matching looks for the same terms anywhere in the text in any letter case, which is what
`in` in Python, LIKE in SQL and most small bots do.
"""

import argparse
import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from ruamel.yaml import YAML

from bot.query.document import Document, Reading
from bot.query.matcher import Matcher
from bot.query.syntax import parse
from bot.query.tree import And, Node, Not, Or, Words
from bot.query.verdict import find

RULES = Path(__file__).with_name("quality_rules.yaml")
SETS = ("tg_topics_en", "huffpost_topics", "uci_story_clusters")
HOPELESS = 0.3
"""F1 below which words alone are no way to find a topic."""
EXCERPT = 90
"""Characters shown of a headline."""


@dataclass(frozen=True, slots=True)
class Story:
    """One labelled headline."""

    document: Document
    label: str


@dataclass(frozen=True, slots=True)
class Score:
    """How a rule did: stories it found rightly, wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what it found, how much was right."""
        return self.right / found if (found := self.right + self.wrong) else 0.0

    @property
    def recall(self) -> float:
        """Of what was labelled so, how much it found."""
        return self.right / labelled if (labelled := self.right + self.missed) else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


class Cause(StrEnum):
    """The word rule that tells newsbot from substring matching."""

    WHOLE_WORDS = "whole words"
    CAPITALS = "capitals exact"
    ACCENTS = "accents"
    SIGNS = "hyphens, dashes, dots, curly quotes"
    POSSESSIVES = "possessives"
    PLURALS = "plurals"


@dataclass(frozen=True, slots=True)
class Change:
    """One story that one rule finds and the other kind of matching does not."""

    cause: Cause
    topic: str
    story: Story
    term: str

    @property
    def is_labelled(self) -> bool:
        """Whether the story is of the topic."""
        return self.story.label == self.topic


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--examples", type=int, default=3, help="headlines shown for each word rule"
    )
    given = parser.parse_args()
    corpus = os.environ.get("NEWSBOT_CORPUS")
    if not corpus:
        parser.error("NEWSBOT_CORPUS names no corpus")
    removed: list[Change] = []
    added: list[Change] = []
    for name, rules in read_rules().items():
        stories = list(read_stories(Path(corpus) / "stories" / f"{name}.jsonl"))
        found = [changes(topic, query, stories) for topic, query in rules.items()]
        removed += [change for fewer, _ in found for change in fewer]
        added += [change for _, more in found for change in more]
        print_scores(name, rules, stories)
    print_changes("Stories that substring matching finds and newsbot does not", removed, given)
    print_changes("Stories that newsbot finds and substring matching does not", added, given)


def read_rules() -> Mapping[str, Mapping[str, Node]]:
    written = YAML(typ="safe").load(RULES)
    return {name: {topic: parse(text) for topic, text in written[name].items()} for name in SETS}


def read_stories(file: Path) -> Iterator[Story]:
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        summary = row.get("summary") or row.get("text") or ""
        yield Story(Document(title=row["title"], summary=summary), row["topic"])


def score(takes: Callable[[Story], bool], topic: str, stories: Sequence[Story]) -> Score:
    taken = [story for story in stories if takes(story)]
    right = sum(story.label == topic for story in taken)
    labelled = sum(story.label == topic for story in stories)
    return Score(right, len(taken) - right, labelled - right)


def print_scores(name: str, rules: Mapping[str, Node], stories: Sequence[Story]) -> None:
    print(f"\n{name}: {len(stories):,} stories\n")
    print(
        f"{'topic':16} {'n':>5} {'found':>6} {'precision':>10} {'recall':>7} {'F1':>5}"
        f" {'substring F1':>13} {'always':>7}"
    )
    totals: Counter[str] = Counter()
    for topic, query in rules.items():
        ours = score(newsbot(query), topic, stories)
        theirs = score(substring(query), topic, stories)
        always = score(lambda _: True, topic, stories)
        remark = remark_on(ours, always)
        print(
            f"{topic:16} {ours.right + ours.missed:>5} {ours.right + ours.wrong:>6}"
            f" {ours.precision:>10.2f} {ours.recall:>7.2f} {ours.f1:>5.2f} {theirs.f1:>13.2f}"
            f" {always.f1:>7.2f}{remark}"
        )
        for kind, one in (("ours", ours), ("theirs", theirs)):
            for part in ("right", "wrong", "missed"):
                totals[f"{kind} {part}"] += getattr(one, part)
    for kind, shown in (("ours", "newsbot"), ("theirs", "substring")):
        one = Score(*(totals[f"{kind} {part}"] for part in ("right", "wrong", "missed")))
        print(
            f"all, {shown:11} {one.right + one.missed:>5} {one.right + one.wrong:>6}"
            f" {one.precision:>10.2f} {one.recall:>7.2f} {one.f1:>5.2f}"
        )
    without = sum(story.label not in rules for story in stories)
    if without:
        print(f"{without} stories carry a label without a rule; they can only be found wrongly.")


def remark_on(ours: Score, always: Score) -> str:
    if ours.f1 < HOPELESS:
        return "  hopeless"
    return "  less than taking every story" if ours.f1 <= always.f1 else ""


def newsbot(query: Node) -> Callable[[Story], bool]:
    matcher = Matcher({"query": query})
    return lambda story: bool(matcher.match(story.document))


def substring(query: Node, form: Callable[[str], str] = str.lower) -> Callable[[Story], bool]:
    def holds(node: Node, text: str) -> bool:
        match node:
            case Words(text=words):
                return form(words) in text
            case And(parts=parts):
                return all(holds(part, text) for part in parts)
            case Or(parts=parts):
                return any(holds(part, text) for part in parts)
            case Not(part=part):
                return not holds(part, text)
            case _:
                raise TypeError(f"no rule here uses {node!r}")

    return lambda story: holds(query, form(text_of(story)))


def text_of(story: Story) -> str:
    return f"{story.document.title}\n{story.document.summary}"


def changes(topic: str, query: Node, stories: Sequence[Story]) -> tuple[list[Change], list[Change]]:
    """What the word rules remove from what substring matching finds, and what they add."""
    ours, theirs = newsbot(query), substring(query)
    removed, added = [], []
    for story in stories:
        if theirs(story) and not ours(story):
            removed.append(Change(why_removed(query, story), topic, story, inner(query, story)))
        elif ours(story) and not theirs(story):
            cause = why_added(query, story)
            added.append(Change(cause, topic, story, outer(query, story, cause)))
    return removed, added


def why_removed(query: Node, story: Story) -> Cause:
    """Capitals, where a whole word in other letters would do; else it is part of a longer word."""
    any_case = newsbot(each_words(query, lambda words: replace(words, text=words.text.lower())))
    return Cause.CAPITALS if any_case(story) else Cause.WHOLE_WORDS


def why_added(query: Node, story: Story) -> Cause:
    """The first rule that, given to substring matching, lets it find the story too."""
    for cause, form in FORMS.items():
        if substring(query, form)(story):
            return cause
    return Cause.PLURALS


def each_words(node: Node, change: Callable[[Words], Words]) -> Node:
    match node:
        case Words():
            return change(node)
        case And(parts=parts):
            return And(tuple(each_words(part, change) for part in parts))
        case Or(parts=parts):
            return Or(tuple(each_words(part, change) for part in parts))
        case Not(part=part):
            return Not(each_words(part, change))
        case _:
            return node


def without_accents(text: str) -> str:
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.lower())
        if not unicodedata.combining(sign)
    )


def without_signs(text: str) -> str:
    straight = re.sub("[’‘]", "'", without_accents(text))
    straight = re.sub(r"(?<=\b\w)\.(?=\w\b)|(?<=\.\w)\.", "", straight)
    return " ".join(re.sub('[-‐-―−/“”"&,:]', " ", straight).split())


def without_possessives(text: str) -> str:
    return re.sub(r"'s?\b|(?<=s)'", "", without_signs(text))


FORMS = {
    Cause.ACCENTS: without_accents,
    Cause.SIGNS: without_signs,
    Cause.POSSESSIVES: without_possessives,
}


def leaves(node: Node) -> Iterator[Words]:
    """Every word that is looked for."""
    match node:
        case Words():
            yield node
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from leaves(part)
        case _:
            return


def inner(query: Node, story: Story) -> str:
    """A term as substring matching finds it, with the word it stands in."""
    text = text_of(story)
    for words in leaves(query):
        found = re.search(rf"[\w'’-]*{re.escape(words.text)}[\w'’-]*", text, re.IGNORECASE)
        if found:
            return f"{words.text} in “{found[0]}”"
    return ""


def outer(query: Node, story: Story, cause: Cause) -> str:
    """A term as newsbot finds it and substring matching would, given the rule."""
    reading = Reading(story.document)
    for words in leaves(query):
        form = FORMS.get(cause)
        if form is None or form(words.text) in form(text_of(story)):
            for found in find(words, reading):
                return f"{words.text} as “{found.words}”"
    return ""


def print_changes(title: str, found: Sequence[Change], given: argparse.Namespace) -> None:
    by_cause: dict[Cause, list[Change]] = defaultdict(list)
    for change in found:
        by_cause[change.cause].append(change)
    print(f"\n{title} (a story once for each topic): {len(found):,}\n")
    print(f"{'by the rule':36} {'labelled otherwise':>19} {'labelled so':>12}  most often")
    for cause in Cause:
        those = by_cause[cause]
        right = sum(change.is_labelled for change in those)
        print(f"{cause:36} {len(those) - right:>19,} {right:>12,}  {most_often(those)}")
    for cause, those in by_cause.items():
        for change in some_of(those, given.examples):
            shown = change.story.document.title
            cut = shown if len(shown) <= EXCERPT else f"{shown[: EXCERPT - 1]}…"
            mark = "=" if change.is_labelled else "≠"
            print(f"  {cause}: {change.term} [{mark} {change.topic}]  {cut}")


def most_often(those: Sequence[Change]) -> str:
    terms = Counter(change.term.partition(" “")[0].rpartition(" ")[0] for change in those)
    return ", ".join(f"{term} {count}" for term, count in terms.most_common(6))


def some_of(those: Sequence[Change], count: int) -> Sequence[Change]:
    """So many of them, each with another term where there are enough, spread over them all."""
    by_term = list({change.term: change for change in reversed(those)}.values())[::-1]
    step = max(1, len(by_term) // max(1, count))
    return by_term[::step][:count]


if __name__ == "__main__":
    main()
