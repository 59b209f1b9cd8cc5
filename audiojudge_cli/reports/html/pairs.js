// The pairs of a comparison, both players side by side: search, filter, sort. Every text goes in as text.

function pairList(data) {
  const { pairs, prompts } = data.contest, by = (id) => document.getElementById(id), list = by("pair-list"), BATCH = 10;
  const select = { "pair-system": by("pair-system"), preferred: by("preferred"), people: by("people"), "pair-subset": by("pair-subset"), "pair-sort": by("pair-sort") };
  const verb = data.contest.scored ? "scores higher" : "is better";
  const PREFERRED = { a: `A ${verb}`, b: `B ${verb}`, tie: "tie", unverifiable: "not comparable", error: "failed" };
  const PEOPLE = { disagree: "prefer the other", half: "one side says tie", agree: "agree" };
  const SORTS = data.contest.scored ? { doubtful: "furthest apart first", close: "closest first" } : { doubtful: "most doubtful first", close: "closest first", clear: "clearest first", file: "as in pairs.csv" };
  const distinct = (values) => [...new Set(values)].sort();
  let shown = pairs, drawn = 0, linked = "", typing = false;

  function fill(node, all, values, names) {
    const options = [...(all ? [["", all]] : []), ...values.map((value) => [value, (names && names[value]) || value])];
    node.replaceChildren(...options.map(([value, name]) => make("option", { value }, name)));
  }
  const known = (names, of) => Object.keys(names).filter((name) => pairs.some((pair) => of(pair) === name));
  fill(select["pair-system"], "all", distinct(pairs.flatMap((pair) => pair.sides.map((side) => side.system))));
  fill(select.preferred, "any", known(PREFERRED, (pair) => pair.preferred), PREFERRED);
  fill(select.people, "any", known(PEOPLE, (pair) => pair.people), PEOPLE);
  fill(select["pair-subset"], "all", distinct(pairs.map((pair) => pair.subset)));
  fill(select["pair-sort"], null, Object.keys(SORTS), SORTS);
  by("people-label").hidden = !pairs.some((pair) => pair.people);

  const words = (pair) => (pair.words ||= [pair.id, prompts[pair.prompt], pair.reason, ...pair.sides.flatMap((side) => [side.system, side.path])].join("\n").toLowerCase());
  function fits(pair, wanted) {
    if (wanted["pair-system"] && !pair.sides.some((side) => side.system === wanted["pair-system"])) return false;
    if (wanted.preferred && pair.preferred !== wanted.preferred) return false;
    if (wanted.people && pair.people !== wanted.people) return false;
    if (wanted["pair-subset"] && pair.subset !== wanted["pair-subset"]) return false;
    return wanted.words.every((word) => words(pair).includes(word));
  }
  const apart = (pair, missing) => (pair.margin === undefined ? missing : Math.abs(pair.margin));
  const KEYS = { close: (pair) => apart(pair, Infinity), clear: (pair) => -apart(pair, -Infinity), file: (pair) => pair.n };
  function ordered(found, name) {
    const key = KEYS[name];
    return key ? [...found].sort((a, b) => { const left = key(a), right = key(b); return left === right ? a.n - b.n : left - right; }) : found;
  }

  function sideNode(pair, at) {
    const side = pair.sides[at], letter = "ab"[at], clip = data.clips[side.clip], name = `${letter.toUpperCase()}: ${side.system}`;
    const tags = [pair.preferred === letter ? make("span", { class: "tag yes" }, data.contest.scored ? "✓ higher" : "✓ better") : "", pair.human === letter ? make("span", { class: "tag" }, "people prefer this") : ""];
    const file = clip ? make("a", { href: address.format({ clip: clip.id }), title: "Show this clip with its items" }, side.path) : side.path;
    return make("div", { class: pair.preferred === letter ? "side won" : "side", role: "group", "aria-label": name },
      make("p", { class: "who" }, make("b", {}, name), " ", ...tags),
      make("p", { class: "facts" }, make("span", {}, `score ${show(side.score)}`), make("span", {}, file)),
      !clip ? make("p", { class: "hint" }, "The clip is not on this page; a larger --clips puts it there.")
        : clip.error ? make("p", { class: "remark failure", dir: "auto" }, `${clip.error[0]}: ${clip.error[1]}`)
        : soundPanel(clip, [], player(clip, name), links([]), data.hz));
  }
  const KIND = { disagree: "no", half: "unverifiable", agree: "yes" };
  // Both answers to each item, where both clips were asked the same.
  function itemsNode(pair) {
    const [a, b] = pair.sides.map((side) => data.clips[side.clip]?.items || []);
    if (!a.length || a.length !== b.length || a.some((item, at) => item.q !== b[at].q)) return "";
    const cell = (item) => make("td", {}, make("span", { class: `tag ${item.a}`, title: item.e }, item.p === undefined ? "open" : show(item.p)));
    const rows = a.map((item, at) => make("tr", {}, make("th", { scope: "row", class: "name", dir: "auto" }, item.q), cell(item), cell(b[at])));
    const head = make("tr", {}, make("th", { scope: "col" }, "item"), ...pair.sides.map((side, at) => make("th", { scope: "col", class: "name" }, `${"AB"[at]}: ${side.system}`)));
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Items of ${pair.id}` }, make("table", { class: "plain" }, make("thead", {}, head), make("tbody", {}, ...rows)));
  }
  function pairNode(pair) {
    const prompt = prompts[pair.prompt];
    const people = pair.human ? make("span", { class: `tag ${KIND[pair.people] || ""}` }, `people: ${PREFERRED[pair.human]}`) : "";
    return make("li", { "data-n": pair.n, tabindex: "-1" },
      make("h3", { dir: "auto" }, data.contest.scored ? prompt : pair.id),
      make("p", { class: "facts" },
        make("span", { class: pair.preferred === "error" ? "tag no" : "tag" }, PREFERRED[pair.preferred] || pair.preferred), people,
        pair.margin === undefined ? "" : make("span", {}, `A − B ${signed(pair.margin)}`), make("span", {}, pair.subset),
        make("a", { href: address.format({ pair: pair.id }) }, "link to this pair")),
      prompt && prompt !== pair.id && !data.contest.scored ? make("p", { class: "prompt", dir: "auto" }, prompt) : "",
      make("div", { class: "sides" }, sideNode(pair, 0), sideNode(pair, 1)),
      itemsNode(pair),
      pair.reason ? make("p", { class: "reason", dir: "auto" }, pair.reason) : "");
  }

  function more() {
    const part = shown.slice(drawn, drawn + BATCH), first = drawn;
    drawn += part.length;
    list.append(...part.map(pairNode));
    by("pair-more").hidden = drawn >= shown.length;
    return list.children[first];
  }
  function apply() {
    const wanted = Object.fromEntries(Object.entries(select).map(([name, node]) => [name, node.value]));
    wanted.words = by("pair-q").value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = ordered(pairs.filter((pair) => fits(pair, wanted)), wanted["pair-sort"]);
    drawn = 0;
    list.replaceChildren();
    more();
    if (!shown.length) list.append(make("li", { class: "empty" }, "No pair fits what is chosen above. ", make("button", { type: "button", onclick: () => by("pair-filters").reset() }, "Show all pairs")));
    by("pair-count").textContent = shown.length === pairs.length ? `${pairs.length} pairs` : `${shown.length} of ${pairs.length} pairs`;
  }
  address.parts.push(() => ({ "pair-q": by("pair-q").value, ...Object.fromEntries(Object.entries(select).map(([name, node]) => [name, node.selectedIndex > 0 ? node.value : ""])), pair: linked }));
  function change(letter) {
    linked = "";
    apply();
    address.remember(!(letter && typing));
    typing = Boolean(letter);
  }
  function clear() {
    by("pair-q").value = "";
    Object.values(select).forEach((node) => { node.selectedIndex = 0; });
    linked = "";
  }
  function follow() {
    const wanted = address.parse(location.hash);
    if (location.hash && !Object.keys(wanted).length) return;
    typing = false;
    clear();
    by("pair-q").value = wanted["pair-q"] || "";
    for (const [name, node] of Object.entries(select)) if ([...node.options].some((option) => option.value === wanted[name])) node.value = wanted[name];
    apply();
    if (wanted.pair) reveal(wanted.pair);
  }
  function reveal(id) {
    const pair = pairs.find((each) => each.id === id || address.sound(each.id) === id);
    if (!pair) { by("pair-count").textContent = `No pair has the id ${id}.`; return; }
    if (!shown.includes(pair)) { clear(); apply(); }
    linked = pair.id;
    while (drawn <= shown.indexOf(pair)) more();
    const node = list.querySelector(`li[data-n="${pair.n}"]`);
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "start" });
  }

  by("pair-filters").addEventListener("submit", (event) => event.preventDefault());
  by("pair-filters").addEventListener("reset", (event) => { event.preventDefault(); clear(); change(); });
  by("pair-filters").addEventListener("input", (event) => change(event.target === by("pair-q")));
  by("pair-more").addEventListener("click", () => more()?.focus());
  addEventListener("popstate", follow);
  apply();
  if (location.hash) follow();
}
