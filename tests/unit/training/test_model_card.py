"""The model card: Indonesian, complete, silent on what was not measured, and no text of a post."""

from typing import Any

from tests.unit.training.examples import make_example, make_judged
from training.baseline import compare_baselines
from training.evaluate import measure
from training.group_rates import rates_by_group
from training.model_card import Variant, render_card

MANIFEST = {
    "name": "netra-id",
    "version": 3,
    "data": [
        {"file": "data/labeled/train.jsonl", "rows": 6_831, "use": "fit", "sha256": "ab" * 32}
    ],
    "command": "python -m training fit",
    "guide_version": "1",
    "created": "2024-01-01",
    "code": {"python": "3.11"},
}


def measured() -> dict[str, Any]:
    judged = [
        make_judged(
            make_example("kata rahasia", stance="support", asn="explicit", group="violation"),
            p_partisan=0.9 if n else 0.1,
            asn="explicit",
            risk=0.8,
        )
        for n in range(30)
    ]
    examples = [item.example for item in judged]
    axis = {"swaps": 4, "mean_change": 0.01, "largest_change": 0.2, "flips": 1, "flags": 3}
    return {
        "test": {**measure(judged), "baselines": compare_baselines_of(examples, judged)},
        "background": {"nyata": {"posts": 1_000, "passed_gate": 10, "asn": 1, "flagged": 0}},
        "fairness": {
            "overall": {**axis, "flags_flipped": 2},
            "by_group": rates_by_group(examples, [item.flagged for item in judged]),
        },
        "speed": {"end_to_end_posts_a_second": 1_234},
        "notes": ["diukur sekali"],
    }


def compare_baselines_of(examples: Any, judged: Any) -> dict[str, Any]:
    other = [make_example("hujan", stance="none") for _ in range(5)]
    return compare_baselines([*examples, *other], judged)


def test_a_card_of_everything() -> None:
    other = Variant("netra-id-extra@3", measured(), active=True)
    card = render_card(MANIFEST, measured(), [Variant("netra-id@3", measured()), other])
    for title in (
        "Untuk apa, dan bukan untuk apa",
        "Cara kerja",
        "Data dan lisensi",
        "Dua varian",
        "Hasil",
        "Beban kerja analis",
        "Kalibrasi risk",
        "Pembanding pada unggahan yang sama",
        "Di mana pelanggaran luput",
        "Kegagalan",
        "Menurut bahasa",
        "Selisih antarkelompok",
        "Pengawas netral",
        "Unggahan nyata tanpa label",
        "Yang tidak diuji",
        "Batas",
    ):
        assert f"\n## {title}\n" in card, title
    assert "belum diuji di lapangan" in card
    assert "ab" * 32 in card
    assert "`netra-id-extra@3` (aktif)" in card
    assert "0,967" in card
    assert "2 dari 3" in card
    assert "kata rahasia" not in card


def test_a_card_of_an_artifact_nobody_measured() -> None:
    card = render_card(MANIFEST, {})
    assert "presisi –, recall –" in card
    assert "Beban kerja belum dapat dihitung" in card
    assert "Dua varian" not in card
    assert "Pengawas netral" not in card


def test_a_manifest_tells_its_own_method_and_sources() -> None:
    sources = [{"name": "penyandi", "licence": "MIT", "use": "bobot awal"}]
    card = render_card({**MANIFEST, "method": ["Penyandi kecil."], "sources": sources}, {})
    assert "Penyandi kecil." in card
    assert "| penyandi | MIT | bobot awal |" in card
    assert "TF-IDF dari" not in card


def test_an_encoder_is_named_with_its_licence() -> None:
    card = render_card({**MANIFEST, "backbone": {"source": "e5", "licence": "MIT"}}, {})
    assert "| e5 | MIT | bobot awal penyandi |" in card
    assert "penyandi (encoder)" in card
