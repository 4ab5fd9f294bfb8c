"""The Telegram collector on the public web preview: reading it, and looking again."""

from datetime import timedelta

import pytest

from models.post import parse_post
from monitor.collectors.telegram import TelegramCollector
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NeedsPerson,
    NotConfigured,
    PlatformDown,
    RateLimited,
    SourceGone,
    trouble_of,
)
from monitor.errors import NetraError
from tests.fakes.telegram import FakeBotApi, FakeSite, channel_post, message_html, text_html
from tests.http_server import Reply, json_reply
from tests.integration.collectors.telegram_steps import (
    BOT,
    HTML,
    NOW,
    WEB,
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


def fill(site: FakeSite, *numbers: int, name: str = "kanaldinas") -> None:
    channel = site.channels.setdefault(name, {})
    channel.update({number: text_html(f"pesan {number}") for number in numbers})


def test_web_post_is_mapped(collector: TelegramCollector, site: FakeSite) -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/kanaldinas/4">'
        '<div class="tgme_widget_message_text js-message_reply_text">Siapa pilihan kita?</div></a>'
    )
    signature = '<span class="tgme_widget_message_from_author">Drs. Sutopo</span>'
    emoji = '<i class="emoji"><b>👍</b></i>'
    body = text_html("Mari dukung\npaslon 02 ").replace("</div>", f"{emoji}</div>")
    site.channels["kanaldinas"] = {5: reply + body + signature}
    (item,), _ = run(collector, {}, WEB)
    parsed = parse_post(item)
    assert parsed.id == "kanaldinas/5" and parsed.text == "Mari dukung\npaslon 02 👍"
    assert parsed.author.handle == "kanaldinas" and parsed.author.name == "Drs. Sutopo"
    assert parsed.author.bio == "Kanal resmi\nguru ASN"
    assert parsed.reply_to == "Siapa pilihan kita?" and parsed.views == 1200
    assert item["raw"]["views_shown"] == "1.2K"
    assert item["posted_at"] == "2026-11-23T03:00:00+00:00"
    assert parsed.url == "https://t.me/kanaldinas/5" and parsed.region == "33.14"


def test_web_reads_polls_files_forwards_and_skips_the_rest(
    collector: TelegramCollector, site: FakeSite
) -> None:
    site.page_size = 10
    forward = (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from '
        '<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/timdua/77">'
        "Tim 02</a></div>"
    )
    site.channels["kanaldinas"] = {
        1: '<div class="service_message">Channel created</div>',
        2: '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">'
        'Siapa?</div><div class="tgme_widget_message_poll_option_text">02</div></div>',
        3: '<div class="tgme_widget_message_document_title">dukung-02.pdf</div>',
        4: forward + text_html("Teruskan"),
        5: '<div class="message_media_not_supported_label">Please open Telegram</div>',
    }
    items, _ = run(collector, {}, WEB)
    assert ids(items) == ["kanaldinas/2", "kanaldinas/3", "kanaldinas/4"]
    assert items[0]["text"] == "Siapa?\n02" and items[1]["media_alt"] == "dukung-02.pdf"
    assert items[2]["of"] == {"author": {"name": "Tim 02"}, "url": "https://t.me/timdua/77"}


def test_web_pages_back_to_the_last_known(collector: TelegramCollector, site: FakeSite) -> None:
    fill(site, *range(1, 9))
    items, cursor = run(collector, {}, WEB)
    assert sorted(int(one.split("/")[1]) for one in ids(items)) == list(range(1, 9))
    assert cursor["walks"]["kanaldinas"] == {"since": 8}
    fill(site, *range(9, 14))
    items, _ = run(collector, cursor, WEB)
    assert sorted(int(one.split("/")[1]) for one in ids(items)) == list(range(9, 14))
    assert site.before() == ["", "6", "3", "", "11"]


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_web_killed_run_goes_on_without_gap_or_double(
    collector: TelegramCollector, site: FakeSite, killed_after: int
) -> None:
    fill(site, *range(1, 9))
    first, cursor = run(collector, {}, WEB, pages=killed_after)
    fill(site, *range(9, 15))
    second, cursor = run(collector, cursor, WEB)
    assert sorted(int(one.split("/")[1]) for one in ids(first + second)) == list(range(1, 15))
    assert run(collector, cursor, WEB)[0] == []


