// What the page asks the mock for. Addresses are relative to the page, so that it works behind a proxy's path as well.

async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("the mock cannot be reached; is it still running?");
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** The API says in JSON why it does not do something; anything else comes from what stands between. */
async function refusal(response) {
  const text = await response.text().catch(() => "");
  const error = new Error(parsed(text)?.error ?? `the mock answered ${response.status} ${text.slice(0, 500)}`.trim());
  error.status = response.status;
  return error;
}

const json = async (path, options) => (await answer(path, options)).json();

export const server = {
  list: (query, signal) => json(`requests?${new URLSearchParams(query)}`, { signal }),
  exchange: (id, signal) => json(`requests/${id}`, { signal }),
  routes: () => json("routes"),
  status: () => json("status"),
  curl: async (id) => (await answer(`requests/${id}/curl`)).text(),
  case: async (id) => {
    const response = await answer(`requests/${id}/case`);
    const named = /filename="?([^";]+)"?/.exec(response.headers.get("content-disposition") ?? "");
    return { name: named ? named[1] : `exchange-${id}.toml`, text: await response.text() };
  },
  clear: () => answer("requests", { method: "DELETE" }),
  replay: (id, url, allowSecrets) =>
    json(`requests/${id}/replay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url, ...(allowSecrets ? { allow_secrets: true } : {}) }),
    }),
};

const KINDS = ["exchange", "cleared", "reloaded", "reload-failed", "journal-failed", "gap"];

const LONGEST_WAIT = 10_000;

/**
 * Listens to the events until the page goes. `told(kind, data)` is called for each, `state("live" | "lost", isFirst)` when
 * the connection comes and goes. The browser reconnects by itself only where the connection broke, not after a refusal.
 */
export function listen(told, state) {
  let wait = 500;
  let isFirst = true;
  const connect = () => {
    const source = new EventSource("events");
    source.addEventListener("open", () => {
      wait = 500;
      state("live", isFirst);
      isFirst = false;
    });
    source.addEventListener("error", () => {
      state("lost", isFirst);
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => told(kind, parsed(event.data)));
    }
  };
  connect();
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
