// What stands above an article with results, and the marks in it.

import { answersOf, titleOf, verdicts, type Answer, type Answers, type FilledFinding } from "./answers";
import { causesOf } from "./causes";
import { addCopyButton } from "./copy";
import type { Results } from "./report";
import { content, part, say } from "./template";
import { moment, showTicket } from "./ticket";

// summary marks the steps and the causes of the article, and returns what goes
// above it. All that it adds has the class from-results.
export function summary(results: Results): HTMLElement {
  const shown = content("kb:results-template");
  const answers = answersOf(document, results);
  describe(shown, results, answers);
  showCauses(shown, answers);
  const isOpen = (f: FilledFinding): boolean => f.verdict === "unknown" || f.id === "no-host";
  showFindings(part(shown, "problem"), answers, (f) => f.verdict === "problem");
  showFindings(part(shown, "warning"), answers, (f) => f.verdict === "warning");
  showAdministrator(part(shown, "open"), answers);
  showFindings(part(shown, "open"), answers, isOpen);
  showSteps(part(shown, "steps"), answers);
  for (const answer of answers.steps) {
    mark(answer);
  }
  showTicket(part(shown, "ticket"), results);
  const section = shown.querySelector<HTMLElement>("section.results");
  if (section === null) {
    throw new Error("the template of results lacks its section");
  }
  section.classList.add("from-results");
  section.dataset.fragment = location.hash;
  section.querySelectorAll("pre").forEach(addCopyButton);
  return section;
}

// describe says where the results come from and how many there are of each
// kind.
function describe(shown: DocumentFragment, results: Results, answers: Answers): void {
  for (const verdict of verdicts) {
    const item = shown.querySelector(`.counts [data-verdict="${verdict}"]`);
    const count = answers.steps.filter((answer) => answer.verdict === verdict).length;
    item?.append(` ${count}`);
    item?.classList.toggle("none", count === 0);
  }
  const fact = (name: string, text: string): void => {
    const row = part(shown, name);
    row.querySelector("dd")?.append(text);
    row.hidden = text === "";
  };
  fact("time", moment(results.time, document.documentElement.lang));
  fact("os", results.os);
  fact("plan", results.plan);
  const ours = document.querySelector<HTMLElement>("[data-plan-hash]")?.dataset.planHash ?? "";
  remark(part(shown, "mismatch"), results.plan !== ours, { theirs: results.plan, ours });
  remark(part(shown, "left-out"), answers.unknown > 0, { count: String(answers.unknown) });
  remark(part(shown, "incomplete"), answers.missing.length > 0, { count: String(answers.missing.length) });
  const nothing = answers.steps.every((a) => a.verdict === "ok" || a.verdict === "n-a");
  part(shown, "nothing").hidden = !nothing || answers.steps.length === 0;
}

function remark(element: HTMLElement, applies: boolean, values: Record<string, string>): void {
  element.hidden = !applies;
  element.textContent = say(element, values);
}

// showCauses shows the answers of the steps that causes name: in a list, and
// where a cause names a step, beside what it says about it.
function showCauses(shown: DocumentFragment, answers: Answers): void {
  const group = part(shown, "causes");
  const list = group.querySelector<HTMLElement>("ul");
  const causes = causesOf(answers);
  group.hidden = causes.length === 0;
  for (const cause of causes) {
    const link = document.createElement("a");
    link.href = `#${cause.item.id}`;
    link.textContent = cause.title;
    link.lang = cause.lang;
    const item = document.createElement("li");
    item.dataset.state = cause.state;
    const word = list?.dataset[cause.state] ?? "";
    if (word !== "") {
      const label = document.createElement("span");
      label.className = "label";
      label.textContent = word;
      item.append(label, " ");
    }
    item.append(link, steps(cause.steps, answers));
    list?.append(item);
    for (const step of cause.steps) {
      for (const name of cause.item.querySelectorAll(`a[href="#${step.id}"]`)) {
        name.after(...answerMark(answers, step));
      }
    }
  }
}

