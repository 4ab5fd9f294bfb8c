"""The collector for YouTube against a server that answers as the documentation says."""

from datetime import timedelta
from typing import Any

import pytest

from models.post import parse_post
from monitor.collectors.trouble import PlatformDown
from tests.fakes.youtube import FakeYouTube, error_reply
from tests.http_server import Reply
from tests.integration.collectors.youtube_steps import NOW, api, ids, make, net

# The fixtures that pytest finds here by their names.
__all__ = ["api", "make", "net"]


def test_a_video_and_its_comments_become_posts(make: Any, api: FakeYouTube) -> None:
    owner, guru = api.channel(1), api.channel(2, description="Guru SDN 3, ASN", country="ID")
    video = api.video(1, owner, NOW - timedelta(hours=5), title="Kampanye paslon 2")
    top = api.comment(video, 1, guru, NOW - timedelta(hours=4), textDisplay="Menang!")
    answer = api.reply(top, 1, owner, NOW - timedelta(hours=3))
    by_id = {post["id"]: post for post in make(channels="@kanal1").posts()}
    assert by_id[video]["text"] == "Kampanye paslon 2\n\nDukung paslon 2"
    assert by_id[video]["author"]["bio"] == "PNS di Dinas Pendidikan"
    assert (by_id[video]["views"], by_id[video]["likes"], by_id[video]["replies"]) == (12, 3, 1)
    comment = by_id[top]
    assert comment["author"] == {
        "handle": "@kanal2",
        "name": "Kanal 2",
        "bio": "Guru SDN 3, ASN",
        "location": "ID",
    }
    assert comment["text"] == "Menang!" and comment["reply_to"] == "Kampanye paslon 2"
    assert (comment["likes"], comment["replies"], comment["region"]) == (4, 1, "33.14")
    assert comment["url"] == f"https://www.youtube.com/watch?v={video}&lc={top}"
    assert comment["posted_at"] == "2026-11-23T06:00:00Z"
    assert by_id[answer]["reply_to"] == "Menang!"
    assert all(parse_post(post).platform == "youtube" for post in by_id.values())


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4, 5])
def test_a_kill_after_any_page_loses_and_repeats_nothing(
    make: Any, api: FakeYouTube, killed_after: int
) -> None:
    api.page = 5
    owner, guru = api.channel(1), api.channel(2)
    wanted = [api.video(n, owner, NOW - timedelta(hours=50 - n)) for n in range(12)]
    wanted += [api.comment(wanted[3], n, guru, NOW - timedelta(minutes=600 - n)) for n in range(17)]
    run = make(channels=owner, comment_videos="50")
    given = ids(run.posts(stop_after=killed_after))
    # Written while nothing ran.
    wanted += [api.video(100 + n, owner, NOW - timedelta(minutes=40 - n)) for n in range(7)]
    wanted += [
        api.comment(wanted[3], 100 + n, guru, NOW - timedelta(minutes=30 - n)) for n in range(8)
    ]
    given += ids(run.posts(stop_after=killed_after))
    for _ in range(3):
        given += ids(run.posts())
    assert set(given) == set(wanted)
    # Tokens are places in a list that has grown: only what they shift may come twice.
    assert len(given) - len(wanted) <= 7 + 8
    assert run.posts() == []


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_without_new_posts_in_between_a_kill_repeats_nothing_at_all(
    make: Any, api: FakeYouTube, killed_after: int
) -> None:
    api.page = 5
    owner = api.channel(1)
    wanted = [api.video(n, owner, NOW - timedelta(hours=50 - n)) for n in range(18)]
    run = make(channels=owner, comments="tidak")
    given = ids(run.posts(stop_after=killed_after))
    for _ in range(3):
        given += ids(run.posts())
    assert sorted(given) == sorted(wanted)


def test_search_counts_a_hundred_and_goes_on_where_it_stopped(make: Any, api: FakeYouTube) -> None:
    api.page = 5
    owner = api.channel(1)
    wanted = [api.video(n, owner, NOW - timedelta(hours=30 - n)) for n in range(12)]
    api.video(99, owner, NOW - timedelta(days=20))
    run = make(query="Kampanye", comments="tidak")
    pages = run.pages()
    assert [page.cost for page in pages] == [100 + 1 + 1]
    given = ids([post for page in pages for post in page.items])
    for _ in range(3):
        given += ids(run.posts())
    assert sorted(given) == sorted(wanted)
    asked = api.asked("search")[0]
    assert asked["publishedAfter"] == "2026-11-16T10:00:00Z"
    assert (asked["order"], asked["type"], asked["regionCode"]) == ("date", "video", "ID")


