"""The Bluesky collector against a server that answers as the documentation says, and misbehaves."""

from datetime import timedelta
from typing import Any

import pytest

from models.post import parse_post
from monitor.collectors.bluesky.walk import MOST_PAGES
from monitor.collectors.trouble import (
    AnswerChanged,
)
from tests.fakes.bluesky import FakeBluesky, stamp
from tests.http_server import json_reply
from tests.integration.collectors.bluesky_steps import (
    NOW,
    Run,
    ago,
    net,
    reactions,
    search,
    server,
    session,
)

# Fixtures, found by name.
__all__ = ["net", "reactions", "search", "server", "session"]


def test_a_post_is_mapped_with_the_bio_that_search_does_not_tell(
    server: FakeBluesky, search: Run
) -> None:
    asked = server.post(ago(hours=2), "Siapa bupati kita?")
    answer = {"parent": {"uri": asked["uri"], "cid": asked["cid"]}}
    embed = {"$type": "app.bsky.embed.images#view", "images": [{"alt": "Baliho nomor 2"}]}
    view = server.post(ago(hours=1), "Nomor 2!", record={"reply": answer}, embed=embed)
    found = search.items()
    assert found[0] == {
        "id": "at://did:plc:sari/app.bsky.feed.post/3k0001",
        "platform": "bluesky",
        "text": "Nomor 2!",
        "author": {"handle": "sari.bsky.social", "name": "Sari", "bio": "PNS, Guru SDN 3"},
        "url": "https://bsky.app/profile/did:plc:sari/post/3k0001",
        "posted_at": view["record"]["createdAt"],
        "media_alt": "Baliho nomor 2",
        "reply_to": "Siapa bupati kita?",
        "region": "33.14",
        "shares": 2,
        "likes": 3,
        "replies": 1,
        "raw": {"cid": "bafy3k0001", "did": "did:plc:sari", "indexed_at": stamp(ago(hours=1))},
    }
    assert [parse_post(item).id for item in found] == [view["uri"], asked["uri"]]


@pytest.mark.parametrize(
    ("embed", "media", "answered"),
    [
        ({"alt": "Video joget"}, "Video joget", None),
        ({"external": {"title": "Berita", "description": "Isi"}}, "Berita\nIsi", None),
        ({"record": {"value": {"text": "kutipan"}, "uri": "at://x"}}, None, "kutipan"),
        (
            {"record": {"record": {"value": {"text": "dalam"}}}, "media": {"alt": "foto"}},
            "foto",
            "dalam",
        ),
        ({"images": "bukan daftar", "external": 7, "record": []}, None, None),
    ],
)
def test_captions_cards_and_quotations_are_read(
    server: FakeBluesky, search: Run, embed: Any, media: str | None, answered: str | None
) -> None:
    server.post(ago(hours=1), embed=embed)
    (item,) = search.items()
    assert (item.get("media_alt"), item.get("reply_to")) == (media, answered)


def test_a_hashtag_is_asked_for_as_the_lexicon_says(server: FakeBluesky, search: Run) -> None:
    search.options = {"mode": "hashtag", "hashtag": "#Sragen", "lang": "id"}
    search.pages()
    (asked,) = server.asked("searchPosts")
    assert asked == {
        "q": "#Sragen",
        "tag": "Sragen",
        "sort": "latest",
        "lang": "id",
        "limit": "100",
    }


def test_every_post_comes_once_however_often_the_walk_is_killed(
    server: FakeBluesky, search: Run
) -> None:
    search.page = 3
    for number in range(20):
        server.post(ago(hours=40 - number))
    seen: list[str] = []
    for killed in range(30):
        seen += search.ids(stop_after=1)
        if killed in (2, 5, 9):
            # What comes in meanwhile shifts every page behind it.
            server.post(ago(minutes=30 - killed))
    assert sorted(seen) == sorted(post["uri"] for post in server.posts)
    assert len(seen) == 23


