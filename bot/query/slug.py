"""Slug: the one way to write a label."""

import re
import unicodedata

_ACCENTS_ON_LATIN = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b(?:[^\W\d_]\.)+[^\W\d_]\b")
_APOSTROPHES = str.maketrans("", "", "'’ʼ")


def slug(text: str) -> str:
    """The one way to write a label: `US-China` and `us china` both become `us-china`.

    Letter case and accents on Latin letters fall away, apostrophes and the dots of initials
    (`U.S.`) vanish, every other run of characters that are neither letters nor digits becomes one
    hyphen. Other scripts keep their
    letters and marks. A slug is its own slug.

    Returns:
        The slug; empty where the text holds no letter and no digit.
    """
    joined = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), text)
    plain = _ACCENTS_ON_LATIN.sub("", unicodedata.normalize("NFKD", joined).casefold())
    letters = unicodedata.normalize("NFKC", plain).translate(_APOSTROPHES)
    spaced = "".join(character if _is_of_word(character) else " " for character in letters)
    return "-".join(word for word in spaced.split() if any(map(str.isalnum, word)))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
