"""The Bluesky collector against Bluesky's own servers, used through Bluesky's real client.

Identity directory, personal data server and app view are those of @atproto/dev-env (npm), started
here; accounts, posts, likes and deletions are made with the atproto SDK. Not the same as the public
service: the app view of dev-env searches by plain substring and has no limits of its own.
"""

import base64
import getpass
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from monitor.clock import utcnow
from monitor.collectors import KINDS
from monitor.collectors.base import Page, Tools
from monitor.collectors.bluesky import BLUESKY, BlueskyCollector
from monitor.collectors.trouble import CredentialsRefused, RateLimited, SourceGone
from monitor.domain import Source
from monitor.net import Credentials, NetClient, NetOptions
from monitor.pipeline.collect import CollectOutcome, collect_source
from monitor.pipeline.rechecks import enrol_flagged, recheck_next
from monitor.runtime import Runtime
from monitor.storage import rechecks, sources
from tests.fakes.bluesky_network.people import PASSWORD, Person, wait_until
from tests.fakes.bluesky_network.start import BlueskyNetwork, running_network
from tests.steps import queue, score_all

DATABASE = "netra_test_bluesky_network"
# One black pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
SUPPORT = "Ayo coblos nomor 2 tanggal 27 November! Menangkan paslon 02, jangan sampai kalah."


@pytest.fixture(scope="module")
def network(postgres_url: str) -> Iterator[BlueskyNetwork]:
    url = make_url(postgres_url)
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {DATABASE}"))
    # Node's driver, unlike libpq, does not take the system's user where the address names none.
    user = url.username or getpass.getuser()
    own = url.set(drivername="postgresql", username=user, database=DATABASE)
    try:
        with running_network(
            own.render_as_string(hide_password=False), rate_limits=True
        ) as network:
            yield network
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {DATABASE} WITH (FORCE)"))


@dataclass
class People:
    teacher: Person
    trader: Person
    candidate: Person


@pytest.fixture(scope="module")
def people(network: BlueskyNetwork) -> Iterator[People]:
    people = People(
        Person(network, "bu-sari.test", "Sari Wulandari", "PNS, Guru SDN 3 Sragen"),
        Person(network, "rojali.test", "Rojali", "jualan bakso keliling"),
        Person(network, "calon-dua.test", "Harjuno-Siti 02", "Paslon nomor 2, Bupati Sragen"),
    )
    yield people
    for person in (people.teacher, people.trader, people.candidate):
        person.close()


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Tools]:
    folder = tmp_path / "kredensial"
    folder.mkdir()
    (folder / "bluesky").write_text(PASSWORD)
    (folder / "keliru").write_text("bukan-ini")
    with NetClient(NetOptions(user_agent="Netra/uji", allow_private=True)) as net:
        yield Tools(net, Credentials(folder), utcnow)


def source_of(network: BlueskyNetwork, **options: str) -> Source:
    return Source(
        id=1,
        name="uji",
        kind="bluesky",
        options={"server": network.appview, "login_server": network.pds, **options},
        every_seconds=300,
        status="active",
        sample=False,
        cursor={},
        created_at=utcnow(),
        due_at=None,
        last_run_at=None,
        last_error="",
    )


def collected(tools: Tools, source: Source, cursor: dict[str, Any] | None = None) -> list[Page]:
    return list(BlueskyCollector(tools).collect(source, cursor or {}))


def items(pages: list[Page]) -> list[dict[str, Any]]:
    return [item for page in pages for item in page.items]


def wait_for(tools: Tools, source: Source, *uris: str) -> list[dict[str, Any]]:
    """Return what is collected from nothing, as soon as it holds these."""
    found: list[dict[str, Any]] = []

    def there() -> bool:
        found[:] = items(collected(tools, source))
        return set(uris) <= {item["id"] for item in found}

    wait_until(there)
    return found


def add_source(runtime: Runtime, network: BlueskyNetwork, **options: str) -> Source:
    with runtime.database.write() as connection:
        sources.add_source(
            connection,
            name="bluesky-uji",
            kind="bluesky",
            options={"server": network.appview, **options},
            every_seconds=300,
            sample=False,
            at=utcnow(),
            due_at=None,
            agreement="Nota 7/2026",
        )
        source = sources.find_source(connection, "bluesky-uji")
    assert source is not None
    return source


def collect(runtime: Runtime, source: Source) -> CollectOutcome:
    outcome = collect_source(runtime.run_context, source, threading.Event())
    assert outcome is not None
    assert outcome.error == ""
    return outcome


def seen_as(runtime: Runtime, case_id: int) -> str:
    with runtime.database.read() as connection:
        sighting = rechecks.find_sighting(connection, case_id)
    assert sighting is not None
    return sighting.state


