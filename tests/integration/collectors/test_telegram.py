"""The Telegram collector as a bot that the channel's owner invited, and its settings."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.post import parse_post
from monitor.collectors.base import Looker, Tools
from monitor.collectors.telegram import TELEGRAM, TelegramCollector
from monitor.collectors.telegram.channels import channel_names
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    RateLimited,
    SourceGone,
    trouble_of,
)
from monitor.errors import ConfigurationError
from tests.fakes.telegram import TOKEN, FakeBotApi, FakeSite, channel_post, refusal
from tests.http_server import Reply, json_reply
from tests.integration.collectors.telegram_steps import (
    BOT,
    HTML,
    NOW,
    Later,
    api,
    collector,
    later,
    make_source,
    net,
    site,
    tools,
)
from tests.integration.collectors.walk_steps import ids, run, until_trouble

# The fixtures that pytest finds here by their names.
__all__ = ["api", "collector", "later", "net", "site", "tools"]


def test_bot_post_is_mapped(collector: TelegramCollector, api: FakeBotApi) -> None:
    moment = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    api.updates = [
        channel_post(
            10,
            5,
            text="Mari dukung paslon 02",
            date=int(moment.timestamp()),
            author_signature="Drs. Sutopo, Kasi Pelayanan",
            reply_to_message={"message_id": 4, "text": "Siapa pilihan kita?"},
        )
    ]
    (item,), _ = run(collector, {}, BOT)
    parsed = parse_post(item)
    assert parsed.id == "kanaldinas/5" and parsed.platform == "telegram"
    assert parsed.text == "Mari dukung paslon 02" and parsed.reply_to == "Siapa pilihan kita?"
    assert parsed.author.handle == "kanaldinas"
    assert parsed.author.name == "Drs. Sutopo, Kasi Pelayanan"
    assert parsed.author.bio == "Kanal resmi guru ASN Kab. Sragen"
    assert parsed.url == "https://t.me/kanaldinas/5" and parsed.posted_at == moment
    assert parsed.region == "33.14" and item["raw"]["chat_id"] == -1001


def test_bot_reads_captions_polls_files_and_forwards(
    collector: TelegramCollector, api: FakeBotApi
) -> None:
    origin = {
        "type": "channel",
        "chat": {"type": "channel", "title": "Tim 02", "username": "timdua"},
        "message_id": 77,
    }
    api.updates = [
        channel_post(1, 1, text=None, caption="Foto apel"),
        channel_post(2, 2, text=None, poll={"question": "Siapa?", "options": [{"text": "02"}]}),
        channel_post(3, 3, text=None, document={"file_name": "dukung-02.pdf"}),
        channel_post(4, 4, text="Teruskan", forward_origin=origin),
        channel_post(5, 5, text=None, photo=[{"file_id": "x"}]),
        channel_post(6, 6, text="diubah", edit_date=1795402900),
    ]
    items, _ = run(collector, {}, BOT)
    assert [item["text"] for item in items] == ["Foto apel", "Siapa?\n02", "", "Teruskan", "diubah"]
    assert items[2]["media_alt"] == "dukung-02.pdf"
    assert items[3]["action"] == "share"
    assert items[3]["of"] == {
        "author": {"handle": "timdua", "name": "Tim 02"},
        "url": "https://t.me/timdua/77",
    }
    assert items[4]["raw"]["edited_at"]
    assert all(parse_post(item) for item in items)


def test_bot_takes_public_channels_of_the_list_only(
    collector: TelegramCollector, api: FakeBotApi
) -> None:
    group = {"id": -5, "type": "supergroup", "title": "Grup", "username": "kanaldinas"}
    closed = {"id": -6, "type": "channel", "title": "Kanal tertutup"}
    api.updates = [
        channel_post(1, 1, name="kanallain"),
        channel_post(2, 2, chat=group),
        channel_post(3, 3, chat=closed),
        channel_post(4, 4, name="KanalDinas"),
        {"update_id": 5, "message": {"message_id": 9, "text": "pesan pribadi"}},
    ]
    items, cursor = run(collector, {}, BOT)
    assert ids(items) == ["kanaldinas/4"] and cursor["offset"] == 6


def test_bot_pages_and_confirms_only_what_was_stored(
    collector: TelegramCollector, api: FakeBotApi
) -> None:
    api.updates = [channel_post(number, number) for number in range(1, 251)]
    first, cursor = run(collector, {}, BOT, pages=2)  # the check of the channel, then one page
    assert len(first) == 100 and len(api.updates) == 250
    second, cursor = run(collector, cursor, BOT)
    assert sorted(int(one.split("/")[1]) for one in ids(first + second)) == list(range(1, 251))
    third, _ = run(collector, cursor, BOT)
    assert third == [] and api.offsets == [None, 101, 201, 251]


def test_bot_empty_and_out_of_order_updates(collector: TelegramCollector, api: FakeBotApi) -> None:
    items, cursor = run(collector, {}, BOT)
    assert items == [] and "offset" not in cursor
    api.updates = [channel_post(7, 2), channel_post(6, 1), {"no": "number"}]
    items, cursor = run(collector, cursor, BOT)
    assert ids(items) == ["kanaldinas/2", "kanaldinas/1"] and cursor["offset"] == 8


def test_bot_tells_the_hours_that_telegram_no_longer_has(
    collector: TelegramCollector, api: FakeBotApi, later: Later
) -> None:
    _, cursor = run(collector, {}, BOT)
    soon = list(later(hours=20).collect(BOT, cursor))
    assert [page.gap_since for page in soon] == [None]
    late = list(later(hours=30).collect(BOT, cursor))
    assert [page.gap_since for page in late if page.cost] == [NOW]


def test_bot_forgets_an_offset_after_days_of_silence(
    collector: TelegramCollector, api: FakeBotApi, later: Later
) -> None:
    api.updates = [channel_post(9000, 1)]
    _, cursor = run(collector, {}, BOT)
    # Telegram numbers anew, lower than before.
    api.updates = [channel_post(12, 2)]
    items, cursor = run(later(days=8), cursor, BOT)
    assert ids(items) == ["kanaldinas/2"] and cursor["offset"] == 13


def test_bot_thrown_out_is_told_and_welcomed_back(
    collector: TelegramCollector, api: FakeBotApi
) -> None:
    chat = {"id": -1001, "type": "channel", "username": "kanaldinas"}

    def membership(update_id: int, status: str) -> dict[str, Any]:
        member = {"chat": chat, "new_chat_member": {"status": status}}
        return {"update_id": update_id, "my_chat_member": member}

    api.updates = [channel_post(1, 1), membership(2, "kicked")]
    pages, trouble = until_trouble(collector.collect(BOT, {}))
    assert isinstance(trouble, SourceGone) and "@kanaldinas" in trouble.detail
    assert ids([item for page in pages for item in page.items]) == ["kanaldinas/1"]
    api.updates = [membership(3, "administrator"), channel_post(4, 2)]
    items, _ = run(collector, pages[-1].cursor, BOT)
    assert ids(items) == ["kanaldinas/2"]


@pytest.mark.parametrize("case", ["unknown", "group", "closed", "not invited"])
def test_bot_names_channels_it_cannot_read(
    collector: TelegramCollector, api: FakeBotApi, case: str
) -> None:
    if case == "unknown":
        api.chats.clear()
    elif case == "group":
        api.chats["@kanaldinas"]["type"] = "supergroup"
    elif case == "closed":
        del api.chats["@kanaldinas"]["username"]
    else:
        api.status = "left"
    _, trouble = until_trouble(collector.collect(BOT, {}))
    assert isinstance(trouble, SourceGone) and "administrator" in trouble.detail


def test_bot_one_bad_channel_is_told_once(collector: TelegramCollector, api: FakeBotApi) -> None:
    source = make_source(channels="kanaldinas kanalhilang")
    api.updates = [channel_post(1, 1)]
    pages, trouble = until_trouble(collector.collect(source, {}))
    assert isinstance(trouble, SourceGone) and "@kanalhilang" in trouble.detail
    assert ids([item for page in pages for item in page.items]) == ["kanaldinas/1"]
    items, _ = run(collector, pages[-1].cursor, source)
    assert items == []


def bot_trouble(collector: TelegramCollector, api: FakeBotApi, reply: Reply) -> CollectorTrouble:
    api.first = [reply]
    _, trouble = until_trouble(collector.collect(BOT, {}))
    assert TOKEN not in str(trouble) and "rahasia" not in str(trouble)
    return trouble_of(trouble)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refusal(401, "Unauthorized"), CredentialsRefused),
        (refusal(403, "Forbidden"), CredentialsRefused),
        (refusal(404, "Not Found"), CredentialsRefused),
        (refusal(409, "Conflict: terminated by other getUpdates request"), NotConfigured),
        (refusal(500, "Internal Server Error"), PlatformDown),
        (Reply(502, b"<html>Bad Gateway</html>", HTML), PlatformDown),
        (Reply(200, b"<html>login</html>", HTML), PlatformDown),
        (Reply(200, b'{"ok": true, "resu'), PlatformDown),
        (json_reply({"success": True, "updates": []}), AnswerChanged),
        (json_reply({"ok": True, "result": {}}), AnswerChanged),
        (json_reply({"ok": True, "result": [{"id": 1}]}), AnswerChanged),
    ],
)
def test_bot_refusals_are_told_apart(
    collector: TelegramCollector, api: FakeBotApi, reply: Reply, kind: type[CollectorTrouble]
) -> None:
    assert type(bot_trouble(collector, api, reply)) is kind


def test_bot_waits_as_long_as_telegram_asks(collector: TelegramCollector, api: FakeBotApi) -> None:
    trouble = bot_trouble(collector, api, refusal(429, "Too Many Requests", retry_after=35))
    assert isinstance(trouble, RateLimited) and trouble.until == NOW + timedelta(seconds=35)


def test_the_token_shows_nowhere_when_the_network_fails(
    tools: Tools, site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    collector = TelegramCollector(tools, "http://127.0.0.1:1", site.server.url)
    with pytest.raises(PlatformDown) as caught:
        list(collector.collect(BOT, {}))
    assert "rahasia" not in str(caught.value) and caught.value.__suppress_context__
    assert "rahasia" not in caplog.text
    assert "rahasia" not in repr(collector._bot(BOT))


def test_the_token_shows_in_no_log(
    collector: TelegramCollector, api: FakeBotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run(collector, {}, BOT)
    assert "rahasia" not in caplog.text


# --- the settings


def test_missing_settings_say_what_to_do(collector: TelegramCollector) -> None:
    with pytest.raises(NotConfigured, match="channels"):
        collector.collect(make_source(channels=""), {})
    with pytest.raises(NotConfigured, match="Daftar kanal"):
        collector.collect(make_source(channels="https://t.me/+AbCdEf"), {})
    with pytest.raises(NotConfigured, match="token"):
        collector.collect(make_source(token=""), {})
    with pytest.raises(ConfigurationError):
        collector.collect(make_source(token="tidak-ada"), {})
    with pytest.raises(NotConfigured, match="via"):
        collector.collect(make_source(via="mtproto"), {})


def test_a_token_that_is_none_is_refused_before_it_is_sent(
    collector: TelegramCollector, api: FakeBotApi, tmp_path: Path
) -> None:
    (tmp_path / "bot").write_text("42:abc/../getMe")
    with pytest.raises(NotConfigured, match="BotFather"):
        collector.collect(BOT, {})
    assert api.server.received == []


def test_channel_names() -> None:
    assert channel_names("@Kanal_Satu, https://t.me/s/kanaldua t.me/kanaldua") == [
        "kanal_satu",
        "kanaldua",
    ]
    for closed in ("t.me/joinchat/AAA", "https://t.me/c/123/4", "t.me/+abc", "abc", "1kanal"):
        with pytest.raises(ValueError, match="bukan nama kanal"):
            channel_names(closed)


def test_kind_stays_off_without_agreement(tools: Tools) -> None:
    assert TELEGRAM.needs_agreement and TELEGRAM.platform == "telegram"
    assert [option.name for option in TELEGRAM.options if option.credential] == ["token"]
    assert isinstance(TELEGRAM.build(tools), Looker)
