"""The X collector against a local server that answers as X's documentation says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.post import TEXT_LIMIT, parse_post
from monitor.collectors.base import Tools
from monitor.collectors.trouble import NotConfigured, SourceGone
from monitor.collectors.x import XCollector
from tests.fakes.x import PROBLEMS, TOKEN, FakeX, post, user
from tests.http_server import Reply, json_reply
from tests.integration.collectors.walk_steps import ids, until_trouble
from tests.integration.collectors.x_steps import (
    NOW,
    SEARCH,
    SOURCE,
    TIMELINE,
    collector,
    fake,
    make_source,
    net,
    run,
    tools,
)

# The fixtures that pytest finds here by their names.
__all__ = ["collector", "fake", "net", "tools"]


def test_first_page_is_mapped(collector: XCollector, fake: FakeX) -> None:
    media = {"media_key": "3_1", "type": "photo", "alt_text": "Spanduk paslon 02"}
    fake.includes = {
        "tweets": [{"id": "90", "text": "Siapa pilihanmu?"}],
        "media": [media],
    }
    fake.posts = [
        post(
            100,
            attachments={"media_keys": ["3_1"]},
            referenced_tweets=[{"type": "replied_to", "id": "90"}],
        )
    ]

    items, _ = run(collector, {}, make_source(region="33.14", query="pilkada"))

    (item,) = items
    parsed = parse_post(item)
    assert parsed.id == "100" and parsed.platform == "x" and parsed.text == "unggahan 100"
    assert parsed.author.handle == "akun7" and parsed.author.name == "Akun 7"
    assert parsed.author.bio == "Guru SDN 3" and parsed.author.location == "Sragen"
    assert parsed.url == "https://x.com/akun7/status/100"
    assert parsed.posted_at == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert item["posted_at"] == "2026-11-23T03:00:00.000Z"
    assert parsed.media_alt == "Spanduk paslon 02" and parsed.reply_to == "Siapa pilihanmu?"
    assert (parsed.shares, parsed.likes, parsed.replies, parsed.views) == (3, 5, 3, 90)
    assert parsed.region == "33.14"


def test_asks_for_bio_and_location_and_hides_the_token_from_the_address(
    collector: XCollector, fake: FakeX
) -> None:
    fake.posts = [post(1)]
    run(collector, {})
    (query,) = fake.queries(SEARCH)
    assert {"description", "location"} <= set(query["user.fields"].split(","))
    assert {"author_id", "referenced_tweets.id"} <= set(query["expansions"].split(","))
    assert all(TOKEN not in one.target for one in fake.server.received)


def test_pages_until_no_token_is_left_and_counts_posts_as_cost(
    collector: XCollector, fake: FakeX
) -> None:
    fake.posts = [post(number) for number in range(1, 9)]
    pages = list(collector.collect(SOURCE, {}))
    assert [len(page.items) for page in pages] == [3, 3, 2]
    assert [page.cost for page in pages] == [3, 3, 2]
    assert sorted(int(one["id"]) for page in pages for one in page.items) == list(range(1, 9))
    assert pages[-1].cursor["search"]["since"] == "8"


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_killed_run_goes_on_without_gap_or_double(
    collector: XCollector, fake: FakeX, killed_after: int
) -> None:
    fake.posts = [post(number) for number in range(1, 9)]
    first, cursor = run(collector, {}, pages=killed_after)
    # New posts arrive while nobody runs.
    fake.posts += [post(number) for number in range(9, 14)]
    second, cursor = run(collector, cursor)
    assert sorted(map(int, ids(first + second))) == list(range(1, 14))
    third, _ = run(collector, cursor)
    assert third == []


def test_since_moves_only_when_the_walk_has_reached_it(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(number) for number in range(1, 4)]
    _, cursor = run(collector, {})
    fake.posts += [post(number) for number in range(4, 12)]
    _, cursor = run(collector, cursor, pages=1)
    assert cursor["search"]["since"] == "3" and cursor["search"]["newest"] == "11"
    _, cursor = run(collector, cursor)
    assert cursor["search"] == {"query": "pilkada", "since": "11"}


def test_empty_page_keeps_the_place(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(5)]
    _, cursor = run(collector, {})
    pages = list(collector.collect(SOURCE, cursor))
    assert [(page.items, page.cost) for page in pages] == [([], 0)]
    assert pages[0].cursor["search"]["since"] == "5"
    assert fake.queries(SEARCH)[-1]["since_id"] == "5"


def test_first_run_takes_no_more_than_asked_for(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(number) for number in range(1, 30)]
    source = make_source(query="pilkada", first_posts="6")
    items, cursor = run(collector, {}, source)
    assert len(items) == 6
    again, _ = run(collector, cursor, source)
    assert again == []


def test_another_query_starts_anew(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(5)]
    _, cursor = run(collector, {})
    items, _ = run(collector, cursor, make_source(query="caleg"))
    assert ids(items) == ["5"] and "since_id" not in fake.queries(SEARCH)[-1]


def test_too_old_since_is_told_as_a_gap(collector: XCollector, fake: FakeX) -> None:
    # Snowflake of 2026-11-10T00:00:00Z.
    lost = datetime(2026, 11, 10, tzinfo=UTC)
    started = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
    old = ((lost - started) // timedelta(milliseconds=1)) << 22
    fake.posts = [post(old + number) for number in range(1, 6)]
    fake.oldest_since = old + 1
    cursor = {"search": {"query": "pilkada", "since": str(old)}}
    pages = list(collector.collect(SOURCE, cursor))
    assert [page.gap_since for page in pages] == [lost, None]
    assert sum(len(page.items) for page in pages) == 5


def test_void_page_token_starts_the_same_walk_again(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(number) for number in range(1, 5)]
    stored = {"search": {"query": "pilkada", "since": "1", "token": "basi", "newest": "4"}}
    items, cursor = run(collector, stored)
    assert set(ids(items)) == {"2", "3", "4"} and cursor["search"]["since"] == "4"


def test_duplicate_and_out_of_order_posts_do_no_harm(collector: XCollector, fake: FakeX) -> None:
    def page(*numbers: int, **meta: Any) -> Reply:
        data = [post(number) for number in numbers]
        return json_reply({"data": data, "meta": {"result_count": len(data), **meta}})

    fake.first = [page(3, 9, 4, next_token="t-9-3"), page(4, 3, 2, next_token="t-9-3")]
    items, cursor = run(collector, {})
    assert set(ids(items)) == {"2", "3", "4", "9"}
    # The same token twice ends the walk instead of going in a circle.
    assert len(fake.queries(SEARCH)) == 2 and cursor["search"]["since"] == "9"


def test_long_text_comes_whole_and_fits_the_contract(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [
        post(1, text="Saya ASN…", note_tweet={"text": "Saya ASN dan memilih paslon 02"}),
        post(2, note_tweet={"text": "a" * 25_000}),
    ]
    items, _ = run(collector, {})
    assert items[1]["text"] == "Saya ASN dan memilih paslon 02"
    assert len(parse_post(items[0]).text) == TEXT_LIMIT
    assert items[0]["raw"]["full_length"] == 25_000


def test_edited_post_keeps_its_first_id(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(52, edit_history_tweet_ids=["50", "51", "52"])]
    items, cursor = run(collector, {})
    assert ids(items) == ["50"] and items[0]["raw"]["version_id"] == "52"
    # The place to go on from is X's own newest id.
    assert cursor["search"]["since"] == "52"


def test_repost_is_a_share_with_the_full_text(collector: XCollector, fake: FakeX) -> None:
    fake.includes = {
        "tweets": [post(40, author=8, text="Pilih paslon 02 sampai tuntas")],
        "users": [user(8)],
    }
    fake.posts = [
        post(
            60, text="RT @akun8: Pilih pas…", referenced_tweets=[{"type": "retweeted", "id": "40"}]
        )
    ]
    (item,), _ = run(collector, {})
    assert item["id"] == "share:40:7" and item["action"] == "share"
    assert item["text"] == "Pilih paslon 02 sampai tuntas"
    assert item["author"]["handle"] == "akun7"
    assert item["of"]["author"]["handle"] == "akun8"
    assert item["of"]["url"] == "https://x.com/akun8/status/40"


def test_quotation_carries_the_words_it_quotes(collector: XCollector, fake: FakeX) -> None:
    fake.includes = {"tweets": [post(40, text="Coblos 01")]}
    fake.posts = [post(61, referenced_tweets=[{"type": "quoted", "id": "40"}])]
    (item,), _ = run(collector, {})
    assert item["reply_to"] == "Coblos 01" and "action" not in item


def test_missing_and_deleted_authors_stay_readable(collector: XCollector, fake: FakeX) -> None:
    fake.users = {"7": {"id": "7", "username": "tanpabio"}}
    fake.posts = [post(1), post(2, author=404), post(3, author_id=None)]
    items, _ = run(collector, {})
    authors = {item["id"]: parse_post(item).author for item in items}
    assert authors["1"].handle == "tanpabio" and authors["1"].bio == ""
    assert authors["2"].handle == "" and authors["3"].handle == ""
    assert next(one for one in items if one["id"] == "2")["url"] == "https://x.com/i/status/2"


def test_one_unreadable_post_does_not_stop_the_page(collector: XCollector, fake: FakeX) -> None:
    data = [post(3), {"id": 5}, "bukan objek", {"text": "tanpa id"}, post(1)]
    fake.first = [json_reply({"data": data, "meta": {"result_count": 5}})]
    items, _ = run(collector, {})
    assert ids(items) == ["3", "1"]


def test_clock_skew_changes_nothing(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(1, created_at="2031-01-01T00:00:00.000Z"), post(2, created_at="kemarin")]
    items, _ = run(collector, {})
    assert {item["posted_at"] for item in items} == {"2031-01-01T00:00:00.000Z", "kemarin"}
    assert all(parse_post(item) for item in items)


def test_partial_errors_leave_the_posts(collector: XCollector, fake: FakeX) -> None:
    error = {"resource_id": "90", "type": PROBLEMS + "resource-not-found"}
    fake.first = [json_reply({"data": [post(1)], "errors": [error], "meta": {"result_count": 1}})]
    items, _ = run(collector, {})
    assert ids(items) == ["1"]


def test_timelines_of_accounts_by_stable_id(collector: XCollector, fake: FakeX) -> None:
    fake.users["8"] = user(8)
    fake.posts = [*(post(number) for number in range(1, 6)), post(20, author=8)]
    source = make_source(accounts="@Akun7, akun8")
    items, cursor = run(collector, {}, source)
    assert sorted(map(int, ids(items))) == [1, 2, 3, 4, 5, 20]
    fake.posts.append(post(30))
    items, _ = run(collector, cursor, source)
    assert ids(items) == ["30"]
    assert len(fake.queries("/2/users/by")) == 1
    assert fake.queries(TIMELINE)[-1]["since_id"] == "5"
    assert fake.queries(TIMELINE)[1]["pagination_token"]


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4])
def test_killed_between_accounts_loses_nothing(
    collector: XCollector, fake: FakeX, killed_after: int
) -> None:
    fake.users["8"] = user(8)
    fake.posts = [post(number, author=7 + number % 2) for number in range(1, 11)]
    source = make_source(accounts="akun7 akun8")
    first, cursor = run(collector, {}, source, pages=killed_after)
    second, _ = run(collector, cursor, source)
    assert sorted(map(int, ids(first + second))) == list(range(1, 11))


def test_missing_account_is_told_once_and_the_others_go_on(tools: Tools, fake: FakeX) -> None:
    fake.posts = [post(1)]
    source = make_source(accounts="akun7,hilang")
    pages, trouble = until_trouble(XCollector(tools, fake.server.url).collect(source, {}))
    assert isinstance(trouble, SourceGone) and "@hilang" in trouble.detail
    assert "akun7" not in trouble.detail
    assert ids([item for page in pages for item in page.items]) == ["1"]
    cursor = pages[-1].cursor
    run(XCollector(tools, fake.server.url), cursor, source)
    assert len(fake.queries("/2/users/by")) == 1
    # A day later it is asked about again, and found.
    fake.users["9"] = user(9, username="hilang")
    fake.posts.append(post(2, author=9))
    later = Tools(tools.net, tools.credentials, lambda: NOW + timedelta(days=1))
    items, _ = run(XCollector(later, fake.server.url), cursor, source)
    assert ids(items) == ["2"]


def test_protected_and_suspended_accounts_are_left_alone(
    collector: XCollector, fake: FakeX
) -> None:
    fake.users["7"]["protected"] = True
    pages, trouble = until_trouble(collector.collect(make_source(accounts="akun7"), {}))
    assert isinstance(trouble, SourceGone) and fake.queries(TIMELINE) == []

    fake.users["7"]["protected"] = False
    closed = {"errors": [{"resource_id": "7", "type": PROBLEMS + "not-authorized-for-resource"}]}
    fake.instead[TIMELINE] = json_reply(closed)
    pages, trouble = until_trouble(collector.collect(make_source(accounts="akun7"), {}))
    assert isinstance(trouble, SourceGone)
    assert "akun7" in pages[-1].cursor["gone"]


def test_likes_and_reposts_become_acts(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(1)]
    fake.likers["1"] = [user(8), {"name": "tanpa id"}]
    fake.reposters["1"] = [user(9)]
    source = make_source(query="pilkada", likes="ya", reposts="ya")
    items, _ = run(collector, {}, source)
    like, share = items[1:]
    assert like["id"] == "like:1:8" and like["action"] == "like"
    assert like["author"]["bio"] == "Guru SDN 3" and like["text"] == "unggahan 1"
    assert like["of"] == {"author": items[0]["author"], "url": "https://x.com/akun7/status/1"}
    assert share["id"] == "share:1:9" and share["action"] == "share"
    assert all(parse_post(item) for item in items)


def test_fan_out_is_bounded_and_off_by_default(collector: XCollector, fake: FakeX) -> None:
    fake.page_size = 50
    fake.posts = [post(number, public_metrics={"like_count": number}) for number in range(1, 30)]
    run(collector, {})
    assert not [path for path in fake.server.paths() if path.endswith("liking_users")]
    run(collector, {}, make_source(query="pilkada", likes="ya"))
    asked = [path for path in fake.server.paths() if path.endswith("liking_users")]
    assert asked == [f"/2/tweets/{number}/liking_users" for number in (29, 28, 27, 26, 25)]


def test_plan_without_likes_keeps_the_posts_and_tells_at_the_end(
    collector: XCollector, fake: FakeX
) -> None:
    fake.posts = [post(number) for number in range(1, 6)]
    refused = json_reply({"title": "Client Forbidden", "type": PROBLEMS + "client-forbidden"}, 403)
    fake.instead = {f"/2/tweets/{number}/liking_users": refused for number in range(1, 6)}
    source = make_source(query="pilkada", likes="ya")
    pages, trouble = until_trouble(collector.collect(source, {}))
    assert sum(len(page.items) for page in pages) == 5
    assert isinstance(trouble, NotConfigured) and "likes=tidak" in trouble.detail
    assert len([path for path in fake.server.paths() if "liking_users" in path]) == 1


def test_limited_likes_do_not_stop_the_posts(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(1)]
    fake.instead = {"/2/tweets/1/liking_users": json_reply({"title": "Too Many"}, 429)}
    items, _ = run(collector, {}, make_source(query="pilkada", likes="ya"))
    assert ids(items) == ["1"]
