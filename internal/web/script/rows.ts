// Repeatable rows, such as the suggestion items (建议) of a proposal: add, remove (with undo), up and down by button.
// Without script the server renders a few empty rows instead and the buttons stay hidden.

import { all, announce, fill, near, touched } from "./dom";

let made = 0; // makes ids of added rows unique on the page

/** Prepares every list of rows below root: shows its buttons and numbers its rows. */
export function start(root: ParentNode): void {
  for (const list of all(root, "[data-rows]")) {
    for (const button of all(area(list), "[data-row-add],[data-row-up],[data-row-down],[data-row-remove]")) button.hidden = false;
    number(list);
    // Ticking changes which number each row would be given; the turn after, when "all" has ticked its rows.
    if (list.dataset.givenFrom) list.closest("form")?.addEventListener("change", () => setTimeout(() => number(list), 0));
  }
}

/** Adds a row to the list whose template holds a field of that name; false when there is none or it is full. */
export function addRow(form: HTMLFormElement, name: string): boolean {
  for (const list of all(form, "[data-rows]")) {
    const template = area(list).querySelector<HTMLTemplateElement>("template[data-row-template]");
    if (template && template.content.querySelector('[name="' + CSS.escape(name) + '"]')) return add(list) !== null;
  }
  return false;
}

/** The block that holds the list, its template and its add button: .rows, or the list's parent. */
function area(list: HTMLElement): HTMLElement {
  return list.closest<HTMLElement>("[data-rows-area]") || (list.parentElement as HTMLElement);
}

function rowsOf(list: HTMLElement): HTMLElement[] {
  return Array.from(list.children).filter((child): child is HTMLElement => child instanceof HTMLElement && "row" in child.dataset);
}

function add(list: HTMLElement): HTMLElement | null {
  const template = area(list).querySelector<HTMLTemplateElement>("template[data-row-template]");
  if (!template || rowsOf(list).length >= Number(list.dataset.max || Infinity)) return null;
  const row = (template.content.cloneNode(true) as DocumentFragment).querySelector<HTMLElement>("[data-row]");
  if (!row) return null;
  made++;
  for (const element of [row, ...Array.from(row.querySelectorAll("*"))]) {
    for (const attribute of Array.from(element.attributes)) {
      if (attribute.value.includes("__n__")) attribute.value = attribute.value.replace(/__n__/g, "x" + made);
    }
  }
  const last = rowsOf(list).pop();
  if (last) last.after(row);
  else list.prepend(row);
  start(row.parentElement as HTMLElement);
  return row;
}

/** Writes the running numbers and switches off the buttons that lead nowhere. */
function number(list: HTMLElement): void {
  const rows = rowsOf(list);
  let next = Number(list.dataset.givenFrom);
  rows.forEach((row, i) => {
    if (list.dataset.givenFrom) for (const given of all(row, "[data-row-given]")) {
      const ticked = row.querySelector("input[type=checkbox]:checked");
      given.textContent = ticked ? fill(list.dataset.tGiven, { n: String(next++).padStart(Number(list.dataset.givenWidth), "0") }) : "";
    }
    for (const place of all(row, "[data-row-number]")) place.textContent = String(i + 1);
    for (const up of all<HTMLButtonElement>(row, "[data-row-up]")) up.disabled = i === 0;
    for (const down of all<HTMLButtonElement>(row, "[data-row-down]")) down.disabled = i === rows.length - 1;
    for (const remove of all<HTMLButtonElement>(row, "[data-row-remove]")) remove.disabled = rows.length <= Number(list.dataset.min || 0);
  });
  for (const button of all<HTMLButtonElement>(area(list), "[data-row-add]")) button.disabled = rows.length >= Number(list.dataset.max || Infinity);
}

function focus(element: HTMLElement | null): void {
  if (element) element.focus();
}

function move(list: HTMLElement, row: HTMLElement, button: HTMLButtonElement, down: boolean): void {
  const rows = rowsOf(list);
  const other = rows[rows.indexOf(row) + (down ? 1 : -1)];
  if (!other) return;
  if (down) other.after(row);
  else other.before(row);
  number(list);
  focus(button.disabled ? row.querySelector<HTMLElement>(down ? "[data-row-up]" : "[data-row-down]") : button);
  announce(fill(list.dataset.tMoved, { n: rowsOf(list).indexOf(row) + 1 }));
}

function remove(list: HTMLElement, row: HTMLElement): void {
  const rows = rowsOf(list);
  const index = rows.indexOf(row);
  row.remove();
  number(list);
  announce(list.dataset.tRemoved || "");
  const undo = area(list).querySelector<HTMLElement>("[data-row-undo]");
  if (!undo) return focus(area(list).querySelector<HTMLElement>("[data-row-add]"));
  undo.hidden = false;
  undo.onclick = () => {
    const now = rowsOf(list);
    if (now[index]) now[index].before(row);
    else if (now.length) now[now.length - 1].after(row);
    else list.prepend(row);
    undo.hidden = true;
    number(list);
    touched(list);
    focus(row.querySelector<HTMLElement>("textarea,input:not([type=hidden]),select"));
  };
  focus(undo);
}

/** Listens once for the whole page. */
export function listen(): void {
  document.addEventListener("click", (event) => {
    const adder = near<HTMLButtonElement>(event, "[data-row-add]");
    if (adder) {
      const list = adder.closest<HTMLElement>("[data-rows]") || (adder.closest("[data-rows-area]") || (adder.parentElement as HTMLElement)).querySelector<HTMLElement>("[data-rows]");
      const row = list && add(list);
      if (row) {
        touched(list);
        focus(row.querySelector<HTMLElement>("textarea,input:not([type=hidden]),select"));
      }
      return;
    }
    const button = near<HTMLButtonElement>(event, "[data-row-up],[data-row-down],[data-row-remove]");
    const row = button && button.closest<HTMLElement>("[data-row]");
    const list = row && row.closest<HTMLElement>("[data-rows]");
    if (!button || !row || !list) return;
    if ("rowRemove" in button.dataset) remove(list, row);
    else move(list, row, button, "rowDown" in button.dataset);
    touched(list);
  });
}
