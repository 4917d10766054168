"""Authors are names."""

import pytest

from bot.feeds.people import names, without_endless_words


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Ana Lima", ("Ana Lima",)),
        ("ana@news.example (Ana Lima)", ("Ana Lima",)),
        ("Ana Lima (ana@news.example)", ("Ana Lima",)),
        ("Ana Lima <ana@news.example>", ("Ana Lima",)),
        ("mailto:ana@news.example", ()),
        ("ana@news.example", ()),
        ("https://news.example/ana", ()),
        ("<b>Ana</b> &amp; Bo", ("Ana & Bo",)),
        ("42", ()),
        ("", ()),
    ],
)
def test_reads_the_name_out_of_any_form(written: str, found: tuple[str, ...]) -> None:
    assert names([written]) == found


def test_a_whole_newsroom_is_no_author() -> None:
    found = names(f"{'Ana' * 100} {chr(97 + number)}" for number in range(26))
    assert found == ("AnaAna" * 33 + "An",)
    assert len(names(f"Ana {chr(97 + number)}" for number in range(26))) == 20


def test_names_come_once_each_in_order() -> None:
    assert names(["Bo", "Ana", "Bo"]) == ("Bo", "Ana")


def test_an_endless_word_is_cut_in_authors_only() -> None:
    word = b"a" * 500
    document = b"<item><title>%s</title><dc:creator x='1'><![CDATA[%s b]]></dc:creator></item>"

    cut = without_endless_words(document % (word, word))

    assert cut == document % (word, b"a" * 100)


def test_authors_without_an_endless_word_are_left_as_they_are() -> None:
    document = b"<author>" + b"a@b.example (A Name) " * 100 + b"</author><author>open"

    assert without_endless_words(document) == document
