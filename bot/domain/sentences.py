"""Sentences: where a text may be cut."""

import re

import sentencex

_NO_END = re.compile(
    r"\b(?:M|MM|Mme|Mlle|Mmes|St|Ste|Nr|No|vs|Gov|Gen|Sen|Rep|art|bzw|ca|approx)\.\s*$"
    r"|(?:^|\s)(?:[Dd]er|[Dd]ie|[Dd]as|[Dd]em|[Dd]en|[Aa]m|[Vv]om|[Zz]um|[Ii]m)\s\d{1,3}\.\s*$"
)
_REST_OF_A_NAME = re.compile(r"[A-Z]{2,3}\b")
_HOUR = re.compile(r"\b[ap]\.m\.\s*$", re.IGNORECASE)
_AFTER_HOUR = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July"
    r"|August|(?:Septem|Octo|Novem|Decem)ber|[A-Z]{2,4}\b|Eastern|Pacific|Central|Mountain"
    r"|Greenwich|Beijing time|Moscow time)"
)


def sentences(text: str, language: str | None = None) -> list[str]:
    """The sentences of a paragraph, in order; joined they are the paragraph again.

    Args:
        text: One paragraph.
        language: BCP 47 tag; English where it is not known.
    """
    code = (language or "en").partition("-")[0]
    pieces: list[str] = [piece for piece in sentencex.segment(code, text) if piece]
    whole: list[str] = []
    for piece in pieces:
        if whole and _goes_on(whole[-1], piece):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def _goes_on(before: str, after: str) -> bool:
    """Whether the library took the dot of an abbreviation for a full stop."""
    return (
        not after.strip()
        or after[0].islower()
        or _NO_END.search(before) is not None
        or (before[-1] == "." and _REST_OF_A_NAME.match(after) is not None)
        or (_HOUR.search(before) is not None and _AFTER_HOUR.match(after) is not None)
    )
