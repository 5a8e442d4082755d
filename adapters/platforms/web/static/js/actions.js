// Buttons and selects of replies: pressing one runs its command as whoever presses.
import { confirm } from "./a11y.js";
import { h } from "./dom.js";
import { afterwards } from "./format.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";

const isUndo = (label) => /^undo\b/i.test(label);

const TWICE = 500; // milliseconds in which another click on the same spot is the second half of a double click
const NEAR = 8; // pixels

let last = { at: -TWICE, x: 0, y: 0, key: "" };

/**
 * Whether a press is the second half of a double one, meant for what lay there before; keys press where the focus is.
 * Outside of rows the same button may be pressed again at once, as Next is to turn pages.
 */
const isSecondHalf = ({ timeStamp: at, detail, clientX: x, clientY: y }, key, isInRow) => {
  const isHere = detail === 0 ? key === last.key : Math.hypot(x - last.x, y - last.y) < NEAR;
  const isSame = at - last.at < TWICE && isHere && (isInRow || key !== last.key);
  if (!isSame) last = { at, x, y, key };
  return isSame;
};

const press = async (button, action, id, place, app, { before, settled }) => {
  if (button.getAttribute("aria-busy") === "true") return;
  if (action.confirm && !(await confirm(action.confirm, action.label))) return;
  before?.(action);
  button.setAttribute("aria-busy", "true");
  await app.press(id, place, action.label, settled);
  button.removeAttribute("aria-busy");
};

/**
 * A button, or with choices a button with a menu. `place` is `{channel, message}`; `key` names the button within its
 * message, so that the focus finds it again after the message was replaced; `about` says what a row's button is about;
 * `state` is "off" or "busy" for one that can't be pressed; `before` and `settled` are called with the action that is
 * pressed and with how that ended.
 */
export const actionButton = (action, place, app, { key, small = false, about = "", state = "", ...calls }) => {
  const style = { primary: " primary", danger: " danger" }[action.style] ?? "";
  const forbidden = action.only !== undefined && action.only !== app.store.me.id;
  const props = {
    type: "button",
    class: `button${style}${small ? " small" : ""}`,
    dataset: { key },
    "aria-label": about ? `${action.label}: ${about}` : null,
    disabled: forbidden || state === "off",
    "aria-busy": state === "busy" ? "true" : null,
    title: forbidden ? "This button is for somebody else" : null,
  };
  if (!action.choices) {
    const button = h("button", props, isUndo(action.label) && !small ? icon("undo") : null, action.label);
    button.addEventListener("click", (event) => !isSecondHalf(event, key, small) && press(button, action, action.id, place, app, calls));
    return button;
  }
  const button = h("button", { ...props, "aria-haspopup": "menu", "aria-expanded": "false" }, action.label, icon("chevron"));
  button.addEventListener("click", () => openMenu(button, action.label, action.choices.map((choice) => ({
    label: choice.label,
    detail: choice.later && afterwards(choice.later),
    choose: () => press(button, action, choice.id, place, app, calls),
  }))));
  return button;
};

/** The buttons under a reply; `before` is called when one is pressed. */
export const actionBar = (actions, place, app, before) =>
  h("div", { class: "actions" }, actions.map((action) => actionButton(action, place, app, { key: `reply/${action.label}`, before })));
