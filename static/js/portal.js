/* Small comforts keyed to data-kpss-*. Every page works without them. */
(() => {
  "use strict";

  const all = (selector, root = document) => root.querySelectorAll(selector);

  /* data-kpss-autosubmit on a form: a changed filter is sent at once. Its button may carry
     data-kpss-autosubmit-button: it is not needed then. */
  function sendFilters(root) {
    for (const form of all("form[data-kpss-autosubmit]", root)) {
      if (form.kpssReady) continue;
      form.kpssReady = true;
      form.addEventListener("change", (event) => {
        if (event.target.type !== "search" && event.target.type !== "text") form.requestSubmit();
      });
      for (const button of all("[data-kpss-autosubmit-button]", form)) button.hidden = true;
    }
  }

  /* data-kpss-confirm="Question?" on a button or a form. */
  document.addEventListener("submit", (event) => {
    const asking = event.submitter?.closest("[data-kpss-confirm]") ?? event.target.closest("[data-kpss-confirm]");
    if (asking && !window.confirm(asking.dataset.kpssConfirm)) event.preventDefault();
  }, true);

  /* data-kpss-once on a form: a second click does not send it again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-kpss-once]")) return;
    if (form.dataset.kpssSent) {
      event.preventDefault();
      return;
    }
    form.dataset.kpssSent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-kpss-sent]")) delete form.dataset.kpssSent;
  });

  /* data-kpss-print on a button that is hidden until this script can serve it. */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-kpss-print]")) window.print();
  });

  /* data-kpss-copy="#id" on a button: copies the text or the value of that element; data-kpss-copied is said after. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-kpss-copy]");
    if (!button) return;
    const copied = document.querySelector(button.dataset.kpssCopy);
    await navigator.clipboard.writeText((copied.value ?? copied.textContent).trim());
    button.textContent = button.dataset.kpssCopied ?? button.textContent;
  });

  /* What is folded on the screen is unfolded on paper. */
  window.addEventListener("beforeprint", () => {
    for (const fold of all("details:not([open])")) {
      fold.dataset.kpssWasClosed = "1";
      fold.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of all("details[data-kpss-was-closed]")) {
      delete fold.dataset.kpssWasClosed;
      fold.open = false;
    }
  });

  /* data-kpss-remember="name" on details: stays as the reader left it, in this browser only. */
  function rememberFolds(root) {
    for (const fold of all("details[data-kpss-remember]", root)) {
      const key = `kpss-fold-${fold.dataset.kpssRemember}`;
      try {
        const kept = localStorage.getItem(key);
        if (kept !== null) fold.open = kept === "1";
        fold.addEventListener("toggle", () => localStorage.setItem(key, fold.open ? "1" : "0"));
      } catch {
        return;
      }
    }
  }

  /* data-kpss-toc: folded on a phone, and the part being read is marked. */
  function followContents() {
    const contents = document.querySelector("[data-kpss-toc]");
    if (!contents) return;
    const fold = contents.querySelector("details");
    if (fold && window.matchMedia("(max-width: 59.99em)").matches) fold.open = false;
    const links = new Map();
    for (const link of all("a[href^='#']", contents)) {
      const part = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (part) links.set(part, link);
    }
    if (!links.size || !("IntersectionObserver" in window)) return;
    const seen = new Set();
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target);
      const here = [...links.keys()].find((part) => seen.has(part));
      if (!here) return;
      for (const [part, link] of links) {
        if (part === here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "0px 0px -60% 0px" });
    for (const part of links.keys()) observer.observe(part);
  }

  /* Ctrl+K or Cmd+K goes to the first search field that can be seen. */
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const field = [...all("[role='search'] input[type='search']")].find((input) => input.offsetParent);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  /* <meta name="kpss-htmx">: htmx is fetched when somebody first touches a form or link that it serves. */
  function fetchHtmxOnTouch() {
    const meta = document.querySelector("meta[name='kpss-htmx']");
    if (!meta) return;
    const touches = ["focusin", "pointerdown", "pointerover"];
    const fetchHtmx = (event) => {
      if (!event.target.closest("[hx-get], [hx-post]")) return;
      for (const touch of touches) document.removeEventListener(touch, fetchHtmx);
      const script = document.createElement("script");
      script.src = meta.content;
      document.head.append(script);
    };
    for (const touch of touches) document.addEventListener(touch, fetchHtmx);
  }

  function prepare(root) {
    sendFilters(root);
    rememberFolds(root);
    for (const button of all("[data-kpss-print][hidden], [data-kpss-copy][hidden]", root)) button.hidden = false;
    root.querySelector("[data-kpss-focus]")?.focus();
  }

  prepare(document);
  followContents();
  fetchHtmxOnTouch();
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) prepare(event.target);
  });
})();
