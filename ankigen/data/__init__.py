"""The nouns, in the order of the pipeline: frozen values that know nothing of files, Anki or HTTP.

Those of a sync wait until somebody asks for one: each class takes half a millisecond to make.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ankigen.data.notes import *  # noqa: F403

if TYPE_CHECKING:
    from ankigen.data.syncing import *  # noqa: F403
else:

    def __getattr__(name: str) -> object:
        return getattr(import_module("ankigen.data.syncing"), name)
