"""What the YouTube collector does with spent quota, refusals and wrong settings."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.base import Page
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    SourceGone,
)
from monitor.collectors.youtube import YOUTUBE
from monitor.collectors.youtube.client import next_pacific_midnight
from tests.fakes.youtube import KEY, FakeYouTube, error_reply
from tests.http_server import Reply, json_reply
from tests.integration.collectors.youtube_steps import NOW, api, ids, make, net

# The fixtures that pytest finds here by their names.
__all__ = ["api", "make", "net"]

MIDNIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_videos_take_turns_so_that_a_spent_quota_starves_none(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    videos = [api.video(n, owner, NOW - timedelta(hours=5)) for n in range(6)]
    wanted = [api.comment(v, n, owner, NOW - timedelta(hours=4)) for n, v in enumerate(videos)]
    run = make(videos=" ".join(videos), comment_videos="2")
    given: list[str] = []
    for _ in range(3):
        given += ids(run.posts())
        run.now += timedelta(minutes=15)
    assert set(wanted) <= set(given)


@pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
def test_a_spent_quota_waits_for_midnight_in_california(
    make: Any, api: FakeYouTube, reason: str
) -> None:
    owner = api.channel(1)
    video = api.video(1, owner, NOW - timedelta(hours=5))
    run = make(videos=video)
    api.instead.append(("commentThreads", error_reply(403, reason)))
    trouble = run.trouble()
    assert isinstance(trouble, QuotaSpent) and trouble.until == MIDNIGHT
    # What came before is kept, and nothing is lost by the wait.
    assert video in run.cursor["videos"]
    comment = api.comment(video, 1, owner, NOW - timedelta(hours=4))
    assert ids(run.posts()) == [comment]


def test_midnight_follows_summer_time() -> None:
    assert next_pacific_midnight(datetime(2026, 7, 1, 12, tzinfo=UTC)).hour == 7
    assert next_pacific_midnight(MIDNIGHT) == MIDNIGHT + timedelta(days=1)


def test_a_search_without_quota_does_not_keep_comments_away(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    video = api.video(1, owner, NOW - timedelta(hours=5))
    run = make(videos=video, query="Kampanye")
    api.instead.append(("search", error_reply(403, "quotaExceeded")))
    pages: list[Page] = []
    with pytest.raises(QuotaSpent):
        for page in run.collector.collect(run.source, {}):
            pages.append(page)
    assert [item["id"] for page in pages for item in page.items] == [video]
    assert sum(page.cost for page in pages) == 100 + 2 + 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error_reply(400, "keyInvalid"), CredentialsRefused),
        (
            json_reply({"error": {"details": [{"reason": "API_KEY_INVALID"}]}}, 400),
            CredentialsRefused,
        ),
        (error_reply(401, "authError"), CredentialsRefused),
        (error_reply(403, "forbidden"), CredentialsRefused),
        (error_reply(403, "accessNotConfigured"), NotConfigured),
        (error_reply(400, "processingFailure"), PlatformDown),
        (error_reply(400, "invalidFilters"), AnswerChanged),
        (Reply(503, b"<html>"), PlatformDown),
        (Reply(200, b"<!doctype html><p>captive portal"), PlatformDown),
        (Reply(200, b'{"items": [{"id": "rahas'), PlatformDown),
        (json_reply({"daftar": []}), AnswerChanged),
        (json_reply([]), AnswerChanged),
        (json_reply({"items": [{"nomor": 1}, {"nomor": 2}]}), AnswerChanged),
    ],
)
def test_refusals_are_told_apart(
    make: Any, api: FakeYouTube, reply: Reply, kind: type[Exception]
) -> None:
    video = api.video(1, api.channel(1), NOW - timedelta(hours=5))
    run = make(videos=video)
    api.instead.append(("videos", reply))
    trouble = run.trouble()
    assert KEY not in trouble.detail and "rahas" not in trouble.detail
    assert type(trouble) is kind
    assert ids(run.posts()) == [video]


def test_a_rate_limit_tells_until_when(make: Any, api: FakeYouTube) -> None:
    run = make(videos=api.video(1, api.channel(1), NOW))
    for reply, wait in (
        (error_reply(429, "rateLimitExceeded", **{"Retry-After": "90"}), 90),
        (error_reply(403, "userRateLimitExceeded"), 60),
    ):
        api.instead.append(("videos", reply))
        trouble = run.trouble()
        assert isinstance(trouble, RateLimited)
        assert trouble.until == NOW + timedelta(seconds=wait)


def test_a_refused_request_is_counted_too(make: Any, api: FakeYouTube) -> None:
    run = make(query="Kampanye")
    api.instead.append(("search", error_reply(400, "processingFailure")))
    pages: list[Page] = []
    with pytest.raises(PlatformDown):
        pages.extend(run.collector.collect(run.source, {}))
    # `extend` keeps what came before the trouble.
    assert [page.cost for page in pages] == [100]


def test_a_page_token_that_is_no_longer_taken_begins_the_walk_anew(
    make: Any, api: FakeYouTube
) -> None:
    api.page = 5
    owner = api.channel(1)
    wanted = [api.video(n, owner, NOW - timedelta(hours=50 - n)) for n in range(12)]
    run = make(channels=owner, comments="tidak")
    given = ids(run.posts(stop_after=1))
    api.instead.append(("playlistItems", error_reply(400, "invalidPageToken")))
    given += ids(run.posts())
    assert set(given) == set(wanted)
    assert run.posts() == []


def test_channels_that_are_gone(make: Any, api: FakeYouTube) -> None:
    owner = api.channel(1)
    video = api.video(1, owner, NOW - timedelta(hours=5))
    assert ids(make(channels=f"@hilang {owner}").posts()) == [video]
    assert isinstance(make(channels="@hilang").trouble(), SourceGone)


def test_a_missing_key_is_told_and_a_key_is_never_in_an_address(
    make: Any, api: FakeYouTube, tmp_path: Path
) -> None:
    run = make(videos=api.video(1, api.channel(1), NOW))
    run.posts()
    assert all(KEY not in request.target for request in api.received)
    (tmp_path / "youtube").unlink()
    trouble = run.trouble()
    assert isinstance(trouble, NotConfigured) and "youtube" in trouble.detail
    assert isinstance(make().trouble(), NotConfigured)


def test_options_are_checked() -> None:
    checks = {option.name: option.check for option in YOUTUBE.options if option.check}
    assert checks["channels"]("@kanal1, UC" + "a" * 22)
    for name, wrong in (
        ("channels", "https://youtube.com/@x"),
        ("videos", "pendek"),
        ("history_days", "0"),
        ("region_code", "Indonesia"),
        ("comments", "mungkin"),
    ):
        with pytest.raises(ValueError):
            checks[name](wrong)
