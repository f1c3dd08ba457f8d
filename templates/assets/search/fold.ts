// Folding: the twin of internal/kb/search/fold.go. The package comment there
// is the specification; testdata/vectors.txt holds the two together.

// Folded is a text without what spellings may differ in.
export interface Folded {
  points: number[]; // code points
  at: number[]; // where in the text each comes from
}

const halfWidth = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

const katakana =
  "アアイイウウエエオオカカキキククケケココササシシススセセソソタタチチツツツテテトトナニヌネノハハハヒヒヒフフフヘヘヘホホホマミムメモヤヤユユヨヨラリルレロワワイエオンフカケ";

const latin =
  "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty" +
  "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
  "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

export const newline = 10;

export function code(char: string): number {
  return char.codePointAt(0) ?? 0;
}

const u = code("ウ");
const fu = code("フ");
const vu = code("ヴ");
const apostrophe = code("'");

export function fold(text: string): Folded {
  const points: number[] = [];
  const at: number[] = [];
  let afterVu = false;
  for (let i = 0; i < text.length; ) {
    const raw = text.codePointAt(i) ?? 0;
    const size = raw > 0xffff ? 2 : 1;
    const r = usualWidth(raw);
    const last = points.length - 1;
    if (isVoicing(r) && points[last] === u) {
      points[last] = fu;
      afterVu = true;
    } else if (isVoicing(r) || isInvisible(r)) {
      // no part of what is compared
    } else if (afterVu && smallVowels.includes(r)) {
      points[last] = vuRow[smallVowels.indexOf(r)] ?? fu;
      afterVu = false;
    } else if (r !== apostrophe || !isLetter(points[last] ?? 0) || !isLetter((text.charCodeAt(i + size) || 0) | 0x20)) {
      afterVu = r === vu;
      points.push(plain(r));
      at.push(i);
    }
    i += size;
  }
  return { points, at };
}

const smallVowels = Array.from("ァィェォ", code);
const vuRow = Array.from("ハヒヘホ", code);

const usual = new Map<number, number>();
for (const [to, from] of [
  ["'", "‘’‛′`´"],
  ['"', "“”„‟″«»"],
  ["「", "『"],
  ["」", "』"],
  ["\\", "¥￥"],
  ["\n", "\r\u0085\u2028\u2029⏎"],
  [" ", "\t\u00a0\u202f\u3000"],
  ["-", "‐‑‒–—―−ー"],
] as const) {
  for (const char of from) {
    usual.set(code(char), code(to));
  }
}

function usualWidth(r: number): number {
  if (r >= 0xff01 && r <= 0xff5e) {
    r = r - 0xff01 + 0x21;
  } else if (r >= 0xff66 && r <= 0xff9d) {
    r = halfWidth.charCodeAt(r - 0xff66);
  }
  return usual.get(r) ?? r;
}

function isVoicing(r: number): boolean {
  return r === 0x3099 || r === 0x309a || r === 0x309b || r === 0x309c || r === 0xff9e || r === 0xff9f;
}

function isInvisible(r: number): boolean {
  return (
    r === 0xad ||
    (r >= 0x300 && r <= 0x36f) ||
    (r >= 0x200b && r <= 0x200f) ||
    (r >= 0x202a && r <= 0x202e) ||
    (r >= 0x2060 && r <= 0x206f) ||
    (r >= 0xfe00 && r <= 0xfe0f) ||
    r === 0xfeff
  );
}

function plain(r: number): number {
  if (r >= 0x41 && r <= 0x5a) {
    return r + 0x20;
  }
  if (r < 0xc0) {
    return r;
  }
  if (r <= 0x17f) {
    return latin.charCodeAt(r - 0xc0);
  }
  if ((r >= 0x391 && r <= 0x3a9) || (r >= 0x410 && r <= 0x42f)) {
    return r + 0x20;
  }
  if (r >= 0x400 && r <= 0x40f) {
    return r + 0x50;
  }
  if (r >= 0x30a1 && r <= 0x30f6) {
    return katakana.charCodeAt(r - 0x30a1);
  }
  if (r >= 0x3041 && r <= 0x3096) {
    return katakana.charCodeAt(r - 0x3041) - 0x60;
  }
  return r;
}

export function isLetter(r: number): boolean {
  return r >= 0x61 && r <= 0x7a;
}

export function isDigit(r: number): boolean {
  return r >= 0x30 && r <= 0x39;
}

// isCJK: written without spaces between words.
export function isCJK(r: number): boolean {
  if (r < 0x3005) {
    return false;
  }
  if (r < 0x3100) {
    return (
      r <= 0x3007 ||
      (r >= 0x3041 && r <= 0x3096) ||
      (r >= 0x309d && r <= 0x309e) ||
      (r >= 0x30a1 && r <= 0x30fa) ||
      (r >= 0x30fd && r <= 0x30fe)
    );
  }
  return (
    (r >= 0x3400 && r <= 0x4dbf) ||
    (r >= 0x4e00 && r <= 0x9fff) ||
    (r >= 0xac00 && r <= 0xd7a3) ||
    (r >= 0xf900 && r <= 0xfaff) ||
    (r >= 0x20000 && r <= 0x3ffff)
  );
}

// isWord: a part of words that spaces separate.
export function isWord(r: number): boolean {
  if (r < 0xc0) {
    return isLetter(r) || isDigit(r) || r === 0x5f;
  }
  if (
    (r >= 0x2000 && r <= 0x2bff) ||
    (r >= 0x2e00 && r <= 0x2e7f) ||
    (r >= 0x3000 && r <= 0x33ff) ||
    (r >= 0xd800 && r <= 0xf8ff) ||
    (r >= 0xfe00 && r <= 0xfe6f) ||
    (r >= 0xff00 && r <= 0xffff) ||
    r >= 0xe0000
  ) {
    return false;
  }
  return !isCJK(r);
}
