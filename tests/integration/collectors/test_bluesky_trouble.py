"""The Bluesky collector where something is missing, limited, refused or odd."""

from datetime import datetime, timedelta

import pytest

from models.post import parse_post
from monitor.collectors.bluesky import BLUESKY
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NotConfigured,
    Passing,
    PlatformDown,
    RateLimited,
    SourceGone,
)
from tests.fakes.bluesky import FakeBluesky, stamp
from tests.http_server import Reply, json_reply
from tests.integration.collectors.bluesky_steps import (
    NOW,
    PASSWORD,
    Run,
    ago,
    net,
    reactions,
    search,
    server,
    session,
)

# Fixtures, found by name.
__all__ = ["net", "reactions", "search", "server", "session"]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(502, b"<html>bad gateway</html>"), PlatformDown),
        (Reply(200, b"<html>masuk dulu</html>", {"Content-Type": "text/html"}), PlatformDown),
        (Reply(200, b'{"posts": [{"uri": "at://'), PlatformDown),
        (json_reply({"error": "AuthMissing", "message": "x"}, 401), CredentialsRefused),
        (Reply(403, b"<html>forbidden by administrative rules</html>"), CredentialsRefused),
        (json_reply({"error": "BadQueryString", "message": "x"}, 400), AnswerChanged),
        (Reply(418, b""), AnswerChanged),
    ],
)
def test_what_goes_wrong_has_its_name(
    server: FakeBluesky, search: Run, reply: Reply, kind: type[CollectorTrouble]
) -> None:
    server.instead.append(("searchPosts", reply))
    trouble = search.trouble()
    assert isinstance(trouble, kind)
    assert "rahasia" not in trouble.detail


def test_a_limit_tells_until_when(server: FakeBluesky, search: Run) -> None:
    resets = NOW + timedelta(minutes=4)
    headers = {"RateLimit-Reset": str(int(resets.timestamp())), "RateLimit-Remaining": "0"}
    body = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
    server.instead.append(("searchPosts", json_reply(body, 429, **headers)))
    trouble = search.trouble()
    assert isinstance(trouble, RateLimited)
    assert trouble.until == resets


def test_a_limit_in_the_middle_loses_nothing(server: FakeBluesky, search: Run) -> None:
    search.page = 2
    for number in range(6):
        server.post(ago(hours=20 - number))
    server.instead.append(("cursor=4", json_reply({"error": "RateLimitExceeded"}, 429)))
    seen: list[str] = []
    with pytest.raises(RateLimited):
        for page in search.collector.collect(search.source, search.cursor):
            search.cursor = dict(page.cursor)
            seen += [item["id"] for item in page.items]
    assert len(seen) == 4
    assert sorted(seen + search.ids()) == sorted(post["uri"] for post in server.posts)


def test_without_a_session_what_lies_below_the_first_page_is_a_gap(
    server: FakeBluesky, search: Run
) -> None:
    """The public server refuses a cursor without a session (bluesky-social/bsky-docs#296)."""
    server.searches_need_session = True
    search.page = 2
    server.post(ago(hours=9))
    search.pages()
    since = datetime.fromisoformat(search.cursor["lists"]["search"]["since"])
    for number in range(6):
        server.post(ago(hours=8 - number))
    pages = search.pages()
    assert [page.gap_since for page in pages] == [None, since]
    newest = server.post(ago(minutes=1))
    assert search.ids() == [newest["uri"]]


def test_a_session_is_begun_once_and_renewed_when_it_ends(
    server: FakeBluesky, session: Run
) -> None:
    post = server.post(ago(hours=1))
    assert session.ids() == [post["uri"]]
    session.pages()
    assert server.sessions == 1
    server.expired.add("kunci-1")
    later = server.post(ago(minutes=50))
    assert session.ids() == [later["uri"]]
    assert server.sessions == 2
    assert server.received[-1].headers["authorization"] == "Bearer kunci-2"
    assert all(PASSWORD not in request.target for request in server.received)


def test_a_wrong_password_is_told_without_showing_it(server: FakeBluesky, session: Run) -> None:
    server.password = "lain"
    trouble = session.trouble()
    assert isinstance(trouble, CredentialsRefused)
    assert "app_password" in trouble.detail
    assert PASSWORD not in trouble.detail


