// Autosave: a form with data-autosave is kept in the browser (sealed) at every pause of typing and sent to the server
// after two seconds of quiet. Typing is never blocked and nothing typed is thrown away without being asked for.

import { announce, fill, newKey } from "./dom";
import { read, write } from "./content";
import { Vault, Copy } from "./vault";
import { addRow } from "./rows";

const quiet = 2000; // ms without typing before the server is asked
const pause = 400; // ms without typing before the browser's copy is renewed
const again = 20000; // ms between attempts while the server cannot be reached
const patience = 4000; // ms a submission waits for a save that is on its way
const keepaliveLimit = 60000; // bytes; browsers refuse more with keepalive

type State = "saving" | "saved" | "kept" | "offline" | "signed-out" | "conflict" | "refused";

class Keeper {
  private vault: Vault | null = null;
  private saved: string; // content the server has
  private key = ""; // idempotency key of keyed, so that a retry after an unknown outcome has one effect
  private keyed = "";
  private refused = "";
  private busy: Promise<void> | null = null;
  private leaving = false;
  private waiting = false; // a submission waits for the save that is on its way
  private conflict = false;
  private pauseTimer = 0;
  private quietTimer = 0;
  private abort: AbortController | null = null;
  private last: State | "" = "";

  constructor(private form: HTMLFormElement) {
    this.saved = read(form);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("focusout", () => this.send());
    form.addEventListener("submit", (e) => this.submitting(e as SubmitEvent));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    window.addEventListener("pagehide", () => this.flush());
    window.addEventListener("pageshow", () => (this.leaving = false));
    window.addEventListener("online", () => this.send());
    window.setInterval(() => this.send(), again);
    this.open();
  }

  private get draft(): string {
    return this.form.dataset.draft || this.form.dataset.autosave || location.pathname;
  }

