// Numbers, times and names as the reader is used to them, in the reader's own zone.

const DAY = 86_400_000;

// One clock everywhere: what is worded on the server stands beside it.
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short", hourCycle: "h23" });
const dayName = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const shortDay = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
const daysFromToday = (date) => Math.round((startOfDay(date) - startOfDay(new Date())) / DAY);
const capital = (words) => words.charAt(0).toLocaleUpperCase() + words.slice(1);

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
export const timeOfDay = (instant) => clock.format(new Date(instant));
export const fullTime = (instant) => full.format(new Date(instant));
export const sameDay = (one, other) => startOfDay(new Date(one)).getTime() === startOfDay(new Date(other)).getTime();

/** "Today", "Yesterday", or the day's name, for the line between days. */
export const dayHeading = (instant) => {
  const date = new Date(instant);
  const days = daysFromToday(date);
  if (days >= -1 && days <= 0) return capital(relative.format(days, "day"));
  return Math.abs(days) < 300 ? dayName.format(date) : longDay.format(date);
};

const dayWords = (date, isWithin) => {
  const days = daysFromToday(date);
  if (Math.abs(days) <= 1) return isWithin ? relative.format(days, "day") : capital(relative.format(days, "day"));
  return Math.abs(days) < 300 ? shortDay.format(date) : longDay.format(date);
};

/** A calendar date (`2026-11-20`) has no zone; anything longer is an instant or a local time. */
const readDate = (value) => {
  const bare = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  const date = bare ? new Date(Number(bare[1]), Number(bare[2]) - 1, Number(bare[3])) : new Date(value);
  return { date, hasTime: !bare, ok: !Number.isNaN(date.getTime()) };
};

/** Return `{text, title, iso}` for an ISO 8601 date or instant; what can't be read comes back as it is. `isWithin` a sentence? */
export const moment = (value, isWithin = false) => {
  const { date, hasTime, ok } = readDate(value);
  if (!ok) return { text: value, title: "", iso: "" };
  const day = dayWords(date, isWithin);
  const text = hasTime ? `${day}, ${clock.format(date)}` : day;
  return { text, title: hasTime ? full.format(date) : longDay.format(date), iso: value };
};

/** When something is that is so far off now: its time if that is today, else its day. */
export const afterwards = ({ minutes, days, hour }) => {
  const date = new Date();
  date.setDate(date.getDate() + days);
  if (hour === null) date.setMinutes(date.getMinutes() + minutes);
  else date.setHours(hour, 0);
  if (sameDay(date, new Date())) return clock.format(date);
  return hour === null ? `${shortDay.format(date)}, ${clock.format(date)}` : shortDay.format(date);
};

export const number = (value) => new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 }).format(value);

/** Money comes as a decimal text, perhaps with its currency: the digits are kept, only grouped. */
export const money = (value) => {
  const found = /^(-?)(\d+)(\.\d+)?( [A-Z]{3})?$/.exec(String(value));
  if (!found) return String(value);
  const point = new Intl.NumberFormat().formatToParts(1.5).find((part) => part.type === "decimal").value;
  return `${found[1]}${number(BigInt(found[2]))}${(found[3] ?? "").replace(".", point)}${found[4] ?? ""}`;
};

export const size = (bytes) => {
  if (bytes < 1000) return `${bytes} bytes`;
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount)} ${unit}`;
};

export const initials = (name) => {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toLocaleUpperCase();
};

/** A name as it is typed after `@`: one word, lower case. */
export const handle = (name) => name.toLowerCase().replaceAll(",", " ").trim().split(/\s+/).join("-");
