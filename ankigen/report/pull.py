"""Words what a pull would write into the notes, as a diff of the files, and why the other edits stay in Anki."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from ankigen.data import NotPulled, Plan, Pull, RefusedEdit, RewrittenFile
from ankigen.report.plan import note_label, plain
from ankigen.report.wording import count
from ankigen.support.visible import Shown, shown
from ankigen.syntax.block_tree import lines_of
from ankigen.syntax.decode import encoding_of

_REASONS = {
    NotPulled.CONFLICT: "changed here and in Anki: `ankigen pull --prefer anki` writes Anki's text into the notes, "
    "`ankigen sync --prefer notes` yours into Anki",
    NotPulled.NOTE_TYPE: "changed in Anki, and the note has another type here: write it into the notes by hand, then "
    "`ankigen sync --prefer notes`",
    NotPulled.ORG: "pages in org-mode are not written; change the page by hand",
    NotPulled.FIELD: "this field is made of other places in the notes: change it there",
    NotPulled.SHAPES: "hidden parts of a picture are drawn in the notes: use `ankigen occlude`",
    NotPulled.CLOZES: "a cloze was made, taken out, emptied or given another number in Anki: do that in the notes",
    NotPulled.MEDIA: "a picture or sound was added in Anki: put its file into the notes, and link to it",
    NotPulled.EMPTY: "Anki's editor left something empty behind: delete it there, if need be in the HTML editor",
    NotPulled.STYLED: "the notes have no word for it: take fonts, colours and the like out in Anki",
    NotPulled.ELSEWHERE: "these words stand elsewhere in the notes: change them there",
    NotPulled.TOO_LONG: "the card is too long to be compared word by word: change the page by hand",
    NotPulled.OTHER_FIELDS: "the notes say this once for several fields: edit all of them in Anki, or change the page",
    NotPulled.SPOKEN: "what is read aloud would change with it: change the page by hand",
    NotPulled.OTHER_CARDS: "something else would change with it: change the page by hand",
    NotPulled.IDENTITY: "the card would not be known afterwards: run `ankigen stamp`, and pull again",
    NotPulled.UNPROVED: "nothing was found that makes exactly this: change the page by hand",
    NotPulled.PAGE: "the page has changed since it was read: pull again",
    NotPulled.TAGS: "there is no line of tags that would say this: write them by hand",
}


def pull_text(pull: Pull) -> Shown:
    """A diff of each file, then the edits that stay in Anki, each with the reason, then a count."""
    lines = [line for file in pull.files for line in _diff(file)]
    lines += [line for edit in pull.refused for line in _refused(edit)]
    return shown([*lines, _summary(pull)])


def pulled_text(pull: Pull) -> Shown:
    """What was written, and what comes next."""
    edits, pages = count(len(pull.pulled), "edit"), count(len(pull.files), "file")
    return shown([f"{edits} written into {pages}; `ankigen sync` then tells Anki that the notes say so, too"])


def edited_in_anki(plan: Plan, pull: Pull | None = None) -> Shown:
    """Tell of edits that only Anki has, and, if known, of how many notes a pull would write; nothing without edits."""
    kept = len(plan.kept_edits)
    home = {edit.note.identity.guid for edit in pull.pulled} if pull else ()
    can = f"can write {len(home) or 'none'} of them" if pull else "writes edits"
    return shown([f"edited in Anki: {count(kept, 'note')}; `ankigen pull` {can} into the notes"] if kept else [])


def _summary(pull: Pull) -> str:
    if not pull.pulled and not pull.refused:
        return "nothing to pull"
    parts = [count(len(pull.pulled), "edit") + " to write"] if pull.pulled else []
    parts += (
        [count(len(pull.refused), "edit" if not parts else "other") + " kept in Anki alone"] if pull.refused else []
    )
    return ", ".join(parts)


def _diff(file: RewrittenFile) -> Iterator[str]:
    before, after = map(_lines, (file.before, file.after))
    yield from unified_diff(before, after, file.path, file.path, n=1, lineterm="")


def _lines(data: bytes) -> list[str]:
    mark, codec = encoding_of(data)
    return lines_of(data[len(mark) :].decode(codec))


def _refused(edit: RefusedEdit) -> Iterator[str]:
    mark = "!" if edit.is_conflict else "="
    what = edit.field.name or "tags"
    detail = f" ({edit.detail})" if edit.detail and edit.detail != what else ""
    yield f"{mark} {note_label(edit.note)}: {what}: {_REASONS[edit.reason]}{detail}"
    if edit.field.name:
        yield f"    - {plain(edit.field.desired)}"
        yield f"    + {plain(edit.field.existing)}"
