"""RSS and Atom over real HTTP: conditional requests, gaps, kills, and what an entry becomes."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.post import parse_post
from monitor.collectors.feed import PAGE
from monitor.collectors.trouble import PlatformDown
from tests.fakes.publisher import item, rss
from tests.http_server import Reply
from tests.integration.collectors.feed_steps import (
    Site,
    serve_site,  # noqa: F401
    titles,
)


def test_an_entry_becomes_a_post_of_the_contract(site: Site) -> None:
    html = '<p>Pak Camat hadir.</p><img src="a.jpg" alt="Camat mengacungkan dua jari">'
    site.feed.items = [
        item(7, **{"content:encoded": f"<![CDATA[{html}]]>", "slash:comments": "4"}),
    ]
    [post] = site.reader.posts()
    assert post == {
        "id": "https://kabar.example?p=7",
        "platform": "web",
        "text": "Berita 7\n\nPak Camat hadir.",
        "author": {"name": "Rina Wartawati"},
        "url": "https://kabar.example/berita-7",
        "posted_at": "2026-11-23T08:07:00+07:00",
        "media_alt": "Camat mengacungkan dua jari",
        "replies": 4,
        "region": "33.14",
        "publication": {"name": "Kabar Daerah", "feed": site.reader.options["url"]},
        "raw": {
            "guid": "https://kabar.example/?p=7",
            "published": "Mon, 23 Nov 2026 08:07:00 +0700",
        },
    }
    parsed = parse_post(post)
    assert parsed.posted_at == datetime(2026, 11, 23, 1, 7, tzinfo=UTC)


def test_entries_come_oldest_first_and_only_once(site: Site) -> None:
    site.feed.items = [item(3), item(2), item(1)]
    assert titles(site.reader.posts()) == [
        "Berita 1",
        "Berita 2",
        "Berita 3",
    ]
    site.feed.items = [item(5), item(4), item(3), item(2)]
    assert titles(site.reader.posts()) == ["Berita 4", "Berita 5"]
    site.feed.items = [item(2), item(5), item(4), item(3)]
    assert site.reader.posts() == []


def test_an_unchanged_feed_is_asked_for_conditionally(site: Site) -> None:
    site.feed.items = [item(1)]
    assert len(site.reader.posts()) == 1
    site.reader.now += timedelta(minutes=5)
    [page] = site.reader.pages()
    assert page.items == [] and page.cost == 1
    assert page.cursor["at"] == site.reader.now.isoformat()
    first, second = site.server.received
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"].startswith('W/"')
    assert second.headers["if-modified-since"] == "Mon, 23 Nov 2026 10:00:00 GMT"


def test_only_last_modified_is_enough(site: Site) -> None:
    stamp = {"Last-Modified": "Mon, 23 Nov 2026 01:00:00 GMT", "Content-Type": "text/xml"}
    site.server.route("/feed", Reply(200, rss([item(1)]).encode(), stamp), Reply(304))
    assert len(site.reader.posts()) == 1
    assert site.reader.posts() == []
    assert site.server.received[1].headers["if-modified-since"] == stamp["Last-Modified"]


def test_a_server_without_validators_is_read_by_its_body(site: Site) -> None:
    site.feed.validators = False
    site.feed.items = [item(1)]
    assert len(site.reader.posts()) == 1
    assert site.reader.posts() == []
    assert site.conditions == [None, None]
    site.feed.items.insert(0, item(2))
    assert len(site.reader.posts()) == 1


def test_a_304_that_nobody_asked_for_is_no_empty_feed(site: Site) -> None:
    site.server.route("/feed", Reply(304))
    with pytest.raises(PlatformDown):
        site.reader.posts()


def test_an_etag_no_header_can_hold_is_not_sent_back(site: Site) -> None:
    tag = ("ETag", '"' + "x" * 5_000 + '"')
    site.server.route("/feed", Reply(200, rss([item(1)]).encode(), [tag]))
    site.reader.posts()
    site.reader.posts()
    assert site.conditions == [None, None]


def test_a_new_address_starts_without_the_old_ones_validators(site: Site) -> None:
    site.feed.items = [item(1)]
    site.reader.posts()
    site.server.route("/baru", site.feed)
    site.reader.options["url"] = f"{site.server.url}/baru"
    assert len(site.reader.posts()) == 1
    assert site.conditions == [None, None]


def test_killed_after_any_page_every_entry_comes_exactly_once(site: Site) -> None:
    numbers = list(range(500, 0, -1))
    site.feed.items = [item(number, pubDate="") for number in numbers]
    got: list[Any] = []
    for page in range(1, 10):
        # Killed after its first page each time; the fourth run still finds the rest.
        fresh = site.reader.posts(killed_after=1)
        got += fresh
        if len(got) == 500:
            break
        assert len(fresh) == PAGE and page < 5
    assert titles(got) == [f"Berita {n}" for n in range(1, 501)]
    # While the walk was unfinished no validator was sent, or 304 would have hidden the rest.
    assert site.conditions == [None] * 5
    assert site.reader.posts() == [] and site.conditions[5]


def test_a_whole_feed_of_500_fits_a_small_cursor(site: Site) -> None:
    site.feed.items = [item(number, "Isi. " * 200) for number in range(500)]
    started = time.process_time()
    assert len(site.reader.posts()) == 500
    assert time.process_time() - started < 5
    assert len(json.dumps(site.reader.cursor)) < 20_000


def test_what_left_the_feed_is_forgotten(site: Site) -> None:
    site.feed.items = [item(1), item(2)]
    site.reader.posts()
    site.feed.items = [item(2), item(3)]
    site.reader.posts()
    assert len(site.reader.cursor["seen"]) == 2


def test_a_feed_that_ran_through_between_two_runs_tells_the_gap(site: Site) -> None:
    site.feed.items = [item(2), item(1)]
    site.reader.posts()
    site.feed.items = [item(4), item(3), item(2)]
    site.reader.now += timedelta(hours=1)
    assert [page.gap_since for page in site.reader.pages()] == [None]
    last = site.reader.now
    site.reader.now += timedelta(hours=5)
    site.feed.items = [item(40), item(39)]
    [page] = site.reader.pages()
    assert page.gap_since == last and len(page.items) == 2


def test_an_emptied_feed_is_no_gap_and_no_trouble(site: Site) -> None:
    site.feed.items = [item(1)]
    site.reader.posts()
    site.feed.items = []
    [page] = site.reader.pages()
    assert page.items == [] and page.gap_since is None


def test_a_changed_entry_comes_again_under_its_id(site: Site) -> None:
    site.feed.items = [item(1), item(2)]
    before = site.reader.posts()
    site.feed.items = [item(1, "Isi yang dikoreksi."), item(2)]
    [post] = site.reader.posts()
    assert post["id"] == before[0]["id"] and "dikoreksi" in post["text"]
    assert site.reader.posts() == []


def test_a_new_date_alone_is_no_change(site: Site) -> None:
    site.feed.items = [item(1)]
    site.reader.posts()
    site.feed.items = [item(1, pubDate="Mon, 23 Nov 2026 09:59:00 +0700")]
    assert site.reader.posts() == []


def test_an_entry_without_id_is_known_by_its_link_or_its_content(site: Site) -> None:
    site.feed.items = [
        item(1, guid="", link="https://Kabar.example/a/?utm_source=rss&amp;id=3"),
        item(2, guid="", link=""),
        item(3, guid="12345"),
    ]
    first, second, third = site.reader.posts()
    assert first["id"] == "https://kabar.example/a?id=3"
    assert "#sha256:" in second["id"] and "url" not in second
    # A bare number is unique only within its feed.
    assert third["id"].endswith("/feed#12345") and third["url"].endswith("/berita-3")
    assert site.reader.posts() == []


def test_a_bare_guid_is_no_address(site: Site) -> None:
    site.feed.items = [item(1, guid="12345", link="")]
    [post] = site.reader.posts()
    assert post["id"].endswith("/feed#12345") and "url" not in post


def test_one_guid_for_all_entries_merges_none(site: Site) -> None:
    home = "https://kabar.example/"
    site.feed.items = [item(number, guid=home) for number in (3, 2, 1)]
    assert len({post["id"] for post in site.reader.posts()}) == 3


def test_an_entry_served_twice_comes_once(site: Site) -> None:
    site.feed.items = [item(2), item(1), item(2)]
    assert len(site.reader.posts()) == 2


def test_a_very_long_guid_still_names_the_entry(site: Site) -> None:
    site.feed.items = [item(1, guid="urn:x:" + "y" * 900), item(2, guid="urn:x:" + "z" * 900)]
    posts = site.reader.posts()
    assert len({parse_post(post).id for post in posts}) == 2


@pytest.mark.parametrize(
    ("given", "posted_at"),
    [
        ("Mon, 23 Nov 2026 08:15:00 GMT", "2026-11-23T08:15:00+00:00"),
        ("Mon, 23 Nov 2026 08:15:00 WIB", "2026-11-23T08:15:00+07:00"),
        ("Sen, 23 November 2026 08:15:00 WITA", "2026-11-23T08:15:00+08:00"),
        ("Min, 30 Agustus 2026 08:15:00 WIT", "2026-08-30T08:15:00+09:00"),
        ("2026-11-23T08:15:00+07:00", "2026-11-23T08:15:00+07:00"),
        ("Mon Nov 23 2026 08:15:00 GMT+0700 (WIB)", "2026-11-23T08:15:00+07:00"),
        # No zone, no moment: three zones lie between Sabang and Merauke.
        ("2026-11-23 08:15:00", None),
        ("Mon, 23 Nov 2026 08:15:00", None),
        ("kemarin sore", None),
        ("", None),
    ],
)
def test_dates_are_given_as_the_feed_gives_them(
    site: Site, given: str, posted_at: str | None
) -> None:
    site.feed.items = [item(1, pubDate=given)]
    [post] = site.reader.posts()
    assert post.get("posted_at") == posted_at
    assert post["raw"].get("published", "") == given
    parse_post(post)


def test_a_date_years_ahead_is_kept_as_given(site: Site) -> None:
    site.feed.items = [item(1, pubDate="Sat, 23 Nov 2030 08:15:00 +0700")]
    assert site.reader.posts()[0]["posted_at"] == "2030-11-23T08:15:00+07:00"


def test_relative_links_are_resolved_against_the_feed(site: Site) -> None:
    site.feed.items = [item(1, link="/berita/satu"), item(2, link="javascript:alert(1)")]
    first, second = site.reader.posts()
    assert first["url"] == f"{site.server.url}/berita/satu"
    assert "url" not in second


def test_a_redirected_feed_resolves_against_where_it_lies(site: Site) -> None:
    site.server.route("/lama", Reply(301, b"", {"Location": "/pindah/feed"}))
    site.feed.items = [item(1, link="satu")]
    site.server.route("/pindah/feed", site.feed)
    site.reader.options["url"] = f"{site.server.url}/lama"
    assert site.reader.posts()[0]["url"] == f"{site.server.url}/pindah/satu"


@pytest.mark.parametrize("byline", ["", "admin", "Redaksi", "humas@kab.example"])
def test_where_nobody_signs_the_publication_speaks(site: Site, byline: str) -> None:
    site.feed.items = [item(1, **{"dc:creator": byline})]
    assert site.reader.posts()[0]["author"] == {
        "handle": "kabar.example",
        "name": "Kabar Daerah",
        "bio": "Portal berita kabupaten",
    }


def test_an_authors_mail_address_is_not_kept(site: Site) -> None:
    author = {"dc:creator": "", "author": "rina@kabar.example (Rina, Guru SDN 3)"}
    site.feed.items = [item(1, **author)]
    [post] = site.reader.posts()
    assert post["author"] == {"name": "Rina, Guru SDN 3"}
    assert "rina@" not in json.dumps(post)


def test_atom_with_its_own_dates_and_authors(site: Site) -> None:
    site.feed.body = b"""<?xml version="1.0"?>
      <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://kabar.example/b/">
      <title>Dinas Pendidikan</title><id>urn:d</id><updated>2026-11-23T09:00:00Z</updated>
      <entry><id>tag:kabar.example,2026:9</id><title type="html">A &amp;lt; B</title>
      <link href="sembilan.html"/><published>2026-11-20T07:00:00+08:00</published>
      <updated>2026-11-22T07:00:00+08:00</updated><author><name>Sri</name></author>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Satu</p><p>Dua</p></div>
      </content></entry></feed>"""
    [post] = site.reader.posts()
    assert post["id"] == "tag:kabar.example,2026:9"
    assert post["text"] == "A < B\n\nSatu\n\nDua"
    assert post["url"] == "https://kabar.example/b/sembilan.html"
    assert post["posted_at"] == "2026-11-20T07:00:00+08:00"
    assert post["raw"]["updated"] == "2026-11-22T07:00:00+08:00"
    assert post["author"] == {"name": "Sri"}


def test_scripts_and_markup_are_no_text(site: Site) -> None:
    html = "<p>Satu<br>dua<!-- rahasia --> tiga</p><script>alert(1)</script><style>p{}</style>"
    site.feed.items = [item(1, description=f"<![CDATA[{html}]]>")]
    assert site.reader.posts()[0]["text"] == "Berita 1\n\nSatu\ndua tiga"


def test_text_over_the_limit_is_cut_not_refused(site: Site) -> None:
    site.feed.items = [item(1, "kata " * 9_000)]
    assert len(parse_post(site.reader.posts()[0]).text) == 20_000


def test_an_entry_without_any_text_reaches_the_ledger_as_refused(site: Site) -> None:
    site.feed.items = [item(1, title="", description=""), item(2)]
    assert [post["text"] for post in site.reader.posts()] == ["", "Berita 2\n\nIsi berita nomor 2."]


def test_ttl_is_noted(site: Site) -> None:
    site.feed.channel, site.feed.items = "<ttl>60</ttl>", [item(1)]
    site.reader.posts()
    assert site.reader.cursor["ttl_minutes"] == 60


def test_looking_again_finds_the_entry_as_it_stands(site: Site) -> None:
    site.feed.items = [item(1), item(2)]
    post = site.reader.posts()[0]
    assert site.reader.collector.look(site.reader.source, post) == post
    site.feed.items = [item(1, "Diubah."), item(2)]
    assert "Diubah." in site.reader.collector.look(site.reader.source, post)["text"]


def test_looking_for_an_entry_that_left_the_feed_asks_its_page(site: Site) -> None:
    page = f"{site.server.url}/berita-1"
    site.feed.items = [item(1, link=page), item(2)]
    [post] = [post for post in site.reader.posts() if post.get("url") == page]
    site.feed.items = [item(2)]
    look = site.reader.collector.look
    site.server.route("/berita-1", Reply(200, b"<html>masih ada</html>"))
    assert look(site.reader.source, post) == post
    site.server.route("/berita-1", Reply(410))
    assert look(site.reader.source, post) is None
    site.server.route("/berita-1", Reply(302, b"", {"Location": "/"}))
    site.server.route("/", Reply(200, b"<html>beranda</html>"))
    with pytest.raises(PlatformDown):
        look(site.reader.source, post)
    site.server.route("/berita-1", Reply(503))
    with pytest.raises(PlatformDown):
        look(site.reader.source, post)
