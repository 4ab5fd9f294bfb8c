"""Databases (SQLite and PostgreSQL), an installation on top of them, and a client for its API."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from api.app import create_app
from monitor.access import keys, people
from monitor.cli.console import OPERATOR
from monitor.domain import Role, Scope
from monitor.pipeline.classifier import ClassifierHolder
from monitor.runtime import Runtime, open_runtime
from monitor.settings import Settings
from monitor.storage.migrate import migrate
from monitor.storage.unit_of_work import Database

LOCAL_POSTGRES = "postgresql+psycopg://localhost:5432/postgres"
IN_CI = os.environ.get("CI") == "true"
PASSWORD = "rahasia-sekali"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """An address that answers, or a skip that says so (a failure in CI)."""
    url = os.environ.get("NETRA_TEST_POSTGRES_URL", LOCAL_POSTGRES)
    try:
        engine = create_engine(url, connect_args={"connect_timeout": 3}, poolclass=NullPool)
        engine.connect().close()
        return url
    except OperationalError as error:
        reason = f"no PostgreSQL at {make_url(url).host}: set NETRA_TEST_POSTGRES_URL"
        if IN_CI:
            raise RuntimeError(reason) from error
        pytest.skip(reason)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "netra.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        # Into one file, so that copying it copies everything.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """A migrated database that each test's own database is copied from."""
    with _postgres_database(postgres_url) as url:
        database = Database(url)
        migrate(database)
        database.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[str]:
    if request.param == "sqlite":
        path = tmp_path / "netra.sqlite3"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    admin = request.getfixturevalue("postgres_url")
    with _postgres_database(admin, template=make_url(template).database) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def classifier() -> ClassifierHolder:
    holder = ClassifierHolder()
    holder.get()
    return holder


@pytest.fixture
def runtime(database_url: str, tmp_path: Path, classifier: ClassifierHolder) -> Iterator[Runtime]:
    settings = Settings(data_dir=tmp_path, database_url=database_url, request_limit_mib=4)
    runtime = replace(open_runtime(settings), classifier=classifier)
    yield runtime
    runtime.database.dispose()


@pytest.fixture
def client(runtime: Runtime) -> Iterator[TestClient]:
    with TestClient(create_app(runtime)) as client:
        yield client


@pytest.fixture
def auth(runtime: Runtime) -> Callable[..., dict[str, str]]:
    """Make a key with the given scopes and return the header that carries it."""

    def make(*scopes: Scope, name: str = "", reviewer: str | None = None) -> dict[str, str]:
        name = name or f"sistem-{uuid.uuid4().hex[:8]}"
        with runtime.database.write() as connection:
            key = keys.create_key(
                connection, name, frozenset(scopes), reviewer=reviewer, days=None, by=OPERATOR
            )
        return {"Authorization": f"Bearer {key}"}

    return make


@pytest.fixture
def add_person(runtime: Runtime) -> Callable[[str, Role], str]:
    def add(name: str, role: Role) -> str:
        with runtime.database.write() as connection:
            people.add_user(connection, name, role, PASSWORD, by=OPERATOR)
        return name

    return add


class _postgres_database:
    """Create a database of its own for the block, and drop it afterwards."""

    def __init__(self, admin_url: str, template: str | None = None) -> None:
        self._engine = create_engine(admin_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._name = f"netra_test_{uuid.uuid4().hex[:16]}"
        self._url = make_url(admin_url).set(database=self._name)
        self._template = template

    def __enter__(self) -> str:
        suffix = f' TEMPLATE "{self._template}"' if self._template else ""
        with self._engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{self._name}"{suffix}'))
        return self._url.render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{self._name}" WITH (FORCE)'))
