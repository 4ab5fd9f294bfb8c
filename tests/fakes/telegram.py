"""The Telegram Bot API, the channel preview and the Post Widget, on a local server.

Bot API as at https://core.telegram.org/bots/api (getUpdates, getChat, getChatMember,
ResponseParameters; looked up 2026-11-23). The widget is documented at
https://core.telegram.org/widgets/post; the markup of it and of https://t.me/s/NAME is documented
nowhere and follows public descriptions of the page (probe of 2026-10-08: 20 posts a page, oldest
first; `?before=`; a name that is no public channel is sent on to https://t.me/NAME).
"""

from html import escape
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.http_server import LocalServer, Received, Reply, json_reply

TOKEN = "4242:rahasia-telegram_0"
BOT_ID = 4242


def channel_post(update_id: int, number: int, name: str = "kanaldinas", **fields: Any) -> Any:
    chat = {"id": -1001, "type": "channel", "title": "Kanal Dinas", "username": name}
    message = {"message_id": number, "date": 1795402800, "chat": chat, "text": f"pesan {number}"}
    return {"update_id": update_id, "channel_post": {**message, **fields}}


class FakeBotApi:
    """Keeps updates until an offset confirms them, as the real one does."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.updates: list[dict[str, Any]] = []
        self.chats: dict[str, dict[str, Any]] = {"@kanaldinas": self.chat("kanaldinas")}
        self.status = "administrator"
        self.first: list[Reply] = []
        self.offsets: list[int | None] = []
        for method in ("getUpdates", "getChat", "getChatMember"):
            server.route(f"/bot{TOKEN}/{method}", getattr(self, f"_{method}"))
        server.route("*", lambda _: _no(401, "Unauthorized"))

    @staticmethod
    def chat(name: str) -> dict[str, Any]:
        return {
            "id": -1001,
            "type": "channel",
            "username": name,
            "title": "Kanal Dinas",
            "description": "Kanal resmi guru ASN Kab. Sragen",
        }

    def _getUpdates(self, request: Received) -> Reply:
        if self.first:
            return self.first.pop(0)
        asked = orjson.loads(request.body)
        offset = asked.get("offset")
        self.offsets.append(offset)
        if offset is not None:
            self.updates = [one for one in self.updates if one.get("update_id", 0) >= offset]
        return json_reply({"ok": True, "result": self.updates[: asked["limit"]]})

    def _getChat(self, request: Received) -> Reply:
        chat = self.chats.get(orjson.loads(request.body)["chat_id"])
        if chat is None:
            return _no(400, "Bad Request: chat not found")
        return json_reply({"ok": True, "result": chat})

    def _getChatMember(self, request: Received) -> Reply:
        if orjson.loads(request.body)["user_id"] != BOT_ID:
            return _no(400, "Bad Request: user not found")
        return json_reply({"ok": True, "result": {"status": self.status}})


def _no(code: int, description: str, **parameters: Any) -> Reply:
    body = {"ok": False, "error_code": code, "description": description}
    return json_reply({**body, "parameters": parameters} if parameters else body, code)


refusal = _no


class FakeSite:
    """Public channels by name; a message is its inner HTML by number."""

    def __init__(self, server: LocalServer, page_size: int = 3) -> None:
        self.server = server
        self.channels: dict[str, dict[int, str]] = {}
        self.page_size = page_size
        self.first: list[Reply] = []
        server.route("/robots.txt", Reply(404))
        server.route("*", self._answer)

    def before(self) -> list[str]:
        asked = (parse_qs(one.query) for one in self.server.received if "/s/" in one.path)
        return [query.get("before", [""])[0] for query in asked]

    def _answer(self, request: Received) -> Reply:
        if self.first:
            return self.first.pop(0)
        parts = request.path.strip("/").split("/")
        query = parse_qs(request.query)
        if parts[0] == "s" and parts[1].lower() in self.channels:
            return _html(self._page(parts[1].lower(), int(query.get("before", ["0"])[0])))
        if parts[0] == "s":
            return Reply(302, b"", {"Location": f"/{parts[1]}"})
        if "embed" in query:
            return _html(self._widget(parts[0], int(parts[1])))
        return _html('<div class="tgme_page"><div class="tgme_page_title">Seseorang</div></div>')

    def _page(self, name: str, before: int) -> str:
        numbers = sorted(n for n in self.channels[name] if not before or n < before)
        messages = "".join(
            message_html(name, n, self.channels[name][n]) for n in numbers[-self.page_size :]
        )
        return (
            '<div class="tgme_channel_info"><div class="tgme_channel_info_header_title">'
            '<span dir="auto">Kanal Dinas</span></div><div class="tgme_channel_info_description">'
            "Kanal resmi<br/>guru ASN</div></div>"
            f'<section class="tgme_channel_history js-message_history">{messages}</section>'
        )

    def _widget(self, name: str, number: int) -> str:
        if name not in self.channels:
            told = f'Channel with username <a href="https://t.me/{name}">@{name}</a> not found'
        elif number not in self.channels[name]:
            told = "Post not found"
        else:
            return message_html(name, number, self.channels[name][number])
        return f'<div class="tgme_widget_message_error">{told}</div>'


def text_html(text: str) -> str:
    lines = escape(text).replace("\n", "<br/>")
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{lines}</div>'


def message_html(name: str, number: int, inner: str, meta: str = "") -> str:
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message js-widget_message" data-post="{name}/{number}">'
        '<a class="tgme_widget_message_owner_name"><span dir="auto">Kanal Dinas</span></a>'
        f"{inner}"
        '<div class="tgme_widget_message_footer">'
        '<span class="tgme_widget_message_views">1.2K</span>'
        f'<span class="tgme_widget_message_meta">{meta}<a class="tgme_widget_message_date" '
        f'href="https://t.me/{name}/{number}"><time datetime="2026-11-23T03:00:00+00:00">03:00'
        "</time></a></span></div></div></div>"
    )


def _html(body: str) -> Reply:
    page = f"<!DOCTYPE html><html><body>{body}</body></html>"
    return Reply(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})
