// Timeline and map for those who drag and for those who use keys: one stop of the tab key each, arrows within.
"use strict";

(() => {
  // One link of a drawing can be reached by tab; arrows lead from there, left and right by one order, up and down by another.
  const rove = (drawing, links, across, down, moved) => {
    if (!links.length) return;
    let current = links.find((link) => link.classList.contains("selected")) || across[0];
    for (const link of links) link.setAttribute("tabindex", link === current ? "0" : "-1");
    const go = (next, event) => {
      const before = current;
      event.preventDefault();
      next.focus();
      moved(before, next, event);
    };
    // whatever leads to a link, a key, a finger or the page before, arrows go on from there
    drawing.addEventListener("focusin", (event) => {
      current.setAttribute("tabindex", "-1");
      current = links.find((link) => link.contains(event.target)) || current;
      current.setAttribute("tabindex", "0");
    });
    drawing.addEventListener("keydown", (event) => {
      const order = /Left|Right/.test(event.key) ? across : down;
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Home") go(across[0], event);
      else if (event.key === "End") go(across.at(-1), event);
      else if (step) go(order[Math.min(Math.max(order.indexOf(current) + step, 0), order.length - 1)], event);
    });
  };

  for (const sheet of document.querySelectorAll(".sheet")) {
    const links = [...sheet.querySelectorAll("a")];
    const by = (name) => [...links].sort((a, b) => parseFloat(at(a, name)) - parseFloat(at(b, name)));
    const at = (link, name) => link.querySelector("circle").getAttribute(name);
    rove(sheet, links, by("cx"), by("cy"), () => {});
  }

  // --- a range of time: dragged, or chosen with the shift key ---

  const figure = document.querySelector(".timeline");
  if (!figure) return;
  const drawing = figure.querySelector(".bars");
  const said = figure.querySelector(".range-said");
  // a place for each year or day; where something was found, a link
  const places = [...drawing.querySelectorAll("[data-from]")];
  const bars = places.filter((place) => place.matches("a"));
  let anchor = null;
  let range = [];

  // as the server says dates: 2005, February 2005, February 9, 2005
  const inWords = (date) => {
    const [year, month, day] = date.split("-").map(Number);
    if (!month) return date;
    const shape = { year: "numeric", month: "long", ...(day && { day: "numeric" }), timeZone: "UTC" };
    return new Intl.DateTimeFormat(document.documentElement.lang, shape).format(Date.UTC(year, month - 1, day || 1));
  };
  const end = (place) => place.dataset.to || place.dataset.from;
  const mark = (one, other) => {
    const [from, to] = [places.indexOf(one), places.indexOf(other)].sort((a, b) => a - b);
    range = one && other ? places.slice(from, to + 1) : [];
    for (const place of places) place.classList.toggle("touched", range.includes(place));
    const ends = range.length > 1 ? [range[0].dataset.from, end(range.at(-1))].map(inWords) : [];
    said.textContent = ends.length ? said.dataset.words.replace(/[12]/g, (at) => ends[at - 1]) : "";
  };
  const searched = () => {
    const address = new URL(figure.dataset.address, location.origin);
    address.searchParams.set("from", range[0].dataset.from);
    address.searchParams.set("to", end(range.at(-1)));
    return address;
  };

  drawing.removeAttribute("aria-hidden");
  drawing.setAttribute("role", "group");
  drawing.setAttribute("aria-label", figure.getAttribute("aria-label"));
  drawing.setAttribute("aria-describedby", "keys");
  rove(drawing, bars, bars, bars, (before, now, event) => {
    anchor = event.shiftKey ? anchor || before : null;
    mark(anchor, now);
  });
  drawing.addEventListener("keydown", (event) => {
    if (range.length > 1 && event.key === "Enter") {
      event.preventDefault();
      // a link, so that the next page goes on where this one was
      const link = Object.assign(document.createElement("a"), { href: searched(), hidden: true });
      drawing.after(link);
      link.click();
    } else if (event.key === "Escape") {
      anchor = null;
      mark(null, null);
    }
  });

  let pressed = null;
  // between Escape and the click that ends the drag, which chooses nothing
  let dropped = false;
  const far = 100; // pixels
  const isFar = (event) => {
    const box = drawing.getBoundingClientRect();
    return event.clientY < box.top - far || event.clientY > box.bottom + far;
  };
  const under = (event) => {
    const box = drawing.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * places.length);
    return places[Math.min(Math.max(at, 0), places.length - 1)];
  };
  drawing.addEventListener("pointerdown", (event) => {
    dropped = false;
    if (event.button === 0) pressed = under(event);
  });
  document.addEventListener("pointermove", (event) => {
    const last = pressed && under(event);
    // far above or below the chart a range is let go; past its ends it reaches to them
    if (last && isFar(event)) mark(null, null);
    else if (last && (last !== pressed || range.length)) mark(pressed, last);
  });
  document.addEventListener("pointerup", () => {
    if (pressed && range.length > 1) location.assign(searched());
    pressed = null;
  });
  const letGo = () => {
    dropped = true;
    pressed = null;
    mark(null, null);
  };
  document.addEventListener("pointercancel", letGo);
  document.addEventListener("keydown", (event) => {
    if (pressed && event.key === "Escape") letGo();
  });
  window.addEventListener("pageshow", () => mark(null, null));
  drawing.addEventListener("dragstart", (event) => event.preventDefault());
  drawing.addEventListener("click", (event) => {
    // a key's click has no detail, and ends no drag
    if (range.length > 1 || (dropped && event.detail)) event.preventDefault();
    dropped = false;
  });
})();
