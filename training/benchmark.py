"""How fast this machine reads posts: gate, stance, the whole cascade, and a plain yardstick.

Everything starts from lines of JSON and counts whole posts; every text is distinct, so that no
cache helps; each figure is the median of several runs.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson

from models.cascade import Cascade
from models.post import Post, parse_post
from training.errors import DatasetError
from training.probe import FIRST

RUNS = 3
SHARE_PASSING = 0.03
STREAM = 20_000
STANCE_POSTS = 1_000
_PROBED = 400
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
Progress = Callable[[str], None]


def measure_speed(
    cascade: Cascade,
    posts: Sequence[Post],
    *,
    size: int = STREAM,
    progress: Progress = lambda step: None,
) -> dict[str, Any]:
    """Return posts a second for each part, on a stream of `size` posts of which 3% pass the gate.

    The yardstick is a hashed bag of words and pairs of words under a logistic regression
    (scikit-learn), fitted beforehand, reading the same lines. Raises DatasetError where the file
    has no post that passes the gate, or none that does not.
    """
    lines = stream_lines(cascade, posts, size)
    progress("pembanding")
    fit_and_read = _yardstick(lines, cascade)
    plain = _rate(fit_and_read, lines)
    progress("gerbang")
    parsed = _parsed(lines)
    gate = _rate(lambda ls: [cascade.gate.passes(post) for post in _parsed(ls)], lines)
    gate_alone = _rate(lambda ps: [cascade.gate.passes(post) for post in ps], parsed)
    progress("sikap")
    few = _distinct_lines(posts, min(size, STANCE_POSTS), 0)
    stance = _rate(lambda ls: cascade.stance.judge(_parsed(ls)), few)
    progress("seluruh rangkaian")
    whole = _rate(lambda ls: _in_batches(cascade, ls), lines)
    return {
        "posts": len(lines),
        "runs": RUNS,
        "share_passing": round(sum(map(cascade.gate.passes, parsed)) / len(lines), 4),
        "gate_posts_a_second": gate_alone,
        "gate_with_reading_posts_a_second": gate,
        "stance_posts_a_second": stance,
        "end_to_end_posts_a_second": whole,
        "hashed_words_posts_a_second": plain,
        "end_to_end_to_hashed_words": round(whole / plain, 3),
    }


def stream_lines(cascade: Cascade, posts: Sequence[Post], size: int) -> list[bytes]:
    """Return `size` lines of JSON of which 3% pass the gate, spread evenly, every text distinct."""
    passing = [post for post in posts if cascade.gate.passes(post)]
    stopped = [post for post in posts if not cascade.gate.passes(post)]
    if not passing or not stopped:
        raise DatasetError(
            "benchmark perlu berkas berisi unggahan yang lolos gerbang dan yang tidak; "
            "pakai misalnya data/labeled/dev.jsonl"
        )
    every = round(1 / SHARE_PASSING)
    count = max(1, size // every)
    chosen = iter(_distinct_lines(passing, count, 0))
    others = iter(_distinct_lines(stopped, size - count, count))
    return [
        next(chosen) if place % every == every - 1 and place // every < count else next(others)
        for place in range(size)
    ]


def _distinct_lines(posts: Sequence[Post], count: int, first: int) -> list[bytes]:
    """Return `count` posts as lines; each round over `posts` adds a made-up word to the text."""
    lines = []
    for number in range(count):
        item = dict(posts[number % len(posts)].received)
        item["id"] = f"{item['id']}-{first + number}"
        item["text"] = f"{item.get('text', '')} x{_word(first + number)}x"
        lines.append(orjson.dumps(item))
    return lines


def _word(number: int) -> str:
    """Return a number as letters, which no pattern takes for a number or a name."""
    found = ""
    for _ in range(4):
        number, rest = divmod(number, len(_LETTERS))
        found += _LETTERS[rest]
    return found


def _parsed(lines: Sequence[bytes]) -> list[Post]:
    return [parse_post(orjson.loads(line)) for line in lines]


def _in_batches(cascade: Cascade, lines: Sequence[bytes], batch: int = 1_000) -> None:
    for first in range(0, len(lines), batch):
        cascade.predict(_parsed(lines[first : first + batch]))


def _yardstick(lines: Sequence[bytes], cascade: Cascade) -> Callable[[Sequence[bytes]], Any]:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = HashingVectorizer(ngram_range=(1, 2))
    # What it learns does not matter for its speed; the gate's answer is at hand for any file.
    labels = [cascade.gate.passes(post) for post in _parsed(lines)]
    model = LogisticRegression(max_iter=500, tol=1e-2)
    model.fit(vectorizer.transform(_texts(lines)), labels)
    return lambda read: model.predict_proba(vectorizer.transform(_texts(read)))


def _texts(lines: Sequence[bytes]) -> list[str]:
    return [str(orjson.loads(line)["text"]) for line in lines]


def _rate(run: Callable[[Any], Any], items: Sequence[Any]) -> int:
    """Return items a second, the median of several runs over all of them."""
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        run(items)
        seconds.append(time.perf_counter() - started)
    return round(len(items) / statistics.median(seconds))


def measure_process(reference: str, artifacts: Path, posts: Sequence[Post]) -> dict[str, float]:
    """Return the time from start to the first prediction and the peak memory of a scoring process.

    Each the median of three fresh processes; seconds and MiB. Raises DatasetError when a process
    fails.
    """
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.jsonl"
        path.write_bytes(b"\n".join(_distinct_lines(posts, _PROBED, 0)))
        for _ in range(RUNS):
            found.append(_probe(reference, artifacts.resolve(), path))
    return {
        "first_prediction_seconds": round(statistics.median(one for one, _ in found), 2),
        "peak_memory_mib": round(statistics.median(two for _, two in found), 1),
    }


def _probe(reference: str, artifacts: Path, path: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "training.probe", str(path), "--model", reference]
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  # our own module, no shell
        [*command, "--artifacts", str(artifacts)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        seconds = time.perf_counter() - started
        rest = process.stdout.read().strip()
    if process.returncode or first != FIRST:
        raise DatasetError(f"{reference}: proses penilai gagal; jalankan netra model verify")
    return seconds, float(rest)
