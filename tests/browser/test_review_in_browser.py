"""From a fresh installation to decided cases, in Chromium, the way a reviewer works."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Server

FIRST_CASE_WITHIN_S = 60
OpenPage = Callable[..., Page]


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Nama pengguna").fill("admin")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", name="Antrean kandidat")).to_be_visible()


def rows(page: Page) -> Locator:
    return page.locator("ol.queue > li")


def take_case(page: Page) -> str:
    """Claim from the queue and return the number of the case that opened."""
    page.goto("/antrean")
    page.get_by_role("button", name="Ambil kasus berikutnya").click()
    return number_of(page)


def number_of(page: Page) -> str:
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"^Dugaan K-\d+$"))
    return heading.inner_text().removeprefix("Dugaan ")


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for that page."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


@pytest.fixture(scope="module")
def seconds_to_first_case(server: Server, browser: Browser) -> float:
    """How long after it was ready the server had a case; every test here needs one."""
    page = browser.new_page(base_url=server.url)
    sign_in(page)
    while not rows(page).count():
        if time.monotonic() - server.ready_at > FIRST_CASE_WITHIN_S:
            pytest.fail(f"no case in the queue in time; it says:\n{page.inner_text('main')}")
        time.sleep(0.3)
        page.reload()
    seconds = time.monotonic() - server.ready_at
    page.context.close()
    return seconds


@pytest.fixture
def reviewer(open_page: OpenPage, seconds_to_first_case: float) -> Page:
    page = open_page()
    sign_in(page)
    return page


def test_first_case_is_in_the_queue_within_a_minute(
    seconds_to_first_case: float, reviewer: Page, artifacts: Path
) -> None:
    assert seconds_to_first_case < FIRST_CASE_WITHIN_S
    expect(rows(reviewer).first).to_contain_text("CONTOH")
    expect(rows(reviewer).first).to_contain_text(re.compile(r"(tinggi|sedang|rendah) \d+%"))
    reviewer.screenshot(path=artifacts / "antrean.png", full_page=True)


def test_case_page_shows_reasons_evidence_and_seal(reviewer: Page, artifacts: Path) -> None:
    take_case(reviewer)
    expect(reviewer.locator(".text mark.alasan").first).to_be_visible()
    expect(reviewer.locator("article mark.asn").first).to_be_visible()
    expect(reviewer.locator("ul.signs li").first).to_be_visible()
    expect(reviewer.get_by_role("heading", name="Apakah penulisnya ASN?")).to_be_visible()
    expect(reviewer.get_by_role("heading", name="Apakah unggahannya memihak?")).to_be_visible()
    expect(reviewer.get_by_text(re.compile(r"^[0-9a-f]{64}$"))).to_be_visible()
    assert "pelanggar" not in reviewer.content().lower()
    reviewer.screenshot(path=artifacts / "kasus.png")
    reviewer.emulate_media(color_scheme="dark")
    reviewer.screenshot(path=artifacts / "kasus-gelap.png")
    reviewer.set_viewport_size({"width": 375, "height": 740})
    reviewer.screenshot(path=artifacts / "kasus-ponsel.png")
    assert reviewer.evaluate("document.documentElement.scrollWidth") <= 375


def test_one_key_decides_and_brings_the_next_case(reviewer: Page, artifacts: Path) -> None:
    first = take_case(reviewer)
    press(reviewer, "y")
    second = number_of(reviewer)
    assert second != first
    notice = reviewer.locator(".notice")
    expect(notice).to_contain_text(f"{first}: layak dilanjutkan")
    expect(reviewer.get_by_text("Anda pegang sampai")).to_be_visible()
    reviewer.screenshot(path=artifacts / "sesudah-keputusan.png")

    press(reviewer, "u")
    assert number_of(reviewer) == first
    expect(reviewer.locator(".notice")).to_contain_text("dibatalkan")
    expect(reviewer.locator(".history li").last).to_contain_text("dibatalkan")

    press(reviewer, "1")
    assert number_of(reviewer) == second
    expect(reviewer.locator(".notice")).to_contain_text(f"{first}: dikesampingkan")

    reviewer.goto(f"/kasus/{first}")
    expect(reviewer.locator(".facts").first).to_contain_text("dikesampingkan")
    expect(reviewer.locator(".history li").last).to_contain_text("Bukan ASN")
    expect(reviewer.locator("button[name=decision]")).to_have_count(0)


def test_keys_are_still_while_typing_and_with_modifiers(reviewer: Page) -> None:
    number = take_case(reviewer)
    note = reviewer.get_by_label(re.compile("^Catatan"))
    note.click()
    reviewer.keyboard.type("y1e?")
    expect(note).to_have_value("y1e?")
    reviewer.keyboard.press("Escape")
    reviewer.keyboard.press("Alt+y")
    reviewer.keyboard.press("Control+e")
    reviewer.keyboard.press("?")
    expect(reviewer.get_by_role("heading", name="Tombol pintas")).to_be_visible()
    # Whoever reads what a key does must not decide by it.
    reviewer.keyboard.press("y")
    reviewer.keyboard.press("?")
    expect(reviewer.get_by_role("heading", name="Tombol pintas")).to_be_hidden()
    reviewer.reload()
    assert number_of(reviewer) == number
    expect(reviewer.get_by_text("Anda pegang sampai")).to_be_visible()


def test_other_reason_asks_for_a_note_first(reviewer: Page) -> None:
    number = take_case(reviewer)
    reviewer.keyboard.press("4")
    expect(reviewer.get_by_label(re.compile("^Catatan"))).to_be_focused()
    expect(reviewer.get_by_text("Tulis alasannya")).to_be_visible()
    reviewer.keyboard.type("akun tiruan")
    reviewer.keyboard.press("Escape")
    press(reviewer, "4")
    expect(reviewer.locator(".notice")).to_contain_text(f"{number}: dikesampingkan")


def test_keys_walk_the_queue(reviewer: Page) -> None:
    reviewer.goto("/antrean")
    reviewer.keyboard.press("j")
    reviewer.keyboard.press("j")
    press(reviewer, "Enter")
    here = number_of(reviewer)
    press(reviewer, "j")
    assert number_of(reviewer) != here
    press(reviewer, "k")
    assert number_of(reviewer) == here


def test_second_window_meets_both_decisions(reviewer: Page, artifacts: Path) -> None:
    take_case(reviewer)
    late = reviewer.context.new_page()
    late.goto(reviewer.url)
    press(reviewer, "2")
    press(late, "y")
    expect(late.get_by_role("heading", name="Yang berlaku")).to_be_visible()
    expect(late.get_by_text("dikesampingkan oleh admin")).to_be_visible()
    expect(late.get_by_role("heading", name="Keputusan Anda, belum disimpan")).to_be_visible()
    expect(late.get_by_text("layak dilanjutkan", exact=True)).to_be_visible()
    late.screenshot(path=artifacts / "bentrok.png")


def test_everything_works_without_script(open_page: OpenPage, seconds_to_first_case: float) -> None:
    page = open_page(java_script=False)
    sign_in(page)
    number = take_case(page)
    page.get_by_role("button", name="Lainnya").click()
    expect(page.get_by_text("perlu alasan singkat")).to_be_visible()
    page.get_by_label(re.compile("^Catatan")).fill("hanya mengutip")
    page.get_by_role("button", name="Lainnya").click()
    expect(page.locator(".notice")).to_contain_text(f"{number}: dikesampingkan")
    page.get_by_role("button", name="Batalkan").click()
    assert number_of(page) == number
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", name="Masuk ke Netra")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_pass_the_accessibility_check(
    open_page: OpenPage, seconds_to_first_case: float, scheme: Any
) -> None:
    page = open_page()
    page.emulate_media(color_scheme=scheme)
    page.goto("/masuk")
    assert grave_violations(page) == []
    sign_in(page)
    assert grave_violations(page) == []
    take_case(page)
    assert grave_violations(page) == []
    page.goto("/status")
    assert grave_violations(page) == []


def grave_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {[node['target'] for node in v['nodes']]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_pages_stay_small(reviewer: Page) -> None:
    """Lines in district offices are thin: 60 kB a page, style and script included, unpacked."""
    take_case(reviewer)
    addresses = reviewer.evaluate(
        "[location.pathname, ...performance.getEntriesByType('resource').map(e => e.name)]"
    )
    sizes = [len(reviewer.request.get(address).body()) for address in addresses]
    assert len(sizes) == 3
    assert sum(sizes) < 60_000
