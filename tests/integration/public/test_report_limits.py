"""Limits, tickets, the API, and what is kept of whom."""

from collections.abc import Callable
from typing import Any

from api.ticket_limiter import MISSES
from monitor.clock import utcnow
from monitor.domain import Role, Scope
from monitor.pipeline.report_limits import OVERALL_LIMITS, SENDER_LIMITS
from monitor.pipeline.retention import run_retention
from monitor.runtime import Runtime
from monitor.storage import public_reports
from monitor.storage.tables import log
from monitor.storage.tables import public_reports as table
from tests.clock import moved_on
from tests.public_site import (
    ASN_TEXT,
    CITIZEN_TEXT,
    SEEN,
    Site,
    dump,
    rows,
    sign_in,
)


def test_one_sender_is_limited_and_the_limit_survives_a_restart(
    runtime: Runtime, serve: Callable[[], str]
) -> None:
    most = SENDER_LIMITS[0][1]
    site = Site(serve())
    for number in range(most):
        site.reported(text=f"{ASN_TEXT} {number}")
    site.close()
    again = Site(serve())
    answer = again.report(text=f"{ASN_TEXT} lagi")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "600"
    assert "10 menit" in answer.text
    assert f"{ASN_TEXT} lagi" in answer.text
    # Neighbours are not held up, and neither is the same house ten minutes later.
    other = Site(again.url, "198.51.100.9")
    other.reported(text=ASN_TEXT)
    with moved_on(minutes=11):
        again.reported(text=f"{ASN_TEXT} lagi")
    # One house has a whole network of IPv6: its addresses are one sender.
    houses = [Site(again.url, f"2001:db8:1:2::{n}") for n in range(1, most + 2)]
    codes = [house.report(text=f"{ASN_TEXT} v6").status_code for house in houses]
    assert codes == [303] * most + [429]
    for opened in (again, other, *houses):
        opened.close()


def test_a_flood_from_everywhere_is_stopped(runtime: Runtime, site: Site) -> None:
    now = utcnow()
    with runtime.database.write() as connection:
        for number in range(OVERALL_LIMITS[0][1]):
            values = {
                "ticket": f"L-{number:04d}-AAAA",
                "status": "received",
                **dict.fromkeys(("link", "text", "seen", "contact", "region"), ""),
                "sender": f"{number:064x}",
                "about": f"{number:064x}",
                "created_at": now,
                "updated_at": now,
            }
            public_reports.add_report(connection, values)
    answer = site.report(text=ASN_TEXT)
    assert (answer.status_code, "sangat banyak" in answer.text) == (429, True)


def test_the_sender_is_kept_as_a_mark_of_the_day_only(runtime: Runtime, site: Site) -> None:
    site.reported(text=ASN_TEXT, contact="ani@contoh.id")
    with moved_on(days=1):
        site.reported(text=f"{ASN_TEXT} besoknya")
    assert "203.0.113.7" not in dump(runtime)
    first, second = rows(runtime, table)
    assert len(first.sender) == 64
    assert first.sender != second.sender
    details = str([row.details for row in rows(runtime, log)])
    for word in (ASN_TEXT, SEEN, "ani@contoh.id", first.ticket):
        assert word not in details


def test_contact_sender_and_refused_content_go_when_their_time_is_over(
    runtime: Runtime, site: Site
) -> None:
    refused = site.reported(text=CITIZEN_TEXT, contact="ani@contoh.id")
    waiting = site.reported(text=ASN_TEXT, contact="budi@contoh.id")
    staff = sign_in(runtime, site, "cici", Role.ANALYST)
    staff(f"/laporan/{refused}/status", step="refused", reason="not_asn")

    def kept(days: int) -> dict[str, Any]:
        with moved_on(days=days), runtime.database.write() as connection:
            run_retention(connection, runtime.key)
        return {row.ticket: row for row in rows(runtime, table)}

    assert kept(29)[refused].contact == "ani@contoh.id"
    after = kept(31)
    assert (after[refused].contact, after[refused].text, after[refused].sender) == ("", "", "")
    assert CITIZEN_TEXT not in dump(runtime)
    # What nobody has looked at yet does not silently become nothing.
    assert (after[waiting].contact, after[waiting].text) == ("budi@contoh.id", ASN_TEXT)
    assert kept(181)[waiting].contact == ""
    assert "tidak diproses" in site.get(f"/lapor/{refused}").text


def test_tickets_cannot_be_guessed(site: Site) -> None:
    ticket = site.reported(text=ASN_TEXT)
    # However it was written down.
    typed = ticket.lower().replace("-", " ")
    found = site.get(f"/lapor/tiket?nomor={typed}")
    assert found.headers["location"] == f"/lapor/{ticket}"
    assert site.get(f"/lapor/{ticket.lower()}").headers["location"] == f"/lapor/{ticket}"
    assert site.get("/lapor/tiket?nomor=halo").status_code == 404
    codes = [site.get(f"/lapor/L-0000-{number:04d}").status_code for number in range(MISSES + 2)]
    assert codes == [404] * MISSES + [429] * 2
    assert site.get(f"/v1/reports/{ticket}").status_code == 429
    with moved_on(minutes=6):
        assert site.get(f"/lapor/{ticket}").status_code == 200


def test_the_api_takes_reports_by_the_same_rules(
    runtime: Runtime, site: Site, auth: Callable[..., dict[str, str]]
) -> None:
    sent = {"link": "https://t.me/desa_kita/88", "seen": SEEN, "region": "33.14"}
    answer = site.post("/v1/reports", json={**sent, "seen_at": "2024-11-20T10:00:00+07:00"})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["status"] == "needs_fetch"
    assert site.get(f"/v1/reports/{body['ticket']}").json() == body
    assert site.get(body["status_url"]).status_code == 200
    for wrong, code in (
        ({**sent, "seen": "ya"}, "report_refused"),
        ({**sent, "link": "ftp://a.id"}, "report_refused"),
        ({**sent, "lain": 1}, "invalid_input"),
        ({**sent, "seen_at": "2024-11-20T10:00:00"}, "invalid_input"),
        ({"link": "https://a.id/x"}, "invalid_input"),
    ):
        refused = site.post("/v1/reports", json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert site.post("/v1/reports", json={**sent, "seen": "ya"}).json()["field"] == "seen"
    assert site.get("/v1/reports/L-0000-0000").json()["code"] == "not_found"
    # The same request again is the same report, with a key or without.
    headers = {"Idempotency-Key": "satu"}
    twice = [site.post("/v1/reports", json=sent, headers=headers).json() for _ in range(2)]
    assert twice[0]["ticket"] == twice[1]["ticket"] != body["ticket"]
    for _ in range(SENDER_LIMITS[0][1] - 2):
        site.post("/v1/reports", json=sent)
    limited = site.post("/v1/reports", json=sent)
    assert (limited.status_code, limited.json()["code"]) == (429, "too_many_reports")
    assert limited.headers["retry-after"] == "600"
    assert site.report(text=ASN_TEXT).status_code == 429

    # A partner stands for many people, and is known by its key.
    partner = auth(Scope.POSTS_WRITE)
    codes = {site.post("/v1/reports", json=sent, headers=partner).status_code for _ in range(8)}
    assert codes == {201}
    again = [
        site.post("/v1/reports", json=sent, headers={**partner, **headers}).json() for _ in range(2)
    ]
    assert again[0] == again[1]
    assert site.post("/v1/reports", json=sent, headers=auth(Scope.CASES_READ)).status_code == 403
    bad = {"Authorization": "Bearer ntr_salah"}
    assert site.post("/v1/reports", json=sent, headers=bad).status_code == 401
