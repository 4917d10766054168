"""Topics: the rule files read into the domain."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from bot.catalog.document import Item, Report, suggest
from bot.catalog.feeds import tag
from bot.catalog.query import read_query, read_words
from bot.domain.address import read_channel
from bot.domain.tag import slug
from bot.domain.topic import Topic
from bot.query.references import CircleError, resolve
from bot.query.tree import DEFAULT_FIELDS, And, Field, Node, Not, Or, Tagged, Words

RULE_KEYS: Final = (
    "title",
    "description",
    "channels",
    "priority",
    "tags",
    "any",
    "query",
    "all",
    "none",
    "in",
)
PRIORITIES: Final = ("normal", "breaking")
WORDS_KEYS: Final = ("words", "in")

_GROUPS: Final = ("tags", "any", "query", "all", "none")


def topic_name(file: PurePath, report: Report) -> str:
    """The topic's name, which is the file's: `rules/us-china.yaml` is `us-china`."""
    name = slug(file.stem)
    if name != file.stem:
        better = f"{name or 'us-china'}.yaml"
        report.add(1, f"the file's name is the topic's, which is a slug; rename it to {better}")
    return name


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file, read by itself.

    Attributes:
        topic: The topic; the trees of the topics its query names are not filled in.
        query: Where its query stands in the file; None without one.
    """

    topic: Topic
    query: Item | None


def read_rule(root: Item, name: str, names: Collection[str]) -> Rule | None:
    """One rule file; None where it cannot be used, the mistakes noted in the item's report.

    Args:
        root: The file's topmost value.
        name: The topic's.
        names: Of all topics, which its query may refer to.
    """
    keys = root.keys(RULE_KEYS)
    if not keys:
        return None
    title = keys["title"].text() if "title" in keys else None
    description = keys["description"].text() if "description" in keys else None
    channels = keys["channels"].read_all(read_channel) if "channels" in keys else ()
    breaking = "priority" in keys and keys["priority"].read(_priority) is True
    query = _read_query(root, keys, names)
    if query is None:
        return None
    topic = Topic(
        name=name,
        title=title or name,
        description=description or "",
        query=query,
        channels=tuple(dict.fromkeys(channels)),
        breaking=breaking,
    )
    return Rule(topic, keys.get("query"))


def join(rules: Mapping[str, Rule]) -> tuple[Topic, ...]:
    """The topics, each with the trees of those it names; a circle is noted where it begins."""
    queries = {name: rule.topic.query for name, rule in rules.items()}
    topics: list[Topic] = []
    circles: set[frozenset[str]] = set()
    for name, rule in rules.items():
        try:
            topics.append(replace(rule.topic, query=resolve(name, queries)))
        except CircleError as error:
            first = rules[error.names[0]].query
            if first is not None and frozenset(error.names) not in circles:
                first.wrong(f"topics name each other in a circle, {error}; take one name out")
            circles.add(frozenset(error.names))
    return tuple(topics)


def _read_query(root: Item, keys: dict[str, Item], names: Collection[str]) -> Node | None:
    fields = _read_fields(keys["in"]) if "in" in keys else DEFAULT_FIELDS
    written = [group for group in _GROUPS if group in keys]
    if not written:
        root.wrong("the rule says nothing to look for; write tags:, any:, query: or all:")
    elif written == ["none"]:
        keys["none"].wrong("alone it matches nearly everything; add tags:, any:, query: or all:")
    tags = keys["tags"].read_all(tag) if "tags" in keys else ()
    alternatives: list[Node] = [Tagged(label) for label in tags]
    alternatives += _read_words(keys.get("any"), fields)
    query = read_query(keys["query"], fields, names) if "query" in keys else None
    alternatives += [query] if query else []
    needed = _read_words(keys.get("all"), fields)
    unwanted = _read_words(keys.get("none"), fields)
    parts: list[Node] = [_one_of(alternatives)] if alternatives else []
    parts += needed
    if not parts:
        return None
    if unwanted:
        parts.append(Not(_one_of(unwanted)))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _one_of(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


def _read_words(item: Item | None, fields: frozenset[Field]) -> list[Node]:
    if item is None:
        return []
    read = (_read_phrase(one, fields, is_alone=one is item) for one in item.items())
    return [words for words in read if words is not None]


def _read_alone(text: str) -> Words:
    """What stands in place of a list.

    Raises:
        ValueError: It looks like one, or as for `read_words`.
    """
    if ", " in text:
        raise ValueError(
            f"“{text}” is one phrase and no list; write [tariff, truce] for the one or the other,"
            " or leave the commas out, which make no difference"
        )
    return read_words(text)


def _read_phrase(item: Item, fields: frozenset[Field], *, is_alone: bool) -> Words | None:
    if not item.is_mapping:
        return _in(item.read(_read_alone if is_alone else read_words), fields)
    keys = item.keys(WORDS_KEYS)
    if "words" not in keys:
        item.wrong("words are missing; write {words: Xi Jinping, in: title}")
    words = keys["words"].read(read_words) if "words" in keys else None
    return _in(words, _read_fields(keys["in"]) if "in" in keys else fields)


def _in(words: Words | None, fields: frozenset[Field]) -> Words | None:
    return None if words is None else replace(words, fields=fields)


def _read_fields(item: Item) -> frozenset[Field]:
    return frozenset(item.read_all(_field)) or DEFAULT_FIELDS


def _priority(text: str) -> bool:
    """Whether it is breaking."""
    if text not in PRIORITIES:
        raise ValueError(f"“{text}” is no priority; {suggest(text, PRIORITIES)}")
    return text == "breaking"


def _field(text: str) -> Field:
    try:
        return Field(text.lower())
    except ValueError:
        raise ValueError(f"“{text}” is no part of a story; {suggest(text, Field)}") from None
