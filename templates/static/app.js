"use strict";
/* Everything works without this file. It ticks the clocks, fetches figures,
   says back a typed time, keeps a draft of long forms, and copies. */
(() => {
  const all = (css, of = document) => Array.from(of.querySelectorAll(css));
  const body = document.body.dataset;
  const units = (body.units || "").split(" ");
  // The server's clock counts, not the telephone's.
  const skew = Date.parse(body.now) - Date.now();
  const now = () => Date.now() + skew;

  // Clocks.
  const sizes = [86400, 3600, 60, 1];
  function parts(seconds) {
    if (seconds < 60) return [[seconds, units[3]]];
    const out = [];
    for (let i = 0; i < 3; i++) {
      const n = Math.floor(seconds / sizes[i]);
      seconds %= sizes[i];
      if (n > 0) out.push([n, units[i]]);
    }
    return out;
  }
  function tick() {
    for (const el of all("[data-due]")) {
      const left = Math.floor((Date.parse(el.dataset.due) - now()) / 1000);
      const text = parts(Math.abs(left));
      const key = text.join();
      if (el.dataset.shown === key) continue;
      el.dataset.shown = key;
      el.replaceChildren(...text.flatMap(([n, unit]) => {
        const b = document.createElement("b"), s = document.createElement("small");
        b.textContent = n;
        s.textContent = unit;
        return [b, s, " "];
      }));
      if (left < 0 && !("isLate" in el.dataset)) {
        el.dataset.isLate = "";
        const s = document.createElement("span");
        s.className = "state late";
        s.textContent = body.late;
        el.after(" ", s);
      }
    }
    for (const el of all("[data-from]")) {
      const from = Date.parse(el.dataset.from), whole = Date.parse(el.dataset.to) - from;
      const p = "p" + Math.round(100 * Math.min(1, Math.max(0, (now() - from) / whole)));
      for (const x of all(".run, .now", el)) x.className = x.className.replace(/\bp\d+\b/, p);
    }
  }
  if (document.querySelector("[data-due], [data-from]")) {
    tick();
    setInterval(tick, 1000);
  }

  // Figures and states: often while something is on its way, seldom otherwise.
  for (const el of all("[data-live]")) {
    const format = new Intl.NumberFormat(document.documentElement.lang);
    let wait = 2000;
    const ask = async () => {
      if (document.hidden) return setTimeout(ask, wait);
      try {
        const r = await fetch(el.dataset.live, { headers: { Accept: "application/json" }, redirect: "error" });
        if (!r.ok) return;
        const got = await r.json();
        for (const dd of all("[data-figure]", el)) dd.textContent = format.format(got.text[dd.dataset.figure] || 0);
        for (const s of all("[data-fate]", el)) {
          const fate = got.fates[s.dataset.fate];
          if (!fate) continue;
          s.className = "state " + fate[0];
          s.textContent = fate[1];
        }
        wait = got.busy ? 2000 : 20000;
      } catch {
        wait = 30000;
      }
      setTimeout(ask, wait);
    };
    setTimeout(ask, wait);
  }

  // A typed time is said back in full.
  for (const input of all(".when input")) {
    const p = document.createElement("p");
    p.className = "echo";
    p.setAttribute("aria-live", "polite");
    input.after(p);
    let timer;
    const echo = async () => {
      try {
        const r = await fetch("/when?text=" + encodeURIComponent(input.value), { redirect: "error" });
        p.textContent = r.ok ? await r.text() : "";
      } catch {
        p.textContent = "";
      }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(echo, 300);
    });
    if (input.value) echo();
  }

  // Drafts: what is typed stays in this tab until the server has taken it. A
  // log-in that ran out in between loses nothing.
  const store = (f) => {
    try {
      return f(sessionStorage);
    } catch {
      return null; // no storage, no draft
    }
  };
  const faulty = document.getElementById("faults");
  const sent = store((box) => box.getItem("sent"));
  if (sent && !faulty && location.pathname !== "/login") store((box) => box.removeItem(sent));
  store((box) => box.removeItem("sent"));
  for (const form of all("form[action='/logout']")) form.addEventListener("submit", () => store((box) => box.clear()));
  for (const form of all("form[data-draft]")) {
    const key = "draft " + form.dataset.draft;
    const fields = () => all("textarea:not([hidden]), input[type=text]", form).filter((f) => f.name);
    const kept = store((box) => JSON.parse(box.getItem(key))) || {};
    for (const f of fields()) {
      if (!faulty && typeof kept[f.name] === "string" && kept[f.name] !== f.value && kept["was " + f.name] === f.defaultValue) f.value = kept[f.name];
    }
    form.addEventListener("input", () => {
      const out = {};
      for (const f of fields()) {
        out[f.name] = f.value;
        out["was " + f.name] = f.defaultValue;
      }
      store((box) => box.setItem(key, JSON.stringify(out)));
    });
    form.addEventListener("submit", () => store((box) => box.setItem("sent", key)));
  }

  // Long forms also save themselves to the server, as a draft of this visitor's.
  for (const form of all("form[data-save]")) {
    let timer;
    const said = form.querySelector("[data-saved]");
    form.addEventListener(form.dataset.save || "input", () => {
      clearTimeout(timer);
      said.textContent = "";
      timer = setTimeout(async () => {
        const body = new URLSearchParams(new FormData(form));
        body.set("autosave", "yes");
        try {
          const reply = await fetch(form.action, { method: "POST", body });
          if (reply.status === 204) said.textContent = said.dataset.saved;
        } catch {
          // the button saves too
        }
      }, 800);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  }

  // Copying.
  for (const b of all("[data-copy]")) {
    b.hidden = !navigator.clipboard;
    const words = b.textContent;
    b.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(b.dataset.copy).textContent.trim());
      b.textContent = b.dataset.copied || words;
      setTimeout(() => (b.textContent = words), 2000);
    });
  }

  if (faulty) faulty.focus();

  // One click sends once.
  document.addEventListener("submit", (e) => {
    if (e.target.dataset.sent) return e.preventDefault();
    e.target.dataset.sent = "1";
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((f) => delete f.dataset.sent));
})();
