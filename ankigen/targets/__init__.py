"""Where notes can be brought to: a running Anki, through AnkiConnect."""

from ankigen.targets.anki_connect import DEFAULT_URL, Ahead, AnkiConnect

__all__ = ["DEFAULT_URL", "Ahead", "AnkiConnect"]
