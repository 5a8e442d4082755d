// What a field for a record offers while one types in it: asked of the server as what may come in a line is.
const FIRST = 1_000_000_000; // numbers of questions that are beyond those of the message box

export class Offers {
  #app;
  #asked = FIRST;
  #take = () => {};

  constructor(app) {
    this.#app = app;
  }

  /** Ask which records of a command's argument begin so; the newest question is the one that is answered. */
  ask(command, argument, typed, take) {
    const words = typed.trim().split(/\s+/).join("\u00a0"); // blanks that do not part it into several words
    const line = `/${command} ${argument}:${words}`;
    this.#asked += 1;
    this.#take = take;
    this.#app.connection.send({ type: "complete", id: this.#asked, channel: this.#app.room.id, line, cursor: [...line].length });
  }

  /** Take an answer in, if it is to a question of a field; tells whether it is. */
  answer(frame) {
    if (frame.id === this.#asked) this.#take(frame.items);
    return frame.id > FIRST;
  }
}
