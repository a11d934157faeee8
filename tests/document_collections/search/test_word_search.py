"""Words are found in every script and in long clauses; what shares no word is not found; a hit says what matched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.splitting import TextSplitter
from actions.vectors.store import Distance, Hit, Piece, Query
from document_collections import saving, services
from document_collections.models import Collection
from document_collections.search.search import search_collection
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

CORPUS = {path.name: path.read_text() for path in sorted((Path(__file__).parents[1] / "corpus" / "search").iterdir())}
EMBEDDER = BuiltInEmbedder()
DISTANCES: list[Distance] = ["cosine", "euclidean", "inner_product"]


def save(collection: Collection, name: str, text: str) -> None:
    pieces = TextSplitter().split(text)
    vectors = EMBEDDER.embed_rows([piece.text for piece in pieces])
    saving.save_document(collection, name, pieces, vectors, EMBEDDER.identity)


@pytest.fixture
def corpus(workspace: Workspace) -> Iterator[Collection]:
    collection = services.create(workspace.pk, "Corpus", "", None)
    for name, text in CORPUS.items():
        save(collection, name, text)
    collection.refresh_from_db()
    yield collection


def search(collection: Collection, text: str, distance: Distance = "cosine") -> list[Hit]:
    return search_collection(collection, EMBEDDER.embed_rows([text])[0], Query(text=text, distance=distance))


@pytest.mark.parametrize("name", CORPUS)
def test_a_piece_of_a_file_finds_the_file_first(corpus: Collection, name: str) -> None:
    text = " ".join(CORPUS[name].split())
    for size in (8, 15, 40):
        for begin in range(0, len(text) - size, 13):
            piece = text[begin : begin + size].strip()
            if any(piece.casefold() in other.casefold() for other in CORPUS.values() if other != CORPUS[name]):
                continue  # it is a piece of two files
            assert search(corpus, piece)[0].document == name, piece


QUESTIONS = {
    "水轮": "mill-zh.txt",
    "怎么清洗过滤器": "mill-zh.txt",
    "面粉": "bakery-zh.txt",
    "水門": "mill-ja.txt",
    "ﾌｨﾙﾀｰ": "mill-ja.txt",
    "小麦粉の保管": "bakery-ja.txt",
    "ตัวกรอง": "mill-th.txt",
    "แป้ง": "bakery-th.txt",
    "필터 청소": "mill-ko.txt",
    "чистка фильтра": "mill-ru.txt",
    "latent defect": "contract-en.txt",
    "driftwood": "contract-en.txt",
    "registered letters": "contract-en.txt",
    "vermin": "insurance-en.txt",
    "Filter reinigen": "manual-de.txt",
    "muhlrad": "manual-de.txt",
    "SCHÜTZ": "manual-de.txt",
    "E-4712": "codes-en.txt",
    "MW/88-b": "codes-en.txt",
    "insurence": "insurance-en.txt",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_short_search_finds_the_right_file_first(corpus: Collection, question: str) -> None:
    hit = search(corpus, question)[0]
    assert hit.document == QUESTIONS[question]
    assert hit.matches


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("question", ["xylophone", "火山", "what is the", "飛行機", "ภูเขา", "🚀", "?", "zzz qqq"])
def test_what_shares_nothing_is_no_hit(corpus: Collection, question: str, distance: Distance) -> None:
    hits = search(corpus, question, distance)
    assert all(hit.matches for hit in hits)
    if question != "what is the":
        assert hits == []


def test_common_words_alone_are_no_reason_beside_others(corpus: Collection) -> None:
    assert search(corpus, "where is the xylophone") == []


def test_a_hit_says_which_words_matched_as_they_are_written(corpus: Collection) -> None:
    assert search(corpus, "How do I clean the muhlrad, reinigung?")[0].matches == ["reinigen", "Mühlrad"]
    assert search(corpus, "清洗过滤器")[0].matches == ["清洗", "过滤器"]


POLICY = (
    "Staff who use AI tools register them with HR. The public API is open from 10 to 4. Modern art and a car hang here."
)
LOOKALIKES = (
    "Maintain the main drain. Rapid capital gains. Three threads. In 2010. Smart parts. Scarce scarves. Enterprise."
)


@pytest.mark.parametrize("question", ["AI", "HR", "API", "10", "art", "car", "ERP", "AI?"])
def test_a_short_search_is_not_found_within_words(workspace: Workspace, question: str) -> None:
    collection = services.create(workspace.pk, "Short", "", None)
    save(collection, "policy", POLICY)
    save(collection, "lookalikes", LOOKALIKES)
    collection.refresh_from_db()
    bare = question.rstrip("?")
    expected = [] if question == "ERP" else [("policy", [bare])]
    assert [(hit.document, hit.matches) for hit in search(collection, question)] == expected


@pytest.mark.parametrize(
    ("question", "matches"),
    [
        ("asserfilt", ["Wasserfilter"]),
        ("ter ist w", ["Wasserfilter", "ist", "wöchentlich"]),
        ("→ ↑?", ["→ ↑"]),
        ("\uff0b\uff0b", ["++"]),
    ],
)
def test_a_part_of_words_is_found_and_says_which(workspace: Workspace, question: str, matches: list[str]) -> None:
    collection = services.create(workspace.pk, "Parts", "", None)
    save(collection, "filter", "Der Wasserfilter ist wöchentlich zu reinigen. Taste ++ oder → ↑.")
    collection.refresh_from_db()
    assert [hit.matches for hit in search(collection, question)] == [matches]


SPELLINGS = {
    "Wasserfilter": "Was\u00adser\u00adfil\u00adter",
    "So\u00adft": "soft",
    "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627": "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627",
    "\u06a9\u062a\u0627\u0628\u0647\u0627": "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627",
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "\u0131s\u0131": "ISI",
    "KAPI": "kap\u0131",
    "lodz": "Łódź",
    "smorrebrod": "smørrebrød",
    "coeur": "cœur",
    "كتاب": "كِتَاب",
    "احمد": "أحمد",
    "جديد": "جـــديد",
    "פרי": "פְּרִי",
    "email": "e-mail",
    "e-mail": "email",
    "wifi": "Wi-Fi",
    "Wi-Fi": "WiFi",
    "AB1234": "AB-1234",
    "AB-1234": "AB1234",
    "city": "cities",
    "cities": "city",
    "use": "using",
    "using": "use",
    "try": "tries",
    "bus": "buses",
    "tax": "taxes",
    "1/4": "\u00bc",
    "株式会社": "\u337f",
}


@pytest.mark.parametrize("word", SPELLINGS)
def test_another_spelling_finds_a_word(workspace: Workspace, word: str) -> None:
    collection = services.create(workspace.pk, "Spellings", "", None)
    save(collection, "right", f"xx {SPELLINGS[word]} yy")
    save(collection, "wrong", "The mill stands by the river.")
    collection.refresh_from_db()
    (hit,) = search(collection, word)
    assert hit.document == "right"
    assert hit.matches == WRITTEN.get(SPELLINGS[word], [SPELLINGS[word]])


WRITTEN = {"\u00bc": ["1", "4"], "\u337f": ["株式会社"]}
"""What matches within a sign that is no word."""


@pytest.mark.parametrize("ending", ["\n", "\r\n", " \n  "])
@pytest.mark.parametrize(
    ("before", "after"), [("水", "车"), ("过滤", "器"), ("フィル", "ター"), ("ตัวก", "รอง"), ("ທົດ", "ລອງ"), ("ទឹ", "ក")]
)
def test_a_word_is_found_across_a_line_end(workspace: Workspace, before: str, after: str, ending: str) -> None:
    collection = services.create(workspace.pk, "Lines", "", None)
    chunk = f"xx {before}{ending}{after} yy"
    saving.save_document(collection, "lines", [Piece(chunk)], EMBEDDER.embed_rows([chunk]), EMBEDDER.identity)
    collection.refresh_from_db()
    (hit,) = search(collection, before + after)
    assert hit.matches == [before + after]
    assert hit.score > 0.9


def test_an_empty_line_and_the_end_of_a_korean_line_part_words(workspace: Workspace) -> None:
    collection = services.create(workspace.pk, "Parts of lines", "", None)
    save(collection, "lines", "水\n\n车 필\n터")
    collection.refresh_from_db()
    assert [search(collection, each) for each in ("水车", "필터")] == [[], []]


def test_another_form_is_found_among_many_chunks(workspace: Workspace) -> None:
    collection = services.create(workspace.pk, "Many forms", "", None)
    save(collection, "many", "\n\n".join(f"Nothing of note stands here, number {n}. " * 12 for n in range(300)))
    save(collection, "one", "He is using it. He writes an e-mail. " + "The mill stands by the river. " * 20)
    collection.refresh_from_db()
    assert search(collection, "use")[0].document == search(collection, "email")[0].document == "one"


def test_a_whole_word_is_better_than_a_part(workspace: Workspace) -> None:
    collection = services.create(workspace.pk, "Filters", "", None)
    save(collection, "part", "Wasserfilter.")
    save(
        collection, "whole", "The filter of the mill has to be cleaned by the miller each week, before the first frost."
    )
    collection.refresh_from_db()
    whole, part = search(collection, "filter")
    assert (whole.document, part.document) == ("whole", "part")
    assert part.score < 0.75 < whole.score


def test_a_score_limit_counts_what_is_shared(corpus: Collection) -> None:
    vector = EMBEDDER.embed_rows(["latent xylophone quux"])[0]
    query = Query(text="latent xylophone quux", score_limit=0.9)
    assert search_collection(corpus, vector, query) == []
    assert search(corpus, "latent defect")[0].score > 0.8


def test_the_rare_word_counts_more_than_the_frequent_one(workspace: Workspace) -> None:
    collection = services.create(workspace.pk, "Wheels", "", None)
    for number in range(30):
        save(collection, f"wheel-{number}", f"The wheel number {number} turns, and the wheel squeaks. " * 3)
    save(collection, "bearing", "A bearing that is dry. " + "Nothing else is said about anything here. " * 10)
    collection.refresh_from_db()
    assert search(collection, "wheel bearing")[0].document == "bearing"


def test_a_chunk_among_many_is_found_by_one_word(workspace: Workspace) -> None:
    collection = services.create(workspace.pk, "Many", "", None)
    words = " ".join(f"word{number}" for number in range(40))
    save(collection, "many", "\n\n".join(f"{words} filler{number} " * 2 for number in range(400)))
    save(collection, "one", f"{words} needle {words}")
    collection.refresh_from_db()
    assert [hit.document for hit in search(collection, "needle")] == ["one"]
