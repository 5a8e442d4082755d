// Light and dark: the system's preference until somebody chooses.
import { byId, refill } from "./dom.js";
import { icon } from "./icons.js";

const KEY = "qm-theme";
const root = document.documentElement;

const kept = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const show = (theme) => {
  root.dataset.theme = theme;
  const other = theme === "dark" ? "light" : "dark";
  const button = byId("toggle-theme");
  button.setAttribute("aria-label", `Switch to ${other} colours`);
  refill(button, icon(theme === "dark" ? "sun" : "moon"));
};

export const toggleTheme = () => {
  const next = root.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // chosen for this page only
  }
  show(next);
};

export const startTheme = () => {
  show(root.dataset.theme);
  byId("toggle-theme").addEventListener("click", toggleTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    if (!kept()) show(event.matches ? "dark" : "light");
  });
};
