"""Feeds that are broken, belied in their encoding, hostile, or no feeds at all."""

import gzip
import json
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.collectors.feed import BODY_LIMIT, RSS
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    RateLimited,
    SourceGone,
    trouble_of,
)
from monitor.errors import NetworkError, ResponseTooLarge, UnexpectedAnswer
from tests.fakes.publisher import NOW, Reader, article, item, publisher, rss
from tests.http_server import Reply
from tests.integration.collectors.feed_steps import (
    Site,
    serve_site,  # noqa: F401
)

SENTENCE = "Bupati: “Pilih nomor dua” – kata Café Sénggol"


@pytest.mark.parametrize(
    ("declared", "encoding", "header"),
    [
        ("UTF-8", "utf-8", "application/rss+xml"),
        ("UTF-8", "cp1252", "application/rss+xml"),
        ("windows-1252", "utf-8", "application/rss+xml"),
        ("ISO-8859-1", "utf-8", "text/xml"),
        ("ISO-8859-1", "cp1252", "text/xml; charset=utf-8"),
        ("UTF-8", "utf-8", "text/xml; charset=ISO-8859-1"),
        ("UTF-8", "utf-8", "text/html; charset=us-ascii"),
        ("UTF-8", "utf-8-sig", "application/octet-stream"),
        ("UTF-16", "utf-16", "application/xml"),
        ("UTF-16", "utf-16-be", "application/xml"),
        ("bukan-pengodean", "utf-8", "application/xml; charset=entah"),
    ],
)
def test_encodings_are_read_by_what_they_are(
    site: Site, declared: str, encoding: str, header: str
) -> None:
    site.feed.declared, site.feed.encoding, site.feed.content_type = declared, encoding, header
    site.feed.items = [item(1, SENTENCE)]
    [post] = site.reader.posts()
    assert post["text"] == f"Berita 1\n\n{SENTENCE}"


def test_a_declared_cyrillic_set_is_believed(site: Site) -> None:
    site.feed.declared = site.feed.encoding = "windows-1251"
    site.feed.items = [item(1, "Привет")]
    assert "Привет" in site.reader.posts()[0]["text"]


def test_one_pasted_sentence_in_another_encoding_spoils_nothing_else(site: Site) -> None:
    good, bad = item(1, SENTENCE).encode(), item(2, SENTENCE).encode("cp1252")
    frame = rss(["@"]).encode()
    site.feed.body = frame.replace(b"@", good + bad)
    assert [post["text"].endswith(SENTENCE) for post in site.reader.posts()] == [True, True]


def test_a_belied_encoding_is_told(site: Site) -> None:
    site.feed.declared, site.feed.items = "windows-1252", [item(1, SENTENCE)]
    site.reader.posts()
    assert "cp1252" in site.reader.cursor["told"]


def test_broken_xml_gives_what_can_be_read_and_is_told(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    broken = item(2).replace("</title>", "</titel>")
    site.feed.items = [item(3), broken, item(1)]
    assert len(site.reader.posts()) >= 2
    assert "rusak pada baris" in site.reader.cursor["told"]
    assert "Isi berita" not in caplog.text
    site.feed.items = [item(3), item(2), item(1)]
    site.reader.posts()
    assert site.reader.cursor["told"] == ""


def test_a_feed_cut_off_is_asked_for_again_without_conditions(site: Site) -> None:
    whole = rss([item(3), item(2), item(1)]).encode()
    site.feed.body = whole[: whole.index(b"Berita 1") + 4]
    got = [post["id"] for post in site.reader.posts()]
    site.feed.body = whole
    got += [post["id"] for post in site.reader.posts() if post["text"].startswith("Berita 1\n")]
    assert site.conditions == [None, None]
    assert {"https://kabar.example?p=3", "https://kabar.example?p=2"} <= set(got)
    assert got[-1] == "https://kabar.example?p=1"


def test_a_cut_feed_claims_no_gap(site: Site) -> None:
    site.feed.items = [item(1)]
    site.reader.posts()
    whole = rss([item(3), item(2), item(1)]).encode()
    site.feed.body = whole[: whole.index(b"Berita 2")]
    assert [page.gap_since for page in site.reader.pages()] == [None]


@pytest.mark.parametrize(
    "fault",
    ["\n\n  ", "\ufeff\n"],
    ids=["blank-lines-first", "mark-and-line"],
)
def test_space_before_the_declaration_is_harmless(site: Site, fault: str) -> None:
    site.feed.body = (fault + rss([item(1)])).encode()
    assert len(site.reader.posts()) == 1
    assert site.reader.cursor["told"] == ""


def test_control_characters_do_not_break_the_feed(site: Site) -> None:
    site.feed.body = rss([item(1, "sebelum\x0bsesudah\x00")]).encode()
    [post] = site.reader.posts()
    assert post["text"].endswith("sebelumsesudah") and site.reader.cursor["told"] == ""


def test_undeclared_entities_and_namespaces_are_survived(site: Site) -> None:
    site.feed.items = [item(1, **{"title": "Pilkada&nbsp;Damai", "foo:bar": "x"}), item(2)]
    assert len(site.reader.posts()) == 2


def test_a_gzipped_feed_is_unpacked(site: Site) -> None:
    site.feed.packed, site.feed.items = True, [item(1)]
    assert len(site.reader.posts()) == 1


def test_a_gzip_bomb_is_refused(site: Site) -> None:
    bomb = gzip.compress(b" " * (BODY_LIMIT + 1))
    site.server.route("/feed", Reply(200, bomb, {"Content-Encoding": "gzip"}))
    with pytest.raises(ResponseTooLarge) as error:
        site.reader.posts()
    assert isinstance(trouble_of(error.value), PlatformDown)


def test_entities_that_grow_without_end_cost_nothing(site: Site) -> None:
    levels = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    site.feed.body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "x">{levels}]>'
        "<rss version='2.0'><channel><title>x</title><item><title>&a11;</title>"
        "<link>https://kabar.example/1</link></item></channel></rss>"
    ).encode()
    started = time.process_time()
    posts = site.reader.posts()
    assert time.process_time() - started < 2
    assert all(len(post["text"]) < 1_000 for post in posts)


