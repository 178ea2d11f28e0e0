"""Turn plain Logseq notes into Anki decks and keep them in step for years."""

__version__ = "0.1.0"
