// Error codes: the twin of internal/kb/search/code.go.

export interface Code {
  key: string; // family and value, such as hex:80070005
  from: number; // code units of the text
  to: number;
}

export function hexKey(digits: string): string {
  let hex = "";
  for (const c of digits) {
    const digit = /[0-9a-f]/.test(c) ? c : digits.length === 8 ? lookalike(c) : "";
    if (digit === "") {
      return "";
    }
    hex += digit;
  }
  if (hex.length === 16 && hex.startsWith("ffffffff")) {
    hex = hex.slice(8); // sign extension
  }
  hex = hex.replace(/^0+/, "");
  return hex === "" || hex.length > 8 ? "" : "hex:" + hex;
}

// lookalike returns the digit that a letter is mistaken for. b is a digit.
function lookalike(c: string): string {
  switch (c) {
    case "o":
      return "0";
    case "i":
    case "l":
      return "1";
    case "s":
      return "5";
  }
  return "";
}

export function bareHexKey(atom: string): string {
  if (atom.length !== 8 || (atom[0] !== "8" && atom[0] !== "c")) {
    return "";
  }
  return atom.replace(/[^0-9o]/g, "").length < 4 ? "" : hexKey(atom);
}

export function decimalKey(digits: string, negative: boolean): string {
  if (digits.length < 9 || digits.length > 10) {
    return "";
  }
  let n = Number(digits);
  if (negative && n <= 2 ** 31) {
    n = 2 ** 32 - n;
  } else if (negative || n < 2 ** 31 || n >= 2 ** 32) {
    return "";
  }
  return "hex:" + n.toString(16).padStart(8, "0");
}

const noCodes =
  " server srv pc host desktop laptop client node vm dc db web app test user room line col row port file disk page step build rev ver version v r id no num sha utf iso cp win windows thread task job item foo bar main ";

export function idKey(letters: string, digits: string): string {
  if (letters === "" || letters.length > 8 || digits.length < 3 || digits.length > 7 || noCodes.includes(` ${letters} `)) {
    return "";
  }
  digits = digits.replace(/^0+/, "");
  if (digits === "") {
    return "";
  }
  return letters === "kb" ? "kb:" + digits : "id:" + letters + digits;
}

export function numberKeys(digits: string, before: string): string[] {
  digits = digits.replace(/^0+/, "");
  if (digits === "" || digits.length > 5) {
    return [];
  }
  if (eventWords.some((word) => before.endsWith(word))) {
    return ["event:" + digits];
  }
  if (errorWords.some((word) => before.endsWith(word))) {
    return ["num:" + digits];
  }
  return [];
}

export function loneNumberKeys(digits: string): string[] {
  digits = digits.replace(/^0+/, "");
  if (digits === "" || digits.length > 7) {
    return [];
  }
  return digits.length > 5 ? ["kb:" + digits] : ["num:" + digits, "event:" + digits];
}

const eventWords = "event eventid イヘント イヘントid イヘント番号".split(" ");
const errorWords =
  "error errorcode errornumber err errno code win32 status statuscode exitcode returncode oserror winerror http エラ エラコト エラ番号 コト ステタス ステタスコト システムエラ".split(
    " ",
  );
