"""Posts that say the same twice: copies, near-copies across splits, shared runs of words.

Near-copies are found by MinHash (Broder 1997) over runs of characters and then compared exactly.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from datasketch import MinHash, MinHashLSH

from models.normalize import fold_text
from training.data_check.dataset_files import CONTRAST, Entry, Fault
from training.data_check.vocabulary import EVERYBODYS, FUNCTION_WORDS

NEAR = 0.7
_PERMUTATIONS = 64
_SHINGLE = 5
_RUN = 6
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return _WORD.findall(fold_text(text))


def copy_faults(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield posts whose id, or whole content with author, occurs before."""
    ids: dict[str, Entry] = {}
    bodies: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.id in ids:
            yield entry.fault(f"id sudah ada di {ids[entry.id].split}.jsonl")
        ids.setdefault(entry.id, entry)
        if entry.split == CONTRAST:
            continue  # variants along `asn` share every word and differ in the profile
        # Two people may both write "gas"; the same words under the same account are a copy.
        body = (" ".join(words_of(entry.written)) or entry.written, str(entry.row.get("author")))
        if body in bodies:
            yield entry.fault(f"isi sama dengan {bodies[body].id}")
        bodies.setdefault(body, entry)


def near_duplicates(entries: Sequence[Entry]) -> list[tuple[Entry, Entry, float]]:
    """Return pairs of posts in two splits whose Jaccard similarity is at least `NEAR`."""
    index = MinHashLSH(threshold=NEAR - 0.1, num_perm=_PERMUTATIONS)
    shingles: dict[int, frozenset[str]] = {}
    found = []
    for number, entry in enumerate(entries):
        own = _shingles(entry.written)
        if not own:
            continue
        sketch = MinHash(num_perm=_PERMUTATIONS, seed=1)
        sketch.update_batch([shingle.encode() for shingle in own])
        for other in index.query(sketch):
            if entries[other].split == entry.split:
                continue
            similarity = len(own & shingles[other]) / len(own | shingles[other])
            if similarity >= NEAR:
                found.append((entries[other], entry, round(similarity, 3)))
        shingles[number] = own
        index.insert(number, sketch)
    return found


def _shingles(text: str) -> frozenset[str]:
    joined = " ".join(words_of(text))
    if len(joined) < 4 * _SHINGLE:
        return frozenset()  # four short words are nobody's; equal ones are found as copies
    return frozenset(joined[at : at + _SHINGLE] for at in range(len(joined) - _SHINGLE + 1))


def shared_runs(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return runs of six content words that two or more posts share.

    Variants of one contrast group share their words on purpose and count as one post.
    """
    holders: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        text = EVERYBODYS.sub(" ", fold_text(str(entry.row.get("text", ""))))
        words = [word for word in _WORD.findall(text) if word not in FUNCTION_WORDS]
        for at in range(len(words) - _RUN + 1):
            run = " ".join(words[at : at + _RUN])
            if len(set(words[at : at + _RUN])) > 2:  # "ha ha ha ha ha ha" says nothing
                holders[run].setdefault(str(entry.meta.get("pair") or entry.id), entry)
    return {run: list(found.values()) for run, found in holders.items() if len(found) > 1}


def leak_faults(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield voices, and writers (the part of a voice before "-"), that stand in two splits."""
    for kind, key in (
        ("suara", lambda voice: voice),
        ("penulis", lambda voice: re.sub(r"[a-z]$", "", voice.partition("-")[0])),
    ):
        homes: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in entries:
            homes[key(str(entry.meta.get("voice", "")))].setdefault(entry.split, entry)
        for name, by_split in homes.items():
            for one, two in combinations(sorted(by_split), 2):
                yield by_split[two].fault(f"{kind} {name} ada di {one} dan {two}")
