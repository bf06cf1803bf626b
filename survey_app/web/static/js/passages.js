// Selecting words of an interview's text: by mouse, by finger, or by the keyboard alone. Places count Unicode code
// points of the text as the service keeps it; numbers of passages that stand between the words are no part of it.

const CHIP = ".mark-number";
const text = document.querySelector("[data-passages]");
const bar = document.getElementById("zaznaczenie");
const form = document.getElementById("nadaj");
const said = document.getElementById("zaznaczono");
const SETTLE = 250; // ms without a change before a selection by finger counts as made

const letters = (words) => Array.from(words).length;
const shorten = (words) => (letters(words) > 200 ? `${Array.from(words).slice(0, 200).join("")}…` : words);

/** Nodes of a line that hold its words, in order. */
function nodesOf(words) {
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(CHIP) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

const lines = Array.from(text.querySelectorAll(".line-words"), (words) => {
  const nodes = nodesOf(words);
  const all = nodes.map((node) => node.data).join("");
  const start = Number(words.dataset.start);
  return { words, nodes, all, start, end: start + letters(all) };
});

/** How many code points of the line stand before this place of the page. */
function placeIn(line, node, offset) {
  const before = document.createRange();
  before.setStart(line.words, 0);
  before.setEnd(node, offset);
  const copy = before.cloneContents();
  copy.querySelectorAll(CHIP).forEach((chip) => chip.remove());
  return line.start + letters(copy.textContent);
}

/** The place of the page at a code point: the other way round. */
function nodeAt(line, place, atEnd) {
  let left = place - line.start;
  for (const node of line.nodes) {
    const points = Array.from(node.data);
    if (left < points.length || (atEnd && left === points.length)) return [node, points.slice(0, left).join("").length];
    left -= points.length;
  }
  const last = line.nodes.at(-1);
  return [last, last.data.length];
}

function wordsBetween(start, end) {
  return lines
    .filter((line) => line.start < end && start < line.end)
    .map((line) => Array.from(line.all).slice(Math.max(0, start - line.start), end - line.start).join(""))
    .join("\n");
}

function rangeOf(start, end) {
  const range = document.createRange();
  const first = lines.find((line) => start < line.end);
  const last = lines.findLast((line) => line.start < end);
  range.setStart(...nodeAt(first, start, false));
  range.setEnd(...nodeAt(last, Math.min(end, last.end), true));
  return range;
}

// What is chosen ------------------------------------------------------------------------------------------------

let chosen = null; // {start, end, words, block}

function choose(start, end) {
  const words = wordsBetween(start, end);
  if (!words.trim()) return;
  const last = lines.findLast((line) => line.start < end);
  chosen = { start, end, words, block: last.words.closest(".line") };
  said.textContent = `Zaznaczono: ${shorten(words)}. Enter: nadaj tematy.`;
  document.getElementById("zaznaczone-slowa").textContent = shorten(words);
  if (!form.hidden) {
    fill();
    return;
  }
  bar.hidden = false;
  chosen.block.after(bar);
}

function highlight() {
  if (!window.Highlight || !CSS.highlights) return;
  if (chosen) CSS.highlights.set("chosen-passage", new Highlight(rangeOf(chosen.start, chosen.end)));
  else CSS.highlights.delete("chosen-passage");
}

function fill() {
  form.elements.start.value = chosen.start;
  form.elements.end.value = chosen.end;
  form.elements.words.value = chosen.words;
  document.getElementById("wybrane-slowa").textContent = chosen.words;
  highlight();
}

function open() {
  if (!chosen) return;
  bar.hidden = true;
  form.hidden = false;
  chosen.block.after(form);
  fill();
  document.getSelection().removeAllRanges();
  document.getElementById("nadaj-naglowek").focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
}

function cancel() {
  const back = form.contains(document.activeElement) || bar.contains(document.activeElement);
  chosen = null;
  bar.hidden = true;
  form.hidden = true;
  highlight();
  document.getSelection().removeAllRanges();
  if (back) text.focus({ preventScroll: true });
}

// By mouse and by finger ----------------------------------------------------------------------------------------

let pressed = false;
let timer = 0;

function readSelection() {
  const selection = document.getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const touched = lines.filter((line) => range.intersectsNode(line.words));
  if (!touched.length) return;
  const [first, last] = [touched[0], touched.at(-1)];
  const start = first.words.contains(range.startContainer)
    ? placeIn(first, range.startContainer, range.startOffset)
    : first.start;
  const end = last.words.contains(range.endContainer) ? placeIn(last, range.endContainer, range.endOffset) : last.end;
  if (start < end) choose(start, end);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => pressed || readSelection(), SETTLE);
}

