"""A real `netra` process on a free port, and patience."""

import json
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.functional.conftest import NETRA


class Service:
    """One running process; what it prints is kept for when it dies."""

    def __init__(self, command: str, environment: dict[str, str], folder: Path) -> None:
        self.output = ""
        self._process = subprocess.Popen(
            [str(NETRA), command],
            env={**environment, "NETRA_PORT": "0"},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def url(self) -> str:
        match = re.search(r"http://127\.0\.0\.1:\d+$", self.output, re.MULTILINE)
        assert match, self.output
        return match.group()

    def wait_until_printed(self, text: str) -> None:
        wait_until(lambda: text in self.output or self._died(), 60)
        assert text in self.output, self.output

    def stop(self, number: signal.Signals) -> int:
        self._process.send_signal(number)
        code = self._process.wait(30)
        self._reader.join(5)
        return code

    def get(self, path: str) -> Any:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return json.loads(error.read())

    def post(self, path: str, body: Any, key: str) -> Any:
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        # Shorter than SQLite's patience with another writer: a held transaction shows here.
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def _died(self) -> bool:
        return self._process.poll() is not None

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            for line in stream:
                self.output += line


@contextmanager
def running(command: str, environment: dict[str, str], folder: Path) -> Iterator[Service]:
    service = Service(command, environment, folder)
    try:
        service.wait_until_printed("berjalan" if command == "worker" else "Netra siap di")
        yield service
    finally:
        if not service._died():
            service.stop(signal.SIGTERM)


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
