"""Passwords: hashed with argon2id, checked in constant shape whether or not the user exists."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.errors import InputError

MINIMUM_LENGTH = 8
# What a service reviewer has: no hash, so nothing ever matches it.
UNUSABLE_HASH = "!"
_hasher = PasswordHasher()
# Verified when the name is unknown, so that the time taken does not tell which names exist.
_NOBODY = _hasher.hash("nobody-has-this-password")


def hash_password(password: str) -> str:
    if len(password) < MINIMUM_LENGTH:
        raise InputError(f"Kata sandi paling sedikit {MINIMUM_LENGTH} karakter.")
    return _hasher.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
