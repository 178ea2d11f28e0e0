// Ask mldoc, the parser of Logseq 0.10, what it sees in each document, and write the answers next to this file.
// In: a JSON array of {format, text}. Out: the same with {blocks, page}; no ankigen code is involved.
// Of a document that has a `kind` it also writes down what is shown: text, and HTML and hiccup as they are written.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import mldoc from "mldoc";

const { Mldoc } = mldoc;
const settings = (format) =>
  JSON.stringify({
    toc: false,
    parse_outline_only: false,
    heading_number: false,
    keep_line_break: true,
    format,
    heading_to_list: false,
    exporting_keep_properties: false,
    inline_type_with_pos: false,
    export_md_remove_options: [],
    hiccup_in_block: true,
  });

// mldoc counts bytes. A block's own line is the first that is not blank from where it begins.
function lineOf(bytes, start) {
  while ([9, 10, 13, 32].includes(bytes[start])) start += 1;
  let line = 1;
  for (let at = 0; at < start; at += 1) line += bytes[at] === 10;
  return line;
}

// Logseq's keys: lower-case, `-` for blanks and `_`.
const key = (name) => name.toLowerCase().replace(/[ _]/g, "-");

function text(inlines) {
  if (typeof inlines === "string") return inlines;
  if (!Array.isArray(inlines)) return inlines?.full_text ?? inlines?.content ?? "";
  if (inlines[0] === "Link") return inlines[1].url[1];
  if (inlines[0] === "Nested_link") return inlines[1].content.slice(2, -2);
  return inlines.slice(typeof inlines[0] === "string" && inlines.length > 1 ? 1 : 0).map(text).join("");
}

// The pages a part of a block refers to: tags, page links and those inside them, not those a query or macro asks for.
function references(node, found) {
  if (!Array.isArray(node)) {
    if (node && typeof node === "object") Object.values(node).forEach((value) => references(value, found));
    return;
  }
  const [kind, value] = node;
  if (kind === "Tag") found.push(value.map(text).join("").trim());
  else if (kind === "Link" && value?.url?.[0] === "Page_ref") found.push(value.url[1]);
  else if (kind === "Nested_link" && typeof value?.content === "string") found.push(value.content.slice(2, -2));
  else if (kind === "Macro" || (kind === "Custom" && value === "query")) return;
  node.forEach((child) => references(child, found));
}

// Whether nobody would see these on a card: line ends, blanks, dates of tasks.
function isUnseen([kind, value]) {
  if (kind === "Timestamp") return value[0] !== "Date" && value[0] !== "Range";
  return kind.endsWith("Break_Line") || (kind === "Plain" && !value.trim());
}
const isBlank = (inlines) => inlines.every(isUnseen);

function isCard(pages) {
  return pages.some((page) =>
    page
      .replace(/^\[\[|\]\]$/g, "")
      .toLowerCase()
      .split("/")
      .some((_, index, parts) => parts.slice(0, index + 1).join("/") === "card"),
  );
}

// What Logseq takes from properties: references in values, and the items of the keys that are lists.
function propertyReferences([name, value, refs], found) {
  if (/^".*"$/.test(value.trim())) return;
  references(refs, found);
  if (["tags", "alias", "aliases"].includes(key(name)))
    found.push(...value.split(/[,，]/).map((item) => item.trim().replace(/^#?\[\[(.*)\]\]$|^#/, "$1")));
}

// Where a block goes by its indent alone: below the nearest one with less, and beside the one it does not reach.
function place(stack, indent) {
  let sibling = null;
  while (stack.length && stack.at(-1) >= indent) sibling = stack.pop();
  stack.push(sibling ?? indent);
  return stack.length;
}

// What Logseq shows of a part of a block, but for tags: pairs of the kind and the text.
function shown(node) {
  if (!Array.isArray(node)) return node && typeof node === "object" ? Object.values(node).flatMap(shown) : [];
  const [kind, value] = node;
  switch (kind) {
    case "Plain":
    case "Code":
    case "Verbatim":
    case "Displayed_Math":
      return [["text", value]];
    case "Raw_Html":
    case "Inline_Html":
      return [["html", value]];
    case "Hiccup":
    case "Inline_Hiccup":
      return [["hiccup", value]];
    case "Latex_Fragment":
      return [["text", value[1]]];
    case "Email":
      return [["text", `${value.local_part}@${value.domain}`]];
    case "Link":
      return value.label.some((part) => text(part)) ? value.label.flatMap(shown) : [["text", value.url[1]]];
    case "Nested_link":
      return [["text", value.content]];
    case "Src":
      return [["text", value.lines.join("")]];
    case "Tag":
      return [];
    case "Heading":
      return value.title.flatMap(shown);
    default:
      return node.flatMap(shown);
  }
}

function answer({ format, departure, kind: what, text: source }) {
  const bytes = new TextEncoder().encode(source);
  const stack = [];
  const page = { properties: [], references: [] };
  const blocks = [];
  const nodes = JSON.parse(Mldoc.parseJson(source, settings(format)));
  for (const [[kind, ...value], position] of nodes) {
    if (kind === "Heading") {
      const isBare = format === "Markdown" && value[0].size && !value[0].unordered;
      const block = { line: lineOf(bytes, position.start_pos), level: place(stack, isBare ? 1 : value[0].level) };
      blocks.push({ ...block, properties: [], references: [...value[0].tags] });
      blocks.at(-1).isBare = !value[0].size && isBlank(value[0].title);
    }
    const owner = blocks.at(-1) ?? page;
    if (kind === "Property_Drawer") {
      for (const property of value[0]) {
        owner.properties.push([key(property[0]), property[1]]);
        propertyReferences(property, owner.references);
      }
    } else if (kind === "Directive") {
      page.properties.push([key(value[0]), value[1]]);
    } else {
      if (!["Heading", "Drawer", "Comment"].includes(kind)) owner.isBare &&= kind === "Paragraph" && isBlank(value[0]);
      references([kind, ...value], owner.references);
    }
  }
  return {
    format,
    departure,
    text: source,
    ...(what && { kind: what, shown: nodes.flatMap(([node]) => shown(node)) }),
    page: page.properties,
    blocks: blocks.map(({ line, level, properties, references, isBare }) => [
      line,
      level,
      properties,
      Number(isCard(references)),
      Number(Boolean(isBare)),
    ]),
  };
}

const documents = JSON.parse(readFileSync(0, "utf8"));
const target = new URL(process.argv[2] ?? "mldoc.json.gz", import.meta.url);
writeFileSync(target, gzipSync(JSON.stringify(documents.map(answer)), { level: 9 }));
