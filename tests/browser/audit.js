// What is wrong with the page for people who use a keyboard, a screen reader, or tired eyes. Returns sentences.
() => {
  const wrong = [];
  const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const say = (what, node) => wrong.push(`${what}: ${node.outerHTML.slice(0, 140)}`);
  const words = (node) => (node ? node.textContent.trim() : "");
  const byIds = (ids) => (ids ?? "").split(/\s+/).filter(Boolean).map((id) => words(document.getElementById(id))).join(" ").trim();
  const name = (node) => node.getAttribute("aria-label") || byIds(node.getAttribute("aria-labelledby")) || words(node)
    || [...(node.labels ?? [])].map(words).join(" ") || node.getAttribute("title") || "";

  for (const node of document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, [role=img], dialog, nav, [role=log], table")) {
    if (shown(node) && !name(node)) say("no name", node);
  }
  for (const node of document.querySelectorAll("img")) if (!node.hasAttribute("alt")) say("no alternative text", node);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) wrong.push(`id twice: ${id}`);
  for (const attribute of ["aria-controls", "aria-labelledby", "aria-activedescendant"]) {
    for (const node of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of node.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) say(`${attribute} points nowhere`, node);
      }
    }
  }
  const parents = { option: "listbox", row: "rowgroup, table", cell: "row", columnheader: "row", menuitem: "menu" };
  for (const [role, parent] of Object.entries(parents)) {
    const selector = parent.split(", ").map((each) => `[role=${each}]`).join(", ");
    for (const node of document.querySelectorAll(`[role=${role}]`)) if (!node.parentElement.closest(selector)) say(`${role} outside of ${parent}`, node);
  }
  for (const list of document.querySelectorAll("ul:not([role]), ol:not([role])")) {
    for (const child of list.children) if (child.tagName !== "LI") say("not a list item", child);
  }
  for (const node of document.querySelectorAll("[tabindex]")) if (node.tabIndex > 0) say("order of its own", node);

  const levels = [...document.querySelectorAll("h1, h2, h3")].filter(shown).map((node) => Number(node.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) wrong.push(`headings of the first level: ${levels}`);

  // Contrast: 4.5 for text, 3 for large text, against the nearest grounds laid over each other.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = (node) => {
    // The number in a cell of a heat map stands on what was drawn before it.
    if (node.matches(".cell + text")) return read(getComputedStyle(node.previousElementSibling).fill);
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = read(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), read(getComputedStyle(document.documentElement).getPropertyValue("--ground")));
  };
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const judged = new Set();
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || judged.has(node) || !shown(node)) continue;
    judged.add(node);
    if (node.closest(".visually-hidden, option, button:disabled, script, style, noscript")) continue;
    const style = getComputedStyle(node);
    const below = ground(node);
    const colour = over(read(node.closest("svg") ? style.fill : style.color), below);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const found = contrast(colour, below);
    if (found < needed) say(`contrast ${found.toFixed(2)}`, node);
  }
  return wrong;
}
