// What every part of the console makes pages of: elements, Polish plurals, hours and minutes.

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = {
  info: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.3 8.5h2.6V18h-2.6zm0-4h2.6v2.6h-2.6z",
  success: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.5 15-4.6-4.6 1.9-1.9 2.7 2.7 5.7-5.7 1.9 1.9z",
  warning: "M12 1.5 .5 21.5h23zm-1.3 7h2.6v7h-2.6zm0 8.4h2.6v2.6h-2.6z",
  danger: "M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9zM10.7 6v8h2.6V6zm0 9.5v2.6h2.6v-2.6z",
};
const SIGN_WORDS = { info: "Informacja", success: "Gotowe", warning: "Uwaga", danger: "Ważne" };

// `properties`: of the element; "data-..." and "aria-..." and `role`, `for` are attributes.
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export function button(text, kind, act, properties = {}) {
  const made = element("button", { type: "button", className: `button button-${kind}`, ...properties }, text);
  made.addEventListener("click", act);
  return made;
}

export function hidden(text) { return element("span", { className: "hidden" }, text); }

// Paragraphs of a text of the scenario: an empty line parts them.
export function paragraphs(text) {
  return text.split(/\n{2,}/).filter(Boolean).map((one) => element("p", {}, one));
}

// Words that are read out stand in a frame of their own.
export function aloud(...texts) {
  return element("div", { className: "aloud" },
    element("p", { className: "aloud-label" }, "Przeczytaj na głos"), texts.filter(Boolean).flatMap(paragraphs));
}

// As the macro `page.notice`.
export function notice(kind, title, ...children) {
  const sign = document.createElementNS(SVG, "svg");
  sign.setAttribute("class", "sign");
  sign.setAttribute("viewBox", "0 0 24 24");
  sign.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("d", SIGNS[kind]);
  sign.append(path);
  return element("div", { className: `notice notice-${kind}` }, sign,
    element("div", { className: "notice-body" },
      element("p", { className: "notice-title" }, `${SIGN_WORDS[kind]}: ${title}`), ...children));
}

export function plural(count, one, few, many) {
  if (count === 1) return one;
  const last = count % 10;
  return last >= 2 && last <= 4 && !(count % 100 >= 12 && count % 100 <= 14) ? few : many;
}

export function counted(count, one, few, many) { return `${count}\u00a0${plural(count, one, few, many)}`; }

// "10:41", or "10:41:03".
export function hour(ms, seconds = false) {
  return new Date(ms).toLocaleTimeString("pl-PL", {
    hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }),
  });
}

// How long something took: "1 godz. 5 min", "12 min".
export function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}\u00a0godz. ${minutes % 60}\u00a0min` : `${minutes}\u00a0min`;
}

// Writes only what is new: a text that stays the same costs no layout and wakes no screen reader.
export function write(node, text) { if (node.textContent !== text) node.textContent = text; }
