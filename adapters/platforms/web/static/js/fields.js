// One input of a form for each kind of argument.
import { h, refill } from "./dom.js";
import { handle, timeOfDay } from "./format.js";
import { upload } from "./files.js";
import { sentence } from "./spans.js";

const FEW = 5;
const END_OF_WORK = "17:00";

/** Dues to choose from; that of today only as long as it is ahead. */
const dues = () => [...(timeOfDay(Date.now()) < END_OF_WORK ? [`today ${END_OF_WORK}`] : []), "tomorrow 9am", "mon 9am", "in 1 week"];

const describe = (field, id) => ({
  id,
  name: field.name,
  "aria-required": String(field.required),
  "aria-describedby": `${id}-hint ${id}-error`,
});

const line = (field, id) => {
  const input = h("input", { ...describe(field, id), type: "text", value: field.value, maxlength: 20_000, autocomplete: "off",
    inputmode: field.kind === "integer" ? "numeric" : null });
  return { parts: [input], read: () => input.value.trim(), focus: input };
};

/** A record by what it goes by: those that begin as typed are offered with their names. */
const record = (field, id, app, command) => {
  const { parts, read, focus } = line(field, id);
  const offers = h("datalist", { id: `${id}-offers` });
  const offer = () => app.offers.ask(command, field.name, focus.value, (items) =>
    refill(offers, items.map((item) => h("option", { value: item.label, label: item.detail }))));
  focus.setAttribute("list", offers.id);
  focus.addEventListener("focus", offer);
  focus.addEventListener("input", offer);
  return { parts: [...parts, offers], read, focus };
};

const lines = (field, id) => {
  const input = h("textarea", { ...describe(field, id), rows: 4, maxlength: 20_000, value: field.value });
  return { parts: [input], read: () => input.value.trim(), focus: input };
};

const radios = (field, id) => {
  const inputs = field.choices.map((choice, index) => h("input", { type: "radio", id: index ? null : id, name: id, value: choice,
    checked: choice === field.value, "aria-describedby": `${id}-hint ${id}-error` }));
  if (!field.required) {
    // A second press takes an optional choice back.
    let last = inputs.find((input) => input.checked) ?? null;
    for (const input of inputs) input.addEventListener("click", () => {
      if (last === input) input.checked = false;
      last = input.checked ? input : null;
    });
  }
  return {
    parts: [h("div", { class: "options" }, inputs.map((input, index) => h("label", { class: "option" }, input, h("span", {}, field.labels[index] ?? field.choices[index]))))],
    read: () => inputs.find((input) => input.checked)?.value ?? "",
    focus: inputs[0],
    isGroup: true,
  };
};

const select = (field, id, entries) => {
  const options = entries.map(([value, label]) => h("option", { value }, label));
  if (!field.required || !field.value) options.unshift(h("option", { value: "" }, field.required ? "Choose…" : "–"));
  const input = h("select", describe(field, id), options);
  input.value = field.value;
  return { parts: [input], read: () => input.value, focus: input };
};

const choice = (field, id) =>
  field.choices.length <= FEW ? radios(field, id) : select(field, id, field.choices.map((word, index) => [word, field.labels[index] ?? word]));

const flag = (field, id) => {
  const input = h("input", { ...describe(field, id), type: "checkbox", checked: /^(yes|y|true|on|1)$/i.test(field.value) });
  return { parts: [h("label", { class: "flag" }, input, field.label)], read: () => (input.checked ? "yes" : ""), focus: input, hasOwnLabel: true };
};

const due = (field, id) => {
  const { parts, read, focus } = line({ ...field, kind: "line" }, id);
  const set = (words) => {
    focus.value = words;
    focus.dispatchEvent(new Event("input", { bubbles: true }));
    focus.focus();
  };
  const picker = h("input", { type: "datetime-local", "aria-label": `${field.label}: pick a day and time`,
    onchange: (event) => event.target.value && set(event.target.value.replace("T", " ")) });
  const quick = dues().map((words) => h("button", { type: "button", class: "button small", onclick: () => set(words) }, words));
  return { parts: [h("div", { class: "due" }, ...parts, picker), h("div", { class: "options" }, quick)], read, focus };
};

const people = (field, id, app) => {
  const given = new Set(field.value.split(/[\s,]+/).filter(Boolean).map((word) => word.replace(/^@/, "").toLowerCase()));
  const members = [...app.store.people.values()].filter((person) => person.active);
  const isMe = (person) => person.id === app.store.me.id;
  members.sort((one, other) => isMe(other) - isMe(one) || one.name.localeCompare(other.name));
  const type = field.many ? "checkbox" : "radio";
  const word = (person) => {
    const shared = members.filter((other) => handle(other.name) === handle(person.name)).length > 1;
    return shared ? `${handle(person.name)}#${person.id}` : handle(person.name);
  };
  const inputs = members.map((person, index) => h("input", { type, id: index ? null : id, name: id, value: `@${word(person)}`,
    checked: given.has(word(person)) || (isMe(person) && given.has("me")), "aria-describedby": `${id}-hint ${id}-error` }));
  const options = members.map((person, index) =>
    h("label", { class: "option" }, inputs[index], h("span", {}, isMe(person) ? `${person.name} (you)` : person.name)));
  const filter = members.length > 12 && h("input", { type: "search", class: "filter", "aria-label": `Find somebody for ${field.label}`, placeholder: "Find somebody…",
    oninput: (event) => {
      const words = event.target.value.toLowerCase();
      options.forEach((option, index) => { option.hidden = !members[index].name.toLowerCase().includes(words) && !inputs[index].checked; });
    } });
  const read = () => inputs.filter((input) => input.checked).map((input) => input.value).join(" ");
  return { parts: [filter, h("div", { class: "options" }, options)], read, focus: filter || inputs[0], isGroup: true };
};

const channel = (field, id, app) =>
  select(field, id, [...app.store.rooms.values()].filter((room) => room.kind !== "direct").map((room) => [room.name, `#${room.name}`]));

const file = (field, id) => {
  const input = h("input", { ...describe(field, id), type: "file" });
  return {
    parts: [input],
    read: () => input.files[0]?.name ?? "",
    focus: input,
    uploads: async () => (input.files[0] ? [await upload(input.files[0])] : []),
  };
};

const KINDS = { line, lines, choice, flag, due, members: people, channel, file, integer: line, record };

/** Build a field of a command's form: `{node, read, fail, focus, uploads}`. */
export const buildField = (field, app, prefix, command) => {
  const id = `${prefix}-${field.name}`;
  const made = KINDS[field.kind](field, id, app, command);
  const optional = !field.required && h("span", { class: "optional" }, " (optional)");
  const label = made.hasOwnLabel ? null
    : made.isGroup ? h("legend", {}, field.label, optional) : h("label", { for: id }, field.label, optional);
  const error = h("div", { class: "error", id: `${id}-error`, hidden: !field.error }, field.error);
  const node = h(made.isGroup ? "fieldset" : "div", { class: "field" }, label, made.parts,
    h("div", { class: "hint", id: `${id}-hint` }, sentence(field.hint)), error);
  const fail = (words) => {
    error.textContent = words;
    error.hidden = !words;
    for (const input of node.querySelectorAll("input:not([type='datetime-local']), textarea, select")) {
      if (words) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  };
  if (field.error) fail(field.error);
  // An error goes as soon as something is done about it.
  node.addEventListener("input", () => !error.hidden && (!field.required || made.read()) && fail(""));
  return { name: field.name, required: field.required, node, read: made.read, focus: made.focus, uploads: made.uploads, fail };
};
