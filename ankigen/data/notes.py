"""The data types between notes and packages, in the order of the pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum, StrEnum
from pathlib import Path
from typing import NewType

from ankigen.support.normal_forms import is_below_tag, is_in_deck
from ankigen.support.structs import Struct, field, replace

Markdown = NewType("Markdown", str)
Html = NewType("Html", str)
Guid = NewType("Guid", str)
"""The permanent id of a note, in its plain form: see `support.guids`."""

SourceId = NewType("SourceId", str)
KindName = NewType("KindName", str)
"""The name of a kind of note in the lock file and in `ankigen list`."""


class Position(Struct, frozen=True, order=True):
    """A place in the notes; `path` is from their root, with `/` on every system; line and column count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Severity(StrEnum):
    """The severity of a problem: an error means that a card was not made."""

    ERROR = "error"
    WARNING = "warning"


class End(Struct, frozen=True, order=True):
    """The end of a stretch of a file: `column` is that of the first character after it."""

    line: int
    column: int


class Problem(Struct, frozen=True):
    """A mistake in the notes; `message` says what it is and what to do.

    It is about the stretch from `position` to `end`; without an end, about the whole line.
    """

    position: Position
    severity: Severity
    rule: str
    message: str
    end: End | None = None

    def __lt__(self, other: Problem) -> bool:
        """Order by position."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[Position, str, str, str, End]:
        return self.position, self.severity, self.rule, self.message, self.end or End(0, 0)


class Spot(Struct, frozen=True):
    """A stretch of a file, which a problem can point at; without an end, it is the whole line."""

    position: Position
    end: End | None = None

    def problem(self, severity: Severity, rule: str, message: str) -> Problem:
        """A problem here."""
        return Problem(self.position, severity, rule, message, self.end)


class ProblemFormat(StrEnum):
    """The formats in which problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class Side(StrEnum):
    """Which side wins a conflict."""

    NOTES = "notes"
    ANKI = "anki"


class Format(Enum):
    """The language of a page."""

    MARKDOWN = "markdown"
    ORG = "org"


class Line(Struct, frozen=True):
    """One line of a block without its indent; `number` and `column` (both from 1) are its place in the file.

    If a task word was removed after heading marks, `column` is right for the text after it.
    """

    number: int
    column: int
    text: str


class Property(Struct, frozen=True):
    """`key:: value`; the key is lower-case with `-` for spaces and `_`, as Logseq compares keys.

    If a block or page has several with the same key, the first is used.
    """

    key: str
    value: str
    line: int


SCHEDULED, REVIEW_ROW, REVIEW_COMMENT = "scheduled_on", "review_row", "review_comment"
"""The keys of reviews that are not properties; no property can have them."""


