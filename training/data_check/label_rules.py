"""What `gold` and `meta` of one post must hold, by the label guide."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from models.errors import PostError
from models.labels import Act, AsnLabel, Stance
from models.post import parse_post
from training.data_check.dataset_files import CONTRAST, Entry, Fault
from training.data_check.vocabulary import (
    AUTHOR_VALUES,
    AXES,
    COUNTERFACTUAL,
    GOLD_KEYS,
    LANGUAGES,
    META_KEYS,
    VOICE,
)

GROUPS = ("violation", "asn_neutral", "partisan_other", "other")
_REGION = re.compile(r"\d{2}(\.\d{2}){0,2}")
# Control characters, and letters, quotes or emoji of UTF-8 once read as Latin-1.
_BROKEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]|ðŸ|â€|Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]"
)


def group_of(stance: str, asn: str) -> str:
    """Return the group that the labels put a post in."""
    if stance != Stance.NONE:
        return "violation" if asn != AsnLabel.NONE else "partisan_other"
    return "asn_neutral" if asn != AsnLabel.NONE else "other"


def post_faults(entry: Entry) -> Iterator[Fault]:
    """Yield what is wrong with one post."""
    try:
        parse_post(entry.row)
    except PostError as error:
        yield entry.fault(str(error))
        return
    if _BROKEN.search(entry.shown):
        yield entry.fault("pengodean rusak atau karakter kendali")
    if reasons := list(_label_reasons(entry)):
        yield from (entry.fault(reason) for reason in reasons)
        return
    yield from (entry.fault(reason) for reason in _gold_reasons(entry))
    yield from (entry.fault(reason) for reason in _meta_reasons(entry))
    yield from (entry.fault(reason) for reason in _contrast_reasons(entry))


def _label_reasons(entry: Entry) -> Iterator[str]:
    """Whether `gold` is whole and every label one of the guide."""
    gold = entry.gold
    if set(gold) != GOLD_KEYS:
        yield f"gold harus memuat tepat {', '.join(sorted(GOLD_KEYS))}"
        return
    known: tuple[tuple[str, Collection[str]], ...] = (
        ("stance", {stance.value for stance in Stance}),
        ("asn", {label.value for label in AsnLabel}),
        ("lang", LANGUAGES),
    )
    for key, values in known:
        if not _one_of(gold[key], values):
            yield f"gold.{key}: label tidak dikenal {gold[key]}; pilih {', '.join(sorted(values))}"
    acts = gold["acts"]
    if not _texts(acts) or not set(acts) <= set(Act) or len(set(acts)) < len(acts):
        yield f"gold.acts: label tidak dikenal atau berulang {acts}; lihat label_guide.md"
    if not _texts(gold["targets"]):
        yield "gold.targets harus daftar nama"
    if not isinstance(gold["other_official"], bool) or type(gold["flag"]) is not int:
        yield "gold.other_official harus true atau false, gold.flag 0 atau 1"


def _one_of(value: Any, known: Collection[str]) -> bool:
    return isinstance(value, str) and value in known


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _gold_reasons(entry: Entry) -> Iterator[str]:
    gold = entry.gold
    flag = gold["stance"] != Stance.NONE and gold["asn"] != AsnLabel.NONE
    if gold["flag"] not in (0, 1) or bool(gold["flag"]) != flag:
        yield "flag tidak mengikuti stance dan asn"
    if bool(gold["acts"]) != flag:
        yield "acts harus ada bila dan hanya bila flag 1"
    if gold["other_official"] and gold["asn"] != AsnLabel.NONE:
        yield "other_official tidak dapat bersama asn"
    if gold["targets"] and gold["stance"] == Stance.NONE:
        yield "targets pada unggahan tanpa keberpihakan"
    for target in gold["targets"]:
        if target not in entry.shown:
            yield f"target “{target}” tidak tertulis di unggahan"


def _meta_reasons(entry: Entry) -> Iterator[str]:
    meta = entry.meta
    if unknown := set(meta) - META_KEYS:
        yield f"meta: kunci tidak dikenal {', '.join(sorted(unknown))}"
    if not isinstance(meta.get("voice"), str) or not VOICE.fullmatch(meta["voice"]):
        yield "meta.voice harus berbentuk penulis-suara, misalnya w12-nganjuk"
    group = group_of(entry.gold["stance"], entry.gold["asn"])
    if meta.get("group") != group:
        yield f"meta.group tidak sesuai dengan label: seharusnya {group}"
    for key in ("evasion", "unsure_language"):
        if not isinstance(meta.get(key), bool):
            yield f"meta.{key} harus true atau false"
    if not isinstance(meta.get("innocent_twin", False), bool):
        yield "meta.innocent_twin harus true atau false"
    elif meta.get("innocent_twin") and (meta.get("evasion") or entry.gold["stance"] != Stance.NONE):
        yield "meta.innocent_twin hanya untuk unggahan tanpa keberpihakan"
    yield from _author_reasons(entry)
    yield from _named_reasons(entry)


def _named_reasons(entry: Entry) -> Iterator[str]:
    named = entry.meta.get("named", [])
    if not _texts(named):
        yield "meta.named harus daftar nama"
        return
    for name in named:
        if name not in entry.shown:
            yield f"meta.named “{name}” tidak tertulis di unggahan"


def _author_reasons(entry: Entry) -> Iterator[str]:
    meta = entry.meta
    for key, values in AUTHOR_VALUES.items():
        if key in meta and not _one_of(meta[key], values):
            yield f"meta.{key} tidak dikenal: {meta[key]}"
    region = meta.get("region", "00")
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        yield f"meta.region bukan kode wilayah: {region}"


def _contrast_reasons(entry: Entry) -> Iterator[str]:
    meta = entry.meta
    present = {"pair", "variant", "axis"} & set(meta)
    if entry.split != CONTRAST:
        if present:
            yield "meta.pair, variant, dan axis hanya untuk contrast.jsonl"
        return
    if len(present) < 3:
        yield "meta.pair, variant, dan axis wajib di contrast.jsonl"
    elif not _one_of(meta["axis"], AXES) or type(meta["variant"]) is not int:
        yield "meta.axis atau meta.variant tidak dikenal"
    elif not isinstance(meta["pair"], str):
        yield "meta.pair harus berupa teks"


def contrast_faults(entries: list[Entry]) -> Iterator[Fault]:
    """Yield contrast groups whose labels do not behave as their axis says.

    `entries` are posts in which `post_faults` found nothing.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(str(entry.meta.get("pair")), []).append(entry)
    for members in groups.values():
        first = members[0]
        axes = {member.meta.get("axis") for member in members}
        variants = sorted(member.meta.get("variant", -1) for member in members)
        if len(axes) != 1:
            yield first.fault("satu kelompok, lebih dari satu axis")
        elif variants != list(range(len(members))) or len(members) < 2:
            yield first.fault("variant harus 0, 1, ... dan sedikitnya dua")
        elif reason := _movement(first.meta["axis"], members):
            yield first.fault(reason)


def _movement(axis: str, members: list[Entry]) -> str:
    labels = {(m.gold.get("stance"), m.gold.get("asn"), m.flag) for m in members}
    if axis in COUNTERFACTUAL and len(labels) > 1:
        return f"label berpindah pada axis {axis}"
    if axis not in COUNTERFACTUAL and len({m.gold.get(axis) for m in members}) < 2:
        return f"label {axis} tidak berpindah"
    return ""
