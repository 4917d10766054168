"""Lexer: a query's text cut into words, phrases, operators and signs."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from bot.errors import QueryError
from bot.query.terms import keys_of
from bot.query.tree import DEFAULT_DISTANCE

MOST_DISTANCE = 100
_LEAST_BEFORE_STAR = 2


class Kind(StrEnum):
    """What a lexeme is."""

    WORD = "word"
    PHRASE = "phrase"
    REGEX = "regex"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    MINUS = "-"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"
    END = "end"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of a query.

    Attributes:
        kind: What it is.
        start: Its first character's place in the query.
        end: The place behind its last character.
        text: What it says: the words, the pattern, the field's name as written.
        exact: Whether a `=` stands before words.
        prefix: Whether a `*` stands behind them.
        distance: Of a `NEAR`.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    exact: bool = False
    prefix: bool = False
    distance: int = 0


_QUOTES = '"“”„‟＂«»'
_MINUS = "−–—‒-"
_OPERATORS = {kind.value: kind for kind in (Kind.AND, Kind.OR, Kind.NOT)}
_SIGNS = {"(": Kind.OPEN, ")": Kind.CLOSE}

_SPACE = re.compile(r"\s*")
_PHRASE = re.compile(f"=?[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]")
_REGEX = re.compile(r"/((?:[^/\\\n]|\\.)+)/")
_FIELD = re.compile(r"([^\W\d_]+):(?!//)")
_WORD = re.compile(rf"[^\s(){_QUOTES}]+")
_NEAR = re.compile(r"NEAR(?:/(\d+))?")
_FOREIGN_NEAR = re.compile(
    r"ONEAR\b|NEAR(?:[/~(]\S*|\d+)"
    r"|(?:near|(?i:onear|around|within|adj|w))(?:/\d+|\(\d+\))|(?i:next|pre)/\d{1,3}(?!\S)"
)
_NUMBER_APART = re.compile(r"\s+(\d{1,2}|100)(?=\s+(?!(?:AND|OR|NOT|NEAR)\b)[^\s)])")
_FOREIGN = {"ANDNOT": "write AND NOT", "XOR": "write OR"}
_MEANINGLESS = re.compile(r"[|~^?{}\[\]<>\\;=]|,(?!\d)|^[,'‘&!`‹]")
_REMEDIES = {
    "|": "write OR",
    ",": "write OR or AND between words",
    ";": "write OR or AND between words",
    "?": "write * for any ending, or each form of the word",
    "~": "write tariff NEAR/5 chip for words close to each other",
    "'": 'put a phrase into double quotes, "like this"',
    "‘": 'put a phrase into double quotes, "like this"',
    "=": "= stands once, directly before a word or phrase",
    "&": "write AND",
    "!": "write -word to leave a word out",
    "`": 'put a phrase into double quotes, "like this"',
    "‹": 'put a phrase into double quotes, "like this"',
}
_LIKE_ASCII = re.compile(
    rf"(=?[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|(?<![^\s(:：（－{_MINUS}]){_REGEX.pattern})"
    "|(?<=[a-z])：|[\uff01\uff03-\uff19\uff1b-\uff5d\u3000]"
)
"""Full-width signs, and before them what is taken as written: phrases and regular expressions."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: ord(" ")}


def lex(text: str) -> list[Lexeme]:
    """The pieces of a query, the last of them its end.

    Raises:
        QueryError: A piece cannot be one.
    """
    # One character for one: places stay as they are.
    text = _LIKE_ASCII.sub(lambda found: found[1] or found[0].translate(_FULL_WIDTH), text)
    found: list[Lexeme] = []
    place = _after_space(text, 0)
    while place < len(text):
        found.append(_read(text, place))
        place = _after_space(text, found[-1].end)
    return [*found, Lexeme(Kind.END, len(text), len(text))]


def _after_space(text: str, place: int) -> int:
    space = _SPACE.match(text, place)
    return space.end() if space else place


def _read(text: str, start: int) -> Lexeme:
    sign = text[start]
    if sign in _SIGNS:
        return Lexeme(_SIGNS[sign], start, start + 1, sign)
    if sign in _MINUS:
        return _read_minus(text, start)
    if sign == "/":
        return _read_regex(text, start)
    if sign in _QUOTES or (sign == "=" and text[start + 1 : start + 2] in tuple(_QUOTES)):
        return _read_phrase(text, start)
    if field := _FIELD.match(text, start):
        return Lexeme(Kind.FIELD, start, field.end(), field[1])
    return _read_word(text, start)


def _read_minus(text: str, start: int) -> Lexeme:
    following = text[start + 1 : start + 2]
    if following in tuple(_MINUS):
        raise QueryError(text, start, "one minus follows another", "one leaves a word out: -word")
    if not following.strip() or following == ")":
        raise QueryError(
            text, start, "a minus stands alone", "write -word to leave a word out, or remove it"
        )
    return Lexeme(Kind.MINUS, start, start + 1, "-")


