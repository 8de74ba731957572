// Single keys, for those who want them.

const KEY = "hookwright.keys";

let isOn = remembered() !== "off";

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const keys = {
  isOn: () => isOn,
  turn: (on) => {
    isOn = on;
    try {
      localStorage.setItem(KEY, on ? "on" : "off");
    } catch {
      // It lasts as long as the page.
    }
  },
};

const isField = (target) => target instanceof Element && target.matches("input, select, textarea");

/** Calls the handler of a key: `handlers` go by `KeyboardEvent.key`. A handler that gives `false` leaves the key alone. */
export function handleKeys(handlers) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const isSingle = event.key.length === 1;
    if (isSingle && (!isOn || isField(event.target))) return;
    if (event.key.startsWith("Arrow") && isField(event.target)) return;
    const handler = handlers[event.key];
    if (handler && handler(event) !== false) event.preventDefault();
  });
}
