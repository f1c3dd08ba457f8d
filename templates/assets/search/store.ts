// Reading the files that internal/kb/search/index writes. Its package comment
// describes them.

// Get returns the content of a file as JSON, or undefined if there is none.
// fresh asks for it past every cache.
export type Get = (path: string, fresh: boolean) => Promise<unknown>;

// Posting is a document and a level of 0 to 3.
export interface Posting {
  doc: number;
  level: number;
}

export interface Doc {
  slug: string;
  versions: { lang: string; title: string; wordings: string[] }[];
}

export class UnreadableError extends Error {}

interface TermSet {
  bits: number;
  names: string; // hashes of all shards, 3 bytes each
  lists: string; // or of the files that hold those of 512 shards each
}

const supported = 1;
const listBits = 9;

export class Store {
  private shards = new Map<string, Promise<unknown>>();
  private decoded = new Map<string, Map<number, Posting[]>>();

  private constructor(
    private readonly get: Get,
    readonly docs: number,
    readonly langs: string[],
    private readonly common: Map<number, number>,
    private readonly sets: Map<string, TermSet>,
    private readonly inline: Map<string, unknown>,
  ) {}

  static async open(get: Get, fresh: boolean): Promise<Store> {
    const manifest = record(await get("search/manifest.json", fresh));
    if (manifest.get("v") !== supported) {
      throw new UnreadableError("search/manifest.json");
    }
    const sets = new Map<string, TermSet>();
    for (const [name, value] of record(manifest.get("sets"))) {
      const set = record(value);
      sets.set(name, { bits: number(set.get("bits")), names: bytesOf(set.get("names") ?? ""), lists: bytesOf(set.get("lists") ?? "") });
    }
    const langs = list(manifest.get("langs")).map(text);
    const inline = record(manifest.get("inline") ?? {});
    return new Store(get, number(manifest.get("docs")), langs, decodeCommon(bytesOf(manifest.get("common"))), sets, inline);
  }

  // estimate returns about how many documents have a term in a title or
  // wording, if it is one of the commonest.
  estimate(hash: number): number | undefined {
    return this.common.get(hash >>> 8);
  }

  // find looks a term up in a set.
  async find(name: string, hash: number): Promise<Posting[]> {
    const set = this.sets.get(name);
    if (set === undefined) {
      return [];
    }
    const number = hash & (2 ** set.bits - 1);
    const key = name + number.toString(16);
    let terms = this.decoded.get(key);
    if (terms === undefined) {
      const data = await this.shard(name, set, number);
      terms = data === undefined ? new Map<number, Posting[]>() : decodeTerms(bytesOf(data));
      this.decoded.set(key, terms);
    }
    return terms.get(hash >>> set.bits) ?? [];
  }

  async doc(index: number): Promise<Doc | undefined> {
    const set = this.sets.get("r");
    if (set === undefined) {
      return undefined;
    }
    const each = Math.max(1, Math.ceil(this.docs / 2 ** set.bits));
    const data = await this.shard("r", set, Math.floor(index / each));
    const entry = data === undefined ? undefined : list(data)[index % each];
    return entry === undefined ? undefined : this.decodeDoc(list(entry));
  }

  private decodeDoc(entry: unknown[]): Doc {
    const versions: Doc["versions"] = [];
    this.langs.forEach((lang, i) => {
      const [title, ...wordings] = list(entry[i + 1]).map(text);
      if (title !== undefined) {
        versions.push({ lang, title, wordings });
      }
    });
    return { slug: text(entry[0]), versions };
  }

  // shard returns the content of a shard, or undefined if it is empty.
  private shard(name: string, set: TermSet, number: number): Promise<unknown> {
    const key = name + number.toString(16);
    let content = this.shards.get(key);
    if (content === undefined) {
      content = this.read(name, set, number, key);
      content.catch(() => this.shards.delete(key)); // the next query tries again
      this.shards.set(key, content);
    }
    return content;
  }

  private async read(name: string, set: TermSet, number: number, key: string): Promise<unknown> {
    let names = set.names;
    let at = number;
    if (set.lists !== "") {
      const list = number >> listBits;
      names = bytesOf(await this.list(`search/${name}/names-${list.toString(16)}-${hashAt(set.lists, list)}.json`));
      at = number & (2 ** listBits - 1);
    }
    if (names === "") {
      return this.inline.get(key);
    }
    const hash = hashAt(names, at);
    if (hash === "000000" || hash === "") {
      return undefined;
    }
    return this.file(`search/${name}/${hex(String.fromCharCode(number >> 6))}/${number.toString(16)}-${hash}.json`);
  }

