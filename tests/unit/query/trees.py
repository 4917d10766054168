"""Trees: made-up queries and documents for property tests, close enough to match often."""

import os
from collections.abc import Sequence

from hypothesis import strategies as st

from bot.query.document import Document
from bot.query.tree import (
    DEFAULT_FIELDS,
    And,
    Field,
    Language,
    Near,
    Node,
    Not,
    Or,
    Regex,
    Site,
    Tagged,
    TopicQuery,
    Words,
)

EXAMPLES = int(os.environ.get("NEWSBOT_TEST_EXAMPLES", "300"))
"""Set to 10000 for a thorough run."""

WORDS = ["US", "us", "U.S.", "China", "CHINA", "china’s", "Xi", "Xi Jinping", "AI", "ai safety"]
WORDS += ["São", "sao", "北京", "京", "1.5", "don’t", "US-China", "the", "—", "the China the"]
WORDS += ["tariff", "tariffs", "Tariff deals", "policy", "policies", "chi", "U"]
TAGS = ["us-china", "ai", "china"]
PATTERNS = ["chin", r"\bUS\b", "(?-i:US)", "t.{0,9}i", "北", "^the", "[0-9]"]
HOSTS = ["example.org", "news.example.org", "badexample.org", "org", ""]
LANGUAGES = ["en", "en-gb", "eng", "de", ""]


def _texts(words: Sequence[str], gaps: Sequence[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(st.sampled_from(words), st.sampled_from(gaps))
    return st.lists(parts, max_size=12).map(
        lambda found: "".join(word + gap for word, gap in found)
    )


def _documents(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    return st.builds(
        Document,
        title=texts,
        summary=texts,
        body=texts,
        feed=texts,
        authors=st.lists(texts, max_size=2).map(tuple),
        tags=st.frozensets(st.sampled_from(TAGS)),
        host=st.sampled_from(HOSTS),
        language=st.sampled_from(LANGUAGES),
    )


texts = _texts(WORDS, [" ", "-", ". ", "", "’s ", " — "])
ascii_texts = _texts([*filter(str.isascii, WORDS), "9"], [" ", "-", ". ", "", "'s "])
documents = _documents(texts) | _documents(ascii_texts)
"""Of any text, or of ASCII alone, in which letters lead to regular expressions."""
fields = st.one_of(st.just(DEFAULT_FIELDS), st.frozensets(st.sampled_from(Field)))
words = st.builds(Words, st.sampled_from(WORDS), fields, st.booleans(), st.booleans())
sides = st.lists(words, min_size=1, max_size=2).map(tuple)
leaves = st.one_of(
    words,
    st.builds(Near, sides, sides, st.integers(1, 4)),
    st.builds(Regex, st.sampled_from(PATTERNS), fields),
    st.builds(Tagged, st.sampled_from(TAGS)),
    st.builds(Site, st.sampled_from(HOSTS[:-1])),
    st.builds(Language, st.sampled_from(LANGUAGES[:-1])),
)


def _plain_branches(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(nodes, max_size=4).map(tuple)
    return st.one_of(st.builds(And, parts), st.builds(Or, parts), st.builds(Not, nodes))


def _branches(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return _plain_branches(nodes) | st.builds(TopicQuery, st.just("other"), nodes)


queries_without_topics = st.recursive(leaves, _plain_branches, max_leaves=12)
queries = st.recursive(leaves | st.just(TopicQuery("unheard-of")), _branches, max_leaves=12)
