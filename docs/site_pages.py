"""Pages of the site that lie outside of `docs/`, with their links as the site needs them. MkDocs calls it."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
OUTSIDE = {"README.md": "index.md"} | {name: name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the repository's top folder."""
    for source, name in OUTSIDE.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Return the page with links that lead to the site's pages, or to the repository for what is none."""
    to_top = "" if page.file.src_uri in OUTSIDE.values() else r"\.\./"
    for source, name in OUTSIDE.items():
        markdown = re.sub(rf"\]\({to_top}{re.escape(source)}(?=[#)])", f"]({name}", markdown)
    if not to_top:
        markdown = re.sub(r"""(\]\(|src="|srcset=")docs/""", r"\1", markdown)
    return re.sub(rf"\]\({to_top}(ankigen|benchmarks|decks|tests)/", rf"]({config.repo_url}/blob/main/\1/", markdown)
