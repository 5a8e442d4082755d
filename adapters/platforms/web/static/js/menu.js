// A menu that opens from a button: arrows move, Enter chooses, Escape and Tab leave.
import { h } from "./dom.js";
import { step } from "./a11y.js";

const GAP = 4;
const EDGE = 8;

const place = (menu, button) => {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE));
  const below = at.bottom + GAP + height <= innerHeight - EDGE;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(EDGE, below ? at.bottom + GAP : at.top - GAP - height)}px`;
};

/** Open a menu at a button; `items` are `{label, detail, choose}`. */
export const openMenu = (button, label, items) => {
  const entries = items.map((item, index) =>
    h("button", { type: "button", role: "menuitem", tabindex: index ? -1 : 0, onclick: () => { close(); item.choose(); } },
      h("span", {}, item.label), item.detail && h("span", { class: "detail" }, item.detail)));
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label, popover: "auto" }, entries);
  const close = () => {
    menu.hidePopover();
    if (button.isConnected) button.focus();
  };
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    menu.remove();
  });
  menu.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    const index = entries.indexOf(document.activeElement);
    if (event.key in moves) entries[step(index, entries.length, moves[event.key])].focus();
    else if (event.key === "Home") entries[0].focus();
    else if (event.key === "End") entries.at(-1).focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.querySelector("main").append(menu);
  menu.showPopover();
  place(menu, button);
  button.setAttribute("aria-expanded", "true");
  entries[0]?.focus();
};