class Block(Struct, frozen=True):
    """A bullet or heading with the lines it owns and the blocks indented below it.

    `lines` are Markdown, also on an org page. They exclude bullet, indent, property lines and drawers, but `line` to
    `last_line`, in the file from 1, include them. `level` counts from 1 in the normalised tree. `reviews` are what
    flashcard programs wrote into the block in their own format, which is not shown. Headings outside Logseq, and the
    text below them, are not bullets, and are shown without.
    """

    line: int
    last_line: int
    level: int
    lines: tuple[Line, ...]
    properties: tuple[Property, ...] = ()
    children: tuple[Block, ...] = ()
    reviews: tuple[Property, ...] = ()
    is_bullet: bool = True

    @property
    def text(self) -> Markdown:
        if len(self.lines) == 1:
            return Markdown(self.lines[0].text)
        return Markdown("\n".join([line.text for line in self.lines]))

    def with_lines(self, lines: tuple[Line, ...]) -> Block:
        return replace(self, lines=lines)

    def with_children(self, children: tuple[Block, ...]) -> Block:
        return replace(self, children=children)

    def texts(self) -> list[Markdown]:
        """The text of the block and of everything below it, in reading order."""
        return [block.text for block in self.walk()] if self.children else [self.text]

    def walk(self) -> Iterator[Block]:
        """Yield the block and everything below it, in reading order, without recursion."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack += reversed(block.children)


class Page(Struct, frozen=True):
    """The page in one file; `preamble` are the lines before the first block.

    `path` is from the root of the notes, `name` as Logseq shows it. `inherited` has the properties of the parent pages
    in the namespace, the nearest first. `source` are the lines of the file, for the spots of problems. `raised` are the
    lines of blocks that were moved up because they were too deep. `reviews` are those above the first block.
    """

    path: str
    name: str
    format: Format
    properties: tuple[Property, ...]
    preamble: tuple[Line, ...]
    blocks: tuple[Block, ...]
    inherited: tuple[tuple[Property, ...], ...] = ()
    source: tuple[str, ...] = ()
    raised: tuple[int, ...] = ()
    reviews: tuple[Property, ...] = ()


class Direction(Enum):
    """Which cards a basic note has."""

    FORWARD = "->"
    REVERSE = "<-"
    BOTH = "<->"


class ClozeAnswer(Struct, frozen=True):
    """The hidden text of a cloze, and its number if the author wrote one."""

    text: str
    number: int | None = None


class ClozeSyntax(Struct, frozen=True):
    """How the clozes of a card are read.

    `colons` is `auto`, `always` or `never`: whether `::` begins a hint. `each` gives each answer its own card.
    `replaced` and `hints` are the values of the card's `replacecloze` properties.
    """

    colons: str = "auto"
    each: bool = True
    replaced: str = ""
    hints: str = ""


class Schedule(Struct, frozen=True):
    """The schedule of a card that was reviewed elsewhere: its due day, and the known data of its reviews.

    `interval` is in days, from 1 to 36,500, `ease` in thousandths. `rating` is that of the `last` review: 1 to 4, from
    Again to Easy. `memory` holds stability, in days, and difficulty as FSRS has them.
    """

    due: date
    interval: int
    ease: int
    reps: int
    lapses: int = 0
    last: datetime | None = None
    rating: int | None = None
    memory: tuple[float, float] | None = None


class Scheduling(Struct, frozen=True):
    """The source of schedules: the tool, as named in the config, and the time zone of its days."""

    tool: str
    zone: str


class Shape(Struct, frozen=True):
    """A shape on a picture: `form` is `rect`, `ellipse`, `polygon` or `label`.

    `numbers` are percent of the picture's width and height alternately: left, top, width, height, or the corners.
    It is rotated by `angle`, in degrees clockwise, around its top left corner.
    """

    form: str
    numbers: tuple[float, ...]
    angle: float = 0.0


class HiddenPart(Struct, frozen=True):
    """A part of a picture that a card hides, or a label on it: a block with `area::`, whose text is its name."""

    area: Property
    name: str
    shapes: tuple[Shape, ...]

    @property
    def key(self) -> str:
        """What parts with the same card share: their name; a part without a name has its own card."""
        return self.name or f"line {self.area.line}"

    @property
    def is_asked(self) -> bool:
        """Whether it has shapes other than labels."""
        return any(shape.form != "label" for shape in self.shapes)


class Occlusion(Struct, frozen=True):
    """The hidden parts of a card's picture: `parts`, or else `drawn` by the Logseq plugin."""

    parts: tuple[HiddenPart, ...] = ()
    drawn: Property | None = None


class Choice(Struct, frozen=True):
    """One of the boxes of a card: its text begins with the box, and what is below it is shown with the answer."""

    block: Block
    is_right: bool


class Choices(Struct, frozen=True):
    """The choices of a card, in the order of the notes, and the blocks that explain its answer."""

    options: tuple[Choice, ...]
    explanation: tuple[Block, ...] = ()
    is_shuffled: bool = True


class Voice(Struct, frozen=True):
    """How a text is read aloud: its language as Anki writes it (`fr_FR`), voices by preference, a speed as written."""

    language: str
    voices: tuple[str, ...] = ()
    speed: str = ""


class Speech(Struct, frozen=True):
    """Which sides of a card are read aloud; `asked` is the card's own property for each that it has one for."""

    question: Voice | None = None
    answer: Voice | None = None
    asked: tuple[Property, ...] = ()


