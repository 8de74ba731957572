// The URLs that the mock serves: what an empty log teaches, and what is shown while nothing is chosen.

import { element } from "./dom.js";

const FIRST = 8;

/** `copy(text, what)` copies. The heading says why this is shown. */
export function actionsPanel(actions, title, copy, isPage) {
  const listed = actions.map((action) => card(action, copy));
  const rest = listed.splice(FIRST);
  return [
    isPage ? element("a", { class: "back button", href: "#/" }, "← All exchanges") : null,
    element("h2", { tabindex: "-1" }, title),
    actions.length === 0
      ? element("p", {}, "The project has no action that can be served.")
      : element("p", { class: "quiet" }, "Point your platform at one of these URLs in place of the real one, or try one from a terminal:"),
    element("ul", { class: "cards" }, listed),
    rest.length > 0 ? element("details", {}, element("summary", {}, `${rest.length} more`), element("ul", { class: "cards" }, rest)) : null,
  ];
}

function card(action, copy) {
  const line = action.curl ?? curlOf(action);
  const count = action.cases?.length ?? 0;
  return element("li", { class: "card" },
    element("h3", {}, element("bdi", {}, action.spec), action.purpose === "token" ? " · token" : null),
    element("p", { class: "url" }, element("span", { class: "method" }, action.method), " ", element("bdi", {}, action.url)),
    action.original_url ? element("p", { class: "quiet" }, "stands in for ", element("bdi", {}, action.original_url)) : null,
    count > 0 ? element("p", { class: "quiet" }, count === 1 ? "Case: " : "Cases: ", element("bdi", {}, action.cases.map(nameOf).join(", "))) : null,
    element("div", { class: "try" },
      element("code", {}, line),
      element("button", { type: "button", class: "small", "aria-label": `Copy the curl line of ${action.spec}`, click: () => copy(line, "The curl line") }, "Copy")));
}

const nameOf = (one) => (typeof one === "string" ? one : one.name);

function curlOf(action) {
  const method = action.method === "GET" ? "" : ` -X ${action.method}`;
  const url = exampleUrl(action);
  // Without -g curl takes brackets for patterns of its own.
  return `curl -i${/[[\]{}]/.test(url) ? " -g" : ""}${method} ${quoted(url)}`;
}

/** The URL with the values of the first case: an action is served below its spec's id under its own path. */
function exampleUrl(action) {
  const id = `/${action.spec}/`;
  const at = action.url.indexOf(id);
  if (at < 0 || !URL.canParse(action.original_url ?? "")) return action.url;
  const { pathname, search } = new URL(action.original_url);
  const isMasked = /•|%E2%80%A2/.test(pathname + search);
  return isMasked ? action.url : action.url.slice(0, at + id.length - 1) + pathname + search;
}

/** A text as one word of a POSIX shell. */
const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
