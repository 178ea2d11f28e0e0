"""The nouns, in the order of the pipeline: frozen values that know nothing of files, Anki or HTTP."""

from ankigen.data.notes import *  # noqa: F403
from ankigen.data.syncing import *  # noqa: F403
