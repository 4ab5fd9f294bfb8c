"""Users and their console sessions: adding, signing in, signing out."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.access.passwords import UNUSABLE_HASH, hash_password, password_matches
from monitor.clock import utcnow
from monitor.domain import Actor, Role, User
from monitor.errors import AuthenticationError, ConflictError, InputError, NotFoundError
from monitor.evidence import custody
from monitor.storage import Connection, users

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
# Who the service and the command line sign the log as: no person may look like them.
_RESERVED = frozenset({"netra", "operator-cli"})


@dataclass(frozen=True, slots=True)
class Session:
    user: User
    csrf_token: str


def add_user(connection: Connection, name: str, role: Role, password: str, *, by: Actor) -> User:
    """Add a person who can sign in; the deed is logged."""
    check_name(name)
    if users.find_user(connection, name) is not None:
        raise ConflictError(f"Pengguna {name!r} sudah ada; pilih nama lain.")
    users.add_user(
        connection, name=name, role=role, password_hash=hash_password(password), at=utcnow()
    )
    custody.record(connection, by, "user.added", f"user:{name}", {"role": role})
    return get_user(connection, name)


def add_service_reviewer(connection: Connection, name: str, *, by: Actor) -> User:
    """Add the reviewer in whose name a key acts; nobody can sign in as it."""
    check_name(name)
    users.add_user(
        connection, name=name, role=Role.SERVICE, password_hash=UNUSABLE_HASH, at=utcnow()
    )
    custody.record(connection, by, "user.added", f"user:{name}", {"role": Role.SERVICE})
    return get_user(connection, name)


def disable_user(connection: Connection, name: str, *, by: Actor) -> None:
    user = get_user(connection, name)
    users.disable_user(connection, user.id)
    custody.record(connection, by, "user.disabled", f"user:{name}", {})


def get_user(connection: Connection, name: str) -> User:
    user = users.find_user(connection, name)
    if user is None:
        raise NotFoundError(f"Pengguna {name!r} tidak ada; lihat `netra users list`.")
    return user


def check_name(name: str, what: str = "Nama pengguna") -> None:
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise InputError(
            f"{what} 2 sampai 64 karakter: huruf kecil, angka, titik, garis; tanpa spasi; bukan"
            " nama yang dipakai sistem."
        )


def check_password(connection: Connection, name: str, password: str) -> User:
    """Return the person who may sign in. Slow on purpose: call it outside a write transaction."""
    user = users.find_user(connection, name)
    matches = password_matches(users.find_password_hash(connection, name), password)
    if user is None or not matches or user.disabled or user.role is Role.SERVICE:
        raise AuthenticationError("Nama pengguna atau kata sandi keliru. Periksa lalu coba lagi.")
    return user


def start_session(connection: Connection, user: User, lifetime: timedelta) -> str:
    """Return a new session token; only its hash is stored."""
    now = utcnow()
    token = secrets.token_urlsafe(32)
    users.remove_expired_sessions(connection, now)
    users.add_session(
        connection,
        token_hash=_token_hash(token),
        user_id=user.id,
        csrf_token=secrets.token_urlsafe(24),
        created_at=now,
        expires_at=now + lifetime,
    )
    actor = Actor(name=user.name, user=user)
    custody.record(connection, actor, "user.signed_in", f"user:{user.name}", {})
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    found = users.find_session(connection, _token_hash(token), now)
    return Session(*found) if found else None


def sign_out(connection: Connection, token: str) -> None:
    users.remove_session(connection, _token_hash(token))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
