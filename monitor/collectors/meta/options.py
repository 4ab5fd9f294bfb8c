"""The `--set` options that the kinds of Meta share, and how they are read."""

import re
from datetime import timedelta

from monitor.collectors.base import Option
from monitor.collectors.trouble import NotConfigured
from monitor.domain import Source

DEFAULT_VERSION = "v26.0"
_DEFAULT_DAYS = "7"

TOKEN = Option(
    "token",
    "Nama berkas kredensial yang berisi token akses.",
    required=True,
    credential=True,
)
APP_SECRET = Option(
    "app_secret",
    "Nama berkas kredensial yang berisi rahasia aplikasi; bila diisi, setiap permintaan memuat "
    "appsecret_proof (wajib bila aplikasi menyalakan Require App Secret).",
    credential=True,
)


class WholeNumber:
    """Checks that an option is a whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text.strip()):
            raise ValueError("harus berupa bilangan bulat")
        number = int(text)
        if not self._least <= number <= self._most:
            raise ValueError(f"harus antara {self._least} dan {self._most}")
        return number


class WordList:
    """Checks a list separated by commas or lines: what a word may be, and how many there may be."""

    def __init__(self, pattern: str, example: str, most: int) -> None:
        self._pattern, self._example, self._most = re.compile(pattern), example, most

    def __call__(self, text: str) -> list[str]:
        words = split_list(text)
        if len(words) > self._most:
            raise ValueError(f"{len(words)} butir; paling banyak {self._most}")
        for word in words:
            if not self._pattern.fullmatch(word):
                raise ValueError(f"{word!r} tidak dapat dipakai; contoh: {self._example}")
        return words


def check_version(text: str) -> str:
    if not re.fullmatch(r"v\d{1,3}\.\d", text):
        raise ValueError(f"harus seperti {DEFAULT_VERSION}")
    return text


VERSION = Option(
    "version",
    f"Versi Graph API. Tanpa diisi: {DEFAULT_VERSION}.",
    default=DEFAULT_VERSION,
    check=check_version,
)
DAYS = Option(
    "days",
    f"Berapa hari ke belakang pada pengumpulan pertama. Tanpa diisi: {_DEFAULT_DAYS}.",
    default=_DEFAULT_DAYS,
    check=WholeNumber(1, 365),
)


def split_list(text: str) -> list[str]:
    """Return the words of a list, without `@`, `#` and doubles, in their order."""
    words = (part.strip().lstrip("@#").strip() for part in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(word for word in words if word))


def listed(source: Source, name: str) -> list[str]:
    return split_list(source.options.get(name, ""))


def number(source: Source, option: Option) -> int:
    text = source.options.get(option.name) or option.default
    if not text.strip().isdigit():
        raise NotConfigured(f"Pilihan {option.name} harus berupa bilangan bulat. Perbaiki sumber.")
    return int(text)


def first_reach(source: Source) -> timedelta:
    return timedelta(days=number(source, DAYS))


def api_version(source: Source) -> str:
    return source.options.get(VERSION.name) or DEFAULT_VERSION
