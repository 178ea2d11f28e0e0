"""What did the user set? `ankigen.toml`, or the table `[tool.ankigen]` of a `pyproject.toml`.

Every option is a field of `Config` that carries its own line of documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ankigen import rules
from ankigen.errors import BrokenConfig, CannotRead

FILE_NAME = "ankigen.toml"
SHARED_FILE_NAME = "pyproject.toml"
_MEANING = "meaning"
_AT_LEAST = "at_least"
_WORDS = {bool: "true or false", int: "a whole number", str: "a text", tuple: "a list of texts", Path: "a path"}

_Table = TypeVar("_Table")
ContextKind = Literal["none", "page", "ancestors", "full"]
Switch = Literal["on", "off"]
Switches = Mapping[str, Switch]


def _option(default: Any, meaning: str, *, at_least: int | None = None) -> Any:
    return field(default=default, metadata={_MEANING: meaning, _AT_LEAST: at_least})


def _mapping(meaning: str) -> Any:
    return field(default_factory=lambda: MappingProxyType({}), metadata={_MEANING: meaning})


@dataclass(frozen=True, slots=True)
class Media:
    """The options of the table `media`."""

    remote: Literal["keep", "download"] = _option("keep", "pictures on the web: leave the link, or put them into Anki")
    size_limit: int = _option(20, "megabytes; a larger file of the web stays there, with a warning", at_least=1)


@dataclass(frozen=True, slots=True)
class Config:
    """Every option; paths are relative to the file that sets them, and absolute here."""

    source: Path | None = _option(None, "the notes, when the command line names none")
    output: Path | None = _option(None, "the package, or the folder for packages, when the command line names none")
    card_tags: tuple[str, ...] = _option(("card", "flashcard"), "pages and tags that make a block a card")
    lenient_tags: bool = _option(True, "a tag also ends at closing brackets, CJK punctuation, the end of bold")
    cloze_without_card: bool = _option(False, "a block with a cloze makes a note without the tag")
    cloze_scope: Literal["card", "block"] = _option(
        "card", "clozes below a card block belong to its note, or make notes of their own blocks"
    )
    cloze_numbers: Literal["each", "one"] = _option("each", "a number for each `{{cloze}}`, or one for all of a note")
    cloze_hint_colons: Literal["auto", "always", "never"] = _option(
        "auto", "`::` parts answer and hint in a plain `{{cloze}}`; `auto`: not in code, URLs and C++ names"
    )
    question_from_parent: bool = _option(True, "a block of nothing but `#card` asks for its parent's text")
    empty_back: bool = _option(False, "a card without an answer is made all the same")
    nested_cards: Literal["show", "stop"] = _option("show", "an answer shows the cards inside it, or ends at them")
    swift_arrows: bool = _option(False, "`question :-> answer` makes a note without the tag")
    deck_from: Literal["graph", "folder", "page", "namespace"] | None = _option(
        None, "what names the deck where no `deck::` does; not set: `graph` in a Logseq graph, else `folder`"
    )
    deck_rules: Mapping[str, str] = _mapping(
        "decks for pages or paths and all below them; the longest that fits counts"
    )
    deck_prefix: str = _option("", "a deck that holds all others")
    tag_prefix: str = _option("", "a tag that holds all others")
    tags_in_text: bool = _option(False, "tags stay visible on the card")
    show_properties: tuple[str, ...] = _option((), "properties of a block that stand on the card, below its text")
    id_property: str = _option("id", "the property that holds a block's UUID")
    context: ContextKind = _option(
        "ancestors",
        "what stands small above the question: nothing, the page, also the blocks above, also all their lines",
    )
    source_url: str = _option("", "the link back from a card, with `{page}`, `{id}`, `{path}`, `{line}`")
    css: Path | None = _option(None, "a file of your own CSS, added behind ankigen's")
    embed_depth: int = _option(5, "how many embeds deep an embed is shown", at_least=0)
    media: Media = field(default_factory=Media)
    rules: Mapping[str, Switch | Switches] = _mapping(
        '`"off"` for a rule that `ankigen check` should not follow; below a path in a table of its own'
    )

    def is_off(self, rule: str, path: str = "") -> bool:
        """Whether the user wants to hear nothing of this rule; `path` is relative to the notes."""
        return self._switches_at(path).get(rule, self.rules.get(rule)) == "off"

    def _switches_at(self, path: str) -> Mapping[str, Switch | Switches]:
        """All switches of the tables for this path or one above it; those of the longest path count."""
        tables = [(key.strip("/"), table) for key, table in self.rules.items() if isinstance(table, Mapping)]
        fitting = sorted((key, table) for key, table in tables if f"{path}/".startswith(f"{key}/"))
        return {rule: switch for _, table in fitting for rule, switch in table.items()}


@dataclass(frozen=True, slots=True)
class Option:
    """One option as the documentation shows it; `default` is written as in TOML."""

    name: str
    default: str
    values: str
    meaning: str


def options() -> Iterator[Option]:
    """Every option, in the order of the documentation."""
    yield from _options(Config, "")


def _options(table: type[Any], prefix: str) -> Iterator[Option]:
    types = get_type_hints(table)
    for one in fields(table):
        kind = types[one.name]
        if _is_table(kind):
            yield from _options(kind, f"{prefix}{one.name}.")
        else:
            yield Option(f"{prefix}{one.name}", _written(_default(one)), _expected(kind), one.metadata[_MEANING])


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            return f"[{', '.join(map(_written, value))}]"
        case int():
            return str(value)
        case _:
            return ""


def find(folder: Path) -> Path | None:
    """The nearest file, in the folder or upward, that sets options of ankigen."""
    for one in (folder, *folder.parents):
        if (own := one / FILE_NAME).is_file():
            return own
        if (shared := one / SHARED_FILE_NAME).is_file() and _own_table(_read(shared), shared) is not None:
            return shared
    return None


def read(folder: Path) -> Config:
    """The options for notes in the folder; the defaults if no file sets any."""
    path = find(folder.absolute())
    return parse(_read(path), path) if path else Config()


def parse(text: str, path: Path) -> Config:
    """Read the options from the text of a file; `path` says which file it is, and where its paths begin."""
    table = _own_table(text, path) if path.name == SHARED_FILE_NAME else _toml(text, path)
    made: Config = _Reader(path).table(Config, table or {}, "")
    _require_known_rules(made.rules, "rules.", path)
    return made


def _require_known_rules(switches: Mapping[str, Switch | Switches], prefix: str, path: Path) -> None:
    for rule, switch in switches.items():
        if isinstance(switch, Mapping):
            _require_known_rules(switch, f"{prefix}{rule}.", path)
        elif rule not in rules.NAMES:
            raise BrokenConfig(path, f"unknown rule `{prefix}{rule}`{_suggestion(rule, rules.NAMES)}")
        elif rule in rules.LOUD:
            raise BrokenConfig(path, f"`{prefix}{rule}` cannot be switched off: cards would go missing in silence")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as failure:
        raise CannotRead(path, failure) from failure
    except UnicodeDecodeError as failure:
        raise BrokenConfig(path, "save the file as UTF-8") from failure


def _own_table(text: str, path: Path) -> Mapping[str, Any] | None:
    """The table `[tool.ankigen]`; a project file that does not name ankigen is nobody's business here."""
    if "ankigen" not in text:
        return None
    tool = _toml(text, path).get("tool", {})
    table = tool.get("ankigen") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _toml(text: str, path: Path) -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - most notes have no settings

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise BrokenConfig(path, f"not TOML: {failure}") from failure


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns a table of TOML into frozen values; what does not fit is told with the file's name."""

    path: Path

    def table(self, kind: type[_Table], given: Mapping[str, Any], prefix: str) -> _Table:
        types = get_type_hints(kind)
        limits = {one.name: one.metadata.get(_AT_LEAST) for one in fields(kind)}  # type: ignore[arg-type]
        values = {}
        for key, value in given.items():
            if key not in types:
                raise BrokenConfig(self.path, f"unknown option `{prefix}{key}`{_suggestion(key, types)}")
            values[key] = self.value(types[key], value, f"{prefix}{key}")
            if (least := limits[key]) is not None and values[key] < least:
                raise BrokenConfig(self.path, f"`{prefix}{key}` must be {least} or more, not {value}")
        return kind(**values)

    def value(self, kind: Any, given: Any, name: str) -> Any:
        if isinstance(given, dict) and _is_table(kind):
            return self.table(kind, given, f"{name}.")
        if isinstance(given, dict) and (item_kind := _item_kind(kind)):
            return MappingProxyType({key: self.value(item_kind, item, f"{name}.{key}") for key, item in given.items()})
        if not _fits(kind, given):
            close = _suggestion(given, _choices(kind)) if isinstance(given, str) else ""
            raise BrokenConfig(self.path, f"`{name}` must be {_expected(kind)}, not {_shown(given)}{close}")
        if Path in _members(kind):
            return self.path.parent.absolute() / given
        return tuple(given) if isinstance(given, list) else given


