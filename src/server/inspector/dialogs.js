// Dialogs of the page. The browser's own `dialog` keeps the focus inside, closes with Esc and gives the focus back.

import { asItIs, hexadecimal, laidOut, pairs } from "./body.js";
import { element, fill, milliseconds } from "./dom.js";
import { status } from "./words.js";

function open(title, ...content) {
  const heading = element("h2", { id: "dialog-title" }, title);
  const dialog = element("dialog", { "aria-labelledby": "dialog-title", close: () => dialog.remove() }, heading, content);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const closing = (text) => element("button", { type: "button", click: (event) => event.target.closest("dialog").close() }, text);

/** Asks; `true` when the answer is yes. */
export function ask(title, text, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const agree = element("button", { type: "button", class: "danger", click: () => { answer = true; dialog.close(); } }, yes);
    const dialog = open(title, element("p", {}, text), element("div", { class: "buttons" }, closing("Cancel"), agree));
    dialog.addEventListener("close", () => resolve(answer));
  });
}

/** Shows a text for copying by hand, where the browser does not allow it. */
export function offerCopy(title, text) {
  const field = element("textarea", { readonly: true, rows: "8", "aria-label": title });
  field.value = text;
  open(title, element("p", {}, "This browser lets a page copy only over HTTPS or on localhost. Copy it from here."), field,
    element("div", { class: "buttons" }, closing("Close")));
  field.select();
}

const KEYS = [
  ["j", "↓", "next exchange"],
  ["k", "↑", "previous exchange"],
  ["Enter", "", "open the exchange"],
  ["/", "", "search"],
  ["p", "", "pause, or go on"],
  ["c", "", "copy as curl"],
  ["t", "", "theme: system, light, dark"],
  ["?", "", "this help"],
  ["Esc", "", "back to the list; empty the search"],
];

/** `keys` are read and switched by `isOn()` and `turn(on)`: a speech user needs single keys off (WCAG 2.1.4). */
export function help(keys) {
  const rows = KEYS.map(([key, other, meaning]) => element("tr", {},
    element("th", { scope: "row" }, element("kbd", {}, key), other ? [" or ", element("kbd", {}, other)] : null),
    element("td", {}, meaning)));
  const box = element("input", { type: "checkbox", id: "single-keys", change: () => keys.turn(box.checked) });
  box.checked = keys.isOn();
  open("Help",
    element("p", {}, "Every request that the mock receives appears here at once. The mock answers as the cases of the spec say and checks what came."),
    element("ul", { class: "legend" },
      [["✓", "matches", "the request is what the spec describes"], ["≠", "differs", "an action has this address, but something in the request is not as its spec says"], ["?", "unmatched", "no action has this address"]]
        .map(([symbol, word, meaning]) => element("li", { "data-verdict": word }, element("span", { class: "mark", "aria-hidden": "true" }, symbol), " ", element("b", {}, word), `: ${meaning}`))),
    element("table", { class: "keys" }, element("caption", {}, "Keys"), element("tbody", {}, rows)),
    element("p", {}, element("label", {}, box, " Single keys work")),
    element("div", { class: "buttons" }, closing("Close")));
}

/** Asks for a URL and sends the exchange's request there with `send(url, allowSecrets)`. */
export function replay(exchange, url, send) {
  const field = element("input", { type: "url", id: "replay-url", required: true, spellcheck: "false", autocomplete: "off", placeholder: "https://api.example.com" });
  field.value = url;
  const hasSecrets = exchange.masked?.some((place) => place.startsWith("request."));
  const secrets = element("input", { type: "checkbox" });
  const result = element("div", { class: "result", "aria-live": "polite" });
  const submit = element("button", { type: "submit", class: "primary" }, "Send");
  const form = element("form", {},
    element("label", { for: "replay-url" }, "URL"), field,
    hasSecrets ? element("label", {}, secrets, " Send its secrets as well; to this machine they always go") : null,
    element("div", { class: "buttons" }, closing("Close"), submit));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    fill(result, element("p", { class: "quiet" }, "Sending…"));
    try {
      fill(result, replayed(await send(field.value, secrets.checked), exchange));
    } catch (error) {
      fill(result, element("p", { class: "problem" }, error.message));
    }
    submit.disabled = false;
  });
  open("Replay to another URL",
    element("p", {}, `The mock sends this ${exchange.method} request, with its headers and body, to the URL. A URL without a path gets the request's own path and query.`),
    form, result);
  field.select();
}

function replayed(reply, exchange) {
  const type = reply.headers?.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const isSame = reply.status === exchange.status;
  const before = exchange.status === null ? "" : isSame ? ", as the mock answered" : `; the mock answered ${exchange.status}`;
  return [
    element("h3", {}, status(reply.status), element("span", { class: "quiet" }, ` in ${milliseconds(reply.duration_ms)}${before}`)),
    reply.left_out?.length > 0 ? element("p", { class: "quiet" }, `Not sent, since it is secret or not UTF-8: ${reply.left_out.join(", ")}.`) : null,
    element("details", {}, element("summary", {}, `Headers (${reply.headers?.length ?? 0})`), pairs(reply.headers ?? [], "Headers of the reply", ["Header", "Value"])),
    reply.cut ? element("p", { class: "problem" }, "The reply was long; this is its beginning.") : null,
    replyBody(reply, type),
  ];
}

function replyBody(reply, type) {
  if (reply.body_base64) return hexadecimal(reply.body_base64);
  if (!reply.body) return element("p", { class: "quiet" }, "No body.");
  return laidOut(reply.body, type) ?? asItIs(reply.body);
}
