"""The baseline beside every stance model: TF-IDF over words and characters, logistic regression.

It sees text, caption and the text answered as written, names included; nothing of the author.
"""

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from training.dataset import Example


def text_of(example: Example) -> str:
    """Return what the baseline reads of a post."""
    post = example.post
    return "\n".join(part for part in (post.text, post.media_alt, post.reply_to) if part)


def fit_baseline(examples: Sequence[Example]) -> Pipeline:
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
        [text_of(example) for example in examples],
        [example.gold.stance.value for example in examples],
        logisticregression__sample_weight=[example.weight for example in examples],
    )
    return pipeline


def told_stances(pipeline: Pipeline, examples: Sequence[Example]) -> list[str]:
    """Return the stance the baseline tells for each post."""
    if not examples:
        return []
    return [str(name) for name in pipeline.predict([text_of(example) for example in examples])]
