"""Which note in Anki is which card: the best evidence first, one to one, and never a guess.

1. the lock has the note already: an interrupted adoption
2. a mark of the other tool
3. the same question and answer
4. the same question
5. the same question, without punctuation
6. the same answer, of four words or more
7. a similar question, on request

From the fourth on, the compared text must occur once here and once in Anki. Notes that were matched before, in this run
or an earlier one, count as long as both sides still have the text: notes matched by other evidence get other text in
Anki once they are adopted. So a second run, which no longer sees such notes, finds the same as the first one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ankigen import identity
from ankigen.data import Ambiguous, Evidence, ExistingNote, Guid, Matched, Note, Pair, WrittenMark
from ankigen.note_types import CLOZE, OCCLUSION, content_fields, kind_in
from ankigen.support.structs import Struct
from ankigen.syncing.adoption.words import has_clozes, letters, words

_HELPERS = frozenset({"uuid", "uuid-type", "config", "breadcrumb", "ankiops key", "yankinamespace", "source"})
"""Fields, in lower case, that other tools use for data other than the text of a card."""
_MANY_WORDS = 4
_SHOWN_CANDIDATES = 3
_SIMILAR, _MARGIN = 90, 10
"""Out of 100: how similar a question must be, and by how much it must beat the next candidate."""

_KINDS = {"multiline_card": False, "swift_arrow": False, "cloze": True}
"""The names of block kinds in logseq-anki-sync, and whether they are clozes."""


class Said(Struct, frozen=True):
    """The words of a note; if it `is_cloze`, its text is the question."""

    is_cloze: bool
    question: str
    answer: str


Key = Callable[[Said], Hashable | None]
Pairs = list[tuple[Note, ExistingNote]]


def texts_of(existing: ExistingNote) -> dict[str, str]:
    """The fields of a note that are text for people, in order."""
    return {name: text for name, text in existing.fields.items() if name.lower() not in _HELPERS}


def said_here(note: Note) -> Said:
    """The words of our note."""
    kind, fields = kind_in(note.content), content_fields(note.content)
    question = words(kind.question(fields))
    is_cloze = kind.note_type.is_cloze
    return Said(is_cloze, question, "" if is_cloze else words(kind.answer(fields)))


def said_there(existing: ExistingNote) -> Said:
    """The words of a note in Anki: its first field is the question, the second the answer."""
    first, second, *_ = [*texts_of(existing).values(), "", ""]
    is_cloze = has_clozes(first)
    return Said(is_cloze, words(first), "" if is_cloze else words(second))


def match(
    notes: Sequence[Note],
    existing: Sequence[ExistingNote],
    marks: Mapping[Guid, Sequence[WrittenMark]],
    managed: Iterable[Note] = (),
    *,
    is_similar: bool = False,
) -> Matched:
    """Pair notes here with notes in Anki that are not ankigen's; `managed` are the other cards here.

    Image occlusions are never paired: other tools use a form that our notes cannot take over.
    """
    notes = [note for note in notes if note.content.kind != OCCLUSION.name]
    matching = _Matching(notes, existing, managed)
    matching.pair(Evidence.LOCK, _by_lock(notes, existing))
    candidates = _by_marks(matching.open_notes(), matching.open_existing(), marks)
    matching.pair(Evidence.MARK, matching.sole(candidates))
    by_marks = dict(matching.doubtful)
    known = -1
    while known < len(matching.pairs):
        known = len(matching.pairs)
        matching.doubtful = dict(by_marks)
        _pair_by_words(matching, is_similar=is_similar)
    return matching.matched()


def _pair_by_words(matching: _Matching, *, is_similar: bool) -> None:
    open_groups = matching.groups(_question_and_answer, matching.open_notes(), matching.open_existing())
    matching.pair(Evidence.QUESTION_AND_ANSWER, _alone(open_groups, matching))
    for evidence, key in _WEAKER:
        groups = matching.groups(key, *matching.standing(_STANDING[evidence]))
        is_telling = evidence is not Evidence.ANSWER  # unrelated cards share many answers: that makes nothing ambiguous
        matching.pair(evidence, _alone(groups, matching, is_telling=is_telling))
    if is_similar:
        matching.pair(Evidence.SIMILAR, matching.similar())


class _Matching:
    """The pairs so far, and the notes that are still open."""

    def __init__(self, notes: Sequence[Note], existing: Sequence[ExistingNote], managed: Iterable[Note]) -> None:
        self.notes = notes
        self.existing = existing
        self.managed = {note.identity.guid: note for note in managed}
        self.here = {note.identity.guid: said_here(note) for note in (*notes, *self.managed.values())}
        self.there = {candidate.id: said_there(candidate) for candidate in existing}
        self.pairs: dict[Guid, Pair] = {}
        self.taken: set[int] = set()
        self.doubtful: dict[Guid, tuple[ExistingNote, ...]] = {}

    def pair(self, evidence: Evidence, pairs: Iterable[tuple[Note, ExistingNote]]) -> None:
        for note, existing in list(pairs):
            self.pairs[note.identity.guid] = Pair(note, existing, evidence)
            self.taken.add(existing.id)
            self.doubtful.pop(note.identity.guid, None)

    def open_notes(self) -> list[Note]:
        return [note for note in self.notes if note.identity.guid not in self.pairs]

    def open_existing(self) -> list[ExistingNote]:
        return [existing for existing in self.existing if existing.id not in self.taken]

    def standing(self, evidence: AbstractSet[Evidence]) -> tuple[list[Note], list[ExistingNote]]:
        """The open notes of both sides, the pairs by such evidence, and the cards that were ankigen's before."""
        by_other = [pair for pair in self.pairs.values() if pair.evidence not in evidence]
        cards, taken = {pair.note.identity.guid for pair in by_other}, {pair.existing.id for pair in by_other}
        ours = [note for note in self.notes if note.identity.guid not in cards]
        return [*ours, *self.managed.values()], [there for there in self.existing if there.id not in taken]

    def sole(self, candidates: Sequence[tuple[Note, ExistingNote]]) -> Pairs:
        """The pairs in which each side occurs once; the others are ambiguous, and no weaker evidence decides them.

        An ambiguous note in Anki is not given to any other card, either.
        """
        ours = Counter(note.identity.guid for note, _ in candidates)
        theirs = Counter(existing.id for _, existing in candidates)
        for note, existing in candidates:
            if ours[note.identity.guid] > 1 or theirs[existing.id] > 1:
                self.doubt(note, [existing])
                self.taken.add(existing.id)
        return [
            (note, existing) for note, existing in candidates if ours[note.identity.guid] == theirs[existing.id] == 1
        ]

    def doubt(self, note: Note, candidates: Sequence[ExistingNote]) -> None:
        known = self.doubtful.get(note.identity.guid, ())
        merged = {existing.id: existing for existing in (*known, *candidates)}
        self.doubtful[note.identity.guid] = tuple(merged.values())

    def groups(
        self, key: Key, notes: Iterable[Note], existing: Iterable[ExistingNote]
    ) -> Iterator[tuple[list[Note], list[ExistingNote]]]:
        """The notes of both sides by a key that they share."""
        theirs: defaultdict[Hashable, list[ExistingNote]] = defaultdict(list)
        for candidate in existing:
            if (shared := key(self.there[candidate.id])) is not None:
                theirs[shared].append(candidate)
        ours: defaultdict[Hashable, list[Note]] = defaultdict(list)
        for note in notes:
            if (shared := key(self.here[note.identity.guid])) in theirs:
                ours[shared].append(note)
        yield from ((mine, theirs[shared]) for shared, mine in ours.items())

    def similar(self) -> Pairs:
        """Pairs of similar questions, if no other is nearly as similar."""
        ours, theirs = self._by_question(self.open_notes(), self.open_existing())
        scores: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
        for mine, other, score in identity.similar_pairs(ours, theirs):
            scores[mine].append((score, other))
        best = {mine: max(ranked) for mine, ranked in scores.items() if _is_clear(ranked)}
        wanted = Counter(other for _, other in best.values())
        return [
            (ours[mine][0], theirs[other][0])
            for mine, (_, other) in best.items()
            if wanted[other] == len(ours[mine]) == len(theirs[other]) == 1
            and self.here[ours[mine][0].identity.guid].is_cloze == self.there[theirs[other][0].id].is_cloze
        ]

    def _by_question(
        self, notes: Iterable[Note], existing: Iterable[ExistingNote]
    ) -> tuple[dict[str, list[Note]], dict[str, list[ExistingNote]]]:
        ours: defaultdict[str, list[Note]] = defaultdict(list)
        theirs: defaultdict[str, list[ExistingNote]] = defaultdict(list)
        for note in notes:
            if note.identity.guid not in self.doubtful:
                ours[letters(self.here[note.identity.guid].question)].append(note)
        for candidate in existing:
            theirs[letters(self.there[candidate.id].question)].append(candidate)
        return ours, theirs

    def matched(self) -> Matched:
        pairs = tuple(pair for note in self.notes if (pair := self.pairs.get(note.identity.guid)))
        doubtful = tuple(
            Ambiguous(note, self.doubtful[note.identity.guid][:_SHOWN_CANDIDATES])
            for note in self.notes
            if note.identity.guid in self.doubtful
        )
        return Matched(
            pairs=pairs,
            ambiguous=doubtful,
            unmatched_notes=len(self.notes) - len(pairs) - len(doubtful),
            unmatched_existing=len(self.existing) - len(pairs),
        )


