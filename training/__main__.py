"""`python -m training <command>`: from labelled posts to a released artifact."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from models import registry
from models.errors import ModelsError
from training import commands, data_commands, fit_commands, measure_commands
from training.benchmark import STREAM
from training.errors import TrainingError
from training.faithfulness import run_faithfulness
from training.workload import VOLUME

_DATA = Path("data/labeled")
_TEST = _DATA / "test.jsonl"
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
    fit_commands.add_fit(commands_)
    _add_data_commands(commands_)
    _add_artifact_commands(commands_)
    _add_measures(commands_)
    return parser


def _add_artifact_commands(parent: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    calibrate = parent.add_parser(
        "calibrate", help="kalibrasi ulang dari dev.jsonl; cetak beban kerja analis"
    )
    calibrate.add_argument("--data", type=Path, default=_DATA, help="folder dev.jsonl")
    calibrate.set_defaults(run=commands.run_calibrate)
    workload = parent.add_parser("workload", help="cetak beban kerja analis saja")
    workload.set_defaults(run=commands.run_workload)
    for command in (calibrate, workload):
        _model(command)
        command.add_argument("--out", type=Path, help="folder untuk workload.json")
        command.add_argument(
            "--volume",
            type=_positive,
            default=VOLUME,
            metavar="V",
            help=f"unggahan lolos gerbang sehari; bawaan: {VOLUME}",
        )
        command.add_argument(
            "--background",
            action="append",
            default=[],
            metavar="KUNCI",
            help="berkas nyata yang dipakai (boleh diulang); bawaan: semua yang tercatat",
        )
        command.add_argument(
            "--decisions", type=Path, metavar="BERKAS", help="JSONL keputusan peninjau"
        )
    card = parent.add_parser("card", help="tulis ulang dan tampilkan kartu model")
    _model(card)
    card.set_defaults(run=commands.run_card)
    promote = parent.add_parser("promote", help="jadikan model aktif bila lulus syarat")
    promote.add_argument("model", metavar="NAMA@VERSI")
    promote.add_argument("--artifacts", type=Path, default=_ARTIFACTS)
    promote.add_argument("--root", type=Path, default=registry.default_root())
    promote.set_defaults(run=commands.run_promote)


def _add_measures(parent: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    evaluate = parent.add_parser("evaluate", help="ukur pada berkas berlabel")
    evaluate.add_argument("file", type=Path, help="JSONL berlabel")
    evaluate.add_argument(
        "--baselines", type=Path, metavar="TRAIN", help="JSONL latih untuk pembanding"
    )
    evaluate.add_argument("--extra", type=Path, help="JSONL nyata, ikut melatih pembanding")
    fairness = parent.add_parser("fairness", help="ukur kelompok dan penukaran nama")
    fairness.add_argument("files", type=Path, nargs="*", default=[_TEST], metavar="file")
    robustness = parent.add_parser("robustness", help="ukur ketahanan terhadap penyamaran")
    robustness.add_argument("file", type=Path, nargs="?", default=_TEST)
    faithful = parent.add_parser("faithfulness", help="ukur apakah kata penanda memikul nilai")
    faithful.add_argument("file", type=Path, nargs="?", default=_TEST)
    background = parent.add_parser("background", help="hitung unggahan nyata yang terduga")
    background.add_argument("file", type=Path, nargs="?", default=_TEST)
    benchmark = parent.add_parser("benchmark", help="ukur kecepatan dan memori di mesin ini")
    benchmark.add_argument("file", type=Path, nargs="?", default=_DATA / "dev.jsonl")
    benchmark.add_argument(
        "--posts", type=_positive, default=STREAM, help=f"panjang aliran; bawaan: {STREAM}"
    )
    for command, run in (
        (evaluate, measure_commands.run_evaluate),
        (fairness, measure_commands.run_fairness),
        (robustness, measure_commands.run_robustness),
        (faithful, run_faithfulness),
        (background, measure_commands.run_background),
        (benchmark, measure_commands.run_benchmark),
    ):
        _model(command)
        _record(command)
        command.add_argument(
            "--out", type=Path, help="folder hasil; bawaan: folder ini, kecuali dengan --record"
        )
        command.set_defaults(run=run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: harus 1 atau lebih")
    return number


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
