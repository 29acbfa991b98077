// Comforts that every page has: 大字版 without losing what is typed, the offline bar, selects that send themselves.

import { all, near } from "./dom";

// 大字版 is a plain form that works without script. With it the size changes in place, so that nothing typed is lost.
function elder(event: SubmitEvent): void {
  const form = near<HTMLFormElement>(event, "form[data-elder]");
  const button = form && form.querySelector<HTMLButtonElement>("button");
  if (!form || !button) return;
  event.preventDefault();
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => typeof value === "string" && body.append(name, value));
  if (button.name) body.append(button.name, button.value);
  fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { "X-Requested-With": "elder" }, redirect: "manual" }).catch(() => undefined);
  const on = document.documentElement.classList.toggle("elder");
  button.value = on ? "0" : "1";
  for (const label of all(button, "[data-t-elder]")) label.textContent = (on ? label.dataset.tNormal : label.dataset.tElder) || "";
}

function offline(): void {
  for (const bar of all(document, "[data-offline]")) bar.hidden = navigator.onLine;
}

/** Listens once for the whole page. */
export function listen(): void {
  document.addEventListener("submit", (event) => elder(event as SubmitEvent));
  window.addEventListener("online", offline);
  window.addEventListener("offline", offline);
  offline();
  // A select that sends its form does so only for a pointer: arrow keys pass through values nobody meant to choose.
  let byPointer = false;
  document.addEventListener("keydown", () => (byPointer = false), true);
  document.addEventListener("pointerdown", () => (byPointer = true), true);
  document.addEventListener("change", (event) => {
    const select = near<HTMLSelectElement>(event, "select[data-auto-submit]");
    if (select && byPointer && select.form) select.form.requestSubmit();
  });
}
