"""Every failure a user can cause, designed once: stable code, HTTP status, Indonesian title.

NetraError
├── ConfigurationError      settings or command that cannot work          (CLI exit code 2)
├── InputError              something sent or typed is not acceptable     422
│   ├── RefusedPostError    one malformed post
│   ├── FileFormatError     a file that cannot be read as what it claims
│   ├── BodyTooLargeError   request body over the limit                   413
│   ├── IdempotencyMismatch same Idempotency-Key, another body
│   ├── ReportRefused       a report of the public that cannot be taken as it is
│   ├── FormTooFast         a public form sent faster than anybody types
│   └── FormExpired         a public form opened too long ago, or elsewhere
├── NotFoundError           no such thing                                 404
├── ConflictError           somebody was first, or the state forbids it   409
│   ├── VersionConflict     the case changed since it was read
│   ├── LeaseConflict       the case is with another reviewer
│   ├── TooManyLeases       the reviewer already holds the most allowed
│   ├── UndoExpired         the undo window has closed
│   └── RequestInProgress   same Idempotency-Key still running
├── AuthenticationError     not signed in, or a bad key                   401
├── PermissionDenied        signed in, but not allowed                    403
├── TooManyAttempts         slow down                                     429
│   └── ReportsLimited      as many reports as one sender, or all, may send
├── UnavailableError        the database cannot be used right now         503
│   ├── ModelUnavailable    the classifier cannot be used right now
│   └── NetworkError        another machine gave no usable answer
│       ├── AddressRefused      the address is none we may connect to         422
│       ├── ResponseTooLarge    the answer is over its limit
│       ├── TooManyRedirects    sent from address to address
│       ├── RobotsRefused       robots.txt forbids it, or cannot be read
│       ├── NetworkTimeout      no answer in time, or no turn at the host
│       └── UnexpectedAnswer    not what the other side documents
├── CollectorTrouble        what keeps a source from giving posts         503
│   ├── NeedsPerson         nothing gets better by waiting: alarm, the source stays in this state
│   │   ├── NotConfigured       an option or credential is missing or wrong
│   │   ├── CredentialsRefused  the platform refuses the token, key or secret
│   │   ├── SourceGone          the account, channel or feed is gone or closed
│   │   └── AnswerChanged       the answer is not what the platform documents
│   └── Passing             tried again by itself, later and later
│       ├── RateLimited         the platform asks to wait
│       ├── QuotaSpent          the platform's day or month is used up
│       │   └── ShareSpent      the quota set for the source itself is; nobody was asked
│       └── PlatformDown        no answer, a broken one, or an error of the platform
└── IntegrityError          sealed evidence or the log does not verify    500
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar


class NetraError(Exception):
    """`detail` says what happened and what to do next; `extra` travels in the problem document."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Terjadi kesalahan di sistem"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.extra = extra


class ConfigurationError(NetraError):
    code = "configuration_error"
    title = "Pengaturan tidak dapat dipakai"


class InputError(NetraError):
    code = "invalid_input"
    status = 422
    title = "Isian tidak dapat diterima"


class RefusedPostError(InputError):
    code = "post_refused"
    title = "Unggahan ditolak karena bentuknya keliru"


class FileFormatError(InputError):
    code = "file_unreadable"
    title = "Berkas tidak dapat dibaca"


class BodyTooLargeError(InputError):
    code = "body_too_large"
    status = 413
    title = "Kiriman terlalu besar"


class IdempotencyMismatch(InputError):
    code = "idempotency_mismatch"
    title = "Idempotency-Key sudah dipakai untuk isi yang lain"


class ReportRefused(InputError):
    """`extra["field"]` names the field, so that a form can say it beside it."""

    code = "report_refused"
    title = "Laporan belum dapat diterima"


class FormTooFast(InputError):
    code = "form_too_fast"
    title = "Formulir terkirim terlalu cepat"


class FormExpired(InputError):
    code = "form_expired"
    title = "Formulir kedaluwarsa"


class NotFoundError(NetraError):
    code = "not_found"
    status = 404
    title = "Tidak ditemukan"


class ConflictError(NetraError):
    code = "conflict"
    status = 409
    title = "Bertentangan dengan keadaan saat ini"


class VersionConflict(ConflictError):
    code = "version_conflict"
    title = "Kasus sudah berubah sejak Anda membukanya"