def test_a_missing_credential_says_where_it_belongs(session: Run) -> None:
    (session.folder / "bluesky").unlink()
    trouble = session.trouble()
    assert isinstance(trouble, NotConfigured)
    assert str(session.folder / "bluesky") in trouble.detail


def test_accounts_take_turns_and_keep_their_own_place(server: FakeBluesky, search: Run) -> None:
    server.profile("budi")
    search.options = {"mode": "accounts", "accounts": "sari.bsky.social, @budi.bsky.social"}
    search.page = 2
    for number in range(6):
        author = list(server.profiles.values())[number % 2]
        server.post(ago(hours=20 - number), author=author)
    seen = search.ids(stop_after=1)
    first = server.asked("getAuthorFeed")[0]
    assert first == {"actor": "sari.bsky.social", "filter": "posts_with_replies", "limit": "2"}
    seen += search.ids()
    assert server.asked("getAuthorFeed")[1]["actor"] == "budi.bsky.social"
    assert sorted(seen) == sorted(post["uri"] for post in server.posts)


def test_an_account_that_is_gone_is_named_once_a_day(server: FakeBluesky, search: Run) -> None:
    search.options = {"mode": "accounts", "accounts": "tiada.bsky.social sari.bsky.social"}
    post = server.post(ago(hours=1))
    seen: list[str] = []
    with pytest.raises(SourceGone, match=r"tiada\.bsky\.social"):
        for page in search.collector.collect(search.source, search.cursor):
            search.cursor = dict(page.cursor)
            seen += [item["id"] for item in page.items]
    assert seen == [post["uri"]]
    search.pages()
    search.now = NOW + timedelta(hours=25)
    assert isinstance(search.trouble(), SourceGone)


@pytest.mark.parametrize("error", ["AccountTakedown", "AccountDeactivated"])
def test_a_closed_account_is_told(server: FakeBluesky, search: Run, error: str) -> None:
    search.options = {"mode": "accounts", "accounts": "sari.bsky.social"}
    server.instead.append(("getAuthorFeed", json_reply({"error": error, "message": "x"}, 400)))
    assert isinstance(search.trouble(), SourceGone)


def test_a_repost_is_an_act_of_the_one_who_did_it(server: FakeBluesky, search: Run) -> None:
    search.options = {"mode": "accounts", "accounts": "sari.bsky.social"}
    candidate = server.profile("calon", bio="Paslon 2")
    post = server.post(ago(days=20), "Pilih nomor 2", author=candidate)
    reason = {"by": server.profiles["did:plc:sari"], "indexedAt": stamp(ago(hours=1))}
    row = {"post": post, "reason": {"$type": "app.bsky.feed.defs#reasonRepost", **reason}}
    server.instead.append(("getAuthorFeed", json_reply({"feed": [row]})))
    (item,) = search.items()
    assert item["id"] == f"share:{post['uri']}:did:plc:sari"
    assert (item["action"], item["text"]) == ("share", "Pilih nomor 2")
    assert item["author"]["bio"] == "PNS, Guru SDN 3"
    assert item["posted_at"] == stamp(ago(hours=1))
    assert item["of"]["author"]["handle"] == "calon.bsky.social"
    parse_post(item)


def test_likes_and_reposts_walk_on_where_they_were_killed(
    server: FakeBluesky, reactions: Run
) -> None:
    reactions.page = 3
    people = [server.profile(f"guru{number}") for number in range(8)]
    for number, person in enumerate(people):
        server.like(ago(hours=20 - number), person)
        server.reposted_by.insert(0, person)
    seen: list[str] = []
    for _ in range(25):
        seen += reactions.ids(stop_after=1)
    assert len(seen) == len(set(seen)) == 16
    server.like(ago(minutes=5), people_new := server.profile("guru-baru"))
    server.reposted_by.insert(0, people_new)
    found = reactions.items()
    assert {item["action"] for item in found} == {"like", "share"}
    assert {item["author"]["handle"] for item in found} == {"guru-baru.bsky.social"}


