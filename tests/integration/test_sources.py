"""Sources as people manage them: what is accepted, agreements, accounts from files, trying one."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from monitor.cli.console import OPERATOR
from monitor.collectors.base import Option
from monitor.collectors.trouble import CredentialsRefused, NotConfigured
from monitor.errors import ConflictError, FileFormatError, InputError
from monitor.evidence import custody
from monitor.pipeline.account_lists import AccountImport, import_accounts
from monitor.pipeline.sources import agree, pause_source, resume_source, try_source
from monitor.runtime import Runtime
from monitor.storage.tables import coverage, marks, posts
from tests.builders import make_post
from tests.fakes.scripted import KIND, Platform, a_number, register
from tests.source_steps import add, row, run_due


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform()
    register(monkeypatch, platform)
    return platform


def logged(runtime: Runtime) -> list[tuple[str, str, str]]:
    with runtime.database.read() as connection:
        return [(e.action, e.subject, e.details) for e in custody.iter_entries(connection)]


def test_options_are_those_of_the_kind(runtime: Runtime, platform: Platform) -> None:
    with pytest.raises(InputError) as unknown:
        add(runtime, "a", options={"qery": "x", "limit": "5"})
    assert "qery" in unknown.value.detail
    assert "query: Kata yang dicari" in unknown.value.detail
    with pytest.raises(InputError, match="limit: harus bilangan"):
        add(runtime, "a", options={"limit": "banyak"})


def test_a_missing_option_is_named(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    options = (Option("url", "Alamat umpan", required=True, check=a_number),)
    register(monkeypatch, Platform(), options=options)
    for given in ({}, {"url": ""}):
        with pytest.raises(InputError, match="url"):
            add(runtime, "a", options=given)
    add(runtime, "a", options={"url": "5"})


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"every_seconds": 59}, "60 detik"),
        ({"schedule": "* * * * *", "every_seconds": 300}, "salah satu"),
        ({"schedule": "0 0 31 2 *"}, "tidak pernah"),
        ({"schedule": "0 0 * *"}, "lima kolom"),
        ({"region": "Atlantis"}, "Atlantis"),
        ({"contest": "Pilkada 1850"}, "Pilkada 2024"),
        ({"priority": 11}, "--priority"),
        ({"daily_quota": -1}, "--daily-quota"),
        ({"expect_hours": -1}, "--expect-hours"),
        ({"agreement": "x" * 501}, "500"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, plan: dict[str, Any], told: str
) -> None:
    register(monkeypatch, Platform(), least_seconds=60)
    with pytest.raises(InputError, match=told):
        add(runtime, "a", **plan)


def test_a_crontab_denser_than_the_kind_allows_is_refused(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, Platform(), least_seconds=600)
    with pytest.raises(InputError, match="600 detik"):
        add(runtime, "a", schedule="0,5 8 * * *")
    add(runtime, "a", schedule="*/10 * * * *")


def test_what_was_asked_for_is_kept(runtime: Runtime, platform: Platform) -> None:
    add(runtime, "a", schedule=" */5  * * * * ", region="33.74", contest="pilkada_2024", priority=3)
    source = row(runtime, "a")
    assert (source.schedule, source.region, source.contest, source.priority) == (
        "*/5 * * * *",
        "33.74",
        "Pilkada 2024",
        3,
    )


def test_a_source_stays_off_until_its_agreement_is_recorded(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = Platform()
    register(monkeypatch, platform, needs_agreement=True)
    platform.account("a").publish("a", 1)
    added = add(runtime, "a", every_seconds=60)
    assert added.status == "paused"
    assert run_due(runtime) is None
    with runtime.database.write() as connection, pytest.raises(ConflictError, match="agree"):
        resume_source(connection, "a", by=OPERATOR)
    with pytest.raises(NotConfigured, match="agree a"):
        try_source(added, runtime.tools)
    assert platform.account("a").asked == 0
    with runtime.database.write() as connection:
        agree(connection, "a", "Surat 12/KOM/2026,  3 Maret 2026", by=OPERATOR)
    source = row(runtime, "a")
    assert (source.status, source.agreement) == ("active", "Surat 12/KOM/2026, 3 Maret 2026")
    assert run_due(runtime) is not None
    action, subject, details = logged(runtime)[-1]
    assert (action, subject) == ("source.agreed", "source:a")
    assert "12/KOM/2026" in details


def test_a_new_agreement_does_not_start_what_a_person_has_paused(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, Platform(), needs_agreement=True)
    assert add(runtime, "a", every_seconds=60, agreement="Surat 1").status == "active"
    with runtime.database.write() as connection:
        pause_source(connection, "a", by=OPERATOR)
        agree(connection, "a", "Surat 2", by=OPERATOR)
    assert row(runtime, "a").status == "paused"
    assert [action for action, _, _ in logged(runtime)] == [
        "source.added",
        "source.paused",
        "source.agreed",
    ]


def test_trying_a_source_keeps_nothing(runtime: Runtime, platform: Platform) -> None:
    source = add(runtime, "a", every_seconds=60)
    platform.page_size = 8
    platform.account("a").publish("a", 20)
    platform.account("a").posts[0] = make_post(id="a-0")
    found = try_source(source, runtime.tools)
    assert [item["id"] for item in found] == [f"a-{n}" for n in range(5)]
    assert row(runtime, "a") == source
    assert platform.account("a").asked == 1, "a further page would mean that this one was stored"
    with runtime.database.read() as connection:
        for table in (posts, marks, coverage):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_trying_a_source_tells_its_trouble(runtime: Runtime, platform: Platform) -> None:
    source = add(runtime, "a")
    platform.account("a").troubles.append(CredentialsRefused("Perbarui token."))
    with pytest.raises(CredentialsRefused):
        try_source(source, runtime.tools)
    assert row(runtime, "a") == source


def accounts_from(runtime: Runtime, path: Path) -> AccountImport:
    with runtime.database.write() as connection:
        return import_accounts(connection, "a", path, by=OPERATOR)


def test_accounts_come_from_a_text_file(
    runtime: Runtime, platform: Platform, tmp_path: Path
) -> None:
    add(runtime, "a", options={"accounts": "@lama, kedua"})
    path = tmp_path / "akun.txt"
    path.write_bytes(
        "\ufeffakun\nLama\n@baru\n\nbaru\ndua kata\nx,y\r\nketiga\n".encode()
        + b"\xff\n"
        + b"a" * 300
    )
    outcome = accounts_from(runtime, path)
    assert (outcome.new, outcome.duplicate) == (2, 2)
    assert [line for line, _ in outcome.refused] == [6, 7, 9, 10]
    assert row(runtime, "a").options["accounts"] == "@lama,kedua,@baru,ketiga"
    assert accounts_from(runtime, path).new == 0


def test_accounts_come_from_a_named_column(
    runtime: Runtime, platform: Platform, tmp_path: Path
) -> None:
    add(runtime, "a")
    table = tmp_path / "akun.csv"
    table.write_text("nama;Akun\nBu Sari;sari\nPak Budi;budi\n;\n", encoding="utf-8")
    assert accounts_from(runtime, table).new == 2
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in (("handle", "id"), ("sari", 1), (12345678901234567, 2), ("citra", 3)):
        sheet.append(cells)
    book.save(tmp_path / "akun.xlsx")
    outcome = accounts_from(runtime, tmp_path / "akun.xlsx")
    assert (outcome.new, outcome.duplicate, [line for line, _ in outcome.refused]) == (1, 1, [3])
    assert row(runtime, "a").options["accounts"] == "sari,budi,citra"


def test_a_table_without_a_column_of_accounts_is_refused(
    runtime: Runtime, platform: Platform, tmp_path: Path
) -> None:
    add(runtime, "a")
    table = tmp_path / "akun.csv"
    table.write_text("nama,jabatan\nBu Sari,guru\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match="kolom akun"):
        accounts_from(runtime, table)
    with pytest.raises(FileFormatError, match=r"\.txt"):
        accounts_from(runtime, tmp_path)


def test_each_account_is_checked_as_the_kind_asks(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "akun.txt"
    path.write_text("12\nhuruf\n13\n", encoding="utf-8")

    def numbers(value: str) -> None:
        for part in value.split(","):
            a_number(part)

    register(monkeypatch, Platform(), options=(Option("accounts", "Nomor", check=numbers),))
    add(runtime, "a")
    outcome = accounts_from(runtime, path)
    assert (outcome.new, outcome.refused) == (2, [(2, "harus bilangan")])
    register(monkeypatch, Platform(), options=())
    with pytest.raises(InputError, match=KIND):
        accounts_from(runtime, path)
