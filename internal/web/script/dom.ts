// Small helpers that every part of the script uses. Nothing here knows a page.

/** Finds all elements of a selector below root, root itself included. */
export function all<E extends HTMLElement = HTMLElement>(root: ParentNode, selector: string): E[] {
  const found = Array.from(root.querySelectorAll<E>(selector));
  if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root as E);
  return found;
}

/** The nearest ancestor of an event's target that matches, or null. */
export function near<E extends HTMLElement = HTMLElement>(event: Event, selector: string): E | null {
  const target = event.target;
  return target instanceof Element ? target.closest<E>(selector) : null;
}

/** Puts values into the places of a text: fill("第 {n} 条", {n: 2}). */
export function fill(text: string | undefined, values: Record<string, string | number>): string {
  return (text || "").replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** Counts what a person calls characters of a text: code points, line ends as one. */
export function characters(text: string): number {
  return Array.from(text.replace(/\r\n/g, "\n")).length;
}

let live: HTMLElement | null = null;

/** Tells users of screen readers something that the eye sees change. The same sentence twice is said twice. */
export function announce(text: string): void {
  if (!text) return;
  if (!live || !live.isConnected) {
    live = document.createElement("div");
    live.className = "vh";
    live.setAttribute("role", "status");
    live.setAttribute("aria-live", "polite");
    document.body.append(live);
  }
  live.textContent = live.textContent === text ? text + "\u00a0" : text;
}

/** A random key for requests that must have one effect however often they are sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Says that a form's content changed by script, as if a person had typed. */
export function touched(element: Element): void {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
