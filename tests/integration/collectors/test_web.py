"""Pages of news sites over real HTTP: an index, its articles once each, robots.txt obeyed."""

import json
from datetime import timedelta
from typing import Any

import pytest

from models.post import parse_post
from monitor.collectors.trouble import NotConfigured
from tests.fakes.publisher import article
from tests.http_server import Reply
from tests.integration.collectors.web_steps import (
    HTML,
    TEXT,
    Site,
    serve_site,  # noqa: F401
    titles,
)

ABOUT = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "NewsArticle",
            "headline": "Camat hadiri silaturahmi paslon",
            "datePublished": "2026-11-23T08:15:00+07:00",
            "dateModified": "2026-11-23T09:00:00+07:00",
            "author": {"@id": "#rina"},
        },
        {
            "@id": "#rina",
            "@type": "Person",
            "name": "Rina Sukma",
            "jobTitle": "Guru",
            "worksFor": {"@type": "Organization", "name": "SDN 3 Lorkali"},
            "description": "Penulis tamu",
            "workLocation": {"name": "Lorkali"},
        },
    ],
}


def test_an_article_becomes_a_post_of_the_contract(site: Site) -> None:
    head = (
        f'<script type="application/ld+json">{json.dumps(ABOUT)}</script>'
        '<meta property="og:site_name" content="Kabar Daerah">'
    )
    inside = (
        '<figure><img src="a.jpg" alt="Camat mengacungkan dua jari">'
        "<figcaption>Foto: dok. panitia</figcaption></figure>"
    )
    site.publish(7)
    page = article("Camat hadiri silaturahmi paslon", TEXT, head=head, inside=inside)
    site.server.route("/berita/7", Reply(200, page, HTML))
    [post] = site.reader.posts()
    url = f"{site.server.url}/berita/7"
    assert post == {
        "id": url.replace("http:", "https:"),
        "platform": "web",
        "text": "\n".join(["Camat hadiri silaturahmi paslon", *TEXT]),
        "author": {
            "name": "Rina Sukma",
            "bio": "Guru · SDN 3 Lorkali · Penulis tamu",
            "location": "Lorkali",
        },
        "url": url,
        "posted_at": "2026-11-23T08:15:00+07:00",
        "media_alt": "Camat mengacungkan dua jari\nFoto: dok. panitia",
        "region": "33.14",
        "publication": {"name": "Kabar Daerah"},
        "raw": {
            "published": "2026-11-23T08:15:00+07:00",
            "updated": "2026-11-23T09:00:00+07:00",
            "day": "2026-11-23",
        },
    }
    parse_post(post)


def test_each_article_is_fetched_once(site: Site) -> None:
    site.publish(1, 2)
    assert titles(site.reader.posts()) == ["Judul nomor 2", "Judul nomor 1"]
    assert site.reader.posts() == []
    site.publish(3)
    assert titles(site.reader.posts()) == ["Judul nomor 3"]
    assert [site.fetched(f"/berita/{n}") for n in (1, 2, 3)] == [1, 1, 1]


def test_only_links_of_the_pattern_on_the_same_site_are_followed(site: Site) -> None:
    site.reader.options["exclude"] = "/foto"
    site.publish(1)
    site.links += [
        # The same server under another name: only a link that is not followed asks nothing there.
        f"http://localhost:{site.server.port}/berita/9",
        "/berita/2/foto",
        "/politik/3",
        "javascript:alert('/berita/4')",
        "http://127.0.0.1:99999/berita/5",
        "http://[/berita/6",
        "",
    ]
    assert titles(site.reader.posts()) == ["Judul nomor 1"]
    assert set(site.server.paths()) == {"/robots.txt", "/berita", "/berita/1"}


def test_one_article_linked_in_several_ways_is_one(site: Site) -> None:
    site.publish(1)
    site.links += ["/berita/1/", "/berita/1#komentar", "/berita/1?utm_source=beranda"]
    assert len(site.reader.posts()) == 1


