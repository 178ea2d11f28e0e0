"""The local web page: routes, request checks and live updates."""

from ankigen.web.live import Live
from ankigen.web.routes import Extras, application
from ankigen.web.server import Door, serve

__all__ = ["Door", "Extras", "Live", "application", "serve"]
