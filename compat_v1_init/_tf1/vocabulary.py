"""`tf.contrib.learn.preprocessing`: documents as rows of the numbers of their words."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from compat_v1_init._tensorflow import tf

_TOKEN = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """Yields the words of each document."""
    return map(_TOKEN.findall, iterator)


class CategoricalVocabulary:
    """Numbers of words, from 1 on, for :class:`VocabularyProcessor`; 0 is every other word."""

    def __init__(self, unknown_token: str = "<UNK>", support_reverse: bool = True) -> None:  # noqa: S107
        self._words = [unknown_token]
        self._mapping = {unknown_token: 0}
        self._support_reverse = support_reverse
        self._freq: Counter[Any] = Counter()
        self._freeze = False

    def __len__(self) -> int:
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """Gives a new word 0 from here on, or a number again."""
        self._freeze = freeze

    def get(self, category: Any) -> int:
        """Returns the number of a word, which may be new."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._append(category)
        return self._mapping[category]

    def _append(self, category: Any) -> None:
        self._mapping[category] = len(self._words)
        self._words.append(category)

    def add(self, category: Any, count: int = 1) -> None:
        """Counts a word."""
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Numbers the words again, the most frequent ones first, without those that are too rare or too frequent."""
        by_name = sorted(self._freq.items(), key=lambda item: (isinstance(item[0], str), item[0]))
        self._words = self._words[:1]
        self._mapping = {self._words[0]: 0}
        for category, count in sorted(by_name, key=lambda item: item[1], reverse=True):
            if count > min_frequency and not 0 < max_frequency <= count:
                self._append(category)
        self._freq = Counter({category: self._freq[category] for category in self._words[1:]})

    def reverse(self, class_id: int) -> Any:
        """Returns the word of a number."""
        if not self._support_reverse:
            raise ValueError("This vocabulary wasn't initialized with support_reverse to support reverse() function.")
        return self._words[class_id]


class VocabularyProcessor:
    """Makes of each document an int64 array of the numbers of its words.

    Args:
      max_document_length: the length of the arrays; 0 stands behind a shorter document.
      min_frequency: words that are not more frequent get 0.
      vocabulary: a `CategoricalVocabulary`.
      tokenizer_fn: returns the words of each of several documents.
    """

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[[Iterable[Any]], Iterable[Any]] | None = None,
    ) -> None:
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[Any], unused_y: Any = None) -> VocabularyProcessor:  # noqa: ARG002
        """Learns the words of documents, and no more after it."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents: Iterable[Any], unused_y: Any = None) -> Iterator[Any]:
        """Calls `fit` and then `transform`."""
        return self.fit(raw_documents, unused_y).transform(raw_documents)

    def transform(self, raw_documents: Iterable[Any]) -> Iterator[Any]:
        """Yields the array of each document."""
        for tokens in self._tokenizer(raw_documents):
            word_ids = np.zeros(self.max_document_length, np.int64)
            found = [self.vocabulary_.get(token) for token in list(tokens)[: self.max_document_length]]
            word_ids[: len(found)] = found
            yield word_ids

    def reverse(self, documents: Iterable[Iterable[int]]) -> Iterator[str]:
        """Yields the words of each array, with spaces between them."""
        for item in documents:
            yield " ".join(self.vocabulary_.reverse(class_id) for class_id in item)

    def save(self, filename: str) -> None:
        """Writes this object to a file."""
        with tf.io.gfile.GFile(filename, "wb") as file:
            file.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename: str) -> VocabularyProcessor:
        """Returns what `save` has written to a file. Loading a file can run code, so trust who wrote it."""
        with tf.io.gfile.GFile(filename, "rb") as file:
            return pickle.loads(file.read())  # type: ignore[no-any-return]  # noqa: S301
