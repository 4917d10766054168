"""Space: the keys of one kind that a document holds, such as the words of its title."""

from collections.abc import Callable, Iterable

from bot.query.clue import Element
from bot.query.document import Reading
from bot.query.key import beginning_of, fields_of

_LETTERS_OF_A_HEAD = 4

Read = Callable[[Reading], Iterable[str]]
"""Gives what a document holds, without the mark of its keys."""


class Space:
    """Keys with the same mark.

    Beginnings of words are looked up by their first letters.

    Attributes:
        uses: How many keys are asked for, each as often as it is.
    """

    __slots__ = ("_heads", "_mark", "_read", "uses")

    def __init__(self, mark: str) -> None:
        self.uses = 0
        self._mark = mark
        self._read = _reader(mark)
        self._heads: dict[int, dict[str, dict[str, int]]] = {}

    def open(self, key: str) -> None:
        """Have a key looked for."""
        self.uses += 1
        if beginning := beginning_of(key):
            head = beginning[:_LETTERS_OF_A_HEAD]
            alike = self._heads.setdefault(len(head), {}).setdefault(head, {})
            alike[beginning] = alike.get(beginning, 0) + 1

    def close(self, key: str) -> None:
        """Have a key no longer looked for, once it is closed as often as opened."""
        self.uses -= 1
        if beginning := beginning_of(key):
            head = beginning[:_LETTERS_OF_A_HEAD]
            alike = self._heads[len(head)][head]
            alike[beginning] -= 1
            if not alike[beginning]:
                self._forget(beginning, head)

    def standing(self, reading: Reading) -> set[Element]:
        """The keys that a document holds, asked for or not; beginnings only if they are."""
        words = set(self._read(reading))
        if self._heads:
            words.update(self._begun(words))
        return {self._mark + word for word in words} if self._mark else {*words}

    def _begun(self, words: set[str]) -> list[str]:
        """For each beginning that words begin with, its key."""
        return [
            f"{beginning}*"
            for letters, alike in self._heads.items()
            for word in words
            if (head := word[:letters]) in alike
            for beginning in alike[head]
            if word.startswith(beginning)
        ]

    def _forget(self, beginning: str, head: str) -> None:
        heads = self._heads[len(head)]
        del heads[head][beginning]
        if not heads[head]:
            del heads[head]
        if not heads:
            del self._heads[len(head)]


def _reader(mark: str) -> Read:
    match mark:
        case "tag:":
            return lambda reading: reading.document.tags
        case "site:":
            return lambda reading: _above(reading.document.host)
        case "lang:":
            return lambda reading: _varied(reading.document.language)
    fields = fields_of(mark)
    return lambda reading: reading.folded(fields)


def _above(host: str) -> set[str]:
    """Every host that this one is or is below, as `Document.is_at` has it."""
    dots = (place for place, sign in enumerate(host) if sign == ".")
    return {host, *(host[place + 1 :] for place in dots)}


def _varied(language: str) -> set[str]:
    """Every language that this one is or is a variety of, as `Document.is_in` has it."""
    hyphens = (place for place, sign in enumerate(language) if sign == "-")
    return {language, *(language[:place] for place in hyphens)}
