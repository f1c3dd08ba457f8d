// Answering a query from the files of the index: which terms to look up, which
// documents to read and compare word by word. The ranking of those is the one
// of internal/kb/search/corpus.go.

import type { Code } from "./code";
import { parse, type Term } from "./scan";
import { Prober, rarity, type Likeness } from "./score";
import { affixes, hashOf, Store, type Doc, type Get, type Posting } from "./store";

export interface Hit {
  slug: string;
  score: number;
  by: "code" | "wording" | "text";
  codes: string[]; // keys that query and article share
  field: "wording" | "title" | "text";
  lang: string; // of the text that matched
  text: string; // the wording or title that matched, or the title
  marks: [number, number][]; // parts of text that the query has, too
  titles: Record<string, string>; // by language
}

export interface Answer {
  codes: Code[];
  hits: Hit[];
  partial: boolean; // something could not be read
}

const tier = 1000;
const titleShare = 0.9;
const titleBonus = 0.3;
const codeWorth = 3;
const strongKey = 0.6;
const atLeast = 0.3;
const levelShares = [0, 0.3, 0.4, 1];
const strongLevel = 3;
const textAtLeast = 0.6;

// How much is looked up. A query that is answered well stops earlier. On a
// large site a term costs more, and the budget of a query is the same.
const largeSite = 30_000; // documents
const termsInRound = 12;
const termsInRoundOfLarge = 8;
const linesInRound = 8;
const termsOfLines = 32; // in a round
const mostRounds = 4;
const mostStrays = 4;
const mostCodes = 12;
const firstRead = 6; // documents that are compared first
const mostRead = 20;
const mostReadOfLarge = 12;
const mostTextTerms = 5;
const mostTextRead = 6;
const shortQuery = 160; // terms
const keywords = 6; // terms of a query that is no message, but some words
const goodAgreement = 0.6;

const brevity = [0.7, 0.85, 1, 1.1];

interface Candidate {
  doc: number;
  words: number; // what its terms are worth, of the best line
  codes: { key: string; level: number }[];
}

export class Engine {
  private store: Promise<Store> | undefined;

  constructor(private readonly get: Get) {}

  // warm reads what every query needs.
  async warm(): Promise<void> {
    await this.open(false);
  }

  // find answers a query. If a file is gone because the index is newer than
  // this page, it reads the manifest again.
  async find(text: string): Promise<Answer> {
    const query = new Query(await this.open(false), text);
    const answer = await query.answer();
    if (!answer.partial) {
      return answer;
    }
    return new Query(await this.open(true), text).answer();
  }

  private open(fresh: boolean): Promise<Store> {
    if (this.store === undefined || fresh) {
      const store = Store.open(this.get, fresh);
      store.catch(() => {
        this.store = undefined;
      });
      this.store = store;
    }
    return this.store;
  }
}

class Query {
  private readonly terms: Term[];
  private codes: Code[];
  private readonly asked: string[]; // keys
  private readonly df = new Map<string, number>(); // of terms that were looked up
  private readonly candidates = new Map<number, Candidate>();
  private readonly lines = new Map<number, { worth: number; docs: Map<number, number> }>();
  private readonly codeRarity = new Map<string, number>();
  private readonly read = new Map<number, { doc: Doc; like: Likeness; hit: Hit }>();
  private readonly isLarge: boolean;
  private partial = false;

  constructor(
    private readonly store: Store,
    private readonly text: string,
  ) {
    this.isLarge = store.docs > largeSite;
    const parsed = parse(text);
    this.terms = parsed.terms;
    this.codes = parsed.codes;
    if (parsed.codes.length === 0 && parsed.terms.length <= 3) {
      for (const t of parsed.terms) {
        if (t.text.includes("_")) {
          this.codes = [...this.codes, { key: "name:" + t.text, from: t.from, to: t.to }];
        }
      }
    }
    this.asked = [...this.codes.slice(0, mostCodes).map((c) => c.key), ...unfinished(this.codes, text)];
  }

  async answer(): Promise<Answer> {
    await this.lookUpCodes();
    const rounds = this.rounds();
    if (rounds.length === 0) {
      await this.compare(this.isLarge ? mostReadOfLarge : mostRead);
    }
    for (const round of rounds) {
      await Promise.all(round.map((t) => this.lookUp(t)));
      if (!this.isLong()) {
        await this.lookUpAffixes(round);
      }
      await this.compare(firstRead);
      if (this.isGood()) {
        break;
      }
      await this.compare(this.isLarge ? mostReadOfLarge : mostRead);
      if (this.isGood()) {
        break;
      }
    }
    const hits = [...this.read.values()].flatMap(({ hit }) => (hit.score > 0 ? [hit] : []));
    if (this.wantsText(hits)) {
      hits.push(...(await this.findText(new Set(hits.map((h) => h.slug)))));
    }
    hits.sort((a, b) => b.score - a.score || (a.slug < b.slug ? -1 : 1));
    return { codes: this.codes, hits, partial: this.partial };
  }

