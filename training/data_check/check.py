"""The whole check of a folder of labelled posts: faults that refuse it, and what it measures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.data_check.agreement import agreement, reading_faults
from training.data_check.balance import Probe, balance_probes, naming_shares
from training.data_check.counts import Aim, aims, count_axes
from training.data_check.dataset_files import (
    SPLITS,
    VOICES,
    Entry,
    Fault,
    LabeledFolder,
    checksum_faults,
    read_folder,
)
from training.data_check.duplicates import (
    copy_faults,
    leak_faults,
    near_duplicates,
    shared_runs,
)
from training.data_check.label_rules import contrast_faults, known_labels, post_faults

SHARED_RUN_LIMIT = 0.01


@dataclass(slots=True)
class Report:
    """Faults refuse the folder; the rest is measured and told."""

    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    shared_run_share: float = 0.0
    probes: list[Probe] = field(default_factory=list)
    naming: dict[str, float] = field(default_factory=dict)
    agreement: dict[str, Any] = field(default_factory=dict)
    aims: list[Aim] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "faults": [str(fault) for fault in self.faults],
            "counts": self.counts,
            "shared_run_share": self.shared_run_share,
            "naming_shares": self.naming,
            "probes": [probe.to_dict() for probe in self.probes],
            "agreement": self.agreement,
            "aims": [
                {"name": aim.name, "wanted": aim.wanted, "value": aim.value, "met": aim.met}
                for aim in self.aims
            ],
        }


def check_folder(path: Path, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Check a folder of labelled posts.

    Measures (probes, kappa, aims) only when every post has known labels: a figure over posts
    that cannot be read would say nothing.
    """
    progress("membaca")
    folder = read_folder(path)
    report = Report(faults=[*folder.faults, *checksum_faults(path)])
    for entry in folder.entries:
        report.faults += post_faults(entry)
    posts = folder.of(*SPLITS)
    report.faults += contrast_faults(folder.of("contrast"))
    report.faults += leak_faults(folder.entries)
    report.faults += _voice_faults(folder)
    progress("mencari salinan")
    _duplicates(report, folder.entries)
    report.faults += reading_faults(folder.entries, folder.readings)
    if not all(known_labels(entry) for entry in folder.entries):
        return report
    progress("menghitung keseimbangan")
    _measure(report, folder, posts)
    return report


def _duplicates(report: Report, entries: Sequence[Entry]) -> None:
    report.faults += copy_faults(entries)
    for one, two, similarity in near_duplicates(entries):
        report.faults.append(two.fault(f"mirip {one.split}/{one.id} ({similarity:.2f})"))
    runs = shared_runs(entries)
    sharing = {entry.id for found in runs.values() for entry in found}
    report.shared_run_share = round(len(sharing) / max(1, len(entries)), 4)
    if report.shared_run_share > SHARED_RUN_LIMIT:
        for run, found in runs.items():
            report.faults.append(found[1].fault(f"enam kata sama dengan {found[0].id}: {run}"))


def _measure(report: Report, folder: LabeledFolder, posts: list[Entry]) -> None:
    report.counts = count_axes(posts)
    report.agreement = agreement(folder.entries, folder.readings)
    report.naming = naming_shares(posts)
    report.aims = aims(folder.entries, report.naming)
    report.probes = balance_probes(posts)


def _voice_faults(folder: LabeledFolder) -> list[Fault]:
    """Every voice of a post has its card, and every card a voice."""
    told = {str(row.get("voice")) for row in folder.voices if row.get("card")}
    used = {str(entry.meta.get("voice")) for entry in folder.entries}
    return [
        *(Fault(VOICES, None, f"suara {voice} tanpa kartu") for voice in sorted(used - told)),
        *(Fault(VOICES, None, f"suara {voice} tanpa unggahan") for voice in sorted(told - used)),
    ]
