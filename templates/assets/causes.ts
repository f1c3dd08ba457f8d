// What the checks that a cause names say about it. A cause names its steps in
// data-steps, the one that tells it from the others first. A problem of a
// check speaks for the causes that name it, and its being ok against them,
// unless the cause says itself that the check is ok: then ok says nothing, and
// a problem speaks against it.

import type { Answers } from "./answers";

export interface Cause {
  item: HTMLElement;
  title: string;
  lang: string;
  steps: HTMLElement[]; // in the order in which the cause names them
  state: "supported" | "open" | "unlikely";
}

const longest = 80; // characters of a title

// causesOf lists the causes: those that the answers support, those that they
// leave open, those that they speak against.
export function causesOf(answers: Answers): Cause[] {
  const causes: (Cause & { rank: number })[] = [];
  const items = document.querySelectorAll<HTMLElement>("li.cause[data-steps]");
  const all = [...answers.steps.map((a) => a.step), ...answers.missing];
  for (const [index, item] of items.entries()) {
    const names = (item.dataset.steps ?? "").split(" ");
    const steps = names.map((name) => all.find((step) => step.id === name)).filter((step) => step !== undefined);
    if (steps.length === 0) {
      continue;
    }
    item.id ||= `kb:cause-${index + 1}`;
    const state = stateOf(answers, item, steps);
    const rank = { supported: 0, open: 10, unlikely: 20 }[state] + rankOf(answers, steps);
    causes.push({ item, title: titleOf(item), lang: langOf(item), steps, state, rank });
  }
  return causes.sort((a, b) => a.rank - b.rank);
}

function stateOf(answers: Answers, item: HTMLElement, steps: HTMLElement[]): Cause["state"] {
  let against = 0;
  let supported = false;
  for (const step of steps) {
    const verdict = answers.steps.find((answer) => answer.step === step)?.verdict;
    const found = verdict === "problem" || verdict === "warning";
    const ok = mayBeOK(item, step);
    supported ||= found && !ok;
    against += (ok ? found : verdict === "ok") ? 1 : 0;
  }
  return supported ? "supported" : against === steps.length ? "unlikely" : "open";
}

// mayBeOK reports whether a cause says of a check that it is ok, as in
// "`a` and `b` are ok".
function mayBeOK(item: HTMLElement, step: HTMLElement): boolean {
  const name = item.querySelector(`a[href="#${CSS.escape(step.id)}"]`);
  let text = "";
  for (let next = name?.nextSibling ?? null; next !== null; next = next.nextSibling) {
    text += next instanceof HTMLAnchorElement ? "" : (next.textContent ?? "");
  }
  return /^(?:[\sもはがと]|and|both|どちらも|いずれも)*(?:正常|(?:is|are) ok)/.test(text);
}

// rankOf is lower the worse the answers are: a problem of the first step, of
// another, a warning likewise, then what could not answer, then what is in
// order.
function rankOf(answers: Answers, steps: HTMLElement[]): number {
  const named = answers.steps.filter((answer) => steps.includes(answer.step));
  for (const [index, verdict] of (["problem", "warning"] as const).entries()) {
    if (named.some((answer) => answer.verdict === verdict)) {
      return 2 * index + (named.some((answer) => answer.verdict === verdict && answer.step === steps[0]) ? 0 : 1);
    }
  }
  const findings = named.flatMap((answer) => answer.findings);
  return named.length < steps.length || findings.some((f) => f.verdict === "unknown" || f.id === "no-host") ? 4 : 5;
}

// titleOf is what stands in bold at the beginning, or else the first sentence.
function titleOf(item: HTMLElement): string {
  const bold = item.querySelector("strong");
  const text = (item.textContent ?? "").trim();
  const title = bold !== null && text.startsWith(bold.textContent ?? "") ? (bold.textContent ?? "") : /^.*?(?:。|\. |$)/m.exec(text)?.[0];
  const characters = [...(title ?? "").trim().replace(/[。.]$/, "")];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : characters.join("");
}

function langOf(item: HTMLElement): string {
  return item.closest<HTMLElement>("[lang]")?.lang ?? "";
}