  private async postings(set: string, term: string): Promise<Posting[]> {
    try {
      return await this.store.find(set, hashOf(term));
    } catch {
      this.partial = true;
      return [];
    }
  }

  private async lookUpCodes(): Promise<void> {
    await Promise.all(
      this.asked.map(async (key) => {
        const found = await this.postings("c", key);
        this.codeRarity.set(key, rarity(this.store.docs, found.length));
        for (const { doc, level } of found) {
          this.candidate(doc).codes.push({ key, level });
        }
      }),
    );
  }

  private candidate(doc: number): Candidate {
    let c = this.candidates.get(doc);
    if (c === undefined) {
      c = { doc, words: 0, codes: [] };
      this.candidates.set(doc, c);
    }
    return c;
  }

  // rounds plans which terms are looked up, best first.
  private rounds(): Term[][] {
    const unique = new Map<string, Term>();
    for (const t of this.terms) {
      const known = unique.get(t.text);
      if (known === undefined || (known.optional && !t.optional)) {
        unique.set(t.text, t);
      }
    }
    if (!this.isLong()) {
      const chosen = spread([...unique.values()], (t) => this.promise(t));
      return chunks(chosen, this.isLarge ? termsInRoundOfLarge : termsInRound).slice(0, 2);
    }
    return this.roundsOfLines();
  }

  // roundsOfLines takes a few terms of each of the lines that sound most like
  // an error: they hold a code, words of alarm, or words that many wordings
  // have. Of lines that are alike but for names and numbers one is enough.
  private roundsOfLines(): Term[][] {
    const lines = new Map<number, Term[]>();
    for (const t of this.terms) {
      const line = lines.get(t.line);
      if (line === undefined) {
        lines.set(t.line, [t]);
      } else {
        line.push(t);
      }
    }
    const repeats = new Map<string, number>();
    for (const line of lines.values()) {
      for (const text of new Set(line.map((t) => t.text))) {
        repeats.set(text, (repeats.get(text) ?? 0) + 1);
      }
    }
    const rarely = (t: Term): number => 1 / (1 + Math.log(repeats.get(t.text) ?? 1));
    const coded = new Set(this.codes.map((c) => this.terms.find((t) => t.to >= c.from)?.line));
    const unlike = new Map<string, { line: Term[]; promise: number }>();
    for (const [number, line] of lines) {
      const fixed = line.filter((t) => !t.optional);
      const key = fixed.map((t) => t.text).join(" ");
      if (unlike.has(key)) {
        continue;
      }
      let promise = coded.has(number) ? 5 : 0;
      for (const t of fixed) {
        const known = this.store.estimate(hashOf(t.text)) === undefined ? 0 : 1;
        promise += (rarely(t) * known * 4) / (fixed.length + 4);
        promise += alarms.has(t.text) ? rarely(t) : 0;
      }
      unlike.set(key, { line, promise });
    }
    const best = [...unlike.values()].sort((a, b) => b.promise - a.promise);
    return chunks(best, linesInRound)
      .slice(0, mostRounds)
      .map((some) =>
        some.flatMap(({ line }) => spread(line, (t) => this.promise(t) * rarely(t)).slice(0, Math.floor(termsOfLines / some.length))),
      );
  }

  // promise guesses how much a term will tell, before it is looked up.
  private promise(t: Term): number {
    const common = this.store.estimate(hashOf(t.text));
    const worth = rarity(this.store.docs, common ?? rareDf);
    const kind = /^[a-z]/.test(t.text) ? 0.8 + Math.min(t.text.length, 12) / 24 : /^[ぁ-ん]+$/.test(t.text) ? 0.6 : 1;
    return worth * kind * (t.optional ? 0.3 : 1);
  }

  private async lookUp(t: Term): Promise<void> {
    const hash = hashOf(t.text);
    const common = this.store.estimate(hash) !== undefined;
    let found = common ? await this.postings("b", t.text) : [];
    if (found.length === 0) {
      found = await this.postings("w", t.text);
    }
    this.df.set(t.text, found.length);
    this.count(t, found, rarity(this.store.docs, found.length));
  }

  private count(t: Term, found: Posting[], worth: number): void {
    const share = t.optional ? 0.5 : 1;
    const number = this.lineOf(t);
    let line = this.lines.get(number);
    if (line === undefined) {
      line = { worth: 0, docs: new Map<number, number>() };
      this.lines.set(number, line);
    }
    line.worth += worth * share;
    for (const { doc, level } of found) {
      line.docs.set(doc, (line.docs.get(doc) ?? 0) + worth * share * (brevity[level] ?? 1));
    }
  }

