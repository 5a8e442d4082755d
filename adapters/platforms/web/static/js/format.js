// Times as they are worded everywhere, in the zone that the reader's are told in; numbers as the reader is used to them.

const DAY = 86_400_000;
const PIECES = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

const clockOf = (timeZone) => new Intl.DateTimeFormat("en-US", { ...PIECES, timeZone });
const calendar = clockOf("UTC");
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
let told = BROWSER_ZONE;
let clock = clockOf(told || undefined);

/** The zone that times are told in: the browser's, until the server says which one the reader chose. */
export const zone = () => told;
export const useZone = (name) => {
  try {
    clock = clockOf(name);
    told = name;
  } catch {
    // A browser that knows no such zone goes on with its own.
  }
};

const read = (shown, instant) => Object.fromEntries(shown.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
const onClock = (instant) => read(clock, instant);
const shortDay = ({ weekday, day, month }) => `${weekday} ${day} ${month}`;
const wholeDay = (at) => `${shortDay(at)} ${at.year}`;
const time = ({ hour, minute }) => `${hour}:${minute}`;

/** Days since 1970 of the calendar. */
const dayNumber = ({ day, month, year }) => Date.parse(`${day} ${month} ${year} UTC`) / DAY;
const today = () => dayNumber(onClock(Date.now()));

export const timeOfDay = (instant) => time(onClock(instant));
export const fullTime = (instant) => `${wholeDay(onClock(instant))} ${timeOfDay(instant)}${told && ` (${told})`}`;
export const sameDay = (one, other) => dayNumber(onClock(one)) === dayNumber(onClock(other));

/** "Tomorrow", and nothing for a day that is not near. */
const nearDay = (at, isWithin) => {
  const days = dayNumber(at) - today();
  const words = Math.abs(days) <= 1 ? relative.format(days, "day") : "";
  return isWithin ? words : words.charAt(0).toUpperCase() + words.slice(1);
};

/** "Today", "Yesterday", or the day, for the line between days. */
export const dayHeading = (instant) => nearDay(onClock(instant)) || wholeDay(onClock(instant));

/** Return `{text, title, iso}` for an ISO 8601 date or instant; what can't be read comes back as it is. `isWithin` a sentence? */
export const moment = (value, isWithin = false) => {
  // A calendar date (`2026-11-20`) has no zone.
  const hasTime = value.length > "2026-11-20".length;
  if (Number.isNaN(Date.parse(value))) return { text: value, title: "", iso: "" };
  const at = hasTime ? onClock(value) : read(calendar, value);
  const near = nearDay(at, isWithin);
  const text = hasTime ? `${near ? `${near},` : wholeDay(at)} ${time(at)}` : near || wholeDay(at);
  return { text, title: hasTime ? fullTime(value) : wholeDay(at), iso: value };
};

/** When something is that is so far off now: its time if that is today, else its day. */
export const afterwards = ({ minutes, days, hour }) => {
  if (hour !== null) return days ? shortDay(read(calendar, (today() + days) * DAY)) : `${String(hour).padStart(2, "0")}:00`;
  const now = Date.now();
  const then = now + minutes * 60_000 + days * DAY;
  return sameDay(now, then) ? timeOfDay(then) : `${shortDay(onClock(then))} ${timeOfDay(then)}`;
};

export const number = (value, places = 0) => new Intl.NumberFormat(undefined, { minimumFractionDigits: places, maximumFractionDigits: places || 6 }).format(value);

/** Money comes as a decimal text, perhaps with its currency: the digits are kept, only grouped, and filled up to `places`. */
export const money = (value, places = 0) => {
  const found = /^(-?)(\d+)(\.\d+)?( [A-Z]{3})?$/.exec(String(value));
  if (!found) return String(value);
  const point = new Intl.NumberFormat().formatToParts(1.5).find((part) => part.type === "decimal").value;
  return `${found[1]}${number(BigInt(found[2]))}${(found[3] ?? "").padEnd(found[3] ? places + 1 : 0, "0").replace(".", point)}${found[4] ?? ""}`;
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