def _alone(
    groups: Iterable[tuple[list[Note], list[ExistingNote]]], matching: _Matching, *, is_telling: bool = True
) -> Pairs:
    """The groups of one and one; in others, open notes are ambiguous if the evidence is strong."""
    pairs: Pairs = []
    for ours, theirs in groups:
        open_notes = [
            note
            for note in ours
            if note.identity.guid not in matching.pairs and note.identity.guid not in matching.managed
        ]
        open_existing = [existing for existing in theirs if existing.id not in matching.taken]
        if not open_notes or not open_existing:
            continue
        if len(ours) == len(theirs) == 1 and ours[0].identity.guid not in matching.doubtful:
            pairs.append((ours[0], theirs[0]))
        elif is_telling:
            for note in open_notes:
                matching.doubt(note, open_existing)
    return pairs


def is_adopted(note: Note) -> bool:
    """Whether the note has a GUID that ankigen did not make."""
    return not identity.is_own_guid(note.identity.guid)


def _by_lock(notes: Iterable[Note], existing: Iterable[ExistingNote]) -> Pairs:
    """An adopted note was created when the note in Anki was."""
    by_id = {candidate.id: candidate for candidate in existing}
    adopted = filter(is_adopted, notes)
    return [(note, by_id[note.identity.created]) for note in adopted if note.identity.created in by_id]


