/* data-kpss-autosave on a field: five seconds after something was typed, htmx is asked to save it. */
(() => {
  "use strict";

  const PAUSE = 5000;
  const waiting = new WeakSet();

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-kpss-autosave]") || waiting.has(field)) return;
    waiting.add(field);
    setTimeout(() => {
      waiting.delete(field);
      field.dispatchEvent(new CustomEvent("kpss-save"));
    }, PAUSE);
  });
})();