def test_external_entities_are_not_fetched(site: Site) -> None:
    site.feed.body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{site.server.url}/rahasia">'
        '<!ENTITY y SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>x</title>'
        "<item><title>Judul &x; &y;</title><link>https://kabar.example/1</link></item>"
        "</channel></rss>"
    ).encode()
    posts = site.reader.posts()
    assert site.server.paths() == ["/feed"]
    assert "root:" not in json.dumps(posts)


def test_deep_nesting_does_not_take_the_process_down(site: Site) -> None:
    deep = "&lt;div&gt;" * 5_000 + "dalam"
    site.feed.items = [item(1, description=deep), item(2)]
    assert len(site.reader.posts()) == 2


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, CredentialsRefused),
        (403, CredentialsRefused),
        (404, SourceGone),
        (410, SourceGone),
        (500, PlatformDown),
        (502, PlatformDown),
    ],
)
def test_statuses_are_told_as_trouble(site: Site, status: int, trouble: type[Exception]) -> None:
    site.feed.items = [item(1)]
    site.reader.posts()
    kept = site.reader.cursor
    site.server.route("/feed", Reply(status, b"<html>galat</html>"))
    with pytest.raises(trouble):
        site.reader.posts()
    assert site.reader.cursor == kept


@pytest.mark.parametrize(
    ("header", "value", "until"),
    [
        ("Retry-After", "3600", NOW + timedelta(hours=1)),
        ("Retry-After", "Mon, 23 Nov 2026 10:30:00 GMT", NOW + timedelta(minutes=30)),
    ],
)
def test_too_many_requests_waits_as_long_as_asked(
    site: Site, header: str, value: str, until: datetime
) -> None:
    site.server.route("/feed", Reply(429, b"", {header: value}))
    with pytest.raises(RateLimited) as error:
        site.reader.posts()
    assert error.value.until == until


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"", UnexpectedAnswer),
        (b"<!DOCTYPE html><html><body>Memeriksa peramban Anda</body></html>", UnexpectedAnswer),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', AnswerChanged),
        (b"<urlset><url><loc>https://kabar.example/</loc></url></urlset>", AnswerChanged),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><ti', UnexpectedAnswer),
        (b"\x89PNG\r\n\x1a\n\x00\x00", AnswerChanged),
    ],
)
def test_what_is_no_feed_is_never_an_empty_one(
    site: Site, body: bytes, trouble: type[Exception]
) -> None:
    site.server.route("/feed", Reply(200, body, {"Content-Type": "text/html"}))
    with pytest.raises(trouble):
        site.reader.posts()


def test_a_page_that_names_its_feed_is_told_with_the_feeds_address(site: Site) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    site.server.route("/feed", Reply(200, article("Beranda", ["Isi"], head=head)))
    with pytest.raises(AnswerChanged, match=r"/rss\.xml"):
        site.reader.posts()


def test_a_redirect_inwards_is_refused(tmp_path: Path) -> None:
    with publisher() as (server, net):
        server.route("/feed", Reply(302, b"", {"Location": "http://169.254.169.254/latest"}))
        with pytest.raises(NetworkError):
            Reader(RSS, net, tmp_path, {"url": f"{server.url}/feed"}).posts()


def test_a_missing_address_is_told(site: Site) -> None:
    site.reader.options = {}
    with pytest.raises(NotConfigured, match="Option url"):
        site.reader.posts()


@pytest.mark.parametrize("value", ["kabar.example/feed", "file:///etc/passwd", "https://", "a b"])
def test_an_address_that_cannot_work_is_refused_when_the_source_is_added(value: str) -> None:
    [option] = RSS.options
    assert option.name == "url" and option.required and option.check
    with pytest.raises(ValueError, match="alamat lengkap"):
        option.check(value)
