// Shows cards and problems, and follows them. It holds no state but what is shown: all else comes in one object.
"use strict";

const MOST_ROWS = 200;
const GROUNDS = ["both", "light", "dark"];
const find = (id) => document.getElementById(id);

const stored = window.ankigenPreview; // a page that lies in a folder has all in it
let data = { revision: "", name: "", cards: [], problems: [] };
let pages = new Map(); // the cards of each page, by its path
let byAddress = new Map();
let shown = []; // the cards that pass the filters, in order
const view = { address: "", isBack: false, ground: "both", isPhone: false, isByDeck: false, error: "" };
const frames = new Map(); // the frames on the page, each by its window

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

// Data.

async function load() {
  const found = stored ? stored.cards : await (await fetch("cards.json", { cache: "no-store" })).json();
  if (found.revision === data.revision) return;
  const before = byAddress.get(view.address);
  data = found;
  pages = new Map();
  for (const card of data.cards) {
    if (!pages.has(card.path)) pages.set(card.path, []);
    pages.get(card.path).push(card);
  }
  byAddress = new Map(data.cards.map((card) => [card.address, card]));
  renderNews(before);
}

/** Takes a change over; if it is one of other cards than those here, all are loaded. */
async function take(revision, change) {
  if (revision === data.revision) return;
  if (!change || change.before !== data.revision) return load();
  const before = byAddress.get(view.address);
  const order = change.order ?? [...pages.keys()];
  const kept = new Set(order);
  for (const [path, cards] of pages) {
    if (kept.has(path) && !(path in change.pages)) continue;
    for (const card of cards) byAddress.delete(card.address);
  }
  for (const cards of Object.values(change.pages)) for (const card of cards) byAddress.set(card.address, card);
  pages = new Map(order.map((path) => [path, change.pages[path] ?? pages.get(path)]));
  data = { ...data, revision: change.revision, cards: [...pages.values()].flat(), problems: change.problems ?? data.problems };
  renderNews(before);
}

function renderNews(before) {
  for (const card of data.cards) card.problems = [];
  for (const problem of data.problems) byAddress.get(problem.card)?.problems.push(problem);
  if (!byAddress.has(view.address)) view.address = nearest(before);
  renderCard(); // what is looked at comes first
  renderList();
}

/** The card that takes the place of one that is gone: the next one of its page, or else the first of all. */
function nearest(gone) {
  const ofPage = data.cards.filter((card) => gone && card.path === gone.path);
  const card = ofPage.find((card) => card.line >= gone.line) ?? ofPage.at(-1) ?? data.cards[0];
  return card ? card.address : "";
}

/** Names with those above them: `a::b` has `a` above it. */
function namesAbove(names) {
  const all = new Set();
  for (const name of names) {
    const parts = name.split("::");
    parts.forEach((_, index) => all.add(parts.slice(0, index + 1).join("::")));
  }
  return [...all].sort((one, other) => one.localeCompare(other, undefined, { numeric: true }));
}

const isBelow = (name, above) => name === above || name.startsWith(`${above}::`);

function filtered() {
  const words = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [deck, tag, kind, which] = ["deck", "tag", "kind", "which"].map((id) => find(id).value);
  if (!(words.length || deck || tag || kind || which)) return data.cards;
  return data.cards.filter((card) => {
    card.text ??= `${card.title} ${card.deck} ${card.path} ${card.tags.join(" ")}`.toLowerCase();
    return words.every((word) => card.text.includes(word))
      && (!deck || isBelow(card.deck, deck))
      && (!tag || card.tags.some((one) => isBelow(one, tag)))
      && (!kind || card.kind === kind)
      && (which !== "problems" || card.problems.length > 0)
      && (which !== "new" || card.is_new)
      && (which !== "suspended" || card.is_suspended);
  });
}

// The left side.

function fillSelect(id, all, names) {
  const select = find(id);
  const written = names.join("\n"); // no name has a line end
  if (select.options.length && select.dataset.names === written) return;
  select.dataset.names = written;
  const value = select.value;
  select.replaceChildren(make("option", { value: "" }, all), ...names.map((name) => make("option", { value: name }, name)));
  select.value = names.includes(value) ? value : "";
}

function renderList() {
  fillSelect("deck", "all", namesAbove(new Set(data.cards.map((card) => card.deck))));
  fillSelect("tag", "all", namesAbove(new Set(data.cards.flatMap((card) => card.tags))));
  fillSelect("kind", "all", [...new Set(data.cards.map((card) => card.kind))].sort());
  document.title = `${data.name} · ankigen`;
  find("name").textContent = data.name;
  const decks = new Set(data.cards.map((card) => card.deck)).size;
  find("counts").textContent = `${count(data.cards.length, "card")}, ${count(decks, "deck")}, ${count(data.problems.length, "problem")}`;
  renderProblems();
  renderTree();
}

