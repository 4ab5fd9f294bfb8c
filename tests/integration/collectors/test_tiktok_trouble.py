"""What goes wrong with TikTok: tokens, errors, quotas, unreadable answers and refused settings."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.collectors.tiktok import TIKTOK
from monitor.collectors.tiktok.collector import TikTokCollector
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    Passing,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    trouble_of,
)
from tests.fakes.tiktok import KEY, SECRET, FakeTikTok, error, ok, video
from tests.http_server import Reply, json_reply
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


def test_a_token_is_used_until_it_ends_and_then_renewed(
    tiktok: TikTokCollector, platform: FakeTikTok, clock: Clock
) -> None:
    fill(platform, 35)
    platform.most = 10
    pages = tiktok.collect(source(), {})
    next(pages)
    clock.pass_by(minutes=110)
    next(pages)
    assert platform_tokens(platform) == 1
    clock.pass_by(minutes=9)
    next(pages)
    assert platform_tokens(platform) == 2


def platform_tokens(platform: FakeTikTok) -> int:
    return sum(request.path == "/v2/oauth/token/" for request in platform.received)


def test_a_token_taken_back_is_renewed_once(tiktok: TikTokCollector, platform: FakeTikTok) -> None:
    fill(platform, 15)
    platform.most = 10
    pages = tiktok.collect(source(), {})
    next(pages)
    platform.forget_tokens()
    assert len(next(pages).items) == 5
    platform.instead += [("video/query", error("access_token_invalid", 401))] * 2
    with pytest.raises(CredentialsRefused):
        run(tiktok, source())


def test_key_and_secret_never_show(tiktok: TikTokCollector, platform: FakeTikTok) -> None:
    with pytest.raises(CredentialsRefused) as told:
        run(tiktok, source(client_secret="salah"))
    assert "invalid_client" in str(told.value)
    shown = str(told.value) + "".join(request.target for request in platform.received)
    assert all(secret not in shown for secret in (KEY, SECRET, "bukan"))


@pytest.mark.parametrize("option", ["client_key", "client_secret"])
@pytest.mark.parametrize("value", ["", "tiada"])
def test_a_missing_credential_is_told(
    tiktok: TikTokCollector, platform: FakeTikTok, option: str, value: str
) -> None:
    with pytest.raises(NotConfigured):
        run(tiktok, source(**{option: value}))
    assert platform.received == []


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (error("scope_not_authorized", 401), CredentialsRefused),
        (error("scope_not_authorized"), CredentialsRefused),
        (error("invalid_params", 400), AnswerChanged),
        (error("internal_error", 500), PlatformDown),
        (error("timeout"), PlatformDown),
        (error("something_new"), AnswerChanged),
        (Reply(401, b""), CredentialsRefused),
        (Reply(403, b""), CredentialsRefused),
        (Reply(504, b"<html>Gateway Timeout</html>"), PlatformDown),
        (json_reply({"videos": []}), AnswerChanged),
        (ok({"items": []}), AnswerChanged),
        (ok({"videos": [{"aweme_id": 1}]}), AnswerChanged),
        (ok({"videos": [video(1, NOW)], "has_more": True}), AnswerChanged),
    ],
)
def test_an_error_is_told_by_its_kind_even_inside_a_200(
    tiktok: TikTokCollector, platform: FakeTikTok, reply: Reply, trouble: type[Exception]
) -> None:
    fill(platform, 3)
    platform.instead.append(("video/query", reply))
    with pytest.raises(trouble) as told:
        run(tiktok, source())
    assert "tidak boleh tampil" not in str(told.value)


@pytest.mark.parametrize("body", [b"<html>", b'{"data": {"videos": [', b""])
def test_what_is_not_json_passes_and_moves_nothing(
    tiktok: TikTokCollector, platform: FakeTikTok, body: bytes
) -> None:
    fill(platform, 3)
    platform.instead.append(("video/query", Reply(200, body)))
    with pytest.raises(Exception) as told:
        run(tiktok, source())
    assert isinstance(trouble_of(told.value), Passing)
    assert len(run(tiktok, source()).ids) == 3


def test_the_spent_day_waits_for_midnight_utc_and_loses_nothing(
    tiktok: TikTokCollector, platform: FakeTikTok, clock: Clock
) -> None:
    fill(platform, 25)
    platform.most = 10
    platform.used["2026-11-23"] = 998
    pages = tiktok.collect(source(), {})
    taken = [next(pages), next(pages)]
    with pytest.raises(QuotaSpent) as told:
        next(pages)
    assert told.value.until == datetime(2026, 11, 24, tzinfo=UTC)
    clock.now = told.value.until
    rest = run(tiktok, source(), taken[-1].cursor)
    assert sorted([p["id"] for page in taken for p in page.items] + rest.ids) == ids_of(
        platform.videos
    )


def test_a_quota_spent_among_profiles_keeps_the_page_for_later(
    tiktok: TikTokCollector, platform: FakeTikTok, clock: Clock
) -> None:
    fill(platform, 5)
    for number in range(5):
        platform.users[f"akun{number}"] = {"bio_description": "PNS"}
    platform.used["2026-11-23"] = 997
    with pytest.raises(QuotaSpent):
        run(tiktok, source(profiles="100"))
    clock.pass_by(days=1)
    later = run(tiktok, source(profiles="100"))
    assert [post["author"]["bio"] for post in later.posts] == ["PNS"] * 5


@pytest.mark.parametrize(("headers", "seconds"), [({}, 60), ({"Retry-After": "3600"}, 3600)])
def test_a_rate_limit_tells_until_when(
    tiktok: TikTokCollector, platform: FakeTikTok, headers: dict[str, str], seconds: int
) -> None:
    platform.instead.append(("video/query", error("rate_limit_exceeded", 429, **headers)))
    with pytest.raises(RateLimited) as told:
        run(tiktok, source())
    assert told.value.until == NOW + timedelta(seconds=seconds)


def test_one_unreadable_video_does_not_keep_the_others(
    tiktok: TikTokCollector, platform: FakeTikTok
) -> None:
    items = [7, {"id": "x"}, {"id": 5}, video(1, NOW), video(1, NOW), video(2, NOW)]
    platform.instead.append(("video/query", ok({"videos": items, "has_more": False})))
    assert run(tiktok, source()).ids == ["7300000000000000001", "7300000000000000002"]


def test_a_source_without_words_is_told(tiktok: TikTokCollector) -> None:
    with pytest.raises(NotConfigured):
        run(tiktok, source(keywords=""))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accounts", "dua kata"),
        ("country", "Indonesia"),
        ("country", "ID,MY"),
        ("profiles", "901"),
        ("days", "0"),
        ("keywords", "a"),
    ],
)
def test_options_are_checked(name: str, value: str) -> None:
    option = next(option for option in TIKTOK.options if option.name == name)
    assert option.check is not None
    with pytest.raises(ValueError):
        option.check(value)


def test_the_kind_waits_for_an_agreement_and_runs_once_an_hour_at_most() -> None:
    assert TIKTOK.needs_agreement
    assert TIKTOK.least_seconds == 3600
