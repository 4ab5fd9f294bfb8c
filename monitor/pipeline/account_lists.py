"""Takes a list of accounts from a file into the option `accounts` of a source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitor.collectors import kind_of
from monitor.collectors.base import Option
from monitor.domain import Actor
from monitor.errors import FileFormatError, InputError
from monitor.evidence import custody
from monitor.files.tabular import ROUNDED, Row, csv_header, rows_after, xlsx_rows
from monitor.pipeline.source_plan import refusal
from monitor.pipeline.sources import lock_source
from monitor.storage import Connection, sources

OPTION = "accounts"
_MOST_ACCOUNTS = 10_000
_MOST_BYTES = 10 * 1024 * 1024
_TITLES = ("akun", "account", "accounts", "handle", "handles", "username", "nama_akun", "nama akun")
# No spaces, commas or control characters: the option separates accounts by commas.
_HANDLE = re.compile(r"[^\s,;\x00-\x1f\x7f]{1,255}")


@dataclass(slots=True)
class AccountImport:
    """`refused` holds (line, reason)."""

    new: int = 0
    duplicate: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_accounts(connection: Connection, name: str, path: Path, *, by: Actor) -> AccountImport:
    """Add the file's accounts to those the source has; what cannot be an account is named."""
    source = lock_source(connection, name)
    kind = kind_of(source.kind)
    option = next((option for option in kind.options if option.name == OPTION), None)
    if option is None:
        raise InputError(f"Sumber jenis {kind.name} tidak memakai daftar akun.")
    known = [account for account in source.options.get(OPTION, "").split(",") if account.strip()]
    accounts = {_folded(account): account.strip() for account in known}
    outcome = AccountImport()
    for row in read_accounts(path):
        _take(row, accounts, option, outcome)
    if len(accounts) > _MOST_ACCOUNTS:
        raise InputError(
            f"Satu sumber memuat paling banyak {_MOST_ACCOUNTS} akun; bagi menjadi beberapa sumber."
        )
    if outcome.new:
        value = ",".join(accounts.values())
        reason = refusal(option, value)
        if reason:
            raise InputError(f"Daftar akun tidak dapat dipakai: {reason}")
        sources.set_options(connection, source.id, {**source.options, OPTION: value})
        details = {"new": outcome.new, "accounts": len(accounts)}
        custody.record(connection, by, "source.accounts_imported", f"source:{name}", details)
    return outcome


def read_accounts(path: Path) -> Iterator[Row]:
    """Yield rows of one cell: a line of a TXT file, or the column of accounts of a table."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FileFormatError(f"{path.name} lebih dari {_MOST_BYTES // 1024**2} MiB.")
        ending = path.suffix.lower()
        if ending == ".txt":
            yield from _text_lines(path)
        elif ending == ".csv":
            header = csv_header(path)
            yield from _column(path, Row(header.line, list(header.cells)), rows_after(path, header))
        elif ending == ".xlsx":
            rows = xlsx_rows(path)
            yield from _column(path, next(rows, Row(1)), rows)
        else:
            raise FileFormatError(
                f"{path.name}: jenis berkas tidak dikenal. Pakai .csv, .xlsx, atau .txt."
            )
    except OSError as error:
        raise FileFormatError(f"{path.name} tidak terbaca; periksa nama dan izinnya.") from error


def _take(row: Row, accounts: dict[str, str], option: Option, outcome: AccountImport) -> None:
    account = row.cells[0].strip() if row.cells else ""
    if not account and not row.error:
        return
    reason = row.error or (ROUNDED if row.rounded else "") or _fault(account, option)
    if reason:
        outcome.refused.append((row.line, reason))
    elif _folded(account) in accounts:
        outcome.duplicate += 1
    else:
        accounts[_folded(account)] = account
        outcome.new += 1


def _fault(account: str, option: Option) -> str:
    try:
        account.encode()
    except UnicodeEncodeError:
        return "bukan UTF-8 yang sah"
    if not _HANDLE.fullmatch(account):
        return "bukan nama akun: tanpa spasi dan koma, paling panjang 255 huruf"
    return refusal(option, account)


def _text_lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip().lower() not in _TITLES:
                yield Row(number, [line.strip()])


def _column(path: Path, first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the named column; a table of one column needs no name for it."""
    titles = [cell.strip().lower() for cell in first.cells]
    named = next((n for n, title in enumerate(titles) if title in _TITLES), None)
    if named is None and len([title for title in titles if title]) > 1:
        raise FileFormatError(
            f"{path.name}: tidak ada kolom akun. Beri salah satu kolom judul {_TITLES[0]!r}."
        )
    if named is None:
        named = 0
        yield Row(first.line, first.cells[:1], first.error)
    for row in rows:
        rounded = frozenset({0} & {column - named for column in row.rounded})
        yield replace(row, cells=row.cells[named : named + 1], rounded=rounded)


def _folded(account: str) -> str:
    return account.strip().removeprefix("@").casefold()
