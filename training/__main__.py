"""`python -m training <command>`: from labelled posts to a released artifact."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from models import registry
from models.errors import ModelsError
from training import commands, data_commands
from training.errors import TrainingError

_DATA = Path("data/labeled")
_ARTIFACTS = registry.default_root() / registry.ARTIFACTS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when done, 1 when refused by a gate, 2 on an error of use."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (TrainingError, ModelsError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training", description="Melatih, mengukur, dan menetapkan model Netra."
    )
    commands_ = parser.add_subparsers(required=True, metavar="PERINTAH")
    _add_fit(commands_)
    _add_data_commands(commands_)
    calibrate = commands_.add_parser(
        "calibrate", help="kalibrasi ulang dan pilih ambang dari dev.jsonl"
    )
    _model(calibrate)
    calibrate.add_argument("--data", type=Path, default=_DATA, help="folder dev.jsonl")
    calibrate.set_defaults(run=commands.run_calibrate)
    evaluate = commands_.add_parser("evaluate", help="ukur pada berkas berlabel")
    evaluate.add_argument("file", type=Path, help="JSONL berlabel")
    _model(evaluate)
    evaluate.add_argument("--out", type=Path, default=Path(), help="folder hasil")
    _record(evaluate)
    evaluate.set_defaults(run=commands.run_evaluate)
    for name, run, text in (
        ("fairness", commands.run_fairness, "ukur perubahan skor bila nama ditukar"),
        ("robustness", commands.run_robustness, "ukur ketahanan terhadap penyamaran"),
        ("background", commands.run_background, "hitung unggahan nyata yang lolos dan terduga"),
    ):
        command = commands_.add_parser(name, help=text)
        command.add_argument("file", type=Path, nargs="?", default=_DATA / "test.jsonl")
        _model(command)
        _record(command)
        command.set_defaults(run=run)
    promote = commands_.add_parser("promote", help="jadikan model aktif bila lulus syarat")
    promote.add_argument("model", metavar="NAMA@VERSI")
    promote.add_argument("--artifacts", type=Path, default=_ARTIFACTS)
    promote.add_argument("--root", type=Path, default=registry.default_root())
    promote.set_defaults(run=commands.run_promote)
    return parser


def _add_fit(parent: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    fit = parent.add_parser("fit", help="latih dari data/labeled")
    fit.add_argument("--extra", type=Path, help="JSONL unggahan nyata berlabel stance")
    fit.add_argument("--name", default="netra-id", help="nama artefak; bawaan: netra-id")
    fit.add_argument("--version", type=int, default=1, help="nomor versi artefak; bawaan: 1")
    fit.add_argument("--data", type=Path, default=_DATA, help="folder train.jsonl dan dev.jsonl")
    fit.add_argument("--out", type=Path, default=_ARTIFACTS, help="folder artefak")
    fit.add_argument("--no-stems", action="store_true", help="pembanding tanpa kata dasar")
    fit.set_defaults(run=commands.run_fit)


def _add_data_commands(parent: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = parent.add_parser("check-data", help="periksa data berlabel")
    check.add_argument("folder", type=Path, nargs="?", default=_DATA, help="bawaan: data/labeled")
    check.add_argument("--json", type=Path, metavar="BERKAS", help="simpan laporan sebagai JSON")
    check.add_argument(
        "--write-checksums", action="store_true", help="tulis ulang checksums.txt lebih dulu"
    )
    check.set_defaults(run=data_commands.run_check)
    curve = parent.add_parser(
        "learning-curve", help="ukur apa yang ditambahkan tiap unggahan berlabel"
    )
    curve.add_argument("--data", type=Path, default=_DATA, help="folder train dan test")
    curve.add_argument("--real", type=Path, help="JSONL unggahan nyata untuk melatih")
    curve.add_argument("--real-test", type=Path, help="JSONL unggahan nyata untuk mengukur")
    curve.add_argument("--out", type=Path, default=Path(), help="folder hasil")
    curve.set_defaults(run=data_commands.run_learning_curve)


def _model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAMA@VERSI", help="bawaan: model aktif")
    parser.add_argument("--artifacts", type=Path, default=_ARTIFACTS, help="folder artefak")


def _record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--record", metavar="KUNCI", help="simpan hasil di metrics.json artefak")
    parser.add_argument("--into", metavar="NAMA@VERSI", help="artefak lain tempat menyimpan")
    parser.add_argument(
        "--into-artifacts", type=Path, help="folder artefak lain itu; bawaan: --artifacts"
    )


if __name__ == "__main__":
    sys.exit(main())
