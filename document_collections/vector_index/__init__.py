"""The index of vectors in PostgreSQL, where its extension pgvector is: which chunks are near a vector.

The chunks keep their vectors. The index is a copy of them that can be lost and made again, and a search takes from it
only which chunks it looks at. It knows nothing of filters, documents' states and scores.
"""
