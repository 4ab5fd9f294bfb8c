"""HTML, however broken, to the text and the captions a reader sees."""

import re
from collections.abc import Iterable

import lxml.etree
import lxml.html

from models.post import TEXT_LIMIT
from monitor.collectors.decoding import without_controls
from monitor.collectors.publication import line

_BLOCK = frozenset(
    {"address", "article", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "td", "th", "tr", "ul"}
)
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "object", "form"})
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n\s*\n+")


def fragment_of(markup: str) -> lxml.html.HtmlElement | None:
    """Parse a piece of HTML, however broken; None where there is nothing in it."""
    try:
        return lxml.html.fragment_fromstring(without_controls(markup), create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return None


def text_of(root: lxml.html.HtmlElement) -> str:
    """Return what a reader sees, one line for each block."""
    pieces: list[str] = []
    silent = 0
    for event, element in lxml.etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            pieces.append("\n\n" if tag in _BLOCK else "\n" if tag == "br" else "")
            pieces.append("" if silent else element.text or "")
            continue
        if event == "end":
            silent -= tag in _SILENT
            pieces.append("\n\n" if tag in _BLOCK else "")
        if element is not root:
            pieces.append("" if silent else element.tail or "")
    text = _SPACES.sub(" ", "".join(pieces).replace("\r", "\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(row.strip() for row in text.split("\n"))).strip()


def captions_of(root: lxml.html.HtmlElement) -> str:
    """Return alt texts and captions of pictures, each once."""
    found = [image.get("alt") or "" for image in root.iter("img")]
    found += [text_of(caption) for caption in root.iter("figcaption")]
    return joined(found)


def joined(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, map(line, texts))))[:TEXT_LIMIT]
