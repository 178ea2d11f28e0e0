"""The nouns on the way from notes to a package, in the order of the pipeline."""

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
"""What never changes of a note, in its plain form: see `support.guids`."""

SourceId = NewType("SourceId", str)
KindName = NewType("KindName", str)
"""The word for a kind of note, as the lock file and `ankigen list` have it."""


class Position(Struct, frozen=True, order=True):
    """A place in the notes; `path` is from their root, with `/` on every system; line and column count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Severity(StrEnum):
    """How bad a problem is: an error kept a card from being made, a warning did not."""

    ERROR = "error"
    WARNING = "warning"


class End(Struct, frozen=True, order=True):
    """Where a stretch of a file ends: `column` is that of the first character behind it."""

    line: int
    column: int


class Problem(Struct, frozen=True):
    """A mistake in the notes; `message` says what it is and what to do.

    What is meant reaches from `position` to `end`; without an end, it is the whole line.
    """

    position: Position
    severity: Severity
    rule: str
    message: str
    end: End | None = None

    def __lt__(self, other: Problem) -> bool:
        """As they are read: by where they stand."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[Position, str, str, str, End]:
        return self.position, self.severity, self.rule, self.message, self.end or End(0, 0)


class Spot(Struct, frozen=True):
    """A stretch of a file, which a problem can point at; without an end, it is the whole line."""

    position: Position
    end: End | None = None

    def problem(self, severity: Severity, rule: str, message: str) -> Problem:
        """What is wrong here."""
        return Problem(self.position, severity, rule, message, self.end)


class ProblemFormat(StrEnum):
    """The formats in which problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class Side(StrEnum):
    """Who wins where author and reader both changed a field."""

    NOTES = "notes"
    ANKI = "anki"


class Format(Enum):
    """The language of a page."""

    MARKDOWN = "markdown"
    ORG = "org"


class Line(Struct, frozen=True):
    """One line of a block without its indent; `number` and `column` (both from 1) tell where it stands in the file.

    Where a task word was cut out behind the marks of a heading, `column` is right for the text behind it.
    """

    number: int
    column: int
    text: str


class Property(Struct, frozen=True):
    """`key:: value`; the key is lower-case with `-` for blanks and `_`, as Logseq compares keys.

    Where a block or page has several of one key, the first counts.
    """

    key: str
    value: str
    line: int


SCHEDULED, REVIEW_ROW, REVIEW_COMMENT = "scheduled_on", "review_row", "review_comment"
"""The keys of reviews that are no properties: those have no such line in their keys."""


class Block(Struct, frozen=True):
    """A bullet or heading with the lines it owns and the blocks indented below it.

    `lines` are Markdown, those of an org page as well. They leave out bullet, indent, property lines and drawers, but
    `line` to `last_line`, in the file from 1, holds them too. `level` counts from 1 after the tree is made even.
    `reviews` are what programs that ask cards wrote into the block in a form of their own, and nobody is shown.
    Headings outside Logseq, and the text below them, are no bullets of an outline, and show none.
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
        """Yield the block and everything below it, in reading order; no depth is too much for the stack of Python."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack += reversed(block.children)


class Page(Struct, frozen=True):
    """The page in one file; `preamble` are the lines before the first block.

    `path` is from the root of the notes, `name` as Logseq shows it. `inherited` holds the properties of the pages whose
    namespace the page is in, the nearest page first. `source` are the lines of the file, for problems to point into.
    `raised` are the lines of blocks that stand higher than they are written, since they were too deep. `reviews` are
    those that programs wrote above the first block.
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
    """Which sides of a basic note are asked for."""

    FORWARD = "->"
    REVERSE = "<-"
    BOTH = "<->"


class ClozeAnswer(Struct, frozen=True):
    """The text that a cloze hides, and its number if the author wrote one."""

    text: str
    number: int | None = None


class ClozeSyntax(Struct, frozen=True):
    """How the clozes of a card are read.

    `colons` is `auto`, `always` or `never`: whether `::` begins a hint. `each` gives each answer a card of its own.
    `replaced` and `hints` are the values of the card's `replacecloze` properties.
    """

    colons: str = "auto"
    each: bool = True
    replaced: str = ""
    hints: str = ""


class Schedule(Struct, frozen=True):
    """How far a card is that was reviewed elsewhere: on which day it is due, and what is known of its reviews.

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
    """Where schedules come from: the tool, as the config names it, and the name of the time zone of its days."""

    tool: str
    zone: str


class Shape(Struct, frozen=True):
    """A shape on a picture: `form` is `rect`, `ellipse`, `polygon` or `label`.

    `numbers` are percent of the picture's width and height by turns: left, top, width, height, or corner after corner.
    It is turned by `angle`, in degrees clockwise, about its left top corner.
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
        """What parts of one number have in common: their name; a part without one stands alone."""
        return self.name or f"line {self.area.line}"

    @property
    def is_asked(self) -> bool:
        """Whether it is more than labels."""
        return any(shape.form != "label" for shape in self.shapes)


