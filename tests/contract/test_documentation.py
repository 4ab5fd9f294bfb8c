"""What the README says is true: every setting, command and scope, and nothing invented."""

import re
import subprocess
import sys
from pathlib import Path

import click
import orjson

from models import registry
from monitor.cli.main import COMMANDS, netra
from monitor.domain import Scope
from monitor.settings import setting_table

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    for variable, default, explanation in setting_table():
        shown = f"`{default}`" if default else "kosong"
        assert f"| `{variable}` | {shown} | {explanation} |" in README, variable


def test_no_setting_is_invented() -> None:
    known = {variable for variable, _, _ in setting_table()}
    named = {name.removesuffix("_FILE") for name in re.findall(r"NETRA_[A-Z_]+", README)}
    assert named - known - {"NETRA_TEST_POSTGRES_URL", "NETRA_"} == set()


def test_every_command_is_in_the_readme() -> None:
    context = click.Context(netra)
    for name in COMMANDS:
        command = netra.get_command(context, name)
        assert command is not None
        assert f"`netra {name}" in README, name


def test_commands_named_in_the_readme_exist() -> None:
    context = click.Context(netra)
    for name, sub in re.findall(r"netra ([a-z]+)(?: ([a-z]+))?", README):
        command = netra.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group) and sub:
            assert command.get_command(click.Context(command), sub), f"{name} {sub}"


def test_every_scope_is_in_the_readme() -> None:
    for scope in Scope:
        assert f"`{scope}`" in README


def test_help_is_indonesian_and_works_for_every_command() -> None:
    program = str(Path(sys.executable).with_name("netra"))
    for name in ["", *COMMANDS]:
        arguments = [program, *([name] if name else []), "--help"]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        assert done.returncode == 0, name
        assert "Usage" in done.stdout


def test_links_between_documents_lead_somewhere() -> None:
    for document in ROOT.glob("**/*.md"):
        if ".venv" in document.parts or "node_modules" in document.parts:
            continue
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_measured_quality_is_that_of_the_shipped_model_and_its_twin() -> None:
    name, version = registry.active_version().split("@")
    path = ROOT / "models" / "artifacts" / name / version / "metrics.json"
    shipped = orjson.loads(path.read_bytes())
    twin = shipped["variants"][f"{name.removesuffix('-extra')}@{version}"]
    for metrics in (shipped, twin):
        for row, measured in (
            ("Penandaan: presisi", metrics["test"]["flag"]["precision"]),
            ("Penandaan: recall", metrics["test"]["flag"]["recall"]),
            ("ASN: presisi", metrics["test"]["asn"]["precision"]),
            ("ASN: recall", metrics["test"]["asn"]["recall"]),
            ("Sikap: F1 makro, uji karangan", metrics["test"]["stance"]["macro_f1"]),
            ("Sikap: F1 makro, unggahan nyata", metrics["real_dev"]["stance"]["macro_f1"]),
        ):
            line = next(line for line in README.splitlines() if line.startswith(f"| {row}"))
            assert _shown(measured) in line, row


def test_the_readme_names_the_active_model() -> None:
    assert f"`{registry.active_version()}` (aktif)" in README


def _shown(measured: dict[str, float]) -> str:
    text = f"{measured['value']:.2f} [{measured['low']:.2f}–{measured['high']:.2f}]"
    return text.replace(".", ",")