  private get version(): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>('input[name="version"]');
  }

  private async open(): Promise<void> {
    const holder = this.form.closest<HTMLElement>("[data-seal-key]");
    this.vault = holder && (await Vault.open(holder.dataset.person || "", holder.dataset.sealKey || ""));
    if (!this.vault) return;
    const copy = (await this.vault.get(this.draft)) || (await this.vault.get(this.draft + "~"));
    if (copy && copy.body !== read(this.form)) await this.offer(copy);
    else if (copy && !("unsaved" in this.form.dataset)) await this.forget();
    if ("unsaved" in this.form.dataset) {
      this.saved = "\0"; // the page shows what was typed, the server does not have it yet
      this.changed();
    }
  }

  // The old copy moves aside, so that typing before the answer does not overwrite it.
  private async offer(copy: Copy): Promise<void> {
    const vault = this.vault as Vault;
    await vault.put(this.draft + "~", copy);
    const data = this.form.dataset;
    const bar = document.createElement("div");
    bar.className = "alert warn";
    bar.setAttribute("role", "status");
    bar.dataset.restore = "";
    const sentence = document.createElement("p");
    sentence.textContent = fill(data.tRestore, { time: when(copy.at) });
    const buttons = document.createElement("div");
    buttons.className = "actions";
    buttons.append(
      button(data.tRestoreYes, "btn btn-p", () => {
        write(this.form, copy.body, (name) => addRow(this.form, name));
        this.form.dispatchEvent(new Event("input", { bubbles: true }));
        bar.remove();
        vault.remove(this.draft + "~");
      }),
      button(data.tRestoreNo, "btn", () => {
        bar.remove();
        vault.remove(this.draft + "~");
        if (read(this.form) === this.saved) vault.remove(this.draft);
      }),
    );
    bar.append(sentence, buttons);
    this.form.prepend(bar);
  }

  private changed(): void {
    window.clearTimeout(this.pauseTimer);
    window.clearTimeout(this.quietTimer);
    this.pauseTimer = window.setTimeout(() => this.keep(), pause);
    this.quietTimer = window.setTimeout(() => this.send(), quiet);
  }

  /** Renews the browser's copy. */
  private async keep(): Promise<void> {
    window.clearTimeout(this.pauseTimer);
    const body = read(this.form);
    if (!this.vault || body === this.saved) return;
    const version = this.version;
    try {
      await this.vault.put(this.draft, { version: version ? version.value : "", at: Date.now(), body });
      if (!this.form.dataset.autosave) this.show("kept", when(Date.now()));
    } catch {
      // a full or forbidden store: the server is still asked
    }
  }

  private async forget(): Promise<void> {
    if (this.vault) await Promise.all([this.vault.remove(this.draft), this.vault.remove(this.draft + "~")]);
  }

  private flush(): void {
    this.keep();
    this.send();
  }

  /** Sends what is new; one request at a time. */
  private send(): void {
    const url = this.form.dataset.autosave;
    if (!url || this.busy || this.leaving || this.conflict || !this.form.isConnected) return;
    const body = read(this.form);
    if (body === this.saved || body === this.refused) return;
    window.clearTimeout(this.quietTimer);
    this.busy = this.keep()
      .then(() => this.post(url, body))
      .then(() => {
        this.busy = null;
        if (this.last === "saved" && read(this.form) !== this.saved) this.changed();
      });
  }

  private async post(url: string, body: string): Promise<void> {
    if (this.keyed !== body) {
      this.keyed = body;
      this.key = newKey();
    }
    const version = this.version;
    const full = body + (version ? (body ? "&" : "") + "version=" + encodeURIComponent(version.value) : "");
    if (this.last !== "offline" && this.last !== "signed-out") this.show("saving");
    this.abort = new AbortController();
    let answer: Response;
    try {
      answer = await fetch(url, {
        method: "POST",
        body: full,
        headers: {
          "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
          Accept: "application/json",
          "X-Requested-With": "autosave",
          "Idempotency-Key": this.key,
        },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: full.length < keepaliveLimit,
        signal: this.abort.signal,
      });
    } catch {
      return this.show("offline");
    }
    await this.answered(answer, body);
  }

  private async answered(answer: Response, body: string): Promise<void> {
    const told = (await answer.json().catch(() => ({}))) as { version?: number | string; saved_at?: string | number; detail?: string };
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.show("signed-out");
    if (answer.status === 409 || answer.status === 412) {
      this.conflict = true;
      return this.show("conflict");
    }
    if (answer.status === 429 || answer.status >= 500) return this.show("offline");
    if (!answer.ok) {
      this.refused = body;
      return this.show("refused", "", told.detail || "");
    }
    this.saved = body;
    const version = this.version;
    if (version && told.version !== undefined) version.value = String(told.version);
    if (read(this.form) === body && this.vault) await this.vault.remove(this.draft).catch(() => undefined);
    this.show("saved", when(told.saved_at || Date.now()));
  }

  // A submission must not race a save that is on its way: both carry the version, one of them would be stale.
  private submitting(event: SubmitEvent): void {
    window.clearTimeout(this.quietTimer);
    if (event.defaultPrevented) return;
    const second = this.waiting; // the second of a double click waits with the first
    if (!second && (this.leaving || !this.busy)) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (second) return;
    this.leaving = this.waiting = true;
    const by = event.submitter;
    const late = new Promise<void>((resolve) => window.setTimeout(resolve, patience));
    Promise.race([this.busy, late]).then(() => {
      this.waiting = false;
      if (this.busy && this.abort) this.abort.abort();
      this.form.requestSubmit(by);
    });
  }

  private show(state: State, time = "", reason = ""): void {
    const data = this.form.dataset;
    const texts: Record<State, string | undefined> = {
      saving: data.tSaving,
      saved: data.tSaved,
      kept: data.tKept,
      offline: this.vault ? data.tOffline : data.tUnsaved,
      "signed-out": this.vault ? data.tSignedOut : data.tUnsaved,
      conflict: data.tConflict,
      refused: data.tRefused,
    };
    const text = fill(texts[state], { time, reason });
    const trouble = state !== "saving" && state !== "saved" && state !== "kept";
    for (const place of Array.from(this.form.querySelectorAll<HTMLElement>("[data-autosave-state]"))) {
      place.textContent = text;
      place.dataset.state = trouble ? "warn" : state;
    }
    for (const help of Array.from(this.form.querySelectorAll<HTMLElement>("[data-autosave-show]"))) help.hidden = help.dataset.autosaveShow !== state;
    // Saved again and again is not news to a listener; trouble, and its end, are.
    if (state !== this.last && (trouble || (state === "saved" && this.last === "offline"))) announce(text);
    if (state !== "saving") this.last = state;
  }
}

function button(text: string | undefined, style: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = style;
  made.textContent = text || "";
  made.addEventListener("click", act);
  return made;
}

/** Hour and minute, with the day when it is not today's, in the language of the page and, as on all pages, Beijing time. */
function when(at: number | string): string {
  const date = new Date(at);
  const zone = "Asia/Shanghai";
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone };
  const day = (of: Date) => of.toLocaleDateString("en", { timeZone: zone });
  if (day(date) !== day(new Date())) Object.assign(time, { month: "numeric", day: "numeric" });
  return date.toLocaleString(document.documentElement.lang || "zh-CN", time);
}

/** Removes the browser's copies of drafts that the page reports as handed in: <p data-draft-done="ID">. */
async function finish(done: Element[]): Promise<void> {
  for (const mark of done as HTMLElement[]) {
    const holder = mark.closest<HTMLElement>("[data-seal-key]");
    const vault = holder && (await Vault.open(holder.dataset.person || "", holder.dataset.sealKey || ""));
    if (!vault) continue;
    await vault.remove(mark.dataset.draftDone || "");
    await vault.remove((mark.dataset.draftDone || "") + "~");
  }
}

const keepers = new WeakSet<HTMLFormElement>();

export function start(forms: HTMLFormElement[], done: Element[]): void {
  for (const form of forms) {
    if (keepers.has(form)) continue;
    keepers.add(form);
    new Keeper(form);
  }
  if (done.length) finish(done);
}
