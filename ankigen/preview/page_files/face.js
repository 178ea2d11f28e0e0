// Runs inside a face, in a frame that may do nothing else: it takes on the ground, tells its height, passes keys on.
"use strict";

const dark = location.hash === "#dark";
document.documentElement.classList.toggle("night-mode", dark);
document.body.classList.toggle("nightMode", dark);

const tell = (message) => parent.postMessage(message, "*");
const tellHeight = () => tell({ height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
new ResizeObserver(tellHeight).observe(document.documentElement);

document.addEventListener("keydown", (event) => {
  const writes = event.target.closest("input, textarea, select, summary, audio, video");
  if (!writes && !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented) {
    if (event.key === " ") event.preventDefault();
    tell({ key: event.key });
  }
});

window.addEventListener("load", () => {
  if (document.querySelector("script[src]") && !window.MathJax?.version) {
    const box = document.createElement("p");
    box.className = "ankigen-away";
    box.textContent = "Formulas are shown as TeX: MathJax is fetched from the web once, and that was not possible.";
    document.body.append(box);
  }
});

for (const button of document.querySelectorAll("button.ankigen-play")) {
  button.addEventListener("click", () => {
    if (button.dataset.sound) {
      new Audio(new URL(button.dataset.sound, document.baseURI)).play();
    } else {
      const speech = new SpeechSynthesisUtterance(button.dataset.text);
      speech.lang = button.dataset.lang.replace("_", "-");
      speech.rate = Number(button.dataset.speed) || 1;
      speechSynthesis.speak(speech);
    }
  });
}

const masks = document.querySelector("div#image-occlusion-canvas");
if (masks) document.getElementById("toggle")?.addEventListener("click", () => masks.toggleAttribute("hidden"));

for (const picture of document.querySelectorAll("img")) {
  const said = () => {
    const box = document.createElement("span");
    box.className = "ankigen-away";
    box.textContent = picture.alt || picture.getAttribute("src");
    picture.replaceWith(box);
  };
  if (/^https?:/i.test(picture.getAttribute("src") ?? "")) said();
}
