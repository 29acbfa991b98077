// Details elements: panels that open when an address or an error list points into them, menus that close again.

import { all, near } from "./dom";

/** Opens what hides the target of the address and puts the focus there. */
function reveal(hash: string, focus: boolean): void {
  const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  if (!target) return;
  let closed = false;
  for (let e: HTMLElement | null = target; e; e = e.parentElement) {
    if (!(e instanceof HTMLDetailsElement) || e.open) continue;
    e.open = true;
    closed = true;
  }
  if (closed) target.scrollIntoView();
  if (focus && target.matches("input,textarea,select,button,summary,[tabindex]")) target.focus();
}

function closeMenus(except: Element | null): void {
  for (const menu of all<HTMLDetailsElement>(document, "details.menu[open]")) if (menu !== except) menu.open = false;
}

export function listen(): void {
  reveal(location.hash, false);
  window.addEventListener("hashchange", () => reveal(location.hash, true));
  document.addEventListener("click", (event) => {
    closeMenus(near(event, "details.menu"));
    const link = near<HTMLAnchorElement>(event, 'a[href^="#"]');
    if (link && link.hash === location.hash) reveal(link.hash, true); // the address does not change a second time
  });
  document.addEventListener("focusin", (event) => closeMenus(near(event, "details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" ? document.querySelector<HTMLDetailsElement>("details.menu[open]") : null;
    if (!menu) return;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    const summary = menu.querySelector("summary");
    if (inside && summary) summary.focus();
  });
  const errors = document.querySelector<HTMLElement>(".errors[tabindex]");
  if (errors) errors.focus();
}