class LeaseConflict(ConflictError):
    code = "case_leased"
    title = "Kasus sedang ditangani orang lain"


class TooManyLeases(ConflictError):
    code = "too_many_leases"
    title = "Terlalu banyak kasus sedang Anda pegang"


class UndoExpired(ConflictError):
    code = "undo_expired"
    title = "Waktu pembatalan sudah lewat"


class RequestInProgress(ConflictError):
    code = "request_in_progress"
    title = "Permintaan dengan Idempotency-Key ini masih diproses"


class AuthenticationError(NetraError):
    code = "not_authenticated"
    status = 401
    title = "Belum masuk atau kunci tidak berlaku"


class PermissionDenied(NetraError):
    code = "not_allowed"
    status = 403
    title = "Tidak berwenang"


class TooManyAttempts(NetraError):
    code = "too_many_attempts"
    status = 429
    title = "Terlalu banyak percobaan"


class ReportsLimited(TooManyAttempts):
    code = "too_many_reports"
    title = "Terlalu banyak laporan"

    def __init__(self, detail: str, wait: timedelta) -> None:
        super().__init__(detail, retry_after_seconds=int(wait.total_seconds()))
        self.wait = wait


class UnavailableError(NetraError):
    code = "unavailable"
    status = 503
    title = "Layanan belum siap"


class ModelUnavailable(UnavailableError):
    code = "model_unavailable"
    title = "Model penilai tidak dapat dipakai"


class NetworkError(UnavailableError):
    """`detail` names scheme, host and path only: never a query, a token or a body."""

    code = "network_error"
    title = "Jaringan atau situs tujuan bermasalah"


class AddressRefused(NetworkError):
    code = "address_refused"
    status = 422
    title = "Alamat tujuan tidak diizinkan"


class ResponseTooLarge(NetworkError):
    code = "response_too_large"
    title = "Jawaban situs tujuan terlalu besar"


class TooManyRedirects(NetworkError):
    code = "too_many_redirects"
    title = "Situs tujuan terlalu sering mengalihkan"


class RobotsRefused(NetworkError):
    code = "robots_refused"
    title = "Situs tujuan melarang pengambilan otomatis"


class NetworkTimeout(NetworkError):
    code = "network_timeout"
    title = "Situs tujuan terlalu lama menjawab"


class UnexpectedAnswer(NetworkError):
    code = "unexpected_answer"
    title = "Jawaban tidak seperti yang didokumentasikan"


class CollectorTrouble(NetraError):
    """`detail` is Indonesian, says what to do, and holds no credential and no post."""

    code = "source_trouble"
    status = 503
    title = "Sumber bermasalah"
    state: ClassVar[str] = "failing"
    until: datetime | None = None


class NeedsPerson(CollectorTrouble):
    code = "source_needs_person"
    title = "Sumber perlu ditangani orang"
    state = "needs_person"


class NotConfigured(NeedsPerson):
    code = "source_not_configured"
    title = "Pengaturan sumber belum lengkap atau keliru"


class CredentialsRefused(NeedsPerson):
    code = "source_credentials_refused"
    title = "Kredensial ditolak platform"


class SourceGone(NeedsPerson):
    code = "source_gone"
    title = "Akun, kanal, atau umpan tidak ada lagi"


class AnswerChanged(NeedsPerson):
    code = "source_answer_changed"
    title = "Jawaban platform tidak seperti yang didokumentasikan"


class Passing(CollectorTrouble):
    code = "source_waiting"
    title = "Sumber menunggu"
    state = "waiting"

    def __init__(self, detail: str = "", *, until: datetime | None = None) -> None:
        super().__init__(detail)
        self.until = until


class RateLimited(Passing):
    code = "source_rate_limited"
    title = "Platform meminta menunggu"


class QuotaSpent(Passing):
    code = "source_quota_spent"
    title = "Kuota platform habis"


class ShareSpent(QuotaSpent):
    code = "source_share_spent"
    title = "Kuota sumber ini habis"


class PlatformDown(Passing):
    code = "source_platform_down"
    title = "Platform tidak menjawab dengan benar"
    state = "failing"


class IntegrityError(NetraError):
    code = "integrity_broken"
    title = "Bukti atau catatan tidak utuh"
