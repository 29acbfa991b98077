// Double clicks have one effect: the form's hidden _key makes it so on the server, this only spares people the doubt.

import { all, near } from "./dom";

const giveUp = 15000; // ms after which the buttons come back, for answers that leave the page standing (a download)

function release(form: HTMLFormElement): void {
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  for (const button of buttons(form)) {
    if (!("held" in button.dataset)) continue;
    button.disabled = false;
    delete button.dataset.held;
  }
}

function buttons(form: HTMLFormElement): HTMLButtonElement[] {
  return (Array.from(form.elements) as HTMLButtonElement[]).filter((e) => e.tagName === "BUTTON" && e.type === "submit");
}

function hold(form: HTMLFormElement): void {
  form.dataset.busy = "";
  form.setAttribute("aria-busy", "true");
  // after the browser has read the form, or the pressed button's name would be missing from it
  window.setTimeout(() => {
    for (const button of buttons(form)) {
      if (button.disabled) continue;
      button.dataset.held = "";
      button.disabled = true;
    }
  });
  window.setTimeout(() => release(form), giveUp);
}

/** Listens once for the whole page. */
export function listen(): void {
  document.addEventListener("submit", (event) => {
    const form = near<HTMLFormElement>(event, "form");
    if (!form || event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
    if ("busy" in form.dataset) event.preventDefault();
    else hold(form);
  });
  window.addEventListener("pageshow", (event) => {
    const sent = all<HTMLFormElement>(document, "form[data-busy]");
    sent.forEach(release);
    // Back to a form that was sent, as it stood in the browser's memory: the server tells how things stand now.
    if (event.persisted && sent.length) location.reload();
  });
}
