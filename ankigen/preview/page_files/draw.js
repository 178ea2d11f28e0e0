// Draws parts on a picture. Numbers are percent of the picture, on a grid of half a percent, as the notes have them.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.5;
const SMALLEST = 1;
const find = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

let parts = []; // each with its name, the line of its block or 0, and shapes
let digest = "";
let saved = "";
const chosen = { part: -1, shape: -1 };
const undone = [];
let tool = "rect";
let gesture = null; // what the pointer is doing
let corners = []; // of a polygon that is not closed yet
let joins = false; // the next shape belongs to the chosen part

const clamp = (number, least, most) => Math.min(Math.max(number, least), most);
const onGrid = (number) => Math.round(number / STEP) * STEP;
const shapeAt = () => parts[chosen.part]?.shapes[chosen.shape];

// The language of the notes.

function read(area) {
  return area.split(";").map((text) => text.trim()).filter(Boolean).map((text) => {
    const form = /^(rect|ellipse|polygon|label)\b/i.exec(text)?.[1].toLowerCase() ?? "rect";
    const [, angle] = /angle\s+(-?[\d.]+)/i.exec(text) ?? [];
    const numbers = text.replace(/angle\s+-?[\d.]+.*/i, "").match(/-?\d*\.?\d+/g).map(Number);
    return { form, numbers, angle: Number(angle ?? 0) };
  });
}

function written({ form, numbers, angle }) {
  const said = form === "polygon" ? numbers.reduce((text, number, index) => text + (index % 2 ? `,${number}` : `${index ? " " : ""}${number}`), "") : numbers.join(" ");
  return `${form === "rect" ? "" : `${form} `}${said}${angle ? ` angle ${angle}` : ""}`;
}

const area = (part) => part.shapes.map(written).join("; ");
const state = () => JSON.stringify(parts);

// What is seen.

