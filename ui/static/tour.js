// The tour of the desk: one part of the frame after another is ringed and told of; the arrows walk, Esc ends it.
(() => {
  "use strict";
  window.sfTour = (steps) => {
    const here = steps.filter(([selector]) => document.querySelector(selector)?.offsetParent);
    if (!here.length || document.getElementById("sf-tour")) return;
    const from = document.activeElement;
    const box = Object.assign(document.createElement("div"), { id: "sf-tour", tabIndex: -1 });
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", "导览");
    const ring = Object.assign(document.createElement("div"), { className: "sf-tour-ring" });
    const card = Object.assign(document.createElement("div"), { className: "sf-tour-card" });
    box.append(ring, card);
    document.body.append(box);
    let at = 0;
    const end = () => { box.remove(); document.removeEventListener("keydown", keys, true); from?.focus?.(); };
    const make = (tag, text, act) => {
      const made = Object.assign(document.createElement(tag), { textContent: text });
      if (act) { made.type = "button"; made.addEventListener("click", act); }
      return made;
    };
    const show = () => {
      const [selector, title, text] = here[at];
      const place = document.querySelector(selector).getBoundingClientRect();
      Object.assign(ring.style, { left: place.left - 3 + "px", top: place.top - 3 + "px", width: place.width + 6 + "px", height: Math.min(place.height, innerHeight - place.top) + 6 + "px" });
      const back = make("button", "上一步", () => { at -= 1; show(); });
      back.disabled = at === 0;
      const last = at === here.length - 1;
      const on = make("button", last ? "知道了" : "下一步", () => { if (last) end(); else { at += 1; show(); } });
      on.className = "sf-tour-next";
      const foot = make("p", "");
      foot.append(make("span", `${at + 1} / ${here.length}`), make("button", "跳过", end), back, on);
      card.replaceChildren(make("h2", title), make("p", text), foot);
      const below = place.bottom + 12, room = card.offsetHeight;
      const top = below + room < innerHeight ? below : Math.max(8, Math.min(place.top + 12, innerHeight - room - 12));
      const left = below + room < innerHeight ? place.left : place.right + 12;
      Object.assign(card.style, { top: top + "px", left: Math.max(8, Math.min(left, innerWidth - card.offsetWidth - 12)) + "px" });
      on.focus();
    };
    const keys = (e) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (e.key === "Escape") end();
      else if (step && here[at + step]) { at += step; show(); }
      else if (e.key === "Tab" || e.key === "Enter" || e.key === " ") {
        // The keyboard stays among the buttons of the card.
        if (e.key !== "Tab") return;
        const all = [...card.querySelectorAll("button:not(:disabled)")];
        const now = all.indexOf(document.activeElement);
        all[(now + (e.shiftKey ? all.length - 1 : 1)) % all.length].focus();
      }
      e.preventDefault();
      e.stopImmediatePropagation();
    };
    document.addEventListener("keydown", keys, true);
    show();
  };
})();
