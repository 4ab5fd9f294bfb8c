"""What the error object of a Graph or Threads answer means for its source.

Written from https://developers.facebook.com/docs/graph-api/guides/error-handling and
.../graph-api/overview/rate-limiting (2026-11-23); code 18 is known from published clients only.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.meta.usage import WINDOW
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NeedsPerson,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    SourceGone,
)

# 4 app, 17 user, 32 page, 341 app, 613 custom; 80000 to 80014 are business use cases.
_LIMITS = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_TOKEN = frozenset({102, 190})
_PERMISSION = frozenset({3, 10, *range(200, 300)})
_PASSING = frozenset({1, 2})
_PARAMETER, _NOT_THERE = 100, 33
# 110 no such Instagram account, 803 no such page name, 24 no such hashtag.
_GONE = frozenset({24, 110, 803})
_HASHTAGS, _BLOCKED = 18, 368

_TOKEN_REASONS = {
    458: "Aplikasi tidak lagi terpasang pada akun pemberi izin.",
    459: "Akun pemberi izin harus masuk ke Facebook dan menyelesaikan pemeriksaan.",
    460: "Kata sandi akun pemberi izin sudah diganti.",
    463: "Masa berlaku token habis.",
    464: "Akun pemberi izin belum dikonfirmasi.",
    467: "Token dicabut atau tidak berlaku.",
}


class NotThere(SourceGone):
    """No such object, or none that this token may see: Meta does not tell the two apart."""


class ParameterRefused(AnswerChanged):
    """Code 100: a parameter is not accepted, among them a paging cursor that has expired."""


def trouble_of_error(
    error: Mapping[str, Any], *, now: datetime, quiet: datetime | None
) -> CollectorTrouble:
    """Return the trouble; its text holds codes only, never Meta's message or the address."""
    code, subcode = _int(error.get("code")), _int(error.get("error_subcode"))
    tag = f"kode {code}" + (f"/{subcode}" if subcode else "")
    if code in _LIMITS:
        return RateLimited(
            f"Batas panggilan Meta tercapai ({tag}); dicoba lagi sesudah waktunya.",
            until=quiet or now + WINDOW,
        )
    if code == _HASHTAGS:
        return QuotaSpent(
            f"Jatah 30 tagar per 7 hari milik akun Instagram ini habis ({tag}).",
            until=now + timedelta(days=1),
        )
    if code in _TOKEN:
        return CredentialsRefused(_token_text(subcode, tag))
    if code in _PERMISSION:
        return CredentialsRefused(
            f"Aplikasi Meta belum punya izin untuk permintaan ini ({tag}). Periksa izin dan fitur "
            "yang disetujui pada tinjauan aplikasi."
        )
    if code == _BLOCKED:
        return NeedsPerson(
            f"Meta memblokir aplikasi ini sementara karena kebijakannya ({tag}). Buka dasbor "
            "aplikasi dan selesaikan peringatannya sebelum sumber dilanjutkan."
        )
    return _trouble_of_request(code, subcode, tag, transient=error.get("is_transient") is True)


def _trouble_of_request(code: int, subcode: int, tag: str, *, transient: bool) -> CollectorTrouble:
    if code in _PASSING or transient:
        return PlatformDown(f"Meta sedang bermasalah ({tag}); dicoba lagi.")
    if code in _GONE or (code == _PARAMETER and subcode == _NOT_THERE):
        return NotThere(
            f"Tidak ditemukan atau tidak dapat dilihat dengan token ini ({tag}). Periksa nama akun "
            "atau tagar, dan izin aplikasi."
        )
    if code == _PARAMETER:
        return ParameterRefused(
            f"Meta menolak isi permintaan ({tag}). Periksa pengaturan sumber dan versi Graph API."
        )
    return AnswerChanged(f"Meta menjawab galat yang belum dikenal ({tag}). Periksa log perubahan.")


def _token_text(subcode: int, tag: str) -> str:
    reason = _TOKEN_REASONS.get(subcode, "Token tidak berlaku lagi.")
    return f"{reason} Buat token baru dan ganti berkas kredensialnya ({tag})."


def _int(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
