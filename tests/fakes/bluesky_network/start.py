"""Installs and starts a real Bluesky network (network.mjs): Bluesky's own servers from npm.

The versions are those of package-lock.json, the newest that run on Node 20; they are installed
once per lock file, outside the repository. The first installation builds SQLite for Node and takes
some minutes.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_LOCK = HERE / "package-lock.json"
_INSTALL_SECONDS = 30 * 60
_START_SECONDS = 300
# What npm says when the registry cannot be reached; anything else is a failure of the test.
_UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")


@dataclass(frozen=True)
class BlueskyNetwork:
    pds: str
    appview: str


@contextmanager
def running_network(postgres_url: str, *, rate_limits: bool = False) -> Iterator[BlueskyNetwork]:
    """Run the network on an empty PostgreSQL database of its own; skip where it cannot be had."""
    folder = _installed()
    shutil.copy(HERE / "network.mjs", folder / "network.mjs")
    environment = {
        **os.environ,
        "DB_POSTGRES_URL": postgres_url,
        "RATE_LIMITS": "true" if rate_limits else "",
        "LOG_ENABLED": "false",
    }
    # A file, not a pipe: nobody reads along, and a full pipe would stop the servers.
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            ["node", "network.mjs"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            line = _first_line(process)
            if not line:
                errors.seek(0)
                raise RuntimeError(f"the Bluesky network did not start: {errors.read()[-4000:]}")
            addresses = json.loads(line)
            # `localhost` may be looked up as IPv6 first; the servers listen on both.
            yield BlueskyNetwork(
                addresses["pds"].replace("localhost", "127.0.0.1"),
                addresses["appview"].replace("localhost", "127.0.0.1"),
            )
        finally:
            _stop(process)


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    killer = threading.Timer(_START_SECONDS, process.kill)
    killer.start()
    try:
        return process.stdout.readline()
    finally:
        killer.cancel()


def _stop(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _installed() -> Path:
    """Return the folder with the packages of the lock file, installing them the first time."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no Node.js with npm: the Bluesky network cannot be started")
    digest = hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:12]
    folder = Path.home() / ".cache" / "netra-atproto" / digest
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".installed").exists():
            _install(folder)
            (folder / ".installed").touch()
    return folder


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    done = subprocess.run(
        ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_INSTALL_SECONDS,
        check=False,
    )
    if done.returncode == 0:
        return
    if any(code in done.stderr for code in _UNREACHABLE):
        pytest.skip("the npm registry cannot be reached: the Bluesky network cannot be installed")
    raise RuntimeError(f"npm ci failed in {folder}: {done.stderr[-2000:]}")
