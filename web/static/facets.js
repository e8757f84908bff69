// Looks for a value inside a long facet: type a part of the name, whatever its umlauts and case.
"use strict";

(() => {
  const most = 1000;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").toLowerCase();

  const row = (facet, found) => {
    const item = facet.querySelector("li:has(.not)").cloneNode(true);
    const tick = item.querySelector("input");
    tick.value = found.value;
    tick.checked = found.selected;
    item.querySelector(".value").textContent = found.value;
    const without = item.querySelector(".not");
    without.value = found.value;
    without.setAttribute("title", facet.dataset.without.replace("%", () => found.value));
    item.querySelector(".count").textContent = found.count.toLocaleString(document.documentElement.lang);
    return item;
  };

  // The page lists the most frequent values; the rest is fetched when somebody looks for it.
  const fetchAll = async (facet, name) => {
    const address = new URL("/api/search" + location.search, location.origin);
    address.searchParams.set("facet_size", most);
    address.searchParams.set("size", 1);
    address.searchParams.delete("page");
    const answer = await fetch(address);
    if (!answer.ok) return;
    const there = new Set([...facet.querySelectorAll(`input[name="${name}"]`)].map((tick) => tick.value));
    const list = facet.querySelector(".rest ul");
    for (const found of (await answer.json()).facets[name].values) {
      if (!there.has(found.value)) list.append(row(facet, found));
    }
  };

  for (const facet of document.querySelectorAll(".facet[data-find]")) {
    const rest = facet.querySelector(".rest");
    if (!rest) continue;
    const name = facet.id.replace("facet-", "");
    const field = document.createElement("input");
    let fetched = !facet.querySelector(".more") && Promise.resolve();
    field.type = "search";
    field.className = "find";
    field.placeholder = facet.dataset.find;
    field.setAttribute("aria-label", facet.dataset.find);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    field.addEventListener("input", async () => {
      fetched ||= fetchAll(facet, name);
      await fetched;
      const wanted = plain(field.value.trim());
      for (const item of facet.querySelectorAll(`li:has(input[name="${name}"])`)) {
        item.hidden = !plain(item.querySelector(".value").textContent).includes(wanted);
      }
      rest.open ||= Boolean(wanted);
    });
    facet.querySelector("legend").after(field);
  }
})();
