"""What the X collector does with limits, refusals, wrong settings and posts gone since."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.collectors.base import Looker, Tools
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NotConfigured,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    trouble_of,
)
from monitor.collectors.x import X, XCollector
from monitor.errors import ConfigurationError, NetraError
from tests.fakes.x import PROBLEMS, TOKEN, USAGE_CAPPED, FakeX, post
from tests.http_server import Reply, json_reply
from tests.integration.collectors.x_steps import (
    NOW,
    SOURCE,
    collector,
    fake,
    make_source,
    net,
    run,
    tools,
)

# The fixtures that pytest finds here by their names.
__all__ = ["collector", "fake", "net", "tools"]


def trouble_after(fake: FakeX, collector: XCollector, reply: Reply) -> CollectorTrouble:
    fake.first = [reply]
    with pytest.raises(NetraError) as caught:
        list(collector.collect(SOURCE, {}))
    assert TOKEN not in str(caught.value)
    return trouble_of(caught.value)


def test_rate_limit_waits_until_the_reset_of_the_header(collector: XCollector, fake: FakeX) -> None:
    reset = NOW + timedelta(minutes=11)
    headers = {"x-rate-limit-reset": str(int(reset.timestamp())), "x-rate-limit-remaining": "0"}
    body = {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
    trouble = trouble_after(fake, collector, json_reply(body, 429, **headers))
    assert isinstance(trouble, RateLimited) and trouble.until == reset


def test_reset_in_our_past_is_no_time_to_wait_for(collector: XCollector, fake: FakeX) -> None:
    past = str(int((NOW - timedelta(hours=1)).timestamp()))
    trouble = trouble_after(fake, collector, json_reply({}, 429, **{"x-rate-limit-reset": past}))
    assert isinstance(trouble, RateLimited) and trouble.until is None


def test_usage_cap_is_another_429(collector: XCollector, fake: FakeX) -> None:
    reset = str(int((NOW + timedelta(minutes=5)).timestamp()))
    capped = json_reply(USAGE_CAPPED, 429, **{"x-rate-limit-reset": reset})
    trouble = trouble_after(fake, collector, capped)
    assert isinstance(trouble, QuotaSpent)
    assert trouble.until == datetime(2026, 12, 1, tzinfo=UTC)


def test_usage_cap_ends_on_the_billing_day_that_x_tells(collector: XCollector, fake: FakeX) -> None:
    fake.cap_reset_day = 3
    trouble = trouble_after(fake, collector, json_reply(USAGE_CAPPED, 429))
    assert trouble.until == datetime(2026, 11, 26, tzinfo=UTC)


def test_daily_cap_ends_tomorrow(collector: XCollector, fake: FakeX) -> None:
    daily = {**USAGE_CAPPED, "period": "Daily", "detail": "Usage cap exceeded: Daily product cap"}
    trouble = trouble_after(fake, collector, json_reply(daily, 429))
    assert trouble.until == datetime(2026, 11, 24, tzinfo=UTC)


def html(status: int = 200) -> Reply:
    page = b"<!DOCTYPE html><html>Something went wrong</html>"
    return Reply(status, page, {"Content-Type": "text/html"})


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (json_reply({"title": "Unauthorized", "status": 401}, 401), CredentialsRefused),
        (json_reply({"title": "Forbidden"}, 403), CredentialsRefused),
        (json_reply({"title": "CreditsDepleted"}, 402), NotConfigured),
        (json_reply({"title": "Invalid Request", "errors": []}, 400), NotConfigured),
        (json_reply({"title": "Service Unavailable"}, 503), PlatformDown),
        (html(502), PlatformDown),
        (html(), PlatformDown),
        (Reply(200, b'{"data": [{"id": "1", "te'), PlatformDown),
        (Reply(200, b""), PlatformDown),
        (json_reply([]), AnswerChanged),
        (json_reply({"posts": [], "count": 3}), AnswerChanged),
        (json_reply({"data": [{"post_id": "1", "body": "x"}], "meta": {}}), AnswerChanged),
    ],
)
def test_refusals_are_told_apart(
    collector: XCollector, fake: FakeX, reply: Reply, kind: type[CollectorTrouble]
) -> None:
    assert type(trouble_after(fake, collector, reply)) is kind


def test_missing_settings_say_what_to_do(tools: Tools, fake: FakeX) -> None:
    collector = XCollector(tools, fake.server.url)
    with pytest.raises(NotConfigured, match="query atau accounts"):
        list(collector.collect(make_source(), {}))
    with pytest.raises(NotConfigured, match="token"):
        list(collector.collect(make_source(query="a", token=""), {}))
    with pytest.raises(ConfigurationError):
        list(collector.collect(make_source(query="a", token="tidak-ada"), {}))
    with pytest.raises(NotConfigured, match="Daftar akun"):
        list(collector.collect(make_source(accounts="bukan/akun"), {}))
    assert fake.server.received == []


def option_check(name: str) -> Callable[[str], object]:
    check = next(option.check for option in X.options if option.name == name)
    assert check is not None
    return check


@pytest.mark.parametrize(
    ("option", "good", "bad"),
    [
        ("query", "a" * 512, "a" * 513),
        ("accounts", "@bkn_ri, KemenPANRB", "https://x.com/bkn"),
        ("first_posts", "500", "0"),
        ("likes", "ya", "yes"),
    ],
)
def test_options_are_checked(option: str, good: str, bad: str) -> None:
    option_check(option)(good)
    with pytest.raises(ValueError):
        option_check(option)(bad)


def test_kind_stays_off_without_agreement(tools: Tools) -> None:
    assert X.needs_agreement and X.name == "x" and X.platform == "x"
    assert [option.name for option in X.options if option.credential] == ["token"]
    assert isinstance(X.build(tools), Looker)


def test_look_sees_present_edited_and_gone(collector: XCollector, fake: FakeX) -> None:
    fake.posts = [post(50)]
    (received,), _ = run(collector, {}, make_source(region="33.14", query="pilkada"))

    assert collector.look(SOURCE, received) == received

    versions = ["50", "51"]
    fake.posts = [
        post(50, edit_history_tweet_ids=versions),
        post(51, text="sudah diubah", edit_history_tweet_ids=versions),
    ]
    edited = collector.look(SOURCE, received)
    assert edited and edited["text"] == "sudah diubah" and edited["id"] == "50"
    assert edited["raw"]["edit_history_tweet_ids"] == versions

    fake.posts = []
    assert collector.look(SOURCE, received) is None

    locked = {"errors": [{"resource_id": "50", "type": PROBLEMS + "not-authorized-for-resource"}]}
    fake.first = [json_reply(locked)]
    assert collector.look(SOURCE, received) is None


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"title": "Not Found"}, 404),
        json_reply({}, 429),
        json_reply({"title": "x"}, 500),
        html(),
        json_reply({"errors": [{"type": "about:blank"}]}),
        json_reply({"data": [{"id": "50"}]}),
    ],
)
def test_no_clear_answer_never_means_gone(collector: XCollector, fake: FakeX, reply: Reply) -> None:
    fake.first = [reply]
    with pytest.raises(NetraError):
        collector.look(SOURCE, {"id": "50", "raw": {"version_id": "50"}})


def test_a_single_like_cannot_be_looked_at(collector: XCollector, fake: FakeX) -> None:
    with pytest.raises(CollectorTrouble, match="satu suka"):
        collector.look(SOURCE, {"id": "like:1:8", "action": "like", "raw": {"author_id": "8"}})
    assert fake.server.received == []
