/* A television: the screen stays on, boards take turns, a new win is celebrated for two seconds. */
(() => {
  "use strict";
  const doc = document;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const keepAwake = () => {
    if (doc.hidden || !("wakeLock" in navigator)) return;
    navigator.wakeLock.request("screen").catch(() => {});
  };
  doc.addEventListener("visibilitychange", keepAwake);
  keepAwake();

  /* The part that is shown is remembered by its place, so that a refresh of the page's parts does not jump back. */
  let turn = 0;
  const showTurn = () => {
    for (const holder of doc.querySelectorAll("[data-rotate]")) {
      const boards = [...holder.querySelectorAll("[data-board]")];
      boards.forEach((board, place) => { board.hidden = place !== turn % boards.length; });
    }
  };
  const holder = doc.querySelector("[data-rotate]");
  if (holder) setInterval(() => { turn += 1; showTurn(); }, 1000 * (Number(holder.dataset.rotate) || 20));

  /* The company's time, in the page's language. */
  const clocks = doc.querySelectorAll("[data-clock]");
  const tick = () => {
    for (const clock of clocks) {
      clock.textContent = new Date().toLocaleString(doc.documentElement.lang, {
        weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
        timeZone: clock.dataset.zone || undefined,
      });
    }
  };
  if (clocks.length) {
    tick();
    setInterval(tick, 10000);
  }

  /* A link that was taken back: say so, and ask no more. */
  doc.addEventListener("htmx:response:error", (event) => {
    const ended = doc.getElementById("ended");
    if (!ended || ![403, 404, 410].includes(event.detail.ctx.response.status)) return;
    doc.getElementById("main").replaceChildren(ended.content.cloneNode(true));
  });

  const seen = new Set();
  const waiting = [];
  let isShowing = false;
  const celebrateNext = () => {
    const news = waiting.shift();
    isShowing = Boolean(news);
    if (!news) return;
    const template = doc.getElementById("celebration");
    const picture = template.content.firstElementChild.cloneNode(true);
    picture.querySelector(".celebration__name").textContent = news.name || "";
    picture.querySelector(".celebration__what").textContent = news.what || "";
    doc.body.append(picture);
    setTimeout(() => { picture.remove(); celebrateNext(); }, isStill ? 4000 : 2000);
  };
  const look = (isFirst) => {
    for (const element of doc.querySelectorAll("[data-celebrate]")) {
      if (seen.has(element.dataset.celebrate)) continue;
      seen.add(element.dataset.celebrate);
      if (!isFirst) waiting.push({ ...element.dataset });
    }
    if (!isShowing) celebrateNext();
  };
  doc.addEventListener("htmx:after:swap", () => { showTurn(); look(false); });
  showTurn();
  look(true);
})();
