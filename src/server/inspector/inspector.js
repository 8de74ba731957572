// The inspector: the log of `hookwright mock`, live.

import { actionsPanel } from "./actions.js";
import { announce, toast } from "./announcer.js";
import { showExchange, showProblem } from "./detail.js";
import { ask, help, replay } from "./dialogs.js";
import { byId, element, fill, plural } from "./dom.js";
import { Filters } from "./filters.js";
import { handleKeys, keys } from "./keys.js";
import { List } from "./list.js";
import { Log, MAX_KEPT } from "./log.js";
import { attempt, copy, copyCurl, download } from "./offers.js";
import { problem } from "./problems.js";
import { listen, server } from "./server.js";

const log = new Log();
const filters = new Filters(() => filtersChanged());
const list = new List(byId("rows"), shownItems, drawn);
const isNarrow = matchMedia("(max-width: 819px)");

const state = {
  isPaused: false,
  /** The connection came back while paused: the list is asked for when it goes on. */
  isStale: false,
  isLoaded: false,
  total: 0,
  /** What the server found for the query, `null` without one. */
  found: null,
  /** Ids up to this one have been asked for: what is missing among them is gone or still under way. */
  complete: 0,
  actions: [],
  exchange: null,
};

// The list

function shownItems() {
  if (!state.found) return log.items.filter((item) => filters.lets(item));
  if (filters.search) return state.found.filter((item) => filters.lets(item));
  const known = new Map([...state.found, ...log.items].map((item) => [item.id, item]));
  return [...known.values()].filter((item) => filters.lets(item)).sort((one, other) => other.id - one.id).slice(0, MAX_KEPT);
}

function drawn() {
  const shown = shownItems().length;
  const total = Math.max(state.total, shown);
  const waiting = state.isPaused && log.waiting > 0 ? `, ${log.waiting.toLocaleString("en")} waiting` : "";
  byId("counts").textContent = filters.isActive
    ? `${shown.toLocaleString("en")} of ${plural(total, "exchange")}${waiting}`
    : `${plural(total, "exchange")}${total > shown ? `, newest ${shown.toLocaleString("en")} shown` : ""}${waiting}`;
  byId("reset-filters").hidden = !filters.isActive;
  showNothing(shown);
}

function showNothing(shown) {
  const nothing = byId("nothing");
  const kind = shown > 0 || !state.isLoaded ? "" : `${filters.isActive} ${isNarrow.matches} ${state.actions.length}`;
  if (nothing.dataset.kind === kind) return;
  nothing.dataset.kind = kind;
  nothing.hidden = kind === "";
  if (!state.exchange && location.hash === "") showActions(false);
  if (nothing.hidden) return;
  if (filters.isActive) fill(nothing, element("p", { class: "quiet empty" }, "Nothing fits the filters."));
  else if (isNarrow.matches) fill(nothing, actionsPanel(state.actions, "Waiting for the first request", copy));
  else fill(nothing, element("p", { class: "quiet empty" }, "Waiting for the first request."));
}

let loading = null;

/** Asks for the list anew: at the start, after a reconnection, after a gap, for a query. */
async function load() {
  loading?.abort();
  loading = new AbortController();
  const { signal } = loading;
  log.expect();
  try {
    const query = filters.query;
    const [newest, found] = await Promise.all([
      server.list({ limit: MAX_KEPT }, signal),
      query ? server.list({ limit: MAX_KEPT, ...query }, signal) : null,
    ]);
    log.replace(newest.requests);
    Object.assign(state, { isLoaded: true, isStale: false, found: found?.requests ?? null, total: newest.total + newest.dropped, complete: newest.requests[0]?.id ?? 0 });
    problem("list", null);
    filters.learn(log.items);
  } catch (error) {
    if (error.name === "AbortError") return;
    problem("list", `The list could not be read: ${error.message}`, load);
  }
  list.refresh();
}

let loadTimer = 0;

function loadSoon(wait) {
  if (loadTimer) return;
  loadTimer = setTimeout(() => {
    loadTimer = 0;
    load();
  }, wait);
}

function filtersChanged() {
  if (filters.query) load();
  else state.found = null;
  list.refresh();
}

// Events

/** The list is not asked for more often than this, whatever comes. */
const AGAIN = 1_000;

