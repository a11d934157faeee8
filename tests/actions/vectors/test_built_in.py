"""The built-in embedder: the same everywhere, lexical, and quick."""

import numpy as np

from actions.vectors.built_in import BuiltInEmbedder

EMBEDDER = BuiltInEmbedder()
STRONGEST = [153, 131]


def likeness(a: str, b: str) -> float:
    rows = EMBEDDER.embed_rows([a, b])
    return float(rows[0] @ rows[1])


async def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    texts = [f"text number {n} about mills" for n in range(500)]
    together = await EMBEDDER.embed(texts)
    alone = np.concatenate([await EMBEDDER.embed([text]) for text in texts])
    assert together.dtype == np.float32
    assert together.shape == (500, 256)
    assert np.allclose(together, alone, atol=1e-6)


def test_the_vectors_do_not_change_between_versions() -> None:
    row = EMBEDDER.embed_rows(["The mill race"])[0]
    assert np.argsort(-np.abs(row))[:2].tolist() == STRONGEST
    assert np.isclose(np.linalg.norm(row), 1)


def test_words_that_are_shared_or_spelt_alike_are_near() -> None:
    question = "How do I clean the filter?"
    assert likeness(question, "Cleaning the filters of a mill") > 0.3
    assert likeness(question, "How do I pay the invoice?") < 0.2
    assert likeness("mill", "mills") > 0.2
    assert likeness("API", "api") > 0.99
    assert likeness("Was\u00adserfilter", "Wasserfilter") > 0.99
    assert likeness("smorrebrod", "Smørrebrød") > 0.99


def test_a_text_without_words_is_near_to_nothing() -> None:
    assert not EMBEDDER.embed_rows(["", " .,!"]).any()
