// Sets the theme before anything is painted; see theme.js for the rest.
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem("qm-theme");
  } catch {
    kept = null; // storage is switched off; the system's preference decides
  }
  const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
