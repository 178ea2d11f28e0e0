// Shows faces of choice cards as Anki does, and posts what a reader sees, reaches and hears of them.
"use strict";

const day = (name) => { Date.prototype.toDateString = () => name; };

// Anki puts a face into its page, and makes its scripts anew so that they run.
function show(html) {
  document.querySelector("#qa").innerHTML = html;
  for (const old of document.querySelectorAll("#qa script")) {
    const script = document.createElement("script");
    script.textContent = old.textContent;
    old.replaceWith(script);
  }
  return [...document.querySelectorAll("#qa .face > ol.choices > li")].filter((item) => item.getClientRects().length);
}

const words = (items) => items.map((item) => item.querySelector("i").textContent);
const heard = (items) => items.map((item) => [item.computedRole, item.computedName, item.getAttribute("aria-checked")]);
const key = (name, held = {}) =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...held }));
const of = (html, guid) => html.replaceAll("@GUID@", guid);

function withoutScripts(html) {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-same-origin";
  frame.srcdoc = html;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  return loaded.then(() => {
    const lists = [...frame.contentDocument.querySelectorAll(".face > ol.choices")];
    const items = [...(lists.at(-1)?.children ?? [])];
    return items.map((item) => [item.className, item.querySelector("i").textContent, item.querySelector(".mark")?.title ?? ""]);
  });
}

async function see({ several, one, kept, guids, chances }) {
  const seen = {};
  day("Fri Nov 27 2026");
  seen.sides = guids.map((guid) => [words(show(of(several.question, guid))), words(show(of(several.answer, guid)))]);
  seen.orders = chances.map((guid) => words(show(of(several.question, guid))).join(" "));
  seen.kept = guids.map((guid) => words(show(of(kept.question, guid))).join(" "));
  const before = show(of(several.question, guids[0]));
  seen.today = words(before);
  day("Sat Nov 28 2026");
  const after = show(of(several.answer, guids[0]));
  seen.midnight = after.map((item) => [item.querySelector("i").textContent, item.className]);
  seen.days = guids.map((guid) => words(show(of(several.question, guid))));
  day("Fri Nov 27 2026");

  seen.withoutScripts = [await withoutScripts(several.question), await withoutScripts(several.answer)];

  let items = show(of(several.question, guids[0]));
  seen.boxes = [items[0].parentElement.computedRole, items[0].parentElement.computedName, heard(items)];
  items[1].click();
  items[2].querySelector("i").click();
  items[2].click();
  seen.clicked = heard(items).map(([, , checked]) => checked);
  items = show(of(several.answer, guids[0]));
  seen.remembered = items.map((item) => [item.className, item.innerText.replace(/\s+/g, " ")]);
  seen.marks = items.map((item) => [item.querySelector(".mark").computedRole, item.querySelector(".mark").computedName]);
  seen.other = show(of(several.answer, guids[1])).map((item) => item.className);
  show(of(several.question, guids[0]));
  seen.again = show(of(several.answer, guids[0])).map((item) => item.className);

  items = show(of(one.question, guids[0]));
  seen.radios = [items[0].parentElement.computedRole, items[0].parentElement.computedName, heard(items)];
  seen.reached = items.map((item) => item.tabIndex);
  items[0].focus();
  const keys = [];
  for (const name of ["Enter", "ArrowDown", "ArrowUp", "ArrowUp", " "]) {
    key(name);
    keys.push(items.map((item) => item.getAttribute("aria-checked") === "true"));
  }
  seen.keys = keys;
  items = show(of(several.question, guids[0]));
  items[0].focus();
  key(" ");
  key("ArrowDown");
  key("Enter");
  seen.boxKeys = items.map((item) => item.getAttribute("aria-checked"));
  const checked = () => items.map((item) => item.getAttribute("aria-checked") === "true");
  items = show(of(several.question, guids[0]));
  items[0].focus();
  seen.desktopKeys = ["x", "ArrowDown", "X", "ArrowUp", "x"].map((name) => (key(name), checked()));
  key("x", { ctrlKey: true });
  seen.desktopKeys.push(checked());

  Object.defineProperty(window, "sessionStorage", { get() { throw new Error("refused"); } });
  items = show(of(several.question, guids[0]));
  items[0].click();
  seen.refused = [items[0].getAttribute("aria-checked"), show(of(several.answer, guids[0])).map((item) => item.className)];
  return seen;
}

const failures = [];
window.addEventListener("error", (event) => failures.push(event.message));
fetch("/tasks").then((reply) => reply.json()).then(([task]) => see(task))
  .then((seen) => fetch("/results", { method: "POST", body: JSON.stringify({ ...seen, failures }) }))
  .catch((error) => fetch("/results", { method: "POST", body: JSON.stringify({ error: String(error), failures }) }));
