"""Desk: a newsroom's feeds.yaml and rules/ in a temporary directory."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.catalog.load import load_catalog
from bot.domain.catalog import Catalog
from bot.domain.feed import Feed
from bot.domain.topic import Topic
from bot.errors import ConfigError

FEEDS = "sections: {World: [https://news.example.org/rss]}\n"
RULE = "any: [summit]\n"


@dataclass(frozen=True, slots=True)
class Desk:
    """Files to write, and what newsbot reads from them."""

    path: Path

    @property
    def feeds_yaml(self) -> Path:
        """The list of feeds."""
        return self.path / "feeds.yaml"

    @property
    def rules(self) -> Path:
        """The directory of rule files."""
        return self.path / "rules"

    def write(self, *, feeds: str = FEEDS, rule: str = RULE, name: str = "summits.yaml") -> None:
        """Lay out feeds.yaml and one rule."""
        self.feeds_yaml.write_text(textwrap.dedent(feeds), "utf-8")
        self.rules.mkdir(exist_ok=True)
        (self.rules / name).write_text(textwrap.dedent(rule), "utf-8")

    def load(self, environ: Mapping[str, str] | None = None) -> Catalog:
        """What newsbot reads; raises ConfigError."""
        return load_catalog(self.feeds_yaml, self.rules, environ or {})

    def feed(self, text: str, environ: Mapping[str, str] | None = None) -> Feed:
        """The one feed of a section written so."""
        self.write(feeds="sections:\n  World:\n" + textwrap.indent(textwrap.dedent(text), "    "))
        (feed,) = self.load(environ).feeds
        return feed

    def topic(self, rule: str) -> Topic:
        """The one topic of a rule written so."""
        self.write(rule=rule)
        (topic,) = self.load().topics
        return topic

    def mistakes(self, environ: Mapping[str, str] | None = None) -> list[str]:
        """Every mistake in what is written, its path shortened."""
        try:
            self.load(environ)
        except ConfigError as error:
            return [str(mistake).removeprefix(f"{self.path}/") for mistake in error.mistakes]
        return []

    def feed_mistakes(self, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
        """Every mistake in a section written so; its first line is line 3."""
        self.write(feeds="sections:\n  World:\n" + textwrap.indent(textwrap.dedent(text), "    "))
        return self.mistakes(environ)

    def rule_mistakes(self, rule: str) -> list[str]:
        """Every mistake in a rule written so."""
        self.write(rule=rule)
        return self.mistakes()
