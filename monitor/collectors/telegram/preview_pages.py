"""Reads Telegram's web preview of a public channel and its Post Widget into post objects.

The widget is documented at https://core.telegram.org/widgets/post (looked up 2026-11-23). The
markup (`tgme_…`) is not: it was put together from public descriptions of the page and checked
against no live page. Where nothing of it is found, AnswerChanged is raised.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

from monitor.collectors.trouble import AnswerChanged

_CHANGED = "Halaman pratinjau Telegram berubah bentuk. Laporkan kepada pengelola Netra."
_THOUSANDS = {"K": 1_000, "M": 1_000_000}
_NOT_FOUND = ("post not found", "channel with username")


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The posts of one page in the order of the page, oldest first, with their numbers."""

    posts: list[tuple[int, dict[str, Any]]]
    numbers: list[int]


def read_channel_page(html: str, name: str, region: str = "") -> PreviewPage:
    """Return the posts of https://t.me/s/NAME. Raises AnswerChanged where it is no such page."""
    tree = _parse(html)
    header = _first(tree, "tgme_channel_info")
    if header is None:
        raise AnswerChanged(_CHANGED)
    title = _text(_first(header, "tgme_channel_info_header_title"))
    bio = _text(_first(header, "tgme_channel_info_description"))
    posts: list[tuple[int, dict[str, Any]]] = []
    numbers: list[int] = []
    messages = tree.find_class("tgme_widget_message")
    for message in messages:
        number = _number(message, name)
        if number is None:
            continue
        numbers.append(number)
        post = _read(message, name, number, title, bio, region)
        if post is not None:
            posts.append((number, post))
    if messages and not numbers:
        raise AnswerChanged(_CHANGED)
    return PreviewPage(sorted(posts, key=lambda post: post[0]), numbers)


def read_widget(html: str, name: str, number: int) -> dict[str, Any] | None:
    """Return the post of the Post Widget; None where it says that there is no such post."""
    tree = _parse(html)
    error = _text(_first(tree, "tgme_widget_message_error")).lower()
    if any(error.startswith(told) for told in _NOT_FOUND):
        return None
    message = _first(tree, "tgme_widget_message")
    if message is None or _number(message, name) != number:
        raise AnswerChanged(_CHANGED)
    title = _text(_first(message, "tgme_widget_message_owner_name"))
    post = _read(message, name, number, title, "", "")
    if post is None:
        # Telegram shows some posts in its app only: that says nothing about the text.
        raise AnswerChanged("Telegram tidak menampilkan isi unggahan ini di luar aplikasinya.")
    return post


def _read(
    message: lxml.html.HtmlElement, name: str, number: int, title: str, bio: str, region: str
) -> dict[str, Any] | None:
    if _first(message, "service_message") is not None:
        return None
    text, files = _said(message), _file_names(message)
    if not text and not files:
        return None
    signature = _text(_first(message, "tgme_widget_message_from_author"))
    author = {"handle": name, "name": signature or title, "bio": bio}
    post: dict[str, Any] = {
        "id": f"{name}/{number}",
        "platform": "telegram",
        "text": text,
        "media_alt": files,
        "author": {key: value for key, value in author.items() if value},
        "url": f"https://t.me/{name}/{number}",
        "reply_to": _answered(message),
        "raw": {"via": "web", "channel": title},
    }
    date = _first(message, "tgme_widget_message_date")
    time = date.find(".//time") if date is not None else None
    if time is not None and time.get("datetime"):
        post["posted_at"] = time.get("datetime")
    _add_views(post, message)
    if "edited" in _text(_first(message, "tgme_widget_message_meta")).lower().split():
        post["raw"]["edited"] = True
    _add_origin(post, message)
    if region:
        post["region"] = region
    return post


def _said(message: lxml.html.HtmlElement) -> str:
    body = _first(message, "js-message_text")
    if body is not None:
        return _text(body)
    question = _text(_first(message, "tgme_widget_message_poll_question"))
    options = message.find_class("tgme_widget_message_poll_option_text")
    return "\n".join(filter(None, (question, *(_text(option) for option in options))))


def _file_names(message: lxml.html.HtmlElement) -> str:
    titles = (_text(one) for one in message.find_class("tgme_widget_message_document_title"))
    return "\n".join(filter(None, titles))


def _answered(message: lxml.html.HtmlElement) -> str:
    reply = _first(message, "tgme_widget_message_reply")
    return _text(_first(reply, "js-message_reply_text")) if reply is not None else ""


def _add_views(post: dict[str, Any], message: lxml.html.HtmlElement) -> None:
    shown = _text(_first(message, "tgme_widget_message_views"))
    views = _count(shown)
    if views is not None:
        post["views"] = views
        # "1.2K" is all that Telegram shows: the number is rounded, the words are the evidence.
        post["raw"]["views_shown"] = shown


def _add_origin(post: dict[str, Any], message: lxml.html.HtmlElement) -> None:
    origin = _first(message, "tgme_widget_message_forwarded_from_name")
    if origin is not None:
        post["action"] = "share"
        post["of"] = {
            "author": {"name": _text(origin)},
            "url": origin.get("href") or "",
        }


def _count(shown: str) -> int | None:
    factor = _THOUSANDS.get(shown[-1:].upper(), 1)
    digits = shown[:-1] if factor > 1 else shown
    try:
        count = float(digits.replace(",", ""))
    except ValueError:
        return None
    return round(count * factor) if 0 <= count < 1e12 else None


def _number(message: lxml.html.HtmlElement, name: str) -> int | None:
    """Return the number of a message of this very channel."""
    channel, _, number = (message.get("data-post") or "").partition("/")
    if channel.lower() != name or not (number.isascii() and number.isdigit()):
        return None
    return int(number)


def _parse(html: str) -> lxml.html.HtmlElement:
    try:
        return lxml.html.document_fromstring(html)
    except (lxml.etree.LxmlError, ValueError):
        raise AnswerChanged(_CHANGED) from None


def _first(node: lxml.html.HtmlElement, name: str) -> lxml.html.HtmlElement | None:
    """Return the first element of this class, the node itself included."""
    found = node.find_class(name)
    return found[0] if found else None


def _text(node: lxml.html.HtmlElement | None) -> str:
    if node is None:
        return ""
    node = deepcopy(node)
    for line_break in node.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(node.itertext()).strip()
