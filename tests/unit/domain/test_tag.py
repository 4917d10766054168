"""The one way to write a label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tag import slug


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("US-China", "us-china"),
        ("us china", "us-china"),
        ("U.S.–China", "us-china"),
        ("A.I", "ai"),
        ("1.5 degrees", "1-5-degrees"),
        ("AI_Policy & Safety", "ai-policy-safety"),
        ("Économie", "economie"),
        ("What’s new", "whats-new"),
        ("中美关系", "中美关系"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        (" – ", ""),
    ],
)
def test_writes_a_label_one_way(text: str, tag: str) -> None:
    assert slug(text) == tag


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)
