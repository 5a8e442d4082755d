// Forms of commands, in a dialog: what was wrong is said at its field, and nothing typed is lost.
import { openDialog } from "./a11y.js";
import { freshId, h, refill } from "./dom.js";
import { buildField } from "./fields.js";
import { problemBox } from "./render.js";
import { sentence, spans } from "./spans.js";

// What was typed into forms that were closed without being sent or cancelled, by what they are for.
const drafts = new Map();

const draftKey = (form, { channel, action }) => JSON.stringify([channel, action ?? "", form.command, form.fixed]);

const read = (fields) => Object.fromEntries(fields.map((field) => [field.name, field.read()]));

// What a field came with and has no more is to be taken away, by the word that is typed for that.
const NOTHING = "none";

const emptied = (form, values) =>
  Object.fromEntries(form.fields.filter(({ name, clearable, value }) => clearable && value && !values[name]).map(({ name }) => [name, NOTHING]));

const bare = (words) => words.replace(/\r\n?/g, "\n").trim();

// What stays as it came is not sent: somebody else may have changed it meanwhile.
const changed = (form, values) => {
  const kept = new Set(form.fields.filter(({ name, stays, value }) => stays && values[name] === bare(value)).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !kept.has(name)));
};

const collect = async (form, fields) => {
  const uploads = await Promise.all(fields.map((field) => field.uploads?.() ?? []));
  const values = read(fields);
  return { values: { ...changed(form, values), ...emptied(form, values) }, uploads: uploads.flat() };
};

const words = (problem) => [problem.message, problem.hint ?? ""].filter(Boolean).join(" ").replaceAll("`", "");

/** Show what was wrong: at its field if it has one here, else at the top. */
const showProblem = (problem, fields, top, app) => {
  const at = fields.find((field) => field.name === problem.field);
  if (at) {
    at.fail(words(problem));
    at.focus?.focus();
  } else {
    refill(top, problemBox(problem, app));
    top.focus();
  }
};

const missing = (fields) => {
  let first = null;
  for (const field of fields) {
    const isMissing = field.required && !field.read();
    field.fail(isMissing ? "Please fill this in." : "");
    if (isMissing) first ??= field;
  }
  return first;
};

const LISTED = 30;

/** What was done in a form that stays open, the newest first: what it was given, and what came of that. */
const progress = (app) => {
  const list = h("ol", { class: "form-done", "aria-live": "polite" });
  const show = (item, given, mark, ...said) => refill(item, h("span", { class: "mark" }, mark), h("strong", {}, given), " ", ...said);
  return {
    list,
    begin(given) {
      const item = h("li", { class: "under-way" });
      show(item, given, "…");
      list.prepend(item);
      while (list.children.length > LISTED) list.lastChild.remove();
      return (outcome) => {
        const problem = outcome.problem ?? outcome.form?.problem ?? (outcome.failed ? { message: outcome.failed } : null);
        item.className = problem ? "refused" : "";
        if (problem) show(item, given, "✗", words(problem));
        else show(item, given, "✓", spans(outcome.answer?.message.reply?.text ?? [], app));
      };
    },
  };
};

/**
 * Open a form. `context` is where it came from: `{channel, action, place, files}`; the answer to the last submission
 * decides whether it closes, shows a problem, or gives way to another form. One that `repeats` stays open and empty.
 */
export const openForm = (form, context, app, problem = null) => {
  const prefix = `f-${freshId().slice(0, 6)}`;
  const key = draftKey(form, context);
  const draft = drafts.get(key) ?? {};
  const fields = form.fields.map((field) => buildField({ ...field, value: draft[field.name] ?? field.value }, app, prefix, form.command));
  const before = read(fields);
  let isOver = false;
  const top = h("div", { class: "form-problem", tabindex: -1 });
  const submit = h("button", { type: "submit", class: "button primary" }, form.submit);
  const first = fields.find((field) => field.required && !field.read()) ?? fields[0];
  const done = form.repeats ? progress(app) : null;

  // Whoever types on, or a scanner that types one after the other, waits for nothing and stays where it is.
  const sendOne = (values, uploads) => {
    const told = done.begin(first.read());
    for (const { focus } of fields) {
      if (focus.type === "checkbox") focus.checked = false;
      else focus.value = "";
    }
    first.focus.focus();
    app.submitForm(form, context, { ...form.fixed, ...values }, uploads).then(told, (error) => told({ failed: error.message }));
  };

  const send = async (event, close) => {
    event.preventDefault();
    refill(top);
    const gap = missing(fields);
    if (gap) return gap.focus?.focus();
    if (done) return sendOne(read(fields), []);
    submit.setAttribute("aria-busy", "true");
    submit.disabled = true;
    let outcome;
    try {
      const { values, uploads } = await collect(form, fields);
      outcome = await app.submitForm(form, context, { ...form.fixed, ...values }, uploads);
    } catch (error) {
      outcome = { failed: error.message };
    }
    submit.removeAttribute("aria-busy");
    submit.disabled = false;
    if (outcome.problem ?? outcome.failed) {
      return showProblem(outcome.problem ?? { message: outcome.failed, hint: "", field: null }, fields, top, app);
    }
    if (outcome.form?.problem) return showProblem(outcome.form.problem, fields, top, app);
    isOver = true;
    return close();
  };
  const cancel = (close) => {
    isOver = true;
    close();
  };
  const keep = () => {
    const typed = Object.entries(read(fields)).filter(([name, value]) => name in draft || value !== before[name]);
    if (isOver || typed.length === 0) drafts.delete(key);
    else drafts.set(key, Object.fromEntries(typed));
  };

  const { dialog } = openDialog({
    title: form.title,
    kind: "form",
    closed: keep,
    build: (close) => h("form", { novalidate: true, autocomplete: "off", onsubmit: (event) => send(event, close) },
      h("div", { class: "dialog-body" }, form.intro && h("p", {}, sentence(form.intro)), top, fields.map((field) => field.node), done?.list),
      h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "button", onclick: () => cancel(close) }, done ? "Close" : "Cancel"), submit)),
  });
  first?.focus?.focus();
  if (problem && problem.code !== "invalid_argument") showProblem(problem, fields, top, app);
  return dialog;
};
