"""What an answer or an error means for a source; the troubles themselves stand in `errors.py`."""

from datetime import datetime

from monitor.errors import (
    AddressRefused,
    AnswerChanged,
    CollectorTrouble,
    CredentialsRefused,
    NeedsPerson,
    NetraError,
    NetworkError,
    NotConfigured,
    Passing,
    PlatformDown,
    QuotaSpent,
    RateLimited,
    RobotsRefused,
    SourceGone,
    UnexpectedAnswer,
)
from monitor.net import Answer

__all__ = [
    "AnswerChanged",
    "CollectorTrouble",
    "CredentialsRefused",
    "NeedsPerson",
    "NotConfigured",
    "Passing",
    "PlatformDown",
    "QuotaSpent",
    "RateLimited",
    "SourceGone",
    "answered",
    "trouble_of",
]

_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _GONE, _TOO_MANY = 401, 403, 404, 410, 429


def answered(answer: Answer, now: datetime) -> Answer:
    """Return an answer of success; raise the trouble that any other status means.

    For platforms that follow HTTP; one with codes of its own in the body looks there first.
    """
    status = answer.status
    if 200 <= status < 300 or status == 304:
        return answer
    until = answer.retry_after(now)
    if status == _TOO_MANY or (until is not None and status == 503):
        raise RateLimited("Batas permintaan tercapai; dicoba lagi sesudah waktunya.", until=until)
    if status == _UNAUTHORISED:
        raise CredentialsRefused("Token atau kunci ditolak (401). Perbarui berkas kredensialnya.")
    if status == _FORBIDDEN:
        raise CredentialsRefused(
            "Platform melarang permintaan ini (403). Periksa izin aplikasi dan kredensialnya."
        )
    if status in (_NOT_FOUND, _GONE):
        raise SourceGone(f"Tidak ditemukan ({status}). Periksa nama atau alamat sumber ini.")
    if status >= 500:
        raise PlatformDown(f"Platform sedang bermasalah ({status}); dicoba lagi.")
    raise AnswerChanged(f"Permintaan ditolak ({status}). Periksa pengaturan sumber ini.")


def trouble_of(error: Exception) -> CollectorTrouble:
    """Return what an error of the network or of a collector means for its source."""
    if isinstance(error, CollectorTrouble):
        return error
    if isinstance(error, UnexpectedAnswer):
        # Once may be a cut connection or an error page; the schedule counts how often.
        return PlatformDown(error.detail)
    if isinstance(error, RobotsRefused | AddressRefused):
        return NeedsPerson(error.detail)
    if isinstance(error, NetworkError):
        return PlatformDown(error.detail)
    if isinstance(error, NetraError):
        return NeedsPerson(error.detail)
    # The kind alone: the text of an unknown error may hold the text of a post or a secret.
    return PlatformDown(f"Kesalahan tak terduga: {type(error).__name__}.")
