"""A real server on a fresh installation, and a real browser that may speak to nothing else."""

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

PASSWORD = "rahasia-sekali"
_READY = "Netra siap di "
_START_WITHIN_S = 60


@dataclass(frozen=True)
class Server:
    url: str
    ready_at: float


@pytest.fixture(scope="session")
def artifacts() -> Path:
    folder = os.environ.get("NETRA_TEST_ARTIFACTS")
    path = Path(folder) if folder else Path(__file__).parent / "artifacts"
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "Chromium is not installed; on Debian: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield running
        running.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`netra run` in an empty folder, exactly as somebody who tries it would start it."""
    process = subprocess.Popen(
        [Path(sys.executable).with_name("netra"), "run"],
        env=_environment(tmp_path_factory.mktemp("netra")),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=_pass_on, args=(process.stderr, lines))
    reader.start()
    try:
        yield Server(_wait_until_ready(process, lines), time.monotonic())
    finally:
        process.terminate()
        process.wait(timeout=30)
        reader.join(timeout=30)
        process.stderr.close()


@pytest.fixture
def open_page(server: Server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in contexts of their own; no request of any of them may leave for elsewhere."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    errors: list[str] = []
    host = urlsplit(server.url).netloc

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != host:
            foreign.append(request.url)

    def open_one(*, java_script: bool = True, width: int = 1366, height: int = 768) -> Page:
        context = browser.new_context(
            base_url=server.url,
            java_script_enabled=java_script,
            viewport={"width": width, "height": height},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


def _environment(folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NETRA_")}
    return {
        **clean,
        "NETRA_DATA_DIR": str(folder / "var"),
        "NETRA_PORT": "0",
        "NETRA_ADMIN_PASSWORD": PASSWORD,
    }


def _pass_on(stream: Iterator[str], lines: "queue.SimpleQueue[str]") -> None:
    for line in stream:
        lines.put(line)


def _wait_until_ready(process: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str]") -> str:
    seen: list[str] = []
    deadline = time.monotonic() + _START_WITHIN_S
    while time.monotonic() < deadline:
        try:
            seen.append(lines.get(timeout=0.2))
        except queue.Empty:
            if process.poll() is not None:
                break
            continue
        if _READY in seen[-1]:
            return seen[-1].split(_READY, 1)[1].strip()
    output = "".join(seen)
    pytest.fail(f"netra run did not get ready (exit status {process.poll()}):\n{output}")
