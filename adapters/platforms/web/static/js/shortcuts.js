// Keys that work everywhere on the page, and the list of them.
import { openDialog } from "./a11y.js";
import { modifier } from "./channels.js";
import { byId, h } from "./dom.js";

const LIST = [
  ["Message box", ["/"]],
  ["Complete", ["Tab"]],
  ["Send", ["Enter"]],
  ["New line", ["Shift", "Enter"]],
  ["Earlier lines, in an empty box", ["↑"]],
  ["Jump to a channel", [modifier, "K"]],
  ["Next or previous channel", ["Alt", "↓ ↑"]],
  ["Buttons of the newest answer", ["Shift", "Tab"]],
  ["Close what is open, back to the box", ["Esc"]],
  ["This list", ["?"]],
];

const isTyping = (target) => target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);

export const openShortcuts = () => {
  if (document.querySelector("dialog[open]")) return;
  openDialog({
    title: "Keyboard shortcuts",
    build: () => h("div", { class: "dialog-body" }, h("dl", { class: "shortcuts" }, LIST.map(([what, keys]) =>
      [h("dt", {}, what), h("dd", {}, keys.map((key, index) => [index ? " " : "", h("kbd", {}, key)]))]))),
  });
};

export const startShortcuts = (app) => {
  byId("open-shortcuts").addEventListener("click", openShortcuts);
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const inDialog = document.querySelector("dialog[open]") !== null;
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      app.sidebar.openSwitcher();
    } else if (inDialog) return;
    else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      app.sidebar.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      if (!app.sidebar.closeDrawer()) app.toBox();
    } else if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "/") {
      event.preventDefault();
      app.toBox();
    } else if (event.key === "?") {
      event.preventDefault();
      openShortcuts();
    }
  });
};