function make(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function render() {
  const { naturalWidth, naturalHeight } = find("picture");
  const [width, height] = [naturalWidth || 100, naturalHeight || 100];
  const svg = find("drawn");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const x = (percent) => (percent * width) / 100;
  const y = (percent) => (percent * height) / 100;
  const drawn = [];
  parts.forEach((part, partIndex) => part.shapes.forEach((shape, index) => {
    const isChosen = partIndex === chosen.part && index === chosen.shape;
    const [left, top] = corner(shape);
    const common = { class: `shape${isChosen ? " chosen" : ""}`, transform: shape.angle ? `rotate(${shape.angle} ${x(left)} ${y(top)})` : "", "data-part": partIndex, "data-shape": index };
    drawn.push(element(shape, part, common, x, y, height));
    if (isChosen) drawn.push(...handles(shape, x, y, width, common.transform));
  }));
  if (corners.length) drawn.push(make("polyline", { class: "shape chosen", points: corners.map(([px, py]) => `${x(px)},${y(py)}`).join(" "), fill: "none" }));
  svg.replaceChildren(...drawn);
  renderParts();
  for (const name of ["rect", "ellipse", "polygon", "label"]) find(name).setAttribute("aria-pressed", String(tool === name));
  find("undo").disabled = !undone.length;
  find("save").disabled = state() === saved;
}

function corner(shape) {
  if (shape.form !== "polygon") return shape.numbers;
  return [Math.min(...shape.numbers.filter((_, index) => index % 2 === 0)), Math.min(...shape.numbers.filter((_, index) => index % 2))];
}

function element(shape, part, common, x, y, height) {
  const [left, top, width, deep] = shape.numbers;
  if (shape.form === "rect") return make("rect", { ...common, x: x(left), y: y(top), width: x(width), height: y(deep) });
  if (shape.form === "ellipse") return make("ellipse", { ...common, cx: x(left + width / 2), cy: y(top + deep / 2), rx: x(width / 2), ry: y(deep / 2) });
  if (shape.form === "polygon") {
    const points = shape.numbers.reduce((text, number, index) => text + (index % 2 ? `,${y(number)} ` : x(number)), "");
    return make("polygon", { ...common, points });
  }
  const label = make("text", { ...common, x: x(left), y: y(top), "font-size": height * 0.055, "dominant-baseline": "hanging" });
  label.textContent = part.name || "…";
  return label;
}

function handles(shape, x, y, width, transform) {
  const size = width / 70;
  const at = (px, py, handle) => make("rect", { class: "handle", x: x(px) - size / 2, y: y(py) - size / 2, width: size, height: size, transform, "data-handle": handle });
  if (shape.form === "polygon") return shape.numbers.flatMap((number, index) => (index % 2 ? [] : [at(number, shape.numbers[index + 1], index)]));
  if (shape.form === "label") return [];
  const [left, top, wide, deep] = shape.numbers;
  return [at(left, top, "nw"), at(left + wide, top, "ne"), at(left, top + deep, "sw"), at(left + wide, top + deep, "se")];
}

function renderParts() {
  find("part-count").textContent = parts.length || "";
  const list = find("parts").querySelector("ol");
  if (list.contains(document.activeElement) && list.children.length === parts.length) { // a name is being typed
    [...list.children].forEach((item, index) => {
      item.classList.toggle("chosen", index === chosen.part);
      item.querySelector("code").textContent = area(parts[index]);
    });
    return;
  }
  list.replaceChildren(...parts.map((part, index) => {
    const item = document.createElement("li");
    item.className = index === chosen.part ? "chosen" : "";
    const name = document.createElement("input");
    name.value = part.name;
    name.placeholder = "name of the part";
    name.ariaLabel = `Name of part ${index + 1}`;
    name.addEventListener("focus", () => { Object.assign(chosen, { part: index, shape: 0 }); render(); });
    name.addEventListener("input", () => { part.name = name.value.replace(/\s+/g, " "); render(); });
    const code = document.createElement("code");
    code.textContent = area(part);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "Remove";
    remove.addEventListener("click", () => { keep(); parts.splice(index, 1); choose(-1, -1); });
    item.append(name, code, remove);
    return item;
  }));
}

// What is done.

function keep() {
  undone.push(state());
}

function choose(part, shape) {
  Object.assign(chosen, { part, shape });
  render();
}

function add(shape) {
  keep();
  if (joins && parts[chosen.part]) {
    parts[chosen.part].shapes.push(shape);
    joins = false;
    choose(chosen.part, parts[chosen.part].shapes.length - 1);
    return;
  }
  parts.push({ name: "", line: 0, shapes: [shape] });
  choose(parts.length - 1, 0);
  find("parts").querySelector("ol").lastChild.querySelector("input").focus();
}

function remove() {
  if (!shapeAt()) return;
  keep();
  parts[chosen.part].shapes.splice(chosen.shape, 1);
  if (!parts[chosen.part].shapes.length) parts.splice(chosen.part, 1);
  choose(-1, -1);
}

function undo() {
  if (!undone.length) return;
  parts = JSON.parse(undone.pop());
  choose(-1, -1);
}

/** Moves all corners, as far as the shape stays on the picture. */
function moved(shape, across, down) {
  const xs = shape.form === "polygon" ? shape.numbers.filter((_, index) => index % 2 === 0) : [shape.numbers[0], shape.numbers[0] + (shape.numbers[2] ?? 0)];
  const ys = shape.form === "polygon" ? shape.numbers.filter((_, index) => index % 2) : [shape.numbers[1], shape.numbers[1] + (shape.numbers[3] ?? 0)];
  const right = clamp(onGrid(across), -Math.min(...xs), 100 - Math.max(...xs));
  const below = clamp(onGrid(down), -Math.min(...ys), 100 - Math.max(...ys));
  const count = shape.form === "polygon" ? shape.numbers.length : 2;
  return shape.numbers.map((number, index) => (index < count ? number + (index % 2 ? below : right) : number));
}

function between([x1, y1], [x2, y2], form) {
  const [left, top] = [onGrid(Math.min(x1, x2)), onGrid(Math.min(y1, y2))];
  return [left, top, sizeFrom(left, Math.abs(x1 - x2), form), sizeFrom(top, Math.abs(y1 - y2), form)];
}

/** A width or height that ends on the picture. The radii of an ellipse are on the grid, so it is of whole percents. */
function sizeFrom(start, size, form) {
  const step = form === "ellipse" ? 2 * STEP : STEP;
  const most = Math.floor((100 - start) / step) * step;
  return Math.max(Math.min(Math.max(Math.round(size / step) * step, SMALLEST), most), step);
}

function closePolygon() {
  const points = corners.filter((point, index) => !index || String(point) !== String(corners[index - 1]));
  corners = [];
  if (points.length > 2) add({ form: "polygon", numbers: points.flat(), angle: 0 });
  else render();
}

// The pointer.

function place(event) {
  const box = find("sheet").getBoundingClientRect();
  return [clamp(((event.clientX - box.left) / box.width) * 100, 0, 100), clamp(((event.clientY - box.top) / box.height) * 100, 0, 100)];
}

find("drawn").addEventListener("pointerdown", (event) => {
  event.preventDefault();
  find("drawn").focus();
  const start = place(event);
  const { part, shape, handle } = event.target.dataset;
  find("drawn").setPointerCapture(event.pointerId);
  if (corners.length) return;
  if (handle !== undefined) gesture = { does: "resize", handle, start, before: [...shapeAt().numbers], kept: state() };
  else if (part !== undefined) {
    choose(Number(part), Number(shape));
    gesture = { does: "move", start, before: structuredClone(shapeAt()), kept: state() };
  } else gesture = { does: "draw", start };
});

find("drawn").addEventListener("pointermove", (event) => {
  if (!gesture) return;
  const now = place(event);
  const [across, down] = [now[0] - gesture.start[0], now[1] - gesture.start[1]];
  if (gesture.does === "move") shapeAt().numbers = moved(gesture.before, across, down);
  if (gesture.does === "resize") shapeAt().numbers = resized(shapeAt(), gesture, now);
  if (gesture.does === "draw") gesture.now = now;
  render();
  if (gesture.does === "draw" && (tool === "rect" || tool === "ellipse")) {
    const [left, top, width, height] = between(gesture.start, now, tool);
    const { naturalWidth, naturalHeight } = find("picture");
    find("drawn").append(make("rect", { class: "shape chosen", x: (left * naturalWidth) / 100, y: (top * naturalHeight) / 100, width: (width * naturalWidth) / 100, height: (height * naturalHeight) / 100 }));
  }
});

function resized(shape, { handle, before }, now) {
  if (shape.form === "polygon") return before.map((number, index) => (index === Number(handle) ? onGrid(now[0]) : index === Number(handle) + 1 ? onGrid(now[1]) : number));
  const [left, top, width, height] = before;
  const fixed = [handle.includes("w") ? left + width : left, handle.includes("n") ? top + height : top];
  return between(fixed, now, shape.form);
}

find("drawn").addEventListener("pointerup", (event) => {
  const done = gesture;
  gesture = null;
  const end = place(event);
  if (tool === "polygon" && (!done || done.does === "draw")) {
    corners.push(end.map(onGrid));
    return render();
  }
  if (!done) return;
  if (done.does !== "draw") {
    if (done.kept !== state()) undone.push(done.kept);
    return render();
  }
  if (tool === "label") return add({ form: "label", numbers: end.map(onGrid), angle: 0 });
  const numbers = between(done.start, end, tool);
  const isClick = Math.abs(done.start[0] - end[0]) < SMALLEST && Math.abs(done.start[1] - end[1]) < SMALLEST;
  if (isClick) choose(-1, -1);
  else add({ form: tool, numbers, angle: 0 });
});

find("drawn").addEventListener("dblclick", () => tool === "polygon" && closePolygon());

// Keys.

const KEYS = { r: "rect", e: "ellipse", p: "polygon", l: "label" };
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "s") { event.preventDefault(); save(); }
    if (event.key === "z" && !event.target.closest("input")) { event.preventDefault(); undo(); }
    return;
  }
  if (event.target.closest("input") || (event.target.closest("button, a") && (event.key === "Enter" || event.key === " "))) return;
  if (act(event)) event.preventDefault();
});