const told = {
  exchange: (item) => {
    if (!item) return;
    log.push(item);
    state.total += 1;
    if (state.isPaused) list.refresh();
    else scheduleTaking();
  },
  cleared: () => {
    log.clear();
    Object.assign(state, { total: 0, complete: 0, found: state.found ? [] : null });
    list.refresh();
    // A list that is on its way would bring back what is gone.
    load();
    if (state.exchange) location.hash = "#/";
  },
  reloaded: () => {
    problem("specs", null);
    toast("The specs were read again");
    loadActions();
  },
  "reload-failed": (data) => problem("specs", `The specs are broken; the last good version is served: ${data?.message ?? "see the terminal"}`),
  "journal-failed": (data) => problem("journal", `The journal cannot be written: ${data?.message ?? "see the terminal"}`),
  // The server had more to tell than could be sent.
  gap: () => (state.isPaused ? (state.isStale = true) : loadSoon(AGAIN)),
};

let taking = false;

function scheduleTaking() {
  if (taking) return;
  taking = true;
  // A page in the background gets no animation frames; what waits is bounded by the log.
  requestAnimationFrame(() => {
    taking = false;
    takeWaiting();
  });
}

function takeWaiting() {
  const taken = log.take();
  announce(taken);
  filters.learn(taken);
  if (filters.search && taken.length > 0) loadSoon(AGAIN);
  lookForGaps();
  list.refresh();
}

const GAP_PATIENCE = 1_500;
let gapTimer = 0;

/** Requests that take long end out of order; what is still missing after a while was lost on the way here. */
function lookForGaps() {
  if (gapTimer || !log.hasGapAbove(state.complete)) return;
  gapTimer = setTimeout(() => {
    gapTimer = 0;
    if (log.hasGapAbove(state.complete)) load();
  }, GAP_PATIENCE);
}

function connection(now, isFirst) {
  byId("live").dataset.state = state.isPaused && now === "live" ? "paused" : now;
  byId("live-text").textContent = now === "lost" ? "Connecting…" : state.isPaused ? "Paused" : "Live";
  if (now === "lost") problem("connection", isFirst ? "The mock cannot be reached. Trying again…" : "The connection to the mock was lost. Trying again…");
  else problem("connection", null);
  if (now !== "live") return;
  if (state.isPaused) state.isStale = true;
  else load();
  loadActions();
}

function pause() {
  state.isPaused = !state.isPaused;
  byId("pause").setAttribute("aria-pressed", String(state.isPaused));
  byId("pause-text").textContent = state.isPaused ? "Resume" : "Pause";
  if (byId("live").dataset.state !== "lost") {
    byId("live").dataset.state = state.isPaused ? "paused" : "live";
    byId("live-text").textContent = state.isPaused ? "Paused" : "Live";
  }
  if (!state.isPaused) takeWaiting();
  if (!state.isPaused && state.isStale) load();
  list.refresh();
}

// The chosen exchange

