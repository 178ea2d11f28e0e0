// Stands in for the script of Anki that draws masks on a picture: the same shapes, places and colours.
"use strict";

window.anki = { imageOcclusion: { setup: () => addEventListener("load", drawMasks) } };

function drawMasks() {
  const box = document.getElementById("image-occlusion-container");
  const picture = box?.querySelector("img");
  if (!picture) return;
  const svg = mask("svg", { "aria-hidden": "true" });
  box.style.position = "relative";
  svg.style.position = "absolute";
  const canvas = getComputedStyle(document.getElementById("image-occlusion-canvas"));
  const color = (name) => canvas.getPropertyValue(`--${name}-shape-color`).trim();
  const draw = () => {
    const [width, height] = [picture.clientWidth, picture.clientHeight];
    Object.assign(svg.style, { left: `${picture.offsetLeft}px`, top: `${picture.offsetTop}px`, width: `${width}px`, height: `${height}px` });
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(...[...document.querySelectorAll("div[data-shape]")].flatMap((said) => shape(said, width, height, color)));
  };
  box.append(svg);
  new ResizeObserver(draw).observe(picture);
  document.getElementById("toggle")?.addEventListener("click", () => svg.toggleAttribute("hidden") ? svg.style.display = "none" : svg.style.display = "");
}

function mask(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function shape(said, width, height, color) {
  const { shape: form, left, top, angle, text, points } = said.dataset;
  const isInactive = said.className === "cloze-inactive";
  if (form !== "text" && isInactive && said.getAttribute("data-occludeinactive") !== "1") return [];
  const [x, y] = [left * width, top * height];
  const fill = color(isInactive ? "inactive" : said.className === "cloze-highlight" ? "highlight" : "active");
  const common = { fill, stroke: "#212121", "stroke-width": 1, transform: angle ? `rotate(${angle / 10000 * 360} ${x} ${y})` : "" };
  if (form === "rect") return [mask("rect", { ...common, x, y, width: said.dataset.width * width, height: said.dataset.height * height })];
  if (form === "ellipse") {
    const [rx, ry] = [said.dataset.rx * width, said.dataset.ry * height];
    return [mask("ellipse", { ...common, cx: x + rx, cy: y + ry, rx, ry })];
  }
  if (form === "polygon") {
    const corners = points.split(" ").map((point) => point.split(",")).map(([px, py]) => `${px * width},${py * height}`);
    return [mask("polygon", { ...common, points: corners.join(" ") })];
  }
  const label = mask("text", { x, y, "font-size": height * 0.055, "dominant-baseline": "hanging", fill: "#000", transform: common.transform });
  label.textContent = text;
  return [label];
}
