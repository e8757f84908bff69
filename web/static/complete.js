// Completes what is typed into the box: words, persons and places of the archive, as an ARIA combobox.
"use strict";

(() => {
  const box = document.getElementById("q");
  const form = box.form;
  const list = document.createElement("ul");
  const pause = 120; // milliseconds between the last key and the question
  const begun = /[^\s"„“”«»():=+−-].*[^\s"„“”«»():=+−-]$/; // two letters at least, of one word or of two
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  list.id = "completions";
  list.className = "completions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label);
  list.hidden = true;
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    box.setAttribute(name, value);
  }

  const show = (completions) => {
    options = completions;
    list.replaceChildren(...completions.map((completion, at) => {
      const option = document.createElement("li");
      const kind = document.createElement("span");
      option.id = `completion-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      kind.className = "kind";
      kind.textContent = box.dataset[completion.kind] || "";
      option.append(completion.value, " ", kind);
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(at));
      return option;
    }));
    list.hidden = !completions.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    select(-1);
  };

  const select = (at) => {
    active = at;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", list.children[at].id);
      // a small or enlarged window shows but a part of the list
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };

  const choose = (at) => {
    const { value, query, filter, rest } = options[at];
    show([]);
    if (!filter) {
      box.value = `${query} `;
      return;
    }
    // A name becomes a filter, as a tick in its facet would; what was chosen is no longer left out, and the other way round.
    const opposite = filter.startsWith("not_") ? filter.slice(4) : `not_${filter}`;
    for (const field of [...form.elements].filter((each) => each.name === opposite && each.value === value)) {
      if (field.type === "hidden") field.remove();
      else field.checked = false;
    }
    const choice = Object.assign(document.createElement("input"), { type: "hidden", name: filter, value });
    box.value = rest;
    form.append(choice);
    form.requestSubmit();
    choice.remove();
  };

  const ask = async () => {
    const prefix = box.value;
    asking?.abort();
    if (!begun.test(prefix) || box.selectionStart !== box.value.length) return show([]);
    asking = new AbortController();
    try {
      const address = new URL(`api/complete?limit=8&prefix=${encodeURIComponent(prefix)}`, form.action);
      const answer = await fetch(address, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).completions);
    } catch (error) {
      if (error.name !== "AbortError") show([]);
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  });
  box.addEventListener("blur", () => {
    clearTimeout(timer);
    asking?.abort();
    show([]);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") select((active + 1) % options.length);
    else if (event.key === "ArrowUp") select(active <= 0 ? options.length - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(active);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  });
})();
