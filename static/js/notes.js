/* Nothing typed is lost: forms that keep what is written on this device until the portal has it.

   <form data-kept="note|form" data-kept-key="..." data-kept-by="PERSON" ...>
     note: its text is sent to data-kept-at at every pause, on top of the revision in the field "base";
     form: it is sent once, when it is submitted, and waits here while there is no connection.
   What lies here is keyed by who wrote it, goes when it has arrived, and at sign-out. Without this every form still works. */
(() => {
  "use strict";
  const doc = document;
  const PREFIX = "cumbre-kept:";
  const PAUSE = 1000;
  const PATIENCE = 20000; // of one try
  const $ = (selector, from = doc) => from.querySelector(selector);
  const me = doc.body.dataset.person || "";
  const here = location.pathname + location.search;

  /* ---- the shelf: what is kept on this device */
  const memory = new Map();
  let isSafe = true;
  const shelf = {
    name: (key) => `${PREFIX}${me}:${key}`,
    put(key, entry) {
      try {
        localStorage.setItem(shelf.name(key), JSON.stringify(entry));
        memory.delete(key);
        isSafe = true;
      } catch {
        memory.set(key, entry); // full, or forbidden: what is typed stands in this page only
        isSafe = false;
      }
    },
    drop(key) {
      memory.delete(key);
      try {
        localStorage.removeItem(shelf.name(key));
      } catch { /* nothing was kept */ }
    },
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(shelf.name(key))) || memory.get(key);
      } catch {
        return memory.get(key);
      }
    },
    all() {
      const found = new Map(memory);
      try {
        for (const name of Object.keys(localStorage)) {
          const key = name.startsWith(shelf.name("")) ? name.slice(shelf.name("").length) : null;
          const entry = key && shelf.get(key);
          if (entry) found.set(key, entry);
        }
      } catch { /* nothing was kept */ }
      return found;
    },
  };

  const token = () => {
    const field = $("input[name=csrf_token]");
    return field ? field.value : "";
  };
  const post = async (url, fields, options = {}) => {
    const body = new URLSearchParams();
    for (const [name, value] of fields) body.append(name, value);
    body.set("csrf_token", token());
    // As htmx: whoever is signed out gets a 401, and a success says where to go.
    const headers = { "HX-Request": "true", "HX-Request-Type": "full", "X-CSRFToken": token() };
    const answer = await fetch(url, { method: "POST", body, headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
    if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    return answer;
  };
  const toast = (message, kind = "info") => {
    if (message) doc.dispatchEvent(new CustomEvent("toast", { detail: { message, kind } }));
  };
  const plain = (text) => text.replaceAll("\r\n", "\n");
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const noteFields = (entry) => [
    ["note_key", entry.noteKey], ["person", entry.person], ["session", entry.session || ""], ["base", entry.base], ["body", entry.body],
  ];

  /* A note's text on top of the revision that its writer saw. An answer that never arrived is no conflict: where
     the portal has what this device has sent before (`tried`), the text goes again on top of that. */
  const deliver = async (entry, options) => {
    const answer = await post(entry.sendTo, noteFields(entry), options);
    if (answer.status !== 409) return answer;
    const other = await answer.json();
    const isOwn = !other.shared && (entry.tried || []).some((text) => text.trimEnd() === plain(other.body).trimEnd());
    if (isOwn) return post(entry.sendTo, noteFields({ ...entry, base: String(other.revision) }), options);
    return { ok: false, status: 409, json: async () => other };
  };

  /* ---- a form that is kept */
  class Kept {
    constructor(form) {
      this.form = form;
      this.key = form.dataset.keptKey;
      this.state = $("[data-kept-state]", form);
      this.conflict = $("[data-kept-conflict]", form);
      this.text = form.elements.body;
      this.isNote = Boolean(form.dataset.keptAt);
      this.isAway = false; // sent and gone: nothing is kept any more
      this.sending = null; // the post under way
      this.timer = 0;
      this.wait = PAUSE;
      this.tried = []; // texts that were sent and not answered yet
      this.sent = this.text ? plain(this.text.value) : "";
      if (!this.isDiverged) this.restore(); // else the page has come with all that was typed
      form.addEventListener("input", () => this.typed());
      form.addEventListener("change", () => this.typed());
      if (this.conflict) {
        $("[data-kept-mine]", this.conflict).addEventListener("click", () => this.keepMine());
        $("[data-kept-theirs]", this.conflict).addEventListener("click", () => this.takeTheirs());
      }
      if (this.isDiverged) this.say("diverged");
    }

    get isDiverged() {
      return Boolean(this.conflict && !this.conflict.hidden);
    }

    say(what, more = "") {
      if (!this.state) return;
      const time = new Date().toLocaleTimeString(doc.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit" });
      const words = what === "kept" && !isSafe ? "unsafe" : what;
      this.state.textContent = more || (this.state.dataset[words] || "").replace("{time}", time);
      this.state.dataset.is = what;
    }

    entry() {
      const fields = [];
      for (const field of this.form.elements) {
        if (!field.name || field.name === "csrf_token" || field.type === "submit") continue;
        if ((field.type === "checkbox" || field.type === "radio") && !field.checked) continue;
        fields.push([field.name, field.value]);
      }
      const known = this.form.dataset;
      return {
        kind: known.kept, page: here, action: this.form.action, at: Date.now(), fields, is_sent: false,
        sendTo: known.keptAt || "", noteKey: this.isNote ? this.form.elements.note_key.value : "", person: known.keptPerson || "", session: known.keptSession || "",
        base: this.isNote ? this.form.elements.base.value : "", body: this.text ? this.text.value : "", tried: this.tried,
      };
    }

    /* What an earlier visit to this page has left here. */
    restore() {
      let entry = shelf.get(this.key);
      if (!entry) {
        for (const [key, one] of shelf.all()) {
          if (one.page === here && one.kind === this.form.dataset.kept) [this.key, entry] = [key, one];
        }
      }
      if (!entry) return;
      for (const field of this.form.elements) {
        if (!field.name || field.name === "csrf_token" || field.type === "submit") continue;
        const values = entry.fields.filter(([name]) => name === field.name).map(([, value]) => value);
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else if (values.length) field.value = values[0];
      }
      this.tried = entry.tried || [];
      if (entry.is_sent) this.submit(entry.button);
      else if (this.isNote) this.send();
      else this.say("held");
    }

    typed() {
      if (this.isAway) return;
      shelf.put(this.key, this.entry());
      clearTimeout(this.timer);
      if (this.isDiverged) return;
      if (this.isNote && plain(this.text.value) !== this.sent) {
        this.say(navigator.onLine ? "saving" : "kept");
        this.timer = setTimeout(() => this.send(), PAUSE);
      } else {
        this.say("held");
      }
    }

    /* The text of a note, one post at a time. */
    async send(options) {
      clearTimeout(this.timer);
      if (this.sending) {
        await this.sending;
        if (plain(this.text.value) === this.sent) return;
      }
      if (!this.isNote || this.isDiverged || this.isAway) return;
      const entry = this.entry();
      if (!entry.body.trim() && entry.base === "0") return;
      this.sending = this.attempt(entry, options);
      await this.sending;
      this.sending = null;
    }

    async attempt(entry, options) {
      this.tried = [...this.tried.slice(-4), plain(entry.body)];
      shelf.put(this.key, { ...entry, tried: this.tried });
      try {
        const answer = await deliver({ ...entry, tried: this.tried }, options);
        this.wait = PAUSE;
        await this.answered(answer, entry);
      } catch {
        this.say("kept");
        this.wait = Math.min(this.wait * 2, 60000);
        this.timer = setTimeout(() => this.send(), this.wait);
      }
    }

    async answered(answer, entry) {
      if (answer.ok) {
        const known = await answer.json();
        this.form.elements.base.value = known.revision;
        this.sent = plain(entry.body);
        this.tried = [];
        const isAll = plain(this.text.value) === this.sent; // else the rest follows at the next pause
        if (isAll && this.form.dataset.kept === "note") shelf.drop(this.key);
        else shelf.put(this.key, this.entry());
        this.say(isAll ? "saved" : "saving");
      } else if (answer.status === 409) {
        const other = await answer.json();
        this.diverge(other);
      } else if (answer.status === 401 || answer.status === 400) {
        this.say(answer.status === 401 ? "out" : "old"); // 400: the token is that of an earlier sign-in
      } else {
        const known = await answer.json().catch(() => ({}));
        this.say("refused", known.problem);
      }
    }

    diverge(other) {
      if (!this.conflict) return;
      $("[data-kept-other]", this.conflict).textContent = other.body;
      this.conflict.dataset.revision = other.revision;
      this.conflict.hidden = false;
      const mine = $("[data-kept-mine]", this.conflict);
      mine.hidden = other.shared; // what the other reads already is not replaced behind their back
      if (other.shared) this.conflict.dataset.url = other.url;
      this.say("diverged");
    }

    keepMine() {
      this.settle(this.text.value);
      this.send();
    }

    takeTheirs() {
      if (this.conflict.dataset.url) {
        shelf.drop(this.key);
        location.assign(this.conflict.dataset.url);
        return;
      }
      const other = $("[data-kept-other]", this.conflict).textContent;
      this.settle(other);
      this.sent = plain(other);
      shelf.drop(this.key);
      this.say("saved");
    }

    settle(text) {
      this.form.elements.base.value = this.conflict.dataset.revision;
      this.tried = [];
      this.text.value = text;
      this.conflict.hidden = true;
      shelf.put(this.key, this.entry());
      this.text.focus();
    }

    /* The whole form: it goes once, and waits here as long as it cannot. */
    async submit(button) {
      if (this.isAway || this.isPosting) return;
      this.isPosting = true;
      clearTimeout(this.timer);
      // The text first: whatever became of an earlier try is settled by it, and the form goes on top of that.
      if (plain(this.text ? this.text.value : "") !== this.sent) await this.send();
      clearTimeout(this.timer);
      if (this.isDiverged) {
        this.isPosting = false;
        return;
      }
      const entry = this.entry();
      entry.is_sent = true;
      entry.button = button;
      shelf.put(this.key, entry);
      this.say("saving");
      try {
        const answer = await post(entry.action, button ? [...entry.fields, button] : entry.fields);
        const next = answer.headers.get("HX-Redirect") || answer.headers.get("HX-Location");
        if (answer.ok && next) {
          this.isAway = true;
          shelf.drop(this.key);
          location.assign(next);
        } else if (answer.status === 401 || answer.status === 400) {
          this.say(answer.status === 401 ? "out" : "old");
        } else {
          // Refused: the page with what to correct comes the plain way.
          entry.is_sent = false;
          shelf.put(this.key, entry);
          this.plainly(button);
        }
      } catch {
        this.say("waiting");
        this.timer = setTimeout(() => this.submit(button), this.wait = Math.min(this.wait * 2, 60000));
      } finally {
        this.isPosting = false;
      }
    }

    plainly(button) {
      if (button) {
        const field = Object.assign(doc.createElement("input"), { type: "hidden", name: button[0], value: button[1] });
        this.form.append(field);
      }
      this.form.submit();
    }
  }

  const open = Array.from(doc.querySelectorAll("form[data-kept]"), (form) => new Kept(form));

  doc.addEventListener("submit", (event) => {
    const kept = open.find((one) => one.form === event.target);
    if (kept) {
      event.preventDefault();
      const by = event.submitter;
      kept.submit(by && by.name ? [by.name, by.value] : undefined);
    } else if (event.target.getAttribute("action") === "/sign-out") {
      event.preventDefault();
      leave(event.target);
    }
  }, true);

  /* ---- what was left on other pages: sent from whichever is open */
  const flush = async () => {
    let unsent = 0;
    for (const [key, entry] of shelf.all()) {
      if (open.some((one) => one.key === key)) continue;
      const isForm = entry.kind === "form";
      if (isForm && !entry.is_sent) continue;
      try {
        const fields = entry.button ? [...entry.fields, entry.button] : entry.fields;
        const answer = isForm ? await post(entry.action, fields) : await deliver(entry);
        if (answer.ok) {
          shelf.drop(key);
          toast(doc.body.dataset.textKeptSent, "good");
        } else {
          unsent += 1;
        }
      } catch {
        unsent += 1;
      }
    }
    list();
    return unsent;
  };

  /* Where there is room for it: what is still here, and where it belongs. */
  const list = () => {
    const place = $("[data-kept-list]");
    if (!place) return;
    const links = $("ul", place);
    links.replaceChildren();
    for (const entry of shelf.all().values()) {
      const item = doc.createElement("li");
      const link = Object.assign(doc.createElement("a"), { href: entry.page });
      link.textContent = new Date(entry.at).toLocaleString(doc.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
      item.append(link);
      links.append(item);
    }
    place.hidden = !links.children.length;
  };

  /* ---- sign-out: first everything goes to the portal, then nothing stays on the device */
  let isWarned = false;
  const leave = async (form) => {
    for (const one of open) {
      clearTimeout(one.timer);
      await one.send();
    }
    for (const [key, entry] of shelf.all()) {
      if (!entry.sendTo || !entry.body.trim()) continue;
      const isUnsent = !open.some((one) => one.key === key) || entry.kind === "note";
      if (!isUnsent) continue;
      try {
        let answer = await deliver(entry);
        // Changed elsewhere and nobody chose: it becomes a note of its own.
        if (answer.status === 409) answer = await post(entry.sendTo, noteFields({ ...entry, noteKey: newKey(), base: "0" }));
        if (answer.ok) shelf.drop(key);
      } catch { /* it stays, and says so */ }
    }
    const left = Array.from(shelf.all().values()).filter((entry) => entry.kind === "note" || entry.is_sent);
    if (left.length && !isWarned) {
      isWarned = true;
      toast(doc.body.dataset.textKeptUnsent, "danger");
      return;
    }
    for (const key of shelf.all().keys()) shelf.drop(key);
    form.submit();
  };

  /* Another page of this browser has sent what stands in this one: then that is no stranger's text. */
  addEventListener("storage", (event) => {
    const kept = open.find((one) => shelf.name(one.key) === event.key);
    if (!kept || !event.oldValue || event.newValue) return;
    kept.tried = [...kept.tried, plain(JSON.parse(event.oldValue).body || "")];
  });

  addEventListener("online", () => {
    for (const one of open) {
      const entry = shelf.get(one.key);
      one.wait = PAUSE;
      if (entry && entry.is_sent) one.submit(entry.button);
      else if (entry) one.send();
    }
    flush();
  });
  addEventListener("offline", () => {
    for (const one of open) if (shelf.get(one.key)) one.say("kept");
  });
  addEventListener("pagehide", () => {
    for (const one of open) {
      if (one.isNote && plain(one.text.value) !== one.sent) one.send({ keepalive: true });
    }
  });
  if (me) flush();
})();
