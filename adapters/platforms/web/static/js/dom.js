// Building elements. Words from outside only ever become text nodes: nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

const put = (node, name, value) => {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") node.setAttribute("class", value);
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
};

const fill = (node, children) => {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
};

/** Make an HTML element: `h("p", { class: "note" }, "words", other)`. */
export const h = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) put(node, name, value);
  return fill(node, children);
};

/** Make an SVG element. */
export const s = (tag, props = {}, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props ?? {})) put(node, name, value);
  return fill(node, children);
};

export const byId = (id) => document.getElementById(id);

/** Put these children in place of all others. */
export const refill = (node, ...children) => {
  node.replaceChildren();
  return fill(node, children);
};

/** A fresh id for elements that refer to each other, and for submissions. */
export const freshId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Storage that may be switched off or full: then nothing is remembered, and nothing breaks. */
export const memory = (area) => ({
  read(key, otherwise) {
    try {
      return JSON.parse(area().getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  write(key, value) {
    try {
      area().setItem(key, JSON.stringify(value));
    } catch {
      // not remembered
    }
  },
});

export const lasting = memory(() => localStorage);
export const passing = memory(() => sessionStorage);