class Occlusion(Struct, frozen=True):
    """What a card hides of its picture: parts, or `drawn`, what the plugin for Logseq wrote, if there are none."""

    parts: tuple[HiddenPart, ...] = ()
    drawn: Property | None = None


class Choice(Struct, frozen=True):
    """One of the boxes of a card: its text begins with the box, and what is below it is shown with the answer."""

    block: Block
    is_right: bool


class Choices(Struct, frozen=True):
    """What a card lets choose from, in the order of the notes, and the blocks that explain its answer."""

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
    """A block that Logseq calls a card, with all that its surroundings decide about it.

    `question` is the block's own text without tags, made of `question_lines`, `wording` the same with its clozes shown.
    `answer` are the blocks below it, `extra` what the back shows besides. `ancestors` begin at the top level, without
    those that would give the answer away. `id` is a valid UUID, in lower case. `clozes` are in reading order. A block
    that is not sound makes no note, but keeps the one that it had. `schedules` are for its cards, in their order.
    `own` is the note type if it is one of the user's; `parts` are then its fields in their order, each with how many
    blocks of the answer are its, the first one's behind the question. With an `occlusion`, `clozes` are the parts of
    the picture, and `answer` holds their blocks among all others.
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
        """Whether the card asks for parts of a text that are hidden."""
        return bool(self.clozes) or self.is_incremental


class ClozeNumber(Struct, frozen=True):
    """The number that an answer keeps for ever, even if no cloze has it now (`is_used`)."""

    answer: str
    number: int
    is_used: bool = True


class Identity(Struct, frozen=True):
    """Which note a card block is: one line of the lock file.

    `created` is in milliseconds, `modified` and `removed` are in seconds since 1970; a removed note has no card block
    now, and may come back. `ordinal` counts equal questions of one page from 0; `place` grows down the page, and is
    unknown of a note that was last seen by an earlier ankigen. The digests are of the question, of the answer, and of
    all that a package says about the note.
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
    """The user's own CSS as it was last: a digest, and when it changed, in seconds since 1970."""

    digest: str
    changed: int


class KnownNoteType(Struct, frozen=True):
    """A note type of the user's as it was last: `fields` as Anki has them, `cards` by name.

    `digest` is of the texts, which last `changed` then, in seconds since 1970.
    """

    name: str
    id: int
    is_cloze: bool
    fields: tuple[str, ...]
    cards: tuple[str, ...]
    digest: str
    changed: int


class Lock(Struct, frozen=True):
    """What `ankigen.lock` says: the name of this set of notes, its notes, the style if it has one, the user's types.

    It `is_in_old_form` if it was read from a file of an earlier version, which may say the same as one of today.
    """

    source_id: SourceId
    identities: Mapping[Guid, Identity]
    style: Style | None = None
    is_in_old_form: bool = False
    note_types: tuple[KnownNoteType, ...] = ()

    def says_the_same_as(self, other: Lock | None) -> bool:
        """Whether both are equal, but for what the form cannot say in which one of them was read."""
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
    """A file that a note or its style shows; `name` is its name in Anki, `path` where it lies on disk.

    Where a link may mean another file as well, `doubt` says so.
    """

    name: str
    path: str
    doubt: str = ""

    @property
    def is_of_style(self) -> bool:
        """Whether a style shows it: Anki keeps what begins so, though no note shows it."""
        return self.name.startswith("_")


class Refusal(Struct, frozen=True, tag=True):
    """Why something that a face points at is not shown; it becomes a `Problem` where the position is known.

    `instead` is an address that may be shown in its place.
    """

    rule: str
    message: str
    instead: str = ""


class Face(Struct, frozen=True):
    """A piece of a card as HTML, with the files it shows and the problems met in rendering it."""

    html: Html
    media: tuple[MediaFile, ...] = ()
    problems: tuple[Problem, ...] = ()


class Content(Struct, frozen=True):
    """What a note of some kind says, and what follows from that.

    `texts` are its content fields, and `hashes` theirs as `Base` holds them, in the frozen order of the note type.
    `ordinals` are the cards that Anki makes: places of templates, or cloze numbers less one. `own` is the note type if
    it is one of the user's.
    """

    kind: KindName
    texts: tuple[Html, ...]
    hashes: tuple[str, ...]
    ordinals: tuple[int, ...]
    own: OwnNoteType | None = None

    @property
    def kind_label(self) -> KindName:
        """The kind in a word for people: the name of a note type of the user's."""
        return self.kind if self.own is None else KindName(self.own.name)


class ComposedNote(Struct, frozen=True):
    """What a card's note says, a digest of that, the files it shows, and the problems met in rendering it."""

    content: Content
    digest: str
    media: tuple[MediaFile, ...]
    problems: tuple[Problem, ...]


