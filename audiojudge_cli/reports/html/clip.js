// One clip: caption, sound, items. Every text goes in as text; no string is ever read as markup.

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const show = (value) => (value === null || value === undefined ? "–" : value.toFixed(3));
const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "±") + Math.abs(value).toFixed(3);
const seconds = (value) => (value >= 60 ? `${Math.floor(value / 60)}:${(value % 60).toFixed(1).padStart(4, "0")}` : `${value.toFixed(2)} s`);
const measure = (figure, value) => `${value.toFixed(figure.places)} ${figure.unit}`.trim();
const ANSWERS = { yes: "✓ yes", no: "✗ no", unverifiable: "– unverifiable" };
const KIND = { match: "yes", "no match": "no", "no decision": "" };
const RANK = { no: 0, unverifiable: 1, yes: 2 };

function bar(value, kind) {
  const filled = make("span");
  filled.style.width = `${100 * (value ?? 0)}%`;
  return make("span", { class: `bar ${kind}`, "aria-hidden": "true" }, filled);
}

function language(code) {
  if (!/^[a-z]{2,3}$/.test(code || "")) return null;
  try { return new Intl.DisplayNames(["en"], { type: "language" }).of(code) === code ? null : code; } catch { return null; }
}

// What stands for an item: its words in the caption, its bars, its card. Pointing at one of them lights the others.
function links(items) {
  const nodes = new Map((items || []).map((item) => [item, []]));
  function join(node, ...about) {
    const light = (on) => () => about.forEach((item) => nodes.get(item).forEach((other) => other.classList.toggle("lit", on)));
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) node.addEventListener(event, light(on));
    about.forEach((item) => nodes.get(item).push(node));
    return node;
  }
  return { join, card: (item) => nodes.get(item).find((node) => node.matches("li")) };
}

// Where words lie in a text, whole words before parts of others: "man" is not the one in "woman".
const LETTER = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;
function whereIs(words, text) {
  const joined = (at) => LETTER.test(text[at - 1] || "") && LETTER.test(text[at] || "");
  const lower = text.toLowerCase(), ways = [[words, text], ...(lower.length === text.length ? [[words.toLowerCase(), lower]] : [])];
  for (const [sought, inside] of ways) {
    for (let at = inside.indexOf(sought); at >= 0; at = inside.indexOf(sought, at + 1)) if (!joined(at) && !joined(at + sought.length)) return at;
  }
  return Math.max(...ways.map(([sought, inside]) => inside.indexOf(sought)));
}

// The caption or the transcript with the words that items rest on; what several rest on takes the worst answer.
function captionNodes(clip, text, linked) {
  const marks = [];
  for (const item of clip.items || []) {
    const at = item.b ? whereIs(item.b, text) : -1;
    if (at >= 0) marks.push([at, at + item.b.length, item]);
  }
  const edges = [...new Set([0, text.length, ...marks.flatMap(([from, to]) => [from, to])])].sort((a, b) => a - b);
  const nodes = [];
  for (let at = 0; at + 1 < edges.length; at++) {
    const from = edges[at], to = edges[at + 1], part = text.slice(from, to);
    const over = marks.filter(([start, end]) => start <= from && to <= end).map((mark) => mark[2]);
    if (!over.length) { nodes.push(part); continue; }
    const answer = over.map((item) => item.a).sort((a, b) => RANK[a] - RANK[b])[0];
    const go = (event) => { if (event.type === "click" || event.key === "Enter") { linked.card(over[0]).focus(); linked.card(over[0]).scrollIntoView({ block: "nearest" }); event.stopPropagation(); } };
    nodes.push(linked.join(make("mark", { class: answer, role: "button", tabindex: "0", title: over.map((item) => `${ANSWERS[item.a]}: ${item.q}`).join("\n"), onclick: go, onkeydown: go }, part), ...over));
  }
  return nodes;
}

function blobOf(id, type) {
  const holder = document.getElementById(id);
  if (!holder) return null;
  const raw = atob(holder.textContent), bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
  return URL.createObjectURL(new Blob([bytes], { type }));
}

// One address per sound, however many players it has: what is embedded is unpacked once.
const urls = new Map();
function player(sound, name) {
  if (!sound.link && !sound.embedded) return make("p", { class: "hint" }, sound.packed ? `The audio lies in ${sound.packed}; a larger --embed puts it into the page.` : "The audio was not found where the run looked for it.");
  if (sound.embedded && !urls.get(sound.key)) urls.set(sound.key, blobOf(`audio-${sound.key}`, sound.type));
  const audio = make("audio", { controls: true, preload: "metadata", "aria-label": name, src: urls.get(sound.key) || sound.link || "" });
  const file = sound.link ? make("a", { href: sound.link }, "open the file") : `it lies in ${sound.packed}`;
  audio.addEventListener("error", () => audio.replaceWith(make("p", { class: "hint" }, "This browser cannot play the audio from here: ", file, ".")));
  return audio;
}
// Two sounds at once cannot be compared.
document.addEventListener("play", (event) => document.querySelectorAll("audio").forEach((other) => { if (other !== event.target) other.pause(); }), true);

