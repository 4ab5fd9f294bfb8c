"""Which accounts of a list exist and may be read, kept in the cursor with their stable ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.x.client import XClient
from monitor.collectors.x.mapping import USER_FIELDS, data_of

_PER_LOOKUP = 100
# One account that is gone must not slow the others down: it is told once, then asked again daily.
_ASK_AGAIN = timedelta(days=1)
HANDLE_LIMIT = 15


def handles_of(text: str) -> list[str]:
    """Return the handles of an option, without @. Raises ValueError naming a bad one."""
    handles: list[str] = []
    for part in text.replace(",", " ").replace(";", " ").split():
        handle = part.removeprefix("@").lower()
        letters = handle.replace("_", "a")
        if not (letters.isascii() and letters.isalnum() and len(handle) <= HANDLE_LIMIT):
            raise ValueError(f"{part!r} bukan nama akun X (huruf, angka, garis bawah; 1-15)")
        if handle not in handles:
            handles.append(handle)
    return handles


@dataclass(frozen=True, slots=True)
class Accounts:
    """Handle to X's own id, and since when a handle has not been readable."""

    ids: Mapping[str, str]
    gone: Mapping[str, str]

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "Accounts":
        return cls(dict(cursor.get("ids") or {}), dict(cursor.get("gone") or {}))

    def due(self, handles: Sequence[str], now: datetime) -> list[str]:
        """Return the handles to ask about: unknown ones, and gone ones once a day."""
        return [
            handle
            for handle in handles
            if handle not in self.ids
            and (
                handle not in self.gone
                or now - datetime.fromisoformat(self.gone[handle]) >= _ASK_AGAIN
            )
        ]

    def without(self, handle: str, now: datetime) -> "Accounts":
        ids = {name: one for name, one in self.ids.items() if name != handle}
        return Accounts(ids, {**self.gone, handle: now.isoformat()})


def look_up(
    client: XClient, accounts: Accounts, handles: Sequence[str], now: datetime
) -> tuple[Accounts, list[str]]:
    """Ask X for the ids of handles; also return those that are gone now and were not before."""
    ids, gone = dict(accounts.ids), dict(accounts.gone)
    for start in range(0, len(handles), _PER_LOOKUP):
        asked = handles[start : start + _PER_LOOKUP]
        body = client.get("/2/users/by", {"usernames": ",".join(asked), **USER_FIELDS})
        found = {
            str(user.get("username") or "").lower(): str(user["id"])
            for user in data_of(body)
            # A protected account has closed its door: not ours to open.
            if isinstance(user.get("id"), str) and user.get("protected") is not True
        }
        for handle in asked:
            if handle in found:
                ids[handle] = found[handle]
                gone.pop(handle, None)
            else:
                gone[handle] = now.isoformat()
    return Accounts(ids, gone), [one for one in handles if one in gone and one not in accounts.gone]
