"""The data types, in the order of the pipeline: frozen values, independent of files, Anki and HTTP."""

from ankigen.data.adoption import *  # noqa: F403
from ankigen.data.notes import *  # noqa: F403
from ankigen.data.pulls import *  # noqa: F403
from ankigen.data.reviews import *  # noqa: F403
from ankigen.data.sync import *  # noqa: F403
