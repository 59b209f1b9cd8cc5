// One clip at a time. The server knows the order and keeps the labels; this page asks, shows and sends.

(() => {
  const by = (id) => document.getElementById(id);
  const ANSWERS = ["yes", "no", "can't tell"], SHORT = { yes: "yes", no: "no", "can't tell": "?" };
  let clip = null, count = 0, items = [], busy = false, heard = false, audio = null;

  function say(text) { by("trouble").textContent = text; by("trouble").hidden = !text; }

  // One request at a time: a key that is held down labels one clip, not ten.
  async function ask(path, data) {
    if (busy) return;
    busy = true;
    try {
      const how = data ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) } : {};
      const reply = await fetch(path, { ...how, credentials: "omit", cache: "no-store" });
      const told = await reply.json();
      if (reply.ok) { say(""); show(told); } else say(data ? `Not saved: ${told.error}` : told.error);
    } catch { say("The server does not answer. Has `audiojudge label` ended? Labels so far are kept: start it again, and open its new address."); }
    busy = false;
  }

  function show(told) {
    const { mine, random, anybody, left } = told.progress, others = anybody - mine;
    by("bar").max = mine + left || 1;
    by("bar").value = mine;
    by("told").textContent = `${mine} labelled by you (${random} of the random clips)${others ? `, ${others} by others` : ""}; ${left} left. ${mine + others < 50 ? "Calibration takes 50 or more." : ""}`;
    by("missing").hidden = !told.missing.count;
    by("missing").firstElementChild.textContent = `${told.missing.count} left out, for their audio is missing`;
    by("missing").lastElementChild.replaceChildren(...told.missing.first.map((text) => make("li", {}, text)));
    clip = told.place === undefined ? null : told;
    count = told.of;
    by("skip").disabled = !clip;
    by("back").disabled = Boolean(clip && !clip.place);
    by("work").hidden = !clip;
    by("done").hidden = Boolean(clip);
    by("undo").disabled = !mine;
    stop();
    if (clip) draw(); else by("done").firstElementChild.focus();
  }

  function draw() {
    by("caption").textContent = clip.caption;
    by("caption").hidden = !clip.caption;
    by("caption").lang = language(clip.language) || "en";
    by("transcript").textContent = clip.transcript ? `“${clip.transcript}”` : "";
    by("transcript").hidden = !clip.transcript;
    const length = clip.duration ? seconds(clip.duration) : "";
    by("facts").textContent = [clip.path, length, clip.subset, clip.drawn === "random" ? "random clip" : "", clip.said.label ? `labelled ${clip.said.label}` : ""].filter(Boolean).join(" · ");
    items = clip.items.map((_, at) => clip.said.items[at] || null);
    by("parts").hidden = !items.length;
    by("items").replaceChildren(...clip.items.map((item, at) => make("li", {},
      make("p", { dir: "auto" }, `${at + 1}. ${item.question} `, make("span", { class: "small" }, item.dimension)),
      make("div", { class: "choices", role: "group", "aria-label": item.question },
        ...ANSWERS.map((answer) => make("button", { type: "button", "data-answer": answer, "aria-label": answer, onclick: () => choose(at, items[at] === answer ? null : answer) }, SHORT[answer]))))));
    items.forEach((answer, at) => choose(at, answer));
    by("note").value = clip.said.note;
    by("answers").querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.answer === clip.said.label));
      button.disabled = Boolean(clip.silent);
    });
    by("player").replaceChildren(clip.silent ? make("p", { class: "remark" }, `The audio is missing: ${clip.silent}.`) : soundOf(`audio/${clip.place}`));
  }

  // What the browser cannot play as it is, the server decodes.
  function soundOf(source) {
    const node = make("audio", { controls: true, preload: "auto", "aria-label": "The clip", src: source });
    node.addEventListener("error", async () => {
      if (audio !== node) return;
      if (!node.getAttribute("src").startsWith("wav/")) { node.src = `wav/${clip.place}`; if (heard) play(); return; }
      say("This browser cannot play the clip. Skip it, or open this page in another browser.");
    });
    audio = node;
    if (heard) play();
    return node;
  }
  function play() { heard = true; audio?.play().catch(() => {}); }
  function stop() { if (audio) { const old = audio; audio = null; old.pause(); old.removeAttribute("src"); old.load(); } }

  function choose(at, answer) {
    items[at] = answer;
    by("items").children[at].querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.answer === answer)));
  }

  function answer(label) {
    if (!clip || clip.silent) return;
    document.activeElement?.blur();
    ask("label", { place: clip.place, label, items, note: by("note").value });
  }
  function move(step) {
    if (step > 0) { if (clip) ask(`next/${clip.place}`); return; }
    const before = (clip ? clip.place : count) - 1;
    if (before >= 0) ask(`clip/${before}`);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape") { document.activeElement?.blur(); return; }
    if (event.target.closest("textarea, input")) return;
    // On a button the space bar presses it, as everywhere.
    if (event.key === " ") { if (!event.target.closest("button, summary, audio") && audio) { event.preventDefault(); if (audio.paused) play(); else audio.pause(); } return; }
    if (event.target.closest("audio") && event.key.startsWith("Arrow")) return;
    const keys = { y: () => answer("yes"), n: () => answer("no"), "?": () => answer("can't tell"), ArrowLeft: () => move(-1), ArrowRight: () => move(1), u: () => ask("undo", {}), m: () => by("note").focus() };
    if (/^[1-9]$/.test(event.key)) {
      const at = Number(event.key) - 1, steps = [...ANSWERS, null];
      if (at < items.length) choose(at, steps[(steps.indexOf(items[at]) + 1) % steps.length]);
    } else if (keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]) { event.preventDefault(); keys[event.key.length === 1 ? event.key.toLowerCase() : event.key](); }
  });
  by("answers").addEventListener("click", (event) => { const chosen = event.target.closest("button"); if (chosen) answer(chosen.dataset.answer); });
  by("back").addEventListener("click", () => move(-1));
  by("skip").addEventListener("click", () => move(1));
  by("undo").addEventListener("click", () => ask("undo", {}));
  document.addEventListener("play", () => { heard = true; }, true);
  ask("next");
})();