def test_followers_are_read_to_the_end_once_then_from_the_top(
    server: FakeBluesky, reactions: Run
) -> None:
    reactions.options = {"mode": "followers", "accounts": "calon.bsky.social"}
    reactions.page = 4
    server.followers = [server.profile(f"pengikut{number}") for number in range(10)]
    assert len(reactions.ids()) == 10
    server.followers.insert(0, server.profile("baru"))
    before = len(server.received)
    (item,) = reactions.items()
    assert item["id"] == "follow:did:plc:calon:did:plc:baru"
    assert item["text"] == "Calon\nPaslon 2"
    # One request for the account's profile, one page of followers.
    assert len(server.received) - before == 2


@pytest.mark.parametrize("address", ["tiada.bsky.social/post/3kx", "calon.bsky.social/post/3kx"])
def test_a_watched_post_that_is_gone_is_never_silence(reactions: Run, address: str) -> None:
    reactions.options["posts"] = f"https://bsky.app/profile/{address}"
    for _ in range(3):
        with pytest.raises(
            SourceGone, match=address.partition(".")[0] if "tiada" in address else "3kx"
        ):
            reactions.pages()


def test_an_account_without_posts_yet_is_asked_and_waited_for(
    server: FakeBluesky, reactions: Run
) -> None:
    reactions.options = {"mode": "reactions", "accounts": "sari.bsky.social"}
    assert [page.items for page in reactions.pages()] == [[]]
    server.post(ago(hours=1))
    server.like(ago(minutes=5), server.profile("guru"))
    assert len(reactions.items()) == 1


def test_looking_again_tells_present_edited_and_gone(server: FakeBluesky, search: Run) -> None:
    post = server.post(ago(hours=1), "semula")
    (item,) = search.items()
    assert search.look(item["id"]) == item
    post["record"]["text"] = "diganti"
    assert search.look(item["id"])["text"] == "diganti"
    server.posts.clear()
    assert search.look(item["id"]) is None


def test_no_answer_never_means_gone(server: FakeBluesky, search: Run) -> None:
    post = server.post(ago(hours=1))
    server.instead.append(("getPosts", Reply(503, b"")))
    with pytest.raises(PlatformDown):
        search.look(post["uri"])
    server.instead.append(("getPosts", json_reply({"error": "x"})))
    with pytest.raises(AnswerChanged):
        search.look(post["uri"])
    post["record"]["text"] = ""
    with pytest.raises(AnswerChanged):
        search.look(post["uri"])


def test_a_like_is_gone_only_where_its_list_ends(server: FakeBluesky, reactions: Run) -> None:
    server.like(ago(hours=1), server.profile("guru"))
    (item,) = reactions.items()
    assert reactions.look(item["id"], action="like")
    server.likes.clear()
    assert reactions.look(item["id"], action="like") is None
    for number in range(1100):
        server.like(ago(hours=1), {"did": f"did:plc:lain{number}"})
    with pytest.raises(Passing):
        reactions.look(item["id"], action="like")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"mode": "semua"},
        {"mode": "search"},
        {"mode": "hashtag", "hashtag": "dua kata"},
        {"mode": "accounts", "accounts": "bukan akun!"},
        {"mode": "reactions"},
        {"mode": "reactions", "posts": "https://contoh.example/1"},
        {"mode": "search", "query": "x", "days": "0"},
        {"mode": "search", "query": "x", "account": "a.example"},
        {"mode": "search", "query": "x", "server": "ftp://contoh.example"},
        {"mode": "search", "query": "x", "server": "https://u:p@contoh.example"},
    ],
)
def test_options_that_cannot_work_are_refused(search: Run, options: dict[str, str]) -> None:
    search.options = options
    assert isinstance(search.trouble(), NotConfigured)


def test_the_kind_asks_for_an_agreement_and_checks_its_options() -> None:
    assert BLUESKY.needs_agreement
    assert [option.name for option in BLUESKY.options if option.credential] == ["app_password"]
    accounts = next(option for option in BLUESKY.options if option.name == "accounts")
    assert accounts.check is not None
    with pytest.raises(ValueError, match="akun Bluesky"):
        accounts.check("tidak sah")