class CardBlock(Struct, frozen=True):
    """A card block, with everything that its surroundings decide about it.

    `question` is the block's own text without tags, from `question_lines`; `wording` is the same with clozes shown.
    `answer` are the blocks below it, `extra` is additional text on the back. `ancestors` begin at the top level,
    without those that would give the answer away. `id` is a valid UUID, in lower case. `clozes` are in reading order. A
    block that is not sound makes no note, but keeps its earlier one. `schedules` are for its cards, in order. `own` is
    the note type if it is one of the user's; `parts` are then its fields in order, each with its number of blocks in
    `answer`, for the first field after the question. With an `occlusion`, `clozes` are the parts of the picture, and
    `answer` also contains their blocks.
    """

    page: Page
    block: Block
    ancestors: tuple[Block, ...]
    question: Markdown
    wording: str
    answer: tuple[Block, ...]
    extra: tuple[Block, ...]
    deck: str
    tags: tuple[str, ...]
    id: str | None = None
    direction: Direction = Direction.FORWARD
    is_typed: bool = False
    hides_others: bool = False
    is_incremental: bool = False
    is_suspended: bool = False
    is_sound: bool = True
    clozes: tuple[ClozeAnswer, ...] = ()
    cloze_syntax: ClozeSyntax = ClozeSyntax()
    question_lines: tuple[Line, ...] = ()
    schedules: tuple[Schedule | None, ...] = ()
    own: OwnNoteType | None = None
    parts: tuple[tuple[str, int], ...] = ()
    occlusion: Occlusion | None = None
    choices: Choices | None = None
    speech: Speech = Speech()
    hint: Property | None = None
    has_furigana: bool = False

    @property
    def position(self) -> Position:
        return Position(self.page.path, self.block.line)

    @property
    def is_hiding(self) -> bool:
        """Whether the card hides parts of a text."""
        return bool(self.clozes) or self.is_incremental


class ClozeNumber(Struct, frozen=True):
    """The number that an answer keeps forever, even if no cloze has it now (`is_used`)."""

    answer: str
    number: int
    is_used: bool = True


class Identity(Struct, frozen=True):
    """Which note a card block is: one line of the lock file.

    `created` is in milliseconds, `modified` and `removed` are in seconds since 1970; a removed note has no card block
    now, but may come back. `ordinal` counts equal questions on a page from 0; `place` grows down the page, and is
    unknown for a note last seen by an earlier ankigen. There are digests of the question, of the answer, and of the
    note's content in a package.
    """

    guid: Guid
    id: str | None
    kind: KindName
    page: str
    ordinal: int
    question: str
    question_digest: str
    answer_digest: str
    content_digest: str
    created: int
    modified: int
    removed: int | None = None
    clozes: tuple[ClozeNumber, ...] = ()
    place: int | None = None


class Style(Struct, frozen=True):
    """The user's CSS at the last build: a digest, and when it changed, in seconds since 1970."""

    digest: str
    changed: int


class KnownNoteType(Struct, frozen=True):
    """One of the user's note types at the last build: `fields` in Anki's order, `cards` by name.

    `digest` hashes its texts; `changed` is the time of their last change, in seconds since 1970.
    """

    name: str
    id: int
    is_cloze: bool
    fields: tuple[str, ...]
    cards: tuple[str, ...]
    digest: str
    changed: int


class Lock(Struct, frozen=True):
    """The content of `ankigen.lock`: the name of this set of notes, its notes, the style if any, the user's note types.

    It `is_in_old_form` if it was read from a file in an earlier format.
    """

    source_id: SourceId
    identities: Mapping[Guid, Identity]
    style: Style | None = None
    is_in_old_form: bool = False
    note_types: tuple[KnownNoteType, ...] = ()

    def says_the_same_as(self, other: Lock | None) -> bool:
        """Whether both are equal, ignoring data that an earlier format lacks."""
        if other is None or (self.source_id, self.style) != (other.source_id, other.style):
            return False
        if self.note_types != other.note_types:
            return False
        if self.is_in_old_form == other.is_in_old_form:
            return self.identities == other.identities
        return _without_places(self.identities) == _without_places(other.identities)


def _without_places(identities: Mapping[Guid, Identity]) -> Mapping[Guid, Identity]:
    return {guid: replace(identity, place=None) for guid, identity in identities.items()}


class MediaFile(Struct, frozen=True, tag=True):
    """A file that a note or its style shows; `name` is its name in Anki, `path` its place on disk.

    If a link may also refer to another file, `doubt` says so.
    """

    name: str
    path: str
    doubt: str = ""

    @property
    def is_of_style(self) -> bool:
        """Whether a style uses it: Anki keeps files with this prefix even if no note shows them."""
        return self.name.startswith("_")


class Refusal(Struct, frozen=True, tag=True):
    """Why something that a face refers to is not shown; it becomes a `Problem` once the position is known.

    `instead` is an address that may be shown instead.
    """

    rule: str
    message: str
    instead: str = ""


class Face(Struct, frozen=True):
    """A part of a card as HTML, with its files and the problems of rendering it."""

    html: Html
    media: tuple[MediaFile, ...] = ()
    problems: tuple[Problem, ...] = ()


