// Telling screen readers, and dialogs that give the focus back.
import { byId, freshId, h } from "./dom.js";
import { icon } from "./icons.js";

/** Say something once to assistive technology. */
export const announce = (words) => {
  const place = byId("announcer");
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = words;
  });
};

/**
 * Open a modal dialog and return `{dialog, close}`. `build(close)` gives what is below the heading. The focus goes back
 * to where it was.
 */
export const openDialog = ({ title, kind = "", build, closed }) => {
  const before = document.activeElement;
  const heading = `h-${freshId().slice(0, 8)}`;
  const close = () => dialog.close();
  const dialog = h("dialog", { class: kind, "aria-labelledby": heading },
    h("div", { class: "dialog-head" },
      h("h2", { id: heading }, title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, icon("close"))));
  dialog.append(build(close));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    else byId("line").focus();
    closed?.();
  });
  dialog.addEventListener("mousedown", (event) => {
    if (event.target === dialog) close(); // beside it, on the backdrop
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
};

/** Ask a yes-or-no question; resolves to true only when it is confirmed. */
export const confirm = (question, label) =>
  new Promise((resolve) => {
    let answer = false;
    openDialog({
      title: "Please confirm",
      build: (close) => h("form", { onsubmit: (event) => { event.preventDefault(); answer = true; close(); } },
        h("div", { class: "dialog-body" }, h("p", {}, question)),
        h("div", { class: "dialog-foot" },
          h("button", { type: "button", class: "button", onclick: close, autofocus: true }, "Cancel"),
          h("button", { type: "submit", class: "button danger" }, label))),
      closed: () => resolve(answer),
    });
  });

/** Move a selection through a list: returns the next index, around the ends; -1 means none yet. */
export const step = (index, count, by) => (count === 0 ? -1 : index < 0 ? (by > 0 ? 0 : count - 1) : (index + by + count) % count);