def test_a_video_that_search_shows_late_is_not_missed(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    early = api.video(1, owner, NOW - timedelta(hours=1))
    run = make(query="Kampanye", comments="tidak")
    assert ids(run.posts()) == [early]
    late = api.video(2, owner, NOW - timedelta(hours=3))
    run.now += timedelta(hours=1)
    assert ids(run.posts()) == [late]
    assert run.posts() == []


def test_nothing_new_is_asked_for_by_etag(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    video = api.video(1, owner, NOW - timedelta(hours=5))
    run = make(channels=owner)
    assert ids(run.posts()) == [video]
    before = len(api.received)
    pages = run.pages()
    assert [page.items for page in pages] == [[]]
    assert sum(page.cost for page in pages) == len(api.received) - before == 2
    assert all("if-none-match" in request.headers for request in api.received[before:])
    comment = api.comment(video, 1, owner, NOW - timedelta(minutes=1))
    assert ids(run.posts()) == [comment]


def test_replies_beyond_those_that_come_along_and_new_ones_later(
    make: Any, api: FakeYouTube
) -> None:
    owner, guru = api.channel(1), api.channel(2)
    video = api.video(1, owner, NOW - timedelta(hours=9))
    top = api.comment(video, 1, guru, NOW - timedelta(hours=8))
    replies = [api.reply(top, n, guru, NOW - timedelta(hours=7, minutes=-n)) for n in range(6)]
    run = make(videos=video)
    assert sorted(ids(run.posts())) == sorted([video, top, *replies])
    # More at once than come along with an old thread.
    later = [api.reply(top, 50 + n, guru, NOW - timedelta(minutes=20)) for n in range(4)]
    assert sorted(ids(run.posts())) == sorted(later)
    assert run.posts() == []


def test_comments_turned_off_or_a_video_gone_is_no_trouble(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    off, gone, fine = (api.video(n, owner, NOW - timedelta(hours=5)) for n in range(3))
    comment = api.comment(fine, 1, owner, NOW - timedelta(hours=4))
    api.comments_off.add(off)
    run = make(videos=f"{off},{gone},{fine}")
    video = api.videos.pop(gone)
    assert sorted(ids(run.posts())) == sorted([off, fine, comment])
    assert video["id"] == gone
    before = len(api.asked("commentThreads"))
    run.posts()
    assert len(api.asked("commentThreads")) == before + 1


def test_doubles_and_disorder_across_pages(make: Any, api: FakeYouTube) -> None:
    api.page = 4
    owner = api.channel(1)
    video = api.video(1, owner, NOW - timedelta(days=3))
    # A pinned comment stands first, though it is the oldest.
    wanted = [api.comment(video, n, owner, NOW - timedelta(hours=40 - n)) for n in range(9)]
    api.disorder["commentThreads"] = [8, 0, 1, 0, 2, 4, 3, 5, 5, 6, 7, 8]
    run = make(videos=video)
    assert sorted(ids(run.posts())) == sorted([video, *wanted])
    more = [api.comment(video, 50 + n, owner, NOW - timedelta(minutes=60 - n)) for n in range(6)]
    api.disorder["commentThreads"] = [14, *range(14)]
    assert sorted(ids(run.posts())) == sorted(more)
    del api.disorder["commentThreads"]
    assert run.posts() == []


def test_missing_and_deleted_authors(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    deleted = "UC" + "9" * 22
    video = api.video(1, owner, NOW - timedelta(hours=5))
    nobody = api.comment(video, 1, "", NOW - timedelta(hours=4))
    gone = api.comment(video, 2, deleted, NOW - timedelta(hours=4))
    by_id = {post["id"]: post for post in make(videos=video).posts()}
    assert by_id[nobody]["author"] == {}
    assert by_id[gone]["author"] == {"handle": "@999", "name": "@999"}
    assert all(parse_post(post).text for post in by_id.values())


def test_one_unreadable_comment_does_not_stop_the_page(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    video = api.video(1, owner, NOW - timedelta(hours=5))
    fine = api.comment(video, 1, owner, NOW - timedelta(hours=4))
    broken = api.comment(video, 2, owner, NOW - timedelta(hours=3))
    api.threads[video][1]["id"] = 7
    posts = make(videos=video).posts()
    assert {post["id"] for post in posts if "id" in post} == {video, fine}
    assert broken not in str(posts) and len(posts) == 3


def test_a_clock_that_is_wrong_loses_nothing(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    video = api.video(1, owner, NOW + timedelta(days=1))
    comment = api.comment(video, 1, owner, NOW + timedelta(days=2))
    odd = api.comment(video, 2, owner, NOW, publishedAt="0000-00-00")
    run = make(channels=owner)
    assert set(ids(run.posts())) == {video, comment, odd}
    more = api.comment(video, 3, owner, NOW + timedelta(minutes=5))
    assert more in ids(run.posts())


def test_looking_at_a_video_and_a_comment_again(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    video = api.video(1, owner, NOW - timedelta(hours=5))
    comment = api.comment(video, 1, owner, NOW - timedelta(hours=4))
    run = make(videos=video)
    received = {post["id"]: post for post in run.posts()}

    def look(name: str) -> Any:
        return run.collector.look(run.source, received[name])

    assert look(video) == received[video]
    assert look(comment)["text"] == received[comment]["text"]
    assert look(comment)["reply_to"] == "Kampanye 1"
    changed = {"textDisplay": "Saya tarik", "updatedAt": "2026-11-23T09:00:00Z"}
    api.threads[video][0]["snippet"].update(changed)
    assert look(comment)["text"] == "Saya tarik"
    assert look(comment)["raw"]["updated_at"] == "2026-11-23T09:00:00Z"
    api.instead.append(("comments", Reply(500, b"")))
    with pytest.raises(PlatformDown):
        look(comment)
    api.threads[video].clear()
    del api.videos[video]
    assert look(comment) is None
    assert look(video) is None
    api.instead.append(("comments", error_reply(404, "commentNotFound")))
    assert look(comment) is None
