// A paper's form: rows are added in place, and questions that are passed over are hidden. It needs ankieta.js for the
// path. The page works without it. What is hidden stays as it was typed, and is sent: the page says what became of it.
"use strict";

(() => {
  const form = document.querySelector(".paper-form");
  if (!form) return;
  const ADDED = 3;
  const NEW = /^nowy(\d+)$/;

  // Enter in a one-line field saves, and does not press the first button of a table.
  const save = form.querySelector("[data-default]");
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    form.requestSubmit(save);
  });

  function route() {
    const questions = [...form.querySelectorAll("[data-question]")];
    const answers = pathOf(questions);
    questions.forEach((question) => { question.hidden = !answers.has(question.dataset.question); });
  }

  function rename(row, table, from, to, place) {
    row.dataset.row = to;
    row.querySelector("legend").textContent = `Wiersz ${place}`;
    for (const control of row.querySelectorAll("input, textarea, select")) {
      if (control.name === `${table}-rows`) {
        control.value = to;
        continue;
      }
      control.value = "";
      control.name = control.id = control.name.replace(`${table}-${from}-`, `${table}-${to}-`);
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    }
    row.querySelectorAll("label").forEach((label) => {
      label.htmlFor = label.htmlFor.replace(`${table}-${from}-`, `${table}-${to}-`);
    });
    row.querySelectorAll(".error").forEach((error) => error.remove());
    row.querySelectorAll(".part-wrong").forEach((part) => part.classList.remove("part-wrong"));
  }

  function addRows(block) {
    const { rows: table, most } = block.dataset;
    const rows = [...block.querySelectorAll("[data-row]")];
    const highest = Math.max(rows.length, ...rows.map((row) => Number((NEW.exec(row.dataset.row) ?? [0, 0])[1])));
    const room = Math.min(ADDED, Number(most) - rows.length);
    const last = rows.at(-1);
    if (!last || room < 1) return false;
    const added = [];
    for (let number = 1; number <= room; number += 1) {
      const row = last.cloneNode(true);
      rename(row, table, last.dataset.row, `nowy${highest + number}`, rows.length + number);
      added.push(row);
    }
    last.after(...added);
    added[0].querySelector("textarea, input:not([type=hidden]), select").focus();
    return true;
  }

  form.querySelectorAll("[data-free]").forEach((block) => {
    block.querySelector("button[name=dodaj]").addEventListener("click", (event) => {
      if (addRows(block)) event.preventDefault();
    });
  });
  form.classList.add("routed");
  form.addEventListener("input", route);
  form.addEventListener("change", route);
  route();
})();
