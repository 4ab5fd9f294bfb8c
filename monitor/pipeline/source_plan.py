"""What a person may ask of a source: options of its kind, schedule, region, contest, quotas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo

from monitor.clock import utcnow
from monitor.collectors.base import Kind, Option
from monitor.errors import InputError
from monitor.pipeline.due import crontab, shortest_wait
from monitor.reference.calendar import shipped_contests
from monitor.reference.gazetteer_folder import added_contests
from monitor.reference.regions import find_code

_LONGEST_SECONDS = 366 * 86_400
_MOST_PRIORITY = 10
_MOST_QUOTA = 2_000_000_000
_MOST_HOURS = 24 * 366
_LONGEST_AGREEMENT = 500


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """As typed; `check_plan` returns it as it is stored."""

    options: Mapping[str, str] = field(default_factory=dict)
    every_seconds: int = 0
    schedule: str = ""
    region: str = ""
    contest: str = ""
    priority: int = 0
    daily_quota: int = 0
    monthly_quota: int = 0
    expect_hours: int = 0
    agreement: str = ""


def check_plan(kind: Kind, plan: SourcePlan, zone: tzinfo) -> SourcePlan:
    """Return the plan with names resolved; raise `InputError` saying what cannot be kept."""
    check_options(kind, plan.options)
    _check_schedule(kind, plan, zone)
    _check_range("--priority", plan.priority, -_MOST_PRIORITY, _MOST_PRIORITY)
    _check_range("--daily-quota", plan.daily_quota, 0, _MOST_QUOTA)
    _check_range("--monthly-quota", plan.monthly_quota, 0, _MOST_QUOTA)
    _check_range("--expect-hours", plan.expect_hours, 0, _MOST_HOURS)
    return SourcePlan(
        options=plan.options,
        every_seconds=plan.every_seconds,
        schedule=" ".join(plan.schedule.split()),
        region=_region(plan.region),
        contest=_contest(plan.contest),
        priority=plan.priority,
        daily_quota=plan.daily_quota,
        monthly_quota=plan.monthly_quota,
        expect_hours=plan.expect_hours,
        agreement=check_agreement(plan.agreement) if plan.agreement else "",
    )


def check_options(kind: Kind, options: Mapping[str, str]) -> None:
    known = {option.name: option for option in kind.options}
    unknown = sorted(options.keys() - known.keys())
    if unknown:
        raise InputError(
            f"Pilihan tidak dikenal untuk jenis {kind.name}: {', '.join(unknown)}. {_offered(kind)}"
        )
    missing = [o.name for o in kind.options if o.required and not options.get(o.name)]
    if missing:
        raise InputError(
            f"Pilihan wajib belum diisi untuk jenis {kind.name}: {', '.join(missing)}."
            f" {_offered(kind)}"
        )
    for name, value in options.items():
        reason = refusal(known[name], value)
        if reason:
            raise InputError(f"--set {name}: {reason}")


def refusal(option: Option, value: str) -> str:
    """Return why the option cannot have this value, or '' where it can."""
    if option.check is None or (not value and not option.required):
        return ""
    try:
        option.check(value)
    except ValueError as error:
        return str(error)
    return ""


def check_agreement(text: str) -> str:
    agreement = " ".join(text.split())
    if not agreement or len(agreement) > _LONGEST_AGREEMENT:
        raise InputError(
            f"Rujukan persetujuan harus berisi 1 sampai {_LONGEST_AGREEMENT} karakter, misalnya"
            " nomor surat dan tanggalnya."
        )
    return agreement


def _offered(kind: Kind) -> str:
    if not kind.options:
        return "Jenis ini tidak punya pilihan."
    lines = (
        f"\n  {option.name}{' (wajib)' if option.required else ''}: {option.explanation}"
        for option in kind.options
    )
    return "Yang ada:" + "".join(lines)


def _check_schedule(kind: Kind, plan: SourcePlan, zone: tzinfo) -> None:
    if plan.schedule and plan.every_seconds:
        raise InputError("Pakai salah satu: --every atau --cron.")
    least = timedelta(seconds=kind.least_seconds)
    if plan.schedule:
        wait = shortest_wait(crontab(plan.schedule, zone), utcnow())
        if wait is None:
            raise InputError(f"Jadwal {plan.schedule!r} tidak pernah tiba waktunya.")
        if wait < least:
            raise InputError(
                f"Jadwal {plan.schedule!r} terlalu rapat untuk jenis {kind.name}:"
                f" paling sering tiap {kind.least_seconds} detik."
            )
    elif plan.every_seconds:
        _check_range("--every", plan.every_seconds, 1, _LONGEST_SECONDS)
        if plan.every_seconds < kind.least_seconds:
            raise InputError(
                f"Selang --every terlalu rapat untuk jenis {kind.name}: paling sering tiap"
                f" {kind.least_seconds} detik."
            )


def _check_range(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InputError(f"{name} harus antara {least} dan {most}.")


def _region(typed: str) -> str:
    code = find_code(typed) if typed else ""
    if typed and not code:
        raise InputError(
            f"Wilayah {typed!r} tidak dikenal; pakai kode atau nama Kemendagri, misalnya 33.74."
        )
    return code


def _contest(typed: str) -> str:
    """Return the contest's name; `pilkada_2024` and `Pilkada 2024` mean the same."""
    if not typed:
        return ""
    names = [contest.name for contest in (*shipped_contests(), *added_contests())]
    for name in names:
        if _folded(name) == _folded(typed):
            return name
    raise InputError(f"Pemilihan {typed!r} tidak dikenal; pilihan: {', '.join(names)}.")


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())
