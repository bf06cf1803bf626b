// Ticks a whole sector at once, and back. Without it every box is there to be ticked one by one.
"use strict";

function offerAll(group) {
  const boxes = [...group.querySelectorAll("input[type=checkbox]")];
  if (boxes.length < 2) return;
  const all = () => boxes.every((box) => box.checked);
  const press = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet" });
  const legend = group.querySelector("legend").textContent.trim();
  const show = () => {
    press.textContent = all() ? "Odznacz wszystkie" : "Zaznacz wszystkie";
    press.setAttribute("aria-label", `${press.textContent}: ${legend}`);
  };
  press.addEventListener("click", () => {
    const ticked = !all();
    boxes.forEach((box) => { box.checked = ticked; });
    show();
  });
  group.addEventListener("change", show);
  group.querySelector("legend").after(press);
  show();
}

document.querySelectorAll("[data-tick-all]").forEach(offerAll);
