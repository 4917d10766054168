import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sentences import sentences


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It rose 1.5 percent. Then it fell.", 2),
        ("en", "He met the U.S. Senate. They agreed.", 2),
        ("en", "It opens at 9 a.m. Monday. All may come.", 2),
        ("en", "It ended at 5 p.m. ET on Friday.", 1),
        ("en", "It ended at 5 p.m. He left.", 2),
        ("en-gb", "St. Louis police said so. Mr. Smith agreed.", 2),
        ("en", "“It is over.” He left.", 2),
        ("en", "“We won!” she said. He left.", 2),
        ("en", "Read it on EXAMPLE.COM now. Or later.", 2),
        ("en", "It said so.Then it did not.", 2),
        ("fr", "M. Macron a dit oui. Mme. Martin aussi.", 2),
        ("de", "Der 1. FC Köln gewann. Am 3. Oktober wird gefeiert.", 2),
        ("es", "¿Por qué? ¡Basta! El Sr. Sánchez calló.", 3),
        ("zh", "中国外交部表示满意。他们拒绝评论。", 2),
        ("ja", "発表しました。詳細は不明です。", 2),
        (None, "One. Two.", 2),
        ("x-unheard-of", "One. Two.", 2),
        ("en", "", 0),
    ],
)
def test_text_is_cut_where_sentences_end(language: str | None, text: str, expected: int) -> None:
    assert len(sentences(text, language)) == expected


@given(st.text(alphabet='aB .!?。”"1\n'))
def test_no_character_is_lost(text: str) -> None:
    assert "".join(sentences(text)) == text
