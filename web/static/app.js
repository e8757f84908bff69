// Comfort for pages that work without it: ticks search at once, and a few keys.
"use strict";

(() => {
  const form = document.getElementById("search");
  const box = document.getElementById("q");
  const place = "nachlese-place";
  // A browser that keeps nothing throws when it is asked for what it kept.
  const storage = (kind) => {
    try {
      return window[kind];
    } catch {
      return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
    }
  };
  const session = storage("sessionStorage");
  const local = storage("localStorage");

  // Empty fields say nothing: keep them out of the address.
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.name !== "q" && field.value === "") field.disabled = true;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
  });
  // Whoever comes back sees what the address says, not what was ticked before leaving.
  window.addEventListener("pagehide", () => form.reset());

  const filters = document.getElementById("filters");
  // A tick searches at once. Whatever is chosen among the filters, the new page goes on where this one was.
  const keep = (element, changed) => {
    const seen = { top: window.scrollY, at: element.getBoundingClientRect().top, open: filters?.open };
    session.setItem(place, JSON.stringify({ ...changed, ...seen }));
  };
  const facets = document.querySelector(".facets");
  filters?.addEventListener("toggle", () => {
    if (!filters.open && filters.getBoundingClientRect().top < 0) filters.scrollIntoView();
  });
  facets?.setAttribute("aria-label", facets.dataset.label);
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.form !== form || field.type !== "checkbox") return;
    keep(field, { name: field.name, value: field.value });
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    const field = [event.submitter, document.activeElement].find((each) => each?.closest(".facets"));
    if (field) keep(field, { name: field.name, value: field.value, label: field.closest("li")?.querySelector(".value").textContent });
  });
  // Whoever chooses by keys in timeline or map, or takes a choice back, is led to where they were.
  const regions = [".chips", ".path", ".views", ".timeline .twin", ".bars", ".sheet.world", ".sheet.europe", ".legend", ".map .twin"];
  // Where one is taken back, its neighbour follows, never what takes all of them back.
  const linksOf = (region) => [...document.querySelectorAll(`${region} a:not(.all)`)];
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    // what chart.js makes for a chosen range stands beside the bars
    const region = link && regions.find((each) => link.closest(each) || (each === ".bars" && link.closest(".timeline")));
    if (!region || event.detail || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    keep(link, { region, nth: linksOf(region).indexOf(link), from: link.dataset.from, text: link.textContent });
  });
  const again = ({ region, nth, from, text }) => {
    const links = linksOf(region);
    const same = links.find((link) => (from ? link.dataset.from === from : link.textContent === text));
    return same || links.find((link) => link.matches(".selected")) || links[Math.min(Math.max(nth, 0), links.length - 1)]
      || document.getElementById("content");
  };
  const kept = JSON.parse(session.getItem(place) || "null");
  session.removeItem(place);
  // Only when all scripts have run does the page have its height.
  if (kept) document.addEventListener("DOMContentLoaded", () => {
    if (kept.region) {
      const link = again(kept);
      link.closest("details")?.setAttribute("open", "");
      window.scrollTo(0, kept.top);
      link.focus({ preventScroll: true });
      if (link.matches("a")) link.scrollIntoView({ block: "nearest" });
      return;
    }
    const fields = [...form.elements].filter((each) => each.closest(".facets"));
    const changed = fields.find((each) => each.name === kept.name && (each.value === kept.value || each.type === "text"));
    // What was left out has no row any more: its chip takes the focus.
    // What was ticked may be too rare for the list once it is no longer: the first one of its facet takes the focus.
    const first = fields.find((each) => each.type === "checkbox" && each.name === kept.name);
    const chip = [...document.querySelectorAll(".chips a")].find((each) => each.textContent.includes(kept.label || kept.value));
    filters?.toggleAttribute("open", kept.open);
    changed?.closest(".rest")?.setAttribute("open", "");
    window.scrollTo(0, changed ? window.scrollY + changed.getBoundingClientRect().top - kept.at : kept.top);
    if (changed || chip) (changed || chip).focus({ preventScroll: true });
    else first?.focus();
  });

  for (const button of document.querySelectorAll("button.copy")) {
    const [name, said] = [button.textContent, document.createElement("span")];
    let timer = 0;
    const say = (done) => {
      button.textContent = done ? button.dataset.done : name;
      said.textContent = done ? button.dataset.done : "";
    };
    said.className = "unseen";
    said.setAttribute("role", "status");
    button.after(said);
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code")?.textContent ?? location.href);
      clearTimeout(timer);
      say(true);
      timer = setTimeout(say, 3000, false);
    });
  }

  // "/" leads to the box, "j" and "k" from hit to hit, in an article from mark to mark, unless whoever speaks or slips on
  // the keyboard switches that off.
  const hits = [...document.querySelectorAll(".hit .title a, .text mark")];
  const list = hits[0]?.closest(".hits, .text");
  const change = document.getElementById("keys-switch");
  const words = [change.textContent, change.dataset.off];
  const silent = "nachlese-keys-off";
  const tell = () => {
    const off = local.getItem(silent) !== null;
    change.textContent = words[Number(off)];
    for (const [element, keys] of [[box, "/"], [list, "j k"]]) {
      if (off) element?.removeAttribute("aria-keyshortcuts");
      else element?.setAttribute("aria-keyshortcuts", keys);
    }
  };
  for (const said of [change, document.getElementById("keys-hint")]) if (said) said.hidden = false;
  change.addEventListener("click", () => {
    if (local.getItem(silent) !== null) local.removeItem(silent);
    else local.setItem(silent, "1");
    tell();
  });
  tell();
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || local.getItem(silent) !== null) return;
    if (event.key === "/") {
      event.preventDefault();
      box.focus();
      box.select();
    } else if ((event.key === "j" || event.key === "k") && hits.length) {
      const at = hits.indexOf(document.activeElement);
      const next = event.key === "j" ? Math.min(at + 1, hits.length - 1) : Math.max(at - 1, 0);
      if (hits[next].matches("mark")) hits[next].tabIndex = -1;
      hits[next].focus();
    }
  });
})();
