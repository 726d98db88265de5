/* The admin's search boxes (select2) tell a screen reader only what is chosen in them; this adds what they ask for. */
(() => {
  "use strict";

  /* The label of a select, or the heading of its column in a table; with an id, so that others may point to it. */
  function labelOf(select) {
    const cell = select.closest("td");
    const label = select.labels[0] ?? cell?.closest("table").tHead?.rows[0].cells[cell.cellIndex];
    if (label && !label.id) label.id = `${select.id}-label`;
    return label;
  }

  function nameBoxes() {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const label = labelOf(select);
      const box = select.nextElementSibling?.querySelector(".select2-selection");
      if (!label || !box) continue;
      const shown = box.querySelector(".select2-selection__rendered");
      box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`.trim());
      if (shown.matches("ul")) shown.setAttribute("role", "none"); // a list with a button among its lines is none
      else shown.setAttribute("aria-labelledby", label.id);
      box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
      const list = document.getElementById(`select2-${select.id}-results`);
      if (!list) continue;
      const dropdown = list.closest(".select2-dropdown");
      box.setAttribute("aria-controls", list.id);
      list.setAttribute("aria-labelledby", label.id);
      dropdown.setAttribute("role", "region");
      dropdown.setAttribute("aria-labelledby", label.id);
      dropdown.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
      for (const message of list.querySelectorAll(".select2-results__message")) message.setAttribute("role", "option");
    }
  }

  /* select2 comes after the page, with a new line of a form, and with each list it opens. */
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
  nameBoxes();
})();