class Content(Struct, frozen=True):
    """The content of a note, and data derived from it.

    `texts` are its content fields, and `hashes` their hashes for `Base`, in the frozen order of the note type.
    `ordinals` are the cards that Anki makes: template indexes, or cloze numbers minus one. `own` is the note type if it
    is one of the user's.
    """

    kind: KindName
    texts: tuple[Html, ...]
    hashes: tuple[str, ...]
    ordinals: tuple[int, ...]
    own: OwnNoteType | None = None

    @property
    def kind_label(self) -> KindName:
        """The kind for people: for the user's own note types their name."""
        return self.kind if self.own is None else KindName(self.own.name)


class ComposedNote(Struct, frozen=True):
    """The content of a card's note, its digest, its files, and the problems of rendering it."""

    content: Content
    digest: str
    media: tuple[MediaFile, ...]
    problems: tuple[Problem, ...]


class Note(Struct, frozen=True):
    """A note ready for Anki; `media` are the names of its files in Anki.

    `schedules` are for its cards that were reviewed elsewhere, each with the card's ordinal.
    """

    position: Position
    identity: Identity
    source_id: SourceId
    deck: str
    tags: tuple[str, ...]
    content: Content
    suspended: bool = False
    media: tuple[str, ...] = ()
    schedules: tuple[tuple[int, Schedule], ...] = ()


class Elsewhere(Struct, frozen=True):
    """Something known to be absent for now: the page in a file, or the pages of a folder.

    `names` are the possible keys of the page; or it `may_be_any` of those that are not here. It `is_missed` if it
    should come back, unlike a copy of another page or a page behind a link out of the notes.
    """

    path: str
    names: frozenset[str] = frozenset()
    may_be_any: bool = False
    is_missed: bool = True


class FolderState(Struct, frozen=True):
    """What is known to be absent for now, and so which notes of the lock must not be removed: those `held`.

    `gone` are the pages in the lock, by key, that are missing without a known reason, including those removed before.
    `folders` are those with a page.
    """

    elsewhere: tuple[Elsewhere, ...] = ()
    held: frozenset[Guid] = frozenset()
    gone: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether nothing absent should come back."""
        return not any(missing.is_missed for missing in self.elsewhere)


class Selection(Struct, frozen=True):
    """The selected part of a set of notes.

    `paths` are from the root of the notes. Of what is below them, the cards are selected that are in one of the `decks`
    or a subdeck, and have one of the `tags` or a child tag; without decks, or tags, all are.
    """

    paths: tuple[str, ...] = (".",)
    decks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return "." in self.paths and not self.is_filtered

    @property
    def is_filtered(self) -> bool:
        return bool(self.decks or self.tags)

    def has_path(self, path: str) -> bool:
        return any(above in {".", path} or path.startswith(f"{above}/") for above in self.paths)

    def has_card(self, deck: str, tags: Iterable[str]) -> bool:
        return (not self.decks or any(is_in_deck(deck, above) for above in self.decks)) and (
            not self.tags or any(is_below_tag(tag, above) for tag in tags for above in self.tags)
        )


class FolderKind(StrEnum):
    """The kind of a folder of notes, for messages."""

    LOGSEQ = "a Logseq graph"
    OBSIDIAN = "an Obsidian vault"
    MARKDOWN = "a folder of plain Markdown"
    DATABASE = "a Logseq DB graph"


class OtherForm(Struct, frozen=True):
    """Card syntax that is not enabled, how often it was seen, and the option that enables it."""

    written: str
    count: int
    option: str


class Desired(Struct, frozen=True):
    """Everything that a set of notes defines, and its lock.

    `root` is the folder of the lock file; `stored_lock` is the current lock file, if there is one. `selection` is the
    selected part; notes, media and problems are of that part. `others` are the notes of the rest, needed to match
    cards. `cards` are the positions of all cards, of both parts, made or not. `css` is the user's own. `unmade` are the
    cards that were not made because of errors. `descriptions` are those of decks, as the notes spell them, and of their
    parent decks. `kinds` are those of the folder and of graphs in it; `other_forms` is filled if there are no notes, or
    only few compared to it. `card_tag` is the tag for advice. `own` are the user's own note types. `vault` is the
    Obsidian vault around the notes, if a missing file may be there. `excluded` counts, if there are no notes, the pages
    that are excluded, by what excludes them. `sets_below` are folders below the root with a lock file or options of
    their own.
    """

    root: Path
    selection: Selection
    notes: tuple[Note, ...]
    media: tuple[MediaFile, ...]
    problems: tuple[Problem, ...]
    lock: Lock
    stored_lock: Lock | None
    css: str = ""
    folder: FolderState = FolderState()
    unmade: tuple[Position, ...] = ()
    others: tuple[Note, ...] = ()
    cards: tuple[Position, ...] = ()
    scheduling: Scheduling | None = None
    descriptions: Mapping[str, Html] = field(default_factory=dict)
    kinds: tuple[FolderKind, ...] = ()
    other_forms: tuple[OtherForm, ...] = ()
    card_tag: str = "card"
    own: tuple[OwnNoteType, ...] = ()
    vault: Path | None = None
    sets_below: tuple[str, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[Path, ...]:
        """The selected folders and files."""
        return tuple(self.root / path for path in self.selection.paths)

    @property
    def errors(self) -> int:
        return sum(problem.severity is Severity.ERROR for problem in self.problems)


class ChangedNote(Struct, frozen=True):
    """A changed note: its question before and after, and its kind if that changed."""

    before: str
    now: str
    new_kind: KindName | None = None


class DeckChanges(Struct, frozen=True):
    """The questions of a deck's new notes, and the changed notes."""

    deck: str
    added: tuple[str, ...]
    changed: tuple[ChangedNote, ...]