  // list reads a file of names, once.
  private list(path: string): Promise<unknown> {
    let content = this.shards.get(path);
    if (content === undefined) {
      content = this.file(path);
      content.catch(() => this.shards.delete(path));
      this.shards.set(path, content);
    }
    return content;
  }

  private async file(path: string): Promise<unknown> {
    const content = await this.get(path, false);
    if (content === undefined) {
      throw new UnreadableError(path);
    }
    return content;
  }
}

// hash names a term: FNV-1a of its UTF-8 bytes, mixed.
export function hashOf(term: string): number {
  let h = 2166136261;
  for (const c of term) {
    const r = c.codePointAt(0) ?? 0;
    const units =
      r < 0x80
        ? [r]
        : r < 0x800
          ? [0xc0 | (r >> 6), 0x80 | (r & 63)]
          : r < 0x10000
            ? [0xe0 | (r >> 12), 0x80 | ((r >> 6) & 63), 0x80 | (r & 63)]
            : [0xf0 | (r >> 18), 0x80 | ((r >> 12) & 63), 0x80 | ((r >> 6) & 63), 0x80 | (r & 63)];
    for (const unit of units) {
      h = Math.imul(h ^ unit, 16777619);
    }
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x45d9f3b);
  return (h ^ (h >>> 16)) >>> 0;
}

// affixes returns the terms of set a for a word that may lack its beginning
// or its end. How long the whole word is decides how long its affixes are.
export function affixes(word: string, noBeginning: boolean, noEnd: boolean): string[] {
  if (word.length < 3 || !/^[a-z][a-z0-9_]*$/.test(word)) {
    return [];
  }
  const whole = !noBeginning && !noEnd;
  const lengths = whole && word.length < 7 ? [3] : whole && word.length > 8 ? [4] : [3, 4];
  return lengths
    .filter((n) => n <= word.length)
    .flatMap((n) => [...(noBeginning ? [] : ["^" + word.slice(0, n)]), ...(noEnd ? [] : [word.slice(-n) + "$"])]);
}

function decodeCommon(data: string): Map<number, number> {
  const common = new Map<number, number>();
  const varint = reader(data);
  let last = 0;
  while (varint.more()) {
    const v = varint.next();
    last += Math.floor(v / 32);
    common.set(last, 0.75 * 2 ** (v % 32));
  }
  return common;
}

function decodeTerms(data: string): Map<number, Posting[]> {
  const terms = new Map<number, Posting[]>();
  const varint = reader(data);
  let name = 0;
  while (varint.more()) {
    name += varint.next();
    const postings: Posting[] = [];
    let doc = 0;
    for (let n = varint.next(); n > 0 && varint.more(); n--) {
      const v = varint.next();
      doc += Math.floor(v / 4);
      postings.push({ doc, level: v % 4 });
    }
    terms.set(name, postings);
  }
  return terms;
}

function reader(data: string): { more: () => boolean; next: () => number } {
  let at = 0;
  return {
    more: () => at < data.length,
    next: () => {
      let value = 0;
      let unit = 1;
      while (at < data.length) {
        const byte = data.charCodeAt(at++);
        value += (byte & 127) * unit;
        if (byte < 128) {
          break;
        }
        unit *= 128;
      }
      return value;
    },
  };
}

function hashAt(names: string, i: number): string {
  return hex(names.slice(3 * i, 3 * i + 3));
}

function hex(bytes: string): string {
  return Array.from(bytes, (b) => b.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

// What comes from a file is what it should be, or unreadable.

function bytesOf(value: unknown): string {
  try {
    return atob(text(value));
  } catch {
    throw new UnreadableError("base64");
  }
}

function text(value: unknown): string {
  if (typeof value !== "string") {
    throw new UnreadableError("text");
  }
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new UnreadableError("number");
  }
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) {
    throw new UnreadableError("list");
  }
  return value as unknown[];
}

function record(value: unknown): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnreadableError("object");
  }
  return new Map(Object.entries(value));
}
