"""From a Message of the Bot API to the post object of the contract."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.collectors.telegram.channels import Channel


def read_message(
    message: Mapping[str, Any], name: str, channel: Channel, region: str = ""
) -> dict[str, Any] | None:
    """Return the post, or None for service messages and media without a word."""
    number, date = message.get("message_id"), message.get("date")
    text, files = _said(message), _file_names(message)
    if not isinstance(number, int) or not (text.strip() or files):
        return None
    chat = message.get("chat") or {}
    title = str(chat.get("title") or "") or channel.title
    post: dict[str, Any] = {
        "id": f"{name}/{number}",
        "platform": "telegram",
        "text": text,
        "media_alt": files,
        # A channel may let its writers sign: then the signature is who speaks.
        "author": _present(
            handle=name, name=str(message.get("author_signature") or "") or title, bio=channel.bio
        ),
        "url": f"https://t.me/{name}/{number}",
        "reply_to": _answered(message),
        "raw": {"via": "bot", "chat_id": chat.get("id"), "channel": title},
    }
    if isinstance(date, int):
        # The Bot API gives seconds of Unix time only.
        post["posted_at"] = datetime.fromtimestamp(date, UTC).isoformat()
    if isinstance(message.get("edit_date"), int):
        post["raw"]["edited_at"] = datetime.fromtimestamp(message["edit_date"], UTC).isoformat()
    origin = message.get("forward_origin")
    if isinstance(origin, dict):
        post["action"] = "share"
        post["of"] = _origin(origin)
    if region:
        post["region"] = region
    return post


def _said(message: Mapping[str, Any]) -> str:
    for text in (message.get("text"), message.get("caption")):
        if isinstance(text, str) and text:
            return text
    poll = message.get("poll")
    if not isinstance(poll, dict):
        return ""
    options = poll.get("options")
    lines = [poll.get("question")]
    lines += [one.get("text") for one in options or [] if isinstance(one, dict)]
    return "\n".join(line for line in lines if isinstance(line, str) and line)


def _file_names(message: Mapping[str, Any]) -> str:
    names = []
    for kind in ("document", "audio", "video", "animation"):
        file = message.get(kind)
        if isinstance(file, dict) and isinstance(file.get("file_name"), str):
            names.append(file["file_name"])
    # An animation comes as a document as well.
    return "\n".join(dict.fromkeys(names))


def _answered(message: Mapping[str, Any]) -> str:
    quote, answered = message.get("quote"), message.get("reply_to_message")
    if isinstance(answered, dict) and _said(answered):
        return _said(answered)
    return str(quote.get("text") or "") if isinstance(quote, dict) else ""


def _origin(origin: Mapping[str, Any]) -> dict[str, Any]:
    """Return whose post was passed on: a public channel by name, a person only as shown."""
    chat = origin.get("chat") or origin.get("sender_chat") or {}
    name = str(chat.get("username") or "")
    number = origin.get("message_id")
    url = f"https://t.me/{name}/{number}" if name and isinstance(number, int) else ""
    shown = str(chat.get("title") or origin.get("sender_user_name") or "")
    return {"author": _present(handle=name, name=shown), "url": url}


def _present(**parts: str) -> dict[str, str]:
    return {name: value for name, value in parts.items() if value}
