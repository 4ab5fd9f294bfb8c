"""Runs the real `netra` command in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

NETRA = Path(sys.executable).with_name("netra")


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The last line of standard output."""
        return json.loads(self.out.strip().splitlines()[-1])

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Netra = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("NETRA_")}
    return {
        **inherited,
        "NETRA_DATA_DIR": str(tmp_path / "var"),
        "NETRA_DATABASE_URL": database_url,
        "NETRA_ADMIN_PASSWORD": "rahasia-sekali",
    }


@pytest.fixture
def netra(environment: dict[str, str], tmp_path: Path) -> Iterator[Netra]:
    def run(*arguments: str, stdin: bytes = b"", **changed: str) -> Result:
        done = subprocess.run(
            [str(NETRA), *arguments],
            input=stdin,
            capture_output=True,
            env={**environment, **changed},
            cwd=tmp_path,
            timeout=300,
            check=False,
        )
        result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in result.err, result.err
        return result

    yield run


def write_jsonl(path: Path, items: list[Any]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path
