"""How does Markdown with Logseq's marks look as Anki HTML?

Rendering is a function of its arguments and never fails: what cannot be shown comes back as a problem, and the card
stays readable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.doors import front_door

if TYPE_CHECKING:
    from ankigen.render.faces import answer as answer
    from ankigen.render.faces import breadcrumb as breadcrumb
    from ankigen.render.faces import cloze as cloze
    from ankigen.render.faces import incremental as incremental
    from ankigen.render.faces import question as question
    from ankigen.render.links import NO_LINKS as NO_LINKS
    from ankigen.render.links import Links as Links
    from ankigen.render.links import NoLinks as NoLinks
else:
    __getattr__ = front_door(
        globals(),
        {
            "faces": ["answer", "breadcrumb", "cloze", "incremental", "question"],
            "links": ["NO_LINKS", "Links", "NoLinks"],
        },
    )
