// Bulk lists: one box ticks all, the count of what is ticked is written and said.

import { all, announce, fill, near } from "./dom";

function boxes(master: HTMLInputElement): HTMLInputElement[] {
  const scope = master.closest("form") || document;
  return all<HTMLInputElement>(scope, 'input[type="checkbox"][name="' + CSS.escape(master.dataset.checkAll || "") + '"]').filter((b) => !b.disabled);
}

/** Writes the count and the state of the master box. */
function tell(master: HTMLInputElement, aloud: boolean): void {
  const list = boxes(master);
  const ticked = list.filter((b) => b.checked).length;
  master.checked = ticked > 0 && ticked === list.length;
  master.indeterminate = ticked > 0 && ticked < list.length;
  for (const place of all(master.closest("form") || document, "[data-checked-count]")) {
    place.textContent = fill(place.dataset.checkedCount, { n: ticked });
    if (aloud) announce(place.textContent);
  }
}

/** Shows the master boxes below root, which are of no use without script. */
export function start(root: ParentNode): void {
  for (const master of all<HTMLInputElement>(root, "[data-check-all]")) {
    master.hidden = false;
    const label = master.closest("label");
    if (label) label.hidden = false;
    tell(master, false);
  }
}

/** Listens once for the whole page. */
export function listen(): void {
  document.addEventListener("change", (event) => {
    const master = near<HTMLInputElement>(event, "[data-check-all]");
    if (master) {
      for (const box of boxes(master)) box.checked = master.checked;
      return tell(master, true);
    }
    const box = near<HTMLInputElement>(event, 'input[type="checkbox"][name]');
    if (!box) return;
    for (const other of all<HTMLInputElement>(box.form || document, "[data-check-all]")) if (other.dataset.checkAll === box.name) tell(other, true);
  });
}
