"""The parser over the corpus of real and synthetic feeds named by NEWSBOT_CORPUS."""

import os
from pathlib import Path

import pytest

from bench.corpus import Document, Trait, agreement, differing, documents, ours, plain

FLOORS = {Trait.TITLE: (0.74, 0.99), Trait.LINK: (0.79, 0.97), Trait.DATE: (1.0, 1.0)}
"""Shares of expectations met literally, and met but for our own rules, as measured."""


@pytest.fixture(scope="module")
def corpus() -> list[Document]:
    """Its documents; skipped where there are none, unless the run is to leave nothing out."""
    folder = os.environ.get("NEWSBOT_CORPUS")
    if folder is None:
        if os.environ.get("NEWSBOT_TEST_REQUIRE") == "1":
            pytest.fail("NEWSBOT_CORPUS is not set: name the folder that holds feeds/FILES.tsv")
        pytest.skip("NEWSBOT_CORPUS names no corpus")
    return documents(Path(folder))


def test_every_document_that_holds_an_entry_gives_it(corpus: list[Document]) -> None:
    found, peer = ours(corpus), plain(corpus)

    assert not found.broken
    assert not found.refused
    fewer = [name for name, count in peer.entries.items() if found.entries[name] < count]
    assert not fewer
    assert (found.holding, sum(found.entries.values())) >= (1009, 2948)


def test_a_parse_in_part_gives_exactly_the_other_entries(corpus: list[Document]) -> None:
    assert differing(corpus) == []


@pytest.mark.parametrize("trait", Trait)
def test_agrees_with_what_other_parsers_expect(corpus: list[Document], trait: Trait) -> None:
    result = agreement(corpus)
    total = result.total(trait)

    literal, explained = FLOORS[trait]
    assert result.same[trait] / total >= literal
    assert 1 - result.unexplained(trait) / total >= explained