def test_robots_txt_is_obeyed_on_the_index(site: Site) -> None:
    rules = b"User-agent: Netra\nDisallow: /berita\n"
    site.server.route("/robots.txt", Reply(200, rules))
    site.publish(1)
    with pytest.raises(NotConfigured, match=r"robots\.txt"):
        site.reader.posts()
    assert site.server.paths() == ["/robots.txt"]


def test_robots_txt_is_obeyed_on_articles(site: Site) -> None:
    site.server.route("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /berita/2\n"))
    site.publish(1, 2, 3)
    assert titles(site.reader.posts()) == ["Judul nomor 3", "Judul nomor 1"]
    assert site.fetched("/berita/2") == 0


def test_where_every_article_is_forbidden_a_person_is_asked(site: Site) -> None:
    site.server.route("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /berita/\n"))
    site.publish(1)
    with pytest.raises(NotConfigured, match=r"robots\.txt"):
        site.reader.posts()


def test_an_unchanged_index_is_asked_for_conditionally(site: Site) -> None:
    site.tag = '"satu"'
    site.publish(1)
    assert len(site.reader.posts()) == 1
    assert site.reader.posts() == []
    asked = [r.headers.get("if-none-match") for r in site.server.received if r.path == "/berita"]
    assert asked == [None, '"satu"']


def test_another_pattern_reads_the_whole_index_again(site: Site) -> None:
    site.tag = '"satu"'
    site.publish(1)
    site.links.append("/opini/5")
    site.server.route("/opini/5", Reply(200, article("Opini lima", TEXT), HTML))
    site.reader.posts()
    site.reader.options["match"] = r"/(berita|opini)/\d+"
    assert titles(site.reader.posts()) == ["Opini lima"]


def test_more_than_a_run_may_fetch_waits_for_the_next(site: Site) -> None:
    site.tag = '"satu"'
    site.publish(*range(1, 8))
    site.reader.options["limit"] = "3"
    runs = [titles(site.reader.posts()) for _ in range(4)]
    assert [len(run) for run in runs] == [3, 3, 1, 0]
    assert runs[0][0] == "Judul nomor 7"


def test_what_waits_is_fetched_though_it_left_the_index(site: Site) -> None:
    site.publish(1, 2, 3)
    site.reader.options["limit"] = "1"
    site.reader.posts()
    site.links = ["/berita/3"]
    assert titles(site.reader.posts() + site.reader.posts()) == ["Judul nomor 2", "Judul nomor 1"]


def test_killed_after_any_page_every_article_comes_exactly_once(site: Site) -> None:
    site.tag = '"satu"'
    site.publish(*range(1, 6))
    got: list[Any] = []
    for _ in range(30):
        got += site.reader.posts(killed_after=2)
    assert titles(got) == [f"Judul nomor {n}" for n in (5, 4, 3, 2, 1)]


def test_killed_right_after_the_index_nothing_is_forgotten(site: Site) -> None:
    site.tag = '"satu"'
    site.publish(1, 2)
    assert site.reader.posts(killed_after=1) == []
    assert len(site.reader.posts()) == 2


def test_an_index_that_ran_through_between_two_runs_tells_the_gap(site: Site) -> None:
    site.publish(1)
    assert [page.gap_since for page in site.reader.pages()] == [None, None]
    before = site.reader.now
    site.reader.now += timedelta(hours=6)
    site.links = []
    site.publish(50)
    assert site.reader.pages()[0].gap_since == before


@pytest.mark.parametrize("end", [b"</article>", b"</main>"])
@pytest.mark.parametrize(
    ("tag", "name"), [("div", "comments"), ("div", "box-komentar"), ("section", "komentar")]
)
def test_text_of_menus_and_readers_comments_is_not_the_articles(
    site: Site, tag: str, name: str, end: bytes
) -> None:
    words = "<p>Saya guru SDN 3, dukung nomor dua sampai menang!</p>"
    comments = f'<{tag} class="{name}">{words}</{tag}>'
    site.publish(1)
    page = article("Judul nomor 1", TEXT).replace(end, comments.encode() + end)
    site.server.route("/berita/1", Reply(200, page, HTML))
    [post] = site.reader.posts()
    for other in ("guru SDN", "Promo kredit", "Pedoman media", "Beranda"):
        assert other not in post["text"]


