"""The collector for Mastodon against a server that answers as the documentation says."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.post import parse_post
from monitor.collectors.mastodon.mapping import html_to_text
from monitor.collectors.trouble import CollectorTrouble
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


def test_a_status_becomes_a_post_with_what_its_author_shows(
    by_tag: Run, server: FakeMastodon
) -> None:
    asked = server.post(NOW - timedelta(hours=2), "Siapa yang kita dukung?", tags=[])
    server.post(
        NOW - timedelta(hours=1),
        'Pilih &amp; menangkan<br>02 <a href="#"><span class="invisible">https://</span>'
        "<span>contoh.example/a</span></a></p><p>Salam",
        spoiler_text="politik",
        in_reply_to_id=asked["id"],
        favourites_count=4,
        reblogs_count=2,
        replies_count=1,
        media_attachments=[{"description": "spanduk 02"}, {"description": None}],
    )
    (post,) = by_tag.posts()
    assert post["text"] == "politik\n\nPilih & menangkan\n02 https://contoh.example/a\n\nSalam"
    assert post["author"] == {
        "handle": f"guru@{server.host}",
        "name": "Guru",
        "bio": "Guru SDN 3 & PNS\nLokasi: Sragen",
        "location": "Sragen",
    }
    assert post["reply_to"] == "Siapa yang kita dukung?"
    assert post["media_alt"] == "spanduk 02"
    assert (post["likes"], post["shares"], post["replies"]) == (4, 2, 1)
    assert post["posted_at"] == "2026-11-23T09:00:00.000Z"
    assert post["region"] == "33.14"
    assert parse_post(post).posted_at == NOW - timedelta(hours=1)


def test_several_pages_back_the_first_time_and_forward_afterwards(
    by_tag: Run, server: FakeMastodon
) -> None:
    server.page = 10
    first = fill(server, 35)
    assert sorted(ids(by_tag.posts())) == sorted(first)
    more = [server.post(NOW - timedelta(minutes=70 - n))["id"] for n in range(25)]
    # Forward: each page the next oldest, so that a kill loses none.
    assert sorted(ids(by_tag.posts())) == sorted(more)
    assert by_tag.posts() == []


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4])
def test_a_kill_after_any_page_loses_and_repeats_nothing(
    by_tag: Run, server: FakeMastodon, killed_after: int
) -> None:
    server.page = 10
    everything = fill(server, 35)
    given = ids(by_tag.posts(stop_after=killed_after))
    # Posts written while nothing ran.
    everything += [server.post(NOW - timedelta(minutes=n))["id"] for n in range(1, 24)]
    given += ids(by_tag.posts(stop_after=killed_after))
    for _ in range(6):
        given += ids(by_tag.posts())
    assert sorted(given) == sorted(everything)


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_search_walks_back_to_what_it_knows_and_survives_a_kill(
    server: FakeMastodon, net: NetClient, tmp_path: Path, killed_after: int
) -> None:
    server.page = 10
    run = Run(server, net, tmp_path, {"query": "coblos", "likes": "tidak"})
    everything = fill(server, 35)
    given = ids(run.posts(stop_after=killed_after))
    everything += [server.post(NOW - timedelta(minutes=n))["id"] for n in range(1, 24)]
    for _ in range(6):
        given += ids(run.posts())
    assert sorted(given) == sorted(everything)
    before = len(server.received)
    assert run.posts() == []
    # Two pages hold what was written within the time in which something may still come.
    assert len(server.received) == before + 2


def test_a_post_that_arrives_late_from_another_server_is_not_missed(
    by_tag: Run, server: FakeMastodon
) -> None:
    early = server.post(NOW - timedelta(minutes=2))
    assert ids(by_tag.posts()) == [early["id"]]
    late = server.post(NOW - timedelta(minutes=9))
    by_tag.now += timedelta(minutes=5)
    assert ids(by_tag.posts()) == [late["id"]]
    assert by_tag.posts() == []


def test_history_ends_where_the_option_says(by_tag: Run, server: FakeMastodon) -> None:
    server.page = 5
    fill(server, 20, ago=timedelta(days=30))
    recent = fill(server, 3)
    by_tag.options["history_days"] = "2"
    assert sorted(ids(by_tag.posts())) == sorted(recent)
    assert len(server.paths("/timelines/")) == 2


def test_nothing_there_is_no_trouble_and_what_comes_then_is_found(
    by_tag: Run, server: FakeMastodon
) -> None:
    assert by_tag.posts() == []
    server.instead.append(("/timelines/", json_reply({"error": "Record not found"}, 404)))
    assert by_tag.posts() == []
    late = server.post(NOW - timedelta(hours=1))
    assert ids(by_tag.posts()) == [late["id"]]


def test_ids_that_are_no_numbers_are_walked_in_their_order(
    by_tag: Run, server: FakeMastodon
) -> None:
    first, second, third = (
        server.post(NOW - timedelta(hours=3 - n), id=f"01HG{n}ZZZZZZZZZZZZZZZZZZZZZ")
        for n in range(3)
    )
    server.instead.append(("/timelines/", json_reply([second, first], Link="")))
    assert len(by_tag.posts()) == 2
    server.instead += [
        ("/timelines/", json_reply([third, second])),
        ("/timelines/", json_reply([])),
    ]
    assert ids(by_tag.posts()) == [third["id"]]
    assert by_tag.cursor["streams"]["tag:pilkada"]["since"] == third["id"]


def test_doubles_and_disorder_within_and_across_pages(by_tag: Run, server: FakeMastodon) -> None:
    a, b, c = (server.post(NOW - timedelta(hours=3 - n)) for n in range(3))
    link = f'<{server.url}/x?max_id={a["id"]}>; rel="next"'
    server.instead += [
        ("/timelines/", json_reply([b, c, b, a], Link=link)),
        ("/timelines/", json_reply([c, a])),
    ]
    assert sorted(ids(by_tag.posts())) == sorted(status["id"] for status in (a, b, c))


def test_a_server_that_ignores_min_id_does_not_keep_the_run_going(
    by_tag: Run, server: FakeMastodon
) -> None:
    old = server.post(NOW - timedelta(hours=3))
    by_tag.posts()
    new = server.post(NOW - timedelta(hours=2))
    server.instead += [("/timelines/", json_reply([new, old])) for _ in range(50)]
    assert ids(by_tag.posts()) == [new["id"]]
    assert len(server.instead) > 40


def test_an_author_who_is_gone_or_shows_little(by_tag: Run, server: FakeMastodon) -> None:
    suspended = server.account("hilang@lain.example", note="", fields=[], display_name="")
    server.post(NOW - timedelta(hours=2), account={"id": "99"}, url=None)
    server.post(NOW - timedelta(hours=1), account=suspended)
    posts = by_tag.posts()
    assert [post["author"] for post in posts] == [{"handle": "hilang@lain.example"}, {}]
    assert all(parse_post(post).text for post in posts)


def test_what_is_not_public_is_never_taken(by_tag: Run, server: FakeMastodon) -> None:
    for visibility in ("private", "direct"):
        server.post(NOW - timedelta(hours=2), visibility=visibility)
    shown = server.post(NOW - timedelta(hours=1), visibility="unlisted")
    assert ids(by_tag.posts()) == [shown["id"]]


def test_a_clock_that_is_wrong_loses_nothing(by_tag: Run, server: FakeMastodon) -> None:
    ahead = [server.post(NOW + timedelta(hours=5, minutes=n))["id"] for n in range(3)]
    assert sorted(ids(by_tag.posts())) == sorted(ahead)
    more = server.post(NOW + timedelta(hours=6))
    assert ids(by_tag.posts()) == [more["id"]]
    assert by_tag.posts() == []


def test_boosts_and_likes_are_acts_of_the_account_that_did_them(
    server: FakeMastodon, net: NetClient, tmp_path: Path
) -> None:
    fan = server.account("lurah@desa.example", note="<p>Lurah, ASN</p>")
    run = Run(server, net, tmp_path, {"accounts": "guru lurah@desa.example"})
    post = server.post(NOW - timedelta(hours=1))
    assert ids(run.posts()) == [post["id"]]
    server.like(post, fan)
    (like,) = run.posts()
    assert like["id"] == f"like:{post['uri']}:lurah@desa.example"
    assert like["action"] == "like" and like["text"] == "Ayo coblos"
    assert like["author"]["bio"].startswith("Lurah, ASN")
    assert like["of"]["author"]["handle"] == f"guru@{server.host}"
    assert like["of"]["url"] == post["url"]
    assert run.posts() == []
    # The same boost in a list and in the account's timeline is one act.
    server.boost(post, fan)
    boost = server.post(NOW - timedelta(minutes=30), account=fan, content="", reblog=post)
    acts = run.posts()
    assert {act["id"] for act in acts} == {f"share:{post['uri']}:lurah@desa.example"}
    assert {act["action"] for act in acts} == {"share"}
    assert boost["created_at"] in {act.get("posted_at") for act in acts}
    second = server.account("camat@desa.example")
    server.like(post, second)
    assert [act["author"]["handle"] for act in run.posts()] == ["camat@desa.example"]


def test_likes_on_an_older_server_and_on_one_that_hides_them(
    server: FakeMastodon, net: NetClient, tmp_path: Path
) -> None:
    server.many_at_once = False
    run = Run(server, net, tmp_path, {"accounts": "guru"})
    post = server.post(NOW - timedelta(hours=1))
    run.posts()
    server.like(post, server.account("lurah@desa.example"))
    server.instead.append(("/favourited_by", json_reply({"error": "x"}, 401)))
    assert run.posts() == []
    assert [act["action"] for act in run.posts()] == ["like"]


def test_looking_at_a_post_again(by_tag: Run, server: FakeMastodon) -> None:
    status = server.post(NOW - timedelta(hours=1))
    (received,) = by_tag.posts()
    assert by_tag.collector.look(by_tag.source, received) == received
    status.update(content="<p>Sudah diubah</p>", edited_at="2026-11-23T09:30:00.000Z")
    again = by_tag.collector.look(by_tag.source, received)
    assert again["text"] == "Sudah diubah"
    assert again["raw"]["edited_at"] == "2026-11-23T09:30:00.000Z"
    for answer in (Reply(500, b""), Reply(404, b"<html>"), json_reply({"error": "x"}, 401)):
        server.instead.append(("/statuses/", answer))
        with pytest.raises(CollectorTrouble):
            by_tag.collector.look(by_tag.source, received)
    del server.statuses[status["id"]]
    assert by_tag.collector.look(by_tag.source, received) is None


def test_looking_at_a_like_again(server: FakeMastodon, net: NetClient, tmp_path: Path) -> None:
    run = Run(server, net, tmp_path, {"hashtags": "pilkada"})
    post = server.post(NOW - timedelta(hours=1))
    run.posts()
    server.like(post, server.account("lurah@desa.example"))
    (like,) = run.posts()
    assert run.collector.look(run.source, like) == like
    server.likers[post["id"]] = []
    assert run.collector.look(run.source, like) is None


def test_the_cost_of_a_run_is_its_requests(by_tag: Run, server: FakeMastodon) -> None:
    server.page = 10
    fill(server, 35)
    assert sum(page.cost for page in by_tag.pages()) == len(server.received)


def test_html_keeps_text_only() -> None:
    html = "<p>a<script>x()</script></p><ul><li>b</li><li>c &lt;d&gt;</li></ul>"
    assert html_to_text(html) == "a\n\nb\nc <d>"
    assert html_to_text(None) == ""