document.addEventListener("pointerdown", () => (pressed = true));
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => {
    pressed = false;
    later();
  });
}
document.addEventListener("selectionchange", () => moving || later());
bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays while one taps
document.getElementById("nadaj-tematy").addEventListener("click", open);
document.getElementById("anuluj").addEventListener("click", cancel);
form.addEventListener("keydown", (event) => event.key === "Escape" && cancel());

// By the keyboard: words are walked, and the run from the first to the last of them is chosen --------------------

const marks = lines.flatMap((line, number) =>
  Array.from(line.all.matchAll(/\S+/gu), (found) => {
    const start = line.start + letters(line.all.slice(0, found.index));
    return { start, end: start + letters(found[0]), line: number };
  }),
);
let anchor = 0;
let focus = -1; // no word yet
let edge = 0; // of the run's end: so many letters more or less than its last word
let moving = false; // our own change of the selection

function lettersFrom(place, step) {
  // A letter with its marks, or an emoji of several parts, is one step.
  const line = lines.find((one) => one.start <= place && place <= one.end);
  const bounds = [line.start];
  for (const part of new Intl.Segmenter("pl", { granularity: "grapheme" }).segment(line.all)) {
    bounds.push(bounds.at(-1) + letters(part.segment));
  }
  if (step > 0) return bounds.find((bound) => bound > place) ?? place;
  return bounds.findLast((bound) => bound < place) ?? place;
}

function run() {
  const [first, last] = [Math.min(anchor, focus), Math.max(anchor, focus)];
  const start = marks[first].start;
  return [start, Math.max(start + 1, marks[last].end + edge)];
}

function walk(to, extend) {
  focus = Math.min(Math.max(to, 0), marks.length - 1);
  if (!extend) anchor = focus;
  edge = 0;
  show();
}

function show() {
  const [start, end] = run();
  const range = rangeOf(start, end);
  moving = true;
  document.getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  const at = nodeAt(lines[marks[focus].line], marks[focus].start, false)[0].parentElement;
  at.scrollIntoView({ block: "nearest" });
  choose(start, end);
  setTimeout(() => (moving = false));
}

function lineFrom(number) {
  const first = marks.findIndex((mark) => mark.line === number);
  return first < 0 ? focus : first;
}

const KEYS = {
  ArrowRight: () => focus + 1,
  ArrowLeft: () => focus - 1,
  ArrowDown: () => lineFrom(marks[focus].line + 1),
  ArrowUp: () => lineFrom(marks[focus].line - 1),
  Home: () => lineFrom(marks[focus].line),
  End: () => marks.findLastIndex((mark) => mark.line === marks[focus].line),
};

text.addEventListener("keydown", (event) => {
  if (event.target !== text || event.altKey || event.metaKey || !marks.length) return;
  if (event.key === "Escape") cancel();
  else if (event.key === "Enter") open();
  else if (event.key in KEYS) {
    if (focus < 0) walk(0, false);
    else if (event.ctrlKey && event.shiftKey && event.key in { ArrowLeft: 1, ArrowRight: 1 }) {
      const end = run()[1];
      edge += lettersFrom(end, event.key === "ArrowRight" ? 1 : -1) - end;
      show();
    } else walk(KEYS[event.key](), event.shiftKey);
  } else return;
  event.preventDefault();
});

// What only scripts can do --------------------------------------------------------------------------------------

text.tabIndex = 0;
document.getElementById("anuluj").hidden = false;
document.querySelectorAll(".with-scripts").forEach((one) => (one.hidden = false));
document.querySelectorAll(".without-scripts").forEach((one) => (one.hidden = true));
if (!form.hidden && form.elements.end.value) {
  // A form that was refused: its run is still the chosen one.
  const [start, end] = [Number(form.elements.start.value), Number(form.elements.end.value)];
  const last = lines.findLast((line) => line.start < end);
  if (last && wordsBetween(start, end).trim()) {
    chosen = { start, end, words: wordsBetween(start, end), block: last.words.closest(".line") };
    last.words.closest(".line").after(form);
    highlight();
  }
}
