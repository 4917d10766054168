"""Terms: the words of a text, as newsrooms mean words.

A text is cut into tokens; each token has two forms, both without accents: *exact*, with its
letter case, and *folded*, without. A query's words become keys: a word in capitals (`US`, `WHO`)
is looked for among the exact forms, any other among the folded ones. The two never collide, since
a key of the first kind has capitals and a folded form has none. A headline wholly in capitals
needs no rule of its own: there, exact and folded comparison come to the same.

A query's word becomes a `Term`: the keys any of which may stand in its place. Its plural or
singular is among them, so that a text's words need no third form.

| written | tokens |
| --- | --- |
| `China's`, `China’s` | china |
| `U.S.-China`, `US–China` | us, china |
| `don’t` | don't |
| `l’Iran` | l, iran |
| `1.5`, `COVID-19` | 1.5; covid, 19 |
| `São Tomé`, `Łódź`, `Straße` | sao, tome; lodz; strasse |
| `北京` (any script written without spaces, and Korean, whose particles cling to words) | 北, 京 |
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from bot.query.plurals import forms

WORDS_REMEMBERED = 1_024
"""Of queries: each is asked for several times while a query is made ready."""

_APOSTROPHES = "'’ʼ＇"

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff"  # Kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7a3\uff66-\uff9f"  # Hangul syllables, half-width Katakana
)
_MARKS = (
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # accents of their own
    "\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"  # Hebrew and Arabic points
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7"  # Indic vowels
    "\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03"
    "\u0d3b-\u0d57\u0dca-\u0ddf"
)
_VOICING = "\u3099\u309a\uff9e\uff9f"  # dots of Kana, where they stand alone
_INVISIBLE = "\u00ad\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"  # soft hyphens, joiners


def _pattern(word: str, letter: str, marks: str, unspaced: str) -> re.Pattern[str]:
    """The pattern of one token: its only group is the token, a possessive `'s` may follow it.

    Possessive quantifiers and the commonest form first: half the time of the plain order.
    """
    apostrophe = f"[{_APOSTROPHES}]"
    ending = rf"{marks}(?:{apostrophe}(?i:t|ll|re|ve|d|m)(?!{word}))?+"
    return re.compile(
        rf"({letter}{{2,}}+{word}*+{ending}"
        rf"|{letter}(?:\.{letter})+(?!{word})\.?"
        rf"|\d+(?:[.,]\d+)+{word}*"
        rf"|{word}+{ending}"
        rf"{unspaced})"
        rf"(?:{apostrophe}[sS](?!{word}))?+"
    )


_LETTERS_APART = rf"_{_UNSPACED}{_APOSTROPHES}"
_ANY_TOKEN = _pattern(
    word=rf"[^\W{_LETTERS_APART}]",
    letter=rf"[^\W\d{_LETTERS_APART}]",
    marks=rf"(?:[{_MARKS}{_INVISIBLE}]+[^\W{_LETTERS_APART}]*)*",
    unspaced=rf"|[{_UNSPACED}][{_VOICING}]?",
)
_ASCII_TOKEN = _pattern(word="[a-zA-Z0-9]", letter="[a-zA-Z]", marks="", unspaced="")

_ABBREVIATING_DOT = re.compile(r"\.(?<=[^\W\d_]\.)")
_STRIPPABLE_ACCENT = re.compile(r"(?<=[A-Za-z\u0370-\u03ff])[\u0300-\u036f]+")
_SPELT_OUT = str.maketrans(
    {
        **dict(zip("øØłŁđĐðÐıħĦŧŦ", "oOlLdDdDihHtT", strict=True)),
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "þ": "th",
        "Þ": "TH",
        "ß": "ss",
        "ẞ": "SS",
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_INVISIBLE),
    }
)
_TYPESETTING = (
    ("’", "'"),
    ("‘", '"'),
    ("“", '"'),
    ("”", '"'),
    ("–", "-"),
    ("—", "-"),
    ("…", "-"),
    ("\u00a0", " "),
    ("£", "$"),
    ("€", "$"),
)
_LEAST_LETTERS_OF_CAPITALS = 2
_GAP = " "
"""Between the lines of two texts, so that nothing runs from one into the other."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query.

    Attributes:
        keys: What may stand in its place: the word as it is looked for, and its plural or
            singular. All are exact forms or all are folded ones.
        prefix: The token need only begin with the key, of which there is one.
    """

    keys: frozenset[str]
    prefix: bool = False

    @property
    def in_capitals(self) -> bool:
        """Whether it is looked for among exact forms."""
        return any(key.isupper() for key in self.keys)

    def meets(self, token: str) -> bool:
        """Whether a token, in the form it is looked for in, may stand in its place."""
        return token.startswith(tuple(self.keys)) if self.prefix else token in self.keys


class Tokens:
    """One text, cut into tokens once they are asked for.

    Attributes:
        text: As given.
    """

    __slots__ = ("_exact", "_folded", "_folded_lines", "_keys", "_written", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._written: str | None = None
        self._folded_lines: str | None = None
        self._exact: Sequence[str] | None = None
        self._folded: Sequence[str] | None = None
        self._keys: frozenset[str] | None = None

    @property
    def is_ascii(self) -> bool:
        """Whether it is, but for typesetters' signs."""
        return _typed(self.text).isascii()

    @property
    def exact(self) -> Sequence[str]:
        """Each token with its letter case, without accents, in the text's order."""
        if self._exact is None:
            self._exact = _cut(self._lines())
        return self._exact

    @property
    def folded(self) -> Sequence[str]:
        """Each token without case and accents."""
        if self._folded is None:
            self._folded = _cut(self._lines().casefold())
        return self._folded

    @property
    def exact_lines(self) -> str:
        """The exact tokens as `in_lines` has them."""
        return f"\n{self._lines()}\n"

    @property
    def folded_lines(self) -> str:
        """The folded tokens as `in_lines` has them."""
        if self._folded_lines is None:
            self._folded_lines = f"\n{self._lines().casefold()}\n"
        return self._folded_lines

    @property
    def keys(self) -> frozenset[str]:
        """Every form a query's key may meet here."""
        if self._keys is None:
            self._keys = frozenset(self.exact).union(self.folded)
        return self._keys

    def find(self, phrase: Sequence[Term]) -> int | None:
        """Where consecutive terms first stand.

        Args:
            phrase: As `terms_of` gives them, at least one.

        Returns:
            The number of the first token, counted from 0; None if they do not stand here.
        """
        return next(self.places(phrase), None)

    def places(self, phrase: Sequence[Term]) -> Iterator[int]:
        """Every place where consecutive terms stand, by the number of their first token."""
        if any(not term.prefix and term.keys.isdisjoint(self.keys) for term in phrase):
            return  # as in most texts
        rows = [self.exact if term.in_capitals else self.folded for term in phrase]
        first, *others = phrase
        row = rows[0][: max(0, len(self.exact) - len(others))]
        if first.prefix:
            starts = [number for number, token in enumerate(row) if first.meets(token)]
        else:
            starts = [number for number, token in enumerate(row) if token in first.keys]
        for start in starts:
            if all(
                term.meets(row[place])
                for place, (term, row) in enumerate(zip(others, rows[1:], strict=True), start + 1)
            ):
                yield start

    def written(self, start: int, count: int) -> str:
        """The text of so many tokens from `start` on, with what stands between them."""
        typed = _typed(self.text)
        found = list(islice(_token_pattern(typed).finditer(typed), start, start + count))
        return self.text[found[0].start(1) : found[-1].end(1)]

    def _lines(self) -> str:
        if self._written is None:
            typed = _typed(self.text)
            # All tokens go through each step at once, one a line: far faster than one by one.
            self._written = _unaccented("\n".join(_token_pattern(typed).findall(typed)))
        return self._written