function place(node, span, total) {
  node.style.left = `${Math.min(100, (100 * span[0]) / total)}%`;
  node.style.width = `${Math.max(0, (100 * (Math.min(span[1], total) - span[0])) / total)}%`;
  return node;
}

// Waveform and spectrogram of a sound with its scales, and below it one bar per item with the times of its evidence.
function soundPanel(sound, items, audio, linked, hz) {
  const panel = make("div", { class: "sound" }), total = sound.duration, timed = items.filter((item) => item.t);
  const holder = sound.picture ? document.getElementById(`picture-${sound.key}`) : null;
  if (total && (holder || timed.length)) {
    const strip = make("div", { class: holder ? "strip" : "strip bare" });
    const scale = make("div", { class: "scale", "aria-hidden": "true" });
    if (holder) {
      strip.append(make("img", { src: `data:image/webp;base64,${holder.textContent}`, alt: "Waveform and mel spectrogram of the clip" }));
      for (const [name, top] of hz[sound.rate] || []) {
        const tick = make("span", {}, name);
        tick.style.top = `${100 * top}%`;
        scale.append(tick);
      }
    }
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => make("span", {}, seconds(part * total)));
    const chart = make("div", { class: "chart" }, scale, strip, make("span"), make("div", { class: "axis", "aria-hidden": "true" }, ...ticks));
    for (const item of timed) {
      const lane = make("div", { class: `lane ${item.a}`, title: item.q });
      item.t.forEach((span) => lane.append(place(make("span"), span, total)));
      strip.append(...item.t.map((span) => linked.join(place(make("span", { class: `span ${item.a}` }), span, total), item)));
      chart.append(make("span", { class: "lane-name", title: item.q, "aria-hidden": "true" }, `${item.place}. ${item.d}`), linked.join(lane, item));
    }
    const head = make("span", { class: "head", hidden: true });
    strip.append(head);
    if (audio.tagName === "AUDIO") {
      audio.addEventListener("timeupdate", () => { head.hidden = false; head.style.left = `${(100 * audio.currentTime) / total}%`; });
      strip.addEventListener("click", (event) => { const box = strip.getBoundingClientRect(); jump(audio, (total * (event.clientX - box.left)) / box.width); });
    }
    panel.append(chart);
  }
  panel.append(audio);
  return panel;
}

function jump(audio, at) {
  if (audio.tagName !== "AUDIO") return;
  audio.currentTime = at;
  audio.play().catch(() => {});
}

// [dimension, rating, spread, what people gave, what it was]; the spread is a standard deviation, in points of the scale.
function ratingText([dimension, rating, spread, human, was]) {
  const told = rating === null ? "not rated" : `${rating.toFixed(2)}${spread === null ? "" : ` ± ${spread.toFixed(2)}`}`;
  const moved = was === null || was === rating ? "" : `, was ${was.toFixed(2)}`;
  return `${dimension} ${told}${moved}${human === null ? "" : `, people ${human}`}`;
}

// The answer to an item: yes and no with p_yes, or the rating on its scale.
function answerNodes(item, moved) {
  const rating = item.f?.rating;
  if (typeof rating === "number") {
    const spread = item.f.spread;
    return [make("div", {}, bar(item.p, ""), make("b", { class: "rating" }, rating.toFixed(2))), make("div", {}, make("span", { class: "tag" }, typeof spread === "number" ? `± ${spread.toFixed(2)}` : "rated"))];
  }
  return [
    make("div", {}, bar(item.p, item.a), make("span", {}, make("span", { class: "hidden" }, "p_yes "), show(item.p)), moved),
    make("div", {}, make("span", { class: `tag ${item.a}` }, ANSWERS[item.a])),
  ];
}

function itemNode(item, audio, linked) {
  const times = (item.t || []).slice(0, 24).map((span) => make("button", { type: "button", title: "Play from here", onclick: () => jump(audio, span[0]) }, `▶ ${seconds(span[0])} – ${seconds(span[1])}`));
  const facts = Object.entries(item.f || {}).map(([name, value]) => `${name} = ${value}`).join(", ");
  const was = item.was === undefined || item.p === undefined ? null : item.p - item.was;
  const moved = was === null ? null : make("p", { class: was < 0 ? "small fell" : was > 0 ? "small rose" : "small" }, `was ${show(item.was)} (${signed(was)})`);
  const then = item.then ? make("p", { class: "small", dir: "auto" }, `then: ${item.then}`) : null;
  const about = [item.d, item.b ? `from “${item.b}”` : "", item.n ? "denied by the caption" : "", item.s ? `by ${item.s}` : "", facts].filter(Boolean).join(" · ");
  return linked.join(make("li", { class: typeof item.f?.rating === "number" ? "rated" : item.a, tabindex: "0" },
    ...answerNodes(item, moved),
    make("div", { class: "body" },
      make("p", { class: "question", dir: "auto" }, item.q),
      make("p", { class: "evidence", dir: "auto" }, item.e || ""),
      then,
      times.length ? make("p", { class: "times" }, ...times) : null,
      make("p", { class: "small", dir: "auto" }, about))), item);
}