def test_web_first_run_is_bounded(collector: TelegramCollector, site: FakeSite) -> None:
    fill(site, *range(1, 50))
    source = make_source(via="web", first_posts="5")
    items, cursor = run(collector, {}, source)
    assert len(items) == 6
    assert run(collector, cursor, source)[0] == []


def test_web_several_channels_begin_after_the_last(
    collector: TelegramCollector, site: FakeSite
) -> None:
    fill(site, 1, 2)
    fill(site, 7, name="kanaldua")
    source = make_source(via="web", channels="kanaldinas kanaldua")
    first, cursor = run(collector, {}, source, pages=1)
    second, _ = run(collector, cursor, source)
    assert ids(first) == ["kanaldinas/1", "kanaldinas/2"] and ids(second) == ["kanaldua/7"]


def test_web_empty_channel(collector: TelegramCollector, site: FakeSite) -> None:
    site.channels["kanaldinas"] = {}
    items, cursor = run(collector, {}, WEB)
    assert items == []
    fill(site, 1)
    assert ids(run(collector, cursor, WEB)[0]) == ["kanaldinas/1"]


def test_web_channel_that_looks_emptied_is_told(
    collector: TelegramCollector, site: FakeSite
) -> None:
    fill(site, 1)
    _, cursor = run(collector, {}, WEB)
    site.channels["kanaldinas"] = {}
    with pytest.raises(AnswerChanged, match="kosong"):
        run(collector, cursor, WEB)


def test_web_unknown_or_private_channel_is_gone(
    collector: TelegramCollector, site: FakeSite
) -> None:
    pages, trouble = until_trouble(collector.collect(WEB, {}))
    assert isinstance(trouble, SourceGone)
    # With another one that is there: told once, and asked about again a day later.
    fill(site, 1, name="kanaldua")
    source = make_source(via="web", channels="kanaldinas kanaldua")
    pages, trouble = until_trouble(collector.collect(source, {}))
    assert isinstance(trouble, SourceGone) and "kanaldua" not in trouble.detail
    assert ids([item for page in pages for item in page.items]) == ["kanaldua/1"]
    asked = len(site.server.received)
    run(collector, pages[-1].cursor, source)
    assert [one for one in site.server.paths()[asked:] if "kanaldinas" in one] == []


def test_web_reopened_channel_is_read_again_a_day_later(
    collector: TelegramCollector, site: FakeSite, later: Later
) -> None:
    fill(site, 1, name="kanaldua")
    source = make_source(via="web", channels="kanaldinas kanaldua")
    pages, _ = until_trouble(collector.collect(source, {}))
    fill(site, 3)
    items, cursor = run(later(days=1), pages[-1].cursor, source)
    assert ids(items) == ["kanaldinas/3"]
    assert cursor["channels"]["kanaldinas"]["problem"] == ""


def test_web_obeys_robots_txt(collector: TelegramCollector, site: FakeSite) -> None:
    fill(site, 1)
    site.server.route("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /s/\n"))
    with pytest.raises(NetraError) as caught:
        run(collector, {}, WEB)
    assert isinstance(trouble_of(caught.value), NeedsPerson)
    assert site.server.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(403, b"no"), CredentialsRefused),
        (Reply(500, b"no"), PlatformDown),
        (Reply(200, b"<html><body>Hello</body></html>", HTML), AnswerChanged),
        (
            Reply(
                200,
                b'<div class="tgme_channel_info"></div><div class="tgme_widget_message"'
                b' data-id="kanaldinas/5">isi</div>',
                HTML,
            ),
            AnswerChanged,
        ),
        (json_reply({"messages": []}), AnswerChanged),
    ],
)
def test_web_refusals_are_told_apart(
    collector: TelegramCollector, site: FakeSite, reply: Reply, kind: type[CollectorTrouble]
) -> None:
    site.first = [reply]
    _, trouble = until_trouble(collector.collect(WEB, {}))
    assert type(trouble) is kind


