// Looks for a value inside a long facet: type a part of the name, whatever its umlauts and case. What is alike is the
// server's to say, so that it is said once.
"use strict";

(() => {
  const values = document.querySelector(".facets")?.dataset.values;
  const pause = 150; // milliseconds between the last key and the question

  const row = (facet, found) => {
    const item = facet.querySelector("li:has(.not)").cloneNode(true);
    const tick = item.querySelector("input");
    item.dataset.added = "";
    tick.value = found.value;
    tick.checked = found.selected;
    item.querySelector(".value").textContent = found.value;
    const without = item.querySelector(".not");
    without.value = found.value;
    without.setAttribute("aria-label", facet.dataset.without.replace("%", () => found.value));
    item.querySelector(".count").textContent = found.count.toLocaleString(document.documentElement.lang);
    return item;
  };

  // The page lists the most frequent values; the server knows all of them.
  const ask = async (name, text, signal) => {
    // what the page could not use of its own address is not asked for again
    const address = new URL(values, location.origin);
    address.searchParams.set("facet", name);
    address.searchParams.set("text", text);
    address.searchParams.delete("page");
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).values;
  };

  for (const facet of document.querySelectorAll(".facet[data-find]")) {
    const rest = facet.querySelector(".rest");
    // without a rest the list may be short because that is what the address asks for
    if (!rest && !facet.querySelector(".more, .said")) continue;
    const list = (rest || facet).querySelector("ul");
    const name = facet.id.replace("facet-", "");
    const field = document.createElement("input");
    const said = document.createElement("p");
    const without = facet.querySelector(".missing");
    const opened = rest?.open;
    let timer = 0;
    let asking = null;
    field.type = "search";
    field.autocomplete = "off";
    field.className = "find";
    field.placeholder = facet.dataset.find;
    field.setAttribute("aria-label", facet.dataset.find);
    said.setAttribute("role", "status");
    said.className = "said";

    const rows = () => [...facet.querySelectorAll(`li:has(input[name="${name}"])`)];
    const value = (item) => item.querySelector("input").value;
    // Without an answer there is what the page lists with just these letters.
    const listed = (text) => rows().map(value).filter((each) => each.toLowerCase().includes(text.toLowerCase()))
      .map((each) => ({ value: each }));
    const show = (text, more) => {
      const found = new Set(more.map((each) => each.value));
      for (const item of rows()) if ("added" in item.dataset && !found.has(value(item))) item.remove();
      const there = new Set(rows().map(value));
      const template = facet.querySelector("li:has(.not)");
      if (template) list.append(...more.filter((found) => !there.has(found.value)).map((found) => row(facet, found)));
      for (const item of rows()) item.hidden = Boolean(text) && !found.has(value(item));
      if (without) without.hidden = Boolean(text);
      if (rest) rest.open = text ? true : opened;
      facet.classList.toggle("sought", Boolean(text));
    };

    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    field.addEventListener("input", () => {
      const text = field.value.trim();
      clearTimeout(timer);
      asking?.abort();
      said.textContent = "";
      if (!text) {
        show(text, []);
        return;
      }
      timer = setTimeout(async () => {
        const controller = asking = new AbortController();
        const more = await ask(name, text, controller.signal).catch(() => listed(text));
        if (controller.signal.aborted) return;
        show(text, more);
        const cut = more.length >= Number(facet.dataset.most) ? facet.dataset.cut : "";
        said.textContent = rows().some((item) => !item.hidden) ? cut : facet.dataset.nothing;
      }, pause);
    });
    facet.querySelector("legend").after(field, said);
  }
})();
