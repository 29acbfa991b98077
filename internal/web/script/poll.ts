// Progress of long work: an element with data-poll is replaced by what that address answers, every two seconds,
// until the answer carries data-done. The page works without: it then has a plain link to look again.

import { announce } from "./dom";

const pace = 2000; // ms between two looks
const slow = 10000; // ms after a failed one

/** Starts watching one element; the element that replaces it is watched in turn. */
export function watch(element: HTMLElement, started: (fresh: HTMLElement) => void): void {
  if ("watched" in element.dataset || "done" in element.dataset) return;
  element.dataset.watched = "";
  window.setTimeout(() => look(element, started), pace);
}

async function look(element: HTMLElement, started: (fresh: HTMLElement) => void): Promise<void> {
  if (!element.isConnected) return;
  const fresh = document.visibilityState === "visible" ? await fetched(element.dataset.poll || "") : null;
  if (!fresh) {
    window.setTimeout(() => look(element, started), slow);
    return;
  }
  element.replaceWith(fresh);
  if ("done" in fresh.dataset) announce(fresh.dataset.done || (fresh.textContent || "").trim());
  started(fresh);
}

async function fetched(url: string): Promise<HTMLElement | null> {
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "poll" }, credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector<HTMLElement>("[data-poll],[data-done]");
  } catch {
    return null;
  }
}