function act(event) {
  const shape = shapeAt();
  if (KEYS[event.key]) { tool = KEYS[event.key]; corners = []; render(); return true; }
  if (event.key === "Enter" && corners.length) { closePolygon(); return true; }
  if (event.key === "Escape") { corners = []; choose(-1, -1); return true; }
  if (event.key === "Enter" && document.activeElement === find("drawn")) {
    add({ form: tool === "polygon" ? "rect" : tool, numbers: tool === "label" ? [45, 45] : [40, 40, 20, 20], angle: 0 });
    return true;
  }
  if (!shape) return false;
  if (event.key === "s") { joins = true; say("the next shape belongs to this part"); return true; }
  if (event.key === "Delete" || event.key === "Backspace") { remove(); return true; }
  if (event.key === "[" || event.key === "]") {
    keep();
    shape.angle = (shape.angle + (event.key === "[" ? 355 : 5)) % 360;
    render();
    return true;
  }
  const [across, down] = ARROWS[event.key] ?? [];
  if (across === undefined) return false;
  keep();
  if (event.shiftKey && (shape.form === "rect" || shape.form === "ellipse")) {
    const [left, top, width, height] = shape.numbers;
    shape.numbers = [left, top, sizeFrom(left, width + across * 2, shape.form), sizeFrom(top, height + down * 2, shape.form)];
  } else shape.numbers = moved(shape, across, down);
  render();
  return true;
}

