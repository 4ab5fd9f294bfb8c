"""Queries about users, console sessions and API keys. Only hashes of secrets are stored."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from monitor.domain import ApiKey, Role, Scope, User
from monitor.storage.tables import api_keys, sessions, users


def add_user(
    connection: Connection, *, name: str, role: Role, password_hash: str, at: datetime
) -> int:
    result = connection.execute(
        insert(users)
        .values(name=name, role=role, password_hash=password_hash, disabled=False, created_at=at)
        .returning(users.c.id)
    )
    return int(result.scalar_one())


def find_user(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(users).where(users.c.name == name)).first()
    return _user(row) if row else None


def lock_user(connection: Connection, user_id: int) -> None:
    """Make what this user does in other connections wait until commit."""
    connection.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())


def find_password_hash(connection: Connection, name: str) -> str | None:
    return connection.execute(select(users.c.password_hash).where(users.c.name == name)).scalar()


def list_users(connection: Connection) -> list[User]:
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]


def count_people(connection: Connection) -> int:
    """How many users can sign in; service reviewers made for keys do not count."""
    statement = select(func.count()).select_from(users).where(users.c.role != Role.SERVICE)
    return int(connection.execute(statement).scalar_one())


def disable_user(connection: Connection, user_id: int) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(disabled=True))
    connection.execute(delete(sessions).where(sessions.c.user_id == user_id))


def add_session(
    connection: Connection,
    *,
    token_hash: str,
    user_id: int,
    csrf_token: str,
    created_at: datetime,
    expires_at: datetime,
) -> None:
    connection.execute(
        insert(sessions).values(
            token_hash=token_hash,
            user_id=user_id,
            csrf_token=csrf_token,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def find_session(connection: Connection, token_hash: str, now: datetime) -> tuple[User, str] | None:
    """Return the signed-in user and the session's CSRF token."""
    row = connection.execute(
        select(users, sessions.c.csrf_token)
        .join(sessions, sessions.c.user_id == users.c.id)
        .where(
            sessions.c.token_hash == token_hash,
            sessions.c.expires_at > now,
            users.c.disabled.is_(False),
        )
    ).first()
    return (_user(row), row.csrf_token) if row else None


def remove_session(connection: Connection, token_hash: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def remove_expired_sessions(connection: Connection, now: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))


def add_api_key(
    connection: Connection,
    *,
    name: str,
    prefix: str,
    key_hash: str,
    scopes: Collection[Scope],
    user_id: int,
    created_at: datetime,
    expires_at: datetime | None,
) -> None:
    connection.execute(
        insert(api_keys).values(
            name=name,
            prefix=prefix,
            key_hash=key_hash,
            scopes=sorted(scopes),
            user_id=user_id,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def find_api_key(connection: Connection, key_hash: str) -> ApiKey | None:
    row = connection.execute(_key_selection().where(api_keys.c.key_hash == key_hash)).first()
    return _api_key(row) if row else None


def find_api_key_by_name(connection: Connection, name: str) -> ApiKey | None:
    row = connection.execute(_key_selection().where(api_keys.c.name == name)).first()
    return _api_key(row) if row else None


def list_api_keys(connection: Connection) -> list[ApiKey]:
    rows = connection.execute(_key_selection().order_by(api_keys.c.id))
    return [_api_key(row) for row in rows]


def revoke_api_key(connection: Connection, key_id: int, at: datetime) -> None:
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=at))


def touch_api_key(connection: Connection, key_id: int, at: datetime) -> None:
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at))


def _key_selection() -> Any:
    return select(
        api_keys,
        users.c.name.label("user_name"),
        users.c.role,
        users.c.disabled,
        users.c.created_at.label("user_created_at"),
    ).join(users, users.c.id == api_keys.c.user_id)


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        disabled=row.disabled,
        created_at=row.created_at,
    )


def _api_key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        user=User(row.user_id, row.user_name, Role(row.role), row.disabled, row.user_created_at),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
