// A classic script in the head: the page is never painted in the wrong theme first.
(() => {
  const KEY = "hookwright.theme";
  const ORDER = ["system", "light", "dark"];

  // Storage may be forbidden; the theme then lasts as long as the page.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  const remember = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // Nothing is lost but the memory.
    }
  };

  const apply = (theme) => {
    document.documentElement.dataset.theme = ORDER.includes(theme) ? theme : "system";
  };

  apply(remembered());
  window.hookwrightTheme = {
    current: () => document.documentElement.dataset.theme,
    next: () => {
      const theme = ORDER[(ORDER.indexOf(document.documentElement.dataset.theme) + 1) % ORDER.length];
      apply(theme);
      remember(theme);
      return theme;
    },
  };
})();