// Reading and saving.

function say(text, isBad = false) {
  find("state").textContent = text;
  find("state").classList.toggle("bad", isBad);
}

async function load() {
  const answer = await fetch(`areas.json?${new URLSearchParams({ path: asked.get("path"), line: asked.get("line") })}`, { cache: "no-store" });
  if (!answer.ok) return say(await answer.text(), true);
  const found = await answer.json();
  digest = found.digest;
  parts = found.parts.map((part) => ({ name: part.name, line: part.line, shapes: read(part.area) }));
  saved = state();
  render();
}

async function save() {
  if (state() === saved) return;
  if (parts.some((part) => !part.name.trim())) return say("a part has no name yet", true);
  say("saving …");
  const token = document.querySelector('meta[name="ankigen-token"]').content;
  const drawn = { digest, parts: parts.map((part) => ({ name: part.name.trim(), area: area(part), line: part.line })) };
  const body = JSON.stringify({ path: asked.get("path"), line: Number(asked.get("line")), drawn });
  const answer = await fetch("areas", { method: "POST", headers: { "X-Ankigen-Token": token }, body });
  if (!answer.ok) return say(await answer.text(), true);
  await load();
  say(`saved into ${asked.get("path")}`);
}

for (const name of ["rect", "ellipse", "polygon", "label"]) find(name).addEventListener("click", () => { tool = name; corners = []; render(); });
find("undo").addEventListener("click", undo);
find("save").addEventListener("click", save);
window.addEventListener("beforeunload", (event) => state() !== saved && event.preventDefault());
find("title").textContent = asked.get("title") || "Draw";
find("counts").textContent = `${asked.get("path")}:${asked.get("line")}`;
find("drawn").classList.add("drawing");
find("picture").addEventListener("load", render);
find("picture").src = `media/${encodeURIComponent(asked.get("picture") ?? "")}`;
load();