def test_web_waits_until_told(collector: TelegramCollector, site: FakeSite) -> None:
    site.first = [Reply(429, b"", {"Retry-After": "3600"})]
    _, trouble = until_trouble(collector.collect(WEB, {}))
    assert isinstance(trouble, RateLimited) and trouble.until == NOW + timedelta(hours=1)


def test_web_truncated_page_keeps_what_is_whole(
    collector: TelegramCollector, site: FakeSite
) -> None:
    whole = '<div class="tgme_channel_info"></div>' + message_html(
        "kanaldinas", 5, text_html("utuh")
    )
    cut = message_html("kanaldinas", 6, text_html("terpotong"))[:60]
    site.first = [Reply(200, (whole + cut).encode(), HTML)]
    fill(site, 5)
    items, _ = run(collector, {}, WEB)
    assert ids(items) == ["kanaldinas/5"]


def test_web_needs_a_recorded_agreement(collector: TelegramCollector, site: FakeSite) -> None:
    bare = make_source(agreement="", via="web")
    with pytest.raises(NotConfigured, match="agree"):
        collector.collect(bare, {})
    with pytest.raises(NotConfigured, match="agree"):
        collector.look(bare, {"id": "kanaldinas/5"})
    assert site.server.received == []


# --- looking again


def test_look_sees_present_edited_gone_and_closed(
    collector: TelegramCollector, site: FakeSite
) -> None:
    fill(site, 5)
    (received,), _ = run(collector, {}, WEB)
    seen = collector.look(WEB, received)
    assert seen and seen["text"] == received["text"] and seen["author"] == received["author"]
    assert seen["region"] == "33.14"

    site.channels["kanaldinas"][5] = text_html("sudah diubah")
    edited = collector.look(WEB, received)
    assert edited and edited["text"] == "sudah diubah" and edited["id"] == received["id"]

    del site.channels["kanaldinas"][5]
    assert collector.look(WEB, received) is None
    del site.channels["kanaldinas"]
    assert collector.look(WEB, received) is None


def test_look_at_a_bot_post_needs_telegrams_own_mark_of_an_edit(
    collector: TelegramCollector, api: FakeBotApi, site: FakeSite
) -> None:
    api.updates = [channel_post(1, 5, text="Halo  dunia ", document={"file_name": "a.pdf"})]
    (received,), _ = run(collector, {}, BOT)
    # The page writes it a little differently; that is no edit.
    site.channels["kanaldinas"] = {5: text_html("Halo dunia\n(tautan)")}
    seen = collector.look(BOT, received)
    assert seen and (seen["text"], seen["media_alt"]) == ("Halo  dunia ", "a.pdf")

    marked = message_html("kanaldinas", 5, text_html("Halo dunia baru"), meta="edited ")
    site.first = [Reply(200, marked.encode(), HTML)]
    seen = collector.look(BOT, received)
    assert seen and seen["text"] == "Halo dunia baru"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"no"),
        Reply(429, b""),
        Reply(500, b""),
        Reply(200, b"<html><body>Hello</body></html>", HTML),
        Reply(200, b'<div class="tgme_widget_message_error">Try again later</div>', HTML),
        Reply(200, message_html("kanaldinas", 9, text_html("lain")).encode(), HTML),
        Reply(200, message_html("kanaldinas", 5, "").encode(), HTML),
    ],
)
def test_no_clear_answer_never_means_gone(
    collector: TelegramCollector, site: FakeSite, reply: Reply
) -> None:
    site.first = [reply]
    with pytest.raises(NetraError):
        collector.look(WEB, {"id": "kanaldinas/5", "text": "a", "raw": {"via": "web"}})


def test_look_at_a_foreign_id_asks_nobody(collector: TelegramCollector, site: FakeSite) -> None:
    with pytest.raises(NotConfigured):
        collector.look(WEB, {"id": "kanaldinas"})
    assert site.server.received == []
