"""Makes folders of notes by chance: the same number and seed make the same folder."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

Folder = Mapping[str, bytes]
"""Contents by path; a path that does not end in a name of text has halves of characters for its bytes."""

IDS = tuple(f"5b6f0c1e-2d3a-4f7b-9c8d-00000000000{digit}" for digit in range(6))
WORDS = (
    "lens",
    "light",
    "Ωmega",
    "日本語",
    "שלום",
    "e\u0301",
    "über",
    "x",
    "42",
    "👩\u200d🔬",
    "a_b",
    "50%",
    "C++",
    "::",
)
INLINE = (
    *("{} ", "{} {}", "**{}**", "*{}*", "_{}_", "~~{}~~", "=={}==", "`{}`", "``{}`", "${}$", "$${}$$", r"\({}\)", r"\[{}\]"),
    *("{{{{cloze {}}}}}", "{{{{cloze {}\\\\{}}}}}", "{{{{c1 {}}}}}", "{{{{c2::{}::{}}}}}", "{{{{cloze {}", "{}}}}}", "{{{{c1::{}}}}}"),
    *("[{}]({})", "![{}]({})", "[[{}]]", "#[[{}]]", "#{}", "<{}>", "<b>{}</b>", '<a href="{}">{}</a>', "<script>{}</script>"),
    *("{{{{embed [[{}]]}}}}", "{{{{query {}}}}}", "{{{{youtube {}}}}}", "{{{{m {}, {}}}}}", "{{{{video {}}}}}", "[:b {}]"),
    *("[latex]{}[/latex]", "[sound:{}.mp3]", "[$]{}[/$]", "{{{{{}}}}}", "{{{{c1::", "{{{{FrontSide}}}}", "{{{{type:Front}}}}"),
    *("{{東京|とうきょう}}", "[^{}]", "[#A] {}", "TODO {}", "https://a.b/{}", "<https://a.b/{}>", "\\{}", "&amp;{}", "&#{};"),
    *("<img src=x onerror={}>", "<div>{}", "</div>{}", "<!-- {}", "--> {}", "<ruby>{}<rt>{}</ruby>", "{}\u2028{}", "@@html: {}@@"),
    *("{}\\", "| {} | {} |", "javascript:{}", "((", "))", "[[", "]]", "**", "`", "$", "{{", "}}", "<", ">", "&", '"', "'"),
)  # fmt: skip
MARKS = (
    *("#card",) * 8,
    *(
        "#flashcard",
        "#[[card]]",
        "[[card]]",
        "#Card",
        "#card-group",
        "#bidirectional",
        "#reversed",
        "#type-in",
        "#forward",
    ),
    *("#incremental", "#depth-1", "#suspended", "#cloze-all", "#tag/sub", "#card #ask", ":-> ", ":<-> ", "#cards", ""),
)
PROPERTIES = (
    *("deck:: {}", "deck:: {}/{}", "deck:: {}::{}", "tags:: {}, {}", "tags:: [[{}]] #{}", "title:: {}", "alias:: {}", "extra:: {}"),
    *("id:: {id}", "id:: {id}", "id:: mine", "collapsed:: true", "card-repeats:: 3", "ankigen-ignore:: no-answer", "type:: {}"),
    *("replacecloze:: \" '{}', /{}/ \"", "direction:: <->", "suspended:: true", "Source_Book:: {}", "template:: {}", "{}:: {}"),
)  # fmt: skip
BELOW = (
    *("{}", "{}", "```py\n{}\n```", "```\n{}", "~~~\n{}\n~~~", "> {}", "$$\n{}\n$$", "| {} | {} |\n|---|---|\n| {} | {} |"),
    *("#+BEGIN_SRC py\n{}\n#+END_SRC", "#+BEGIN_QUOTE\n{}\n#+END_QUOTE", "#+BEGIN_NOTE {}\n{}\n#+END_NOTE", "#+BEGIN_X\n{}"),
    *(":LOGBOOK:\n{}\n:END:", "1. {}\n2. {}", "* {}", "- [ ] {}", "---", "# {}", "<div>\n{}\n</div>", "```mermaid\n{}\n```"),
    *("#+BEGIN_CLOZE\n{}\n#+END_CLOZE", "#+BEGIN_EXTRA\n{}\n#+END_EXTRA", "#+BEGIN_EXPORT html\n{}\n#+END_EXPORT", "", "[^1]: {}"),
)  # fmt: skip
TARGETS = (
    *(
        "assets/p.png",
        "../assets/p.png",
        "p.png",
        "missing.png",
        "assets/s.mp3",
        "../../x.png",
        "/etc/passwd",
        "assets/%C3%BC.png",
    ),
    *(
        "file:///etc/passwd",
        "https://a.b/c.png",
        "data:image/png;base64,AA",
        "javascript:x",
        "assets/ü.png",
        "page.md",
        "assets/",
    ),
)
ODD = (
    "\x00",
    "\x01",
    "\x0b",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ufffe",
    "\ufdd0",
    "\ud83d",
    "\r",
    "\t",
)
NAMES = (
    *(
        "a",
        "b",
        "Physics",
        "über",
        "日本",
        "a.b",
        "a___b",
        "100%",
        "a%2Fb",
        "2024_11_02",
        "contents",
        "Optics.v2",
        "con",
        "e\u0301",
    ),
    *(
        "a b",
        "-x",
        "#card",
        "a&b",
        "a'b",
        'a"b',
        "[x]",
        "{{x}}",
        "a\nb",
        "a\x1bb",
        "::error::x",
        "$(x)",
        "\udce9",
        "x\u202ey",
        "a" * 100,
    ),
)
FOLDERS = (
    "",
    "",
    "",
    "sub/",
    "sub/deep/",
    "ü/",
    "pages/",
    "journals/",
    ".hidden/",
    "node_modules/",
    "logseq/bak/",
    "\udcff/",
)
OPTIONS = (
    *('cloze_without_card = true', 'cloze_scope = "block"', 'cloze_numbers = "one"', 'cloze_hint_colons = "always"'),
    *("question_from_parent = false", "empty_back = true", 'nested_cards = "stop"', "swift_arrows = true", "tags_in_text = true"),
    *('deck_from = "page"', 'deck_from = "namespace"', 'deck_from = "folder"', 'deck_prefix = "All"', 'tag_prefix = "t"'),
    *('show_properties = ["source-book", "type"]', 'context = "full"', 'context = "none"', "embed_depth = 1", 'card_tags = ["ask", "card"]'),
    *('source_url = "https://a.b/{page}#{id}"', 'deck_rules = { "pages" = "P", "a" = "A::B" }', 'css = "c.css"', "lenient_tags = false"),
    *('rules = { "no-answer" = "off" }', 'id_property = "uid"'),
)  # fmt: skip
SETTINGS = (
    *(
        ":file/name-format :triple-lowbar",
        ':hidden ["sub" "/ü"]',
        ':pages-directory "sub"',
        ':journal/page-title-format "yyyy-MM-dd"',
    ),
    *(
        ':macros {"m" "**$1** $2" "video" "[:b \\"$1\\"]"}',
        ":unknown #{:a 1/2}",
        "#_:x",
        ";; c\n",
        ':macros {:m "{{m $1}}"}',
        "}",
    ),
)
ENDS = ("\n",) * 6 + ("\r\n", "\r")


class Maker:
    """Makes one folder."""

    def __init__(self, seed: int, number: int) -> None:
        self.chance = random.Random(f"{seed}:{number}")

    def folder(self) -> dict[str, bytes]:
        """Pages of every kind, media, settings."""
        files = {self._path(): self._encoded(self._page()) for _ in range(self.chance.randint(1, 5))}
        files = {path: content for path, content in files.items() if self._fits(path)}
        if self.chance.random() < 0.4:
            settings = self.chance.sample(SETTINGS, self.chance.randint(0, 4))
            files["logseq/config.edn"] = f"{{{' '.join(settings)}}}".encode()
        if self.chance.random() < 0.4:
            files["ankigen.toml"] = self._options().encode()
            files["c.css"] = b".card { color: red; }\n"
        if self.chance.random() < 0.7:
            files |= {
                "assets/p.png": b"\x89PNG",
                "assets/s.mp3": b"ID3",
                "assets/ü.png": b"\x89PNG2",
                "assets/\udce9.png": b"x",
            }
        return files

    def _fits(self, path: str) -> bool:
        return len(os.fsencode(path.rpartition("/")[2])) < 250

    def _path(self) -> str:
        suffix = ".org" if self.chance.random() < 0.2 else self.chance.choice([".md", ".md", ".md", ".markdown", ".MD"])
        self.is_org = suffix == ".org"
        name = self.chance.choice(NAMES[:8]) if self.chance.random() < 0.7 else self.chance.choice(NAMES)
        return self.chance.choice(FOLDERS) + name + suffix

    def _encoded(self, text: str) -> bytes:
        end = self.chance.choice(ENDS)
        data = text.replace("\n", end).encode("utf-8", "surrogatepass")
        draw = self.chance.random()
        if draw < 0.02:
            return text.encode("utf-16", "surrogatepass")
        return data + b"\xff" if draw < 0.03 else b"\xef\xbb\xbf" * (draw < 0.06) + data

    def _options(self) -> str:
        chosen = self.chance.sample(OPTIONS, self.chance.randint(0, 5))
        return "\n".join({option.partition(" ")[0]: option for option in chosen}.values()) + "\n"

    def _page(self) -> str:
        head = "".join(f"{self._property()}\n" for _ in range(self.chance.choice([0, 0, 1, 3])))
        blocks = (self._block(0) for _ in range(self.chance.randint(1, 6)))
        text = head + ("\n" if head else "") + "".join(blocks)
        return text if self.chance.random() < 0.8 else text.rstrip("\n")

    def _block(self, level: int) -> str:
        indent = self.chance.choice(["\t", "\t", "\t", "  ", "    "]) * level
        bullet = self.chance.choice(["- "] * 8 + ["# ", "", "- # ", "-"])
        if self.is_org:
            indent, bullet = "", "*" * (level + 1) + " "
        mark = self.chance.choice(MARKS) if self.chance.random() < (0.7 if level == 0 else 0.2) else ""
        lines = [self._text() + (f" {mark}" if mark else "")]
        if self.chance.random() < 0.3:
            lines += [self._property() for _ in range(self.chance.randint(1, 2))]
        if self.chance.random() < 0.4:
            lines += self._filled(self.chance.choice(BELOW)).split("\n")
        continued = indent + (" " * len(bullet) if bullet.strip() and not self.is_org else "")
        own = indent + bullet + f"\n{continued}".join(lines) + "\n"
        if self.chance.random() < 0.1:
            own += "\n"
        count = self.chance.choice([0, 0, 1, 1, 2]) if level < 3 else 0
        return own + "".join(self._block(level + 1) for _ in range(count))

    def _property(self) -> str:
        written = self._filled(self.chance.choice(PROPERTIES))
        if self.is_org:
            key, _, value = written.partition("::")
            return f":PROPERTIES:\n:{key}:{value}\n:END:" if self.chance.random() < 0.7 else f"#+{key}:{value}"
        return written

    def _text(self, depth: int = 0) -> str:
        pieces = [self._inline(depth) for _ in range(self.chance.choice([1, 1, 2, 3]))]
        return " ".join(pieces)

    def _inline(self, depth: int) -> str:
        draw = self.chance.random()
        if draw < 0.45 or depth > 2:
            return self.chance.choice(WORDS)
        if draw < 0.50:
            return f"(({self.chance.choice(IDS)}))"
        if draw < 0.53:
            return f"{{{{embed (({self.chance.choice(IDS)}))}}}}"
        if draw < 0.56:
            return f"[[{self.chance.choice(NAMES[:8])}]]"
        if draw < 0.61:
            return f"![{self.chance.choice(WORDS)}]({self.chance.choice(TARGETS)})"
        if draw < 0.64:
            return self.chance.choice(ODD)
        return self._filled(self.chance.choice(INLINE), depth + 1)

    def _filled(self, form: str, depth: int = 1) -> str:
        parts = form.replace("{id}", self.chance.choice(IDS)).replace("{{", "\x0e").replace("}}", "\x0f").split("{}")
        text = parts[0] + "".join(self._text(depth) + part for part in parts[1:])
        return text.replace("\x0e", "{").replace("\x0f", "}")


def made(seed: int, number: int) -> dict[str, bytes]:
    """The folder of this number."""
    return Maker(seed, number).folder()


def put(folder: Path, files: Folder) -> None:
    """Write the files; names that one file and one folder would share go to the first."""
    for name, content in files.items():
        path = folder / name
        if path.exists() or any(above.is_file() for above in path.parents):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def smaller(files: Folder) -> Sequence[dict[str, bytes]]:
    """The same folder without a file, or without some lines of one: halves first, then single lines."""
    without_a_file = [{name: content for name, content in files.items() if name != left_out} for left_out in files]
    without_lines = []
    for name, content in files.items():
        lines = content.splitlines(keepends=True)
        for size in (len(lines) // 2, len(lines) // 4, 1):
            for start in range(0, len(lines), max(1, size)) if size else ():
                rest = b"".join(lines[:start] + lines[start + size :])
                without_lines.append({**files, name: rest})
    return without_a_file + without_lines
