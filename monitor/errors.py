"""Every failure a user can cause, designed once: stable code, HTTP status, Indonesian title.

NetraError
├── ConfigurationError      settings or command that cannot work          (CLI exit code 2)
├── InputError              something sent or typed is not acceptable     422
│   ├── RefusedPostError    one malformed post
│   ├── FileFormatError     a file that cannot be read as what it claims
│   ├── BodyTooLargeError   request body over the limit                   413
│   └── IdempotencyMismatch same Idempotency-Key, another body
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
├── UnavailableError        the database cannot be used right now         503
│   └── ModelUnavailable    the classifier cannot be used right now
└── IntegrityError          sealed evidence or the log does not verify    500
"""

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


class UnavailableError(NetraError):
    code = "unavailable"
    status = 503
    title = "Layanan belum siap"


class ModelUnavailable(UnavailableError):
    code = "model_unavailable"
    title = "Model penilai tidak dapat dipakai"


class IntegrityError(NetraError):
    code = "integrity_broken"
    title = "Bukti atau catatan tidak utuh"
