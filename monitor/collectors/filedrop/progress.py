"""What the cursor of a watched folder remembers, kept small however many files go through."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

# Older copies are still recognised post by post; this only saves reading them again.
_DONE_KEPT = 1000
_WAITING_KEPT = 200


class Progress:
    def __init__(self, cursor: Mapping[str, Any]) -> None:
        self._done: list[str] = list(cursor.get("done", ()))
        self._open: dict[str, Any] = dict(cursor.get("open") or {})
        self._waiting: dict[str, list[Any]] = dict(cursor.get("waiting") or {})

    def cursor(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"done": self._done[-_DONE_KEPT:]}
        if self._open:
            kept["open"] = self._open
        if self._waiting:
            kept["waiting"] = self._waiting
        return kept

    def is_done(self, sha256: str) -> bool:
        return sha256 in self._done

    def is_open(self, name: str) -> bool:
        """Say whether an earlier run stopped in the middle of this file."""
        return bool(self._open) and self._open.get("name") == name

    def row_of(self, sha256: str) -> int:
        """Return how many rows of this file were stored by an earlier run."""
        return int(self._open.get("row", 0)) if self._open.get("sha256") == sha256 else 0

    def reached(self, name: str, sha256: str, row: int) -> dict[str, Any]:
        self._open = {"name": name, "sha256": sha256, "row": row}
        return self.cursor()

    def finished(self, sha256: str) -> dict[str, Any]:
        self._open = {}
        self._done.append(sha256)
        return self.cursor()

    def forget_open(self) -> None:
        self._open = {}

    def is_settled(
        self, name: str, size: int, changed_ns: int, now: datetime, settle: timedelta
    ) -> bool:
        """Say whether nobody is writing any more: unchanged for `settle`.

        Where the clock of a network folder runs ahead, the time of the last change says nothing;
        then it counts that an earlier run saw the very same file that long ago.
        """
        if now.timestamp() - changed_ns / 1e9 >= settle.total_seconds():
            return True
        seen = self._waiting.get(name)
        if seen is None or seen[:2] != [size, changed_ns]:
            return False
        return now - datetime.fromisoformat(seen[2]) >= settle

    def seen(self, name: str, size: int, changed_ns: int, now: datetime) -> list[Any]:
        """Return what to remember of a file that is not settled yet."""
        before = self._waiting.get(name)
        if before and before[:2] == [size, changed_ns]:
            return before
        return [size, changed_ns, now.isoformat()]

    def set_waiting(self, waiting: dict[str, list[Any]]) -> bool:
        """Remember these and no others; True when that changes the cursor."""
        kept = dict(list(waiting.items())[:_WAITING_KEPT])
        changed = kept != self._waiting
        self._waiting = kept
        return changed
