"""Notes as people write them, made at random: pages of a graph of Logseq's, and of a plain folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

_WORDS = """
light glass prism energy water river mountain people history method theory question example value system
number Grundlage Straße Äpfel Übung façade naïve résumé Ελλάδα свет вода cell membrane protein between through
because often rarely always first second third bends splits carries moves stores holds means causes under
above market price demand supply kernel process memory thread lock cache index query table column the a of and
to in is that it for with as on
""".split()  # noqa: SIM905 - so they can be read
_PHRASES = [
    "光の屈折",
    "水は流れる",
    "don't",
    "e.g.",
    "well-known",
    "(see below)",
    "50 %",
    "3.14",
    "A/B",
    "“quoted”",
    "x — y",
    "C++",
]
_FORMULAS = ["x^2", "a_1 + b", "\\frac{a}{b}", "E = mc^2"]
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass(frozen=True)
class Chunk:
    """A piece of a page: a card, or what stands between cards."""

    text: str
    is_card: bool


class Writer:
    """Writes one page after the other, the same ones for the same seed."""

    def __init__(self, seed: int, *, is_logseq: bool) -> None:
        self.chance = Random(seed)
        self.is_logseq = is_logseq
        self.count = 0

    def word(self) -> str:
        return self.chance.choice(_PHRASES if self.chance.random() < 0.08 else _WORDS)

    def words(self, least: int, most: int) -> str:
        return " ".join(self.word() for _ in range(self.chance.randint(least, most)))

    def inline(self) -> str:
        """Something that is more than words."""
        words = self.words(1, 3)
        kinds = [
            *(f"**{words}**", f"*{words}*", f"_{self.word()}_", f"~~{words}~~", f"=={words}==", f"^^{words}^^"),
            *(f"***{words}***", f"**{self.word()} *{self.word()}***", f"<u>{words}</u>", "H<sub>2</sub>O"),
            f"`{self.chance.choice(['x = 1', 'ls -l', 'f(a, b)', 'a*b', 'id'])}`",
            f"[{words}](https://example.org/{self.chance.choice('abc')}?q=1)",
            f"${self.chance.choice(_FORMULAS)}$",
            self.chance.choice(["&alpha;", "&amp;", "&lt;tag&gt;", "5 &lt; 6", "AT&T", "2 \\* 3"]),
            "![](../assets/p.png)" if self.is_logseq else "![](p.png)",
            "[[Optics]]" if self.is_logseq else "#optics",
        ]
        return self.chance.choice(kinds)

    def sentence(self, least: int = 3, most: int = 9) -> str:
        parts = [self.words(least, most)]
        for _ in range(self.chance.choice([0, 0, 1, 1, 2])):
            parts += [self.inline(), self.words(1, 5)]
        end = self.chance.choice([".", ".", "", "!", ":"])
        return " ".join(parts) + end

    def cloze(self) -> str:
        hidden = self.words(1, 3)
        hint = f" \\\\ {self.word()}" if self.chance.random() < 0.2 else ""
        return f"{{{{cloze {hidden}{hint}}}}}"

    def question(self) -> str:
        self.count += 1
        return f"{self.sentence(2, 6)} {self.count}?"

    def body(self, indent: str) -> str:
        """What is below a question: a list, nested or not, and now and then a table, code, a second line."""
        lines = []
        for _ in range(self.chance.choice([1, 1, 2, 3, 4])):
            lines.append(f"{indent}- {self.sentence()}")
            kind = self.chance.random()
            if kind < 0.12:
                lines.append(f"{indent}  {self.sentence()}")
            elif kind < 0.2:
                lines.append(f"{indent}\t- {self.sentence()}")
                lines.append(f"{indent}\t- {self.sentence()}")
            elif kind < 0.25:
                cells = [f"{indent}  | {self.words(1, 2)} | {self.sentence(1, 3)} |" for _ in range(3)]
                lines += [cells[0], f"{indent}  |---|---|", *cells[1:]]
            elif kind < 0.3:
                lines += [
                    f"{indent}  ```python",
                    f"{indent}  def f(x):",
                    f"{indent}      return x + 1",
                    f"{indent}  ```",
                ]
            elif kind < 0.34:
                lines.append(f"{indent}  author:: {self.word()}")
            elif kind < 0.4:
                lines += [f"{indent}\t- logseq.order-list-type:: number", f"{indent}\t  {self.sentence()}"]
        return "\n".join(lines)

    def card(self) -> str:
        kind = self.chance.random()
        if kind < 0.3:
            parts = [self.words(1, 4), self.cloze(), self.sentence(1, 4)]
            if self.chance.random() < 0.5:
                parts += [self.cloze(), self.words(1, 3)]
            self.count += 1
            text = f"- {' '.join(parts)} {self.count} #card"
            return text + (f"\n{self.body(chr(9))}" if self.chance.random() < 0.4 else "")
        lines = [f"- {self.question()} #card"]
        if self.chance.random() < 0.2:
            lines.append(f"  id:: {self.uuid()}")
        if self.chance.random() < 0.2:
            lines.append("  tags:: physics, exam")
        return "\n".join([*lines, self.body("\t")])

    def uuid(self) -> str:
        digits = f"{self.chance.getrandbits(128):032x}"
        return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])

    def page(self) -> list[Chunk]:
        chunks = []
        for _ in range(self.chance.randint(1, 4)):
            if self.chance.random() < 0.4:
                chunks.append(Chunk(f"- {self.sentence()}\n\t- {self.sentence()}\n", is_card=False))
            chunks.append(Chunk(self.card() + "\n", is_card=True))
        if self.chance.random() < 0.3:
            chunks.append(Chunk(f"- {self.sentence()}\n", is_card=False))
        return chunks


def folder_for(folder: Path, *, is_logseq: bool) -> Path:
    """Where pages go: in a graph, or in a plain folder; the picture is where the pages look for it."""
    pages = folder / "pages" if is_logseq else folder
    for needed in (folder / "logseq", folder / "assets", pages) if is_logseq else (pages,):
        needed.mkdir(parents=True, exist_ok=True)
    (folder / "assets/p.png" if is_logseq else folder / "p.png").write_bytes(_PICTURE)
    return pages
