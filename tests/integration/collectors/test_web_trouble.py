"""News sites in trouble: pages gone, failing, limited, strange, or leading inwards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    RateLimited,
    SourceGone,
)
from monitor.collectors.web import WEB
from monitor.collectors.web.progress import MOST_TRIES
from monitor.errors import NetworkError, UnexpectedAnswer
from tests.fakes.publisher import NOW, Reader, article, publisher
from tests.http_server import Reply
from tests.integration.collectors.web_steps import (
    HTML,
    TEXT,
    Site,
    serve_site,  # noqa: F401
    titles,
)


def test_an_index_without_any_matching_link_is_told(site: Site) -> None:
    site.links = ["/politik/1"]
    with pytest.raises(AnswerChanged, match="match"):
        site.reader.posts()


def test_an_index_that_is_no_html_is_told(site: Site) -> None:
    site.server.route("/berita", Reply(200, b"{}", {"Content-Type": "application/json"}))
    with pytest.raises(UnexpectedAnswer):
        site.reader.posts()


def test_a_removed_article_stops_nothing(site: Site) -> None:
    site.publish(1, 2, 3, 4)
    site.server.route("/berita/2", Reply(404))
    site.server.route("/berita/3", Reply(302, b"", {"Location": "/"}))
    site.server.route("/", Reply(200, article("Beranda", TEXT), HTML))
    assert titles(site.reader.posts()) == ["Judul nomor 4", "Judul nomor 1"]
    assert site.reader.posts() == [] and site.fetched("/berita/2") == 1


def test_a_failing_article_is_tried_again_and_given_up_in_the_end(site: Site) -> None:
    site.publish(1, 2)
    site.server.route("/berita/2", Reply(500), Reply(200, article("Judul nomor 2", TEXT), HTML))
    site.server.route("/berita/1", Reply(500))
    with pytest.raises(PlatformDown):
        site.reader.posts()
    assert titles(site.reader.posts()) == ["Judul nomor 2"]
    for _ in range(MOST_TRIES + 5):
        try:
            site.reader.posts()
        except PlatformDown:
            continue
    assert site.fetched("/berita/1") == MOST_TRIES


def test_a_site_in_trouble_is_not_asked_for_everything(site: Site) -> None:
    site.publish(*range(1, 11))
    for number in range(1, 11):
        site.server.route(f"/berita/{number}", Reply(503))
    with pytest.raises(PlatformDown):
        site.reader.posts()
    assert len([path for path in site.server.paths() if path.startswith("/berita/")]) == 3


def test_being_told_to_wait_ends_the_run_and_loses_nothing(site: Site) -> None:
    site.publish(1, 2, 3)
    page = article("Judul nomor 2", TEXT)
    limited = Reply(429, b"", {"Retry-After": "120"})
    site.server.route("/berita/2", limited, Reply(200, page, HTML))
    got: list[Any] = []
    with pytest.raises(RateLimited) as error:
        for stored in site.reader.collector.collect(site.reader.source, {}):
            got += stored.items
            site.reader.cursor = dict(stored.cursor)
    assert error.value.until == NOW + timedelta(seconds=120)
    got += site.reader.posts()
    assert titles(got) == ["Judul nomor 3", "Judul nomor 2", "Judul nomor 1"]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, CredentialsRefused),
        (403, CredentialsRefused),
        (404, SourceGone),
        (410, SourceGone),
        (500, PlatformDown),
        (304, PlatformDown),
    ],
)
def test_statuses_of_the_index_are_told_as_trouble(
    site: Site, status: int, trouble: type[CollectorTrouble]
) -> None:
    site.server.route("/berita", Reply(status))
    with pytest.raises(trouble):
        site.reader.posts()


def test_pages_that_hold_no_text_are_told(site: Site) -> None:
    site.publish(1, 2, 3)
    shell = b"<!DOCTYPE html><html><body><div id='app'></div><script>run()</script></body></html>"
    for number in (1, 2, 3):
        site.server.route(f"/berita/{number}", Reply(200, shell, HTML))
    with pytest.raises(AnswerChanged, match="teks"):
        site.reader.posts()


def test_a_pdf_among_the_articles_is_left_out(site: Site) -> None:
    site.publish(1, 2)
    site.server.route("/berita/2", Reply(200, b"%PDF-1.7", {"Content-Type": "application/pdf"}))
    assert titles(site.reader.posts()) == ["Judul nomor 1"]
    assert site.reader.posts() == []


def test_strange_pages_stop_nothing(site: Site) -> None:
    site.publish(*range(1, 6))
    strange = [
        b"",
        b"\x00\x01\x02",
        b"<div>" * 50_000,
        b"<html><body>" + b"<table><tr><td>" * 5_000 + b"dalam",
    ]
    for number, body in enumerate(strange, start=1):
        site.server.route(f"/berita/{number}", Reply(200, body, HTML))
    assert titles(site.reader.posts())[0] == "Judul nomor 5"
    assert site.reader.cursor["waiting"] == []


def test_a_link_that_leads_inwards_is_refused(tmp_path: Path) -> None:
    with publisher() as (server, net):
        inwards = {"Location": "http://169.254.169.254/berita/1"}
        server.route("/berita", Reply(200, b'<a href="/berita/1">x</a>', HTML))
        server.route("/berita/1", Reply(302, b"", inwards))
        options = {"url": f"{server.url}/berita", "match": r"/berita/\d"}
        with pytest.raises(NetworkError):
            Reader(WEB, net, tmp_path, options).posts()


@pytest.mark.parametrize(
    ("name", "value"),
    [("url", "berita"), ("match", "(/berita"), ("exclude", "["), ("limit", "0"), ("limit", "x")],
)
def test_options_that_cannot_work_are_refused_when_the_source_is_added(
    name: str, value: str
) -> None:
    [check] = [option.check for option in WEB.options if option.name == name]
    assert check
    with pytest.raises(ValueError, match=r"\w"):
        check(value)


@pytest.mark.parametrize("missing", ["url", "match"])
def test_a_missing_option_is_told(site: Site, missing: str) -> None:
    del site.reader.options[missing]
    with pytest.raises(NotConfigured, match=missing):
        site.reader.posts()


@pytest.mark.parametrize("status", [403, 429, 500])
def test_no_answer_never_means_gone(site: Site, status: int) -> None:
    site.publish(1)
    [post] = site.reader.posts()
    site.server.route("/berita/1", Reply(status))
    with pytest.raises(CollectorTrouble):
        site.reader.collector.look(site.reader.source, post)


def test_an_article_answered_with_the_front_page_is_not_called_gone(site: Site) -> None:
    site.publish(1)
    [post] = site.reader.posts()
    site.server.route("/berita/1", Reply(302, b"", {"Location": "/"}))
    site.server.route("/", Reply(200, article("Beranda", TEXT), HTML))
    with pytest.raises(PlatformDown, match="beranda"):
        site.reader.collector.look(site.reader.source, post)
