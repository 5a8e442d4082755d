// Files on their way to a command: chosen, dropped or pasted, uploaded at once, handed over with the next line.
import { announce } from "./a11y.js";
import { byId, h, refill } from "./dom.js";
import { size } from "./format.js";
import { icon } from "./icons.js";

const MOST = 10;

let largest = Infinity;

/** Refuse files of more than so many bytes before they are sent. */
export const limitUploads = (bytes) => {
  largest = bytes;
};

/** Upload a file and resolve to its token; rejects with a sentence for people. */
export const upload = (file, progress = () => {}) =>
  new Promise((resolve, reject) => {
    if (file.size > largest) {
      reject(new Error(`${file.name} is too large: ${size(file.size)}, and ${size(largest)} is the most.`));
      return;
    }
    const request = new XMLHttpRequest();
    const broken = () => reject(new Error(`${file.name} did not arrive; attach it again.`));
    request.open("POST", `/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => progress(event.total ? event.loaded / event.total : 0));
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response?.token) resolve(request.response.token);
      else if (request.response?.message) reject(new Error(request.response.message));
      else broken();
    });
    request.addEventListener("error", broken);
    request.send(file);
  });

/** The files waiting beside the message box. */
export class Attachments {
  #items = [];
  #place = byId("attachments");

  constructor(changed) {
    this.changed = changed;
    byId("attach").addEventListener("click", () => byId("file-input").click());
    byId("file-input").addEventListener("change", (event) => {
      this.add([...event.target.files]);
      event.target.value = "";
    });
    this.#watchDrops();
  }

  get count() {
    return this.#items.length;
  }

  get hasFailed() {
    return this.#items.some((item) => item.error);
  }

  /** Whether none is under way any more. */
  get isSettled() {
    return this.#items.every((item) => item.token || item.error);
  }

  /** The files, which leave with the line. */
  take() {
    const items = this.#items;
    this.#items = [];
    this.#show();
    return items;
  }

  /** Attach files again that left with a line and were refused with it. */
  putBack(items) {
    this.#items = [...items, ...this.#items];
    this.#show();
  }

  add(files) {
    for (const file of files.slice(0, MOST - this.#items.length)) {
      const item = { file, token: "", error: "", done: 0 };
      this.#items.push(item);
      announce(`Attached ${file.name}`);
      upload(file, (done) => this.#progress(item, done))
        .then((token) => Object.assign(item, { token, done: 1 }), (error) => Object.assign(item, { error: error.message }))
        .finally(() => this.#show());
    }
    this.#show();
  }

  #progress(item, done) {
    item.done = done;
    if (item.bar) item.bar.value = done;
  }

  #remove(item) {
    this.#items = this.#items.filter((other) => other !== item);
    this.#show();
    byId("line").focus();
  }

  #show() {
    refill(this.#place, this.#items.map((item) => {
      item.bar = item.token || item.error ? null : h("progress", { max: 1, value: item.done, "aria-label": `Uploading ${item.file.name}` });
      return h("div", { class: item.error ? "attachment failed" : "attachment" },
        h("span", {}, item.error || item.file.name), !item.error && h("small", {}, size(item.file.size)), item.bar,
        h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${item.file.name}`, onclick: () => this.#remove(item) }, icon("close")));
    }));
    this.#place.hidden = this.#items.length === 0;
    this.changed();
  }

  #watchDrops() {
    const veil = byId("drop");
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files") && !document.querySelector("dialog[open]");
    let depth = 0;
    const show = (shown) => {
      if (!shown) depth = 0;
      veil.hidden = !shown;
    };
    addEventListener("dragenter", (event) => {
      if (!hasFiles(event)) return;
      depth += 1;
      show(true);
    });
    addEventListener("dragleave", (event) => {
      if (hasFiles(event) && (depth -= 1) <= 0) show(false);
    });
    addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      show(false);
      this.add([...event.dataTransfer.files]);
      byId("line").focus();
    });
    addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.add(files);
    });
  }
}
