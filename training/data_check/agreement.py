"""Agreement of two independent readings: Cohen's kappa (Cohen 1960), and faults of the record."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sklearn.metrics import cohen_kappa_score

from training.data_check.dataset_files import SECOND_READING, Entry, Fault, Row

QUESTIONS = ("stance", "asn", "flag")
_FEW = 40


def reading_faults(
    entries: Sequence[Entry], readings: Sequence[tuple[int, Row]]
) -> Iterator[Fault]:
    """Yield posts without a second reading, readings without a post, labels that do not follow.

    A post's labels must be the settled ones; where both readings agree, nothing is to settle.
    """
    by_id = {entry.id: entry for entry in entries}
    read: set[str] = set()
    for number, row in readings:
        post_id = str(row.get("id"))
        reason = _reason(row, by_id.get(post_id))
        if post_id in read:
            reason = "dibaca dua kali"
        read.add(post_id)
        if reason:
            yield Fault(SECOND_READING, number, f"{post_id}: {reason}")
    for post_id, entry in by_id.items():
        if post_id not in read:
            yield entry.fault("belum dibaca untuk kedua kali")


def _reason(row: Row, entry: Entry | None) -> str:
    if entry is None:
        return "unggahan tidak ada"
    if not all(_is_label(row.get(key)) for key in ("first", "second", "settled")):
        return "first, second, dan settled harus memuat stance dan asn yang dikenal"
    settled = {key: row["settled"][key] for key in ("stance", "asn")}
    if settled != {key: entry.gold.get(key) for key in ("stance", "asn")}:
        return "label unggahan bukan label yang diputuskan"
    for key, value in settled.items():
        if row["first"][key] == row["second"][key] != value:
            return f"kedua pembaca sepakat soal {key}, tetapi keputusan berbeda"
    return ""


def _is_label(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and str(value.get("stance")) in ("support", "oppose", "none")
        and str(value.get("asn")) in ("explicit", "likely", "none")
    )


def agreement(entries: Sequence[Entry], readings: Sequence[tuple[int, Row]]) -> dict[str, Any]:
    """Return kappa by question, overall and by language, before anything was settled."""
    languages = {entry.id: str(entry.gold.get("lang")) for entry in entries}
    usable = [
        row
        for _, row in readings
        if str(row.get("id")) in languages
        and all(_is_label(row.get(k)) for k in ("first", "second"))
    ]
    by_language: dict[str, list[Row]] = defaultdict(list)
    for row in usable:
        by_language[languages[str(row["id"])]].append(row)
    return {
        "overall": _kappas(usable),
        "languages": {
            language: _kappas(rows)
            for language, rows in sorted(by_language.items(), key=lambda item: -len(item[1]))
            if len(rows) >= _FEW
        },
    }


def _kappas(rows: Sequence[Row]) -> dict[str, Any]:
    answers = [(_answers(row["first"]), _answers(row["second"])) for row in rows]
    result: dict[str, Any] = {"posts": len(rows)}
    for at, question in enumerate(QUESTIONS):
        one, two = [first[at] for first, _ in answers], [second[at] for _, second in answers]
        result[question] = {
            "kappa": _kappa(one, two),
            "differ": sum(a != b for a, b in zip(one, two, strict=True)),
        }
    return result


def _kappa(one: list[str], two: list[str]) -> float | None:
    if len(set(one) | set(two)) < 2:
        return None  # one answer throughout: chance alone explains all agreement
    return round(float(cohen_kappa_score(one, two)), 4)


def _answers(label: Row) -> tuple[str, str, str]:
    flag = label["stance"] != "none" and label["asn"] != "none"
    return label["stance"], label["asn"], str(flag)
