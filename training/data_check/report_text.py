"""The report of a check as a person reads it, in Indonesian."""

from collections.abc import Iterator

from training.data_check.check import Report

_FAULTS_SHOWN = 50


def report_text(report: Report) -> str:
    """Return the report as lines of text."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    if report.counts:
        yield from _counts(report)
        yield from _aims(report)
        yield from _balance(report)
        yield from _agreement(report)
    yield f"Unggahan yang berbagi enam kata isi berurutan: {report.shared_run_share:.2%} (batas 1%)"
    yield ""
    if not report.faults:
        late = sum(not aim.met for aim in report.aims) + sum(not p.even for p in report.probes)
        yield "LULUS: tidak ada yang ditolak" + (
            f"; {late} sasaran belum tercapai." if late else "."
        )
        return
    yield f"DITOLAK: {len(report.faults)} kesalahan"
    yield from (f"  {fault}" for fault in report.faults[:_FAULTS_SHOWN])
    if len(report.faults) > _FAULTS_SHOWN:
        yield f"  ... dan {len(report.faults) - _FAULTS_SHOWN} lagi"


def _counts(report: Report) -> Iterator[str]:
    yield "Jumlah unggahan"
    for axis, values in report.counts.items():
        yield f"  {axis}: " + ", ".join(f"{name} {count}" for name, count in values.items())
    yield ""


def _aims(report: Report) -> Iterator[str]:
    yield "Sasaran"
    for aim in report.aims:
        yield f"  {'ya   ' if aim.met else 'BELUM'} {aim.name}: {aim.value} ({aim.wanted})"
    yield ""


def _balance(report: Report) -> Iterator[str]:
    yield "Keseimbangan (akurasi seimbang bila hanya ini yang dilihat; batas 3 poin dari kebetulan)"
    for probe in report.probes:
        mark = "ya   " if probe.even else "BELUM"
        yield (
            f"  {mark} {probe.seen} -> {probe.label}: {probe.value:.3f} "
            f"[{probe.low:.3f}-{probe.high:.3f}], kebetulan {probe.chance:.3f}, "
            f"{probe.posts} unggahan"
        )
    yield ""


def _agreement(report: Report) -> Iterator[str]:
    yield "Kesepakatan dua pembacaan (kappa Cohen, sebelum diputuskan)"
    rows = {"semua": report.agreement["overall"], **report.agreement["languages"]}
    for name, row in rows.items():
        told = ", ".join(
            f"{question} {row[question]['kappa']} ({row[question]['differ']} beda)"
            for question in ("stance", "asn", "flag")
        )
        yield f"  {name} ({row['posts']}): {told}"
    yield ""
