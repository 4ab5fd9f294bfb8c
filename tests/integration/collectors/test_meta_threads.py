"""Threads keyword search through a server that answers as Meta documents it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from models.post import parse_post
from monitor.collectors.meta import THREADS
from monitor.collectors.meta.threads import ThreadsCollector
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    RateLimited,
)
from monitor.domain import Source
from monitor.errors import UnexpectedAnswer
from tests.fakes.meta import TOKEN, FakeMeta, at, fake_meta, graph_error
from tests.http_server import Reply, json_reply
from tests.integration.collectors.meta_steps import NOW, Clock, meta_tools, run, source_of


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with fake_meta() as fake:
        yield fake


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def threads(meta: FakeMeta, clock: Clock, tmp_path: Path) -> Iterator[ThreadsCollector]:
    with meta_tools(tmp_path, clock) as tools:
        yield ThreadsCollector(tools, host=meta.url)


def search(keywords: str = "paslon", **options: str) -> Source:
    return source_of("threads", keywords=keywords, **{"profiles": "0", **options})


def thread(number: int, moment: datetime = NOW, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "text": f"dukung paslon {number}",
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.net/@akun{number}/post/x{number}",
        "timestamp": at(moment),
        "username": f"akun{number}",
        "has_replies": False,
        "is_quote_post": False,
        "is_reply": False,
        **fields,
    }


def test_a_post_is_mapped_with_alt_text_and_profile(
    threads: ThreadsCollector, meta: FakeMeta
) -> None:
    meta.threads = [thread(1, alt_text="Foto spanduk", topic_tag="pilkada")]
    meta.profiles["akun1"] = {"username": "akun1", "name": "Siti", "biography": "ASN Pemkab"}
    post = run(threads, search(profiles="20"), {}).posts[0]
    assert post == {
        "id": "1",
        "platform": "threads",
        "text": "dukung paslon 1",
        "author": {"handle": "akun1", "name": "Siti", "bio": "ASN Pemkab"},
        "url": "https://www.threads.net/@akun1/post/x1",
        "posted_at": "2026-11-23T04:00:00+0000",
        "media_alt": "Foto spanduk",
        "region": "33.14",
        "raw": {
            "query": "paslon",
            "media_type": "TEXT_POST",
            "topic_tag": "pilkada",
            "is_quote_post": False,
            "is_reply": False,
        },
    }
    assert parse_post(post).author.bio == "ASN Pemkab"
    assert all(TOKEN not in request.target for request in meta.received)


def full(meta: FakeMeta, count: int, step: int = 60) -> None:
    meta.threads = [thread(n, NOW - timedelta(seconds=step * n)) for n in range(count)]


def test_full_answers_are_paged_by_time(threads: ThreadsCollector, meta: FakeMeta) -> None:
    full(meta, 250)
    taken = run(threads, search(), {})
    assert sorted(map(int, taken.ids)) == list(range(250))
    assert len(taken.pages) == 3
    untils = [parse_qs(request.query).get("until") for request in meta.received]
    assert untils[0] is None and all(untils[1:])


def test_an_unreadable_item_does_not_end_the_paging(
    threads: ThreadsCollector, meta: FakeMeta
) -> None:
    full(meta, 150)
    del meta.threads[5]["timestamp"]
    items = meta.threads[:100]
    meta.instead.append(("keyword_search", json_reply({"data": items})))
    meta.threads = [item for item in meta.threads if "timestamp" in item]
    assert len(run(threads, search(), {}).ids) == 149


def test_paging_cursors_are_used_where_they_are_given(
    threads: ThreadsCollector, meta: FakeMeta
) -> None:
    paging = {"cursors": {"after": "QVFI"}, "next": "https://graph.threads.net/x?access_token=y"}
    meta.instead.append(("keyword_search", json_reply({"data": [thread(1)], "paging": paging})))
    meta.instead.append(("after=QVFI", json_reply({"data": [thread(2)]})))
    assert run(threads, search(), {}).ids == ["1", "2"]


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4, 5])
def test_killed_after_any_page_every_post_comes_exactly_once(
    threads: ThreadsCollector, meta: FakeMeta, clock: Clock, killed_after: int
) -> None:
    full(meta, 250)
    meta.threads += [
        thread(1000 + n, NOW - timedelta(seconds=n), text=f"netral {n}") for n in range(120)
    ]
    source = search("paslon,netral")
    killed = run(threads, source, {}, killed_after)
    clock.pass_by(minutes=15)
    meta.threads.append(thread(5000, clock.now))
    resumed = run(threads, source, killed.cursor)
    again = run(threads, source, resumed.cursor)
    assert sorted(killed.ids + resumed.ids + again.ids) == sorted(t["id"] for t in meta.threads)


def test_a_tag_is_searched_as_a_topic(threads: ThreadsCollector, meta: FakeMeta) -> None:
    meta.threads = [thread(1)]
    run(threads, search("", tags="#paslon"), {})
    assert "search_mode=TAG" in meta.received[0].query
    assert "q=paslon&" in meta.received[0].query


def test_profiles_beyond_the_share_wait_with_their_posts(
    threads: ThreadsCollector, meta: FakeMeta, clock: Clock
) -> None:
    full(meta, 48)
    for number in range(48):
        meta.profiles[f"akun{number}"] = {"username": f"akun{number}", "biography": "PNS"}
    source = search(profiles="20")
    cursor: Any = {}
    posts: list[dict[str, Any]] = []
    for _ in range(4):
        taken = run(threads, source, cursor)
        posts += taken.posts
        cursor = taken.cursor
        clock.pass_by(minutes=15)
    assert sorted(int(post["id"]) for post in posts) == list(range(48))
    assert all(post["author"]["bio"] == "PNS" for post in posts)
    # Bios are never kept beside the cursor.
    assert "PNS" not in str(cursor)


def test_a_profile_that_is_not_told_leaves_the_post_without_bio(
    threads: ThreadsCollector, meta: FakeMeta
) -> None:
    meta.threads = [thread(1)]
    post = run(threads, search(profiles="20"), {}).posts[0]
    assert post["author"] == {"handle": "akun1"}


def test_without_permission_for_profiles_posts_come_and_the_lack_is_told(
    threads: ThreadsCollector, meta: FakeMeta
) -> None:
    meta.threads = [thread(1), thread(2)]
    meta.instead += [("profile_lookup", graph_error(10, 0, 403))] * 2
    collected: list[str] = []
    with pytest.raises(CredentialsRefused):
        for page in threads.collect(search(profiles="20"), {}):
            collected += [post["id"] for post in page.items]
    assert sorted(collected) == ["1", "2"]
    assert len(meta.asked("profile_lookup")) == 1


def test_a_missing_author_leaves_the_rest(threads: ThreadsCollector, meta: FakeMeta) -> None:
    meta.threads = [thread(1)]
    del meta.threads[0]["username"]
    meta.instead.append(("keyword_search", json_reply({"data": meta.threads})))
    assert "author" not in run(threads, search(profiles="20"), {}).posts[0]


def test_no_results_are_one_empty_page(threads: ThreadsCollector, meta: FakeMeta) -> None:
    assert [page.items for page in run(threads, search(), {}).pages] == [[]]


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (graph_error(190, 463, 401), CredentialsRefused),
        (graph_error(10, 0, 500), CredentialsRefused),
        (Reply(401, b""), CredentialsRefused),
        (Reply(403, b""), CredentialsRefused),
        (Reply(500, b"<html>"), PlatformDown),
        (graph_error(613, 0, 400), RateLimited),
        (Reply(200, b"<html>"), UnexpectedAnswer),
        (Reply(200, b'{"data": ['), UnexpectedAnswer),
        (json_reply({"results": []}), AnswerChanged),
        (json_reply({"data": [{"pk": 1}, {"pk": 2}]}), AnswerChanged),
        (
            json_reply({"error": {"code": 999, "is_transient": True}}, 400),
            PlatformDown,
        ),
    ],
)
def test_an_error_is_told_by_its_kind(
    threads: ThreadsCollector, meta: FakeMeta, reply: Reply, trouble: type[Exception]
) -> None:
    meta.instead.append(("keyword_search", reply))
    if trouble is UnexpectedAnswer:
        trouble = PlatformDown
    with pytest.raises(trouble):
        run(threads, search(), {})


def test_429_names_the_hour(threads: ThreadsCollector, meta: FakeMeta) -> None:
    meta.instead.append(("keyword_search", Reply(429, b"", {"Retry-After": "3600"})))
    with pytest.raises(RateLimited) as told:
        run(threads, search(), {})
    assert told.value.until == NOW + timedelta(hours=1)


def test_look_tells_present_and_edited(threads: ThreadsCollector, meta: FakeMeta) -> None:
    meta.threads = [thread(1)]
    post = run(threads, search(), {}).posts[0]
    assert threads.look(search(), post) == post
    meta.threads[0]["text"] = "disunting"
    edited = threads.look(search(), post)
    assert edited is not None and edited["text"] == "disunting"


def test_look_tells_gone_only_when_the_search_does_not_know_it_either(
    threads: ThreadsCollector, meta: FakeMeta
) -> None:
    meta.threads = [thread(1)]
    post = run(threads, search(), {}).posts[0]
    meta.instead.append(("/v1.0/1?", graph_error(100, 33)))
    assert threads.look(search(), post) == post
    meta.threads = []
    assert threads.look(search(), post) is None


def test_look_with_a_lost_token_is_no_removal(threads: ThreadsCollector, meta: FakeMeta) -> None:
    meta.threads = [thread(1)]
    post = run(threads, search(), {}).posts[0]
    meta.instead.append(("/v1.0/1?", graph_error(100, 33)))
    meta.instead.append(("/v1.0/me", graph_error(190, 463, 401)))
    with pytest.raises(CredentialsRefused):
        threads.look(search(), post)


@pytest.mark.parametrize("value", ["19", "201", "x"])
def test_a_share_of_profiles_is_none_or_enough(value: str) -> None:
    option = next(option for option in THREADS.options if option.name == "profiles")
    assert option.check is not None
    assert option.check("0") == 0 and option.check("20") == 20
    with pytest.raises(ValueError):
        option.check(value)


def test_a_source_without_words_is_told(threads: ThreadsCollector) -> None:
    with pytest.raises(NotConfigured):
        run(threads, search(""), {})
    assert THREADS.needs_agreement
