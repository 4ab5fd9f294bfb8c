"""Videos, comments and likes from a server that answers as TikTok's Research API documents it."""

from datetime import timedelta
from typing import Any

import pytest

from models.post import parse_post
from monitor.collectors.tiktok.collector import TikTokCollector
from monitor.collectors.trouble import Passing, PlatformDown
from tests.fakes.tiktok import FakeTikTok, error, ok, video
from tests.integration.collectors.tiktok_steps import (
    NOW,
    Clock,
    clock,
    fill,
    ids_of,
    platform,
    run,
    source,
    tiktok,
)

# Fixtures, which pytest finds under these names.
__all__ = ["clock", "platform", "tiktok"]


def test_a_video_is_mapped_with_the_bio_of_its_author(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.videos = [video(1, NOW, voice_to_text="ayo pilih nomor dua", comment_count=3)]
    platform.users["akun1"] = {"display_name": "Budi", "bio_description": "ASN Kemenag"}
    taken = run(tiktok, source(profiles="100"))
    assert taken.posts == [
        {
            "id": "7300000000000000001",
            "platform": "tiktok",
            "text": "dukung paslon 1 #pilkada",
            "author": {"handle": "akun1", "name": "Budi", "bio": "ASN Kemenag"},
            "url": "https://www.tiktok.com/@akun1/video/7300000000000000001",
            "posted_at": "2026-11-23T04:00:00+00:00",
            "media_alt": "ayo pilih nomor dua",
            "likes": 5,
            "replies": 3,
            "shares": 2,
            "views": 90,
            "region": "33.14",
            "raw": {"region_code": "ID"},
        }
    ]
    assert parse_post(taken.posts[0]).author.bio == "ASN Kemenag"
    assert [page.cost for page in taken.pages] == [2]


def test_the_query_asks_for_any_of_the_words_within_the_country(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.videos = [
        video(1, NOW, video_description="lain", hashtag_names=["coblos2"]),
        video(2, NOW, video_description="lain", hashtag_names=[], username="budi"),
        video(3, NOW, region_code="MY"),
        video(4, NOW, video_description="lain", hashtag_names=[]),
        video(5, NOW),
    ]
    words = {"keywords": "paslon,mutasi", "hashtags": "#coblos2", "accounts": "@budi"}
    assert sorted(run(tiktok, source(**words)).ids) == ids_of(
        [platform.videos[0], platform.videos[1], platform.videos[4]]
    )
    everywhere = run(tiktok, source(**words, country="-"))
    assert str(platform.videos[2]["id"]) in everywhere.ids


def test_a_search_is_paged_through_by_its_number(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    fill(platform, 23)
    platform.most = 10
    taken = run(tiktok, source())
    assert sorted(taken.ids) == ids_of(platform.videos)
    first, *others = platform.asked("video/query")
    assert "search_id" not in first
    assert len({body["search_id"] for body in others}) == 1
    assert [body["cursor"] for body in others] == [10, 20]


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4, 5])
def test_killed_after_any_page_every_video_comes_exactly_once(
    tiktok: TikTokCollector, platform: FakeTikTok, clock: Clock, killed_after: int
) -> None:
    fill(platform, 45, hours=2)
    platform.most = 10
    killed = run(tiktok, source(), pages=killed_after)
    clock.pass_by(hours=1)
    platform.videos.append(video(900, clock.now))
    resumed = run(tiktok, source(), killed.cursor)
    again = run(tiktok, source(), resumed.cursor)
    assert sorted(killed.ids + resumed.ids + again.ids) == ids_of(platform.videos)


def test_a_killed_search_goes_on_where_it_stopped(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    fill(platform, 25)
    platform.most = 10
    killed = run(tiktok, source(), pages=1)
    run(tiktok, source(), killed.cursor)
    _, second, third = platform.asked("video/query")
    assert (second["cursor"], third["cursor"]) == (10, 20)
    assert second["search_id"] == third["search_id"]


def test_a_search_that_expired_begins_again_without_doubles(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    fill(platform, 25)
    platform.most = 10
    killed = run(tiktok, source(), pages=1)
    platform.forget_searches()
    resumed = run(tiktok, source(), killed.cursor)
    assert sorted(killed.ids + resumed.ids) == ids_of(platform.videos)


def test_months_are_asked_for_in_windows_of_thirty_days(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    fill(platform, 80, hours=24)
    taken = run(tiktok, source(days="90"))
    assert sorted(taken.ids) == ids_of(platform.videos)
    spans = [(body["start_date"], body["end_date"]) for body in platform.asked("video/query")]
    assert spans == [
        ("20260825", "20260923"),
        ("20260924", "20261023"),
        ("20261024", "20261122"),
        ("20261120", "20261123"),
    ]


def test_videos_that_turn_up_days_later_are_found_and_others_not_repeated(
    tiktok: TikTokCollector, platform: FakeTikTok, clock: Clock
) -> None:
    fill(platform, 10)
    first = run(tiktok, source())
    clock.pass_by(hours=6)
    platform.videos.append(video(50, NOW - timedelta(days=2, hours=20)))
    second = run(tiktok, source(), first.cursor)
    assert second.ids == ["7300000000000000050"]
    clock.pass_by(days=10)
    platform.videos.append(video(51, NOW + timedelta(days=1)))
    third = run(tiktok, source(), second.cursor)
    assert third.ids == ["7300000000000000051"]
    assert platform.asked("video/query")[-1]["start_date"] == "20261120"


def test_no_videos_are_one_empty_page(tiktok: TikTokCollector) -> None:
    assert [page.items for page in run(tiktok, source()).pages] == [[]]


def test_a_list_left_out_of_an_empty_answer_is_empty(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.instead.append(("video/query", ok({"cursor": 0, "has_more": False})))
    assert [page.items for page in run(tiktok, source()).pages] == [[]]


def test_a_video_without_author_stays_without(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.videos = [video(1, NOW)]
    del platform.videos[0]["username"]
    post = run(tiktok, source(profiles="100")).posts[0]
    assert "author" not in post and "url" not in post


def test_an_account_gone_meanwhile_leaves_the_video_without_bio(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.videos = [video(1, NOW)]
    assert run(tiktok, source(profiles="100")).posts[0]["author"] == {"handle": "akun1"}


def test_an_author_is_asked_for_once_a_run(tiktok: TikTokCollector, platform: FakeTikTok) -> None:
    platform.videos = [video(n, NOW, username="budi") for n in range(9)]
    platform.users["budi"] = {"bio_description": "Guru"}
    taken = run(tiktok, source(profiles="100"))
    assert {post["author"]["bio"] for post in taken.posts} == {"Guru"}
    assert len(platform.asked("user/info")) == 1
    assert "Guru" not in str(taken.cursor)


def test_profiles_beyond_the_share_wait_with_their_videos(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    fill(platform, 30)
    platform.most = 10
    for number in range(30):
        platform.users[f"akun{number}"] = {"bio_description": "PNS"}
    first = run(tiktok, source(profiles="15"))
    second = run(tiktok, source(profiles="15"), first.cursor)
    posts = first.posts + second.posts
    assert len(first.ids) == 20
    assert sorted(post["id"] for post in posts) == ids_of(platform.videos)
    assert all(post["author"]["bio"] == "PNS" for post in posts)


def test_a_video_of_the_future_does_not_hide_the_others(
    tiktok: TikTokCollector, platform: FakeTikTok, clock: Clock
) -> None:
    platform.videos = [video(1, NOW + timedelta(hours=10))]
    first = run(tiktok, source())
    clock.pass_by(hours=1)
    platform.videos.append(video(2, clock.now))
    assert first.ids + run(tiktok, source(), first.cursor).ids == ids_of(platform.videos)


def comment(number: int, of: int) -> dict[str, Any]:
    return {
        "id": 900 + number,
        "video_id": of,
        "text": f"komentar {number}",
        "like_count": 1,
        "reply_count": 0,
        "parent_comment_id": of,
        "create_time": int(NOW.timestamp()),
    }


def test_comments_come_with_their_video_and_without_author(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.videos = [video(1, NOW, comment_count=3), video(2, NOW, comment_count=0)]
    identity = platform.videos[0]["id"]
    platform.comments[identity] = [comment(n, identity) for n in range(3)]
    platform.most = 2
    taken = run(tiktok, source(comments="5"))
    replies = [post for post in taken.posts if "reply_to" in post]
    assert [reply["text"] for reply in replies] == ["komentar 0", "komentar 1", "komentar 2"]
    assert all("author" not in reply for reply in replies)
    assert {reply["reply_to"] for reply in replies} == {"dukung paslon 1 #pilkada"}
    assert len(platform.asked("comment/list")) == 2
    assert all(parse_post(reply) for reply in replies)


def test_comments_are_read_on_so_many_videos_only(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.videos = [video(n, NOW, comment_count=1) for n in range(5)]
    run(tiktok, source(comments="2"))
    assert len(platform.asked("comment/list")) == 2


def test_public_likes_and_reposts_are_acts_of_the_account(
    tiktok: TikTokCollector, platform: FakeTikTok, clock: Clock
) -> None:
    platform.liked["guru"] = [video(1, NOW)]
    platform.reposted["guru"] = [video(2, NOW)]
    platform.users["guru"] = {"bio_description": "Guru SDN 3"}
    liking = source(keywords="", liked_by="@guru,tertutup", profiles="10")
    taken = run(tiktok, liking)
    like, share = taken.posts
    assert like == {
        "id": "like:7300000000000000001:guru",
        "platform": "tiktok",
        "text": "dukung paslon 1 #pilkada",
        "author": {"handle": "guru", "bio": "Guru SDN 3"},
        "url": "https://www.tiktok.com/@akun1/video/7300000000000000001",
        "action": "like",
        "of": {
            "author": "akun1",
            "url": "https://www.tiktok.com/@akun1/video/7300000000000000001",
        },
        "region": "33.14",
    }
    assert share["action"] == "share" and share["of"]["author"] == "akun2"
    # Once a day: the lists have no mark to go on from.
    assert run(tiktok, liking, taken.cursor).posts == []
    clock.pass_by(days=1)
    assert len(run(tiktok, liking, taken.cursor).posts) == 2


def test_killed_among_acts_each_account_is_read_once(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.liked = {name: [video(n, NOW)] for n, name in enumerate("abc")}
    liking = source(liked_by="a,b,c")
    killed = run(tiktok, liking, pages=2)
    resumed = run(tiktok, liking, killed.cursor)
    accounts = [post["author"]["handle"] for post in killed.posts + resumed.posts]
    assert accounts == ["a", "b", "c"]


def test_look_tells_present_edited_and_gone(tiktok: TikTokCollector, platform: FakeTikTok) -> None:
    platform.videos = [video(1, NOW), video(2, NOW)]
    post = run(tiktok, source()).posts[0]
    assert tiktok.look(source(), post) == post
    platform.videos[0]["video_description"] = "disunting"
    edited = tiktok.look(source(), post)
    assert edited is not None and edited["text"] == "disunting"
    del platform.videos[0]
    assert tiktok.look(source(), post) is None


def test_look_without_an_answer_is_no_removal(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.videos = [video(1, NOW)]
    post = run(tiktok, source()).posts[0]
    platform.instead.append(("video/query", error("internal_error", 500)))
    with pytest.raises(PlatformDown):
        tiktok.look(source(), post)


def test_look_has_no_way_to_comments_and_likes(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    platform.liked["guru"] = [video(1, NOW)]
    platform.videos = [video(2, NOW, comment_count=1)]
    identity = platform.videos[0]["id"]
    platform.comments[identity] = [comment(1, identity)]
    taken = run(tiktok, source(comments="1", liked_by="guru"))
    _, reply, like = taken.posts
    for post in (reply, like):
        with pytest.raises(Passing):
            tiktok.look(source(), post)
