/* What HTML and htmx do not do by themselves. No dependency; without it every page still works. */
(() => {
  "use strict";
  const doc = document;
  const $ = (selector, from = doc) => from.querySelector(selector);
  const words = (name) => doc.body.dataset[name] || "";

  /* ---- toasts: HX-Trigger {"toast": {"message", "kind", "undo_url", "undo_label"}} */
  const TOAST_MS = { good: 5000, info: 6000, celebrate: 6000, danger: 12000 };
  const dismiss = (toast) => {
    toast.dataset.leaving = "";
    setTimeout(() => toast.remove(), 250);
  };
  const keepTime = (toast) => {
    if (toast.dataset.timed !== undefined) return;
    toast.dataset.timed = "";
    const kind = (toast.className.match(/toast--(\w+)/) || [])[1];
    let left = toast.querySelector("form") ? 10000 : TOAST_MS[kind] || 5000;
    const timer = setInterval(() => {
      if (doc.hidden || toast.matches(":hover, :focus-within")) return;
      left -= 500;
      if (left > 0) return;
      clearInterval(timer);
      dismiss(toast);
    }, 500);
  };
  const csrf = () => {
    try {
      return JSON.parse(doc.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
    } catch {
      return "";
    }
  };
  const showToast = ({ message, kind = "good", undo_url: undoUrl, undo_label: undoLabel }) => {
    const region = $("#toasts");
    const template = $("#toast-template");
    if (!region || !template || !message) return;
    const toast = template.content.firstElementChild.cloneNode(true);
    const picture = $("#icon-template").content.querySelector(`[data-kind="${kind}"] svg`);
    toast.className = `toast toast--${kind}`;
    if (picture) toast.querySelector(".icon").replaceWith(picture.cloneNode(true));
    toast.querySelector(".toast__text").textContent = message;
    if (undoUrl) {
      const form = doc.createElement("form");
      form.method = "post";
      form.action = undoUrl;
      const token = Object.assign(doc.createElement("input"), { type: "hidden", name: "csrf_token", value: csrf() });
      const button = Object.assign(doc.createElement("button"), { type: "submit", className: "button" });
      button.textContent = undoLabel || words("textUndo");
      form.append(token, button);
      toast.querySelector("[data-dismiss]").before(form);
    }
    while (region.children.length > 2) region.firstElementChild.remove();
    region.append(toast);
    keepTime(toast);
  };
  doc.addEventListener("toast", (event) => showToast(event.detail || {}));

  /* ---- live parts: rest while hidden, slow down while out of reach, say so quietly */
  const isPoller = (element) => Boolean(element && element.matches && element.matches("[data-live]"));
  let failures = 0;
  let quietUntil = 0;
  let lastSeen = new Date();
  const refresh = () => {
    for (const element of doc.querySelectorAll("[data-live]")) element.dispatchEvent(new CustomEvent("live-refresh"));
  };
  const sayOffline = (isOffline) => {
    const line = $("#offline");
    if (!line) return;
    if (isOffline && line.hidden) {
      const time = lastSeen.toLocaleTimeString(doc.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit" });
      line.textContent = line.dataset.text.replace("{time}", time);
    }
    line.hidden = !isOffline;
  };
  // "every" is what htmx calls its polling beat; it does not bubble, but it can be caught on its way down.
  doc.addEventListener("every", (event) => {
    if (doc.hidden || !navigator.onLine || Date.now() < quietUntil) event.stopImmediatePropagation();
  }, true);
  const outOfReach = () => {
    failures += 1;
    quietUntil = Date.now() + Math.min(60000, 1500 * 2 ** failures) * (0.8 + 0.4 * Math.random());
    if (failures > 1 || !navigator.onLine) sayOffline(true);
  };
  const inReach = () => {
    failures = 0;
    quietUntil = 0;
    lastSeen = new Date();
    sayOffline(false);
  };
  doc.addEventListener("visibilitychange", () => {
    if (doc.hidden || !navigator.onLine) return;
    quietUntil = 0;
    refresh();
  });
  addEventListener("online", () => {
    quietUntil = 0;
    if ($("[data-live]")) refresh();
    else sayOffline(false);
  });
  addEventListener("offline", () => sayOffline(true));

  doc.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (navigator.onLine) return;
    event.preventDefault();
    if (!isPoller(ctx.sourceElement)) showToast({ message: words("textUnreachable"), kind: "danger" });
  });
  doc.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.response || ctx.response.status >= 500) return;
    inReach();
  });
  doc.addEventListener("htmx:response:error", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.status < 500 && ctx.response.status !== 429) return;
    if (isPoller(ctx.sourceElement)) outOfReach();
    else showToast({ message: words("textError"), kind: "danger" });
  });
  doc.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (!ctx || ctx.response) return;
    if (isPoller(ctx.sourceElement)) outOfReach();
    else showToast({ message: words("textUnreachable"), kind: "danger" });
  });

  /* ---- one click, one event: menus, copy, dismiss */
  doc.addEventListener("click", (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    for (const menu of doc.querySelectorAll("details[data-menu][open]")) if (!menu.contains(target)) menu.open = false;

    const dismissed = target.closest("[data-dismiss]");
    if (dismissed) dismiss(dismissed.closest("[data-toast]"));

    const copier = target.closest("[data-copy]");
    if (copier && navigator.clipboard) {
      event.preventDefault();
      const source = $(copier.dataset.copy);
      navigator.clipboard.writeText((source && (source.value || source.textContent)) || copier.dataset.copy)
        .then(() => showToast({ message: words("textCopied") }), () => source && source.select && source.select());
    }
  });
  doc.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of doc.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      if (menu.contains(doc.activeElement)) $("summary", menu).focus();
    }
  });

  /* ---- forms: once is enough; selects that submit; a look at the theme before it is saved; dropped files */
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
    if (form.dataset.busy !== undefined) event.preventDefault();
    else form.dataset.busy = "";
  });
  // What htmx has under way is not sent a second time either.
  for (const name of ["submit", "click"]) {
    doc.addEventListener(name, (event) => {
      const sender = event.target instanceof Element && event.target.closest("form.htmx-request, button.htmx-request, a.htmx-request");
      if (!sender || (name === "click" && sender.tagName === "FORM")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }
  addEventListener("pageshow", () => {
    for (const form of doc.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
  });
  doc.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.dataset.submitOnChange !== undefined) form.requestSubmit();
    if (event.target.name === "theme" && event.target.closest("[data-theme-choice]")) doc.documentElement.dataset.theme = event.target.value;
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    doc.addEventListener(name, (event) => {
      const zone = event.target instanceof Element && event.target.closest("[data-drop]");
      if (!zone) return;
      const input = $("input[type=file]", zone);
      if (name === "dragover" || name === "drop") event.preventDefault();
      if (name === "drop" && input && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
      if (name === "dragenter" || name === "dragover") zone.dataset.over = "";
      else delete zone.dataset.over;
    });
  }

  /* ---- an answer is about what was asked: what was typed into [data-typed-stays] since then stays */
  const typedIn = (part) => Array.from(part.querySelectorAll("input[id], textarea[id]"), (field) => [field.id, field.value]);
  doc.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.target instanceof Element && ctx.target.matches("[data-typed-stays]")) ctx.typed = typedIn(ctx.target);
  });
  doc.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    for (const [id, asked] of ctx.typed || []) {
      const field = doc.getElementById(id);
      const arriving = tasks.map((task) => task.fragment && task.fragment.querySelector(`#${CSS.escape(id)}`)).find(Boolean);
      if (!field || !arriving) continue;
      if (field.value !== asked) arriving.setAttribute("value", field.value);
      else field.value = arriving.value; // a morph does not touch the field in focus
    }
  });

  /* ---- what arrived: errors take the focus, toasts start their time, a whole new page is announced */
  const settle = () => {
    const refused = $("[data-form-errors]:not([data-seen])");
    if (refused) {
      refused.dataset.seen = "";
      refused.focus();
    }
    for (const toast of doc.querySelectorAll("#toasts [data-toast]")) keepTime(toast);
  };
  doc.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx && ctx.target === doc.body) {
      scrollTo(0, 0);
      const main = $("#main");
      if (main) main.focus({ preventScroll: true });
    }
    settle();
  });
  doc.addEventListener("htmx:after:settle", settle);
  settle();
})();
