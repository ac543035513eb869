// The line to the server: what is shown while it is down, and what was typed then.
(() => {
  "use strict";
  let lostAt = 0;
  window.sfOver = (why) => {
    lostAt = 0;
    location.replace("/login?why=" + encodeURIComponent(why));
  };
  const line = (up) => {
    const place = document.getElementById("sf-line");
    if (place) {
      place.classList.toggle("sf-down", !up);
      place.firstElementChild.textContent = up ? "已连接" : "连接中断";
    }
    let cover = document.getElementById("sf-cover");
    if (up) cover?.remove();
    else if (!cover) {
      // A click made now would be sent after the reconnect; the cover takes it.
      cover = Object.assign(document.createElement("div"), { id: "sf-cover" });
      cover.setAttribute("role", "alert");
      cover.append(Object.assign(document.createElement("p"), { textContent: "与服务器的连接中断，正在重新连接，请不要关闭本页。已保存的内容不会丢失……" }));
      document.body.append(cover);
    }
  };
  const alive = () => fetch("/session/alive", { cache: "no-store" }).then((r) => { if (r.status === 401) sfOver("over"); }).catch(() => {});

  // After a restart of the server the page opens anew with what was saved. What was typed in since is put back into its
  // fields, or its field is named. Meanwhile it lies on this computer only sealed, with a key that the session has.
  const LOST = "sf-lost", TYPED = "sf-typed", filled = new Map();
  const TEXT = "input:not([type=file]):not([type=checkbox]):not([type=range]):not([role=combobox]), textarea";
  const lately = () => [...filled].filter(([, one]) => one.at > lostAt - 5000).slice(-5);
  const sessionKey = async () => {
    const secret = document.getElementById("sf-line")?.dataset.key;
    if (!secret || !crypto.subtle) return null;
    return crypto.subtle.importKey("raw", Uint8Array.from(atob(secret), (one) => one.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"]);
  };
  const keepTyped = async () => {
    const key = await sessionKey(), iv = crypto.getRandomValues(new Uint8Array(12));
    const typed = JSON.stringify([location.search, lately().map(([label, one]) => [label, one.text])]);
    if (!key || !lostAt) return;
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(typed));
    sessionStorage.setItem(TYPED, JSON.stringify([[...iv], [...new Uint8Array(sealed)]]));
  };
  const typedBefore = async () => {
    const kept = sessionStorage.getItem(TYPED), key = kept && await sessionKey();
    sessionStorage.removeItem(TYPED);
    if (!key) return [];
    const [iv, sealed] = JSON.parse(kept).map((one) => new Uint8Array(one));
    // Of another session, it stays sealed.
    const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed).catch(() => null);
    const [page, fields] = open ? JSON.parse(new TextDecoder().decode(open)) : [null, []];
    return page === location.search ? fields : [];
  };
  document.addEventListener("input", (e) => {
    const label = e.isTrusted && e.target.closest(".sf-panel") && e.target.getAttribute("aria-label");
    if (!label) return;
    filled.set(label, { at: performance.now(), text: e.target.matches(TEXT) ? e.target.value : "" });
    if (lostAt) keepTyped();
  }, true);
  addEventListener("pagehide", () => {
    if (lostAt) sessionStorage.setItem(LOST, JSON.stringify(lately().map(([label]) => label)));
  });
  const tellLost = async () => {
    const named = sessionStorage.getItem(LOST), fields = (await typedBefore()).filter(([, text]) => text), back = [];
    sessionStorage.removeItem(LOST);
    if (!named) return;
    const put = (tries) => {
      for (const [label, text] of fields.filter(([one]) => !back.includes(one))) {
        const [box, other] = [...document.querySelectorAll(`.sf-panel [aria-label="${CSS.escape(label)}"]`)].filter((one) => one.offsetParent && one.matches(TEXT));
        if (!box || other) continue;
        back.push(label);
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (back.length < fields.length && tries) setTimeout(put, 500, tries - 1);
      else emitEvent("lost", { back, check: JSON.parse(named).filter((one) => !back.includes(one)) });
    };
    setTimeout(put, 1500, 6);
  };

  let late;
  const watch = setInterval(() => {
    if (!window.socket) return;
    clearInterval(watch);
    window.socket.on("disconnect", () => { late = setTimeout(() => line(false), 700); lostAt ||= performance.now(); keepTyped(); });
    window.socket.on("connect", () => { clearTimeout(late); line(true); setTimeout(() => { if (window.socket.connected) { lostAt = 0; sessionStorage.removeItem(TYPED); } }, 5000); });
    tellLost();
    document.querySelector(".q-loading-bar")?.setAttribute("aria-label", "正在载入");
    window.socket.io.on("reconnect_attempt", (n) => { if (n >= 2) alive(); });
    sfLook();
  }, 50);
})();