def test_text_given_in_metadata_alone_is_read(site: Site) -> None:
    site.publish(1)
    data = {"@type": "NewsArticle", "headline": "Judul", "articleBody": " ".join(TEXT)}
    page = f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head>'
    site.server.route("/berita/1", Reply(200, f"{page}<body></body></html>".encode(), HTML))
    assert TEXT[1] in site.reader.posts()[0]["text"]


@pytest.mark.parametrize(
    ("head", "posted_at", "given"),
    [
        (
            '<meta property="article:published_time" content="2026-11-20T07:00:00+08:00">',
            "2026-11-20T07:00:00+08:00",
            "2026-11-20T07:00:00+08:00",
        ),
        (
            '<meta name="publishdate" content="2026/11/20 07:00:00">'
            '<meta itemprop="datePublished" content="2026-11-20T07:00:00Z">',
            "2026-11-20T07:00:00Z",
            "2026-11-20T07:00:00Z",
        ),
        (
            '<meta name="pubdate" content="Jumat, 20 November 2026 07:00:00 WIB">',
            "2026-11-20T07:00:00+07:00",
            "Jumat, 20 November 2026 07:00:00 WIB",
        ),
        ('<meta name="date" content="2026-11-20 07:00:00">', None, "2026-11-20 07:00:00"),
        ('<script type="application/ld+json">{"rusak": </script>', None, None),
        ('<script type="application/ld+json">[[{"@type": 7}], null, 3]</script>', None, None),
    ],
)
def test_dates_are_given_as_the_page_gives_them(
    site: Site, head: str, posted_at: str | None, given: str | None
) -> None:
    site.publish(1)
    page = article("Judul nomor 1", TEXT, head=head)
    site.server.route("/berita/1", Reply(200, page, HTML))
    [post] = site.reader.posts()
    assert post.get("posted_at") == posted_at
    assert post.get("raw", {}).get("published") == given


def test_where_nobody_signs_the_site_speaks(site: Site) -> None:
    site.publish(1)
    head = '<meta name="author" content="admin"><meta property="og:site_name" content="BKPSDM">'
    page = article("Judul", TEXT, head=head)
    site.server.route("/berita/1", Reply(200, page, HTML))
    assert site.reader.posts()[0]["author"] == {"handle": "127.0.0.1", "name": "BKPSDM"}


@pytest.mark.parametrize(
    ("declared", "encoding"), [("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("utf-8", "utf-8")]
)
def test_encodings_are_read_by_what_they_are(site: Site, declared: str, encoding: str) -> None:
    sentence = f"{TEXT[0]} “Pilih nomor dua”, katanya."
    page = article("Judul", [sentence, TEXT[1]]).decode().replace("utf-8", declared)
    site.publish(1)
    headers = {"Content-Type": f"text/html; charset={declared}"}
    site.server.route("/berita/1", Reply(200, page.encode(encoding), headers))
    assert sentence in site.reader.posts()[0]["text"]


def test_links_are_resolved_by_the_pages_base(site: Site) -> None:
    site.server.route("/kabar/berita/1", Reply(200, article("Judul", TEXT), HTML))
    page = b'<html><head><base href="/kabar/"></head><body><a href="berita/1">x</a></body></html>'
    site.server.route("/berita", Reply(200, page, HTML))
    assert titles(site.reader.posts()) == ["Judul"]


def test_looking_again_tells_present_edited_and_gone(site: Site) -> None:
    site.publish(1)
    [post] = site.reader.posts()
    look = site.reader.collector.look
    assert look(site.reader.source, post) == post
    edited = article("Judul nomor 1", [TEXT[0], "Paragraf kedua telah dicabut redaksi."])
    site.server.route("/berita/1", Reply(200, edited, HTML))
    assert "dicabut redaksi" in look(site.reader.source, post)["text"]
    site.server.route("/berita/1", Reply(410))
    assert look(site.reader.source, post) is None
