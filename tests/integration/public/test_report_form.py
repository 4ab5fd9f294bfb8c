"""The public form over real HTTP: what becomes of a report, and what is not taken."""

import re

import pytest

from monitor.domain import Role
from monitor.runtime import Runtime
from monitor.storage.tables import marks, posts, sources
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
from tests.steps import queue, score_all, take_in


def test_a_report_becomes_a_post_a_case_and_an_answer_to_who_sent_it(
    runtime: Runtime, site: Site
) -> None:
    ticket = site.reported(text=ASN_TEXT, region="Sragen", contact="ani@contoh.id")
    assert re.fullmatch(r"L-[0-9A-Z]{4}-[0-9A-Z]{4}", ticket)
    page = site.get(f"/lapor/{ticket}?baru=1")
    assert "Laporan Anda diterima" in page.text
    assert ticket in page.text
    for hidden in (ASN_TEXT, SEEN, "ani@contoh.id"):
        assert hidden not in page.text

    (post,) = rows(runtime, posts)
    (source,) = rows(runtime, sources)
    assert (source.name, source.kind, post.source_id) == ("lapor", "public", source.id)
    assert (post.region, post.platform) == ("33.14", "other")
    # What the reporter says of the author is no evidence: it is not part of the post.
    assert SEEN not in post.received
    assert score_all(runtime) == 1
    (case,) = queue(runtime)
    assert case.post["from_public"] is True
    # That a model flagged it is nobody's business outside.
    assert site.get(f"/lapor/{ticket}").text.count("diterima") == 1
    assert "K-000001" not in site.get(f"/lapor/{ticket}").text

    staff = sign_in(runtime, site, "budi", Role.ANALYST)
    shown = staff("/kasus/K-000001").text
    assert "DARI MASYARAKAT" in shown
    assert "belum dicocokkan" in shown
    assert ticket in shown
    assert staff(f"/laporan/{ticket}/status", step="case").status_code == 303
    assert "menjadi kasus K-000001" in site.get(f"/lapor/{ticket}").text


def test_a_text_that_shows_no_civil_servant_leaves_no_post(runtime: Runtime, site: Site) -> None:
    ticket = site.reported(text=CITIZEN_TEXT)
    assert rows(runtime, posts) == []
    assert len(rows(runtime, marks)) == 1
    flagged = site.reported(text=ASN_TEXT)
    # The page says the same, whether the gate let it through or not.
    first, second = (
        re.sub(r"L-\w{4}-\w{4}|<time.*?</time>", "", site.get(f"/lapor/{t}").text)
        for t in (ticket, flagged)
    )
    assert first == second


def test_a_false_text_never_takes_the_place_of_the_real_post(runtime: Runtime, site: Site) -> None:
    link = "https://x.com/bu_guru_sari/status/1861398899112233445"
    site.reported(link=link, text=ASN_TEXT)
    real = make_post(id="1861398899112233445", platform="x", url=link)
    assert take_in(runtime, real).new == 1
    ids = {row.external_id for row in rows(runtime, posts)}
    assert "1861398899112233445" in ids
    assert len(ids) == 2
    # From now on the real one is what a report of this address is about.
    site.reported(link=f"{link}?s=20", text="Teks lain lagi, saya PNS, coblos 02")
    newest = rows(runtime, table)[-1]
    (known,) = [row for row in rows(runtime, posts) if row.external_id == real["id"]]
    assert newest.post_id == known.id


def test_the_same_form_sent_twice_is_one_report(runtime: Runtime, site: Site) -> None:
    token = site.token()
    tickets = {site.report(token, text=ASN_TEXT).headers["location"] for _ in range(2)}
    assert len(tickets) == 1
    # Changed and sent again it is another one.
    site.report(token, text=ASN_TEXT, region="Sragen")
    assert len(rows(runtime, table)) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Isi tautan unggahan"),
        ({"text": "isi", "seen": "ok"}, "satu kalimat"),
        ({"text": "isi", "seen": "1234567890 !!!"}, "satu kalimat"),
        ({"link": "javascript:alert(1)"}, "bukan alamat unggahan"),
        ({"link": "http://127.0.0.1/x"}, "bukan alamat unggahan"),
        ({"link": "https://contoh.id/" + "a" * 3000}, "paling panjang"),
        ({"text": "a" * 10_001}, "paling banyak 10000"),
        ({"text": "a", "seen": "b" * 2001}, "paling banyak 2000"),
        ({"text": "a", "contact": "c" * 201}, "paling banyak 200"),
        ({"text": "a", "region": "Atlantis"}, "tidak dikenal"),
        ({"text": "a", "seen_at": "kapan-kapan"}, "27-11-2024 14:30"),
        ({"text": "a", "seen_at": "2999-01-01T10:00"}, "belum terjadi"),
        ({"text": "a", "seen_at": "9999-12-31T23:59-12:00"}, "belum terjadi"),
        ({"text": "a", "seen_at": "0001-01-01T00:00+14:00"}, "terlalu lama"),
        ({"text": "beli [url=http://a.id]obat[/url]"}, "seperti iklan"),
        ({"text": "http://a.id " * 11}, "seperti iklan"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(
    runtime: Runtime, site: Site, fields: dict[str, str], said: str
) -> None:
    answer = site.report(**({"region": ""} | fields))
    assert answer.status_code == 422
    assert said in answer.text
    for name, typed in fields.items():
        # Nothing that was typed is lost, and nothing of it can become part of the page.
        if name in ("text", "seen") and len(typed) < 100:
            assert typed in answer.text
    assert rows(runtime, table) == []


def test_machines_are_slowed_down_and_people_are_told(runtime: Runtime, site: Site) -> None:
    token = site.token()
    fast = site.post("/lapor", data={"token": token, "text": ASN_TEXT, "seen": SEEN})
    assert (fast.status_code, "tekan Kirim" in fast.text, token in fast.text) == (422, True, True)
    assert site.report(token, text=ASN_TEXT, situs_web="http://iklan.id").status_code == 422
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert "tidak berlaku" in site.report(forged, text=ASN_TEXT).text
    with moved_on(hours=25):
        late = site.post("/lapor", data={"token": token, "text": ASN_TEXT, "seen": SEEN})
    assert "terlalu lama" in late.text
    assert token not in late.text
    assert ASN_TEXT in late.text
    with moved_on(seconds=FILL_SECONDS):
        foreign = site.post(
            "/lapor",
            data={"token": token, "text": ASN_TEXT, "seen": SEEN},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
    assert foreign.status_code == 422
    assert rows(runtime, table) == []
    assert site.report(token, text=ASN_TEXT).status_code == 303


def test_what_was_typed_cannot_become_part_of_a_page(runtime: Runtime, site: Site) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    refused = site.report(text=nasty, seen=nasty, region=nasty, contact=nasty)
    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    ticket = site.reported(text=nasty + ASN_TEXT, seen=nasty + SEEN)
    staff = sign_in(runtime, site, "budi", Role.SUPERVISOR)
    for path in (f"/laporan/{ticket}", "/laporan"):
        page = staff(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
    assert "<script>" not in site.get("/lapor/<script>alert(1)</script>").text


def test_a_large_body_is_refused_as_a_page(site: Site) -> None:
    answer = site.post("/lapor", data={"text": "a" * 300_000})
    assert answer.status_code == 413
    assert "256 KiB" in answer.text
    assert "<h1>" in answer.text
    api = site.post("/v1/reports", json={"seen": "a" * 300_000})
    assert (api.status_code, api.json()["code"]) == (413, "body_too_large")
