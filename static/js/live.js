/* A running meeting: news said aloud once, a lost connection named, hands counted. Every page works without it. */
(() => {
  "use strict";

  /* data-kpss-say in news: its text is said through data-kpss-said, and only when it differs. */
  function say() {
    const said = document.querySelector("[data-kpss-said]");
    const text = document.querySelector("[data-kpss-say]")?.textContent.replace(/\s+/g, " ").trim();
    if (said && text && said.dataset.kpssLast !== text) {
      if (said.dataset.kpssLast) said.textContent = text;
      said.dataset.kpssLast = text;
    }
  }

  /* data-kpss-lost: shown while the portal does not answer. */
  function lost(isLost) {
    for (const notice of document.querySelectorAll("[data-kpss-lost]")) notice.hidden = !isLost;
  }
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => lost(true));
  document.addEventListener("htmx:responseError", (event) => {
    // The page is no longer here for this reader: its own address says what is there instead.
    if ([403, 404].includes(event.detail.xhr.status)) location.reload();
    else lost(true);
  });
  document.addEventListener("htmx:afterOnLoad", () => lost(false));

  /* An answer to a question that newer news have replaced meanwhile is old. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.requestConfig.elt.isConnected) event.detail.shouldSwap = false;
  });

  /* News of somebody, or of a vote, for which this page has no place yet are dropped: it offers to be loaded again. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const news = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").body;
    for (const piece of news.querySelectorAll("[hx-swap-oob]")) {
      if (!document.getElementById(piece.id)) piece.remove();
    }
    event.detail.serverResponse = news.innerHTML;
  });

  /* Whoever has been signed out meanwhile is led to sign in, instead of getting that page for news. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = new URL(event.detail.pathInfo.requestPath, location.href).pathname;
    const xhr = event.detail.xhr;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
  document.addEventListener("htmx:afterSettle", say);

  /* data-kpss-count="8" on a form: buttons that add and take away, and how many are left of the eight. */
  function rest(form) {
    const sum = [...form.querySelectorAll("input[type=number]")]
      .reduce((total, input) => total + (Number.parseInt(input.value, 10) || 0), 0);
    const left = Number(form.dataset.kpssCount) - sum;
    const line = form.querySelector("[data-kpss-rest]");
    line.textContent = left < 0 ? `${line.dataset.kpssOver} ${-left}` : `${line.dataset.kpssRest} ${left}`;
    line.classList.toggle("live-rest-over", left < 0);
  }
  for (const form of document.querySelectorAll("form[data-kpss-count]")) {
    for (const button of form.querySelectorAll("[data-kpss-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const input = button.parentElement.querySelector("input");
        const value = (Number.parseInt(input.value, 10) || 0) + Number(button.dataset.kpssStep);
        input.value = Math.max(0, Math.min(value, Number(form.dataset.kpssCount)));
        rest(form);
      });
    }
    form.addEventListener("input", () => rest(form));
    rest(form);
  }

  say();
})();
