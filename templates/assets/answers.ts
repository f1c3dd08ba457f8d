// What results say in the words of a page. The page has every finding of every
// step, with places for values; here they are copied and filled in. Verdicts
// are the page's own: results only name findings.

import type { Finding, Results } from "./report";

export const verdicts = ["problem", "warning", "unknown", "ok", "n-a"] as const; // the worst first
export type Verdict = (typeof verdicts)[number];

export interface Answer {
  step: HTMLElement; // the list item of the page
  number: string;
  title: string;
  verdict: Verdict;
  findings: FilledFinding[];
}

export interface FilledFinding {
  id: string;
  verdict: Verdict;
  item: HTMLElement; // a copy, filled in
}

export interface Answers {
  steps: Answer[]; // in the page's order
  missing: HTMLElement[]; // steps of the page without an answer
  unknown: number; // answers that the page does not know
}

export function answersOf(page: Document, results: Results): Answers {
  const steps = [...page.querySelectorAll<HTMLElement>("article .step[data-step]")];
  const found: Answers = { steps: [], missing: [], unknown: 0 };
  const given = new Map([...results.steps].reverse().map((step) => [step.anchor, step.findings])); // the first counts
  for (const step of steps) {
    const findings = given.get(step.id) ?? [];
    given.delete(step.id);
    const filled = findings.map((finding) => fill(page, step, finding)).filter((f) => f !== undefined);
    found.unknown += findings.length - filled.length;
    if (filled.length === 0) {
      found.missing.push(step);
      continue;
    }
    found.steps.push({
      step,
      number: step.dataset.step ?? "",
      title: titleOf(page, step),
      verdict: worst(filled.map((f) => f.verdict)),
      findings: filled,
    });
  }
  found.unknown += given.size;
  return found;
}

// titleOf returns the title that the program shows, too.
export function titleOf(page: Document, step: HTMLElement): string {
  const links = [...page.querySelectorAll<HTMLAnchorElement>(".plan-steps a[href^='#']")];
  return links.find((link) => link.getAttribute("href") === `#${step.id}`)?.textContent ?? step.id;
}

export function worst(of: Verdict[]): Verdict {
  return verdicts.find((verdict) => of.includes(verdict)) ?? "n-a";
}

function fill(page: Document, step: HTMLElement, finding: Finding): FilledFinding | undefined {
  const common = page.querySelector<HTMLTemplateElement>("template#kb\\:common")?.content;
  const explained = byID(step.querySelectorAll(".answers > details .findings > li"), finding.id);
  const original = explained ?? byID(common?.querySelectorAll(".findings > li") ?? [], finding.id);
  const verdict = verdicts.find((v) => original?.querySelector(`.verdict-${v}`) !== null);
  if (original === undefined || verdict === undefined) {
    return undefined;
  }
  const item = original.cloneNode(true) as HTMLElement;
  item.removeAttribute("id");
  for (const box of item.querySelectorAll(".copy-box")) {
    box.replaceWith(box.querySelector("pre") ?? ""); // the copy of a button does nothing
  }
  item.querySelector("[data-remedy=same]")?.replaceWith(...remediesBefore(original));
  for (const command of item.querySelectorAll("pre")) {
    if (!safe(command, finding.values)) {
      command.remove();
    }
  }
  for (const place of item.querySelectorAll<HTMLElement>("[data-value]")) {
    const value = finding.values.get(place.dataset.value ?? "");
    if (value !== undefined) {
      place.replaceWith(value);
    } else if (place.localName === "var" && place.closest("pre") === null) {
      place.replaceWith("…"); // left out, to keep the address short
    }
  }
  item.normalize();
  return { id: finding.id, verdict, item };
}

function byID(items: Iterable<Element>, id: string): HTMLElement | undefined {
  return ([...items] as HTMLElement[]).find((item) => item.dataset.finding === id);
}

// remediesBefore copies what "as for the answer above" stands for.
function remediesBefore(finding: Element): Node[] {
  let above = finding.previousElementSibling;
  while (above?.querySelector("[data-remedy=same]")) {
    above = above.previousElementSibling;
  }
  return [...(above?.querySelectorAll("[data-remedy]") ?? [])].map((remedy) => remedy.cloneNode(true));
}

// safe reports whether no value can end the quotes around it in a command, or
// begin a command of its own: people paste commands into the shell of an
// administrator. PowerShell takes curly quotes for plain ones.
function safe(command: HTMLElement, values: Map<string, string>): boolean {
  let before = "";
  for (const node of command.querySelector("code")?.childNodes ?? []) {
    const name = node instanceof HTMLElement ? node.dataset.value : undefined;
    const value = name === undefined ? undefined : values.get(name);
    if (value !== undefined) {
      const line = before.slice(before.lastIndexOf("\n") + 1);
      const quoted = line.split('"').length % 2 === 0;
      if (/["'`$‘’‚‛“”„]/.test(value) || (!quoted && !/^[\w.-]*$/.test(value))) {
        return false;
      }
    }
    before += node.textContent ?? "";
  }
  return true;
}
