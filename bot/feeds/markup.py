"""Markup: HTML as feeds carry it, turned into the text a reader would see."""

import html
import re
from collections.abc import Iterator

import ftfy
from ftfy.badness import is_bad
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.domain.text import one_line, paragraphs

_BREAK = "\x1e"
_BLOCKS = (
    "address,article,aside,blockquote,br,caption,center,dd,details,dir,div,dl,dt,fieldset,figure,"
    "footer,h1,h2,h3,h4,h5,h6,header,hr,li,main,nav,ol,p,pre,section,summary,table,tr,ul"
)
_CELLS = "td,th"
_UNREAD = [
    "applet", "audio", "button", "canvas", "datalist", "embed", "figcaption", "form", "frameset",
    "head", "iframe", "input", "map", "math", "noembed", "noframes", "noscript", "object", "rp",
    "rt", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
]  # fmt: skip
"""Elements whose text is no part of what an article says."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND = re.compile(r"&(?!#?[A-Za-z0-9]{1,32};)")
_VOID = "base|br|embed|hr|img|input|link|meta|object|param|source|wbr"
_ELEMENT = (
    f"{_VOID}|a|abbr|acronym|address|applet|article|aside|audio|b|bdi|bdo|big|blockquote|body"
    "|button|caption|center|cite|code|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|font|footer"
    "|form|h[1-6]|head|header|html|i|iframe|ins|kbd|li|main|mark|marquee|math|nav|noscript|ol|p"
    "|picture|pre|q|s|samp|script|section|select|small|span|strike|strong|style|sub|summary|sup|svg"
    "|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video"
)
_TAG = re.compile(rf"<(?:/(?:{_ELEMENT})\s*|(?:{_ELEMENT})(?:\s[^<>]*|\s*/)?)>", re.IGNORECASE)
_CERTAIN_TAG = re.compile(rf"<(?:/(?:{_ELEMENT})\s*|(?:{_VOID})(?:\s[^<>]*)?/?)>", re.IGNORECASE)
"""A tag that nobody writes about without meaning it: the end of an element, or a whole one."""

_TWICE = re.compile(
    "[\u00c2-\u00f4]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""How the first bytes of a UTF-8 character look in Latin-1 or windows-1252."""

_LONGEST_LINE = 20_000
_LONGEST_TEXT = 1_000_000
"""Characters of markup that are looked at: of both ten times and more what is kept of its text."""

_MOST_LAYERS = 3
"""How often a text may have been escaped; some feeds pass through several systems that do."""

_ATTRIBUTES_OF_PICTURES = ("src", "data-src", "data-lazy-src", "data-original")
_SMALLEST_PICTURE = 32
"""Pixels a side; less is a counter, an icon or an emoji."""

_NO_PICTURE = re.compile(
    r"^data:|/emoji/|wp-smiley|gravatar\.com/|\.svg(?:\?|$)"
    r"|//feeds\.feedburner\.com/|feedsportal\.com/|doubleclick\.net/"
    r"|//(?:pixel|stats?|counter|beacon|track(?:er|ing)?)\."
    r"|/(?:pixel|1x1|spacer|blank|transparent|beacon|counter|tracker|clear|b)\.(?:gif|png)",
    re.IGNORECASE,
)


def plain_line(markup: str, *, is_html: bool = True) -> str:
    """The text of a heading, a name or a label, on one line.

    Args:
        markup: As the feed has it.
        is_html: Whether the feed says, or is known, to mean HTML; otherwise only what is plainly a
            tag goes, and a lone `<` stays.
    """
    return one_line(_mended(_text(markup[:_LONGEST_LINE], is_html=is_html)))


def plain_paragraphs(markup: str, *, is_html: bool = True) -> str:
    """The text of a summary or a body, one line a paragraph; arguments as in `plain_line`."""
    return paragraphs(_mended(_text(markup[:_LONGEST_TEXT], is_html=is_html)))


def pictures(markup: str) -> Iterator[str]:
    """Addresses of pictures in the markup, as written, without counters, icons and emoji."""
    seen = markup[:_LONGEST_TEXT]
    if "<img" not in seen.lower():
        return
    for node in LexborHTMLParser(seen).css("img"):
        sources = (node.attributes.get(name) or "" for name in _ATTRIBUTES_OF_PICTURES)
        real = (source for source in sources if source and not _NO_PICTURE.search(source))
        if not _is_icon(node) and (source := next(real, None)):
            yield source


def _is_icon(node: LexborNode) -> bool:
    sides = (node.attributes.get(side) or "" for side in ("width", "height"))
    return any(side.isdecimal() and int(side) < _SMALLEST_PICTURE for side in sides)


def _mended(text: str) -> str:
    """The text, its mojibake repaired where it is plain that it was encoded twice."""
    return ftfy.fix_encoding(text) if _TWICE.search(text) and is_bad(text) else text


def _text(markup: str, *, is_html: bool) -> str:
    text = _rendered(markup) if _has_markup(markup, is_html=is_html) else _unescaped(markup)
    # What has tags of its own may speak of tags; what had none was escaped once too often.
    layers = _MOST_LAYERS if "<" not in markup else 1
    while layers > 1 and _CERTAIN_TAG.search(text):
        text, layers = _rendered(text), layers - 1
    return _unescaped(text)


def _has_markup(markup: str, *, is_html: bool) -> bool:
    if "<" not in markup:
        return False
    if is_html:
        return _TAG.search(markup) is not None or "<!" in markup
    return _CERTAIN_TAG.search(markup) is not None


def _unescaped(text: str) -> str:
    for _ in range(_MOST_LAYERS):
        plainer = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        if plainer == text:
            break
        text = plainer
    return text


def _rendered(markup: str) -> str:
    source = " ".join(_BARE_AMPERSAND.sub("&amp;", markup.replace(_BREAK, " ")).split())
    body = LexborHTMLParser(source).body
    if body is None:
        return ""
    body.strip_tags(_UNREAD, recursive=True)
    for node in body.css(_BLOCKS):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    for node in body.css(_CELLS):
        node.insert_after(" ")
    return body.text(deep=True).replace(_BREAK, "\n")
