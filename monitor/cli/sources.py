"""`netra sources list|add|agree|test|import-accounts|alarms|pause|resume|remove`."""

import re
from pathlib import Path
from typing import Any

import click

from monitor.cli.console import OPERATOR, open_installation, print_json
from monitor.clock import utcnow
from monitor.collectors import KINDS
from monitor.collectors.trouble import trouble_of
from monitor.domain import Source
from monitor.errors import InputError
from monitor.pipeline import sources as pipeline
from monitor.pipeline.account_lists import import_accounts
from monitor.pipeline.quota import QuotaUse, quota_use
from monitor.pipeline.source_plan import SourcePlan
from monitor.storage import source_alarms, sources

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@click.group("sources")
def command() -> None:
    """Sumber unggahan."""


@command.command("list")
def list_command() -> None:
    """Daftar sumber, keadaannya, jalan berikutnya, dan pemakaian kuotanya."""
    runtime = open_installation()
    now = utcnow()
    with runtime.database.read() as connection:
        found = sources.list_sources(connection)
        used = [quota_use(connection, source, now) for source in found]
    for source, use in zip(found, used, strict=True):
        print_json(_shown(source, use))


@command.command("add")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="Jenis sumber.")
@click.option(
    "--set", "options", multiple=True, metavar="KUNCI=NILAI", help="Pilihan jenis itu; berulang."
)
@click.option("--every", default="", metavar="5m", help="Selang: 30s, 5m, 2h, 1d; kosong: sekali.")
@click.option("--cron", default="", metavar='"*/5 * * * *"', help="Jadwal pada zona waktu Netra.")
@click.option("--region", default="", metavar="33.74", help="Wilayah: kode atau nama Kemendagri.")
@click.option("--contest", default="", metavar="NAMA", help="Pemilihan yang dipantau.")
@click.option("--priority", default=0, metavar="N", help="-10 sampai 10; besar: lebih dahulu.")
@click.option("--daily-quota", default=0, metavar="N", help="Jatah sehari (UTC); 0: tanpa batas.")
@click.option("--monthly-quota", default=0, metavar="N", help="Jatah sebulan (UTC).")
@click.option(
    "--expect-hours", default=0, metavar="N", help="Peringatkan bila N jam tanpa unggahan baru."
)
@click.option("--agreement", default="", metavar="TEKS", help="Rujukan persetujuan platform.")
def add(name: str, kind: str, options: tuple[str, ...], every: str, **asked: Any) -> None:
    """Tambah sumber."""
    plan = SourcePlan(
        options=_options(options),
        every_seconds=_seconds(every),
        schedule=asked.pop("cron"),
        **asked,
    )
    runtime = open_installation()
    with runtime.database.write() as connection:
        added = pipeline.add_source(connection, name, kind, plan, zone=runtime.zone, by=OPERATOR)
    click.echo(f"Sumber {name} ditambahkan.", err=True)
    if pipeline.lacks_agreement(added):
        click.echo(
            f"Sumber ini belum berjalan: ketentuan {KINDS[kind].title} menuntut persetujuan. Bila"
            f" sudah ada, catat rujukannya: netra sources agree {name} NOMOR-ATAU-RUJUKAN",
            err=True,
        )


@command.command("agree")
@click.argument("name")
@click.argument("text")
def agree(name: str, text: str) -> None:
    """Catat rujukan persetujuan platform (TEXT); sumber yang menunggunya mulai berjalan."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        pipeline.agree(connection, name, text, by=OPERATOR)
    click.echo(f"Persetujuan untuk sumber {name} dicatat.", err=True)


@command.command("test")
@click.argument("name")
def test(name: str) -> int:
    """Ambil dan tampilkan lima unggahan tanpa menyimpan apa pun."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        source = pipeline.get_source(connection, name)
    try:
        found = pipeline.try_source(source, runtime.tools)
    except Exception as error:
        trouble = trouble_of(error)
        click.echo(f"Sumber {name}: {trouble.title}. {trouble.detail}".strip(), err=True)
        return 1
    for number, item in enumerate(found, start=1):
        print_json(item)
        reason = pipeline.refusal_of(item)
        if reason:
            click.echo(f"Unggahan {number} akan ditolak: {reason}", err=True)
    if not found:
        click.echo(f"Sumber {name} menjawab, tetapi belum memberi unggahan.", err=True)
    return 0


@command.command("import-accounts")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_accounts_command(name: str, file: Path) -> int:
    """Tambahkan akun dari FILE (.csv, .xlsx, .txt; satu kolom akun) ke sumber."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        outcome = import_accounts(connection, name, file, by=OPERATOR)
    for line, reason in outcome.refused:
        click.echo(f"line {line}: {reason}", err=True)
    refused = len(outcome.refused)
    print_json({"new": outcome.new, "duplicate": outcome.duplicate, "refused": refused})
    return 1 if refused else 0


@command.command("alarms")
def alarms() -> None:
    """Peringatan yang masih terbuka."""
    runtime = open_installation()
    with runtime.database.read() as connection:
        found = source_alarms.list_open_alarms(connection)
    for alarm in found:
        print_json(
            {
                "source": alarm.source,
                "kind": alarm.kind,
                "detail": alarm.detail,
                "raised_at": alarm.raised_at,
            }
        )
    if not found:
        click.echo("Tidak ada peringatan terbuka.", err=True)


@command.command("pause")
@click.argument("name")
def pause(name: str) -> None:
    """Hentikan sementara."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        pipeline.pause_source(connection, name, by=OPERATOR)


@command.command("resume")
@click.argument("name")
def resume(name: str) -> None:
    """Jalankan lagi; yang perlu ditangani orang dianggap sudah ditangani."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        pipeline.resume_source(connection, name, by=OPERATOR)


@command.command("remove")
@click.argument("name")
@click.option("--with-posts", is_flag=True, help="Hapus juga unggahan dan kasus (hanya contoh).")
def remove(name: str, with_posts: bool) -> None:
    """Hapus sumber."""
    runtime = open_installation()
    with runtime.database.write() as connection:
        count = pipeline.remove_source(connection, name, with_posts=with_posts, by=OPERATOR)
    click.echo(f"Sumber {name} dihapus bersama {count} unggahan.", err=True)


def _shown(source: Source, use: QuotaUse) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "status": source.status,
        "sample": source.sample,
        "state": source.state,
        "state_detail": source.state_detail,
        "state_since": source.state_since,
        "options": source.options,
        "every_seconds": source.every_seconds,
        "schedule": source.schedule,
        "region": source.region,
        "contest": source.contest,
        "priority": source.priority,
        "agreement": source.agreement,
        "last_run_at": source.last_run_at,
        "last_new_at": source.last_new_at,
        "due_at": source.due_at,
        "quota": {
            "day": {"used": use.day, "limit": source.daily_quota or None},
            "month": {"used": use.month, "limit": source.monthly_quota or None},
        },
        "expect_hours": source.expect_hours,
        "last_error": source.last_error,
    }


def _options(typed: tuple[str, ...]) -> dict[str, str]:
    options: dict[str, str] = {}
    for text in typed:
        key, separator, value = text.partition("=")
        if not separator or not key:
            raise InputError(f"--set {text!r} harus berbentuk KUNCI=NILAI.")
        if key in options:
            raise InputError(f"--set {key} diberikan dua kali; pakai koma untuk beberapa nilai.")
        options[key] = value
    return options


def _seconds(text: str) -> int:
    if not text:
        return 0
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if not match:
        raise InputError(f"--every {text!r} harus seperti 30s, 5m, 2h, atau 1d.")
    return int(match[1]) * _UNITS[match[2]]
