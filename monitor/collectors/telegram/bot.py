"""Posts of public channels whose owner has made our bot an administrator, through the Bot API.

Written from https://core.telegram.org/bots/api (getUpdates, Update, Message, ChatFullInfo,
getChatMember, ResponseParameters), looked up 2026-11-23.

`offset` of the cursor confirms to Telegram everything before it, and is sent only after the page it
belongs to has been stored: what a killed run had not stored is delivered again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NoReturn

from monitor.collectors.base import Cursor, Page, Tools
from monitor.collectors.telegram.bot_messages import read_message
from monitor.collectors.telegram.channels import Channel, known_channels
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    RateLimited,
    SourceGone,
)
from monitor.errors import NetworkError

API = "https://api.telegram.org"
_LIMIT = 100
_WANTED = ["channel_post", "edited_channel_post", "my_chat_member"]
# Telegram keeps updates for 24 hours; what was not fetched by then is lost.
_KEPT = timedelta(hours=24)
# After a week without updates their numbers start anew at random: an old offset would hide them.
_FORGET_OFFSET = timedelta(days=3)
_INSIDE = frozenset({"administrator", "creator", "member"})
NOT_A_CHANNEL, NOT_INVITED = "bukan kanal publik", "bot bukan administrator kanal"


class Refused(Exception):
    """The Bot API says no to one chat; the others may still be read."""


class BotClient:
    """Telegram wants the token in the path, so that no error of the network is passed on as is."""

    def __init__(self, tools: Tools, token: str, api: str = API) -> None:
        number, _, secret = token.partition(":")
        plain = secret.replace("_", "").replace("-", "")
        if not (number.isascii() and number.isdigit() and plain.isascii() and plain.isalnum()):
            raise NotConfigured("Token bot Telegram tidak lengkap. Salin ulang dari @BotFather.")
        self.user_id = int(number)
        self._tools = tools
        self._address = f"{api.rstrip('/')}/bot{token}"

    def __repr__(self) -> str:
        return f"BotClient({self.user_id})"

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """Return `result`. Raises Refused for 400 and 403, trouble for everything else."""
        try:
            answer = self._tools.net.request("POST", f"{self._address}/{method}", json=params)
            body = answer.json()
        except NetworkError as error:
            # Its detail may hold the path, and with it the token.
            raise PlatformDown(
                f"Bot API Telegram tidak menjawab dengan benar ({error.code}); dicoba lagi."
            ) from None
        if not isinstance(body, dict) or not isinstance(body.get("ok"), bool):
            raise AnswerChanged("Bot API Telegram menjawab dengan bentuk lain. Laporkan.")
        if body["ok"]:
            return body.get("result")
        self._refuse(body, answer.status)

    def _refuse(self, body: Mapping[str, Any], status: int) -> NoReturn:
        code = body.get("error_code", status)
        if code == 429:
            parameters = body.get("parameters")
            wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
            until = self._tools.now() + timedelta(seconds=wait) if isinstance(wait, int) else None
            raise RateLimited("Telegram meminta menunggu.", until=until)
        if code in (401, 404):
            raise CredentialsRefused("Token bot ditolak Telegram. Perbarui berkas kredensialnya.")
        if code == 409:
            raise NotConfigured(
                "Bot ini sedang dibaca program lain atau memakai webhook. Pakai bot khusus Netra."
            )
        if code in (400, 403):
            raise Refused
        raise PlatformDown(f"Telegram sedang bermasalah ({code}); dicoba lagi.")


def collect(
    client: BotClient, names: Sequence[str], cursor: Cursor, now: datetime, region: str
) -> Iterator[Page]:
    """Check the channels once a day, then take what Telegram holds for the bot."""
    channels = known_channels(cursor)
    before = dict(channels)
    due = [name for name in names if channels.get(name, Channel()).is_due(now)]
    for name in due:
        channels[name] = _check(client, name, now)
    state = {**cursor, "channels": _stored(channels, names)}
    if due:
        yield Page([], state, cost=0)
    gap_since = _gap(state, now)
    offset = _offset(state, now)
    while True:
        updates = _updates(client, offset)
        offset = max([offset or 0, *(update["update_id"] + 1 for update in updates)]) or None
        items = _read(updates, names, channels, now, region)
        state = {**state, "channels": _stored(channels, names), "asked_at": now.isoformat()}
        if updates:
            state = {**state, "offset": offset, "updated_at": now.isoformat()}
        yield Page(items, state, gap_since=gap_since)
        gap_since = None
        if len(updates) < _LIMIT:
            break
    _tell_missing(names, before, channels)


def _tell_missing(
    names: Sequence[str], before: Mapping[str, Channel], after: Mapping[str, Channel]
) -> None:
    bad = [name for name in names if after[name].problem]
    news = [name for name in bad if after[name].problem != before.get(name, Channel()).problem]
    if news or len(bad) == len(names):
        told = ", ".join(f"@{name} ({after[name].problem})" for name in news or bad)
        raise SourceGone(
            f"Kanal tidak dapat dibaca: {told}. Minta pemilik kanal menambahkan bot sebagai "
            "administrator, atau hapus kanal dari daftar."
        )


def _check(client: BotClient, name: str, now: datetime) -> Channel:
    found = Channel(checked=now.isoformat())
    try:
        chat = client.call("getChat", {"chat_id": f"@{name}"})
    except Refused:
        return replace(found, problem=NOT_A_CHANNEL)
    if not isinstance(chat, dict) or chat.get("type") != "channel" or not chat.get("username"):
        return replace(found, problem=NOT_A_CHANNEL)
    found = replace(
        found, title=str(chat.get("title") or ""), bio=str(chat.get("description") or "")
    )
    try:
        asked = {"chat_id": f"@{name}", "user_id": client.user_id}
        member = client.call("getChatMember", asked)
    except Refused:
        return replace(found, problem=NOT_INVITED)
    status = member.get("status") if isinstance(member, dict) else None
    return found if status in _INSIDE else replace(found, problem=NOT_INVITED)


def _updates(client: BotClient, offset: int | None) -> list[Mapping[str, Any]]:
    asked: dict[str, Any] = {"limit": _LIMIT, "timeout": 0, "allowed_updates": _WANTED}
    if offset is not None:
        asked["offset"] = offset
    try:
        result = client.call("getUpdates", asked)
    except Refused:
        raise CredentialsRefused(
            "Telegram menolak permintaan bot. Periksa bot di @BotFather."
        ) from None
    if not isinstance(result, list):
        raise AnswerChanged("Bot API Telegram tidak memberi daftar pembaruan. Laporkan.")
    numbered: list[Mapping[str, Any]] = [
        update
        for update in result
        if isinstance(update, dict) and isinstance(update.get("update_id"), int)
    ]
    if result and not numbered:
        raise AnswerChanged("Pembaruan Telegram tidak bernomor. Laporkan kepada pengelola Netra.")
    return numbered


def _read(
    updates: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    channels: dict[str, Channel],
    now: datetime,
    region: str,
) -> list[dict[str, Any]]:
    """Return the posts of our channels, and note where the bot was added or thrown out."""
    posts: list[dict[str, Any]] = []
    for update in updates:
        membership = update.get("my_chat_member")
        if isinstance(membership, dict):
            _note_membership(membership, names, channels, now)
        message = update.get("channel_post") or update.get("edited_channel_post")
        name = _channel_name(message)
        if name not in names or not isinstance(message, dict):
            continue  # whoever adds the bot elsewhere gives us nothing
        post = read_message(message, name, channels.get(name, Channel()), region)
        if post is not None:
            posts.append(post)
    return posts


def _note_membership(
    membership: Mapping[str, Any],
    names: Sequence[str],
    channels: dict[str, Channel],
    now: datetime,
) -> None:
    name = _channel_name(membership)
    member = membership.get("new_chat_member")
    if name not in names or not isinstance(member, dict):
        return
    known = channels.get(name, Channel())
    if member.get("status") in _INSIDE:
        channels[name] = replace(known, problem="")
    else:
        channels[name] = known.failed(NOT_INVITED, now)


def _channel_name(message: object) -> str:
    """Return the public name of a channel; empty for groups, people and closed channels."""
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict) or chat.get("type") != "channel":
        return ""
    username = chat.get("username")
    return username.lower() if isinstance(username, str) else ""


def _stored(channels: Mapping[str, Channel], names: Sequence[str]) -> dict[str, dict[str, str]]:
    return {name: channels[name].stored() for name in names if name in channels}


def _gap(cursor: Cursor, now: datetime) -> datetime | None:
    asked_at = cursor.get("asked_at")
    if not isinstance(asked_at, str):
        return None
    since = datetime.fromisoformat(asked_at)
    return since if now - since > _KEPT else None


def _offset(cursor: Cursor, now: datetime) -> int | None:
    offset, updated_at = cursor.get("offset"), cursor.get("updated_at")
    if not isinstance(offset, int) or not isinstance(updated_at, str):
        return None
    return offset if now - datetime.fromisoformat(updated_at) < _FORGET_OFFSET else None