// What is wrong with the file, each fault with the places where it is heard.
function faultNode([name, message, times], audio) {
  const places = times.slice(0, 24).map((span) => make("button", { type: "button", title: "Play from here", onclick: () => jump(audio, span[0]) }, `▶ ${seconds(span[0])} – ${seconds(span[1])}`));
  return make("li", { class: "no" }, make("div", {}, make("span", { class: "tag no" }, name)), make("div", { class: "body wide" }, make("p", { class: "evidence", dir: "auto" }, message), places.length ? make("p", { class: "times" }, ...places) : null));
}

function diffNode(steps) {
  const kinds = { equal: [], insert: ["ins"], delete: ["del"], substitute: ["del", "ins"] };
  const nodes = steps.flatMap(([kind, wanted, heard]) => (kinds[kind].length ? kinds[kind].map((tag) => make(tag, {}, tag === "del" ? wanted : heard)) : [make("span", {}, wanted)]).flatMap((node) => [node, " "]));
  return make("p", { class: "diff", dir: "auto" }, make("span", { class: "small" }, "words wanted, and heard otherwise: "), ...nodes);
}

function qualityNodes(clip, figures, audio) {
  const told = Object.entries(clip.quality || {}).map(([name, value]) => make("div", {}, make("dt", {}, figures[name].label), make("dd", {}, measure(figures[name], value))));
  if (clip.reference) told.push(make("div", {}, make("dt", {}, "reference"), make("dd", {}, clip.reference)));
  return [
    clip.diff ? diffNode(clip.diff) : "",
    clip.faults ? make("ul", { class: "items", "aria-label": "Faults of the file" }, ...clip.faults.map((fault) => faultNode(fault, audio))) : "",
    told.length ? make("dl", { class: "profile", "aria-label": "Quality of the file" }, ...told) : "",
  ];
}

// The clip beside what it was in the baseline, both with their players.
function withBaseline(clip, panel, data) {
  const old = clip.old;
  if (!old) return panel;
  const side = (name, sound, content) => make("div", { class: "side", role: "group", "aria-label": name },
    make("p", { class: "who" }, make("b", {}, name), " ", sound.score === undefined ? "" : `score ${show(sound.score)} `, sound.match && sound.value !== undefined ? make("span", { class: `tag ${KIND[sound.match]}` }, `${sound.match} ${show(sound.value)}`) : ""), content);
  const sound = old.error ? make("p", { class: "remark failure", dir: "auto" }, old.error) : old.same ? make("p", { class: "hint" }, "The very same audio file.") : soundPanel(old, [], player(old, `Audio of ${clip.id} in ${data.names[1]}`), links([]), data.hz);
  return make("div", { class: "sides" }, side(data.names[0], clip, panel), side(data.names[1], old, sound));
}

function clipNode(clip, data) {
  const items = clip.items || [];
  items.forEach((item, at) => { item.place = at + 1; });
  const audio = player(clip, `Audio of ${clip.id}`), linked = links(items);
  const panel = withBaseline(clip, soundPanel(clip, items, audio, linked, data.hz), data);
  const file = clip.link ? make("a", { href: clip.link }, clip.path) : clip.path;
  const rate = clip.rate ? `${clip.rate} Hz, ${clip.channels} ch` : "";
  const metadata = Object.entries(clip.metadata || {}).map(([name, value]) => `${name}: ${value}`);
  const facts = [make("span", {}, "audio ", file), clip.duration ? seconds(clip.duration) : "", rate, clip.language || "", ...metadata, make("a", { href: address.format({ clip: clip.id }) }, "link to this clip")];
  const notes = [...(clip.error ? [["remark failure", `${clip.error[0]}: ${clip.error[1]}`]] : []), ...(clip.warnings || []).map((text) => ["remark", text])];
  return make("div", { class: "clip" },
    clip.caption || (data.judged && !clip.transcript) ? make("p", { class: "caption", dir: "auto", lang: language(clip.language) }, ...captionNodes(clip, clip.caption || "", linked)) : "",
    clip.transcript ? make("p", { class: "caption", dir: "auto" }, "“", ...captionNodes(clip, clip.transcript, linked), "”") : "",
    make("p", { class: "facts" }, ...facts.filter(Boolean).map((fact) => (typeof fact === "string" ? make("span", {}, fact) : fact))),
    ...notes.map(([css, text]) => make("p", { class: css, dir: "auto" }, text)),
    panel,
    items.length ? make("ol", { class: "items", "aria-label": "Items of the rubric" }, ...items.map((item) => itemNode(item, audio, linked))) : data.judged ? make("p", { class: "hint" }, "This clip has no rubric.") : "",
    ...qualityNodes(clip, data.figures, audio));
}
