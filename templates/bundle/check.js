"use strict";
// Checks a bundle of Hätäkello in a browser, without a network. It does what
// the command "hatakello verify" does; docs/proof.md describes every hash.
(() => {
const words = JSON.parse(document.getElementById("words").textContent);
let lang = document.documentElement.lang;
const t = key => words[lang][key] || "[" + key + "]";
const utf8 = new TextEncoder(), text = new TextDecoder("utf-8", { fatal: true });

// --- SHA-256 (FIPS 180-4), so that small hashes need no promise each.
const K = new Uint32Array(64), H0 = new Uint32Array(8);
for (let n = 2, i = 0; i < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
  if (!prime) continue;
  const frac = x => ((x - Math.floor(x)) * 4294967296) >>> 0;
  if (i < 8) H0[i] = frac(Math.sqrt(n));
  K[i++] = frac(Math.cbrt(n));
}
class SHA256 {
  constructor() { this.h = H0.slice(); this.b = new Uint8Array(64); this.v = new DataView(this.b.buffer); this.n = 0; this.len = 0; this.w = new Uint32Array(64); }
  block(v, off) {
    const w = this.w, h = this.h;
    for (let i = 0; i < 16; i++) w[i] = v.getUint32(off + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3)) + (((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, x] = h;
    for (let i = 0; i < 64; i++) {
      const p = (x + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const q = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      x = g; g = f; f = e; e = (d + p) | 0; d = c; c = b; b = a; a = (p + q) | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += x;
  }
  update(data) {
    let i = 0;
    this.len += data.length;
    if (this.n) {
      while (this.n < 64 && i < data.length) this.b[this.n++] = data[i++];
      if (this.n < 64) return this;
      this.block(this.v, 0); this.n = 0;
    }
    const v = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (; i + 64 <= data.length; i += 64) this.block(v, i);
    while (i < data.length) this.b[this.n++] = data[i++];
    return this;
  }
  digest() {
    const bits = this.len, end = this.n < 56 ? 64 : 128, tail = new Uint8Array(end);
    tail.set(this.b.subarray(0, this.n)); tail[this.n] = 0x80;
    const v = new DataView(tail.buffer);
    v.setUint32(end - 8, Math.floor(bits / 536870912)); v.setUint32(end - 4, (bits << 3) >>> 0);
    for (let i = 0; i < end; i += 64) this.block(v, i);
    const out = new Uint8Array(32), o = new DataView(out.buffer);
    this.h.forEach((x, i) => o.setUint32(4 * i, x));
    return out;
  }
}
const sha = (...parts) => { const h = new SHA256(); for (const p of parts) h.update(typeof p === "string" ? utf8.encode(p) : p); return h.digest(); };
const hex = b => Array.from(b, x => x.toString(16).padStart(2, "0")).join("");
const unhex = s => {
  if (typeof s !== "string" || s.length % 2 || /[^0-9a-f]/.test(s)) return null;
  return Uint8Array.from({ length: s.length / 2 }, (_, i) => parseInt(s.substr(2 * i, 2), 16));
};
const digest = s => { const b = unhex(s); return b && b.length === 32 ? b : null; };
const same = (a, b) => !!a && !!b && a.length === b.length && a.every((x, i) => x === b[i]);
const unbase = s => {
  if (typeof s !== "string") return null;
  try { const b = Uint8Array.from(atob(s), c => c.charCodeAt(0)); return btoa(String.fromCharCode(...b)) === s ? b : null; } catch { return null; }
};
const u16 = n => new Uint8Array([n >> 8, n]);
const u32 = n => { const b = new Uint8Array(4); new DataView(b.buffer).setUint32(0, n); return b; };
const u64 = n => { const b = new Uint8Array(8); new DataView(b.buffer).setBigUint64(0, BigInt(n)); return b; };
const zero = new Uint8Array(32);

// --- Merkle trees (RFC 6962).
const leafHash = (...parts) => sha(new Uint8Array([0]), ...parts);
const nodeHash = (a, b) => sha(new Uint8Array([1]), a, b);
function rootOf(leaves) {
  let level = leaves;
  if (!level.length) return zero;
  const edges = [];
  leaves.forEach((leaf, n) => { let node = leaf; for (; n % 2 === 1; n = (n - 1) / 2) node = nodeHash(edges.pop(), node); edges.push(node); });
  let root = edges.pop();
  while (edges.length) root = nodeHash(edges.pop(), root);
  return root;
}
const half = n => Math.floor(n / 2), odd = n => n % 2 === 1;
function included(leaf, i, n, path, root) {
  if (!(i < n) || !root) return false;
  let node = leaf, last = n - 1;
  for (const p of path) {
    if (last === 0 || !p) return false;
    if (odd(i) || i === last) {
      node = nodeHash(p, node);
      while (!odd(i) && i !== 0) { i = half(i); last = half(last); }
    } else node = nodeHash(node, p);
    i = half(i); last = half(last);
  }
  return last === 0 && same(node, root);
}
function consistent(m, n, old, now, path) {
  if (m > n || !old || !now) return false;
  if (m === n) return path.length === 0 && same(old, now);
  if (m === 0) return path.length === 0;
  let power = m;
  while (!odd(power)) power = half(power);
  if (power === 1) path = [old, ...path];
  if (!path.length) return false;
  let i = m - 1, last = n - 1;
  while (odd(i)) { i = half(i); last = half(last); }
  let then = path[0], later = path[0];
  for (const p of path.slice(1)) {
    if (last === 0 || !p) return false;
    if (odd(i) || i === last) {
      then = nodeHash(p, then); later = nodeHash(p, later);
      while (!odd(i) && i !== 0) { i = half(i); last = half(last); }
    } else later = nodeHash(later, p);
    i = half(i); last = half(last);
  }
  return last === 0 && same(then, old) && same(later, now);
}

// --- Zip: stored and deflated entries, found by the directory at the end.
const fileMax = 64 * 2 ** 20, longMax = 2 ** 30, long = ["index.html", "case.json", "proof/chain.jsonl", "proof/rows.jsonl", "MANIFEST.json"];
const view = async (file, from, to) => new DataView(await file.slice(from, to).arrayBuffer());
async function readZip(file, step) {
  const from = Math.max(0, file.size - 65557), tail = await view(file, from, file.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw 0;
  let n = tail.getUint16(end + 10, true), size = tail.getUint32(end + 12, true), at = tail.getUint32(end + 16, true);
  if (n === 0xffff || at === 0xffffffff) {
    const l = await view(file, from + end - 20, from + end);
    if (l.getUint32(0, true) !== 0x07064b50) throw 0;
    const z = await view(file, Number(l.getBigUint64(8, true)), Number(l.getBigUint64(8, true)) + 56);
    if (z.getUint32(0, true) !== 0x06064b50) throw 0;
    n = Number(z.getBigUint64(32, true)); size = Number(z.getBigUint64(40, true)); at = Number(z.getBigUint64(48, true));
  }
  if (at + size > file.size || n > 2e6) throw 0;
  const d = await view(file, at, at + size), zip = new Map(), folded = new Set();
  let packed = 0;
  for (let p = 0, i = 0; i < n; i++) {
    if (d.getUint32(p, true) !== 0x02014b50) throw 0;
    const e = { method: d.getUint16(p + 10, true), packed: d.getUint32(p + 20, true), size: d.getUint32(p + 24, true), at: d.getUint32(p + 42, true), file };
    const nl = d.getUint16(p + 28, true), xl = d.getUint16(p + 30, true), cl = d.getUint16(p + 32, true);
    let name;
    try { name = text.decode(new Uint8Array(d.buffer, d.byteOffset + p + 46, nl)); } catch { throw 0; }
    for (let x = p + 46 + nl; x < p + 46 + nl + xl;) {
      const id = d.getUint16(x, true), len = d.getUint16(x + 2, true);
      if (id === 1) {
        let y = x + 4;
        for (const k of ["size", "packed", "at"]) if (e[k] === 0xffffffff) { e[k] = Number(d.getBigUint64(y, true)); y += 8; }
      }
      x += 4 + len;
    }
    p += 46 + nl + xl + cl; packed += e.packed; step.n++;
    if (!harmless(name) || folded.has(name.toLowerCase())) step.fault("path", name);
    else if (e.size > (long.includes(name) ? Math.min(longMax, Math.max(2 ** 20, 300 * e.packed)) : fileMax)) step.fault("large", name);
    else zip.set(name, e);
    folded.add(name.toLowerCase());
  }
  if (packed > file.size) throw 0;
  return zip;
}
const harmless = name => name !== "" && name.length <= 400 && !/[\\:\p{Cc}\p{Cf}]/u.test(name) && name.split("/").every(p => p !== "" && p !== "." && p !== "..");
async function stream(e, take) {
  if (!e) throw 0;
  const h = await view(e.file, e.at, e.at + 30);
  if (h.byteLength < 30 || h.getUint32(0, true) !== 0x04034b50) throw 0;
  const from = e.at + 30 + h.getUint16(26, true) + h.getUint16(28, true);
  let s = e.file.slice(from, from + e.packed).stream();
  if (e.method === 8) s = s.pipeThrough(new DecompressionStream("deflate-raw")); else if (e.method !== 0) throw 0;
  let n = 0;
  const r = s.getReader();
  for (;;) {
    const { value, done } = await r.read();
    if (done) break;
    if ((n += value.length) > e.size) { r.cancel(); throw 0; }
    take(value);
  }
  if (n !== e.size) throw 0;
}
async function bytes(e) {
  const out = new Uint8Array(e ? e.size : 0);
  let n = 0;
  await stream(e, b => { out.set(b, n); n += b.length; });
  return out;
}
async function hashFile(e) { const h = new SHA256(); await stream(e, b => h.update(b)); return hex(h.digest()); }
// eachLine hands over a file line by line, whole lines of several pieces too.
async function eachLine(e, take) {
  let rest = [], n = 0;
  const give = parts => { n++; let s = null; try { s = text.decode(joined(parts)); } catch { /* null */ } take(s, n); };
  await stream(e, b => {
    for (let i; (i = b.indexOf(10)) >= 0; b = b.subarray(i + 1)) { give([...rest, b.subarray(0, i)]); rest = []; }
    if (b.length) rest.push(b.slice());
  });
  if (rest.length) give(rest);
}
function joined(parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let n = 0;
  for (const p of parts) { out.set(p, n); n += p.length; }
  return out;
}

// --- Ed25519, by the browser.
let canSign = null;
async function signedBy(pub, sig, data) {
  if (canSign === false) return null;
  try {
    const key = await crypto.subtle.importKey("raw", pub, "Ed25519", false, ["verify"]);
    canSign = true;
    return await crypto.subtle.verify("Ed25519", key, sig, data);
  } catch (err) {
    if (canSign === null && (!globalThis.crypto || !crypto.subtle || err.name === "NotSupportedError")) { canSign = false; return null; }
    return false;
  }
}

// --- The steps, as bundle/check.go has them.
class Step {
  constructor(name) { this.name = name; this.n = 0; this.found = 0; this.faults = []; this.opens = []; }
  fault(what, where) { if (++this.found && this.faults.length < 50) this.faults.push([what, where]); }
  open(what, where) { if (this.opens.length < 50) this.opens.push([what, where]); }
}
const stepNames = ["zip", "signature", "files", "chain", "rows", "contents", "points", "log", "notices", "stamps", "held"];

async function check(file, held, tell) {
  const c = { steps: {}, hashes: new Map(), digests: new Set(), left: new Set(), keys: [], links: [], bound: new Map(), agains: new Map(), refs: [], roots: new Map(), newest: "", key: "" };
  for (const n of stepNames) c.steps[n] = new Step(n);
  try { c.zip = await readZip(file, c.steps.zip); } catch { c.steps.zip.fault("zip", file.name); }
  if (c.zip && !c.steps.zip.found) {
    try {
      c.raw = await bytes(c.zip.get("MANIFEST.json"));
      c.m = JSON.parse(text.decode(c.raw));
      if (c.m.format !== "hatakello-bundle-1" || !["whole", "controller"].includes(c.m.view) || !Array.isArray(c.m.files)) throw 0;
    } catch { c.m = null; c.steps.zip.fault("manifest", "MANIFEST.json"); }
  }
  if (c.m) {
    c.hers = c.m.view === "controller";
    for (const l of c.m.left_out || []) { c.left.add(l.row); c.steps.contents.open("left", l.row); }
    for (const part of [files, keys, signature, chain, rows, contents, points, log, notices]) { tell(part.name); await part(c); }
    if (held) heldRoot(c, held);
  }
  c.all = stepNames.map(n => c.steps[n]).filter(s => s.n || s.found || s.opens.length);
  return c;
}
async function files(c) {
  const s = c.steps.files, listed = new Set(["MANIFEST.json", "MANIFEST.sig"]);
  for (const f of c.m.files) {
    s.n++;
    if (listed.has(f.name)) { s.fault("path", String(f.name)); continue; }
    listed.add(f.name);
    const e = c.zip.get(f.name);
    if (!e) { s.fault("missing", String(f.name)); continue; }
    try {
      const d = await hashFile(e);
      c.hashes.set(f.name, d); c.digests.add(d);
      if (d !== f.sha256 || e.size !== f.size) s.fault("changed", f.name);
    } catch { s.fault("unreadable", f.name); }
  }
  for (const name of c.zip.keys()) if (!listed.has(name)) s.fault("added", name);
}
const keyID = pub => hex(sha(pub)).slice(0, 16);
async function keys(c) {
  try {
    for (const k of JSON.parse(text.decode(await bytes(c.zip.get("proof/keys.json")))).keys) {
      const pub = unbase(k.public);
      if (pub && pub.length === 32 && keyID(pub) === k.id) c.keys.push(pub); // what is no key vouches for nothing
    }
  } catch { c.steps.files.fault("unreadable", "proof/keys.json"); }
}
async function signature(c) {
  const s = c.steps.signature, e = c.zip.get("MANIFEST.sig");
  if (!e) return s.open("unsigned", "MANIFEST.json");
  s.n++;
  let ok = false, sig = {};
  try {
    sig = JSON.parse(text.decode(await bytes(e)));
    const pub = unbase(sig.public), value = unbase(sig.value);
    if (!pub || pub.length !== 32 || !value || sig.algorithm !== "Ed25519" || sig.key !== keyID(pub)) throw 0;
    ok = await signedBy(pub, value, c.raw);
    if (ok === null) { s.n = 0; return s.open("browser", "MANIFEST.sig"); }
    if (ok) { c.key = sig.key; if (!c.keys.some(k => same(k, pub))) s.fault("stranger", "MANIFEST.sig"); }
  } catch { ok = false; }
  if (!ok) s.fault("signature", "MANIFEST.sig");
}
async function chain(c) {
  const s = c.steps.chain;
  let prev = zero;
  const read = (raw, n) => {
    s.n++;
    let l;
    try { l = JSON.parse(raw); } catch { l = null; }
    if (!l) return s.fault("unreadable", "proof/chain.jsonl:" + n);
    const where = "#" + l.seq;
    if (l.seq !== c.links.length + 1) s.fault("gap", where);
    const k = { hash: digest(l.hash), root: null, rows: 0 }, what = linkFlaw(c, l, prev, k);
    if (what === "old") s.open(what, where); else if (what) s.fault(what, where);
    c.links.push(k);
    prev = k.hash || zero;
    for (const b of l.bound || []) c.bound.set(b[0], { seq: l.seq, commit: b[2], seen: false });
    if (l.again) c.agains.set("audit/" + l.seq, l.again);
  };
  try { await eachLine(c.zip.get("proof/chain.jsonl"), read); } catch { s.fault("unreadable", "proof/chain.jsonl"); }
  if (c.links.length !== c.m.links) s.fault("gap", "#" + (c.links.length + 1) + "–" + c.m.links);
  for (const [label, again] of [...c.agains].sort()) {
    const e = c.bound.get(label);
    if (!e || e.commit !== again) s.fault("content", "#" + label.slice(6));
  }
}
function linkFlaw(c, l, prev, k) {
  if (!k.hash) return "link";
  if (c.hers && !l.body && !l.root) return "old";
  const linkHash = body => sha("hk link 2\n", prev, body, u64(l.seq), c.m.id);
  if (l.body) { const body = digest(l.body); return body && same(linkHash(body), k.hash) ? "" : "link"; }
  const content = unhex(l.content);
  if (!content) return "link";
  if (l.old || !l.root) {
    const first = l.seq === 1 ? new Uint8Array(0) : prev, parts = ["hatakello audit v1", first, c.m.id, null, l.at, l.by, l.act, content].flatMap(p => {
      if (p === null) return [u64(l.seq)];
      const b = typeof p === "string" ? utf8.encode(p) : p;
      return [u64(b.length), b];
    });
    if (!same(sha(...parts), k.hash)) return "link";
    if (l.what === undefined) return "";
    return same(sha(unhex(l.salt), l.what), content) || saidAnew(l) ? "" : "content";
  }
  const root = digest(l.root), act = utf8.encode(l.act);
  if (!root || act.length > 255) return "link";
  if (!same(linkHash(sha("hk body 2\n", l.at, new Uint8Array([act.length]), act, content, u32(l.rows), root)), k.hash)) return "link";
  k.root = root; k.rows = l.rows;
  if (c.hers) return "";
  const said = contentOf(l);
  if (!same(said, content) && hex(said) !== l.again) return "content";
  let leaves;
  try { leaves = (l.bound || []).map(b => { const name = utf8.encode(b[0]), d = digest(b[2]); if (!d || name.length > 65535) throw 0; return leafHash(name, d); }); } catch { return "bound"; }
  return leaves.length === l.rows && same(rootOf(leaves), root) ? "" : "bound";
}
const contentOf = l => { const by = utf8.encode(l.by || ""); return sha(unhex(l.salt || "") || zero, u64(by.length), by, l.what || ""); };
const saidAnew = l => !!l.again && hex(contentOf(l)) === l.again;
async function rows(c) {
  const s = c.steps.rows;
  const read = (raw, n) => {
    s.n++;
    let r;
    try { r = JSON.parse(raw); if (typeof r.label !== "string") throw 0; } catch { return s.fault("unreadable", "proof/rows.jsonl:" + n); }
    const what = rowFlaw(c, r);
    if (what === "withheld") s.open(what, r.label); else if (what) s.fault(what, r.label);
    refer(c, r);
  };
  try { await eachLine(c.zip.get("proof/rows.jsonl"), read); } catch { s.fault("unreadable", "proof/rows.jsonl"); }
  if (s.n !== c.m.rows) s.fault("row_missing", "proof/rows.jsonl");
  for (const label of [...c.bound.keys()].sort()) {
    const e = c.bound.get(label);
    if (!c.agains.has(label) && !e.seen && !/^0*$/.test(e.commit)) s.fault("row_missing", label);
  }
}
function rowFlaw(c, r) {
  const commit = sha(unhex(r.salt || "") || zero, r.row || "");
  if (c.hers) {
    const k = c.links[r.seq - 1];
    if (!k) return "row_added";
    return k.root && included(leafHash(r.label, commit), r.index || 0, k.rows, (r.path || []).map(digest), k.root) ? "" : "row";
  }
  const e = c.bound.get(r.label);
  if (!e || e.seen || /^0*$/.test(e.commit)) return "row_added";
  e.seen = true;
  if (!r.row) return "withheld";
  return e.commit === hex(commit) && e.seq === r.seq ? "" : "row";
}
function refer(c, r) {
  let v;
  try { v = JSON.parse(r.row); } catch { return; }
  const add = (sha256, file) => c.refs.push({ label: r.label, sha256, file });
  switch (r.label.split("/")[0]) {
    case "body": return add(v.bytes, "mails/" + v.delivery);
    case "handover": return add(v.bytes, "handovers/" + v.id);
    case "evidence": return add(v.sha256);
    case "filing":
      try { for (const f of JSON.parse(v.files) || []) add(f.SHA256); } catch { /* it names none */ }
  }
}
// counts reports whether something that was not checked takes from the verdict:
// what was left out knowingly does not.
const counts = ([what]) => what !== "left" && what !== "withheld" && what !== "stamp_open";
const endings = [".eml", ".slack.json", ".webhook.json", ".zip", ".pdf", ".bin", ""];
function contents(c) {
  const s = c.steps.contents;
  for (const r of c.refs) {
    if (c.left.has(r.label)) continue;
    s.n++;
    const ok = r.file ? endings.some(e => c.hashes.get(r.file + e) === r.sha256) : c.digests.has(r.sha256);
    if (!ok) s.fault("attached", r.file || r.label);
  }
}
async function pointSigner(c, note) {
  const cut = note.indexOf("\n\n"), body = utf8.encode(note.slice(0, cut + 1));
  for (const line of note.slice(cut + 2).split("\n")) {
    const m = /^— (\S+) (\S+)$/.exec(line), sig = m && unbase(m[2]);
    if (!sig || sig.length !== 68) continue;
    for (const pub of c.keys) {
      if (!same(sha(m[1] + "\n\x01", pub).slice(0, 4), sig.slice(0, 4))) continue;
      const ok = await signedBy(pub, sig.slice(4), body);
      if (ok !== false) return ok;
    }
  }
  return false;
}
async function points(c) {
  const s = c.steps.points;
  try { c.proof = JSON.parse(text.decode(await bytes(c.zip.get("proof/log.json")))); if (c.proof.chain !== c.m.id) throw 0; } catch { c.proof = { checkpoints: [], heads: [], consistency: [] }; return s.fault("unreadable", "proof/log.json"); }
  for (const p of c.proof.checkpoints) {
    s.n++;
    let note = "", root = null, size = -1;
    try {
      note = text.decode(await bytes(c.zip.get(p.file)));
      const lines = note.split("\n");
      size = Number(lines[1]); root = unbase(lines[2]);
    } catch { root = null; }
    const unsigned = note.endsWith("\n\n");
    let ok = root && root.length === 32 && size === p.size;
    if (ok && unsigned) s.open("unsigned", p.file);
    else if (ok) { const by = await pointSigner(c, note); if (by === null) s.open("browser", p.file); else ok = by; }
    if (!ok) { s.fault("point", p.file); continue; }
    c.roots.set(p.size, root);
    c.newest = p.size + "-" + hex(root).slice(0, 24);
    if (p.stamp) await stamp(c, p.stamp, utf8.encode(note));
  }
  if (!c.proof.checkpoints.length) s.open("point_none", "proof/log.json");
}
// stamp checks that a token is about the checkpoint; who signed it, the browser
// does not check.
async function stamp(c, name, note) {
  const s = c.steps.stamps, want = "0420" + hex(sha(note));
  s.n++;
  let token = "";
  try { token = hex(await bytes(c.zip.get(name))); } catch { /* it is about nothing */ }
  if (token.includes(want)) s.open("stamp_open", name); else s.fault("stamp", name);
}
function log(c) {
  const s = c.steps.log;
  let covered = 0;
  for (const h of c.proof.heads) {
    s.n++;
    const link = digest(h.link), k = c.links[h.seq - 1];
    if (!k || !link || !same(k.hash, link) || !included(leafHash(c.m.id + " " + h.seq + " " + h.link + "\n"), h.index, h.size, h.path.map(digest), c.roots.get(h.size))) {
      s.fault("head", "#" + h.seq + " → " + h.size);
      continue;
    }
    covered = Math.max(covered, h.seq);
  }
  for (const x of c.proof.consistency) {
    s.n++;
    if (!consistent(x.from, x.to, c.roots.get(x.from), c.roots.get(x.to), x.path.map(digest))) s.fault("consistent", x.from + " → " + x.to);
  }
  if (c.proof.consistency.length < c.proof.checkpoints.length - 1) s.fault("consistent", "proof/log.json");
  if (covered < c.links.length) s.open("tail", "#" + (covered + 1) + "–" + c.links.length);
}
async function notices(c) {
  const s = c.steps.notices;
  for (const [name, e] of c.zip) {
    if (!name.startsWith("notices/")) continue;
    s.n++;
    let ok = false;
    try {
      const all = text.decode(await bytes(e)), cut = all.lastIndexOf(',\n"signature":');
      const sig = JSON.parse(all).signature, pub = unbase(sig.public), value = unbase(sig.value);
      if (!all.startsWith('{"notice":') || cut < 0 || sig.key !== keyID(pub) || !c.keys.some(k => same(k, pub))) throw 0;
      ok = await signedBy(pub, value, utf8.encode(all.slice('{"notice":'.length, cut)));
      if (ok === null) { s.n--; s.open("browser", name); continue; }
    } catch { ok = false; }
    if (!ok) s.fault("notice", name);
  }
}
function heldRoot(c, held) {
  const s = c.steps.held, m = /^(?:(\d+)-)?([0-9a-f]{24,64})$/.exec(held.trim().toLowerCase().replace(/ /g, ""));
  s.n++;
  for (const [size, root] of c.roots) if (m && (!m[1] || Number(m[1]) === size) && hex(root).startsWith(m[2])) return;
  s.fault("held", held);
}

// --- The page. What comes from the bundle is shown as text only.
const app = document.getElementById("app");
const el = (tag, props, ...kids) => { const e = Object.assign(document.createElement(tag), props || {}); e.append(...kids.filter(k => k !== null && k !== undefined)); return e; };
let last = null, busy = false, heldText = "", chosen = null;
function draw() {
  document.documentElement.lang = lang; document.title = t("title");
  const langs = el("div", { className: "langs" }, ...["fi", "sv", "en"].map(l => {
    const b = el("button", { type: "button", textContent: { fi: "Suomi", sv: "Svenska", en: "English" }[l], lang: l, onclick: () => { lang = l; draw(); } });
    b.setAttribute("aria-pressed", String(l === lang));
    return b;
  }));
  const input = el("input", { type: "file", id: "file", accept: ".zip,application/zip", onchange: () => input.files[0] && start(input.files[0]) });
  const drop = el("label", { className: "drop", htmlFor: "file" }, el("b", { textContent: t("choose") }), chosen ? el("span", { className: "muted", textContent: chosen.name }) : null, input);
  drop.ondragover = e => { e.preventDefault(); drop.classList.add("over"); };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = e => { e.preventDefault(); drop.classList.remove("over"); if (e.dataTransfer.files[0]) start(e.dataTransfer.files[0]); };
  const held = el("input", { className: "held", id: "held", type: "text", value: heldText, autocomplete: "off", onchange: () => { heldText = held.value; if (chosen) start(chosen); } });
  app.replaceChildren(langs, el("h1", { textContent: t("title") }), el("p", { className: "muted", textContent: t("lead") }), drop,
    el("label", { className: "ask", htmlFor: "held", textContent: t("held") }), el("p", { className: "muted small", textContent: t("held.hint") }), held, result());
}
function result() {
  const box = el("div", { id: "result" });
  box.setAttribute("aria-live", "polite");
  if (busy) box.append(el("p", { className: "verdict part", textContent: t("working") + " …" }));
  if (!last || busy) return box;
  const bad = last.all.find(s => s.faults.length), open = last.all.some(s => s.opens.some(counts));
  const kind = bad ? "bad" : open ? "part" : "good";
  box.dataset.verdict = kind;
  box.append(el("section", { className: "verdict " + kind }, el("h2", { textContent: t(kind) }), el("p", { textContent: t(kind + ".text") }),
    bad ? el("p", { id: "first" }, el("b", { textContent: t("step." + bad.name) + ": " + bad.faults[0][1] }), " " + t("fault." + bad.faults[0][0])) : null));
  if (last.m) {
    const dl = el("dl", { className: "card" });
    for (const [k, v] of [["case", last.m.case], ["for", last.m.for], ["by", [last.m.organisation, last.m.made_by].filter(Boolean).join(", ")], ["at", last.m.made_at], ["key", last.key], ["newest", last.newest]])
      if (v) dl.append(el("dt", { textContent: t(k) }), el("dd", { textContent: v }));
    box.append(dl);
  }
  const list = el("ol", { className: "result" });
  for (const s of last.all) {
    const state = s.faults.length ? "no" : s.opens.length && !s.n ? "open" : s.opens.some(counts) ? "open" : "ok";
    const li = el("li", { className: state }, el("span", { className: "word", textContent: t(state) }), el("b", { textContent: t("step." + s.name) + (s.n ? " (" + s.n + ")" : "") }));
    li.dataset.step = s.name;
    const all = [...s.faults, ...s.opens];
    if (all.length) li.append(el("ul", {}, ...all.slice(0, 12).map(([what, where]) => el("li", {}, el("code", { textContent: where }), " " + t("fault." + what)))));
    if (s.found > 12) li.append(el("p", { className: "small", textContent: "+ " + (s.found - 12) }));
    list.append(li);
  }
  box.append(list, el("p", { className: "muted small", textContent: t("limits") }));
  return box;
}
async function start(file) {
  heldText = document.getElementById("held").value; chosen = file; busy = true; last = null; draw();
  try { last = await check(file, heldText, () => {}); } catch { last = { all: [Object.assign(new Step("zip"), { found: 1, faults: [["zip", file.name]] })] }; }
  busy = false; draw();
}
draw();
})();
