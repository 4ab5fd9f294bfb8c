"""The public door in Chromium: on a small phone without scripts, then at the desk."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD

OpenPage = Callable[..., Page]
PHONE = 360
# The form takes nothing that was filled in faster than a person can.
FILL_MS = 3500
LINK = "https://www.instagram.com/p/C_ab-12345/"
SEEN = "Guru negeri ini mengajak memilih satu paslon."


def send_report(page: Page, **fields: str) -> str:
    """Fill in the form as a person does and return the ticket."""
    page.goto("/lapor")
    for label, text in fields.items():
        page.get_by_label(re.compile(label)).fill(text)
    page.wait_for_timeout(FILL_MS)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", name="Laporan Anda diterima")).to_be_visible()
    return page.locator(".ticket").inner_text()


def sign_in(page: Page, to: str) -> None:
    page.goto(to)
    page.get_by_label("Nama pengguna").fill("admin")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def grave_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {[node['target'] for node in v['nodes']]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_a_phone_without_scripts_reports_and_the_desk_answers(
    open_page: OpenPage, artifacts: Path
) -> None:
    phone = open_page(java_script=False, width=PHONE, height=700)
    phone.goto("/lapor")
    phone.screenshot(path=artifacts / "lapor-ponsel.png", full_page=True)
    # The field that only machines fill in is out of sight and out of the way of the keyboard.
    expect(phone.locator("#situs_web")).not_to_be_in_viewport()
    expect(phone.locator("#situs_web")).to_have_attribute("tabindex", "-1")

    phone.get_by_label("Tautan unggahan").fill("bukan tautan")
    phone.get_by_label(re.compile("^Apa yang Anda lihat")).fill(SEEN)
    phone.wait_for_timeout(FILL_MS)
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.locator("#salah-link")).to_contain_text("bukan alamat unggahan publik")
    expect(phone.get_by_label(re.compile("^Apa yang Anda lihat"))).to_have_value(SEEN)
    phone.screenshot(path=artifacts / "lapor-salah.png", full_page=True)

    phone.get_by_label("Tautan unggahan").fill(LINK)
    phone.get_by_label(re.compile("^Kontak Anda")).fill("ani@contoh.id")
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_role("heading", name="Laporan Anda diterima")).to_be_visible()
    ticket = phone.locator(".ticket").inner_text()
    assert re.fullmatch(r"L-\w{4}-\w{4}", ticket)
    phone.screenshot(path=artifacts / "tiket-ponsel.png", full_page=True)

    desk = open_page()
    sign_in(desk, f"/laporan/{ticket}")
    expect(desk.get_by_role("heading", name=f"Laporan {ticket}")).to_be_visible()
    expect(desk.get_by_text("ani@contoh.id")).to_have_count(0)
    desk.get_by_role("button", name="Tampilkan kontak").click()
    expect(desk.get_by_text("ani@contoh.id")).to_be_visible()
    desk.get_by_role("button", name="Sedang saya periksa").click()
    expect(desk.locator(".notice")).to_contain_text("Status laporan tercatat")
    desk.screenshot(path=artifacts / "laporan-satu.png", full_page=True)
    desk.get_by_role("link", name="Laporan", exact=True).click()
    expect(desk.get_by_role("heading", name="Laporan masyarakat")).to_be_visible()
    expect(desk.locator("li.report").first).to_contain_text(ticket)
    desk.screenshot(path=artifacts / "laporan.png", full_page=True)

    phone.goto("/lapor")
    phone.get_by_role("textbox", name="Nomor tiket").fill(ticket.lower())
    phone.get_by_role("button", name="Lihat status").click()
    expect(phone.get_by_text("sedang diperiksa")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_pages_fit_a_phone_and_pass_the_accessibility_check(
    open_page: OpenPage, scheme: str
) -> None:
    page = open_page(width=PHONE, height=700)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    ticket = send_report(
        page,
        **{
            "^Atau teks": f"Teks panjang sekali tanpa spasi {'a' * 200} {scheme}",
            "^Apa yang Anda lihat": SEEN,
        },
    )
    assert fits(page)
    assert grave_violations(page) == []
    for path in ("/lapor", "/lapor/L-0000-0000"):
        page.goto(path)
        assert fits(page), path
        assert grave_violations(page) == [], path
    sign_in(page, f"/laporan/{ticket}")
    for path in (f"/laporan/{ticket}", "/laporan?status=semua"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Laporan")
        assert fits(page), path
        assert grave_violations(page) == [], path
