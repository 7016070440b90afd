"""Finds what a text's language adds to its embedding: `python -m shared.engines.intent.language_directions`.

The same is asked for in each of the languages that there are examples in, so what their mean embeddings differ by is
the languages alone. The directions in which they differ most are written down, and left out of every embedding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shared.engines.embedding.multilingual import LANGUAGE_DIRECTIONS, loaded_model, raw_embedding
from shared.engines.intent.examples import shipped_examples, shipped_in_other_languages
from shared.engines.intent.features import plain

DIRECTIONS = 12
"""Chosen between 8 and 16, which tell no less; of 384 (docs/engines.md)."""


def language_directions() -> NDArray[np.float32]:
    """The directions, one row of length 1 each, at right angles to each other."""
    texts = shipped_in_other_languages()
    texts["en"] = [example for example in shipped_examples() if example.text == example.origin]
    model = loaded_model()
    means = np.stack(
        [
            np.mean([raw_embedding(model, plain(example.text)) for example in of_language], axis=0)
            for of_language in texts.values()
        ]
    )
    # Singular value decomposition: the first rows are the directions in which the means lie farthest apart.
    return np.linalg.svd(means - means.mean(axis=0), full_matrices=False)[2][:DIRECTIONS].astype(np.float32)


if __name__ == "__main__":
    found = language_directions()
    np.save(LANGUAGE_DIRECTIONS, found, allow_pickle=False)
    print(f"{LANGUAGE_DIRECTIONS.name}: {len(found)} directions")