def _read_regex(text: str, start: int) -> Lexeme:
    regex = _REGEX.match(text, start)
    if regex is None:
        raise QueryError(
            text,
            start,
            "a regular expression is opened and not closed, or empty",
            "write /like this/, or quotes around a word that begins with a slash",
        )
    behind = text[regex.end() : regex.end() + 1]
    if behind.strip() and behind != ")":
        raise QueryError(
            text,
            regex.end(),
            "nothing may follow a regular expression’s second slash",
            "leave it out: letter case makes no difference; or write \\/ for a slash inside",
        )
    return Lexeme(Kind.REGEX, start, regex.end(), regex[1])


def _read_phrase(text: str, start: int) -> Lexeme:
    phrase = _PHRASE.match(text, start)
    if phrase is None:
        raise QueryError(
            text,
            start,
            "a quote is opened and not closed",
            "add one behind the phrase",
        )
    written = phrase[1].rstrip()
    prefix = written.endswith("*")
    words = written.removesuffix("*")
    _check_words(text, phrase.start(1), words, prefix=prefix)
    return Lexeme(
        Kind.PHRASE, start, phrase.end(), words.strip(), exact=text[start] == "=", prefix=prefix
    )


def _read_word(text: str, start: int) -> Lexeme:
    match = _WORD.match(text, start)
    word = match[0] if match else text[start]
    end = start + len(word)
    if word in _OPERATORS:
        return Lexeme(_OPERATORS[word], start, end, word)
    if word in _FOREIGN:
        raise QueryError(text, start, f"“{word}” is no operator here", _FOREIGN[word])
    if near := _NEAR.fullmatch(word):
        return _read_near(text, start, end, near[1])
    if _FOREIGN_NEAR.match(text, start):
        raise QueryError(
            text, start, f"“{word}” is no operator here", "write NEAR/5 between two words"
        )
    if "://" in word:
        raise QueryError(text, start, f"“{word}” is an address", _site_remedy(word))
    words = word.removeprefix("=")
    _check_signs(text, end - len(words), words)
    prefix = words.endswith("*")
    words = words.removesuffix("*")
    _check_words(text, start, words, prefix=prefix)
    return Lexeme(Kind.WORD, start, end, words, exact=word.startswith("="), prefix=prefix)


def _read_near(text: str, start: int, end: int, number: str | None) -> Lexeme:
    if number is None and (apart := _NUMBER_APART.match(text, end)):
        raise QueryError(
            text,
            start,
            "NEAR and its number stand apart",
            f'write NEAR/{apart[1]}, or "{apart[1]}" for the number as a word',
        )
    distance = int(number[:9]) if number else DEFAULT_DISTANCE
    if distance == 0:
        raise QueryError(
            text, start, "NEAR/0 leaves no room for a word", 'write "a phrase" in quotes, or NEAR/1'
        )
    if distance > MOST_DISTANCE:
        raise QueryError(
            text, start, f"NEAR reaches {MOST_DISTANCE} words at most", "write AND instead"
        )
    return Lexeme(Kind.NEAR, start, end, text[start:end], distance=distance)


def _check_signs(text: str, start: int, word: str) -> None:
    if len(word) > 1 and (sign := _MEANINGLESS.search(word)):
        raise QueryError(
            text,
            start + sign.start(),
            f"“{sign[0]}” means nothing here",
            _REMEDIES.get(sign[0], "put the word into quotes, or leave the sign out"),
        )


def _check_words(text: str, start: int, words: str, *, prefix: bool) -> None:
    star = words.find("*")
    if star >= 0 or (prefix and not words[-1:].isalnum()):
        place = start + (star if star >= 0 else len(words))
        in_phrase = text[start - 1 : start] in tuple(_QUOTES) and not re.fullmatch(r"\S+", words)
        raise _misplaced_star(text, place, in_phrase=in_phrase)
    keys = keys_of(words)
    if not keys:
        sign = words.strip()
        if sign:
            what = f"“{sign}” holds no letter and no digit"
        elif text[start] == "=":
            what, sign = "no word follows the =", "="
        else:
            what = "nothing is in the quotes"
        raise QueryError(text, start, what, _REMEDIES.get(sign[:1], "remove it"))
    if prefix and len(keys[-1]) < _LEAST_BEFORE_STAR and keys[-1] < "\u0e00":
        what = f"“{keys[-1]}*” would match very much"
        if len(keys) > 1:
            what += f": “{words}” is {len(keys)} words, and the star belongs to the last"
        raise QueryError(text, start, what, "write two letters or more before the star")


def _misplaced_star(text: str, place: int, *, in_phrase: bool) -> QueryError:
    if in_phrase:
        what = "in a phrase, a star stands only directly behind its last word"
        return QueryError(text, place, what, 'write it inside of the quotes, as in "trade deal*"')
    what = "a star stands only at the end of a word, for any ending"
    return QueryError(text, place, what, "write elect* for election, elects and electoral")


def _site_remedy(address: str) -> str:
    try:
        host = urlsplit(address.lstrip("=")).hostname
    except ValueError:
        host = None
    return f"write site:{(host or 'example.org').removeprefix('www.')} for what a site publishes"