def _suggestion(word: str, known: Any) -> str:
    import difflib  # noqa: PLC0415 - most settings are right

    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _members(kind: Any) -> tuple[Any, ...]:
    """The types that `X | None` and the like allow, `None` left out: TOML has none."""
    is_union = get_origin(kind) in {Union, UnionType}
    return tuple(one for one in get_args(kind) if one is not type(None)) if is_union else (kind,)


def _item_kind(kind: Any) -> Any:
    """What the values of a mapping are, if the kind is one or may be one."""
    return next((get_args(one)[1] for one in _members(kind) if get_origin(one) is Mapping), None)


def _choices(kind: Any) -> tuple[str, ...]:
    return tuple(word for one in _members(kind) if get_origin(one) is Literal for word in get_args(one))


def _fits(kind: Any, given: Any) -> bool:
    if choices := _choices(kind):
        return given in choices
    [one] = _members(kind)
    shape = get_origin(one) or one
    if shape is tuple:
        return isinstance(given, list) and all(isinstance(item, str) for item in given)
    return type(given) is (str if shape is Path else shape)  # isinstance would take true for a whole number


def _expected(kind: Any) -> str:
    """What an option takes, in words for the user."""
    if choices := _choices(kind):
        return " or ".join(f'"{word}"' for word in choices)
    [one] = _members(kind)
    if get_origin(one) is Mapping:
        return f"a table, each {_expected(get_args(one)[1])}"
    return "a table" if _is_table(one) else _WORDS[get_origin(one) or one]


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind)


def _shown(given: Any) -> str:
    return f'"{given}"' if isinstance(given, str) else _written(given) or str(given)
