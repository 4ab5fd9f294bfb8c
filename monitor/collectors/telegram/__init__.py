"""Public Telegram channels, through a bot that their owner invited or the public web preview."""

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.telegram import bot
from monitor.collectors.telegram.channels import channel_names, channels_of
from monitor.collectors.telegram.preview import SITE, Preview
from monitor.collectors.trouble import NotConfigured
from monitor.domain import Source

_BOT, _WEB = "bot", "web"


class TelegramCollector:
    def __init__(self, tools: Tools, api: str = bot.API, site: str = SITE) -> None:
        self._tools = tools
        self._api = api
        self._preview = Preview(tools, site)

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        names = channels_of(source)
        via = source.options.get("via") or _BOT
        if via == _WEB:
            _need_agreement(source)
            return self._preview.collect(names, cursor, _first_posts(source), source.region)
        if via != _BOT:
            raise NotConfigured(f"Isi via dengan {_BOT} atau {_WEB}.")
        client = self._bot(source)
        return bot.collect(client, names, cursor, self._tools.now(), source.region)

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Look at the public widget of the post; the Bot API has no way to ask for one post."""
        _need_agreement(source)
        name, _, number = str(received.get("id") or "").partition("/")
        if not (number.isascii() and number.isdigit()):
            raise NotConfigured("Unggahan ini tidak bernomor Telegram dan tidak dapat diperiksa.")
        found = self._preview.look(name, int(number))
        return None if found is None else _as_received(found, received)

    def _bot(self, source: Source) -> bot.BotClient:
        name = source.options.get("token", "")
        if not name:
            raise NotConfigured("Sebutkan nama kredensial token bot dengan --set token=NAMA.")
        return bot.BotClient(self._tools, self._tools.credentials.read(name), self._api)


def _as_received(found: Mapping[str, Any], received: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the widget shows, with what it never shows taken from the post as received.

    Two roads to one text differ in spaces and in media: that is no edit. A post that came through
    the bot counts as edited only where Telegram itself marks it so.
    """
    post = {**found, "author": {**(received.get("author") or {}), **found["author"]}}
    said, known = str(found["text"]), str(received.get("text") or "")
    raw = received.get("raw")
    through_bot = isinstance(raw, dict) and raw.get("via") == _BOT
    unmarked = through_bot and not found["raw"].get("edited")
    if unmarked or said.split() == known.split():
        post["text"] = known
    if through_bot:
        post["media_alt"] = str(received.get("media_alt") or "")
    if received.get("region"):
        post["region"] = received["region"]
    return post


def _need_agreement(source: Source) -> None:
    # Asked here as well: the schedule's own check must not be the only one for this road.
    if not source.agreement:
        raise NotConfigured(
            "Ketentuan Telegram melarang pembacaan halaman kanal tanpa izin. Catat dasarnya "
            "dengan netra sources agree, atau pakai via=bot."
        )


def _first_posts(source: Source) -> int:
    text = source.options.get("first_posts", "")
    return int(text) if text.isascii() and text.isdigit() and int(text) else 100


def _check_via(value: str) -> None:
    if value not in (_BOT, _WEB):
        raise ValueError(f"isi {_BOT} atau {_WEB}")


def _check_number(value: str) -> None:
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= 10_000):
        raise ValueError("isi bilangan bulat 1 sampai 10000")


TELEGRAM = Kind(
    name="telegram",
    title="Telegram (kanal publik)",
    platform="telegram",
    build=TelegramCollector,
    needs_agreement=True,
    options=(
        Option(
            "channels",
            "Nama kanal publik, dipisahkan koma atau spasi; tautan undangan tidak diterima.",
            required=True,
            check=channel_names,
        ),
        Option(
            "via",
            "bot: kanal yang pemiliknya menambahkan bot Netra; web: pratinjau publik t.me/s "
            "(hanya dengan persetujuan tercatat).",
            default=_BOT,
            check=_check_via,
        ),
        Option(
            "token",
            "Nama berkas kredensial yang berisi token bot dari @BotFather (untuk via=bot).",
            credential=True,
        ),
        Option(
            "first_posts",
            "Untuk via=web: paling banyak unggahan lama per kanal saat pertama kali berjalan.",
            default="100",
            check=_check_number,
        ),
    ),
    least_seconds=300,
    notes={"bot": "Satu bot hanya untuk satu sumber: Telegram memberi tiap pembaruan satu kali."},
)