function renderProblems() {
  find("problems").hidden = !data.problems.length;
  find("problem-count").textContent = data.problems.length.toLocaleString("en");
  const rows = data.problems.slice(0, MOST_ROWS).map((problem) =>
    make("li", {}, make("button", { type: "button", className: `problem ${problem.severity}`, onclick: () => showProblem(problem) },
      ...wordsOf(problem))));
  if (data.problems.length > MOST_ROWS) rows.push(make("li", {}, `and ${count(data.problems.length - MOST_ROWS, "more")}`));
  find("problem-list").replaceChildren(...rows);
}

function wordsOf(problem) {
  return [
    make("span", { className: "severity" }, `${problem.severity}: `), problem.message, " ",
    make("span", { className: "rule" }, `[${problem.rule}]`), make("br"),
    make("span", { className: "at" }, `${problem.path}:${problem.line}:${problem.column}`),
  ];
}

function showProblem(problem) {
  if (problem.card) return choose(problem.card);
  view.address = "";
  markRows();
  find("bar").hidden = true;
  find("faces").replaceChildren();
  renderSource({ path: problem.path, line: problem.line, link: problem.link, problems: [problem] });
}

function renderTree() {
  shown = filtered();
  find("shown-count").textContent = shown.length === data.cards.length ? "" : `${shown.length.toLocaleString("en")} of ${data.cards.length.toLocaleString("en")}`;
  const root = { groups: new Map(), cards: [], size: 0 };
  for (const card of shown) {
    let group = root;
    for (const part of view.isByDeck ? card.deck.split("::") : card.path.split("/")) {
      if (!group.groups.has(part)) group.groups.set(part, { groups: new Map(), cards: [], size: 0, bad: 0 });
      group = group.groups.get(part);
      group.size += 1;
      group.bad += card.problems.length > 0;
    }
    group.cards.push(card);
  }
  const opened = new Set([...find("tree").querySelectorAll("details[open]")].map((group) => group.dataset.name));
  find("tree").replaceChildren(...groupsOf(root, "", opened, shown.length <= MOST_ROWS));
  markRows();
}

function groupsOf(above, path, opened, isOpen) {
  return [...above.groups].map(([name, group]) => {
    const whole = `${path}/${name}`;
    const details = make("details", { "data-name": whole }, make("summary", {}, `${name} `,
      make("span", { className: "number" }, group.bad ? `${group.size}, ${group.bad} with problems` : `${group.size}`)));
    const fill = () => { // a closed group costs nothing, whatever is in it
      if (details.open && details.children.length === 1) details.append(...groupsOf(group, whole, opened, isOpen), ...rowsOf(group.cards));
    };
    details.addEventListener("toggle", () => { fill(); markRows(); });
    details.open = isOpen || opened.has(whole) || above.groups.size === 1;
    fill();
    return details;
  });
}

function rowsOf(cards, first = 0) {
  const rows = cards.slice(first, first + MOST_ROWS).map((card) => {
    const worst = card.problems.some((problem) => problem.severity === "error") ? "error" : "warning";
    const marks = card.problems.length ? [make("span", { className: `mark ${worst}`, title: count(card.problems.length, "problem") }, "!")] : [];
    return make("button", { type: "button", className: "row", "data-address": card.address, title: card.title, onclick: () => choose(card.address) },
      make("span", { className: "text" }, card.title), ...marks, make("span", { className: "number" }, card.name));
  });
  if (cards.length > first + MOST_ROWS) {
    const more = make("button", { type: "button", className: "more" }, `${count(cards.length - first - MOST_ROWS, "more")}`);
    more.onclick = () => { more.replaceWith(...rowsOf(cards, first + MOST_ROWS)); markRows(); };
    rows.push(more);
  }
  return rows;
}

function markRows() {
  for (const row of find("tree").querySelectorAll(".row")) {
    const isChosen = row.dataset.address === view.address;
    row.classList.toggle("chosen", isChosen);
    if (isChosen) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
  }
}

// The card.

function choose(address) {
  view.address = address;
  view.isBack = false;
  history.replaceState(null, "", `#${encodeURI(address)}`); // the address of the page is the address of the card
  renderCard();
  markRows();
  showChosenRow();
}

function showChosenRow() {
  find("tree").querySelector(".row.chosen")?.scrollIntoView({ block: "nearest" });
}

function filter() {
  renderTree();
  showChosenRow();
}

function step(by) {
  if (!shown.length) return;
  const index = shown.findIndex((card) => card.address === view.address);
  const next = index < 0 ? 0 : Math.min(Math.max(index + by, 0), shown.length - 1);
  choose(shown[next].address);
}

