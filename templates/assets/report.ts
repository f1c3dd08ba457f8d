// Results of kbprobe, read from what anybody may have written: the fragment of
// an address or a pasted report. What is not as it must be is left out.

export interface Results {
  slug: string;
  plan: string; // hash of the plan, or empty
  os: string; // version of Windows, or empty
  time: Date | undefined;
  steps: Step[];
}

export interface Step {
  anchor: string;
  findings: Finding[];
}

export interface Finding {
  id: string;
  values: Map<string, string>;
}

const prefix = "#kbprobe=";
const most = { fragment: 200_000, report: 2_000_000, steps: 500, findings: 50, values: 30, text: 1001 };

// readFragment reads #kbprobe=1.BASE64URL. It returns undefined if the
// fragment is another one, and "unreadable" if it is damaged.
export function readFragment(fragment: string): Results | "unreadable" | undefined {
  if (!fragment.startsWith(prefix)) {
    return undefined;
  }
  const encoded = /^1\.([\w-]+)$/.exec(fragment.slice(prefix.length))?.[1];
  if (encoded === undefined || encoded.length > most.fragment) {
    return "unreadable";
  }
  const read = (): Results | undefined => {
    const bytes = Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const short: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const seconds = get(short, "time");
    return results(short, typeof seconds === "number" ? seconds * 1000 : undefined, {
      anchor: "a",
      findings: "f",
      id: "i",
      values: "x",
    });
  };
  return attempt(read);
}

// writeFragment writes what readFragment reads.
export function writeFragment(results: Results): string {
  const { slug, plan, os, time } = results;
  const steps = results.steps.map((step) => ({
    a: step.anchor,
    f: step.findings.map((finding) => ({ i: finding.id, x: Object.fromEntries(finding.values) })),
  }));
  const short = { slug, plan, os, time: time && Math.floor(time.getTime() / 1000), steps };
  const bytes = Array.from(new TextEncoder().encode(JSON.stringify(short)), (byte) => String.fromCharCode(byte));
  return `${prefix}1.${btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

// readReport reads what kbprobe -json printed, or a text that holds an address
// with results, such as a mail or the text report. That ends with it; what
// looks like one further up is a value.
export function readReport(text: string): Results | "unreadable" {
  const address = text.match(/#kbprobe=\d+\.[\w-]+/g)?.at(-1);
  if (address !== undefined) {
    return readFragment(address) ?? "unreadable";
  }
  const read = (): Results | undefined => {
    const report: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const time = get(report, "time");
    return get(report, "schema") === 1
      ? results(report, typeof time === "string" ? time.slice(0, 40) : undefined, {
          anchor: "anchor",
          findings: "findings",
          id: "id",
          values: "values",
        })
      : undefined;
  };
  return text.length > most.report ? "unreadable" : attempt(read);
}

function attempt(read: () => Results | undefined): Results | "unreadable" {
  try {
    return read() ?? "unreadable";
  } catch {
    return "unreadable"; // atob, TextDecoder and JSON throw on what is damaged
  }
}

// results reads what both forms have; names are those of their fields.
function results(
  from: unknown,
  time: string | number | undefined,
  names: Record<"anchor" | "findings" | "id" | "values", string>,
): Results | undefined {
  const slug = text(get(from, "slug"), /^[a-z0-9-]{3,64}$/);
  if (slug === "") {
    return undefined;
  }
  const date = new Date(time ?? NaN);
  return {
    slug,
    plan: text(get(from, "plan"), /^[0-9a-f]{7}$/),
    os: text(get(from, "os"), /^\d{1,10}(\.\d{1,10}){2,3}$/),
    time: Number.isNaN(date.getTime()) ? undefined : date,
    steps: list(get(from, "steps"), most.steps).map((step) => ({
      anchor: text(get(step, names.anchor), /^[a-z0-9.-]{1,100}$/),
      findings: list(get(step, names.findings), most.findings).map((finding) => ({
        id: text(get(finding, names.id), /^[a-z0-9-]{1,100}$/),
        values: values(get(finding, names.values)),
      })),
    })),
  };
}

function get(from: unknown, name: string): unknown {
  return isObject(from) && Object.hasOwn(from, name) ? from[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function list(value: unknown, length: number): unknown[] {
  return Array.isArray(value) ? value.slice(0, length) : [];
}

function text(value: unknown, form: RegExp): string {
  return typeof value === "string" && form.test(value) ? value : "";
}

function values(from: unknown): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of isObject(from) ? Object.entries(from).slice(0, most.values) : []) {
    if (typeof value === "string") {
      found.set(name, printable(value));
    }
  }
  return found;
}

// printable keeps a value on its line, as kbprobe does: control characters,
// and those that reverse text, become U+FFFD.
function printable(value: string): string {
  const characters = [...value.slice(0, 2 * most.text)].slice(0, most.text).join("");
  return characters.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu, "\uFFFD");
}
