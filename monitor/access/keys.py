"""API keys: `ntr_…`, shown once, stored as a hash, limited by scopes."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from monitor.access import people
from monitor.clock import utcnow
from monitor.domain import Actor, ApiKey, Role, Scope
from monitor.errors import AuthenticationError, ConflictError, InputError, NotFoundError
from monitor.evidence import custody
from monitor.storage import Connection, users

PREFIX = "ntr_"
# Using a key writes at most once a minute: *last used* needs no finer grain.
_TOUCH_INTERVAL = timedelta(minutes=1)


def parse_scopes(text: str) -> frozenset[Scope]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    known = set(Scope)
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise InputError(
            f"Cakupan tidak dikenal: {', '.join(unknown) or '(kosong)'}."
            f" Pilihan: {', '.join(Scope)}."
        )
    return frozenset(Scope(name) for name in names)


def create_key(
    connection: Connection,
    name: str,
    scopes: Collection[Scope],
    *,
    reviewer: str | None,
    days: int | None,
    by: Actor,
) -> str:
    """Return the new key; it cannot be shown again."""
    people.check_name(name, "Nama kunci")
    if users.find_api_key_by_name(connection, name) is not None:
        raise ConflictError(f"Kunci bernama {name!r} sudah ada; pilih nama lain.")
    user = people.get_user(connection, reviewer) if reviewer else None
    if user is None:
        user = users.find_user(connection, name)
        if user is not None and user.role is not Role.SERVICE:
            raise ConflictError(
                f"{name!r} adalah nama orang; pakai --for {name} bila kunci bertindak untuknya."
            )
        user = user or people.add_service_reviewer(connection, name, by=by)
    now = utcnow()
    key = PREFIX + secrets.token_urlsafe(32)
    users.add_api_key(
        connection,
        name=name,
        prefix=key[: len(PREFIX) + 6],
        key_hash=_key_hash(key),
        scopes=scopes,
        user_id=user.id,
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    details = {"scopes": sorted(scopes), "reviewer": user.name}
    custody.record(connection, by, "key.created", f"key:{name}", details)
    return key


def revoke_key(connection: Connection, name: str, *, by: Actor) -> None:
    key = users.find_api_key_by_name(connection, name)
    if key is None:
        raise NotFoundError(f"Kunci {name!r} tidak ada; lihat `netra keys list`.")
    users.revoke_api_key(connection, key.id, utcnow())
    custody.record(connection, by, "key.revoked", f"key:{name}", {})


def check_key(connection: Connection, text: str) -> ApiKey:
    """Return the key behind `text`, or raise without telling which part was wrong."""
    key = users.find_api_key(connection, _key_hash(text)) if text.startswith(PREFIX) else None
    now = utcnow()
    expired = key is not None and key.expires_at is not None and key.expires_at <= now
    if key is None or key.revoked_at is not None or expired or key.user.disabled:
        raise AuthenticationError(
            "Kunci tidak dikenal, dicabut, atau kedaluwarsa. Minta kunci baru pada administrator"
            " (`netra keys create`)."
        )
    return key


def needs_touch(key: ApiKey, now: datetime) -> bool:
    return key.last_used_at is None or now - key.last_used_at > _TOUCH_INTERVAL


def _key_hash(text: str) -> str:
    # A fast hash is right here: the key is 256 random bits, not a password.
    return hashlib.sha256(text.encode()).hexdigest()
