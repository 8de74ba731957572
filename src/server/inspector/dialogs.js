// Dialogs of the page. The browser's own `dialog` keeps the focus inside, closes with Esc and gives the focus back.

import { asItIs, laidOut, pairs } from "./body.js";
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

/** Asks for a URL and sends the exchange's request there with `send(url)`. */
export function replay(exchange, url, send) {
  const field = element("input", { type: "url", id: "replay-url", required: true, spellcheck: "false", autocomplete: "off", placeholder: "https://api.example.com/tickets" });
  field.value = url;
  const result = element("div", { class: "result", "aria-live": "polite" });
  const submit = element("button", { type: "submit", class: "primary" }, "Send");
  const form = element("form", {},
    element("label", { for: "replay-url" }, "URL"), field,
    element("div", { class: "buttons" }, closing("Close"), submit));
  const masked = exchange.masked?.some((place) => place.startsWith("request."));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    fill(result, element("p", { class: "quiet" }, "Sending…"));
    try {
      fill(result, replayed(await send(field.value), exchange));
    } catch (error) {
      fill(result, element("p", { class: "problem" }, error.message));
    }
    submit.disabled = false;
  });
  open("Replay to another URL",
    element("p", {}, `The mock sends this ${exchange.method} request, with its headers and body, to the URL.`),
    exchange.request.cut ? element("p", { class: "problem" }, "The body was longer than the log keeps, so only its beginning is sent.") : null,
    masked ? element("p", { class: "quiet" }, "Masked secrets stay masked: the page never has them.") : null,
    form, result);
  field.select();
}

function replayed(reply, exchange) {
  if (reply.error) return element("p", { class: "problem" }, reply.error);
  const type = reply.headers?.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const isSame = reply.status === exchange.status;
  const before = exchange.status === null ? "" : isSame ? ", as the mock answered" : `; the mock answered ${exchange.status}`;
  const text = reply.body ?? "";
  return [
    element("h3", {}, status(reply.status), element("span", { class: "quiet" }, ` in ${milliseconds(reply.duration_ms)}${before}`)),
    element("details", {}, element("summary", {}, `Headers (${reply.headers?.length ?? 0})`), pairs(reply.headers ?? [], "Headers of the reply", ["Header", "Value"])),
    text ? (laidOut(text, type) ?? asItIs(text)) : element("p", { class: "quiet" }, "No body."),
  ];
}