function stepToProblem() {
  const cards = [...new Set(data.problems.map((problem) => problem.card).filter(Boolean))];
  if (cards.length) choose(cards[(cards.indexOf(view.address) + 1) % cards.length]);
}

function renderCard() {
  const card = byAddress.get(view.address);
  find("bar").hidden = !card;
  find("nothing").hidden = Boolean(card);
  if (!card) {
    find("faces").replaceChildren();
    find("source").hidden = true;
    find("nothing").textContent = data.cards.length ? "Choose a card." : "No cards yet. A block tagged #card is a question, and what is below it the answer.";
    return;
  }
  const words = [card.deck, card.kind, card.name, ...card.tags.map((tag) => `#${tag}`)];
  if (card.is_suspended) words.push("suspended");
  find("where").textContent = words.join(" · ");
  find("title").textContent = card.title;
  find("turn").setAttribute("aria-pressed", String(view.isBack));
  find("phone").setAttribute("aria-pressed", String(view.isPhone));
  find("ground").firstChild.data = `${{ both: "Light and dark", light: "Light", dark: "Dark" }[view.ground]} `;
  find("draw").hidden = Boolean(stored) || !card.picture || card.path.endsWith(".org");
  find("draw").href = `draw.html?${new URLSearchParams({ path: card.path, line: card.line, picture: card.picture, title: card.title })}`;
  renderFaces(card);
  renderSource(card);
}

/** Frames stay where they are, and load again only if the face is another: nothing jumps while a person writes. */
function renderFaces(card) {
  const grounds = view.ground === "both" ? ["light", "dark"] : [view.ground];
  const faces = find("faces");
  const kept = [...faces.children].filter((figure) => grounds.includes(figure.dataset.ground));
  for (const figure of [...faces.children]) if (!kept.includes(figure)) figure.remove();
  for (const ground of grounds) {
    let figure = kept.find((figure) => figure.dataset.ground === ground);
    if (!figure) {
      figure = make("figure", { className: "frame", "data-ground": ground }, make("figcaption"), make("iframe", { sandbox: "allow-scripts allow-popups allow-popups-to-escape-sandbox" }));
      faces.append(figure);
    }
    figure.classList.toggle("phone", view.isPhone);
    showFace(figure, card, ground);
  }
  if (grounds[0] === "light" && faces.firstChild.dataset.ground === "dark") faces.append(faces.firstChild);
}

function showFace(figure, card, ground) {
  const side = view.isBack ? "back" : "front";
  const [guid, ordinal] = card.address.split("/");
  const address = `face/${encodeURIComponent(guid)}/${ordinal}/${side}.html${stored ? "" : `?look=${card.look}`}#${ground}`;
  const frame = figure.lastChild;
  figure.firstChild.textContent = `${side}, ${ground}`;
  frame.title = `${side} of the card, ${ground}`;
  if (frame.dataset.address === address) return;
  const isChanged = frame.dataset.card === `${card.address}/${side}`;
  frame.dataset.address = address;
  frame.dataset.card = `${card.address}/${side}`;
  frame.src = address;
  if (isChanged) {
    figure.classList.remove("changed");
    void figure.offsetWidth; // restarts the animation
    figure.classList.add("changed");
  }
}

window.addEventListener("message", (event) => {
  const frame = [...document.querySelectorAll("iframe")].find((frame) => frame.contentWindow === event.source);
  if (!frame) return;
  if (typeof event.data.height === "number") frame.style.blockSize = `${Math.min(Math.max(event.data.height, 60), 4000)}px`;
  if (typeof event.data.key === "string") press(event.data.key);
});

async function linesOf(place) {
  if (stored) return stored.lines[`${place.path}:${place.line}`] ?? [];
  const answer = await fetch(`lines.json?path=${encodeURIComponent(place.path)}&line=${place.line}`, { cache: "no-store" });
  return answer.ok ? answer.json() : [];
}

async function renderSource(place) {
  const lines = await linesOf(place);
  const address = place.address ?? "";
  if (address !== view.address) return; // another card was chosen meanwhile
  const title = `${place.path}:${place.line}`;
  const name = place.link ? make("a", { href: place.link, id: "editor" }, title) : title;
  const rows = lines.map((line) => sourceLine(line, place.problems));
  const said = place.problems.map((problem) => make("p", { className: `said ${problem.severity}` }, ...wordsOf(problem)));
  find("source").replaceChildren(make("h3", {}, name), make("pre", { tabIndex: 0, ariaLabel: "Lines of the notes" }, ...rows), ...said);
  find("source").hidden = false;
  find("nothing").hidden = true;
}

