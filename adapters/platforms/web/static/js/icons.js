// The console's icons, drawn on a grid of 24.
import { s } from "./dom.js";

const PATHS = {
  hash: ["M9.5 4 7.5 20", "M16.5 4l-2 16", "M4.5 9h16", "M3.5 15h16"],
  plus: ["M12 5v14", "M5 12h14"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M12 2.5v2", "M12 19.5v2", "M2.5 12h2", "M19.5 12h2", "M5.3 5.3l1.4 1.4", "M17.3 17.3l1.4 1.4", "M5.3 18.7l1.4-1.4", "M17.3 6.7l1.4-1.4"],
  moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"],
  keyboard: ["M3 6.5h18v11H3z", "M7 10.2h.01", "M11 10.2h.01", "M15 10.2h.01", "M18 10.2h.01", "M8 14h8"],
  clip: ["M19.5 11.5 12 19a5 5 0 0 1-7-7l8-8a3.3 3.3 0 0 1 4.7 4.7l-8 8a1.6 1.6 0 0 1-2.3-2.3l7.3-7.3"],
  slash: ["M4 4h16v16H4z", "M14 8l-4 8"],
  send: ["M4.5 12h9", "M4.5 4.5 20.5 12l-16 7.5 2.5-7.5z"],
  chevron: ["M6 9.5l6 6 6-6"],
  up: ["M6 14.5l6-6 6 6"],
  alert: ["M12 4 2.8 19.5h18.4z", "M12 10v4.2", "M12 16.9h.01"],
  eye: ["M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z", "M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"],
  undo: ["M8.5 5 4 9.5 8.5 14", "M4.5 9.5H14a5.5 5.5 0 0 1 0 11h-3"],
  download: ["M12 4v11", "M7 10.5l5 5 5-5", "M4.5 19.5h15"],
  check: ["M4.5 12.5l5 5 10-11"],
  list: ["M9 6.5h11", "M9 12h11", "M9 17.5h11", "M4.5 6.5h.01", "M4.5 12h.01", "M4.5 17.5h.01"],
  upload: ["M12 16V5", "M7 9.5l5-5 5 5", "M4.5 19.5h15"],
  help: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M9.4 9.3a2.7 2.7 0 1 1 3.9 2.5c-.9.5-1.3 1-1.3 2", "M12 16.9h.01"],
};

/** Return an icon, hidden from assistive technology: whatever holds it has a name of its own. */
export const icon = (name) =>
  s("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    PATHS[name].map((path) => s("path", { d: path })));
