"""The desk behind the public door: counts, status, contact, and reading what was reported."""

import re
import threading
from datetime import timedelta
from typing import Any

from models.labels import Platform
from monitor.clock import utcnow
from monitor.collectors.base import Looker
from monitor.collectors.trouble import PlatformDown
from monitor.domain import Role, Source
from monitor.pipeline.report_fetch import configured_lookers, fetch_next_reported
from monitor.runtime import Runtime
from monitor.storage.tables import log, posts, sources
from monitor.storage.tables import public_reports as table
from tests.builders import make_post
from tests.clock import moved_on
from tests.public_site import (
    ASN_TEXT,
    CITIZEN_TEXT,
    FILL_SECONDS,
    SEEN,
    Site,
    rows,
    sign_in,
)
from tests.steps import queue, score_all


def test_one_sending_many_and_many_sending_one_are_shown(runtime: Runtime, site: Site) -> None:
    link = "https://www.instagram.com/p/C_ab-12345/"
    for number in range(3):
        other = Site(site.url, f"198.51.100.{number + 1}")
        other.reported(link=f"{link}?igsh={number}")
        other.close()
    for number in range(4):
        last = site.reported(text=f"{ASN_TEXT} {number}")
    staff = sign_in(runtime, site, "budi", Role.AUDITOR)
    page = staff("/laporan").text
    assert page.count("3 laporan tentang hal ini</strong> dari 3 pengirim") == 3
    assert page.count("pengirim ini mengirim 4 laporan") == 4
    detail = staff(f"/laporan/{last}").text
    assert "Pengirim ini mengirim 4 laporan" in detail
    ours = staff(f"/laporan?status=semua&pengirim={last}").text
    assert ours.count('class="report"') == 4
    theirs = rows(runtime, table)[0].ticket
    same = staff(f"/laporan?status=semua&serupa={theirs}").text
    assert same.count('class="report"') == 3


def test_the_desk_changes_the_status_and_everything_is_logged(runtime: Runtime, site: Site) -> None:
    ticket = site.reported(text=CITIZEN_TEXT, contact="ani@contoh.id")
    assert site.get("/laporan").headers["location"].startswith("/masuk")
    analyst = sign_in(runtime, site, "ana", Role.ANALYST)
    auditor = sign_in(runtime, site, "odi", Role.AUDITOR)
    chief = sign_in(runtime, site, "santi", Role.SUPERVISOR)

    assert analyst(f"/laporan/{ticket}/status", step="looking").status_code == 303
    assert "sedang diperiksa" in site.get(f"/lapor/{ticket}").text
    for step in ({"step": "refused"}, {"step": "refused", "reason": "x"}, {"step": "case"}):
        assert analyst(f"/laporan/{ticket}/status", **step).status_code == 422
    assert analyst(f"/laporan/{ticket}/status", step="case", case="K-000099").status_code == 422
    assert auditor(f"/laporan/{ticket}/status", step="looking").status_code == 403
    done = analyst(f"/laporan/{ticket}/status", step="refused", reason="not_asn")
    assert done.status_code == 303
    public = site.get(f"/lapor/{ticket}").text
    assert "tidak diproses" in public
    assert "tidak tampak sebagai ASN" in public
    assert "ana" not in re.findall(r"\w+", public.split("<main")[1])

    # Contact: hidden until asked for, only for some, and whoever looked stands in the log.
    for person in (analyst, auditor, chief):
        assert "ani@contoh.id" not in person(f"/laporan/{ticket}").text
    for person in (analyst, auditor):
        assert person(f"/laporan/{ticket}/kontak", buka="1").status_code == 403
    assert "ani@contoh.id" in chief(f"/laporan/{ticket}/kontak", buka="1").text
    steps = [(row.actor, row.action) for row in rows(runtime, log) if "report:" in row.subject]
    assert steps == [
        ("masyarakat", "report.received"),
        ("ana", "report.status"),
        ("ana", "report.status"),
        ("santi", "report.contact_shown"),
    ]
    # A form from elsewhere cannot do it in somebody's name.
    assert chief(f"/laporan/{ticket}/status", step="looking", csrf="x").status_code == 403


