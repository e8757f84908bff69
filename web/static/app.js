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
