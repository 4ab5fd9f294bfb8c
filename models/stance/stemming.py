"""Indonesian word stems by Sastrawi, once per distinct word and with a dictionary that is a set.

Called text by text on raw posts Sastrawi manages about 3 posts a second: it keeps its 30,000
roots in a list, and slang and names try every rule, each ending in a search of that list. So
the roots are handed to it as a set, words are stemmed one by one and kept in a cache, and only
words that look as if they carried an affix are given to it at all.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Below five letters no affixed Indonesian word has a root left; above this it is a glued tag.
_SHORTEST, _LONGEST = 5, 18
_PREFIX = re.compile(r"(?:me|di|ter|ber|be|pe|se|ke|ku|kau)[a-z]{3}")
_SUFFIX = re.compile(r"[a-z]{3}(?:kan|i|an|nya|lah|kah|tah|pun|ku|mu)$")
_LETTERS = re.compile(r"[a-z]+(?:-[a-z]+)?$")
# Three equal letters or five consonants in a row: not a word of the dictionary.
_NOISE = re.compile(r"(.)\1\1|[bcdfghjklmnpqrstvwxyz]{5}")
_CACHE_SIZE = 200_000


@dataclass(frozen=True, slots=True)
class _RootDictionary:
    """Sastrawi's roots behind the one method its stemmer calls."""

    roots: frozenset[str]

    def contains(self, word: str) -> bool:
        return word in self.roots


@lru_cache(maxsize=1)
def _stemmer() -> tuple[Any, frozenset[str]]:
    # Imported late: reading the dictionary takes time that commands without a model need not pay.
    from Sastrawi.Stemmer.Stemmer import Stemmer
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    roots = frozenset(word for word in StemmerFactory().get_words() if word.strip())
    return Stemmer(_RootDictionary(roots)), roots


def root_words() -> list[str]:
    """Return Sastrawi's dictionary of Indonesian roots, sorted."""
    return sorted(_stemmer()[1])


def worth_stemming(word: str) -> bool:
    """Tell whether `word` (lower case) could be an affixed form that Sastrawi knows."""
    if not _SHORTEST <= len(word) <= _LONGEST or not _LETTERS.match(word):
        return False
    if _NOISE.search(word):
        return False
    return bool(_PREFIX.match(word) or _SUFFIX.search(word))


@lru_cache(maxsize=_CACHE_SIZE)
def stem(word: str) -> str:
    """Return the root of one lower-case word, or the word itself where none is found."""
    if not worth_stemming(word):
        return word
    stemmer, roots = _stemmer()
    if word in roots:
        return word
    return str(stemmer.stem_word(word))