// steps links the numbers of steps, with their verdicts.
function steps(of: HTMLElement[], answers: Answers): HTMLElement {
  const links = document.createElement("span");
  links.className = "hint cause-steps";
  for (const step of of) {
    const link = document.createElement("a");
    link.href = `#${step.id}`;
    link.textContent = step.querySelector(".step-number")?.textContent ?? step.id;
    const word = verdictOf(answers, step);
    const pair = document.createElement("span");
    pair.append(link, ...(word === undefined ? [] : [" ", word]));
    links.append(" ", pair);
  }
  return links;
}

// answerMark is the word for a step's answer, for a text.
function answerMark(answers: Answers, step: HTMLElement): Node[] {
  const word = verdictOf(answers, step);
  if (!(word instanceof HTMLElement)) {
    return [];
  }
  word.classList.add("from-results");
  word.lang = document.documentElement.lang;
  return [word];
}

// verdictOf is a copy of the page's word for a step's answer.
function verdictOf(answers: Answers, step: HTMLElement): Node | undefined {
  const answer = answers.steps.find((a) => a.step === step);
  return answer?.findings.find((f) => f.verdict === answer.verdict)?.item.querySelector(".verdict")?.cloneNode(true);
}

function showFindings(group: HTMLElement, answers: Answers, wanted: (finding: FilledFinding) => boolean): void {
  const list = group.querySelector("ul.findings");
  for (const answer of answers.steps) {
    for (const finding of answer.findings.filter(wanted)) {
      const item = finding.item.cloneNode(true) as HTMLElement;
      item.prepend(stepLink(answer.step, answer.title));
      list?.append(item);
    }
  }
  group.hidden = list === null || list.children.length === 0;
}

function stepLink(step: HTMLElement, title: string): HTMLElement {
  const line = document.createElement("p");
  line.className = "found-at";
  const link = document.createElement("a");
  link.href = `#${step.id}`;
  link.textContent = title;
  line.append(step.querySelector(".step-number")?.textContent ?? "", " ", link);
  return line;
}

// showAdministrator says once, for all steps that were denied something, that
// an administrator could read it, unless the program ran as one.
function showAdministrator(group: HTMLElement, answers: Answers): void {
  const line = part(group, "administrator");
  const denied = answers.steps.filter((answer) => answer.findings.some((f) => f.id === "denied"));
  const advice = denied[0]?.findings.find((f) => f.id === "denied")?.item.querySelector(".remedy-text")?.textContent;
  for (const finding of denied.flatMap((answer) => answer.findings)) {
    if (finding.id === "denied") {
      finding.item.querySelector("[data-remedy]")?.remove();
    }
  }
  const elevated = answers.steps.some(
    (a) => a.step.dataset.check === "access.elevation" && a.findings.some((f) => f.id === "elevated"),
  );
  line.hidden = elevated || advice === undefined || advice === null;
  line.append(advice ?? "", steps(denied.map((answer) => answer.step), { ...answers, steps: [] }));
}

function showSteps(group: HTMLElement, answers: Answers): void {
  const list = group.querySelector("ol");
  const missing = part(group, "missing");
  missing.remove();
  const all = [...answers.steps.map((a) => a.step), ...answers.missing];
  all.sort((a, b) => Number(a.dataset.step) - Number(b.dataset.step));
  for (const step of all) {
    const item = document.createElement("li");
    item.append(verdictOf(answers, step) ?? missing.cloneNode(true), stepLink(step, titleOf(document, step)));
    list?.append(item);
  }
}

// mark shows the answer at its step.
function mark(answer: Answer): void {
  answer.step.dataset.verdict = answer.verdict;
  const list = document.createElement("ul");
  list.className = "findings from-results";
  list.append(...answer.findings.map((finding) => finding.item.cloneNode(true)));
  list.querySelectorAll("pre").forEach(addCopyButton);
  answer.step.querySelector(".answers")?.prepend(list);
}
