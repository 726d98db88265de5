/* The editor of a plan: keyboard and mouse for what its buttons do anyway. Works on what templates/plans/editor draws. */
(() => {
  "use strict";

  const outline = () => document.querySelector("[data-kpss-outline]");
  const rowOf = (element) => element?.closest?.("[data-kpss-row]");
  const rowsSeen = () => [...outline().querySelectorAll("[data-kpss-row]")].filter((row) => row.offsetParent);
  const titleOf = (row) => row.querySelector(".outline-title a");
  const listOf = (row) => row.closest("ol");
  // A node's row stands in an item with everything under it; a task's row is the item.
  const itemOf = (row) => row.closest("li");
  const rowIn = (item) => (item.matches("[data-kpss-row]") ? item : item.querySelector(":scope > [data-kpss-row]"));
  const isNode = (row) => row.dataset.kpssRow.startsWith("n");

  function say(sentence) {
    const status = document.getElementById("editor-status");
    if (status) status.textContent = sentence;
  }

  /* ↑ ↓ go from row to row, Alt+↑ and Alt+↓ press the row's own buttons. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const row = rowOf(event.target);
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.altKey) {
      event.preventDefault();
      row.querySelector(event.key === "ArrowUp" ? "button[name=up]" : "button[name=down]").click();
      return;
    }
    if (event.target.closest("[data-kpss-menu]")) return;
    const rows = rowsSeen();
    const next = rows[rows.indexOf(row) + (event.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    titleOf(next).focus();
  });

  /* Menus of rows close when one leaves them; Escape closes and goes back to the word that opened it. */
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("[data-kpss-menu]")));
  document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-kpss-menu]")));
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("[data-kpss-menu][open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  function closeMenus(kept) {
    for (const menu of document.querySelectorAll("[data-kpss-menu][open]")) {
      if (menu !== kept) menu.open = false;
    }
  }

  /* After a move the tree comes anew: folds stay as they were, the focus stays with the row. */
  let folds = new Map();
  let focused = "";

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "outline") return;
    folds = new Map([...outline().querySelectorAll("details[id]")].map((fold) => [fold.id, fold.open]));
    focused = document.activeElement?.closest?.("#outline") ? document.activeElement.id : "";
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "outline") return;
    for (const [id, open] of folds) {
      const fold = document.getElementById(id);
      if (fold) fold.open = open;
    }
    const moved = outline().dataset.kpssMoved;
    const row = moved && document.getElementById(moved);
    if (!row) return;
    for (let fold = row.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    (document.getElementById(focused) ?? titleOf(row)).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  });

  /* A line taken away takes its button with it: the focus goes to the button that adds one. */
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement === document.body) event.target.querySelector?.("button[name=add_line]")?.focus();
  });

  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  function failed() {
    // The plain form does the same and its page says what is wrong.
    window.location.reload();
  }

  /* Mouse: a row is dragged by its handle and dropped before, after or under another one. */
  let dragged = null;
  let target = null;

  document.addEventListener("dragstart", (event) => {
    const grip = event.target.closest?.("[data-kpss-grip]");
    if (!grip) return;
    dragged = rowOf(grip);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", titleOf(dragged).textContent);
    event.dataTransfer.setDragImage(dragged, 12, 12);
    dragged.classList.add("outline-dragged");
  });

  document.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const place = placeAt(event);
    mark(place);
    if (place) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
    }
  });

  document.addEventListener("drop", (event) => {
    if (!dragged || !target) return;
    event.preventDefault();
    const values = { item: dragged.dataset.kpssRow, parent: target.parent, place: target.place };
    const form = outline();
    endDrag();
    window.htmx.ajax("POST", form.dataset.kpssOutline, { source: form, target: "#outline", swap: "outerHTML", values });
  });

  document.addEventListener("dragend", endDrag);

  function endDrag() {
    dragged?.classList.remove("outline-dragged");
    dragged = null;
    mark(null);
  }

  function mark(place) {
    target?.row.classList.remove("drop-before", "drop-after", "drop-under");
    target = place;
    target?.row.classList.add(`drop-${target.how}`);
  }

  /* Where the thing would go if it were dropped now; null where it cannot go. */
  function placeAt(event) {
    const row = rowOf(event.target);
    if (!row || row === dragged || itemOf(dragged).contains(row)) return null;
    const box = row.getBoundingClientRect();
    const height = (event.clientY - box.top) / box.height;
    const takesIn = isNode(row) && (!isNode(dragged) || !("kpssDeepest" in row.dataset));
    if (takesIn && (!isNode(dragged) || (height > 0.3 && height < 0.7))) {
      return { row, how: "under", parent: row.dataset.kpssRow.slice(1), place: "last" };
    }
    if (isNode(row) !== isNode(dragged)) return null;
    const above = itemOf(row).parentElement.closest("li");
    const parent = above ? rowIn(above).dataset.kpssRow.slice(1) : "0";
    if (height >= 0.5) return { row, how: "after", parent, place: row.dataset.kpssRow.slice(1) };
    let before = itemOf(row).previousElementSibling;
    if (before && rowIn(before) === dragged) before = before.previousElementSibling;
    return { row, how: "before", parent, place: before ? rowIn(before).dataset.kpssRow.slice(1) : "first" };
  }

  /* The sum of the sources follows what is typed. */
  const crowns = (text) => {
    const digits = text.replace(/[\s\u00a0\u202f.]|,-|,–|Kč/gi, "");
    return /^\d+$/.test(digits) ? Number(digits) : null;
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-kpss-task]");
    const sum = form?.querySelector("[data-kpss-sum]");
    if (!sum || !/^(funding-\d+-amount|cost_planned)$/.test(event.target.name)) return;
    const filled = [...form.querySelectorAll("input[name^=funding-][name$=-amount]")].filter(
      (input) => input.value.trim() || form.elements[input.name.replace("amount", "source")].value,
    );
    const amounts = filled.map((input) => crowns(input.value));
    const known = amounts.filter((amount) => amount !== null);
    const total = known.reduce((together, amount) => together + amount, 0);
    const cost = crowns(form.elements.cost_planned.value);
    const isWrong =
      cost !== null && known.length > 0 && (total > cost || (known.length === amounts.length && total !== cost));
    sum.querySelector("output").textContent =
      `${total.toLocaleString("cs-CZ").replace(/\s/g, "\u00a0")}\u00a0Kč`;
    sum.querySelector(".lines-differ").hidden = !isWrong;
  });

  /* What only a mouse or a keyboard with this script can do is shown only now. */
  function prepare() {
    for (const hint of document.querySelectorAll("[data-kpss-keys]")) hint.hidden = false;
    if (!window.matchMedia("(pointer: fine)").matches) return;
    for (const grip of document.querySelectorAll("[data-kpss-grip]")) {
      grip.hidden = false;
      grip.draggable = true;
    }
  }

  prepare();
  document.addEventListener("htmx:afterSettle", prepare);
})();
