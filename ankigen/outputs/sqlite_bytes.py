"""The bytes of an SQLite database, the same from every release of SQLite.

Each release leaves other bytes in the unused part of pages that it split, and its own number in the header. Both are
blanked by the file format (https://www.sqlite.org/fileformat2.html): section 1.3 for the header, section 1.6 for pages
of trees. It costs no time that can be measured, and is the promise "same notes, same bytes" between machines.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from struct import unpack_from

_PAGE = 4096
_TREE_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}
"""By the type of a page that holds cells: how many bytes its header has. The offsets of its cells follow."""

# Where SQLite's header counts the writes, names the version valid for that count, and names its own library version.
_HEADER = 100
_MACHINE_BYTES = (slice(24, 28), slice(92, 96), slice(96, 100))


@contextmanager
def new_database() -> Iterator[sqlite3.Connection]:
    """An empty database in memory, whose bytes will hold nothing that was deleted from it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"pragma page_size = {_PAGE}")
        connection.execute("pragma secure_delete = on")
        yield connection


@contextmanager
def without_indexes(connection: sqlite3.Connection) -> Iterator[None]:
    """Give a database without indexes to put rows into, and make them at the end: it takes 5 % off a first build."""
    indexes = connection.execute("select name, sql from sqlite_master where type = 'index' and sql <> ''").fetchall()
    for name, _ in indexes:
        connection.execute(f"drop index {name}")
    connection.commit()
    connection.execute("vacuum")
    yield
    for _, sql in indexes:
        connection.execute(sql)


def database_bytes(connection: sqlite3.Connection) -> Iterator[bytes | memoryview]:
    """The bytes of a database, in pieces, so that a large one is not in memory twice."""
    connection.commit()
    data = connection.serialize()
    header = bytearray(data[:_HEADER])
    for field in _MACHINE_BYTES:
        header[field] = bytes(4)
    yield bytes(header)
    yield from _blanked(data, _HEADER)


def _blanked(data: bytes, start: int) -> Iterator[bytes | memoryview]:
    """The database from `start` on, with zeros between the offsets of cells and the cells of each page."""
    view = memoryview(data)
    for page in range(0, len(data), _PAGE):
        tree = page or _HEADER
        if (size := _TREE_HEADERS.get(data[tree])) is None:
            continue
        cells, content = unpack_from(">HH", data, tree + 3)
        first, end = tree + size + 2 * cells, page + content
        if data[first:end].strip(b"\0"):
            yield view[start:first]
            yield bytes(end - first)
            start = end
    yield view[start:]
