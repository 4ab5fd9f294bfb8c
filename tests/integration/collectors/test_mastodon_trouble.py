"""Mastodon servers that refuse, limit, break or change, and settings that cannot work."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.mastodon import MASTODON
from monitor.collectors.trouble import (
    AnswerChanged,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    RateLimited,
    SourceGone,
)
from monitor.net import NetClient
from tests.fakes.mastodon import FakeMastodon
from tests.http_server import Reply, json_reply
from tests.integration.collectors.mastodon_steps import (
    NOW,
    Run,
    fill,
    ids,
    open_net,  # noqa: F401
    run_by_tag,  # noqa: F401
    serve_mastodon,  # noqa: F401
)

TOKEN = "rahasia-sekali-123"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, CredentialsRefused),
        (403, CredentialsRefused),
        (422, CredentialsRefused),
        (500, PlatformDown),
        (502, PlatformDown),
        (410, SourceGone),
    ],
)
def test_refusals_are_told_apart(
    server: FakeMastodon, net: NetClient, tmp_path: Path, status: int, kind: type[Exception]
) -> None:
    run = Run(server, net, tmp_path, {"accounts": "@guru"})
    server.instead.append(("/statuses", json_reply({"error": "x"}, status)))
    assert type(run.trouble()) is kind


def test_the_limit_tells_until_when(by_tag: Run, server: FakeMastodon) -> None:
    until = NOW + timedelta(minutes=4)
    limit = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": until.isoformat()}
    server.instead.append(("/timelines/", Reply(429, b'{"error": "Throttled"}', limit)))
    trouble = by_tag.trouble()
    assert isinstance(trouble, RateLimited) and trouble.until == until
    server.instead.append(("/timelines/", json_reply({"error": "Throttled"}, 429)))
    assert by_tag.trouble().until == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    "body", [b"<!doctype html><title>Maintenance</title>", b'[{"id": "1", "content": "rahas']
)
def test_html_or_cut_json_is_a_broken_platform(
    by_tag: Run, server: FakeMastodon, body: bytes
) -> None:
    fill(server, 1)
    server.instead.append(("/timelines/", Reply(200, body)))
    trouble = by_tag.trouble()
    assert isinstance(trouble, PlatformDown) and "rahas" not in trouble.detail
    assert by_tag.cursor == {}
    assert len(by_tag.posts()) == 1


def test_a_404_page_of_a_dead_server_does_not_look_like_an_empty_hashtag(
    by_tag: Run, server: FakeMastodon
) -> None:
    server.instead.append(("/timelines/", Reply(404, b"<html>parked domain</html>")))
    assert isinstance(by_tag.trouble(), PlatformDown)


def test_changed_fields_stop_the_source_and_one_broken_status_does_not(
    by_tag: Run, server: FakeMastodon
) -> None:
    good = server.post(NOW - timedelta(hours=1))
    renamed = [{"status_id": "1", "html": "x"}, {"status_id": "2", "html": "y"}]
    answers: list[Any] = [renamed, {"statuses": []}]
    for answer in answers:
        server.instead.append(("/timelines/", json_reply(answer)))
        assert isinstance(by_tag.trouble(), AnswerChanged)
    server.instead.append(("/timelines/", json_reply([good, {"id": 7}, "rusak"])))
    posts = by_tag.posts()
    assert [post["id"] for post in posts if "id" in post] == [good["uri"]]
    # The others go on to be refused and counted.
    assert len(posts) == 3


def test_one_account_gone_does_not_stop_the_others(
    server: FakeMastodon, net: NetClient, tmp_path: Path
) -> None:
    run = Run(server, net, tmp_path, {"accounts": "tiada,guru", "likes": "tidak"})
    post = server.post(NOW - timedelta(hours=1))
    assert ids(run.posts()) == [post["id"]]
    del server.accounts["1"]
    assert isinstance(run.trouble(), SourceGone)


def test_a_limit_in_the_middle_gives_every_account_its_turn(
    server: FakeMastodon, net: NetClient, tmp_path: Path
) -> None:
    accounts = [server.account(f"akun{n}") for n in range(4)]
    wanted = {server.post(NOW - timedelta(hours=1), account=a)["id"] for a in accounts}
    names = ",".join(account["acct"] for account in accounts)
    run = Run(server, net, tmp_path, {"accounts": names, "likes": "tidak"})
    given: list[str] = []
    for _ in range(4):
        given += ids(run.posts(stop_after=1))
    assert sorted(given) == sorted(wanted)


def test_the_token_goes_in_a_header_and_nowhere_else(
    by_tag: Run, server: FakeMastodon, tmp_path: Path
) -> None:
    server.token = TOKEN
    fill(server, 1)
    assert "token" in by_tag.trouble().detail
    by_tag.options["token"] = "mastodon"
    missing = by_tag.trouble()
    assert isinstance(missing, NotConfigured) and "mastodon" in missing.detail
    (tmp_path / "mastodon").write_text("keliru")
    refused = by_tag.trouble()
    assert isinstance(refused, CredentialsRefused) and "keliru" not in refused.detail
    (tmp_path / "mastodon").write_text(TOKEN)
    assert len(by_tag.posts()) == 1
    assert all(TOKEN not in request.target for request in server.received)


def test_options_are_checked() -> None:
    checks = {option.name: option.check for option in MASTODON.options if option.check}
    assert checks["server"]("mastodon.social") == "https://mastodon.social"
    for name, wrong in (
        ("server", "http://mastodon.social"),
        ("server", "https://a@b.example/jalan"),
        ("history_days", "0"),
        ("likes", "mungkin"),
    ):
        with pytest.raises(ValueError):
            checks[name](wrong)


def test_no_stream_at_all_is_told(server: FakeMastodon, net: NetClient, tmp_path: Path) -> None:
    assert isinstance(Run(server, net, tmp_path, {}).trouble(), NotConfigured)
