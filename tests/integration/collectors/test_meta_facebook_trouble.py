"""What goes wrong with Facebook pages: errors, limits, changed answers and refused settings."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.collectors.meta import FACEBOOK
from monitor.collectors.meta.facebook import FacebookCollector
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NeedsPerson,
    NotConfigured,
    Passing,
    PlatformDown,
    RateLimited,
    SourceGone,
    trouble_of,
)
from monitor.errors import UnexpectedAnswer
from tests.fakes.meta import TOKEN, FakeMeta, graph_error
from tests.http_server import Reply, json_reply
from tests.integration.collectors.meta_steps import NOW, Clock, clock, facebook, meta, pages, run

# Fixtures, which pytest finds under these names.
__all__ = ["clock", "facebook", "meta"]


def test_a_cursor_refused_within_a_run_is_told(facebook: FacebookCollector, meta: FakeMeta) -> None:
    meta.page("disdik", 12, NOW)
    meta.most = 4
    meta.expired.add("c4")
    with pytest.raises(AnswerChanged):
        run(facebook, pages("disdik"), {})


def test_one_unreadable_post_does_not_keep_the_others(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 3, NOW)
    broken = [{"id": 5}, "teks", {"id": "100_9"}, *meta.posts["disdik"]]
    meta.instead.append(("/posts", json_reply({"data": broken})))
    assert len(run(facebook, pages("disdik"), {}).ids) == 3


@pytest.mark.parametrize(
    "body",
    [
        {"items": []},
        {"data": {"0": "x"}},
        {"data": [{"post_id": "1", "created": "2026-11-23T04:00:00+0000"}]},
        [1, 2],
    ],
)
def test_renamed_fields_are_told_and_nothing_is_skipped(
    facebook: FacebookCollector, meta: FakeMeta, body: Any
) -> None:
    meta.page("disdik", 1, NOW)
    meta.instead.append(("/posts", json_reply(body)))
    with pytest.raises(AnswerChanged):
        run(facebook, pages("disdik"), {})


@pytest.mark.parametrize(
    ("reply", "trouble", "words"),
    [
        (graph_error(190, 463, 401), CredentialsRefused, "Masa berlaku token habis"),
        (graph_error(190, 460, 400), CredentialsRefused, "Kata sandi"),
        (graph_error(10, 0, 403), CredentialsRefused, "izin"),
        (graph_error(200, 0, 403), CredentialsRefused, "izin"),
        (graph_error(368), NeedsPerson, "memblokir"),
        (graph_error(2, 0, 503), PlatformDown, "kode 2"),
        (Reply(401, b"<html>no</html>"), CredentialsRefused, "401"),
        (Reply(403, b"no"), CredentialsRefused, "403"),
        (Reply(502, b"<html>Bad gateway</html>"), PlatformDown, "502"),
        (graph_error(12345), AnswerChanged, "12345"),
    ],
)
def test_an_error_is_told_by_its_kind_without_metas_words(
    facebook: FacebookCollector,
    meta: FakeMeta,
    reply: Reply,
    trouble: type[Exception],
    words: str,
) -> None:
    meta.page("disdik", 1, NOW)
    meta.instead.append(("/posts", reply))
    with pytest.raises(trouble, match=words) as told:
        run(facebook, pages("disdik"), {})
    assert "tidak boleh tampil" not in str(told.value)
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80001])
def test_a_limit_waits_as_long_as_meta_says(
    facebook: FacebookCollector, meta: FakeMeta, clock: Clock, code: int
) -> None:
    meta.page("disdik", 1, NOW)
    usage = (
        '{"100":[{"type":"pages","call_count":100,"total_cputime":20,"total_time":20,'
        '"estimated_time_to_regain_access":17}]}'
    )
    headers = {"X-Business-Use-Case-Usage": usage}
    meta.instead.append(("/posts", graph_error(code, 0, 403, **headers)))
    with pytest.raises(RateLimited) as told:
        run(facebook, pages("disdik"), {})
    assert told.value.until == NOW + timedelta(minutes=17)


def test_a_limit_without_a_time_waits_for_the_rolling_hour(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 1, NOW)
    meta.instead.append(("/posts", graph_error(4, 0, 400)))
    with pytest.raises(RateLimited) as told:
        run(facebook, pages("disdik"), {})
    assert told.value.until == NOW + timedelta(hours=1)


def test_429_with_retry_after_is_heeded(facebook: FacebookCollector, meta: FakeMeta) -> None:
    meta.page("disdik", 1, NOW)
    meta.instead.append(("/posts", Reply(429, b"slow down", {"Retry-After": "3600"})))
    with pytest.raises(RateLimited) as told:
        run(facebook, pages("disdik"), {})
    assert told.value.until == NOW + timedelta(hours=1)


def test_a_full_share_stops_before_the_next_request(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 12, NOW)
    meta.most = 4
    killed = run(facebook, pages("disdik"), {}, 1)
    meta.headers["X-App-Usage"] = '{"call_count":100,"total_time":25,"total_cputime":25}'
    before = len(meta.received)
    with pytest.raises(RateLimited) as told:
        run(facebook, pages("disdik"), killed.cursor)
    assert len(meta.received) == before + 1
    assert told.value.until == NOW + timedelta(hours=1)


@pytest.mark.parametrize("headers", ["nonsense", "[1]", '{"call_count":"x"}', '{"a":[1,{"b":2}]}'])
def test_unreadable_usage_headers_are_no_reason_to_stop(
    facebook: FacebookCollector, meta: FakeMeta, headers: str
) -> None:
    meta.page("disdik", 1, NOW)
    meta.headers |= {"X-App-Usage": headers, "X-Business-Use-Case-Usage": headers}
    assert run(facebook, pages("disdik"), {}).ids == ["100_0"]


@pytest.mark.parametrize("body", [b"<html>masuk dulu</html>", b'{"data": [{"id": "100_0"', b""])
def test_what_is_not_json_passes_and_moves_nothing(
    facebook: FacebookCollector, meta: FakeMeta, body: bytes
) -> None:
    meta.page("disdik", 2, NOW)
    meta.instead.append(("/posts", Reply(200, body)))
    with pytest.raises((UnexpectedAnswer, PlatformDown)) as told:
        run(facebook, pages("disdik"), {})
    assert isinstance(trouble_of(told.value), Passing)
    assert len(run(facebook, pages("disdik"), {}).ids) == 2


def test_one_page_that_is_gone_does_not_keep_the_others(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.page("disdik", 2, NOW)
    meta.page("bkd", 2, NOW)
    source = pages("hilang", "disdik", "bkd")
    collected: list[str] = []
    with pytest.raises(SourceGone, match="1 dari 3 bermasalah \\(hilang\\)"):
        for page in facebook.collect(source, {}):
            collected += [post["id"] for post in page.items]
    assert sorted(collected) == ["100_0", "100_1", "101_0", "101_1"]


def test_a_limit_does_not_starve_the_last_page(facebook: FacebookCollector, meta: FakeMeta) -> None:
    for name in ("a", "b", "c"):
        meta.page(name, 1, NOW)
    cursor = run(facebook, pages("a", "b", "c"), {}, 1).cursor
    taken = run(facebook, pages("a", "b", "c"), cursor, 1)
    assert taken.ids == ["101_0"]


def test_a_platform_that_is_down_is_not_asked_for_every_page(
    facebook: FacebookCollector, meta: FakeMeta
) -> None:
    meta.instead += [("/v26.0/", Reply(503, b"down"))] * 50
    with pytest.raises(PlatformDown):
        run(facebook, pages(*"abcdefghij"), {})
    assert len(meta.received) == 2


@pytest.mark.parametrize("options", [{"token": "tiada"}, {"token": ""}, {"app_secret": "tiada"}])
def test_a_missing_credential_is_told(
    facebook: FacebookCollector, meta: FakeMeta, options: dict[str, str]
) -> None:
    with pytest.raises(NotConfigured):
        run(facebook, pages("disdik", **options), {})
    assert meta.received == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accounts", "nama dengan spasi"),
        ("days", "0"),
        ("days", "x"),
        ("version", "26"),
        ("comment_days", "31"),
    ],
)
def test_options_are_checked(name: str, value: str) -> None:
    option = next(option for option in FACEBOOK.options if option.name == name)
    assert option.check is not None
    with pytest.raises(ValueError):
        option.check(value)


def test_the_kind_waits_for_an_agreement() -> None:
    assert FACEBOOK.needs_agreement