def in_lines(tokens: Iterable[str]) -> str:
    r"""Tokens, each between line breaks, so that `\nus\n` is where `us` is a whole token."""
    return "\n".join(("", *tokens, ""))


class Lines:
    """Texts with each token between line breaks, so that one search finds words one behind another.

    Attributes:
        texts: The texts.
    """

    __slots__ = ("_exact", "_folded", "texts")

    def __init__(self, texts: Sequence[Tokens]) -> None:
        self.texts = texts
        self._exact: str | None = None
        self._folded: str | None = None

    @property
    def exact(self) -> str:
        """Their exact tokens, as `in_lines` has them."""
        if self._exact is None:
            self._exact = _GAP.join([text.exact_lines for text in self.texts])
        return self._exact

    @property
    def folded(self) -> str:
        """Their folded tokens, as `in_lines` has them."""
        if self._folded is None:
            self._folded = _GAP.join([text.folded_lines for text in self.texts])
        return self._folded


@lru_cache(WORDS_REMEMBERED)
def keys_of(words: str) -> tuple[str, ...]:
    """The keys of a query's words, to be found consecutively; none where there is no word."""
    tokens = Tokens(words)
    return tuple(
        exact if _in_capitals(exact) else folded
        for exact, folded in zip(tokens.exact, tokens.folded, strict=True)
    )


@lru_cache(WORDS_REMEMBERED)
def terms_of(words: str, *, exact: bool = False, prefix: bool = False) -> tuple[Term, ...]:
    """The terms of a query's words, to be found consecutively; none where there is no word.

    Args:
        words: As written.
        exact: Without plurals and singulars.
        prefix: The last word is the beginning of one.
    """
    keys = keys_of(words)
    whole = keys[:-1] if prefix else keys
    terms = [Term(frozenset((key,)) if exact else _forms(key)) for key in whole]
    begun = [Term(frozenset((key,)), prefix=True) for key in keys[len(whole) :]]
    return (*terms, *begun)


def _cut(lines: str) -> Sequence[str]:
    return lines.split("\n") if lines else []


def _forms(key: str) -> frozenset[str]:
    return frozenset((key,)) if key.isupper() else forms(key)


def _typed(text: str) -> str:
    """The text with typesetters' signs as a typewriter has them, character for character.

    Most English news is ASCII but for these, and ASCII is cut twice as fast.
    """
    if text.isascii():
        return text
    for sign, typed in _TYPESETTING:
        text = text.replace(sign, typed)
    return text


def _token_pattern(text: str) -> re.Pattern[str]:
    return _ASCII_TOKEN if text.isascii() else _ANY_TOKEN


def _unaccented(lines: str) -> str:
    if "." in lines:
        lines = _ABBREVIATING_DOT.sub("", lines)
    if lines.isascii():
        return lines
    decomposed = unicodedata.normalize("NFKD", lines.translate(_SPELT_OUT))
    return unicodedata.normalize("NFC", _STRIPPABLE_ACCENT.sub("", decomposed))


def _in_capitals(word: str) -> bool:
    return word.isupper() and sum(map(str.isalpha, word)) >= _LEAST_LETTERS_OF_CAPITALS
