// How well a query agrees with a wording: the twin of
// internal/kb/search/score.go.

import { parse, type Parsed, type Term } from "./scan";

export function rarity(n: number, df: number): number {
  return df <= 0 ? Math.log(1 + n) / 2 : Math.log(1 + n / df);
}

const optionalShare = 0.5;
const shortestStray = 4;
const shortestGlued = 3;
const strayShare = 0.8;
const mostLines = 6;

export interface Likeness {
  score: number;
  agreement: number;
  from: number; // lines of the query
  to: number;
}

const none: Likeness = { score: 0, agreement: 0, from: 0, to: 0 };

export class Prober {
  readonly parsed: Parsed;
  private readonly places = new Map<string, number[]>();
  private readonly lines = new Map<string, number>();
  private readonly mass: number[];
  private readonly strays: string[] = [];
  private head = "";
  private tail = "";

  constructor(
    text: string,
    private readonly weight: (term: string) => number,
    known: (term: string) => boolean,
  ) {
    this.parsed = parse(text);
    const terms = this.parsed.terms;
    this.mass = new Array<number>(this.parsed.lines).fill(0);
    terms.forEach((t, i) => {
      const places = this.places.get(t.text);
      if (places === undefined && startsWithLetter(t.text)) {
        if (t.text.length >= shortestStray && !known(t.text)) {
          this.strays.push(t.text);
        }
        if (i === 0 && t.from === 0) {
          this.head = t.text;
        }
        if (i === terms.length - 1 && t.to === text.length) {
          this.tail = t.text;
        }
      }
      if (places === undefined) {
        this.places.set(t.text, [i]);
      } else {
        places.push(i);
      }
    });
    for (const [text, places] of this.places) {
      const lines = new Set(places.map((i) => terms[i]?.line)).size;
      this.lines.set(text, 1 / (1 + Math.log(lines)));
    }
    for (const t of terms) {
      if (!t.optional) {
        this.mass[t.line] = (this.mass[t.line] ?? 0) + this.weightOf(t);
      }
    }
  }

  // compare holds the query against the terms of a wording.
  compare(terms: Term[]): Likeness {
    const byLine = new Map<number, number>();
    const seen = new Set<string>();
    let fixed = 0;
    for (const term of terms) {
      if (seen.has(term.text)) {
        continue;
      }
      seen.add(term.text);
      const w = this.weightOf(term);
      if (!term.optional) {
        fixed += w;
      }
      const { places, share } = this.spelt(term.text);
      for (const line of new Set(places.map((i) => this.lineOf(i)))) {
        byLine.set(line, (byLine.get(line) ?? 0) + w * share);
      }
    }
    let best = -1;
    let mass = -1;
    for (const [line, w] of byLine) {
      if (w > mass || (w === mass && line < best)) {
        best = line;
        mass = w;
      }
    }
    return best < 0 ? none : this.grow(terms, fixed, best);
  }

  // common returns the places of the query's terms that a wording has, too.
  common(terms: Term[]): Set<string> {
    return new Set(terms.filter((t) => this.spelt(t.text).places.length > 0).map((t) => t.text));
  }

  private lineOf(i: number): number {
    return this.parsed.terms[i]?.line ?? 0;
  }

  private weightOf(t: Term): number {
    const w = this.weight(t.text) * (t.optional ? optionalShare : 1);
    return w * (this.lines.get(t.text) ?? 1);
  }

  private spelt(text: string): { places: number[]; share: number } {
    const places = this.places.get(text);
    if (places !== undefined) {
      return { places, share: 1 };
    }
    if (startsWithLetter(text)) {
      if (this.head !== "" && text.endsWith(this.head)) {
        return { places: [0], share: bytes(this.head) / bytes(text) };
      }
      if (this.tail !== "" && text.startsWith(this.tail)) {
        return { places: [this.parsed.terms.length - 1], share: bytes(this.tail) / bytes(text) };
      }
      for (const stray of this.strays) {
        if (
          (text.length >= shortestStray && oneEdit(stray, text)) ||
          (text.length >= shortestGlued && (stray.startsWith(text) || stray.endsWith(text)))
        ) {
          return { places: this.places.get(stray) ?? [], share: strayShare };
        }
      }
    }
    return { places: [], share: 0 };
  }

  private grow(terms: Term[], fixed: number, line: number): Likeness {
    let best = this.window(terms, fixed, line, line + 1);
    while (best.to - best.from < mostLines) {
      let next = best;
      if (best.from > 0) {
        next = this.window(terms, fixed, best.from - 1, best.to);
      }
      if (best.to < this.mass.length) {
        const down = this.window(terms, fixed, best.from, best.to + 1);
        if (down.score > next.score) {
          next = down;
        }
      }
      if (next.score <= best.score) {
        break;
      }
      best = next;
    }
    return best;
  }

  private window(terms: Term[], fixed: number, from: number, to: number): Likeness {
    let asked = 0;
    for (let line = from; line < to; line++) {
      asked += this.mass[line] ?? 0;
    }
    let common = 0;
    let commonFixed = 0;
    let adjacent = 0;
    let before: number[] = [];
    const seen = new Set<string>();
    for (const term of terms) {
      const { places: spelt, share } = this.spelt(term.text);
      const places = spelt.filter((i) => this.lineOf(i) >= from && this.lineOf(i) < to);
      if (before.some((i) => places.includes(i + 1))) {
        adjacent++;
      }
      before = places;
      if (places.length === 0 || seen.has(term.text)) {
        continue;
      }
      seen.add(term.text);
      const w = this.weightOf(term) * share;
      common += w;
      if (!term.optional) {
        commonFixed += w;
      }
    }
    if (common === 0) {
      return { score: 0, agreement: 0, from, to };
    }
    const order = terms.length > 1 ? adjacent / (terms.length - 1) : 1;
    const agreement = (0.55 * part(commonFixed, fixed) + 0.45 * part(common, asked)) * (0.8 + 0.2 * order);
    return { score: common * agreement, agreement, from, to };
  }
}

function startsWithLetter(text: string): boolean {
  return /^[a-z]/.test(text);
}

// bytes counts as the twin does, in UTF-8.
function bytes(text: string): number {
  let n = 0;
  for (const c of text) {
    const r = c.codePointAt(0) ?? 0;
    n += r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
  }
  return n;
}

function part(some: number, whole: number): number {
  return whole <= some ? 1 : some / whole;
}

export function oneEdit(a: string, b: string): boolean {
  if (a.length > b.length) {
    [a, b] = [b, a];
  }
  if (b.length - a.length > 1) {
    return false;
  }
  let i = 0;
  while (i < a.length && a[i] === b[i]) {
    i++;
  }
  if (a.length < b.length) {
    return a.slice(i) === b.slice(i + 1);
  }
  if (i === a.length || a.slice(i + 1) === b.slice(i + 1)) {
    return true;
  }
  return i + 1 < a.length && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}