function sourceLine(line, problems) {
  const problem = problems.find((problem) => problem.line === line.number);
  const row = make("span", { className: `source-line ${problem ? problem.severity : ""}` }, make("span", { className: "n" }, `${line.number}`));
  if (!problem) return row.append(`${line.text}\n`), row;
  const letters = [...line.text]; // columns count letters
  const start = Math.min(problem.column - 1, letters.length);
  const end = problem.end_line === line.number ? problem.end_column - 1 : letters.length;
  row.append(letters.slice(0, start).join(""), make("mark", {}, letters.slice(start, end).join("")), `${letters.slice(end).join("")}\n`);
  return row;
}

// Keys and buttons.

const actions = {
  " ": () => { view.isBack = !view.isBack; renderCard(); },
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  n: stepToProblem,
  d: () => { view.ground = GROUNDS[(GROUNDS.indexOf(view.ground) + 1) % GROUNDS.length]; remember(); renderCard(); },
  p: () => { view.isPhone = !view.isPhone; remember(); renderCard(); },
  o: () => find("draw").hidden || find("draw").click(),
  e: () => find("editor")?.click(),
  "/": () => find("search").focus(),
  "?": () => find("help").showModal(),
};

function press(key) {
  const action = actions[key];
  if (action) action();
  return Boolean(action);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || find("help").open) return;
  const target = event.target;
  if (target === find("search")) {
    if (event.key === "Escape") { target.value = ""; filter(); find("card").focus(); }
    if (event.key === "Enter" && shown.length) { choose(shown[0].address); find("card").focus(); }
    return;
  }
  if (target.closest("select") || (event.key === " " && target.closest("button, summary, a"))) return;
  if (target.closest("#source pre") && event.key.startsWith("Arrow")) return;
  if (press(event.key)) event.preventDefault();
});

for (const [id, key] of [["previous", "k"], ["next", "j"], ["turn", " "], ["ground", "d"], ["phone", "p"], ["help-button", "?"]]) {
  find(id).addEventListener("click", () => press(key));
}
for (const id of ["search", "deck", "tag", "kind", "which"]) find(id).addEventListener("input", filter);
for (const [id, isByDeck] of [["by-page", false], ["by-deck", true]]) {
  find(id).addEventListener("click", () => {
    view.isByDeck = isByDeck;
    find("by-page").setAttribute("aria-pressed", String(!isByDeck));
    find("by-deck").setAttribute("aria-pressed", String(isByDeck));
    remember();
    renderTree();
  });
}

function remember() {
  try { localStorage.setItem("ankigen", JSON.stringify({ ground: view.ground, isPhone: view.isPhone })); } catch { /* no storage */ }
}

function recall() {
  try { Object.assign(view, JSON.parse(localStorage.getItem("ankigen") ?? "{}")); } catch { /* no storage, or not ours */ }
  if (!GROUNDS.includes(view.ground)) view.ground = "both";
}

// Following the notes.

function say(text, isBad = false) {
  find("state").textContent = text;
  find("state").classList.toggle("bad", isBad);
}

let plan = null;

async function renderPlan(fault) {
  plan = fault ? null : await (await fetch("plan.json", { cache: "no-store" })).json();
  find("plan").hidden = !plan && !fault;
  find("apply").disabled = !plan || !plan.changes;
  const lines = (fault || (plan ? plan.text : "")).split("\n");
  const classes = { "+": "added", "-": "removed", "!": "conflict", "~": "kept" };
  find("plan").querySelector("pre").replaceChildren(...lines.map((line) => make("span", { className: `plan-line ${classes[line.trimStart()[0]] ?? ""}` }, `${line}\n`)));
}

async function apply() {
  find("apply").disabled = true;
  find("applied").textContent = "applying …";
  const token = document.querySelector('meta[name="ankigen-token"]').content;
  const answer = await fetch("apply", { method: "POST", headers: { "X-Ankigen-Token": token }, body: JSON.stringify(plan) });
  find("applied").textContent = await answer.text();
  find("applied").classList.toggle("bad", !answer.ok);
}
find("apply").addEventListener("click", apply);

function follow() {
  const events = new EventSource("events");
  events.addEventListener("open", () => say("following your notes"));
  events.addEventListener("error", () => say("ankigen watch has ended: start it again", true));
  let taken = Promise.resolve(); // one change after the other
  events.addEventListener("cards", (event) => {
    const { said, revision, change } = JSON.parse(event.data);
    say(said);
    taken = taken.then(() => take(revision, change)).catch((failure) => say(`cannot load the cards: ${failure}`, true));
  });
  events.addEventListener("reading", (event) => say(JSON.parse(event.data).said));
  events.addEventListener("plan", (event) => renderPlan(JSON.parse(event.data).said));
  events.addEventListener("fault", (event) => say(JSON.parse(event.data).said, true));
}

recall();
view.address = decodeURI(location.hash.slice(1));
load().then(() => (stored ? say("a preview of the notes as they were") : follow()), (failure) => say(`cannot load the cards: ${failure}`, true));
