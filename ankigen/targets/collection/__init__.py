"""A collection that Anki's own library opens, while no Anki has it open: a file, or the copy of a server's."""

from ankigen.targets.collection.client import CollectionFile
from ankigen.targets.collection.opening import unknown_release
from ankigen.targets.collection.profiles import collection_at
from ankigen.targets.collection.server import SyncServer
from ankigen.targets.collection.sync_address import Account, Ask, account_at, is_url

__all__ = ["Account", "Ask", "CollectionFile", "SyncServer", "account_at", "collection_at", "is_url", "unknown_release"]
