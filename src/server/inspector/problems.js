// Problems are shown until they are over.

import { byId, element, fill } from "./dom.js";

const problems = new Map();

/** Shows a problem under a name, in the place of the one before; `null` ends it. `again` is offered as a button. */
export function problem(name, text, again = null) {
  if (text === (problems.get(name)?.text ?? null)) return;
  if (text) problems.set(name, { text, again });
  else problems.delete(name);
  fill(byId("problems"), [...problems.values()].map(({ text, again }) => element("p", { class: "problem" },
    text, again ? [" ", element("button", { type: "button", class: "small", click: () => again() }, "Try again")] : null)));
}