def _by_marks(
    notes: Iterable[Note], existing: Iterable[ExistingNote], marks: Mapping[Guid, Sequence[WrittenMark]]
) -> Pairs:
    by_id = {candidate.id: candidate for candidate in existing}
    by_key: defaultdict[str, list[ExistingNote]] = defaultdict(list)
    by_uuid: defaultdict[tuple[str, bool], list[ExistingNote]] = defaultdict(list)
    for candidate in existing:
        fields = {name.lower(): text.strip() for name, text in candidate.fields.items()}
        if key := fields.get("ankiops key"):
            by_key[key].append(candidate)
        is_cloze = _KINDS.get(fields.get("uuid-type", "").rpartition("-")[2])
        if is_cloze is not None and (uuid := fields.get("uuid")):
            by_uuid[uuid.lower(), is_cloze].append(candidate)
    found: Pairs = []
    for note in notes:
        written = marks.get(note.identity.guid, ())
        candidates = [by_id[mark.note_id] for mark in written if mark.note_id in by_id]
        candidates += [holder for mark in written if mark.key for holder in by_key[mark.key]]
        if note.identity.id:
            candidates += by_uuid[note.identity.id, note.content.kind == CLOZE.name]
        found += [(note, candidate) for candidate in {candidate.id: candidate for candidate in candidates}.values()]
    return found


def _is_clear(ranked: list[tuple[float, str]]) -> bool:
    first, *rest = sorted(ranked, reverse=True)
    return first[0] >= _SIMILAR and (not rest or rest[0][0] <= first[0] - _MARGIN)


def _question_and_answer(said: Said) -> Hashable | None:
    return (said.is_cloze, said.question, said.answer) if said.question else None


def _question(said: Said) -> Hashable | None:
    return (said.is_cloze, said.question) if said.question else None


def _punctuation(said: Said) -> Hashable | None:
    bare = letters(said.question)
    return (said.is_cloze, bare) if bare else None


def _answer(said: Said) -> Hashable | None:
    return (said.is_cloze, said.answer) if len(said.answer.split()) >= _MANY_WORDS else None


_WEAKER: tuple[tuple[Evidence, Key], ...] = (
    (Evidence.QUESTION, _question),
    (Evidence.PUNCTUATION, _punctuation),
    (Evidence.ANSWER, _answer),
)
_SAME_QUESTION = frozenset({Evidence.QUESTION_AND_ANSWER, Evidence.QUESTION, Evidence.PUNCTUATION})
_STANDING: Mapping[Evidence, AbstractSet[Evidence]] = {
    Evidence.QUESTION: _SAME_QUESTION,
    Evidence.PUNCTUATION: _SAME_QUESTION,
    Evidence.ANSWER: frozenset({Evidence.QUESTION_AND_ANSWER, Evidence.ANSWER}),
}
"""For each evidence, the other evidence by which a pair still has the same text on both sides."""
