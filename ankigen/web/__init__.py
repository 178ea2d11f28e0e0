"""A page on this machine alone: routes, what they refuse, and who hears of changes."""

from ankigen.web.live import Live
from ankigen.web.routes import Extras, application
from ankigen.web.server import Door, serve

__all__ = ["Door", "Extras", "Live", "application", "serve"]