def test_a_search_brings_what_the_account_says_of_itself(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    source = source_of(network, mode="search", query="durian runtuh")
    asked = people.candidate.post("Siapa suka durian? Ini durian runtuh.")
    answer = people.teacher.answer("Saya suka, durian runtuh nomor 2!", asked)
    quoted = people.trader.quote("Lihat ini, durian runtuh juga", asked)
    shown = people.teacher.show("durian runtuh", PICTURE, "Tiga durian di meja guru")
    found = wait_for(tools, source, asked.uri, answer.uri, quoted.uri, shown.uri)
    by_id = {item["id"]: item for item in found}
    assert by_id[answer.uri]["author"] == {
        "handle": "bu-sari.test",
        "name": "Sari Wulandari",
        "bio": "PNS, Guru SDN 3 Sragen",
    }
    assert by_id[answer.uri]["reply_to"] == "Siapa suka durian? Ini durian runtuh."
    assert by_id[quoted.uri]["reply_to"] == "Siapa suka durian? Ini durian runtuh."
    assert by_id[shown.uri]["media_alt"] == "Tiga durian di meja guru"
    assert by_id[asked.uri]["replies"] == 1
    assert by_id[asked.uri]["url"].endswith(asked.uri.rsplit("/", 1)[1])


def test_a_hashtag_is_collected_once(network: BlueskyNetwork, people: People, tools: Tools) -> None:
    source = source_of(network, mode="hashtag", hashtag="#SragenMenyala")
    post = people.teacher.post_tagged("Gaspol", "SragenMenyala")
    wait_for(tools, source, post.uri)
    pages = collected(tools, source)
    assert [item["id"] for item in items(pages)] == [post.uri]
    again = collected(tools, source, dict(pages[-1].cursor))
    assert items(again) == []
    assert again


def test_a_killed_walk_is_taken_up_without_gap_or_double(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    people.trader.post_many([f"bakso urat nomor {number}" for number in range(25)])
    source = source_of(network, mode="search", query="bakso urat")
    wait_until(lambda: len(items(collected(tools, source))) == 25)
    cursor: dict[str, Any] = {}
    seen: list[str] = []
    for _ in range(20):
        page = next(BlueskyCollector(tools, page=4).collect(source, cursor), None)
        assert page is not None
        cursor = dict(page.cursor)
        seen += [item["id"] for item in page.items]
    assert len(seen) == len(set(seen)) == 25
    late = people.trader.post("bakso urat yang terakhir")
    wait_for(tools, source, late.uri)
    fresh = items(list(BlueskyCollector(tools, page=4).collect(source, cursor)))
    assert [item["id"] for item in fresh] == [late.uri]


def test_an_accounts_feed_holds_its_posts_answers_and_reposts(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    promise = people.candidate.post("Sekolah gratis untuk semua, pilih nomor 2.")
    people.teacher.client.repost(promise.uri, promise.cid)
    answer = people.teacher.answer("Siap, saya dan guru-guru mendukung.", promise)
    source = source_of(network, mode="accounts", accounts="bu-sari.test")
    share = f"share:{promise.uri}:{people.teacher.did}"
    found = {item["id"]: item for item in wait_for(tools, source, answer.uri, share)}
    assert found[answer.uri]["reply_to"] == "Sekolah gratis untuk semua, pilih nomor 2."
    assert found[share]["action"] == "share"
    assert found[share]["text"] == "Sekolah gratis untuk semua, pilih nomor 2."
    assert found[share]["author"]["bio"] == "PNS, Guru SDN 3 Sragen"
    assert found[share]["of"]["author"]["handle"] == "calon-dua.test"


def test_likes_and_reposts_are_acts_of_the_account_that_did_them(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    promise = people.candidate.post("Puskesmas buka 24 jam, nomor 2.")
    like = people.teacher.client.like(promise.uri, promise.cid)
    people.trader.client.repost(promise.uri, promise.cid)
    link = f"https://bsky.app/profile/calon-dua.test/post/{promise.uri.rsplit('/', 1)[1]}"
    source = source_of(network, mode="reactions", posts=link)
    liked = f"like:{promise.uri}:{people.teacher.did}"
    shared = f"share:{promise.uri}:{people.trader.did}"
    collector = BlueskyCollector(tools)
    wait_until(lambda: collector.look(source, {"id": promise.uri}) is not None)
    found = {item["id"]: item for item in wait_for(tools, source, liked, shared)}
    assert found[liked]["author"]["bio"] == "PNS, Guru SDN 3 Sragen"
    assert found[liked]["text"] == "Puskesmas buka 24 jam, nomor 2."
    assert found[liked]["posted_at"]
    pages = collected(tools, source)
    assert items(collected(tools, source, dict(pages[-1].cursor))) == []
    assert collector.look(source, found[liked])
    people.teacher.client.unlike(like.uri)
    wait_until(lambda: collector.look(source, found[liked]) is None)
    # The newest posts of an account are watched without being named.
    by_account = source_of(network, mode="reactions", accounts="calon-dua.test")
    assert shared in {item["id"] for item in items(collected(tools, by_account))}


def test_followers_are_acts_with_the_followers_bio(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    people.teacher.follow(people.candidate)
    source = source_of(network, mode="followers", accounts="calon-dua.test")
    follow = f"follow:{people.candidate.did}:{people.teacher.did}"
    found = {item["id"]: item for item in wait_for(tools, source, follow)}
    assert found[follow]["author"]["bio"] == "PNS, Guru SDN 3 Sragen"
    assert found[follow]["text"] == "Harjuno-Siti 02\nPaslon nomor 2, Bupati Sragen"
    assert BlueskyCollector(tools).look(source, found[follow])


def test_an_account_that_asks_not_to_be_shown_is_left_alone(
    network: BlueskyNetwork, tools: Tools
) -> None:
    with closing(Person(network, "pemalu.test", "Pemalu", "PNS")) as shy:
        _post_and_hide(network, tools, shy)


def _post_and_hide(network: BlueskyNetwork, tools: Tools, shy: Person) -> None:
    post = shy.post("jangan lihat saya, bunga kamboja")
    source = source_of(network, mode="search", query="bunga kamboja")
    wait_for(tools, source, post.uri)
    shy.describe("Pemalu", "PNS", hidden=True)
    wait_until(lambda: items(collected(tools, source)) == [])
    # What was kept while it was public still exists.
    assert BlueskyCollector(tools).look(source, {"id": post.uri}) is not None


def test_an_account_that_is_gone_is_named_and_the_others_are_read(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    source = source_of(network, mode="accounts", accounts="tiada.test, bu-sari.test")
    pages: list[Page] = []
    with pytest.raises(SourceGone, match=r"tiada\.test"):
        for page in BlueskyCollector(tools).collect(source, {}):
            pages.append(page)
    assert {item["author"]["handle"] for item in items(pages)} == {"bu-sari.test"}
    # Told once a day, so that the others keep their schedule.
    assert collected(tools, source, dict(pages[-1].cursor))


def test_the_institutions_session_searches_through_its_own_server(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    post = people.teacher.post("rambutan lewat sesi lembaga")
    options = {"mode": "search", "query": "rambutan lewat sesi", "account": "rojali.test"}
    source = source_of(network, **options, app_password="bluesky")
    wait_for(tools, source, post.uri)


def test_the_server_tells_how_long_to_wait(
    network: BlueskyNetwork, people: People, tools: Tools
) -> None:
    """Thirty sessions in five minutes are the documented limit of an account."""
    options = {"mode": "search", "query": "x", "account": "calon-dua.test"}
    source = source_of(network, **options, app_password="keliru")
    with pytest.raises(CredentialsRefused, match="app_password"):
        collected(tools, source)
    for _ in range(40):
        try:
            collected(tools, source)
        except CredentialsRefused:
            continue
        except RateLimited as limited:
            assert limited.until is not None
            assert 0 < (limited.until - utcnow()).total_seconds() <= 300
            return
    raise AssertionError("the server did not limit")


def test_flagged_then_edited_then_deleted_is_noticed(
    network: BlueskyNetwork,
    people: People,
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole way: collected by schedule, flagged, edited and deleted by its author, noticed."""
    monkeypatch.setitem(KINDS, "bluesky", BLUESKY)
    settings = replace(runtime.settings, allow_private_addresses=True)
    runtime = replace(runtime, settings=settings)
    with runtime.tools.net:
        _flag_edit_delete(network, people, runtime)


def _flag_edit_delete(network: BlueskyNetwork, people: People, runtime: Runtime) -> None:
    word = runtime.settings.url[:4]
    kept = people.teacher.post(f"{SUPPORT} ({word})")
    fading = people.teacher.post(f"{SUPPORT} Hapus nanti ({word})")
    people.trader.post(f"{SUPPORT} Bakso ({word})")
    source = add_source(runtime, network, mode="search", query=f"({word})")
    passed: list[int] = []

    def both_passed() -> bool:
        passed.append(collect(runtime, source).passed_gate)
        return sum(passed) == 2

    wait_until(both_passed)
    assert score_all(runtime) == 2
    flagged = {str(case.post["id"]): case for case in queue(runtime)}
    assert flagged.keys() == {kept.uri, fading.uri}
    with runtime.database.write() as connection:
        assert enrol_flagged(connection, ["bluesky"], utcnow()) == 2
    collector = BlueskyCollector(runtime.tools)
    people.teacher.edit(kept, "Hari ini upacara bendera.")
    people.teacher.client.delete_post(fading.uri)
    wait_until(
        lambda: (
            collector.look(source, {"id": fading.uri}) is None
            and (collector.look(source, {"id": kept.uri}) or {}).get("text", "").startswith("Hari")
        )
    )
    later = utcnow().replace(year=utcnow().year + 1)
    while recheck_next(runtime.database, lambda _: collector, later):
        pass
    assert seen_as(runtime, flagged[kept.uri].id) == "edited"
    assert seen_as(runtime, flagged[fading.uri].id) == "missing"
