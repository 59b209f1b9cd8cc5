"use strict";
// Light or dark, as the reader likes it: chosen by the button or the key t, and kept.

function theme() {
  const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("audiojudge-theme", root.dataset.theme); } catch { /* nothing is kept */ }
}
try { const kept = localStorage.getItem("audiojudge-theme"); if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept; } catch { /* nothing was kept */ }
document.getElementById("theme").addEventListener("click", theme);
document.addEventListener("keydown", (event) => {
  if (event.key === "t" && !(event.ctrlKey || event.metaKey || event.altKey) && !event.target.closest("input, select, textarea, audio")) theme();
});
