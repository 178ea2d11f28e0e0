(function (note) {
  "use strict";
  // Both sides of a card order its choices by the note and the day, so that they agree and nothing is kept for it.
  function chance(step) {
    var text = note + " " + new Date().toDateString() + " " + step;
    var hash = 2166136261;
    for (var i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
  }

  function shuffled(items) {
    for (var last = items.length - 1; last > 0; last--) {
      var other = Math.floor(chance(last) * (last + 1));
      var item = items[last];
      items[last] = items[other];
      items[other] = item;
    }
    return items;
  }

  // What was chosen is shown again on the back, where the page may keep it; nothing depends on it.
  function remember(picks) {
    try { sessionStorage.setItem("ankigen.choices", note + " " + picks.join(" ")); } catch (refused) { return; }
  }

  function remembered() {
    try {
      var kept = (sessionStorage.getItem("ankigen.choices") || "").split(" ");
      return kept[0] === note ? kept.slice(1) : [];
    } catch (refused) { return []; }
  }

  // Anki's desktop takes blank, Enter and digits for itself before a card sees them; it leaves x to it, as in `[x]`.
  var MARKS = [" ", "Enter", "x", "X"];

  function ask(list, items) {
    var one = list.classList.contains("one");
    list.setAttribute("role", one ? "radiogroup" : "group");
    list.setAttribute("aria-label", one ? "choices, one is right" : "choices, several are right");
    function pick(item) {
      var on = one || item.getAttribute("aria-checked") !== "true";
      if (one) items.forEach(function (other) { other.setAttribute("aria-checked", "false"); });
      item.setAttribute("aria-checked", String(on));
      remember(items.filter(function (other) { return other.getAttribute("aria-checked") === "true"; })
        .map(function (other) { return other.dataset.place; }));
    }
    function reach(item) {
      items.forEach(function (other) { other.tabIndex = other === item || !one ? 0 : -1; });
      item.focus();
    }
    remember([]);
    items.forEach(function (item, index) {
      item.setAttribute("role", one ? "radio" : "checkbox");
      item.setAttribute("aria-checked", "false");
      item.classList.add("tappable");
      item.tabIndex = index && one ? -1 : 0;
      item.addEventListener("click", function (event) {
        if (!event.target.closest("a, audio, video, summary")) pick(item);
      });
      item.addEventListener("keydown", function (event) {
        var step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (event.target !== item || event.ctrlKey || event.metaKey || event.altKey) return;
        if (!step && MARKS.indexOf(event.key) < 0) return;
        event.preventDefault();
        event.stopPropagation();
        if (!step) return pick(item);
        var next = items[(index + step + items.length) % items.length];
        reach(next);
        if (one) pick(next);
      });
    });
  }

  function answer(items) {
    var picks = remembered();
    items.forEach(function (item) {
      var mark = item.querySelector(".mark");
      if (mark) {
        mark.setAttribute("role", "img");
        mark.setAttribute("aria-label", mark.title);
      }
      if (picks.indexOf(item.dataset.place) < 0) return;
      item.classList.add("chosen");
      var yours = document.createElement("small");
      yours.className = "yours";
      yours.textContent = "your choice";
      item.insertBefore(yours, item.querySelector(":scope > ul, :scope > ol"));
      yours.before(" ");
    });
  }

  document.querySelectorAll(".face > ol.choices:not([data-done])").forEach(function (list) {
    if (list.closest(".asked")) return;
    list.dataset.done = "yes";
    var items = Array.from(list.children);
    items.forEach(function (item, place) { item.dataset.place = place; });
    if (!list.classList.contains("kept")) list.append.apply(list, shuffled(items));
    if (list.closest(".answer")) answer(items);
    else ask(list, items);
  });
})("{{Guid}}");
