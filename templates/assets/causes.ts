// What answers say about the causes that an article lists. A cause names its
// steps in data-steps, the one that tells it from the others first.

import type { Answers } from "./answers";

// likely: the first step found a problem. possible: another one did, or one gave
// a warning. open: one could not answer. unlikely: all of them answered and
// found nothing.
export type State = "likely" | "possible" | "open" | "unlikely";

export interface Cause {
  item: HTMLElement;
  title: string;
  lang: string;
  state: State;
  steps: HTMLElement[]; // in the order in which the cause names them
}

const order: State[] = ["likely", "possible", "open", "unlikely"];
const longest = 80; // characters of a title

// causesOf lists the causes, the likeliest first.
export function causesOf(answers: Answers): Cause[] {
  const causes: Cause[] = [];
  const items = document.querySelectorAll<HTMLElement>("li.cause[data-steps]");
  const all = [...answers.steps.map((a) => a.step), ...answers.missing];
  for (const [index, item] of items.entries()) {
    const names = (item.dataset.steps ?? "").split(" ");
    const steps = names.map((name) => all.find((step) => step.id === name)).filter((step) => step !== undefined);
    if (steps.length === 0) {
      continue;
    }
    item.id ||= `kb:cause-${index + 1}`;
    causes.push({ item, title: titleOf(item), lang: langOf(item), state: stateOf(answers, steps), steps });
  }
  return causes.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function stateOf(answers: Answers, steps: HTMLElement[]): State {
  const named = answers.steps.filter((answer) => steps.includes(answer.step));
  const findings = named.flatMap((answer) => answer.findings);
  if (named.some((answer) => answer.verdict === "problem" && answer.step === steps[0])) {
    return "likely";
  }
  if (findings.some((f) => f.verdict === "problem" || f.verdict === "warning")) {
    return "possible";
  }
  const unanswered = named.length < steps.length || findings.some((f) => f.verdict === "unknown" || f.id === "no-host");
  return unanswered ? "open" : "unlikely";
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
