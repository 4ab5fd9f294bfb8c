"""Instagram accounts and hashtags through a server that answers as Meta documents it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.post import parse_post
from monitor.collectors.meta import INSTAGRAM
from monitor.collectors.meta.instagram import InstagramCollector
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    Passing,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    SourceGone,
)
from monitor.domain import Source
from tests.fakes.meta import FakeMeta, at, fake_meta, graph_error, hashtag_id
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
def instagram(meta: FakeMeta, clock: Clock, tmp_path: Path) -> Iterator[InstagramCollector]:
    with meta_tools(tmp_path, clock) as tools:
        yield InstagramCollector(tools, host=meta.url)


def instagram_source(**options: str) -> Source:
    return source_of("instagram", user_id="17841405309211844", **options)


def media(number: int, moment: datetime = NOW, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(18_000_000 + number),
        "caption": f"unggahan {number} #pilkada",
        "media_type": "IMAGE",
        "permalink": f"https://www.instagram.com/p/{number}/",
        "timestamp": at(moment),
        "like_count": 4,
        "comments_count": 1,
        **fields,
    }


def account(meta: FakeMeta, name: str, count: int, step: int = 1) -> None:
    meta.accounts[name] = {
        "id": "17841401441775531",
        "username": name,
        "name": "Budi Santoso",
        "biography": "Guru SDN 3 Sragen",
    }
    first = len(meta.media) * 100
    meta.media[name] = [media(first + n, NOW - timedelta(minutes=n * step)) for n in range(count)]


def test_media_of_an_account_carry_its_bio(instagram: InstagramCollector, meta: FakeMeta) -> None:
    account(meta, "budi.guru", 1)
    post = run(instagram, instagram_source(accounts="@budi.guru"), {}).posts[0]
    assert post == {
        "id": "18000000",
        "platform": "instagram",
        "text": "unggahan 0 #pilkada",
        "author": {"handle": "budi.guru", "name": "Budi Santoso", "bio": "Guru SDN 3 Sragen"},
        "url": "https://www.instagram.com/p/0/",
        "posted_at": "2026-11-23T04:00:00+0000",
        "likes": 4,
        "replies": 1,
        "region": "33.14",
        "raw": {"media_type": "IMAGE"},
    }
    assert parse_post(post).author.bio == "Guru SDN 3 Sragen"


def test_media_of_a_hashtag_come_without_owner(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    meta.hashtags["pilkada"] = [media(1)]
    post = run(instagram, instagram_source(hashtags="#pilkada"), {}).posts[0]
    assert "author" not in post
    assert post["text"] == "unggahan 1 #pilkada"


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4, 5, 6])
def test_killed_after_any_page_every_post_comes_exactly_once(
    instagram: InstagramCollector, meta: FakeMeta, clock: Clock, killed_after: int
) -> None:
    account(meta, "budi.guru", 5)
    account(meta, "siti", 3)
    meta.hashtags["pilkada"] = [media(500 + n, NOW - timedelta(minutes=n)) for n in range(5)]
    meta.most = 2
    source = instagram_source(accounts="budi.guru,siti", hashtags="pilkada")
    killed = run(instagram, source, {}, killed_after)
    clock.pass_by(minutes=10)
    meta.hashtags["pilkada"].append(media(600, clock.now))
    resumed = run(instagram, source, killed.cursor)
    again = run(instagram, source, resumed.cursor)
    lists = [*meta.media.values(), *meta.hashtags.values()]
    everything = [item["id"] for items in lists for item in items]
    assert sorted(killed.ids + resumed.ids + again.ids) == sorted(everything)


def test_an_expired_cursor_of_an_account_begins_again(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    account(meta, "budi.guru", 5)
    meta.most = 2
    source = instagram_source(accounts="budi.guru")
    killed = run(instagram, source, {}, 1)
    meta.expired.add("c2")
    resumed = run(instagram, source, killed.cursor, 1)
    meta.expired.clear()
    rest = run(instagram, source, resumed.cursor)
    assert sorted(killed.ids + rest.ids) == sorted(item["id"] for item in meta.media["budi.guru"])


def test_an_account_without_media_gives_an_empty_page(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    account(meta, "budi.guru", 0)
    assert [p.items for p in run(instagram, instagram_source(accounts="budi.guru"), {}).pages] == [
        []
    ]


def test_a_hashtag_is_searched_for_once_only(
    instagram: InstagramCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.hashtags["pilkada"] = [media(1)]
    source = instagram_source(hashtags="pilkada")
    first = run(instagram, source, {})
    clock.pass_by(hours=1)
    meta.hashtags["pilkada"].append(media(2, clock.now))
    second = run(instagram, source, first.cursor)
    assert second.ids == ["18000002"]
    assert len(meta.asked("ig_hashtag_search")) == 1


def test_hashtag_media_out_of_order_lose_nothing(
    instagram: InstagramCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.hashtags["pilkada"] = [media(9)]
    source = instagram_source(hashtags="pilkada")
    first = run(instagram, source, {})
    clock.pass_by(minutes=30)
    # One was posted before the first run, but is only listed now.
    late, new = media(1, NOW - timedelta(hours=2)), media(2, clock.now)
    meta.instead.append(("/recent_media", json_reply({"data": [late, new, late]})))
    assert sorted(run(instagram, source, first.cursor).ids) == ["18000001", "18000002"]


def test_a_day_without_a_run_is_a_gap(
    instagram: InstagramCollector, meta: FakeMeta, clock: Clock
) -> None:
    meta.hashtags["pilkada"] = [media(1)]
    source = instagram_source(hashtags="pilkada")
    first = run(instagram, source, {})
    assert first.pages[0].gap_since is None
    # Quiet for a day and read in between: nothing was missed.
    clock.pass_by(hours=20)
    second = run(instagram, source, first.cursor)
    clock.pass_by(hours=20)
    third = run(instagram, source, second.cursor)
    assert {page.gap_since for page in (*second.pages, *third.pages)} == {None}
    read_last = clock.now
    clock.pass_by(hours=30)
    fourth = run(instagram, source, third.cursor)
    assert fourth.pages[0].gap_since == read_last
    clock.pass_by(hours=1)
    assert run(instagram, source, fourth.cursor).pages[0].gap_since is None


def test_the_thirty_first_hashtag_of_a_week_waits_for_the_first_to_fall_out(
    instagram: InstagramCollector, meta: FakeMeta, clock: Clock
) -> None:
    tags = [f"tagar{number:02}" for number in range(31)]
    meta.hashtags = {tag: [media(n, NOW)] for n, tag in enumerate(tags)}
    cursor = run(instagram, instagram_source(hashtags=",".join(tags[:15])), {}).cursor
    clock.pass_by(days=1)
    cursor = run(instagram, instagram_source(hashtags=",".join(tags[15:30])), cursor).cursor
    clock.pass_by(days=1)
    before = len(meta.asked("ig_hashtag_search"))
    with pytest.raises(QuotaSpent) as told:
        run(instagram, instagram_source(hashtags=tags[30]), cursor)
    assert told.value.until == NOW + timedelta(days=7)
    assert len(meta.asked("ig_hashtag_search")) == before == 30
    # A hashtag already asked for stays free, and a week later the new one is.
    assert run(instagram, instagram_source(hashtags=tags[3]), cursor).pages
    clock.pass_by(days=5, seconds=1)
    assert run(instagram, instagram_source(hashtags=tags[30]), cursor).pages


def test_a_spent_hashtag_quota_does_not_stop_the_accounts(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    account(meta, "budi.guru", 1)
    meta.instead.append(("ig_hashtag_search", graph_error(18, 2207034)))
    collected: list[str] = []
    source = instagram_source(accounts="budi.guru", hashtags="pilkada")
    with pytest.raises(QuotaSpent) as told:
        for page in instagram.collect(source, {}):
            collected += [post["id"] for post in page.items]
    assert collected == ["18000000"]
    assert told.value.until == NOW + timedelta(days=1)


def test_unknown_accounts_and_hashtags_are_told_by_name(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    account(meta, "budi.guru", 1)
    source = instagram_source(accounts="hilang,budi.guru", hashtags="takada")
    with pytest.raises(SourceGone, match="2 dari 3 bermasalah \\(@hilang, #takada\\)"):
        run(instagram, source, {})


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (graph_error(190, 463, 401), CredentialsRefused),
        (graph_error(10, 0, 403), CredentialsRefused),
        (Reply(401, b""), CredentialsRefused),
        (Reply(500, b"<html>"), PlatformDown),
        (graph_error(80002, 0, 403), RateLimited),
        (Reply(429, b"", {"Retry-After": "60"}), RateLimited),
        (json_reply({"id": "1"}), AnswerChanged),
        (json_reply({"business_discovery": {"media": {"data": [{"pk": 1}]}}}), AnswerChanged),
    ],
)
def test_an_error_is_told_by_its_kind(
    instagram: InstagramCollector, meta: FakeMeta, reply: Reply, trouble: type[Exception]
) -> None:
    account(meta, "budi.guru", 1)
    meta.instead.append(("business_discovery", reply))
    with pytest.raises(trouble):
        run(instagram, instagram_source(accounts="budi.guru"), {})


def test_missing_profile_fields_leave_the_name_asked_for(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    account(meta, "budi.guru", 1)
    meta.accounts["budi.guru"] = {"id": "1"}
    post = run(instagram, instagram_source(accounts="budi.guru"), {}).posts[0]
    assert post["author"] == {"handle": "budi.guru"}


def test_a_cursor_with_foreign_signs_never_reaches_the_field_expression(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    account(meta, "budi.guru", 1)
    edge = {"data": meta.media["budi.guru"], "paging": {"cursors": {"after": "x){id}"}}}
    answer = {"business_discovery": {**meta.accounts["budi.guru"], "media": edge}}
    meta.instead.append(("business_discovery", json_reply(answer)))
    assert len(run(instagram, instagram_source(accounts="budi.guru"), {}).pages) == 1


def test_look_tells_present_edited_and_gone(instagram: InstagramCollector, meta: FakeMeta) -> None:
    account(meta, "budi.guru", 3)
    source = instagram_source(accounts="budi.guru")
    post = run(instagram, source, {}).post("18000001")
    assert instagram.look(source, post) == post
    meta.media["budi.guru"][1]["caption"] = "disunting"
    edited = instagram.look(source, post)
    assert edited is not None and edited["text"] == "disunting"
    del meta.media["budi.guru"][1]
    assert instagram.look(source, post) is None


def test_look_past_what_can_be_read_is_not_a_removal(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    account(meta, "budi.guru", 1)
    source = instagram_source(accounts="budi.guru")
    post = run(instagram, source, {}).posts[0]
    meta.media["budi.guru"] = [media(50 + n, NOW + timedelta(minutes=n)) for n in range(20)]
    meta.most = 2
    with pytest.raises(Passing):
        instagram.look(source, post)


def test_look_has_no_way_to_a_hashtag_post(instagram: InstagramCollector, meta: FakeMeta) -> None:
    meta.hashtags["pilkada"] = [media(1)]
    source = instagram_source(hashtags="pilkada")
    with pytest.raises(Passing):
        instagram.look(source, run(instagram, source, {}).posts[0])


def test_a_source_without_accounts_and_hashtags_is_told(instagram: InstagramCollector) -> None:
    with pytest.raises(NotConfigured):
        run(instagram, instagram_source(), {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hashtags", ",".join(f"tagar{n}" for n in range(31))),
        ("hashtags", "pilkada🗳"),
        ("accounts", "budi){id}"),
        ("user_id", "abc"),
    ],
)
def test_options_are_checked(name: str, value: str) -> None:
    option = next(option for option in INSTAGRAM.options if option.name == name)
    assert option.check is not None
    with pytest.raises(ValueError):
        option.check(value)


def test_the_hashtag_number_is_the_one_searched_for(
    instagram: InstagramCollector, meta: FakeMeta
) -> None:
    meta.hashtags["pilkada"] = [media(1)]
    run(instagram, instagram_source(hashtags="pilkada"), {})
    assert meta.asked(f"/{hashtag_id('pilkada')}/recent_media?user_id=17841405309211844")
    assert INSTAGRAM.needs_agreement
