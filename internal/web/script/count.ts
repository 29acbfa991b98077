// Counters beside a text field, and the list of what a draft still lacks, both told while typing.

import { all, announce, characters, fill } from "./dom";

/** Brings every counter and completeness list of the page up to date. */
export function refresh(root: ParentNode): void {
  for (const counter of all(root, "[data-count-for]")) count(counter);
  for (const item of all(root, "[data-complete-for]")) judge(item);
  for (const sum of all(root, "[data-complete-sum]")) {
    const items = all(sum.closest("form") || document, "[data-complete-for]");
    sum.textContent = fill(sum.dataset.completeSum, { done: items.filter((i) => i.classList.contains("done")).length, total: items.length });
  }
}

function count(counter: HTMLElement): void {
  const field = document.getElementById(counter.dataset.countFor || "") as HTMLTextAreaElement | null;
  if (!field) return;
  const typed = characters(field.value);
  const limit = Number(counter.dataset.limit || 0);
  const over = limit > 0 && typed > limit;
  counter.textContent = limit ? typed + "/" + limit : String(typed);
  if (over && !counter.classList.contains("over")) announce(fill(counter.dataset.tOver, { n: typed - limit }));
  counter.classList.toggle("over", over);
}

function judge(item: HTMLElement): void {
  const target = document.getElementById(item.dataset.completeFor || "");
  if (!target) return;
  const done = filled(target) >= Number(item.dataset.min || 1);
  item.classList.toggle("done", done);
  const word = item.querySelector<HTMLElement>("[data-complete-word]");
  if (word) word.textContent = (done ? word.dataset.done : word.dataset.todo) || "";
}

/** How much is in a field, or in all fields of a group together; a ticked box or a chosen file counts one. */
function filled(target: HTMLElement): number {
  if (target instanceof HTMLInputElement && (target.type === "checkbox" || target.type === "radio")) return target.checked ? 1 : 0;
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) {
    return target.type === "hidden" ? 0 : characters(target.value.trim());
  }
  return all(target, "input,textarea,select").reduce((sum, field) => sum + filled(field), 0);
}

/** Listens once for the whole page. */
export function listen(): void {
  const update = (event: Event) => {
    if (event.target instanceof HTMLElement) refresh(document);
  };
  document.addEventListener("input", update);
  document.addEventListener("change", update);
}
