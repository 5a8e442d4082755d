// Buttons and selects of replies: pressing one runs its command as whoever presses.
import { confirm } from "./a11y.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";

const isUndo = (label) => /^undo\b/i.test(label);

const press = async (button, action, id, place, app) => {
  if (button.getAttribute("aria-busy") === "true") return;
  if (action.confirm && !(await confirm(action.confirm, action.label))) return;
  button.setAttribute("aria-busy", "true");
  await app.press(id, place, action.label);
  button.removeAttribute("aria-busy");
};

/**
 * A button, or with choices a button with a menu. `place` is `{channel, message}`; `key` names the button within its
 * message, so that the focus finds it again after the message was replaced; `about` says what a row's button is about.
 */
export const actionButton = (action, place, app, { key, small = false, about = "" }) => {
  const style = { primary: " primary", danger: " danger" }[action.style] ?? "";
  const forbidden = action.only !== undefined && action.only !== app.store.me.id;
  const props = {
    type: "button",
    class: `button${style}${small ? " small" : ""}`,
    dataset: { key: `${key}/${action.label}` },
    "aria-label": about ? `${action.label}: ${about}` : null,
    disabled: forbidden,
    title: forbidden ? "This button is for somebody else" : null,
  };
  if (!action.choices) {
    const button = h("button", props, isUndo(action.label) ? icon("undo") : null, action.label);
    button.addEventListener("click", () => press(button, action, action.id, place, app));
    return button;
  }
  const button = h("button", { ...props, "aria-haspopup": "menu", "aria-expanded": "false" }, action.label, icon("chevron"));
  button.addEventListener("click", () => openMenu(button, action.label, action.choices.map((choice) => ({
    label: choice.label,
    choose: () => press(button, action, choice.id, place, app),
  }))));
  return button;
};

/** The buttons under a reply. */
export const actionBar = (actions, place, app) =>
  h("div", { class: "actions" }, actions.map((action) => actionButton(action, place, app, { key: "reply" })));