class Note(Struct, frozen=True):
    """A note ready for Anki; `media` are the names in Anki of the files that it shows.

    `schedules` are of those of its cards that were reviewed elsewhere, each with the card's ordinal.
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
    """What is known not to be here for now: the page in a file, or the pages of a folder.

    `names` are the keys that the page may have; or it `may_be_any` of those that are not here. It `is_missed` if it is
    to come back: a copy of another page is not, nor a page that a link from outside never was.
    """

    path: str
    names: frozenset[str] = frozenset()
    may_be_any: bool = False
    is_missed: bool = True


class FolderState(Struct, frozen=True):
    """What is known to be elsewhere for now, and so, of which notes of the lock nothing may be removed: those `held`.

    `gone` are the pages, by their keys, that the lock knows and that are not here without any known reason, those
    included that were removed before. `folders` are those that a page is in.
    """

    elsewhere: tuple[Elsewhere, ...] = ()
    held: frozenset[Guid] = frozenset()
    gone: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is elsewhere that is to come back."""
        return not any(missing.is_missed for missing in self.elsewhere)


class Selection(Struct, frozen=True):
    """The part of a set of notes that was asked for.

    `paths` are from the root of the notes. Of what is below one of them, those cards are meant that are in one of the
    `decks` or below it, and have one of the `tags` or one below it; without decks, or tags, all are.
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
    """What a folder of notes is, as it is told."""

    LOGSEQ = "a Logseq graph"
    OBSIDIAN = "an Obsidian vault"
    MARKDOWN = "a folder of plain Markdown"
    DATABASE = "a Logseq DB graph"


class OtherForm(Struct, frozen=True):
    """A form of cards that was seen and is not read, how often, and the option that reads it."""

    written: str
    count: int
    option: str


class Desired(Struct, frozen=True):
    """All that a set of notes asks for, and the lock that goes with it.

    `root` is the folder of the lock file; `stored_lock` is what that file says now, if there is one. `selection` is the
    part that was asked for; notes, media and problems are of that part. `others` are the notes of the rest: which card
    is which can be told among all of them alone. `cards` are where all cards stand, of either part, made or not. `css`
    is the user's own. `unmade` are the cards that an error kept from being made. `descriptions` are of decks, as the
    notes spell them, and of those that hold decks of the notes. `kinds` are those of the folder and of graphs in it;
    `other_forms` is filled where there are no notes, or few beside it. `card_tag` is the tag that advice names.
    `own` are the note types that the user made. `vault` is the vault of Obsidian that the notes are a part of, where a
    file is missing that may lie there.
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

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders and files that were asked for."""
        return tuple(self.root / path for path in self.selection.paths)

    @property
    def errors(self) -> int:
        return sum(problem.severity is Severity.ERROR for problem in self.problems)


class ChangedNote(Struct, frozen=True):
    """A note that says something else now: its question as it was and as it is, and its kind if that is another."""

    before: str
    now: str
    new_kind: KindName | None = None


class DeckChanges(Struct, frozen=True):
    """The questions of a deck's notes that are new, and the notes that say something else now."""

    deck: str
    added: tuple[str, ...]
    changed: tuple[ChangedNote, ...]


class Changelog(Struct, frozen=True):
    """What became of the decks since a commit, or from the beginning; of `removed` notes only the page is known.

    `gone` are all notes that were removed, then or earlier. `extended` are note types of the user's that got fields or
    cards.
    """

    since: str | None
    decks: tuple[DeckChanges, ...]
    removed: tuple[Identity, ...]
    gone: tuple[Guid, ...] = ()
    extended: tuple[ExtendedNoteType, ...] = ()


class ExtendedNoteType(Struct, frozen=True):
    """A note type of the user's that got fields or cards, by their names, since the readers have it."""

    name: str
    added: tuple[str, ...]


class Template(Struct, frozen=True):
    """A card template: its name and the two sides."""

    name: str
    front: str
    back: str


class FieldOptions(Struct, frozen=True):
    """How Anki's editor shows a field; nothing is said of what is empty."""

    name: str
    rtl: bool = False
    font: str = ""
    size: int = 0
    description: str = ""


class NoteType(Struct, frozen=True):
    """What Anki has to know of a kind of note; `changed`, in seconds since 1970, is when a text last changed.

    With a `stock_kind` it is one that Anki has an editor of its own for, which knows the `stock_fields` by their tags,
    in this order.
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
    """A note type that the user made of files in `note_types`.

    `fields` are the user's, without ankigen's own; what names no field goes to `rest`. A block with one of `tags`, in
    the form that tags are compared in, is a card of it. `hiding` are the fields whose clozes are asked. One that is not
    sound makes no notes, and `fault` says why; the notes that there were stay. `added` names fields and cards that are
    new since the last build.
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
    """A note as a package holds it: one value per field of the note type, one ordinal per card.

    `created` is in milliseconds, `modified` in seconds since 1970. `is_suspended` and `schedules`, each with the
    ordinal of its card, count only for cards that the collection does not have, and only where scheduling is imported:
    AnkiConnect does so, a person who opens the file has to ask for it.
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
    """What ankigen wrote into a note last, as the note itself remembers it.

    `deck` and `fields` are hashes; the fields are those of the content, in their frozen order. `kind` is empty where a
    base of version 1 does not name it.
    """

    source_id: SourceId
    deck: str
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    kind: KindName = KindName("")
