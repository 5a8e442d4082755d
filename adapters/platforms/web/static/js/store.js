// What the page knows: people, channels and their messages.
import { lasting } from "./dom.js";
import { useZone } from "./format.js";

const MOST = 400;
const KEPT = 200;
const READ_KEY = "qm-read";

class Room {
  messages = new Map(); // by seq, in order
  isLoaded = false;
  hasOlder = false;
  change = 0;
  head = { seq: 0, author: null };
  draft = "";

  constructor(channel) {
    Object.assign(this, channel);
  }

  get list() {
    return [...this.messages.values()];
  }

  get oldest() {
    return this.messages.keys().next().value ?? null;
  }
}

export class Store {
  me = { id: 0, name: "", role: "" };
  bot = "";
  prefix = "";
  work = []; // the commands that list what the reader has before them
  commands = [];
  offers = []; // what somebody may begin with
  people = new Map();
  rooms = new Map();
  #read = lasting.read(READ_KEY, {});

  welcome(frame) {
    Object.assign(this, { me: frame.me, bot: frame.bot, prefix: frame.prefix, work: frame.work, commands: frame.commands, offers: frame.offers });
    useZone(frame.zone);
    this.setPeople(frame.people);
    this.setChannels(frame.channels);
    for (const [id, head] of Object.entries(frame.heads)) this.raise(Number(id), head);
  }

  setPeople(items) {
    this.people = new Map(items.map((person) => [person.id, person]));
  }

  setChannels(items) {
    const known = this.rooms;
    this.rooms = new Map(items.map((channel) => [channel.id, Object.assign(known.get(channel.id) ?? new Room(channel), channel)]));
  }

  /** Note a channel's newest message. */
  raise(id, head) {
    const room = this.rooms.get(id);
    if (room && head.seq > room.head.seq) room.head = head;
  }

  /** Take in a frame of messages and return the seqs that are new or changed. */
  takeMessages(frame) {
    const room = this.rooms.get(frame.channel);
    if (!room) return [];
    if (frame.kind === "latest") {
      room.messages.clear();
      room.isLoaded = true;
    }
    if (frame.kind !== "changes") room.hasOlder = frame.more;
    for (const item of frame.items) {
      // An answer to "older" may be behind an edit that is here already.
      const known = room.messages.get(item.seq);
      if (!known || known.change <= item.change) room.messages.set(item.seq, item);
      if (frame.kind !== "older") room.change = Math.max(room.change, item.change);
      this.raise(room.id, { seq: item.seq, author: item.author });
    }
    if (frame.kind !== "changes" || !inOrder(room.messages)) {
      room.messages = new Map([...room.messages].sort(([one], [other]) => one - other));
    }
    return frame.items.map((item) => item.seq);
  }

  /** Let go of the oldest messages of a long list, which can be loaded again; tells whether there were any. */
  trim(room) {
    if (room.messages.size <= MOST) return false;
    while (room.messages.size > KEPT) room.messages.delete(room.oldest);
    room.hasOlder = true;
    return true;
  }

  lastRead(id) {
    return this.#read[id] ?? 0;
  }

  markRead(id) {
    const seq = this.rooms.get(id)?.head.seq ?? 0;
    if (seq <= this.lastRead(id)) return;
    this.#read = { ...lasting.read(READ_KEY, {}), [id]: seq };
    lasting.write(READ_KEY, this.#read);
  }

  /** Marks made in another page of the same browser. */
  reloadRead() {
    this.#read = lasting.read(READ_KEY, {});
  }

  isUnread(room) {
    return room.head.seq > this.lastRead(room.id) && room.head.author !== this.me.id;
  }

  name(id) {
    return id === null ? this.bot : this.people.get(id)?.name ?? "Somebody";
  }

  /** The command that a line begins with, if its name is complete. */
  commandOf(line) {
    const found = /^\s*\/(\S+)\s+(\S+)/.exec(line);
    const name = found ? `${found[1]} ${found[2]}`.toLowerCase() : "";
    return this.commands.find((command) => command.name.toLowerCase() === name);
  }
}

const inOrder = (messages) => {
  let last = 0;
  for (const seq of messages.keys()) {
    if (seq < last) return false;
    last = seq;
  }
  return true;
};
