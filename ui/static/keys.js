// Keys, printing, the clock and the theme: what must happen in the browser itself.
(() => {
  "use strict";
  const HOTKEYS = new Set(["f1", "f2", "f3", "f4", "f6", "f8", "f9", "ctrl+s", "ctrl+p", "ctrl+k"]);
  for (let n = 0; n < 10; n++) HOTKEYS.add("alt+" + n);
  const combo = (e) =>
    (e.ctrlKey || e.metaKey ? "ctrl+" : "") + (e.altKey ? "alt+" : "") + (e.shiftKey && e.key.length > 1 ? "shift+" : "") + e.key.toLowerCase();
  const seen = (el) => el.offsetParent !== null && !el.disabled && !el.readOnly;

  const CONTROLS = ["input:not([type=hidden]):not([type=file])", "select", "textarea", "[role=checkbox]:not([aria-disabled=true])"];
  const FORM_FIELDS = CONTROLS.map((one) => ".sf-enter " + one).join();
  // What a record has beside its fields: cells of a list, homes of a table, the button of an attachment.
  const PARTS = [".sf-child td[tabindex='0']", ".sf-child-add", "[role=grid] [tabindex='0']", ".sf-slot button"].map((one) => ".sf-record " + one).join();
  // A question over the page has the keyboard to itself.
  // A dialog that fades away asks nothing: the next key belongs to the page below.
  const asked = () => [...document.querySelectorAll(".q-dialog .q-dialog__inner")].some((one) => !one.className.includes("-leave-"));

  // Keys that follow F4 at once, as those of a reader, or Ctrl+K, wait for the field or button of its question; those that
  // follow a signer's confirmation wait for the field of the next one.
  // The server always answers a confirmation: by the next signer's field, the button after the last, or a refusal.
  const SIGNING = ".sf-signing", SIGNED_WITHIN = 60000, MOVES = { j: 1, k: -1 };
  let held = null, arrived = null;
  const release = (to) => {
    const keys = held || [];
    held = null;
    if (keys[0] === "Enter" && to?.matches(".q-dialog button")) to.click();
    if (!/^(input|textarea)$/i.test(to?.tagName || "")) return;
    let chosen = false;
    for (const key of keys) {
      const by = MOVES[key.toLowerCase()];
      if (chosen && by) {
        window.sfEarly.push({ by, at: performance.now() });
        continue;
      }
      if (key === "Enter" && to.closest(".sf-finder")) {
        chosen = true;
        entered = performance.now();
      }
      const press = (keyCode) => to.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, keyCode, bubbles: true, cancelable: true }));
      if (key === "Enter") press(13);
      // A field sends what is in it a moment after it was typed.
      else if (key === "F8") setTimeout(press, 0, 119);
      else {
        to.setRangeText(key, to.selectionStart, to.selectionEnd, "end");
        to.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  };
  const hold = (patience, place = ".q-dialog") => {
    const from = document.activeElement, until = performance.now() + patience;
    held = [];
    // After the last signer the page has a button.
    arrived = () => {
      const at = document.activeElement;
      return at && at !== from && ((at.closest(place) && at.matches(place === SIGNING ? "input" : "input, textarea, button")) || (place === SIGNING && at.matches("button.sf-next")));
    };
    const look = () => {
      if (arrived() || (place === SIGNING && (!held || asked()))) release(document.activeElement);
      else if (performance.now() > until && !asked()) release(from);
      else if (performance.now() > until + 2000) release(null);
      else setTimeout(look, 20);
    };
    look();
  };
  // What was refused leaves the keys where they were.
  window.sfRefused = () => { if (held) release(document.activeElement); };
  document.addEventListener("keydown", (e) => {
    if (!held || !e.isTrusted || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || !e.key) return;
    // The first key there is no longer one to wait: it follows those that waited.
    const there = arrived() && document.activeElement;
    if (there && !(held.length && /^(input|textarea)$/i.test(there.tagName))) return release(there);
    if (e.key.length > 1 && e.key !== "Enter" && e.key !== "F8") return;
    e.preventDefault();
    e.stopImmediatePropagation();
    held.push(e.key);
    if (there) release(there);
  }, true);

  // J and K that follow Enter in Ctrl+K or in the tree at once are for the queue that is being opened (ui/review/keys.js).
  window.sfEarly = [];
  let entered = -Infinity;
  document.addEventListener("keydown", (e) => {
    if (!e.isTrusted || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
    const finder = e.target.closest?.(".sf-finder"), by = MOVES[e.key?.toLowerCase()];
    if (!by) {
      entered = e.key === "Enter" && finder ? performance.now() : -Infinity;
      return;
    }
    const chosen = finder && performance.now() - entered < 3000;
    if (!chosen && (asked() || /^(input|select|textarea)$/i.test(e.target.tagName))) return;
    if (document.querySelector(".sf-panels .sf-panel .sf-review-keys") && !chosen) return;
    window.sfEarly.push({ by, at: performance.now() });
    if (chosen) e.preventDefault();
  }, true);

  // What Ctrl+K found: the arrows walk from the field through the results and back.
  const inFound = (e) => {
    const box = e.target.closest?.(".sf-finder"), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!box || !step) return false;
    const all = [box.querySelector("input"), ...box.querySelectorAll(".sf-found")];
    const to = all[all.indexOf(document.activeElement) + step];
    if (to) { e.preventDefault(); to.focus(); }
    return true;
  };

  // A text of several lines is left by Enter while it is empty, and on an empty last line, which goes.
  const written = (el) => {
    if (!el.matches(".sf-enter textarea") || !/(^|\n)$/.test(el.value.slice(0, el.selectionEnd)) || el.selectionEnd < el.value.length) return false;
    if (el.value) {
      el.setRangeText("", el.value.length - 1, el.value.length);
      el.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return true;
  };

  const next = (el, back) => {
    const form = el.closest(".sf-enter");
    if (!form) return false;
    const all = [...form.querySelectorAll([...CONTROLS, "button.sf-next"].join())].filter(seen);
    let to = all[all.indexOf(el) + (back ? -1 : 1)];
    if (!to && !back) {
      // After the last field come those of the next section, and after the last section the button they are all for.
      const page = form.closest(".sf-panel, .sf-dialog") || document;
      const after = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
      const button = [...page.querySelectorAll("button.sf-next")].find((b) => seen(b) && after(form, b));
      const fields = [...page.querySelectorAll(`${FORM_FIELDS}, ${PARTS}`)].filter(seen);
      to = fields.find((f) => !form.contains(f) && after(form, f) && (!button || after(f, button))) || button;
    }
    if (!to) return false;
    to.focus();
    if (to.select) to.select();
    return true;
  };
  window.sfNext = next;

  // Whoever opens or changes a page by key must not walk through menu and tree to get into it.
  const OUTSIDE = ".sf-skip, .sf-offer, .sf-tree, .sf-menubar, .sf-tabs, .q-menu";
  const FIELDS = "input:not([type=hidden]):not([type=file]):not([type=checkbox]):not([type=range]), textarea, select";
  const ROWS = "tbody tr[tabindex]", CELL = "[role=grid] [tabindex='0']", WRONG = ".q-field--error, .sf-choice-error";
  // Letters decide in a queue, so the keyboard stands on its row; a record that is only read is entered by its heading.
  const onPage = (panel) => {
    if (panel.querySelector(".sf-review-keys")) return panel.querySelector(".sf-grid tbody tr[aria-selected=true]");
    const wanted = panel.querySelector(".sf-record-head") ? FIELDS : `${FIELDS}, ${ROWS}, ${CELL}`;
    const fields = [...panel.querySelectorAll(wanted)].filter(seen);
    return fields.find((field) => field.closest(WRONG)) || fields[0] || panel.querySelector("button.sf-figure");
  };
  window.sfArrive = () => {
    if (innerWidth <= 760) return;
    let tries = 0;
    const go = () => {
      const at = document.activeElement;
      if ((at && at !== document.body && !at.closest(OUTSIDE)) || asked()) return;
      const panel = document.querySelector(".sf-panels .sf-panel");
      const to = panel && onPage(panel);
      if (to) {
        to.focus({ preventScroll: true });
        // A page that kept yesterday's number: what is typed next takes its place.
        to.select?.();
      } else if (tries++ < 8) setTimeout(go, 150);
      else if (panel) {
        // A queue of which nothing is in hand yet is entered by its first row.
        const first = panel.querySelector(".sf-review-keys:not([data-walks='1'])") && panel.querySelector(`.sf-grid ${ROWS}`);
        const place = first || [...panel.querySelectorAll(".sf-title, .sf-head")].find(seen) || panel;
        if (!first) place.tabIndex = -1;
        place.focus({ preventScroll: true });
      }
    };
    setTimeout(go, 50);
  };

  // A form drawn beside a list has the keyboard in its first field.
  window.sfInto = (id) => {
    let tries = 0;
    const go = () => {
      const box = document.getElementById(id);
      if (!box || asked() || box.contains(document.activeElement)) return;
      const field = [...box.querySelectorAll(`${FIELDS}, [role=checkbox]`)].find(seen);
      if (field) field.focus();
      else if (tries++ < 8) setTimeout(go, 150);
    };
    if (innerWidth > 760) setTimeout(go, 50);
  };

  // What had the keyboard may go with what was done; then it comes back to what asked, else to where the page goes on.
  let watching = 0, last = null, asker = null;
  const watchOver = () => {
    const turn = ++watching, until = performance.now() + 10000;
    let lost = 0;
    const look = () => {
      if (turn !== watching) return;
      const free = document.activeElement === document.body && !asked() && !document.querySelector(".q-menu");
      lost = free ? lost + 1 : 0;
      // A button that is doing what it was pressed for loses the keyboard until that is done.
      const back = [asker, last].find((one) => one?.isConnected && (one === asker || one.closest(".sf-panel")));
      const wrong = back && [...(back.closest(".sf-panel")?.querySelectorAll(FIELDS) || [])].filter(seen).find((one) => one.closest(WRONG));
      if (lost > 3 && back && seen(back)) (wrong || back).focus({ preventScroll: true });
      else if (lost > 3 && !back?.disabled) sfArrive();
      else if (performance.now() < until || back?.disabled) setTimeout(look, 100);
    };
    setTimeout(look, 100);
  };

  // What a question proposes is replaced by what is typed.
  document.addEventListener("focusin", (e) => {
    if (e.target.matches(".q-dialog input") && e.target.value && !e.relatedTarget?.matches?.(".q-dialog :is(input, textarea, button)")) e.target.select();
  });

  // Enter makes a new line of a reason and walks the fields of a question; with Ctrl it agrees.
  const inQuestion = (e) => {
    if (e.key !== "Enter" || !e.ctrlKey || !e.target.matches(".q-dialog :is(input, textarea, [role=checkbox])")) return false;
    const yes = e.target.closest(".q-dialog").querySelector(".sf-buttons .sf-next, .sf-buttons .sf-button-danger");
    if (yes && seen(yes)) { e.preventDefault(); yes.click(); }
    return true;
  };

  const inMenu = (e) => {
    const menu = e.target.closest(".sf-menu");
    if (!menu) return false;
    const items = [...menu.querySelectorAll(".q-item")];
    const at = items.indexOf(e.target.closest(".q-item"));
    const go = { ArrowDown: (at + 1) % items.length, ArrowUp: (at + items.length - 1) % items.length, Home: 0, End: items.length - 1 }[e.key];
    if (go === undefined || !items[go]) return false;
    e.preventDefault();
    items[go].focus();
    return true;
  };

  // F10 goes to the buttons of the page, which need not have keys of their own; the arrows walk them, Escape goes back.
  let cameFrom = null;
  const inToolbar = (e) => {
    const all = [...document.querySelectorAll(".sf-toolbar button")].filter(seen);
    const at = all.indexOf(document.activeElement);
    if (e.key === "F10" && all.length && !asked()) {
      if (at < 0) cameFrom = document.activeElement;
      all[0].focus();
    } else if (at >= 0 && e.key === "Escape") cameFrom?.isConnected ? cameFrom.focus() : sfArrive();
    else if (at >= 0 && all[at + { ArrowRight: 1, ArrowLeft: -1 }[e.key]]) all[at + { ArrowRight: 1, ArrowLeft: -1 }[e.key]].focus();
    else return false;
    e.preventDefault();
    return true;
  };

  // → goes from a row into what stands beside its list, ← from a button there back to the row in hand.
  const aside = (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key], part = step && e.target.closest(".sf-split > *");
    if (!part || e.ctrlKey || e.altKey || e.shiftKey) return false;
    const row = e.target.matches(".sf-grid tr[tabindex]"), button = e.target.matches(".sf-buttons button");
    const to = step > 0 ? row && part.nextElementSibling : button && part.previousElementSibling;
    const all = to ? [...to.querySelectorAll(step > 0 ? `${FIELDS}, button, ${ROWS}` : ".sf-grid " + ROWS)].filter(seen) : [];
    const at = all.find((one) => step > 0 || one.getAttribute("aria-selected") === "true") || all[0];
    if (!at) return false;
    e.preventDefault();
    at.focus();
    return true;
  };

  const inPage = (e) => {
    // With Ctrl from any field: in a choice the arrow opens its options.
    if (e.key === "ArrowDown" && !e.altKey && (e.ctrlKey ? !asked() && !e.target.closest(".sf-grid, [role=grid]") : e.target.matches(".sf-filters input:not([role=combobox])"))) {
      const from = e.target, panel = from.closest(".sf-panel"), until = performance.now() + 5000;
      if (panel) e.preventDefault();
      // Pressed before the list is there, it waits for its rows.
      const go = () => {
        const row = panel?.querySelector(".sf-grid tr[aria-selected=true]") ?? panel?.querySelector(`.sf-grid ${ROWS}, ${CELL}`);
        if (row) row.focus();
        else if (panel?.querySelector(".sf-grid") && performance.now() < until && document.activeElement === from) setTimeout(go, 50);
      };
      go();
      return;
    }
    if (e.key === "Delete" && e.target.matches(".sf-tabs .q-tab")) {
      e.target.querySelector(".sf-close")?.click();
      return;
    }
    const box = e.target.closest(".sf-grid");
    if (!box || /^(input|select|textarea)$/i.test(e.target.tagName)) return;
    const rows = [...box.querySelectorAll("tbody tr[tabindex]")];
    const at = rows.indexOf(e.target.closest("tr"));
    const go = { ArrowDown: at + 1, ArrowUp: Math.max(at - 1, 0), Home: 0, End: rows.length - 1 }[e.key];
    if (go !== undefined && rows[go]) {
      e.preventDefault();
      rows[go].focus();
      rows[go].scrollIntoView({ block: "nearest" });
    } else if (e.key === "Enter" && at >= 0) {
      e.preventDefault();
      rows[at].dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    } else if (e.key === "PageDown" || e.key === "PageUp") {
      const button = box.querySelector(e.key === "PageDown" ? ".sf-page-next" : ".sf-page-back");
      if (button && !button.disabled) { e.preventDefault(); button.click(); }
    }
  };

  // Since the last command: what the server sends in answer to it must not take the keyboard from somebody who types on.
  let commanded = 0, typed = 0;
  const COMMANDS = new Set(["enter", "tab", "escape", "pagedown", "pageup"]);
  document.addEventListener("keydown", (e) => {
    if (e.key && (HOTKEYS.has(combo(e)) || COMMANDS.has(e.key.toLowerCase()) || e.altKey)) commanded = performance.now();
    if (e.key && e.key !== "Tab") watchOver();
  }, true);
  document.addEventListener("click", (e) => {
    commanded = performance.now();
    if (e.target.closest?.("button")) watchOver();
    if (e.target.closest?.(".sf-panel button.sf-next") && document.querySelector(SIGNING)) hold(SIGNED_WITHIN, SIGNING);
  }, true);
  document.addEventListener("input", (e) => { if (e.isTrusted) typed = performance.now(); }, true);
  window.sfTyping = () => typed > commanded && /^(input|textarea)$/i.test(document.activeElement?.tagName || "");

  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || !e.key) return;
    const keys = combo(e);
    if (HOTKEYS.has(keys)) {
      e.preventDefault();
      e.stopPropagation();
      // Ctrl+K asks anew, also before what was chosen by Enter has taken its dialog away; letters that follow are its text.
      const again = keys === "ctrl+k" && performance.now() - entered < 3000;
      entered = -Infinity;
      if (asked() && !again) return;
      // What is being typed reaches the server before the command that uses it.
      if (document.activeElement && document.activeElement.blur && keys !== "f4" && keys !== "ctrl+k") document.activeElement.dispatchEvent(new Event("change", { bubbles: true }));
      if (window.emitEvent) emitEvent("hotkey", keys);
      // F4 may have no question; Ctrl+K always has one, however slow the page behind it is.
      if (keys === "f4" || keys === "ctrl+k") hold(keys === "f4" ? 800 : 6000);
      else if (keys === "f8" && document.activeElement?.closest(SIGNING)) hold(SIGNED_WITHIN, SIGNING);
      return;
    }
    if (e.altKey && !e.ctrlKey && e.key.length === 1) {
      const menu = document.querySelector(`[data-alt="${CSS.escape(e.key.toLowerCase())}"]`);
      if (menu && menu.offsetParent) {
        e.preventDefault();
        menu.click();
        if (!menu.closest(".sf-menus")) return;
        // Drawn when the browser gets to it; until then there is nothing to stand on.
        let tries = 0;
        const first = () => {
          const item = [...document.querySelectorAll(".sf-menu")].pop()?.querySelector(".q-item");
          if (item) item.focus();
          else if (tries++ < 200) setTimeout(first, 50);
        };
        setTimeout(first, 100);
      }
      return;
    }
    if (e.key === "Enter" && !e.ctrlKey && !e.altKey && (written(e.target) || e.target.matches(".sf-enter input:not([type=checkbox]), .sf-enter select, .sf-enter [role=checkbox]"))) {
      if (e.target.getAttribute("aria-expanded") === "true") return;
      if (next(e.target, e.shiftKey)) {
        e.preventDefault();
        if (e.target.matches("[role=checkbox]")) e.stopPropagation();
      }
      return;
    }
    if (inFound(e) || inQuestion(e) || inMenu(e) || inToolbar(e) || aside(e)) return;
    inPage(e);
  }, true);

  // A box is ticked by the space bar; Enter, which also let go here, has only come to it.
  document.addEventListener("keyup", (e) => {
    if (e.key === "Enter" && e.target.matches?.(".sf-enter [role=checkbox]")) e.stopPropagation();
  }, true);

  // A dialog is called what its heading says.
  document.addEventListener("focusin", (e) => {
    const dialog = e.target.closest?.(".q-dialog");
    if (dialog) asker = last;
    else [last, asker] = [e.target, null];
    const heading = dialog?.querySelector(".sf-dialog h2");
    if (heading && !dialog.hasAttribute("aria-label")) dialog.setAttribute("aria-label", heading.textContent);
    // One that asks for fields begins in the first of them, another that names no place at its main button.
    if (innerWidth > 760 && e.target.matches?.(".q-dialog__inner")) {
      ([...e.target.querySelectorAll(FORM_FIELDS)].find(seen) || e.target.querySelector(".sf-button-main"))?.focus();
    }
  }, true);

  // An amount is said again below its field, with separators and in 万元 or 亿元, while it is typed.
  const sayMoney = (box) => {
    const control = box.closest(".sf-control"), number = Number(box.value.replace(/,/g, ""));
    if (!control) return;
    const large = number >= 1e8 ? (number / 1e8).toFixed(2) + " 亿元" : number >= 1e4 ? (number / 1e4).toFixed(2) + " 万元" : "";
    if (large) control.dataset.money = number.toLocaleString("zh-CN", { minimumFractionDigits: 2 }) + " 元，合 " + large;
    else delete control.dataset.money;
  };
  for (const when of ["input", "focusin", "focusout"]) document.addEventListener(when, (e) => {
    if (e.target.matches?.(".sf-money input")) sayMoney(e.target);
  }, true);

  // 20260301, 2026/3/1 and 2026年3月1日 become 2026-03-01 when the field is left; the server reads all of them anyway.
  document.addEventListener("focusout", (e) => {
    if (!e.target.matches(".sf-date input")) return;
    const parts = e.target.value.trim().match(/^(\d{4})[-\/.年]?(\d{1,2})[-\/.月]?(\d{1,2})日?$/);
    if (!parts) return;
    const text = `${parts[1]}-${parts[2].padStart(2, "0")}-${parts[3].padStart(2, "0")}`;
    if (text === e.target.value) return;
    e.target.value = text;
    e.target.dispatchEvent(new Event("input", { bubbles: true }));
  }, true);

  window.printPdf = (url) => {
    if (!/^\/[^\/]/.test(url)) return;
    document.getElementById("sf-print")?.remove();
    const frame = document.createElement("iframe");
    frame.id = "sf-print";
    frame.title = "打印";
    frame.onload = () => {
      const at = document.activeElement;
      try { frame.contentWindow.focus(); frame.contentWindow.print(); } catch { window.open(url, "_blank", "noopener"); }
      // The keyboard went into the frame with the print; the page's keys must not end there.
      window.focus();
      frame.blur();
      if (at && at !== document.body && at.isConnected) at.focus();
    };
    frame.src = url;
    document.body.append(frame);
  };

  // A moment later: the list brings its own row into view when it is drawn.
  window.sfReveal = (id) => { if (innerWidth <= 1100) setTimeout(() => document.getElementById(id)?.scrollIntoView({ block: "start" }), 120); };
  window.sfSignOut = () => {
    // The answer leads to sign-in and says so; what the server tells the session's pages meanwhile would overtake it.
    window.sfOver = () => {};
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/logout" });
    document.body.append(form);
    form.submit();
  };
  window.sfPassword = () => location.assign("/password");
  window.sfStreet = () => location.assign("/street");
  window.sfFront = (key) => {
    for (const one of document.querySelectorAll(".sf-line-open")) {
      if (one.dataset.module === key) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
  };
  window.sfTree = () => document.querySelector(".sf")?.classList.toggle("sf-tree-open");
  document.addEventListener("click", (e) => {
    if (e.target.closest(".sf-tree button:not(.sf-star)")) document.querySelector(".sf")?.classList.remove("sf-tree-open");
  });

  const apply = window.sfLook = () => {
    const kept = localStorage.getItem("sf-theme");
    if (kept && window.Quasar) Quasar.Dark.set(kept === "dark");
  };
  window.sfTheme = () => {
    localStorage.setItem("sf-theme", document.body.classList.contains("body--dark") ? "light" : "dark");
    apply();
  };

  setInterval(() => {
    // Amounts that were there before are said too, not only those somebody types.
    document.querySelectorAll(".sf-money input").forEach(sayMoney);
    const place = document.getElementById("sf-clock");
    if (!place) return;
    const now = new Date(Date.now() + Number(place.dataset.shift || 0) * 1000);
    const text = now.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
    if (place.textContent !== text) place.textContent = text;
  }, 1000);
})();
