"""Posts and comments of Facebook pages, from a server that answers as Meta documents it."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from models.post import parse_post
from monitor.collectors.meta.facebook import FacebookCollector
from monitor.collectors.trouble import Passing, PlatformDown, SourceGone
from tests.fakes.meta import TOKEN, FakeMeta, at
from tests.http_server import Reply, json_reply
from tests.integration.collectors.meta_steps import NOW, Clock, clock, facebook, meta, pages, run

# Fixtures, which pytest finds under these names.
__all__ = ["clock", "facebook", "meta"]


def test_a_post_carries_the_page_as_its_author(facebook: FacebookCollector, meta: FakeMeta) -> None:
    meta.page("disdik", 1, NOW)
    meta.posts["disdik"][0]["attachments"] = {
        "data": [{"title": "Jalan sehat", "description": "Spanduk paslon 02"}]
    }
    post = run(facebook, pages("disdik"), {}).posts[0]
    assert post == {
        "id": "100_0",
        "platform": "facebook",
        "text": "unggahan 0",
        "author": {
            "handle": "disdik",
            "name": "Halaman disdik",
            "bio": "Dinas Pendidikan",
            "location": "Sragen, Indonesia",
        },
        "url": "https://www.facebook.com/100/posts/0",
        "posted_at": "2026-11-23T04:00:00+0000",
        "media_alt": "Jalan sehat\nSpanduk paslon 02",
        "shares": 2,
        "likes": 5,
        "replies": 1,
        "region": "33.14",
        "raw": {"page_id": "100", "updated_time": "2026-11-23T04:00:00+0000"},
    }
    assert parse_post(post).posted_at == NOW


def test_the_token_travels_in_a_header_and_never_in_an_address(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 3, NOW)
    meta.most = 2
    run(facebook, pages("disdik"), {})
    assert len(meta.asked("/posts")) == 2
    assert all(TOKEN not in request.target for request in meta.received)
    assert all("appsecret_proof" not in request.target for request in meta.received)


def test_with_an_app_secret_every_request_is_proven(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 1, NOW)
    run(facebook, pages("disdik", app_secret="rahasia", version="v25.0"), {})
    proof = hmac.new(b"rahasia-aplikasi", TOKEN.encode(), hashlib.sha256).hexdigest()
    assert len(meta.received) == 2
    assert all(f"appsecret_proof={proof}" in request.query for request in meta.received)
    assert all(request.path.startswith("/v25.0/") for request in meta.received)


def test_several_answers_are_paged_through_and_counted(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 23, NOW)
    meta.most = 5
    first = run(facebook, pages("disdik"), {})
    assert sorted(first.ids) == sorted(post["id"] for post in meta.posts["disdik"])
    assert [page.cost for page in first.pages] == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4, 5, 6, 7])
def test_killed_after_any_page_every_post_comes_exactly_once(
    facebook: FacebookCollector, meta: FakeMeta, clock: Clock, killed_after: int
) -> None:
    meta.page("disdik", 12, NOW)
    meta.page("bkd", 9, NOW)
    meta.most = 4
    source = pages("disdik", "bkd")
    killed = run(facebook, source, {}, killed_after)
    clock.pass_by(minutes=20)
    meta.posts["disdik"].append(meta.post("100", 99, clock.now))
    resumed = run(facebook, source, killed.cursor)
    again = run(facebook, source, resumed.cursor)
    everything = [post["id"] for posts in meta.posts.values() for post in posts]
    assert sorted(killed.ids + resumed.ids + again.ids) == sorted(everything)


def test_the_next_run_asks_from_where_the_last_one_ended(
    facebook: FacebookCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.page("disdik", 30, NOW, step=3600)
    meta.most = 10
    first = run(facebook, pages("disdik"), {})
    before = len(meta.asked("/posts"))
    clock.pass_by(hours=2)
    meta.posts["disdik"].append(meta.post("100", 30, clock.now))
    second = run(facebook, pages("disdik"), first.cursor)
    assert len(first.ids) == 30
    assert second.ids == ["100_30"]
    # Two hours of posts fit into one answer: the walk did not go through the whole page again.
    assert len(meta.asked("/posts")) == before + 1


def test_a_server_that_ignores_since_is_not_walked_to_its_end(
    facebook: FacebookCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.page("disdik", 100, NOW, step=3600)
    meta.most = 10
    meta.heeds_since = False
    first = run(facebook, pages("disdik", days="1"), {})
    assert len(first.ids) == 26
    assert len(first.pages) == 5


def test_a_post_indexed_late_is_still_found(
    facebook: FacebookCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.page("disdik", 2, NOW)
    first = run(facebook, pages("disdik"), {})
    meta.posts["disdik"].append(meta.post("100", 50, NOW - timedelta(minutes=40)))
    clock.pass_by(minutes=15)
    assert run(facebook, pages("disdik"), first.cursor).ids == ["100_50"]


def test_a_killed_walk_goes_on_where_it_stopped(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 12, NOW)
    meta.most = 4
    killed = run(facebook, pages("disdik"), {}, 1)
    before = len(meta.asked("/posts"))
    run(facebook, pages("disdik"), killed.cursor)
    asked = [parse_qs(request.query)["after"] for request in meta.asked("/posts")[before:]]
    assert asked == [["c4"], ["c8"]]


def test_an_expired_cursor_begins_the_walk_again(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 12, NOW)
    meta.most = 4
    killed = run(facebook, pages("disdik"), {}, 1)
    meta.expired.add("c4")
    resumed = run(facebook, pages("disdik"), killed.cursor, 1)
    assert resumed.ids == [] and killed.ids != []
    meta.expired.clear()
    rest = run(facebook, pages("disdik"), resumed.cursor)
    assert sorted(killed.ids + rest.ids) == sorted(p["id"] for p in meta.posts["disdik"])


def test_an_empty_answer_with_a_next_link_is_not_the_end(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 3, NOW)
    empty = {"data": [], "paging": {"cursors": {"after": "c0"}, "next": "https://x.test"}}
    meta.instead.append(("/posts", json_reply(empty)))
    assert len(run(facebook, pages("disdik"), {}).ids) == 3


def test_a_page_without_posts_is_one_empty_page(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 0, NOW)
    taken = run(facebook, pages("disdik"), {})
    assert [page.items for page in taken.pages] == [[]]


def test_the_same_answer_over_and_over_ends(facebook: FacebookCollector, meta: FakeMeta) -> None:
    meta.page("disdik", 3, NOW)
    loop = {
        "data": meta.posts["disdik"],
        "paging": {"cursors": {"after": "c3"}, "next": "https://x.test"},
    }
    meta.instead += [("/posts", json_reply(loop))] * 9
    taken = run(facebook, pages("disdik"), {})
    assert len(taken.ids) == 3
    assert len(taken.pages) == 2


def test_answers_out_of_order_and_doubled_lose_nothing(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 6, NOW)
    posts = meta.posts["disdik"]

    def answer(items: list[dict[str, Any]], after: str) -> Reply:
        paging: dict[str, Any] = {"cursors": {"after": after}}
        if after:
            paging["next"] = "https://x.test"
        return json_reply({"data": items, "paging": paging})

    meta.instead.append(("/posts", answer([posts[1], posts[4], posts[1]], "a")))
    meta.instead.append(("/posts", answer([posts[5], posts[4]], "b")))
    meta.instead.append(("/posts", answer([posts[0], posts[3], posts[2]], "")))
    taken = run(facebook, pages("disdik"), {})
    assert sorted(taken.ids) == sorted(post["id"] for post in posts)


def test_a_clock_ahead_of_ours_does_not_hide_what_follows(
    facebook: FacebookCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.page("disdik", 1, NOW + timedelta(hours=6))
    first = run(facebook, pages("disdik"), {})
    clock.pass_by(minutes=30)
    meta.posts["disdik"].append(meta.post("100", 1, clock.now))
    assert first.ids == ["100_0"]
    assert run(facebook, pages("disdik"), first.cursor).ids == ["100_1"]


def test_a_picture_without_a_word_is_not_a_post(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 2, NOW)
    del meta.posts["disdik"][0]["message"]
    assert run(facebook, pages("disdik"), {}).ids == ["100_1"]


def test_missing_author_fields_leave_what_there_is(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 1, NOW)
    meta.pages["disdik"] = {"id": "100"}
    assert run(facebook, pages("disdik"), {}).posts[0]["author"] == {"handle": "100"}


def test_a_page_taken_out_of_the_source_leaves_the_cursor(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("a", 1, NOW)
    meta.page("b", 1, NOW)
    cursor = run(facebook, pages("a", "b"), {}).cursor
    assert set(run(facebook, pages("b"), cursor).cursor["lists"]) == {"b"}


def comment(number: int, minutes: int, **fields: Any) -> dict[str, Any]:
    moment = at(NOW - timedelta(minutes=minutes))
    return {"message": f"komentar {number}", "created_time": moment, "like_count": 1, **fields}


def test_comments_under_public_access_have_neither_number_nor_author(
    facebook: FacebookCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.page("disdik", 1, NOW - timedelta(hours=1))
    meta.comments["100_0"] = [comment(1, 30), comment(2, 20)]
    source = pages("disdik", comment_days="3")
    first = run(facebook, source, {})
    replies = [post for post in first.posts if ":comment:" in post["id"]]
    assert [reply["text"] for reply in replies] == ["komentar 2", "komentar 1"]
    assert all("author" not in reply for reply in replies)
    assert all(reply["reply_to"] == "unggahan 0" for reply in replies)
    meta.comments["100_0"].append(comment(3, 5))
    clock.pass_by(minutes=5)
    second = run(facebook, source, first.cursor)
    assert [post["text"] for post in second.posts] == ["komentar 3"]
    # In a later run the post's own text is asked for, never kept in the cursor.
    assert second.posts[0]["reply_to"] == "unggahan 0"
    assert "unggahan 0" not in str(first.cursor)


def test_comments_with_number_and_author_carry_them(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 1, NOW - timedelta(hours=1))
    meta.comments["100_0"] = [comment(1, 3, id="0_1", **{"from": {"id": "77", "name": "Budi"}})]
    taken = run(facebook, pages("disdik", comment_days="3"), {})
    assert taken.post("0_1")["author"] == {"handle": "77", "name": "Budi"}


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4])
def test_killed_among_comments_each_comes_once(
    facebook: FacebookCollector, meta: FakeMeta, killed_after: int
) -> None:
    meta.page("disdik", 2, NOW - timedelta(hours=1))
    meta.most = 2
    meta.comments["100_0"] = [comment(n, n) for n in range(5)]
    meta.comments["100_1"] = [comment(10 + n, n) for n in range(3)]
    source = pages("disdik", comment_days="3")
    killed = run(facebook, source, {}, killed_after)
    resumed = run(facebook, source, killed.cursor)
    again = run(facebook, source, resumed.cursor)
    texts = [post["text"] for part in (killed, resumed, again) for post in part.posts]
    expected = [f"komentar {n}" for n in (0, 1, 2, 3, 4, 10, 11, 12)]
    assert sorted(texts) == sorted([*expected, "unggahan 0", "unggahan 1"])


def test_a_post_removed_while_its_comments_are_read_is_let_go(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 2, NOW - timedelta(hours=1))
    meta.comments["100_1"] = [comment(1, 3)]
    taken = run(facebook, pages("disdik", comment_days="3"), {})
    assert "komentar 1" in [post["text"] for post in taken.posts]


def test_look_tells_present_edited_and_gone(facebook: FacebookCollector, meta: FakeMeta) -> None:
    meta.page("disdik", 1, NOW)
    source = pages("disdik")
    post = run(facebook, source, {}).posts[0]
    assert facebook.look(source, post) == post
    meta.posts["disdik"][0]["message"] = "sudah disunting"
    edited = facebook.look(source, post)
    assert edited is not None and edited["text"] == "sudah disunting"
    meta.posts["disdik"].clear()
    assert facebook.look(source, post) is None


def test_look_never_takes_a_lost_permission_for_a_removal(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 1, NOW)
    source = pages("disdik")
    post = run(facebook, source, {}).posts[0]
    meta.pages.clear()
    meta.posts.clear()
    with pytest.raises(SourceGone):
        facebook.look(source, post)
    meta.instead.append(("/100_0", Reply(500, b"")))
    with pytest.raises(PlatformDown):
        facebook.look(source, post)


def test_look_says_that_a_comment_without_number_cannot_be_asked_for(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 1, NOW - timedelta(hours=1))
    meta.comments["100_0"] = [comment(1, 3)]
    source = pages("disdik", comment_days="3")
    reply = next(
        post
        for post in run(facebook, source, {}).posts
        if "raw" in post and "post_id" in post["raw"]
    )
    with pytest.raises(Passing):
        facebook.look(source, reply)
