"""Load: what feeds.yaml and the rule files say, all of it or none."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.catalog.document import Report, read_document
from bot.catalog.feeds import read_feeds
from bot.catalog.topics import Rule, join, read_rule, topic_name
from bot.domain.catalog import Catalog
from bot.domain.tag import slug
from bot.domain.topic import Topic
from bot.errors import ConfigError, Mistake

_NO_FEEDS: Final = (
    "; run newsbot in the directory that holds it, or make it: by hand, as docs/configuration.md"
    " shows, or from another reader's feeds with newsbot import FILE"
)
_ENDINGS: Final = frozenset({".yaml", ".yml"})


def load_catalog(feeds: Path, rules: Path, environ: Mapping[str, str]) -> Catalog:
    """Read feeds.yaml and every rule file.

    Args:
        feeds: The list of feeds.
        rules: The directory of rule files; those in directories below it count too.
        environ: Where `${NAME}` references lead.

    Raises:
        ConfigError: Anything is wrong; carries every mistake in every file.
    """
    report = Report(feeds)
    root = read_document(feeds, report, remedy=_NO_FEEDS)
    listed = read_feeds(root, environ) if root is not None else ()
    topics, mistakes = _load_topics(rules)
    if found := (*report.mistakes, *mistakes):
        raise ConfigError(found)
    return Catalog(listed, topics)


def rule_files(rules: Path) -> Iterator[Path]:
    """Every rule file below a directory, by name; hidden files and directories are passed over."""
    for file in sorted(rules.rglob("*")):
        below = file.relative_to(rules).parts
        if file.suffix in _ENDINGS and not any(part.startswith(".") for part in below):
            yield file


def _load_topics(directory: Path) -> tuple[tuple[Topic, ...], tuple[Mistake, ...]]:
    files: dict[str, Path] = {}
    rules: dict[str, Rule] = {}
    reports: list[Report] = []
    found = tuple(rule_files(directory))
    names = [slug(file.stem) for file in found]
    for file in found:
        report = Report(file)
        reports.append(report)
        name = topic_name(file, report)
        if (first := files.setdefault(name, file)) != file:
            report.add(1, f"{first} is the topic “{name}” already; rename one of the two")
        root = read_document(file, report)
        rule = read_rule(root, name, names) if root is not None else None
        if rule is not None:
            rules[name] = rule
    if not reports:
        reports.append(_no_rules(directory))
    topics = join(rules)
    return topics, tuple(mistake for report in reports for mistake in report.mistakes)


def _no_rules(rules: Path) -> Report:
    report = Report(rules)
    if rules.is_dir():
        report.add(1, "holds no rule; add a file such as us-china.yaml")
    elif rules.exists():
        report.add(1, "is no directory; NEWSBOT_RULES names the one that holds the rule files")
    else:
        report.add(1, "there is no such directory; make it and add a file such as us-china.yaml")
    return report