  // weigh gives the candidates the worth of their terms, of the best line. Of
  // a long query, a line counts by how much of it a document has.
  private weigh(): void {
    const long = this.isLong();
    for (const line of this.lines.values()) {
      for (const [doc, sum] of line.docs) {
        const c = this.candidate(doc);
        c.words = Math.max(c.words, long ? (sum * sum) / line.worth : sum);
      }
    }
  }

  private isLong(): boolean {
    return this.terms.length > shortQuery;
  }

  // lineOf: a query of a few lines is one text, of a long one each line counts
  // on its own.
  private lineOf(t: Term): number {
    return this.isLong() ? t.line : 0;
  }

  // lookUpAffixes helps where words are misspelt, or cut off at the ends of
  // the query.
  private async lookUpAffixes(round: Term[]): Promise<void> {
    const strays = round.filter((t) => this.df.get(t.text) === 0 && !t.optional && /^[a-z]/.test(t.text));
    await Promise.all(
      strays.slice(0, mostStrays).map(async (t) => {
        const cut = [t.from === 0, t.to === this.text.length] as const;
        for (const affix of affixes(t.text, cut[0] && !cut[1], cut[1] && !cut[0])) {
          const found = await this.postings("a", affix);
          this.count(t, found, rarity(this.store.docs, found.length) / 2);
        }
      }),
    );
  }

  // compare reads the best candidates and compares them with the query.
  private async compare(most: number): Promise<void> {
    this.weigh();
    const ranked = [...this.candidates.values()].map((c) => ({ c, worth: this.codeScore(c).score + c.words }));
    ranked.sort((a, b) => b.worth - a.worth || a.c.doc - b.c.doc);
    const best = ranked[0]?.worth ?? 0;
    const chosen = ranked.slice(0, most).filter(({ worth }) => worth >= best * 0.3);
    const prober = this.prober();
    await Promise.all(
      chosen.map(async ({ c }) => {
        try {
          const doc = this.read.get(c.doc)?.doc ?? (await this.store.doc(c.doc));
          if (doc !== undefined) {
            this.read.set(c.doc, { doc, ...this.judge(prober, c, doc) });
          }
        } catch {
          this.partial = true;
        }
      }),
    );
  }

  private prober(): Prober {
    return new Prober(
      this.text,
      (term) => this.worth(term),
      (term) => this.df.get(term) !== 0,
    );
  }

  private codeScore(c: Candidate): { score: number; strong: boolean } {
    let score = 0;
    let strong = false;
    for (const { key, level } of c.codes) {
      const share = keyShare(key);
      score += codeWorth * (this.codeRarity.get(key) ?? 0) * (levelShares[level] ?? 0) * share;
      strong ||= level === strongLevel && share >= strongKey;
    }
    return { score: score + (strong ? tier : 0), strong };
  }

  private judge(prober: Prober, c: Candidate, doc: Doc): { like: Likeness; hit: Hit } {
    const { score, strong } = this.codeScore(c);
    const titles: Record<string, string> = {};
    for (const v of doc.versions) {
      titles[v.lang] = v.title;
    }
    const first = doc.versions[0];
    const hit: Hit = {
      slug: doc.slug, score, by: "code", codes: c.codes.map(({ key }) => key),
      field: "title", lang: first?.lang ?? "", text: first?.title ?? "", marks: [], titles,
    };
    let best: Likeness = { score: 0, agreement: 0, from: 0, to: 0 };
    let shown = false;
    for (const v of doc.versions) {
      for (const [i, text] of [v.title, ...v.wordings].entries()) {
        const { terms, codes } = parse(text);
        const like = prober.compare(terms);
        const worth = like.score * (i === 0 ? titleShare : 1);
        const shared = codes.filter(({ key }) => hit.codes.includes(key));
        if (worth <= best.score && (shown || shared.length === 0)) {
          continue;
        }
        if (worth > best.score) {
          best = { ...like, score: worth };
        }
        const common = prober.common(terms);
        shown = true;
        hit.field = i === 0 ? "title" : "wording";
        hit.lang = v.lang;
        hit.text = text;
        hit.marks = [...shared, ...terms.filter((t) => common.has(t.text))].map((t) => [t.from, t.to]);
      }
    }
    best.score += titleBonus * this.inTitles(doc, hit.text);
    if (strong) {
      hit.score += best.score;
    } else if (best.agreement >= atLeast) {
      hit.score += best.score;
      hit.by = "wording";
    }
    return { like: best, hit };
  }

