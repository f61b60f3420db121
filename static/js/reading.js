/* Where somebody is in a lesson, kept while they read: the block at the upper edge, below the bar. */
(() => {
  "use strict";
  const text = document.querySelector("[data-reading]");
  if (!text) return;
  const blocks = [...text.querySelectorAll("[id^='part-']")];
  const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
  let kept = -1;
  let timer = 0;
  let hasMoved = text.dataset.opened === undefined; // opened for the first time: that is a place as well
  const here = () => {
    const edge = 16 + (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0);
    const above = blocks.filter((block) => block.getBoundingClientRect().top <= edge);
    return above.length ? Number(above[above.length - 1].id.slice(5)) : 0;
  };
  const keep = () => {
    clearTimeout(timer);
    const part = here();
    if (!hasMoved || part === kept) return;
    kept = part;
    fetch(text.dataset.reading, {
      method: "POST",
      keepalive: true, // also when the page is being left
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ part }),
    }).catch(() => { kept = -1; });
  };
  addEventListener("scroll", () => {
    hasMoved = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 1000);
  }, { passive: true });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  keep();
})();
