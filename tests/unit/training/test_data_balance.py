"""What a name alone, or its kind, tells of a label; and which aims are met."""

from typing import Any

from training.data_check.balance import balance_probes, names_in
from training.data_check.counts import aims
from training.data_check.dataset_files import Entry


def entry(text: str, stance: str, asn: str = "none", **meta: Any) -> Entry:
    """A post as it stands in a file, with what the probes look at."""
    gold = {"stance": stance, "asn": asn, "flag": int(stance != "none" and asn != "none")}
    row = {"id": "x", "platform": "x", "text": text, "gold": {**gold, "targets": []}, "meta": meta}
    return Entry("train", 1, row)


def test_one_name_for_all_forms() -> None:
    assert names_in(entry("coblos no. 2 yuk, PDI-P dan mas pram", "none")) == {
        "number:2",
        "party:PDIP",
        "figure:Pramono",
    }
    assert names_in(entry("panen di pan belakang, p a n", "none")) == set()
    assert names_in(entry("Hj. Rina hadir", "none", named=["Hj. Rina"])) == {"local:hj rina"}
    assert names_in(entry("salam dua jari", "none")) == {"number:2"}
    assert names_in(entry("SDN 02, jam 07, TPS 03, domino 4, nomor 1.500", "none")) == set()
    assert names_in(entry("kosong dua aja", "none", named=["kosong dua"])) == {"number:2"}
    assert names_in(entry("TPS nomor 3", "none", named=[])) == set()
    assert names_in(entry("m4s G1br4n 🍌", "none", named=["G1br4n", "🍌"])) == {"local:g1br4n"}


def test_a_name_that_predicts_a_label_is_found() -> None:
    leaning = [
        entry(f"unggahan {n} {'PKS' if n % 2 else 'Golkar'}", "support" if n % 2 else "none")
        for n in range(60)
    ]
    even_ones = [
        entry(f"unggahan {n} {'PKS' if n % 4 < 2 else 'Golkar'}", "support" if n % 2 else "none")
        for n in range(60)
    ]
    asn = [entry("tanpa nama", "none", "explicit") for _ in range(20)]
    ours = [entry(name, "support", "explicit") for name in ("Golkar", "PKS") for _ in range(10)]

    def even(entries: list[Entry]) -> bool:
        probes = balance_probes([*entries, *asn, *ours])
        return next(p.even for p in probes if (p.seen, p.label) == ("nama", "stance"))

    assert not even(leaning)
    assert even(even_ones)


def test_a_kind_of_name_that_predicts_a_label_is_found() -> None:
    local = [entry(f"Bu Nama{n}", "support", named=[f"Bu Nama{n}"]) for n in range(40)]
    party = [entry(f"PKS {n}", "none", named=["PKS"]) for n in range(40)]
    asn = [entry(f"PKS ASN {n}", "support", "explicit", named=["PKS"]) for n in range(20)]
    probes = balance_probes([*local, *party, *asn])
    (probe,) = [p for p in probes if (p.seen, p.label) == ("nama", "stance")]
    assert not probe.even, "each name occurs once, and together they tell the label"


def test_aims_tell_what_is_missing() -> None:
    told = {
        aim.name: aim for aim in aims([entry("a", "none")], {"violation": 0.2, "asn_neutral": 0})
    }
    assert not told["unggahan"].met
    assert told["violation tanpa nama"].met
    assert not told["asn_neutral dengan nama"].met
    assert not told["kelompok violation"].met
