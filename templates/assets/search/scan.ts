// Scanning a text for terms and codes: the twin of internal/kb/search/scan.go.

import { bareHexKey, decimalKey, hexKey, idKey, loneNumberKeys, numberKeys, type Code } from "./code";
import { code, fold, isCJK, isDigit, isWord, newline } from "./fold";

export interface Term {
  text: string;
  optional: boolean;
  line: number;
  from: number; // code units of the text
  to: number;
}

export interface Parsed {
  terms: Term[];
  codes: Code[];
  lines: number;
}

export function parse(text: string): Parsed {
  const s = new Scanner(text);
  s.markNames();
  s.scan();
  s.loneNumber();
  if (s.terms.every((t) => t.optional)) {
    for (const t of s.terms) {
      t.optional = false;
    }
  }
  return { terms: s.terms, codes: s.codes, lines: s.line + 1 };
}

const longestLine = 64;
const longestName = 80;
const quote = code("'");
const closings = new Map([
  [quote, quote],
  [code('"'), code('"')],
  [code("「"), code("」")],
  [code("<"), code(">")],
  [code("{"), code("}")],
]);
const boundaries = new Set(Array.from(" \n()[]{}<>\"'「」,;|=!、。", code));
const hyphen = code("-");
const dot = code(".");
const slash = code("/");

class Scanner {
  readonly terms: Term[] = [];
  readonly codes: Code[] = [];
  line = 0;
  private readonly points: number[];
  private readonly at: number[];
  private readonly names: boolean[];
  private cjk = -1;
  private paired = false;
  private inLine = 0;
  private readonly keys = new Set<string>();

  constructor(private readonly text: string) {
    const folded = fold(text);
    this.points = folded.points;
    this.at = folded.at;
    this.names = new Array<boolean>(this.points.length).fill(false);
  }

  private point(i: number): number {
    return this.points[i] ?? 0;
  }

  private slice(from: number, to: number): string {
    let s = "";
    for (let i = from; i < to; i++) {
      s += String.fromCodePoint(this.point(i));
    }
    return s;
  }

  markNames(): void {
    for (let i = 0; i < this.points.length; i++) {
      const closing = closings.get(this.point(i));
      if (closing === undefined || (closing === quote && i > 0 && isWord(this.point(i - 1)))) {
        continue;
      }
      const end = this.findClosing(i + 1, closing);
      for (let j = i + 1; j < end; j++) {
        this.names[j] = true;
      }
      if (end > 0) {
        i = end;
      }
    }
  }

  private findClosing(from: number, closing: number): number {
    for (let i = from; i < this.points.length && i <= from + longestName && this.point(i) !== newline; i++) {
      if (this.point(i) === closing && (closing !== quote || i + 1 === this.points.length || !isWord(this.point(i + 1)))) {
        return i;
      }
    }
    return 0;
  }

  scan(): void {
    for (let i = 0; i < this.points.length; ) {
      const r = this.point(i);
      if (isCJK(r)) {
        this.character(i);
        i++;
      } else if (r === newline) {
        this.line++;
        this.inLine = 0;
        i++;
      } else if (boundaries.has(r)) {
        i++;
      } else {
        let end = i;
        while (end < this.points.length && !boundaries.has(this.point(end)) && !isCJK(this.point(end))) {
          end++;
        }
        this.chunk(i, end);
        i = end;
      }
    }
    this.endRun();
  }

  private character(i: number): void {
    if (this.cjk >= 0) {
      const pair = String.fromCodePoint(this.point(this.cjk), this.point(i));
      this.term(pair, this.cjk, i + 1, this.isNamed(this.cjk) || this.isNamed(i));
      this.paired = true;
    } else {
      this.paired = false;
    }
    this.cjk = i;
  }

  private endRun(): void {
    if (this.cjk >= 0 && !this.paired) {
      this.term(String.fromCodePoint(this.point(this.cjk)), this.cjk, this.cjk + 1, this.isNamed(this.cjk));
    }
    this.cjk = -1;
  }

  private isNamed(i: number): boolean {
    return this.names[i] ?? false;
  }

  private term(text: string, from: number, to: number, optional: boolean): void {
    if (this.inLine === longestLine) {
      this.line++;
      this.inLine = 0;
    }
    this.inLine++;
    this.terms.push({ text, optional, line: this.line, from: this.at[from] ?? 0, to: this.end(to) });
  }

  private end(i: number): number {
    return this.at[i] ?? this.text.length;
  }

  private code(key: string, from: number, to: number): void {
    if (key !== "" && !this.keys.has(key)) {
      this.keys.add(key);
      this.codes.push({ key, from: this.at[from] ?? 0, to: this.end(to) });
    }
  }

  private chunk(from: number, to: number): void {
    const variable = this.isVariable(from, to);
    const dotted = this.isDotted(from, to);
    for (let i = from; i < to; ) {
      if (!isWord(this.point(i))) {
        i++;
        continue;
      }
      let end = i;
      while (end < to && isWord(this.point(end))) {
        end++;
      }
      i = this.atom(i, end, to, variable, dotted);
    }
    if (variable) {
      this.endRun();
    }
  }