def test_since_moves_only_when_the_walk_has_come_down_to_it(
    server: FakeBluesky, search: Run
) -> None:
    search.page = 2
    for number in range(6):
        server.post(ago(hours=20 - number))
    assert len(search.ids(stop_after=1)) == 2
    assert "since" not in search.cursor["lists"]["search"]
    assert len(search.ids()) == 4
    assert search.cursor["lists"]["search"]["since"] == ago(hours=15).isoformat()


def test_a_run_that_ends_an_old_walk_also_brings_what_is_new(
    server: FakeBluesky, search: Run
) -> None:
    search.page = 2
    for number in range(6):
        server.post(ago(hours=20 - number))
    search.pages(stop_after=1)
    newest = server.post(ago(minutes=1))
    assert newest["uri"] in search.ids()


def test_a_quiet_source_costs_one_request_and_gives_nothing_twice(
    server: FakeBluesky, search: Run
) -> None:
    for number in range(10):
        server.post(ago(hours=20 - number))
    first = search.pages()
    assert sum(len(page.items) for page in first) == 10
    # One search, one look at the bio of the one author.
    assert sum(page.cost for page in first) == 2
    again = search.pages()
    assert [page.items for page in again] == [[]]
    assert [page.cost for page in again] == [1]


def test_a_post_that_reaches_the_index_late_is_still_found(
    server: FakeBluesky, search: Run
) -> None:
    server.post(ago(hours=2))
    search.pages()
    late = server.post(ago(hours=2, minutes=5), indexed=ago(hours=1))
    far = server.post(ago(days=60), "impor lama", indexed=ago(minutes=1))
    lagging = server.post(ago(hours=2, minutes=4))
    assert set(search.ids()) == {late["uri"], far["uri"], lagging["uri"]}
    assert search.ids() == []


def test_one_old_post_among_new_ones_does_not_end_the_walk(
    server: FakeBluesky, search: Run
) -> None:
    search.page = 4
    old = server.post(ago(hours=31))
    server.post(ago(hours=30))
    search.pages()
    new = [server.post(ago(hours=20 - number)) for number in range(7)]
    server.posts.insert(1, old)
    assert sorted(search.ids()) == sorted(post["uri"] for post in new)


def test_an_empty_answer_and_an_empty_page_before_others(server: FakeBluesky, search: Run) -> None:
    assert [page.items for page in search.pages()] == [[]]
    post = server.post(ago(hours=1))
    server.instead.append(("searchPosts", json_reply({"posts": [], "cursor": "0"})))
    assert search.ids() == [post["uri"]]


def test_pages_repeated_and_out_of_order_give_every_post_once(
    server: FakeBluesky, search: Run
) -> None:
    search.page = 4
    posts = [server.post(ago(hours=30 - number)) for number in range(12)]
    server.posts[1], server.posts[6] = server.posts[6], server.posts[1]
    server.posts.insert(5, server.posts[2])
    assert sorted(search.ids()) == sorted(post["uri"] for post in posts)


def test_a_token_that_never_moves_ends_the_walk(server: FakeBluesky, search: Run) -> None:
    post = server.post(ago(hours=1))
    same = json_reply({"posts": [post], "cursor": "sama"})
    server.instead += [("searchPosts", same), ("searchPosts", same), ("searchPosts", same)]
    assert search.ids() == [post["uri"]]
    assert len(server.asked("searchPosts")) == 2


def test_a_token_that_is_no_longer_taken_means_from_the_top(
    server: FakeBluesky, search: Run
) -> None:
    search.page = 2
    for number in range(6):
        server.post(ago(hours=20 - number))
    seen = search.ids(stop_after=1)
    refused = json_reply({"error": "InvalidRequest", "message": "Malformed cursor"}, 400)
    server.instead.append(("cursor=2", refused))
    seen += search.ids()
    assert sorted(seen) == sorted(post["uri"] for post in server.posts)


