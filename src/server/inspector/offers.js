// What can be taken away from the page.

import { toast } from "./announcer.js";
import { offerCopy } from "./dialogs.js";
import { element } from "./dom.js";
import { server } from "./server.js";

const DOWNLOAD_TIME = 10_000;

export async function copy(text, what = "It") {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} was copied`);
  } catch {
    offerCopy(`Copy: ${what.toLowerCase()}`, text);
  }
}

/** Does what may fail, and says so when it does. */
export async function attempt(what, work) {
  try {
    await work();
  } catch (error) {
    toast(`${what}: ${error.message}`, true);
  }
}

export const copyCurl = (exchange) => attempt("Not copied", async () => copy(await server.curl(exchange.id), "The curl line"));

export const download = (exchange) => attempt("Not downloaded", async () => {
  const { name, text } = await server.case(exchange.id);
  const url = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_TIME);
  toast(`${name} was downloaded`);
});
