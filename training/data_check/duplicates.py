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
from training.data_check.vocabulary import EVERYBODYS, FUNCTION_WORDS, VOICE

NEAR = 0.7
_PERMUTATIONS = 128
_SHINGLE = 5
_RUN = 6
_COPIED_WORDS = 5
_SPACED = re.compile(r"(?<!\w)(?:\w ){3,}\w(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return _WORD.findall(fold_text(text))


def copy_faults(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield posts whose id or content occurs before.

    Two people may both write "gas 02" in one file; the same words are a copy when they are
    many, under the same account, or in two splits. Variants of a contrast group may share their
    words where the profile differs.
    """
    ids: dict[str, Entry] = {}
    bodies: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.id in ids:
            yield entry.fault(f"id sudah ada di {ids[entry.id].split}.jsonl")
        ids.setdefault(entry.id, entry)
        words = words_of(entry.written)
        body = " ".join(words) or entry.written
        copied = (other for other in bodies[body] if _is_copy(entry, other, len(words)))
        if (other := next(copied, None)) is not None:
            yield entry.fault(f"isi sama dengan {other.id}")
        bodies[body].append(entry)


def _is_copy(entry: Entry, other: Entry, words: int) -> bool:
    same_profile = entry.shown == other.shown
    if entry.split == other.split == CONTRAST and unit_of(entry) == unit_of(other):
        return same_profile and entry.written == other.written
    return words >= _COPIED_WORDS or entry.split != other.split or same_profile


def near_duplicates(entries: Sequence[Entry]) -> list[tuple[Entry, Entry, float]]:
    """Return pairs of posts in two splits whose Jaccard similarity is at least `NEAR`."""
    # 32 bands of 4: a pair at the threshold is found 999 times in 1,000, and compared exactly then.
    index = MinHashLSH(num_perm=_PERMUTATIONS, params=(32, 4))
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
        return frozenset()  # a few short words are nobody's; equal ones are found as copies
    return frozenset(joined[at : at + _SHINGLE] for at in range(len(joined) - _SHINGLE + 1))


def unit_of(entry: Entry) -> str:
    """Return the contrast group a post belongs to, else its id: what counts as one post."""
    return str(entry.meta.get("pair") or entry.id)


def shared_runs(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return runs of six content words, in text or caption, that two or more posts share.

    Variants of one contrast group share their words on purpose and count as one post.
    """
    holders: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        for key in ("text", "media_alt"):
            for run in _runs(str(entry.row.get(key) or "")):
                holders[run].setdefault(unit_of(entry), entry)
    return {run: list(found.values()) for run, found in holders.items() if len(found) > 1}


def _runs(text: str) -> Iterator[str]:
    # Letters written apart are one word: "c o b l o s" is no run of six.
    folded = _SPACED.sub(lambda match: match.group().replace(" ", ""), fold_text(text))
    words = [w for w in _WORD.findall(EVERYBODYS.sub(" ", folded)) if w not in FUNCTION_WORDS]
    for at in range(len(words) - _RUN + 1):
        run = words[at : at + _RUN]
        if len(set(run)) > 2:  # "ha ha ha ha ha ha" says nothing
            yield " ".join(run)


def leak_faults(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield voices, writers and accounts that stand in two splits."""
    for kind, key in (("suara", _voice), ("penulis", _writer), ("akun", _handle)):
        homes: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in entries:
            homes[key(entry)].setdefault(entry.split, entry)
        homes.pop("", None)
        for name, by_split in homes.items():
            for one, two in combinations(sorted(by_split), 2):
                yield by_split[two].fault(f"{kind} {name} ada di {one} dan {two}")


def _voice(entry: Entry) -> str:
    return str(entry.meta.get("voice", "")).casefold()


def _writer(entry: Entry) -> str:
    match = VOICE.fullmatch(_voice(entry))
    return match.group(1) if match else ""


def _handle(entry: Entry) -> str:
    author = entry.row.get("author")
    handle = author.get("handle") if isinstance(author, dict) else None
    return handle.casefold().lstrip("@") if isinstance(handle, str) else ""
