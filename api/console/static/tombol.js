// One key decides. Every key is printed on the button or link it presses; without this file the
// buttons still work.
(() => {
  "use strict";
  const one = (selector) => document.querySelector(selector);
  const sheet = one("#lembar");
  const tick = one("#pakai-tombol");
  let sent = false;

  const remembered = () => {
    try {
      return localStorage.getItem("netra-tombol") !== "tidak";
    } catch {
      return true;
    }
  };
  let on = remembered();
  if (tick) {
    tick.checked = on;
    tick.addEventListener("change", () => {
      on = tick.checked;
      try {
        localStorage.setItem("netra-tombol", on ? "ya" : "tidak");
      } catch {
        // A browser that keeps nothing: the choice holds for this page.
      }
    });
  }

  const isTyping = (element) =>
    Boolean(element.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]"));
  const sheetIsOpen = () => Boolean(sheet?.togglePopover && sheet.matches(":popover-open"));

  const press = (element, event) => {
    event.preventDefault();
    if (element.matches("input, textarea")) element.focus({ preventScroll: true });
    else element.click();
  };

  const moveInList = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  };

  const rest = () => {
    sent = false;
    document.body.removeAttribute("aria-busy");
  };

  addEventListener("keydown", (event) => {
    if (!event.key || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.isComposing || event.repeat || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!on || sent) return;
    const key = event.key.toLowerCase();
    if (key === "?" && sheet?.togglePopover) {
      event.preventDefault();
      sheet.togglePopover();
    }
    if (key.length !== 1 || sheetIsOpen()) return;
    const element = one(`[data-key="${CSS.escape(key)}"]`);
    if (element) press(element, event);
    else if (key === "j") moveInList(1);
    else if (key === "k") moveInList(-1);
  });

  addEventListener("submit", (event) => {
    const note = one("#note");
    if (event.submitter?.dataset.needsNote !== undefined && !note.value.trim()) {
      event.preventDefault();
      one("#kata").textContent = "Tulis alasannya di catatan, lalu tekan Esc dan 4.";
      note.focus({ preventScroll: true });
      return;
    }
    // A second press while the first is on its way would decide the next case unseen.
    if (sent) event.preventDefault();
    sent = true;
    document.body.setAttribute("aria-busy", "true");
    // On a line that hangs, a person who stopped the page must be able to press again.
    setTimeout(rest, 15000);
  });

  addEventListener("pageshow", rest);

  const undo = one("[data-left]");
  if (undo) setTimeout(() => { undo.disabled = true; }, Number(undo.dataset.left) * 1000);
})();
