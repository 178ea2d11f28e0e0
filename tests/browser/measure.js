// Measures each face in a frame of the asked width, and posts what it saw to the test.
"use strict";

function parse(color) {
  const numbers = color.match(/[\d.]+/g).map(Number);
  return numbers.length > 3 ? numbers : [...numbers, 1];
}

function over(top, below) {
  return [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
}

function luminance(color) {
  const [r, g, b] = color.slice(0, 3).map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function ground(element, view) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const color = parse(view.getComputedStyle(at).backgroundColor);
    if (color[3] > 0) layers.push(color);
    if (color[3] === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
}

function texts(frame) {
  const walker = frame.createTreeWalker(frame.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const range = frame.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (node.data.trim() && box.width && box.height && !node.parentElement.closest("script, style, mjx-assistive-mml")) found.push({ node, box });
  }
  return found;
}

function worstContrast(frame, view) {
  let worst = { ratio: 21, text: "" };
  for (const { node } of texts(frame)) {
    const below = ground(node.parentElement, view);
    const color = over(parse(view.getComputedStyle(node.parentElement).color), below);
    const here = ratio(color, below);
    if (here < worst.ratio) worst = { ratio: here, text: node.data.trim().slice(0, 40) };
  }
  return worst;
}

function rightToLeft(frame, view) {
  return texts(frame)
    .filter(({ node }) => /^[^A-Za-z]*[\u0590-\u06ff]/.test(node.data))
    .map(({ node, box }) => {
      const around = node.parentElement.closest(".face").getBoundingClientRect();
      return { text: node.data.trim(), left: box.left - around.left, right: around.right - box.right };
    });
}

// What could run or leave its place, or was loaded though nothing shows it; links are followed, where they run something.
function live(frame, view) {
  const found = [];
  const runs = "script, iframe, object, embed, frame, base, meta, link, style, form, template, svg, math, noscript, dialog";
  frame.addEventListener("click", (event) => /^\s*javascript:/i.test(event.target.closest("a")?.href ?? "") || event.preventDefault());
  for (const element of frame.body.querySelectorAll("*")) {
    if (element.matches(runs) && !element.closest("mjx-container")) found.push(element.outerHTML);
    for (const { name, value } of element.attributes) {
      const leads = /^(.*:)?(href|src|srcset|action|formaction|data|poster)$/i.test(name);
      if (/^on/i.test(name) || (leads && /^[\s\0-\x20]*(javascript|vbscript|data:text)/i.test(value))) found.push(`${name}=${value}`);
    }
    const { position, backgroundImage } = view.getComputedStyle(element);
    if (["fixed", "sticky"].includes(position) || /url\(/.test(backgroundImage)) found.push(`${position} ${backgroundImage}`);
    if (element.localName === "a") element.click();
  }
  const shown = ["img", "audio", "video", "other"];
  const loaded = view.performance.getEntriesByType("resource").filter(({ name, initiatorType }) =>
    !new URL(name).pathname.startsWith("/mathjax/") && !shown.includes(initiatorType));
  return [...found, ...loaded.map(({ name, initiatorType }) => `${initiatorType} ${name}`), ...(view.ran ?? [])];
}

// How the first element looks that each of the selectors finds.
function looks(frame, view, selectors) {
  return Object.fromEntries(selectors.map((selector) => {
    const element = frame.querySelector(selector);
    if (!element) return [selector, null];
    const { color, backgroundColor, fill, fontSize, fontStyle, borderBottomStyle, textDecorationLine } = view.getComputedStyle(element);
    const sign = view.getComputedStyle(element, "::before").content;
    const { scrollWidth, clientWidth } = element;
    const scrolls = scrollWidth > clientWidth;
    return [selector, { color, backgroundColor, fill, fontSize, fontStyle, borderBottomStyle, textDecorationLine, sign, scrolls }];
  }));
}

function measure(frame, view) {
  const root = frame.documentElement;
  return {
    live: live(frame, view),
    overflow: root.scrollWidth - root.clientWidth,
    contrast: worstContrast(frame, view),
    broken: [...frame.images].filter((one) => !one.complete || !one.naturalWidth).map((one) => one.src),
    rightToLeft: rightToLeft(frame, view),
    formulas: frame.querySelectorAll("mjx-container").length,
    errors: [...frame.querySelectorAll("mjx-merror, [data-mjx-error]")].map((one) => one.textContent),
  };
}

// Anki's script draws the masks once the picture is there; what is drawn at each point, given as shares of the picture.
async function masks(frame, points) {
  const canvas = frame.querySelector("#image-occlusion-canvas");
  if (!canvas) return null;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
  for (let tries = 0; tries < 100 && !canvas.dataset.seen; tries += 1) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, Math.max(canvas.width, 1), Math.max(canvas.height, 1));
    if (data.some((value) => value > 0)) canvas.dataset.seen = "yes";
    await pause();
  }
  const context = canvas.getContext("2d");
  const picture = frame.querySelector("#image-occlusion-container img").getBoundingClientRect();
  const cover = canvas.getBoundingClientRect();
  const off = ["left", "top", "width", "height"].map((side) => Math.abs(picture[side] - cover[side]));
  const drawn = points.map(([x, y]) => [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data]);
  return { off: Math.max(...off), drawn, width: picture.width, error: frame.querySelector("#err").textContent };
}

async function open(path, width) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width: ${width}px; height: 900px; border: 0`;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  frame.src = path;
  document.body.replaceChildren(frame);
  await loaded;
  const view = frame.contentWindow;
  if (view.MathJax) await view.MathJax.startup.promise;
  await view.document.fonts.ready;
  return view;
}

async function run() {
  const tasks = await (await fetch("/tasks")).json();
  const results = [];
  for (const task of tasks) {
    const view = await open(task.path, task.width);
    const drawn = await masks(view.document, task.points ?? []);
    results.push({ ...task, masks: drawn, ...measure(view.document, view), looks: looks(view.document, view, task.looks ?? []) });
  }
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
}

run().catch((error) => fetch("/results", { method: "POST", body: JSON.stringify({ error: String(error) }) }));
