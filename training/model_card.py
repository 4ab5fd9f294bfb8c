"""The model card of an artifact, written from its manifest and metrics and nothing else."""

from collections.abc import Mapping
from typing import Any

_NAMES = {
    "test": "written posts, held out (`data/labeled/test.jsonl`)",
    "dev": "written posts used for calibration (`data/labeled/dev.jsonl`)",
    "real_dev": "real public posts without authors, stance only, gate off",
    "no_stems_test": "same model without stems, written posts, held out",
    "no_stems_real_dev": "same model without stems, real posts",
}
_LANGUAGE_POSTS = 20


def render_card(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Return the card as Markdown: Indonesian summary first, then what a retrainer needs."""
    reference = f"{manifest['name']}@{manifest['version']}"
    parts = [
        f"# {reference}",
        _summary(metrics),
        _what(manifest),
        _data(manifest),
        _results(metrics),
        _languages(metrics),
        _contrast(metrics),
        _neutrality(metrics),
        _robustness(metrics),
        _notes(metrics),
        _limits(manifest),
        _files(manifest),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _summary(metrics: Mapping[str, Any]) -> str:
    flag = metrics.get("test", {}).get("flag", {})
    found = _figure(flag.get("precision")), _figure(flag.get("recall"))
    return (
        "**Ringkasan.** Model ini menimbang dua hal secara terpisah: apakah penulis unggahan "
        "menunjukkan diri sebagai ASN, dan apakah unggahannya berpihak. Penulis yang tidak "
        "menunjukkan diri sebagai ASN tidak dinilai sikapnya. Hasilnya *dugaan* untuk diperiksa "
        "orang, bukan putusan. Pada unggahan uji (karangan, bukan unggahan orang sungguhan): "
        f"presisi {found[0]}, recall {found[1]}. Angka pada unggahan nyata bisa lebih rendah."
    )


def _what(manifest: Mapping[str, Any]) -> str:
    stems = "Sastrawi stems" if manifest.get("stemmed", True) else "words without stemming"
    return f"""## What it is

Author: findings of the ASN gate (field, kind, how far said of oneself), n-grams of profile and
of the words around a finding; logistic regression over explicit, likely, none, after plain rules
(retired, spouse, applicant, honorer, private school, parody: none; village heads, TNI, Polri:
none, `other_official`). Stance: TF-IDF of {stems} (1-2) and of letters inside words (3-5), groups
of campaign words across languages; multinomial logistic regression. Candidates, parties, places,
religions, forms of address and ballot numbers are masked before anything is counted. Scores are
calibrated on posts the scored model had not seen. Acts: word cues, and one regression for each act
with at least 12 examples. `risk`: logistic regression on the logits of both scores.

Thresholds (`thresholds.json`) minimise a stated cost on held-out posts: a missed post weighs as
much as two wrong ones; where the profile shows nothing and only the post does, a wrong one weighs
as much as two missed."""


def _data(manifest: Mapping[str, Any]) -> str:
    rows = "\n".join(
        f"| `{item['file']}` | {item['rows']:,} | {item['use']} | `{item['sha256'][:16]}` |"
        for item in manifest.get("data", ())
    )
    return f"""## Data

| file | posts | use | SHA-256, first 16 |
| --- | --- | --- | --- |
{rows}

`data/labeled` is invented: posts written one by one by language-model writers in many voices;
labels by the writers following the label guide, read a second time by other language-model readers
and settled where they differed (`data/labeled/README.md`). No analyst of Bawaslu and no native
speaker of a regional language has checked them. A file named *extra* holds real public posts
without authors, labelled for stance by language-model readers; it is not part of the project, only
its hash is kept. Of real posts the artifact holds no handle, no link, and no n-gram that fewer than
5 of them contain.

Command: `{manifest.get("command", "")}`"""


def _results(metrics: Mapping[str, Any]) -> str:
    rows = []
    for key, name in _NAMES.items():
        if key not in metrics:
            continue
        part = metrics[key]
        flag = part.get("flag", {})
        rows.append(
            f"| {name} | {part['posts']} | {_figure(part['stance']['macro_f1'])} "
            f"| {_figure(flag.get('precision'))} | {_figure(flag.get('recall'))} "
            f"| {_figure(part.get('asn', {}).get('precision'))} "
            f"| {_figure(part.get('asn', {}).get('recall'))} |"
        )
    speed = metrics.get("speed", {})
    facts = "; ".join(f"{name.replace('_', ' ')}: {value:,}" for name, value in speed.items())
    return "\n".join(
        [
            "## Results",
            "",
            "95% bootstrap intervals in brackets. Stance: macro F1 over support, oppose, none, of "
            "every post, the gate set aside.",
            "",
            "| posts | n | stance F1 | flag precision | flag recall | ASN precision | ASN recall |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            *(["", f"Speed on two cores: {facts}."] if facts else []),
            *_background(metrics),
        ]
    )


def _background(metrics: Mapping[str, Any]) -> list[str]:
    found = metrics.get("background", {})
    lines = [
        f"- {name}: {item['posts']:,} posts, {item['passed_gate']} passed the gate, "
        f"{item['asn']} told to be ASN, {item['flagged']} flagged"
        for name, item in found.items()
    ]
    return ["", "Real posts whose authors are unknown, gate on:", "", *lines] if lines else []


def _languages(metrics: Mapping[str, Any]) -> str:
    """Languages with enough held-out posts to say something."""
    by_language = metrics.get("test", {}).get("by_language", {})
    rows = [
        f"| {name} | {item['posts']} | {_figure(item['flag']['precision'])} "
        f"| {_figure(item['flag']['recall'])} | {_figure(item['stance_macro_f1'])} |"
        for name, item in sorted(by_language.items(), key=lambda pair: -pair[1]["posts"])
        if item["posts"] >= _LANGUAGE_POSTS
    ]
    head = [
        "## By language",
        "",
        f"Held-out written posts, languages with {_LANGUAGE_POSTS} or more.",
        "",
        "| language | n | flag precision | flag recall | stance F1 |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows]) if rows else ""


def _contrast(metrics: Mapping[str, Any]) -> str:
    contrast = metrics.get("contrast", {}).get("contrast")
    if not contrast:
        return ""
    rows = [
        f"| {name} | {contrast[key]['groups']} | {_figure(contrast[key])} |"
        for key, name in (("flag_right", "flag"), ("stance_right", "stance"), ("asn_right", "ASN"))
    ]
    still = [
        f"| {axis} | {item['flag']['groups']} | {_figure(item['flag'])} "
        f"| {_figure(item['labels'])} |"
        for axis, item in contrast["moved"].items()
    ]
    return "\n".join(
        [
            "## Contrast groups",
            "",
            "Posts that differ in little (`data/labeled/contrast.jsonl`). Where a label must move, "
            "a group is right only when the answer for every variant is; one answer for all gets "
            "none.",
            "",
            "| what must move | groups | share right |",
            "| --- | --- | --- |",
            *rows,
            "",
            "Where only a name, number, place, religion or gender changes, nothing should move:",
            "",
            "| what changes | groups | flag moved | stance or ASN moved |",
            "| --- | --- | --- | --- |",
            *still,
        ]
    )


def _neutrality(metrics: Mapping[str, Any]) -> str:
    fairness = metrics.get("fairness", {})
    if not fairness.get("overall", {}).get("swaps"):
        return ""
    rows = [
        f"| {axis} | {item['swaps']} | {item['mean_change']} | {item['largest_change']} "
        f"| {item['flips']} |"
        for axis, item in fairness.items()
        if item.get("swaps")
    ]
    return "\n".join(
        [
            "## Neutral watcher",
            "",
            "Change of P(support or oppose) when only the named word of a post is swapped. The "
            "words swapped are on the list of masked names, so this shows that masking works; "
            "names that are on no list are not covered.",
            "",
            "| axis | swaps | mean change | largest | stance flips |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        ]
    )


def _robustness(metrics: Mapping[str, Any]) -> str:
    robustness = metrics.get("robustness", {})
    if not robustness:
        return ""
    rows = [
        f"| {name} | {_figure(item['precision'])} | {_figure(item['recall'])} "
        f"| {item.get('flags_changed', 0)} |"
        for name, item in robustness.items()
    ]
    return "\n".join(
        [
            "## Disguises",
            "",
            "| text of held-out posts | flag precision | flag recall | flags changed |",
            "| --- | --- | --- | --- |",
            *rows,
        ]
    )


def _notes(metrics: Mapping[str, Any]) -> str:
    """Return what the maker of the artifact has to say on how its figures were reached."""
    notes = metrics.get("notes", ())
    if not notes:
        return ""
    return "\n".join(["## How these figures were reached", "", *(f"- {note}" for note in notes)])


def _limits(manifest: Mapping[str, Any]) -> str:
    return """## Limits

- Test posts are invented by writers of the same kind as the training posts; figures on them say
  how well the guide was learned, not what happens on a platform.
- Irony, coded numbers and local nicknames are mostly beyond a bag of words.
- Figures by language rest on few posts each, written by no native speaker.
- The gate's word list was tuned on the training file; signs it does not know are lost for good.
- Acts with few examples come from word cues alone and carry a fixed score.
- A name shared with an everyday word (PAN, RK) may be masked or missed.

Not for: judging persons, ranking civil servants, or posts whose author does not show to be ASN."""


def _files(manifest: Mapping[str, Any]) -> str:
    code = ", ".join(f"{name} {number}" for name, number in manifest.get("code", {}).items())
    return (
        "## To retrain\n\n"
        "`python -m training fit`, then `evaluate`, `fairness`, `robustness`, `promote`; see "
        f"`training/README.md`. Label guide version {manifest.get('guide_version')}. "
        f"Made {manifest.get('created')} with {code}."
    )


def _figure(item: Mapping[str, Any] | None) -> str:
    if not item or item.get("value") is None:
        return "-"
    return f"{item['value']:.3f} [{item['low']:.3f}, {item['high']:.3f}]"
