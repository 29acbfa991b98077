// What the browser keeps of an unsent draft: sealed with a key that the server derives per person and gives only to
// that person's pages. Without the key (somebody else at the same computer, a lost laptop) the copy cannot be read.
// Where the browser has no crypto.subtle (a page without TLS) nothing is kept at all.

/** One kept draft: the version it was typed upon, when (ms), and the content as content.ts reads it. */
export interface Copy {
  version: string;
  at: number;
  body: string;
}

interface Sealed {
  at: number;
  iv: number[];
  box: number[];
}

interface Shelf {
  get(name: string): Promise<Sealed | undefined>;
  put(name: string, value: Sealed): Promise<void>;
  remove(name: string): Promise<void>;
  sweep(before: number): Promise<void>;
}

const keepFor = 30 * 24 * 3600 * 1000; // a copy nobody asked for in thirty days is removed, whoever it belonged to

export class Vault {
  private constructor(private shelf: Shelf, private person: string, private key: CryptoKey) {}

  /** Opens the person's copies; null where the browser cannot seal. */
  static async open(person: string, key: string): Promise<Vault | null> {
    if (!person || !key || !window.crypto || !crypto.subtle) return null;
    try {
      const raw = Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
      const imported = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      const shelf = await indexed().catch(() => new Plain());
      shelf.sweep(Date.now() - keepFor).catch(() => undefined);
      return new Vault(shelf, person, imported);
    } catch {
      return null;
    }
  }

  async put(draft: string, copy: Copy): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(copy));
    const box = await crypto.subtle.encrypt(this.sealing(draft, iv), this.key, plain);
    await this.shelf.put(this.name(draft), { at: copy.at, iv: Array.from(iv), box: Array.from(new Uint8Array(box)) });
  }

  /** The kept copy, or null when there is none or it was sealed with another key. */
  async get(draft: string): Promise<Copy | null> {
    const sealed = await this.shelf.get(this.name(draft));
    if (!sealed) return null;
    try {
      const plain = await crypto.subtle.decrypt(this.sealing(draft, Uint8Array.from(sealed.iv)), this.key, Uint8Array.from(sealed.box));
      return JSON.parse(new TextDecoder().decode(plain)) as Copy;
    } catch {
      return null;
    }
  }

  remove(draft: string): Promise<void> {
    return this.shelf.remove(this.name(draft));
  }

  private name(draft: string): string {
    return this.person + ":" + draft;
  }

  // The name is bound into the seal, so that a copy cannot be passed off as another draft's.
  private sealing(draft: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(this.name(draft)) };
  }
}

const storeName = "drafts";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function indexed(): Promise<Shelf> {
  const opening = indexedDB.open("tongxin", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
  const db = await done(opening);
  const store = (mode: IDBTransactionMode) => db.transaction(storeName, mode).objectStore(storeName);
  return {
    get: (name) => done<Sealed | undefined>(store("readonly").get(name)),
    put: async (name, value) => void (await done(store("readwrite").put(value, name))),
    remove: (name) => done(store("readwrite").delete(name)),
    sweep: async (before) => {
      const cursor = store("readwrite").openCursor();
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (!at) return;
        if ((at.value as Sealed).at < before) at.delete();
        at.continue();
      };
    },
  };
}

/** The shelf for browsers that refuse IndexedDB (some private windows). */
class Plain implements Shelf {
  private prefix = "tongxin:";

  async get(name: string): Promise<Sealed | undefined> {
    const text = localStorage.getItem(this.prefix + name);
    return text ? (JSON.parse(text) as Sealed) : undefined;
  }

  async put(name: string, value: Sealed): Promise<void> {
    localStorage.setItem(this.prefix + name, JSON.stringify(value));
  }

  async remove(name: string): Promise<void> {
    localStorage.removeItem(this.prefix + name);
  }

  async sweep(before: number): Promise<void> {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(this.prefix) && (JSON.parse(localStorage.getItem(name) || "{}") as Sealed).at < before) localStorage.removeItem(name);
    }
  }
}
