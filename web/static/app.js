// Comfort for pages that work without it: ticks search at once, and a few keys.
"use strict";

(() => {
  const form = document.getElementById("search");
  const box = document.getElementById("q");
  const place = "nachlese-place";

  // Empty fields say nothing: keep them out of the address.
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.name !== "q" && field.value === "") field.disabled = true;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
  });

  // A tick searches at once; the new page goes on where this one was.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.form !== form || field.type !== "checkbox") return;
    const filters = document.getElementById("filters");
    const kept = { name: field.name, value: field.value, top: window.scrollY, open: filters.open };
    sessionStorage.setItem(place, JSON.stringify(kept));
    form.requestSubmit();
  });

  const kept = JSON.parse(sessionStorage.getItem(place) || "null");
  sessionStorage.removeItem(place);
  if (kept) {
    const fields = [...form.elements];
    const field = fields.find((each) => each.name === kept.name && each.value === kept.value);
    document.getElementById("filters")?.toggleAttribute("open", kept.open);
    window.scrollTo(0, kept.top);
    field?.closest("details")?.setAttribute("open", "");
    field?.focus({ preventScroll: true });
  }

  // Dragging over the timeline chooses a range of years.
  const bars = [...document.querySelectorAll(".bars a")];
  let first = null;
  let dragged = [];
  const between = (one, other) => {
    const [from, to] = [bars.indexOf(one), bars.indexOf(other)].sort((a, b) => a - b);
    return bars.slice(from, to + 1);
  };
  const set = (name, value) => {
    const field = form.elements[name] || Object.assign(document.createElement("input"), { type: "hidden", name });
    if (!field.form) form.append(field);
    field.value = value;
  };
  document.querySelector(".bars")?.addEventListener("pointerdown", (event) => {
    if (event.button === 0) first = event.target.closest("a");
  });
  document.querySelector(".bars")?.addEventListener("pointermove", (event) => {
    const last = event.target.closest("a");
    if (!first || !last || (last === first && !dragged.length)) return;
    dragged = between(first, last);
    for (const bar of bars) bar.classList.toggle("touched", dragged.includes(bar));
  });
  document.addEventListener("pointerup", () => {
    first = null;
    if (dragged.length < 2) return;
    set("from", dragged[0].dataset.from);
    set("to", dragged.at(-1).dataset.to);
    form.requestSubmit();
  });
  for (const bar of bars) {
    bar.addEventListener("dragstart", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => {
      if (dragged.length > 1) event.preventDefault();
    });
  }

  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      button.textContent = button.dataset.done;
    });
  }

  // "/" leads to the box, "j" and "k" from hit to hit.
  const hits = [...document.querySelectorAll(".hit h2 a")];
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      box.focus();
      box.select();
    } else if ((event.key === "j" || event.key === "k") && hits.length) {
      const at = hits.indexOf(document.activeElement);
      const next = event.key === "j" ? Math.min(at + 1, hits.length - 1) : Math.max(at - 1, 0);
      hits[next].focus();
    }
  });
})();
