"""The public channels of a source: their names, and what the cursor remembers of each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.trouble import NotConfigured
from monitor.domain import Source

_SHORTEST, _LONGEST = 4, 32
# One channel that is gone must not slow the others down: told once, then asked again daily.
ASK_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Channel:
    """What was last learned of a channel; `problem` is empty while it can be read."""

    title: str = ""
    bio: str = ""
    checked: str = ""
    problem: str = ""

    @classmethod
    def of(cls, stored: object) -> "Channel":
        parts = stored if isinstance(stored, dict) else {}
        names = ("title", "bio", "checked", "problem")
        return cls(*(str(parts.get(name) or "") for name in names))

    def stored(self) -> dict[str, str]:
        return {
            "title": self.title,
            "bio": self.bio,
            "checked": self.checked,
            "problem": self.problem,
        }

    def is_due(self, now: datetime) -> bool:
        return not self.checked or now - datetime.fromisoformat(self.checked) >= ASK_AGAIN

    def failed(self, problem: str, now: datetime) -> "Channel":
        return replace(self, problem=problem, checked=now.isoformat())


def known_channels(cursor: Mapping[str, Any]) -> dict[str, Channel]:
    stored = cursor.get("channels")
    parts = stored if isinstance(stored, dict) else {}
    return {name: Channel.of(one) for name, one in parts.items()}


def channel_names(text: str) -> list[str]:
    """Return the names of an option, lower case. Raises ValueError naming one that cannot be."""
    names: list[str] = []
    for part in text.replace(",", " ").replace(";", " ").split():
        name = part.removeprefix("https://").removeprefix("t.me/").removeprefix("s/")
        name = name.removeprefix("@").lower()
        plain = name.replace("_", "a")
        # An invitation (t.me/+…, t.me/joinchat/…, t.me/c/…) leads into a closed group: never ours.
        fits = _SHORTEST <= len(name) <= _LONGEST and plain.isascii() and plain.isalnum()
        if not fits or not name[0].isalpha():
            raise ValueError(
                f"{part!r} bukan nama kanal publik (huruf, angka, garis bawah; "
                f"{_SHORTEST}-{_LONGEST}; tautan undangan tidak diterima)"
            )
        if name not in names:
            names.append(name)
    return names


def channels_of(source: Source) -> list[str]:
    try:
        names = channel_names(source.options.get("channels", ""))
    except ValueError as error:
        raise NotConfigured(f"Daftar kanal keliru: {error}.") from None
    if not names:
        raise NotConfigured("Sebutkan kanal publik dengan --set channels=nama1,nama2.")
    return names