  // inTitles weighs the terms of the query that are in a title of a document
  // but not in what matched: the product, of messages that several have.
  private inTitles(doc: Doc, matched: string): number {
    if (this.isLong()) {
      return 0;
    }
    const known = new Set(parse(matched).terms.map((t) => t.text));
    const titles = new Set(doc.versions.flatMap((v) => parse(v.title).terms.map((t) => t.text)));
    let sum = 0;
    for (const text of new Set(this.terms.map((t) => t.text))) {
      sum += titles.has(text) && !known.has(text) ? this.worth(text) : 0;
    }
    return sum;
  }

  private worth(text: string): number {
    return rarity(this.store.docs, this.df.get(text) ?? this.store.estimate(hashOf(text)) ?? rareDf);
  }

  private isGood(): boolean {
    for (const { hit, like } of this.read.values()) {
      if (hit.score >= tier || like.agreement >= goodAgreement) {
        return true;
      }
    }
    return false;
  }

  private wantsText(hits: Hit[]): boolean {
    const few = this.terms.length <= keywords && hits.length < 3;
    return this.terms.length > 0 && !this.isLong() && (few || !this.isGood()) && hits.every((h) => h.score < tier);
  }

  // findText looks for the terms anywhere in an article.
  private async findText(shown: Set<string>): Promise<Hit[]> {
    const unique = [...new Map(this.terms.filter((t) => !t.optional).map((t) => [t.text, t])).values()];
    const terms = spread(unique, (t) => this.promise(t)).slice(0, mostTextTerms);
    const sums = new Map<number, number>();
    let whole = 0;
    for (const found of await Promise.all(terms.map((t) => this.anywhere(t.text)))) {
      const worth = rarity(this.store.docs, found.size);
      whole += worth;
      for (const [doc, share] of found) {
        sums.set(doc, (sums.get(doc) ?? 0) + worth * share);
      }
    }
    const ranked = [...sums].filter(([, sum]) => sum >= whole * textAtLeast).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const hits: Hit[] = [];
    for (const [index, sum] of ranked.slice(0, mostTextRead)) {
      const doc = await this.store.doc(index).catch(() => undefined);
      const v = doc?.versions[0];
      if (doc === undefined || v === undefined) {
        this.partial = true;
      } else if (!shown.has(doc.slug)) {
        const titles = Object.fromEntries(doc.versions.map((version) => [version.lang, version.title]));
        hits.push({
          slug: doc.slug, score: (sum / whole) * atLeast, by: "text", codes: [],
          field: "text", lang: v.lang, text: v.title, marks: [], titles,
        });
      }
    }
    return hits;
  }

  // anywhere returns the documents that have a term in any field.
  private async anywhere(term: string): Promise<Map<number, number>> {
    const [b, w, t] = await Promise.all(["b", "w", "t"].map((set) => this.postings(set, term)));
    const found = new Map<number, number>();
    for (const { doc, level } of t ?? []) {
      found.set(doc, level === 1 ? 1.2 : 1);
    }
    for (const { doc } of [...(b ?? []), ...(w ?? [])]) {
      found.set(doc, 1.4);
    }
    return found;
  }
}

// alarms are terms of lines that report an error, folded.
const alarms = new Set(
  "error errors err fatal fail failed failure exception denied refused cannot unable invalid critical severe panic abort aborted エラ 失敗 拒否 例外 不正 警告 異常 無効 きま".split(
    " ",
  ),
);

// rareDf is how many documents are taken to have a term that is not common.
const rareDf = 3;

// spread orders terms by promise, but takes neighbours, which overlap, late.
function spread(terms: Term[], promise: (t: Term) => number): Term[] {
  const ranked = terms.map((t, i) => ({ t, i, promise: promise(t) })).sort((a, b) => b.promise - a.promise || a.i - b.i);
  const early: Term[] = [];
  const late: Term[] = [];
  const taken = new Set<number>();
  for (const { t, i } of ranked) {
    const overlaps = !/^[a-z]/.test(t.text) && (taken.has(i - 1) || taken.has(i + 1));
    (overlaps ? late : early).push(t);
    if (!overlaps) {
      taken.add(i);
    }
  }
  return [...early, ...late];
}

function chunks<T>(list: T[], size: number): T[][] {
  const out: T[][] = [];
  for (let i = 0; i < list.length; i += size) {
    out.push(list.slice(i, i + size));
  }
  return out;
}

// unfinished returns the key of the beginning of a code at the end of a text.
function unfinished(codes: Code[], text: string): string[] {
  const last = codes[codes.length - 1];
  const digits = last !== undefined && last.to === text.length && last.key.startsWith("hex:") ? last.key.slice(4) : "";
  return digits.length >= 4 && digits.length <= 7 ? ["begin:" + digits] : [];
}

// keyShare is how sure it is that a key is an error code at all.
function keyShare(key: string): number {
  const [family, value = ""] = key.split(":");
  if (family === "num") {
    return value.length < 3 ? 0.2 : strongKey;
  }
  return family === "event" ? 0.8 : 1;
}