  private isVariable(from: number, to: number): boolean {
    let slashes = 0;
    let at = false;
    for (let i = from; i < to; i++) {
      const r = this.point(i);
      if (r === 0x5c || (r === 0x3a && i + 2 < to && this.point(i + 1) === slash && this.point(i + 2) === slash)) {
        return true;
      }
      if (r === 0x40) {
        at = true;
      } else if (r === dot && at) {
        return true;
      } else if (r === slash) {
        slashes++;
      }
    }
    return (
      slashes > 1 ||
      (slashes === 1 && this.point(from) === slash && to - from > 2) ||
      (to - from > 4 && this.slice(from, from + 4) === "www.") ||
      (to - from === 36 && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(this.slice(from, to)))
    );
  }

  private isDotted(from: number, to: number): boolean {
    for (let i = from + 1; i + 1 < to; i++) {
      if (this.point(i) === dot && isWord(this.point(i - 1)) && isWord(this.point(i + 1))) {
        return true;
      }
    }
    return false;
  }

  private atom(i: number, end: number, limit: number, variable: boolean, dotted: boolean): number {
    const text = this.slice(i, end);
    const hex = this.hexAtom(text, i);
    if (hex !== "") {
      this.code(hex, i, end);
      return end;
    }
    if (variable) {
      return end;
    }
    if (/^[0-9]+$/.test(text)) {
      this.number(text, i, end);
      return end;
    }
    const letters = text.replace(/[0-9]+$/, "");
    if (/^[a-z]+$/.test(letters)) {
      const id = idKey(letters, text.slice(letters.length));
      if (id !== "") {
        this.code(id, i, end);
        this.word(text, i, end, true);
        return end;
      }
      const next = this.hyphenated(text, i, end, limit);
      if (next > 0) {
        return next;
      }
    }
    if (this.isName(text, i, end)) {
      this.code("name:" + text, i, end);
    }
    if (isDigit(this.point(i)) || end - i < 2) {
      return end; // a unit, a time, a single letter
    }
    const before = i > 0 ? this.point(i - 1) : 0;
    this.word(text, i, end, dotted || this.isNamed(i) || letters.length < text.length || before === 0x25 || before === 0x24);
    return end;
  }

  private hexAtom(text: string, i: number): string {
    if (text.length > 2 && (text[0] === "0" || text[0] === "o") && text[1] === "x") {
      return text[0] === "o" && text.length !== 10 ? "" : hexKey(text.slice(2));
    }
    if (text.length === 9 && text[0] === "h" && i > 0 && this.point(i - 1) === 0x26) {
      return hexKey(text.slice(1));
    }
    return bareHexKey(text.length === 9 && text[8] === "h" ? text.slice(0, 8) : text);
  }

  private hyphenated(letters: string, i: number, end: number, limit: number): number {
    if (!/^[a-z]+$/.test(letters) || end >= limit || this.point(end) !== hyphen) {
      return 0;
    }
    let stop = end + 1;
    while (stop < limit && isWord(this.point(stop))) {
      stop++;
    }
    const digits = this.slice(end + 1, stop);
    if (!/^[0-9]+$/.test(digits)) {
      return 0;
    }
    if (letters === "cve" && stop < limit && this.point(stop) === hyphen) {
      let last = stop + 1;
      while (last < limit && isDigit(this.point(last))) {
        last++;
      }
      this.code(`id:cve${digits}-${this.slice(stop + 1, last)}`, i, last);
      return last;
    }
    const key = idKey(letters, digits);
    if (key === "") {
      return 0;
    }
    this.code(key, i, stop);
    this.word(letters, i, end, true);
    return stop;
  }

  private isName(text: string, i: number, end: number): boolean {
    return text.slice(1, -1).includes("_") && !/[a-z]/.test(this.text.slice(this.at[i] ?? 0, this.end(end)));
  }

  private number(digits: string, i: number, end: number): void {
    const negative = i > 0 && this.point(i - 1) === hyphen && (i < 2 || !isWord(this.point(i - 2)));
    const hex = decimalKey(digits, negative);
    if (hex !== "") {
      this.code(hex, i, end);
      return;
    }
    const before = this.before(i);
    if (before.endsWith("kb") && digits.length >= 6) {
      this.code(idKey("kb", digits), i, end);
      return;
    }
    for (const key of numberKeys(digits, before)) {
      this.code(key, i, end);
    }
  }

  private before(i: number): string {
    const tail: number[] = [];
    let separators = 0;
    for (i--; i >= 0 && tail.length < 14 && separators < 5 && this.point(i) !== newline; i--) {
      const r = this.point(i);
      if (isWord(r) || isCJK(r)) {
        tail.unshift(r);
        separators = 0;
      } else {
        separators++;
      }
    }
    return String.fromCodePoint(...tail);
  }

  private word(text: string, i: number, end: number, optional: boolean): void {
    this.endRun();
    this.term(text, i, end, optional || this.isNamed(i));
  }

  loneNumber(): void {
    if (this.terms.length > 0 || this.codes.length > 0) {
      return;
    }
    let from = -1;
    let to = 0;
    for (let i = 0; i < this.points.length; i++) {
      const r = this.point(i);
      if (isDigit(r) && from < 0) {
        from = i;
        to = i + 1;
      } else if (isDigit(r) && to === i) {
        to++;
      } else if (isWord(r)) {
        return;
      }
    }
    if (from >= 0) {
      for (const key of loneNumberKeys(this.slice(from, to))) {
        this.code(key, from, to);
      }
    }
  }
}