class Changelog(Struct, frozen=True):
    """The changes of the decks since a commit, or from the beginning; of `removed` notes only the page is known.

    `gone` are all removed notes, then or earlier. `extended` are the user's note types that got fields or
    cards.
    """

    since: str | None
    decks: tuple[DeckChanges, ...]
    removed: tuple[Identity, ...]
    gone: tuple[Guid, ...] = ()
    extended: tuple[ExtendedNoteType, ...] = ()


class ExtendedNoteType(Struct, frozen=True):
    """One of the user's note types that readers have, and the names of its new fields or cards."""

    name: str
    added: tuple[str, ...]


class Template(Struct, frozen=True):
    """A card template: its name and the two sides."""

    name: str
    front: str
    back: str


class FieldOptions(Struct, frozen=True):
    """How Anki's editor shows a field; empty values are Anki's defaults."""

    name: str
    rtl: bool = False
    font: str = ""
    size: int = 0
    description: str = ""


class NoteType(Struct, frozen=True):
    """A note type for Anki; `changed`, in seconds since 1970, is when a text last changed.

    With a `stock_kind` Anki has a special editor for it, which finds the `stock_fields` by their tags, in this order.
    """

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    css: str
    is_cloze: bool
    changed: int
    options: tuple[FieldOptions, ...] = ()
    stock_kind: int = 0
    stock_fields: tuple[str, ...] = ()


class OwnNoteType(Struct, frozen=True):
    """One of the user's own note types, from files in `note_types`.

    `fields` are the user's, without ankigen's own; blocks that name no field go to `rest`. A block with one of `tags`,
    normalised for comparing, is a card of it. `hiding` are the fields whose clozes are asked. One that is not sound
    makes no notes, and `fault` says why; earlier notes stay. `added` names fields and cards that are new since the last
    build.
    """

    note_type: NoteType
    kind: KindName
    fields: tuple[str, ...]
    rest: str
    tags: tuple[str, ...] = ()
    hiding: tuple[str, ...] = ()
    fault: str = ""
    added: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.note_type.name


class PackedNote(Struct, frozen=True):
    """A note for a package: one value per field of the note type, one ordinal per card.

    `created` is in milliseconds, `modified` in seconds since 1970. `is_suspended` and `schedules`, each with the
    ordinal of its card, only apply to new cards, and only if learning progress is imported: AnkiConnect does that, in
    Anki's import dialog it is an option.
    """

    guid: Guid
    created: int
    modified: int
    note_type: NoteType
    values: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    ordinals: tuple[int, ...]
    is_suspended: bool = False
    schedules: tuple[tuple[int, Schedule], ...] = ()


class Base(Struct, frozen=True):
    """What ankigen last wrote into a note, as stored in the note itself.

    `deck` and `fields` are hashes; the fields are those of the content, in their frozen order. `kind` is empty if a
    base of version 1 does not name it.
    """

    source_id: SourceId
    deck: str
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    kind: KindName = KindName("")
