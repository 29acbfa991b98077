// The one script of the pages. Every page works without it; it adds what saves people time and keeps what they type.

import { all } from "./dom";
import * as autosave from "./autosave";
import * as check from "./check";
import * as comfort from "./comfort";
import * as count from "./count";
import * as guard from "./guard";
import * as panels from "./panels";
import * as paste from "./paste";
import * as poll from "./poll";
import * as rows from "./rows";

/** Prepares new content: the whole page at first, later each fragment that is swapped in. */
function prepare(root: ParentNode): void {
  rows.start(root);
  check.start(root);
  count.refresh(root);
  autosave.start(all<HTMLFormElement>(root, "form[data-autosave]"), all(root, "[data-draft-done]"));
  for (const element of all(root, "[data-poll]")) poll.watch(element, prepare);
}

function begin(): void {
  prepare(document);
  // elder and guard both hear submit; elder first, because what it handles needs no guard
  for (const part of [comfort, guard, panels, paste, rows, count, check]) part.listen();
  document.addEventListener("htmx:load", (event) => {
    const target = (event as CustomEvent<{ elt?: unknown }>).detail.elt;
    if (target instanceof HTMLElement && target !== document.body) prepare(target);
  });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
