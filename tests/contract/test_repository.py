"""Promises about the repository itself: sizes, top level, what it says of itself."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("models", "training", "monitor", "api", "tests")
LIMIT = 400
FUNCTION_LIMIT = 60
# Lists of declarations, where splitting would only hide things.
EXEMPT_FUNCTIONS = {"monitor/storage/migrations/versions/0001_first_schema.py:upgrade"}


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in PACKAGES]


def test_modules_stay_small() -> None:
    sizes = {p.relative_to(ROOT): len(p.read_text("utf-8").splitlines()) for p in modules()}
    assert len(sizes) > 100
    assert {p: n for p, n in sizes.items() if n > LIMIT} == {}


def test_functions_stay_short() -> None:
    long = []
    for path in modules():
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION_LIMIT and f"{name}:{node.name}" not in EXEMPT_FUNCTIONS:
                    long.append(f"{name}:{node.name} ({length})")
    assert long == []


def test_every_module_of_the_service_says_what_it_is_for() -> None:
    silent = []
    for path in modules():
        parts = path.relative_to(ROOT).parts
        if parts[0] in ("monitor", "api") and "versions" not in parts:
            docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
            if not docstring:
                silent.append(path.relative_to(ROOT).as_posix())
    assert silent == []


def test_the_top_level_is_what_the_customer_fixed() -> None:
    allowed = {
        "pyproject.toml",
        "monitor",
        "models",
        "training",
        "data",
        "api",
        "tests",
        "README.md",
        "Makefile",
        "LICENSE",
        "CHANGELOG.md",
        "SECURITY.md",
        "CONTRIBUTING.md",
    }
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} - allowed == set()


@pytest.mark.parametrize("module", ["torch", "transformers", "sklearn"])
def test_serving_does_not_import_training_libraries(module: str) -> None:
    code = f"import api.app, monitor.cli.run, sys; sys.exit({module!r} in sys.modules)"
    python = ROOT / ".venv" / "bin" / "python"
    command = [str(python) if python.exists() else "python3", "-c", code]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_no_machine_paths_and_no_pickles() -> None:
    bad = []
    for path in tracked():
        if path.suffix in (".pkl", ".pickle", ".joblib"):
            bad.append(path.name)
        if path.suffix in (".py", ".md", ".toml", ".html", ".js", ".css", ".json"):
            text = path.read_text("utf-8")
            if re.search(r"(?<![\w./])/(?:work|home|root|opt)/", text):
                bad.append(path.relative_to(ROOT).as_posix())
    assert bad == [] or bad == ["tests/contract/test_repository.py"]


def test_nothing_large_is_tracked() -> None:
    sizes = {p.relative_to(ROOT).as_posix(): p.stat().st_size for p in tracked()}
    assert {name: size for name, size in sizes.items() if size > 8 * 1024 * 1024} == {}
