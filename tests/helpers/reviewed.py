"""Notes with what other programs write about their reviews."""

from __future__ import annotations


def logseq(question: str, due: str, last: str, answer: str = "an answer", **written: object) -> str:
    """A card that Logseq asked; names of `written` are those of its properties, `_` for `-`, None leaves one out."""
    known = {"last-interval": 30, "repeats": 3, "ease-factor": 2.3, "last-score": 5}
    given = {name.replace("_", "-"): value for name, value in written.items()}
    values = known | {"next-schedule": f"{due}T12:00:00.000Z", "last-reviewed": f"{last}T12:00:00.000Z"} | given
    lines = "".join(f"  card-{name}:: {value}\n" for name, value in values.items() if value is not None)
    return f"- {question} #card\n{lines}\t- {answer}\n"


def with_schedules(tool: str, zone: str = "UTC") -> str:
    """The text of a config."""
    return f'schedule = "{tool}"\nschedule_zone = "{zone}"\n'
