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
