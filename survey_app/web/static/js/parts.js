// Small additions to the parts of the design system. Every page works without them.
"use strict";

function plural(count, one, few, many) {
  if (count === 1) return one;
  const last = count % 10;
  return last >= 2 && last <= 4 && !(count % 100 >= 12 && count % 100 <= 14) ? few : many;
}

// A copy button appears only where a copy can be made.
function offerCopy(button) {
  const source = document.getElementById(button.dataset.copy);
  const said = document.getElementById(`${button.dataset.copy}-said`);
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
      said.textContent = "Skopiowano.";
    } catch {
      said.textContent = "Przeglądarka nie pozwala kopiować. Zaznaczyliśmy tekst: skopiuj go skrótem Ctrl+C.";
    }
  });
}

// Says how much room is left; it never cuts what a person typed. The server counts a line break as one character.
function countCharacters(area) {
  const limit = Number(area.dataset.limit);
  const words = document.getElementById(`${area.id}-limit`);
  if (!words) return;
  const live = document.createElement("p");
  live.className = "hidden";
  live.setAttribute("role", "status");
  words.after(live);
  let pause;
  const show = () => {
    const left = limit - [...area.value].length;
    const many = Math.abs(left);
    const unit = plural(many, "znak", "znaki", "znaków");
    words.textContent = left < 0 ? `O ${many} ${unit} za dużo.` : `Najwyżej ${limit} znaków, zostało ${many}.`;
    words.classList.toggle("over", left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => { live.textContent = left < limit / 10 ? words.textContent : ""; }, 1000);
  };
  area.addEventListener("input", show);
  show();
}

// A file that is too large is not sent: the service would refuse it unread, and what was typed beside it with it.
function refuseTooLarge(input) {
  const most = Number(input.dataset.megabytes);
  const said = document.createElement("p");
  said.id = `${input.id}-size`;
  said.className = "error";
  said.setAttribute("role", "alert");
  input.before(said);
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${said.id}`.trim());
  const fits = () => {
    const size = Math.max(0, ...[...input.files].map((file) => file.size)) / 1024 / 1024;
    const written = Math.ceil(size * 10) / 10;
    said.textContent = size <= most ? "" : `Błąd: plik ma ${written.toLocaleString("pl-PL")} MB, a może mieć najwyżej ${most} MB. Prosimy wybrać mniejszy.`;
    return size <= most;
  };
  input.addEventListener("change", fits);
  input.form.addEventListener("submit", (event) => {
    if (fits()) return;
    event.preventDefault();
    input.focus();
  });
}

// The summary of faults takes the focus also where a browser does not follow `autofocus`.
function focusSummary() {
  const summary = document.querySelector(".summary[role=alert]");
  if (summary && document.activeElement !== summary) summary.focus();
}

document.querySelectorAll("[data-copy]").forEach(offerCopy);
document.querySelectorAll("textarea[data-limit]").forEach(countCharacters);
document.querySelectorAll("input[data-megabytes]").forEach(refuseTooLarge);
focusSummary();