def test_a_person_reads_what_stands_at_the_address(runtime: Runtime, site: Site) -> None:
    link = "https://www.facebook.com/permalink.php?story_fbid=1&id=2"
    ticket, twin = site.reported(link=link), site.reported(link=f"{link}&mibextid=z", seen=SEEN * 2)
    assert {row.status for row in rows(runtime, table)} == {"needs_fetch"}
    assert "belum dibaca" in site.get(f"/lapor/{ticket}").text
    analyst = sign_in(runtime, site, "ana", Role.ANALYST)
    # What nobody has read is not called harmless, whoever has taken it up.
    analyst(f"/laporan/{ticket}/status", step="looking")
    for unread in (ticket, twin):
        assert "belum dibaca, jadi belum dinilai" in analyst(f"/laporan/{unread}").text
    assert analyst(f"/laporan/{ticket}/isi", text=" ").status_code == 422
    sent = analyst(
        f"/laporan/{ticket}/isi",
        text="Ayo coblos nomor 2 tanggal 27 November! Menangkan paslon 02, jangan sampai kalah.",
        handle="@bu_guru_sari",
        bio="PNS, Guru SDN 3 Sragen",
    )
    assert sent.status_code == 303
    both = {row.ticket: row for row in rows(runtime, table)}
    assert both[ticket].post_id == both[twin].post_id is not None
    assert (both[ticket].status, both[twin].status) == ("looking", "received")
    assert "menunggu dinilai" in analyst(f"/laporan/{twin}").text
    assert score_all(runtime) == 1
    (case,) = queue(runtime)
    assert (case.post["entered_by"], case.post["author"]["handle"]) == ("ana", "bu_guru_sari")
    assert "disalin petugas ana" in analyst("/kasus/K-000001").text


class OneLook:
    """Gives what it was made with, or raises it; remembers what it was asked."""

    def __init__(self, answer: dict[str, Any] | Exception | None) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def look(self, source: Source, received: Any) -> Any:
        self.asked.append(received)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_collector_reads_the_address_where_it_can(runtime: Runtime, site: Site) -> None:
    ticket = site.reported(link="https://twitter.com/a/status/18613988991122", region="Sragen")
    source = make_source()
    now = utcnow()

    def fetch(looker: OneLook, minutes: int) -> bool:
        return fetch_next_reported(
            runtime.database,
            runtime.key,
            lambda platform: [(source, looker)] if platform == "x" else [],
            now + timedelta(minutes=minutes),
        )

    broken, gone = OneLook(PlatformDown("sedang rusak")), OneLook(None)
    assert isinstance(broken, Looker)
    assert fetch(broken, 1)
    # Asked again only after a while, however often the worker looks.
    assert not fetch(broken, 2)
    assert fetch(gone, 12)
    # No answer never means that there was nothing.
    assert [row.status for row in rows(runtime, table)] == ["needs_fetch"]
    real = OneLook(make_post(id="18613988991122", platform="x", region=""))
    assert fetch(real, 23)
    assert real.asked[0]["id"] == "18613988991122"
    (report,), (post,) = rows(runtime, table), rows(runtime, posts)
    assert (report.status, report.post_id) == ("received", post.id)
    assert (post.external_id, post.platform, post.region) == ("18613988991122", "x", "33.14")
    assert score_all(runtime) == 1
    staff = sign_in(runtime, site, "budi", Role.ANALYST)
    assert "Isinya dibaca dari platformnya" in staff("/kasus/K-000001").text
    assert "laporan dari 1 pengirim" in staff("/kasus/K-000001").text
    assert not fetch(real, 60)
    assert ticket in staff("/kasus/K-000001").text


def test_after_a_day_only_a_person_can_read_the_address(runtime: Runtime, site: Site) -> None:
    site.reported(link="https://x.com/a/status/18613988991122")
    looker = OneLook(make_post())
    late = utcnow() + timedelta(hours=25)
    pairs = [(make_source(), looker)]
    assert not fetch_next_reported(runtime.database, runtime.key, lambda platform: pairs, late)
    assert looker.asked == []


def test_sources_that_cannot_look_are_not_asked(runtime: Runtime, site: Site) -> None:
    site.reported(text=ASN_TEXT)
    find = configured_lookers(runtime.database, runtime.tools)
    assert [list(find(platform)) for platform in Platform] == [[]] * len(Platform)


def test_two_first_reports_at_once_make_one_source(runtime: Runtime, site: Site) -> None:
    sites = [Site(site.url, f"198.51.100.{number}") for number in range(4)]
    tokens = [each.token() for each in sites]
    codes: list[int] = []

    def send(number: int) -> None:
        data = {"token": tokens[number], "text": f"{ASN_TEXT} {number}", "seen": SEEN}
        codes.append(sites[number].post("/lapor", data=data).status_code)

    with moved_on(seconds=FILL_SECONDS):
        threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for each in sites:
        each.close()
    assert codes == [303] * 4
    assert len(rows(runtime, sources)) == 1
    assert len(rows(runtime, posts)) == 4


def make_source() -> Source:
    return Source(
        id=1,
        name="arsip",
        kind="x",
        options={},
        every_seconds=0,
        status="active",
        sample=False,
        cursor={},
        created_at=utcnow(),
        due_at=None,
        last_run_at=None,
        last_error="",
    )
