"""A scoring process as it starts in life, to be measured from outside: `python -m training.probe`.

Loads a model, scores one post and says so on a line of its own; then scores a file and prints its
peak memory. Imports `models` alone, so that what is measured is what serving needs.
"""

import argparse
import resource
import sys
from pathlib import Path

import orjson

from models import registry
from models.post import parse_post

FIRST = "first"


def main() -> int:
    """Score the posts of a JSONL file; print `first`, then the peak memory in MiB."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--artifacts", type=Path, required=True)
    options = parser.parse_args()
    root = options.artifacts.parent
    cascade = registry.load(options.model, root=root, artifacts=options.artifacts)
    posts = [parse_post(orjson.loads(line)) for line in options.file.read_bytes().splitlines()]
    cascade.predict(posts[:1])
    sys.stdout.write(f"{FIRST}\n")
    sys.stdout.flush()
    cascade.predict(posts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    sys.stdout.write(f"{peak / (1024 if sys.platform != 'darwin' else 1024 * 1024):.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
