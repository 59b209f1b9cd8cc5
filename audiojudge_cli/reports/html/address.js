// What the address holds behind its #: the filters, the order, the search and the clip opened last, of pairs likewise. A link shows the same.

const address = (() => {
  // A lone surrogate has no place in an address; the id that holds one is then told apart by what is left of it.
  const sound = (text) => (text.toWellFormed ? text.toWellFormed() : text);

  function parse(hash) {
    const found = {};
    for (const part of hash.replace(/^#/, "").split("&")) {
      const at = part.indexOf("=");
      if (at < 1) continue;
      let value = part.slice(at + 1);
      try { value = decodeURIComponent(value); } catch { /* taken as it stands */ }
      found[part.slice(0, at)] = value;
    }
    return found;
  }

  function format(values) {
    const parts = Object.entries(values).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(sound(value))}`);
    return parts.length ? `#${parts.join("&")}` : "";
  }

  // A page inside a frame without an origin may not write its address: everything else works there all the same.
  function write(hash, step) {
    if (hash === location.hash) return;
    try { history[step ? "pushState" : "replaceState"](null, "", hash || location.href.split("#")[0]); } catch { /* stays as it is */ }
  }

  // Each list of the page says what it shows; the address holds all of it.
  const parts = [];
  const remember = (step) => write(format(Object.assign({}, ...parts.map((part) => part()))), step);

  return { parse, format, parts, remember, sound };
})();
