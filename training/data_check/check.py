"""The whole check of a folder of labelled posts: faults that refuse it, and what it measures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.data_check.agreement import agreement, reading_faults
from training.data_check.balance import Probe, balance_probes, naming_shares
from training.data_check.counts import Aim, aims, count_axes
from training.data_check.dataset_files import (
    CONTRAST,
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
    unit_of,
)
from training.data_check.label_rules import contrast_faults, post_faults

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

    Counts and measures (probes, kappa, aims) only when no single post is refused: a figure over
    half of the posts would say nothing. Raises DatasetError when there is no such folder.
    """
    progress("membaca")
    folder = read_folder(path)
    report = Report(faults=[*folder.faults, *checksum_faults(path)])
    sound: list[Entry] = []
    for entry in folder.entries:
        found = list(post_faults(entry))
        report.faults += found
        if not found:
            sound.append(entry)
    whole = len(sound) == len(folder.entries) and bool(sound) and not folder.faults
    # What compares posts looks at the sound ones only: the others are refused already.
    report.faults += contrast_faults([entry for entry in sound if entry.split == CONTRAST])
    report.faults += leak_faults(sound)
    report.faults += reading_faults(sound, folder.readings) if whole else []
    report.faults += _voice_faults(folder, sound) if whole else []
    progress("mencari salinan")
    _duplicates(report, sound)
    if whole:
        progress("menghitung keseimbangan")
        _measure(report, folder, folder.of(*SPLITS))
    return report


def _duplicates(report: Report, entries: Sequence[Entry]) -> None:
    report.faults += copy_faults(entries)
    for one, two, similarity in near_duplicates(entries):
        report.faults.append(two.fault(f"mirip {one.split}/{one.id} ({similarity:.2f})"))
    runs = shared_runs(entries)
    sharing = {unit_of(entry) for found in runs.values() for entry in found}
    units = {unit_of(entry) for entry in entries}
    report.shared_run_share = round(len(sharing) / max(1, len(units)), 4)
    if report.shared_run_share > SHARED_RUN_LIMIT:
        for run, found in runs.items():
            report.faults.append(found[1].fault(f"enam kata sama dengan {found[0].id}: {run}"))


def _measure(report: Report, folder: LabeledFolder, posts: list[Entry]) -> None:
    report.counts = count_axes(posts)
    report.agreement = agreement(folder.entries, folder.readings)
    report.naming = naming_shares(posts)
    report.aims = aims(folder.entries, report.naming)
    report.probes = balance_probes(posts)


def _voice_faults(folder: LabeledFolder, entries: Sequence[Entry]) -> list[Fault]:
    """Every voice of a post has one card, `{"voice", "file", "card"}`, and every card a voice."""
    told = {str(row.get("voice")) for row in folder.voices if row.get("card")}
    if len(told) != len(folder.voices):
        return [Fault(VOICES, None, "tiap baris perlu voice dan card, tiap suara satu baris")]
    used = {str(entry.meta.get("voice")) for entry in entries}
    return [
        *(Fault(VOICES, None, f"suara {voice} tanpa kartu") for voice in sorted(used - told)),
        *(Fault(VOICES, None, f"suara {voice} tanpa unggahan") for voice in sorted(told - used)),
    ]
