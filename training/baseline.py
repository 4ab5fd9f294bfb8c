"""The baselines beside every stance model, from none at all to TF-IDF with Sastrawi stems.

They see text, caption and the text answered as written, names included; nothing of the author.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from models.labels import AsnLabel, Stance
from models.normalize import fold_text
from models.stance.stemming import stem
from training.dataset import Example
from training.evaluate import Judged
from training.intervals import interval, macro_f1, yes_no

# Texts in, one row of numbers a text out (n × dimensions).
Embed = Callable[[Sequence[str]], Any]
_WORD = re.compile(r"[a-z]+")


def text_of(example: Example) -> str:
    """Return what the baseline reads of a post."""
    post = example.post
    return "\n".join(part for part in (post.text, post.media_alt, post.reply_to) if part)


def stemmed_text(example: Example) -> str:
    """Return the same folded, every word replaced by its Sastrawi root."""
    return _WORD.sub(lambda match: stem(match.group(0)), fold_text(text_of(example)))


def fit_baseline(examples: Sequence[Example], read: Callable[[Example], str] = text_of) -> Pipeline:
    """Fit on labelled posts, weighted by how sure their reader was.

    Words and pairs of words, and runs of two to five characters inside words, each seen at least
    twice; classes weighted to be equal. Raises ValueError with fewer than two stances.
    """
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    )
    model = LogisticRegression(C=4.0, class_weight="balanced", max_iter=1_000)
    pipeline = make_pipeline(features, model)
    pipeline.fit(
        [read(example) for example in examples],
        [example.gold.stance.value for example in examples],
        logisticregression__sample_weight=[example.weight for example in examples],
    )
    return pipeline


def told_stances(
    pipeline: Pipeline, examples: Sequence[Example], read: Callable[[Example], str] = text_of
) -> list[str]:
    """Return the stance the baseline tells for each post."""
    if not examples:
        return []
    return [str(name) for name in pipeline.predict([read(example) for example in examples])]


def compare_baselines(
    train: Sequence[Example],
    judged: Sequence[Judged],
    *,
    embed: Embed | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> dict[str, Any]:
    """Return stance macro F1 of each baseline on the posts of `judged`, and the flag it makes.

    Fitted on `train`. The flag is the ASN judgement of the model together with the stance of
    the baseline, for files with authors. `embed` adds the frozen encoder under a logistic
    regression; without it that row is left out.
    """
    examples = [item.example for item in judged]
    rows: dict[str, Any] = {}
    for name, told in _baselines(embed).items():
        progress(f"pembanding {name}")
        rows[name] = _figures(judged, told(train, examples))
    return {"trained_on": len(train), "rows": rows}


def _baselines(
    embed: Embed | None,
) -> dict[str, Callable[[Sequence[Example], Sequence[Example]], list[str]]]:
    found = {
        "majority": _majority,
        "keywords": lambda train, examples: [keyword_stance(e) for e in examples],
        "tfidf": lambda train, examples: told_stances(fit_baseline(train), examples),
        "tfidf_stems": lambda train, examples: told_stances(
            fit_baseline(train, stemmed_text), examples, stemmed_text
        ),
    }
    if embed is not None:
        found["frozen_encoder"] = lambda train, examples: _embedded(embed, train, examples)
    return found


def _majority(train: Sequence[Example], examples: Sequence[Example]) -> list[str]:
    most = Counter(example.gold.stance.value for example in train).most_common(1)[0][0]
    return [most] * len(examples)


def keyword_stance(example: Example) -> str:
    """Return the stance a list of campaign words tells."""
    folded = fold_text(text_of(example))
    for stance, pattern in _keywords().items():
        if pattern.search(folded):
            return stance
    return Stance.NONE.value


@cache
def _keywords() -> dict[str, re.Pattern[str]]:
    path = Path(__file__).with_name("keywords.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        # To oppose comes first: "jangan pilih" holds "pilih".
        name.value: re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, data[name]))})(?![a-z])")
        for name in (Stance.OPPOSE, Stance.SUPPORT)
    }


def _embedded(embed: Embed, train: Sequence[Example], examples: Sequence[Example]) -> list[str]:
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2_000)
    model.fit(
        embed([text_of(example) for example in train]),
        [example.gold.stance.value for example in train],
        sample_weight=[example.weight for example in train],
    )
    return [str(name) for name in model.predict(embed([text_of(e) for e in examples]))]


def _figures(judged: Sequence[Judged], told: Sequence[str]) -> dict[str, Any]:
    gold = [item.example.gold for item in judged]
    figures: dict[str, Any] = {
        "stance_macro_f1": interval([one.stance.value for one in gold], list(told), macro_f1)
    }
    if all(one.asn is not None for one in gold):
        flagged = [
            item.told_asn != AsnLabel.NONE and stance != Stance.NONE
            for item, stance in zip(judged, told, strict=True)
        ]
        figures["flag"] = yes_no([one.flag for one in gold], flagged)
    return figures
