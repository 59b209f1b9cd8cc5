// The list of clips: search, filter, sort, open. Rows are made as they come into sight.

(() => {
  const data = JSON.parse(document.getElementById("data").textContent), clips = data.clips;
  // Ratings stand on scales of their own: nothing matches there, and the score is the mean place on unlike scales.
  const matched = data.judged && !data.rated;
  const by = (id) => document.getElementById(id);
  const body = by("list").tBodies[0], BATCH = 60;
  const select = { subset: by("subset"), status: by("status"), match: by("match"), dimension: by("dimension"), answer: by("answer"), fault: by("fault"), figure: by("figure"), moved: by("moved"), key: by("key"), value: by("value"), sort: by("sort") };
  const MOVED = { fell: "score fell", rose: "score rose", lost: "an item turned to no" };
  const SORTS = { worst: "worst first", best: "best first", item: "lowest item first", low: "lowest score", high: "highest score", fell: "fell most", rose: "rose most", coverage: "least coverage", faults: "most faults", up: "lowest figure", down: "highest figure", duration: "longest first", id: "id" };
  // Open clips by their number, each with its two rows: what is filtered or sorted anew stays open, and goes on playing.
  const opened = new Map();
  let shown = clips, drawn = 0, latest = null, typing = false;

  clips.forEach((clip, at) => {
    clip.at = at;
    clip.match = clip.match || "no decision";
    clip.change = clip.score === undefined || clip.was === undefined ? null : clip.score - clip.was;
    clip.kinds = [...new Set((clip.faults || []).map((fault) => fault[0]))];
  });

  const words = (clip) => (clip.words ||= [clip.id, clip.path, clip.caption, clip.transcript, ...(clip.error || []), ...(clip.warnings || []), ...(clip.items || []).flatMap((item) => [item.q, item.e]), ...(clip.faults || []).flatMap(([name, message]) => [name, message]), ...Object.values(clip.metadata || {})].join("\n").toLowerCase());
  // The language of a clip is a column like those of the manifest.
  const valueOf = (clip, key) => (key === "language" ? clip.language : Object.hasOwn(clip.metadata || {}, key) ? clip.metadata[key] : undefined);
  const asks = (item, dimension) => !dimension || item.d === dimension;
  // The item that a clip misses most; of one dimension, where only that is looked at.
  function lowest(clip) {
    const dimension = select.dimension.value;
    return (clip.items || []).filter((item) => item.p !== undefined && asks(item, dimension)).reduce((least, item) => (least && least.p <= item.p ? least : item), undefined);
  }
  const distinct = (values) => [...new Set(values)].sort();

  function fill(node, all, values, names) {
    const options = [["", all], ...values.map((value) => [value, (names && names[value]) || value])].filter(([, name]) => name !== null);
    node.replaceChildren(...options.map(([value, name]) => make("option", { value }, name)));
  }

  // A named column has the letters of its value; "any" of a column with too many values is left to the search.
  function fillValues() {
    const key = select.key.value;
    const values = key ? distinct(clips.map((clip) => valueOf(clip, key)).filter((value) => value !== undefined)) : [];
    fill(select.value, "any", values.slice(0, 500));
    by("value-label").hidden = !key;
  }

  fill(select.subset, "all", distinct(clips.map((clip) => clip.subset)));
  fill(select.status, "all", distinct(clips.map((clip) => clip.status)));
  fill(select.match, "all", distinct(clips.map((clip) => clip.match)));
  fill(select.dimension, "all", distinct(clips.flatMap((clip) => (clip.items || []).map((item) => item.d))));
  fill(select.answer, "any", ["no", "unverifiable", "yes"]);
  fill(select.moved, "any", Object.keys(MOVED), MOVED);
  const languages = distinct(clips.map((clip) => clip.language).filter(Boolean));
  const keys = [...(languages.length > 1 ? ["language"] : []), ...distinct(clips.flatMap((clip) => Object.keys(clip.metadata || {})))];
  fill(select.key, "–", keys);
  fillValues();
  // A filter with one value filters nothing.
  for (const name of ["subset", "status"]) select[name].parentNode.hidden = select[name].options.length < 3;
  const measured = Object.keys(data.figures).length > 0, kinds = distinct(clips.flatMap((clip) => clip.kinds));
  fill(select.fault, "all", ["any", "none", ...kinds], { any: "any fault", none: "no fault" });
  fill(select.figure, "–", Object.keys(data.figures), Object.fromEntries(Object.entries(data.figures).map(([name, figure]) => [name, figure.label])));
  // Where nothing is judged, the first order is that of the faults.
  const needs = { item: matched, low: matched, high: matched, fell: data.compared && matched, rose: data.compared && matched, best: data.judged, coverage: data.judged, faults: measured && data.judged, up: measured, down: measured };
  if (data.rated) Object.assign(SORTS, { worst: "lowest on its scale first", best: "highest on its scale first", coverage: "least rated" });
  const sorts = Object.keys(SORTS).filter((name) => needs[name] !== false);
  fill(select.sort, null, sorts, SORTS);
  by("moved-label").hidden = !data.compared || !matched;
  document.querySelectorAll("label.matched").forEach((label) => { label.hidden = !matched; });
  document.querySelectorAll("label.judged").forEach((label) => { label.hidden = !data.judged; });
  by("fault-label").hidden = by("figure-label").hidden = !measured;
  by("key-label").hidden = !keys.length;

  const flipped = (item) => item.a === "no" && item.was >= 0.5;
  function fits(clip, wanted) {
    if (wanted.subset && clip.subset !== wanted.subset) return false;
    if (wanted.status && clip.status !== wanted.status) return false;
    if (wanted.match && clip.match !== wanted.match) return false;
    if (wanted.fault === "any" && !clip.kinds.length) return false;
    if (wanted.fault === "none" && (clip.kinds.length || !clip.quality)) return false;
    if (wanted.fault && wanted.fault !== "any" && wanted.fault !== "none" && !clip.kinds.includes(wanted.fault)) return false;
    if (wanted.moved === "fell" && !(clip.change < 0)) return false;
    if (wanted.moved === "rose" && !(clip.change > 0)) return false;
    if (wanted.moved === "lost" && !(clip.items || []).some(flipped)) return false;
    if (wanted.key && wanted.value && valueOf(clip, wanted.key) !== wanted.value) return false;
    if (wanted.dimension || wanted.answer) {
      const asked = (item) => asks(item, wanted.dimension) && (!wanted.answer || item.a === wanted.answer);
      if (!(clip.items || []).some(asked)) return false;
    }
    return wanted.words.every((word) => words(clip).includes(word));
  }

  // Ordered by a figure without naming one, it is the first that there is.
  const figureName = () => select.figure.value || (["up", "down"].includes(select.sort.value) ? Object.keys(data.figures)[0] : "");
  const figureOf = (clip) => (clip.quality || {})[figureName()];
  // Nothing is known of a failed clip, so that it stands first wherever the worst do.
  const bad = (clip, key) => (clip.error ? -Infinity : key);
  const last = (value, sign) => (value === undefined || value === null ? Infinity : sign * value);
  const KEYS = {
    worst: (clip) => bad(clip, last(clip[data.rated ? "score" : "value"], 1)), best: (clip) => last(clip[data.rated ? "score" : "value"], -1), fell: (clip) => last(clip.change, 1), rose: (clip) => last(clip.change, -1),
    item: (clip) => bad(clip, last(lowest(clip)?.p, 1)), low: (clip) => bad(clip, last(clip.score, 1)), high: (clip) => last(clip.score, -1),
    coverage: (clip) => bad(clip, last(clip.coverage, 1)), duration: (clip) => last(clip.duration, -1),
    faults: (clip) => bad(clip, -clip.kinds.length), up: (clip) => last(figureOf(clip), 1), down: (clip) => last(figureOf(clip), -1),
  };
  function ordered(list, name) {
    if (name === "id") return [...list].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    const keys = new Map(list.map((clip) => [clip, KEYS[name](clip)]));
    return [...list].sort((a, b) => { const left = keys.get(a), right = keys.get(b); return left === right ? a.at - b.at : left - right; });
  }

  const column = (wanted, ...columns) => (wanted ? columns : []);
  const partial = clips.some((clip) => clip.coverage !== 1), faulty = kinds.length > 0, wrong = matched || faulty || clips.some((clip) => clip.error);
  const several = new Set(clips.map((clip) => clip.subset)).size > 1;
  const columns = () => [
    ...column(matched, { css: "c-match", name: "decision", sorts: ["worst", "best"] }),
    ...column(matched, { css: "c-score", name: "score", sorts: ["low", "high"] }),
    ...column(data.rated, { css: "c-rating", name: "ratings", sorts: ["worst", "best"] }),
    ...column(data.compared && matched, { css: "c-was", name: "change", sorts: ["fell", "rose"] }),
    { css: "c-clip", name: "clip", sorts: ["id"] },
    ...column(several, { css: "c-subset", name: "subset" }),
    ...column(data.judged && partial, { css: "c-coverage", name: "coverage", sorts: ["coverage"] }),
    ...column(faulty, { css: "c-faults", name: "faults", sorts: [data.judged ? "faults" : "worst"] }),
    ...column(figureName(), { css: "c-figure", name: (data.figures[figureName()] || {}).label, sorts: ["up", "down"] }),
    ...column(wrong, matched ? { css: "c-miss", name: "worst item", sorts: ["item"] } : { css: "c-miss", name: "what is wrong" }),
  ];
  function drawHead() {
    const now = select.sort.value;
    by("list").tHead.replaceChildren(make("tr", {}, ...columns().map((column) => {
      const active = (column.sorts || []).indexOf(now);
      const order = active < 0 ? null : ["best", "high", "rose", "faults", "down"].includes(now) || column.css === "c-faults" ? "descending" : "ascending";
      const content = column.sorts ? make("button", { type: "button", "data-sorts": column.sorts.join(" "), onclick: () => { select.sort.value = column.sorts[(active + 1) % column.sorts.length]; change(); by("list").tHead.querySelector(`[data-sorts="${column.sorts.join(" ")}"]`).focus(); } }, column.name, order ? (order === "ascending" ? " ▲" : " ▼") : "") : make("span", {}, column.name);
      return make("th", { scope: "col", class: column.css, "aria-sort": order }, content);
    })));
  }

  function rowOf(clip) {
    const least = matched ? lowest(clip) : undefined;
    const moved = clip.change === null ? "–" : signed(clip.change);
    const title = make("button", { type: "button", class: "open-button", "aria-expanded": "false" }, clip.id);
    const cells = {
      "c-rating": (clip.ratings || []).map((rating) => make("div", {}, ratingText(rating))),
      "c-score": [bar(clip.score, KIND[clip.match]), show(clip.score)],
      "c-was": [make("span", { class: clip.change < 0 ? "fell" : clip.change > 0 ? "rose" : "" }, moved)],
      "c-clip": [title, make("span", { class: "clamp", dir: "auto", lang: language(clip.language) }, clip.caption || clip.transcript || "")],
      "c-subset": [clip.subset],
      "c-match": clip.error ? [make("span", { class: "tag no" }, "failed")] : [make("span", { class: "value" }, show(clip.value)), make("span", { class: `tag ${KIND[clip.match]}` }, clip.match), clip.status === "ok" ? "" : make("div", { class: "hint" }, clip.status)],
      "c-coverage": [clip.coverage === undefined ? "–" : `${Math.round(100 * clip.coverage)} %`],
      "c-faults": clip.kinds.map((kind) => make("span", { class: "tag no" }, kind)),
      "c-figure": [figureOf(clip) === undefined ? "–" : measure(data.figures[figureName()], figureOf(clip))],
      "c-miss": [clip.error ? make("span", { class: "clamp" }, `${clip.error[0]}: ${clip.error[1]}`) : least && (least.a === "no" || select.dimension.value) ? make("span", { class: "clamp", dir: "auto" }, `${show(least.p)} ${least.q}`) : !matched && clip.faults ? make("span", { class: "clamp", dir: "auto" }, clip.faults[0][1]) : ""],
    };
    const row = make("tr", { class: "row", "data-at": clip.at }, ...columns().map((column) => make("td", { class: column.css }, ...cells[column.css])));
    row.addEventListener("click", (event) => { if (!event.target.closest("a")) toggle(row); });
    return row;
  }

  function close(row) {
    if (!row.classList.contains("open")) return;
    row.classList.remove("open");
    row.querySelector(".open-button").setAttribute("aria-expanded", "false");
    const at = Number(row.dataset.at), detail = opened.get(at)[1];
    opened.delete(at);
    if (latest === at) latest = null;
    detail.querySelectorAll("audio").forEach((audio) => audio.pause());
    detail.remove();
  }
  function open(row) {
    if (row.classList.contains("open")) return;
    row.classList.add("open");
    row.querySelector(".open-button").setAttribute("aria-expanded", "true");
    const at = Number(row.dataset.at), detail = make("tr", { class: "detail" }, make("td", { colspan: columns().length }, clipNode(clips[at], data)));
    opened.set(at, [row, detail]);
    latest = at;
    row.after(detail);
  }
  function toggle(row) {
    if (row.classList.contains("open")) close(row);
    else open(row);
    remember(false);
  }
  const remember = address.remember;
  address.parts.push(() => {
    const values = Object.fromEntries(Object.entries(select).map(([name, node]) => [name, node.selectedIndex > 0 ? node.value : ""]));
    const heat = by("heat-by")?.selectedIndex > 0 ? by("heat-by").value : "";
    return { q: by("search").value, ...values, heat, clip: latest === null ? "" : clips[latest].id };
  });

  function more() {
    const part = shown.slice(drawn, drawn + BATCH);
    drawn += part.length;
    body.append(...part.flatMap((clip) => opened.get(clip.at) || [rowOf(clip)]));
    by("more").hidden = drawn >= shown.length;
  }
  function apply() {
    const wanted = Object.fromEntries(Object.entries(select).map(([name, node]) => [name, node.value]));
    wanted.words = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = ordered(clips.filter((clip) => fits(clip, wanted)), select.sort.value);
    const left = new Set(shown);
    [...opened].forEach(([at, [row, detail]]) => {
      if (!left.has(clips[at])) { close(row); return; }
      row.replaceChildren(...rowOf(clips[at]).childNodes);
      row.querySelector(".open-button").setAttribute("aria-expanded", "true");
      detail.firstChild.colSpan = columns().length;
    });
    body.replaceChildren();
    drawn = 0;
    drawHead();
    more();
    if (!shown.length) body.append(make("tr", { class: "empty" }, make("td", { colspan: columns().length }, clips.length ? "No clip fits what is chosen above. " : "The run has no clips.", clips.length ? make("button", { type: "button", onclick: () => by("filters").reset() }, "Show all clips") : "")));
    by("count").textContent = shown.length === clips.length ? `${clips.length} clips` : `${shown.length} of ${clips.length} clips`;
  }

  // Each filter is a step that the back button takes back; a word is one step, not one per letter.
  function change(letter) {
    apply();
    remember(!(letter && typing));
    typing = Boolean(letter);
  }

  function clear() {
    by("search").value = "";
    Object.values(select).forEach((node) => { node.selectedIndex = 0; });
    fillValues();
  }

  // From the address to the page: at first, by the back button, and when somebody edits it.
  function follow() {
    const wanted = address.parse(location.hash);
    // #clips, where the skip link leads, says nothing about filters.
    if (location.hash && !Object.keys(wanted).length) return;
    typing = false;
    clear();
    by("search").value = wanted.q || "";
    for (const [name, node] of Object.entries(select)) {
      if (name === "value") fillValues();
      if ([...node.options].some((option) => option.value === wanted[name])) node.value = wanted[name];
    }
    if (by("heat-by")) { by("heat-by").selectedIndex = Math.max(0, [...by("heat-by").options].findIndex((option) => option.value === wanted.heat)); heat(); }
    apply();
    if (wanted.clip) reveal(wanted.clip);
  }
  function reveal(id) {
    const clip = clips.find((each) => each.id === id || address.sound(each.id) === id);
    if (!clip) { by("count").textContent = `No clip has the id ${id}.`; return; }
    if (!shown.includes(clip)) { clear(); apply(); }
    const at = shown.indexOf(clip);
    while (drawn <= at) more();
    const row = body.querySelector(`tr.row[data-at="${clip.at}"]`);
    open(row);
    latest = clip.at;
    row.querySelector(".open-button").focus({ preventScroll: true });
    row.scrollIntoView({ block: "start" });
  }

  function step(by_) {
    const rows = [...body.querySelectorAll("tr.row")], at = rows.findIndex((row) => row.contains(document.activeElement) || (row.nextElementSibling?.matches(".detail") && row.nextElementSibling.contains(document.activeElement)));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by_))];
    if (!next) return;
    next.querySelector(".open-button").focus();
    if (next === rows[rows.length - 1] && drawn < shown.length) more();
  }
  function openNow() {
    const here = document.activeElement?.closest("tr.row, tr.detail");
    const row = here?.matches(".detail") ? here.previousElementSibling : here;
    return row?.classList.contains("open") ? row : body.querySelector("tr.row.open");
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const row = openNow();
      if (row) { close(row); row.querySelector(".open-button").focus(); remember(false); }
      return;
    }
    if (event.target.closest("input, select, textarea, audio")) return;
    if (event.key === "/") { event.preventDefault(); by("search").focus(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "p") { const audio = openNow()?.nextElementSibling.querySelector("audio"); if (audio) { if (audio.paused) audio.play().catch(() => {}); else audio.pause(); } }
  });

  by("filters").addEventListener("submit", (event) => event.preventDefault());
  by("filters").addEventListener("reset", (event) => { event.preventDefault(); clear(); change(); });
  by("filters").addEventListener("input", (event) => { if (event.target === select.key) fillValues(); change(event.target === by("search")); });
  by("more").addEventListener("click", more);
  new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) more(); }, { rootMargin: "600px" }).observe(by("more"));
  // What a figure above is made of: the clips with these filters, in this order.
  function list(wanted) {
    clear();
    for (const [name, value] of Object.entries(wanted)) {
      if (value) select[name].value = value;
      if (name === "key") fillValues();
    }
    change();
    by("clips").scrollIntoView();
    by("clips").focus({ preventScroll: true });
  }
  document.querySelectorAll("button[data-subset], button[data-fault]").forEach((button) => button.addEventListener("click", () => list({ ...button.dataset })));
  const heats = [...document.querySelectorAll("table.heat")];
  heats.forEach((table) => table.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const cell = button.parentNode, key = table.dataset.key, value = table.tHead.rows[0].cells[cell.cellIndex].dataset.value;
    const where = value === undefined ? {} : key === "subset" ? { subset: value } : { key, value };
    list({ ...where, dimension: cell.parentNode.dataset.dimension, answer: button.dataset.answer, sort: "item" });
  }));
  const heat = () => heats.forEach((table) => { table.parentNode.hidden = table.dataset.key !== by("heat-by").value; });
  if (by("heat-by")) by("heat-by").addEventListener("input", () => { heat(); remember(false); });
  addEventListener("popstate", follow);
  apply();
  // Sounds and pictures stand behind this script: what shows them waits for the end of the page. The pairs come behind the
  // list of clips, so that a link to a pair comes to rest on the pair.
  function whole() {
    if (location.hash) follow();
    if (data.contest?.pairs.length) pairList(data);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", whole); else whole();
  requestAnimationFrame(() => performance.mark("audiojudge-interactive"));
})();