async function loadActions() {
  try {
    const routes = await server.routes();
    state.actions = routes.actions ?? routes.routes ?? routes;
    filters.learn(state.actions.map(({ spec }) => ({ spec })));
    problem("actions", null);
  } catch (error) {
    problem("actions", `The actions could not be read: ${error.message}`, loadActions);
  }
  if (!/^#\/requests\//.test(location.hash)) showActions(false);
  list.refresh();
}

let choosing = null;

async function route(event) {
  choosing?.abort();
  const id = Number(/^#\/requests\/(\d+)$/.exec(location.hash)?.[1] ?? NaN);
  if (Number.isNaN(id)) {
    const isPage = location.hash === "#/actions";
    const hadDetail = document.body.dataset.view === "detail";
    state.exchange = null;
    document.body.dataset.view = isPage ? "detail" : "list";
    showActions(isPage && Boolean(event));
    if (hadDetail && !isPage) list.focus();
    list.choose(null);
    return;
  }
  list.choose(id);
  document.body.dataset.view = "detail";
  choosing = new AbortController();
  // What was hidden has the focus to get, but not before anybody did anything.
  if (event && isNarrow.matches) wantsFocus = true;
  await showChosen(id, choosing.signal);
}

async function showChosen(id, signal) {
  const pane = byId("detail");
  try {
    state.exchange = await server.exchange(id, signal);
    showExchange(pane, state.exchange, { curl: copyCurl, download, replay: replayDialog, copy });
    document.title = `${state.exchange.method} ${state.exchange.target} · Hookwright inspector`;
  } catch (error) {
    if (error.name === "AbortError") return;
    state.exchange = null;
    const isGone = error.status === 404;
    showProblem(pane, `Exchange ${id}`, isGone ? "It is not in the log: it was cleared, or newer ones took its place." : `It could not be read: ${error.message}`);
  }
  pane.scrollTop = 0;
  if (wantsFocus) focusDetail();
  wantsFocus = false;
}

let wantsFocus = false;

const focusDetail = () => byId("detail").querySelector("h2")?.focus({ preventScroll: true });

function showActions(withFocus) {
  const isPage = location.hash === "#/actions";
  const isFirst = log.items.length === 0 && !isPage;
  document.title = "Hookwright inspector";
  fill(byId("detail"), actionsPanel(state.actions, isFirst ? "Waiting for the first request" : "Actions", copy, isPage));
  if (withFocus) focusDetail();
}

// What can be done with an exchange

let replayUrl = "";

function replayDialog(exchange) {
  const action = state.actions.find((action) => action.spec === exchange.spec);
  const original = URL.canParse(action?.original_url ?? "") ? new URL(action.original_url).origin : "";
  replay(exchange, replayUrl || original, (url, allowSecrets) => {
    replayUrl = url;
    return server.replay(exchange.id, url, allowSecrets);
  });
}

async function clear() {
  const isSure = await ask("Clear the log?", "All exchanges go, here and in every other open inspector. A journal on disk stays.", "Clear");
  if (isSure) await attempt("Not cleared", async () => {
    await server.clear();
    told.cleared();
    toast("The log was cleared");
  });
}

const THEMES = { system: "System", light: "Light", dark: "Dark" };

function showTheme(theme) {
  byId("theme-text").textContent = THEMES[theme];
  byId("theme").setAttribute("aria-label", `Theme: ${THEMES[theme].toLowerCase()}`);
}

function nextTheme() {
  const theme = window.hookwrightTheme.next();
  showTheme(theme);
  toast(`Theme: ${THEMES[theme].toLowerCase()}`);
}

// Keys

function move(steps, event) {
  const isArrow = event.key.startsWith("Arrow");
  if (isArrow && byId("detail").contains(document.activeElement)) return false;
  if (isNarrow.matches && document.body.dataset.view === "detail") return false;
  const id = list.move(steps);
  if (id !== null && !isNarrow.matches) location.replace(`#/requests/${id}`);
  return id !== null;
}

function escape() {
  if (document.activeElement === byId("search")) {
    if (byId("search").value) filters.reset();
    else list.focus();
    return true;
  }
  if (location.hash !== "" && location.hash !== "#/") {
    const chosen = state.exchange?.id;
    location.hash = "#/";
    if (chosen === undefined) list.focus();
    return true;
  }
  return false;
}

handleKeys({
  j: (event) => move(1, event),
  k: (event) => move(-1, event),
  ArrowDown: (event) => move(1, event),
  ArrowUp: (event) => move(-1, event),
  "/": () => byId("search").focus(),
  p: pause,
  c: () => (state.exchange ? copyCurl(state.exchange) : false),
  t: nextTheme,
  "?": () => help(keys),
  Escape: escape,
});

byId("rows").addEventListener("keydown", (event) => {
  wantsFocus = event.key === "Enter";
  // The exchange is shown already where the rows are beside it: Enter then goes there.
  if (wantsFocus && event.target.getAttribute("aria-current") === "true") focusDetail();
});
byId("pause").addEventListener("click", pause);
byId("clear").addEventListener("click", clear);
byId("theme").addEventListener("click", nextTheme);
byId("help").addEventListener("click", () => help(keys));
// The hash is the page's address, so a jump within the page is done here.
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  if (document.body.dataset.view === "detail" && isNarrow.matches) focusDetail();
  else if (!list.focus()) byId("main").focus();
});
isNarrow.addEventListener("change", () => list.refresh());
addEventListener("hashchange", route);

showTheme(window.hookwrightTheme.current());
route();
load();
listen((kind, data) => told[kind](data), connection);