def test_one_list_takes_its_turn_and_is_gone_on_with(server: FakeBluesky, search: Run) -> None:
    search.page = 1
    for number in range(MOST_PAGES + 5):
        server.post(ago(hours=60 - number))
    assert len(search.ids()) == MOST_PAGES
    assert len(search.ids()) == 5


def test_a_server_clock_ahead_of_ours_hides_nothing(server: FakeBluesky, search: Run) -> None:
    server.post(NOW + timedelta(days=2), "dari masa depan")
    assert len(search.ids()) == 1
    search.now = NOW + timedelta(hours=1)
    today = server.post(NOW + timedelta(minutes=30))
    assert search.ids() == [today["uri"]]


def test_an_author_who_dates_ahead_hides_nothing(server: FakeBluesky, search: Run) -> None:
    ahead = {"createdAt": stamp(NOW + timedelta(days=2))}
    server.post(ago(hours=5), record=ahead)
    assert len(search.ids()) == 1
    later = server.post(ago(hours=1))
    assert search.ids() == [later["uri"]]


def test_only_so_many_days_back_the_first_time(server: FakeBluesky, search: Run) -> None:
    search.options["days"] = "2"
    server.post(ago(days=3))
    recent = server.post(ago(days=1))
    assert search.ids() == [recent["uri"]]


@pytest.mark.parametrize(
    "broken",
    [
        {"author": {}},
        {"author": None},
        {"record": "bukan objek"},
        {"record": {"text": 7}},
        {"uri": "https://bukan"},
        {"indexedAt": "kemarin", "record": {"text": "ok", "createdAt": 5}},
        {"likeCount": "tiga", "labels": 9, "embed": "x"},
    ],
)
def test_one_unreadable_post_never_stops_a_page(
    server: FakeBluesky, search: Run, broken: dict[str, Any]
) -> None:
    whole = [server.post(ago(hours=3)), server.post(ago(hours=2))]
    server.post(ago(hours=1)).update(broken)
    found = search.items()
    assert {post["uri"] for post in whole} <= {item["id"] for item in found}
    for item in found:
        parse_post(item)


def test_an_author_without_a_name_or_a_working_handle_keeps_the_did(
    server: FakeBluesky, search: Run
) -> None:
    nameless = server.profile("x", bio="", handle="handle.invalid", displayName=None)
    server.post(ago(hours=1), author=nameless)
    (item,) = search.items()
    assert item["author"] == {"handle": "did:plc:x"}


def test_an_author_deleted_meanwhile_has_no_bio(server: FakeBluesky, search: Run) -> None:
    gone = server.profile("gone")
    server.post(ago(hours=1), author=gone)
    del server.profiles[gone["did"]]
    (item,) = search.items()
    assert "bio" not in item["author"]


def test_a_picture_without_a_word_is_nothing_to_read(server: FakeBluesky, search: Run) -> None:
    server.post(ago(hours=1), "", embed={"images": [{"alt": ""}]})
    assert search.items() == []


def test_who_asks_not_to_be_shown_is_not_kept(server: FakeBluesky, search: Run) -> None:
    shy = server.profile("pemalu", labels=[{"val": "!no-unauthenticated"}])
    server.post(ago(hours=1), author=shy)
    assert search.items() == []


def test_changed_field_names_are_told_and_not_taken_for_silence(
    server: FakeBluesky, search: Run
) -> None:
    server.instead.append(("searchPosts", json_reply({"results": []})))
    assert isinstance(search.trouble(), AnswerChanged)
    server.instead.append(("searchPosts", json_reply({"posts": [{"id": 1}, {"id": 2}]})))
    assert isinstance(search.trouble(), AnswerChanged)
    server.instead.append(("searchPosts", json_reply(["posts"])))
    assert isinstance(search.trouble(), AnswerChanged)
