// The way back from kbprobe: an address with #kbprobe=… shows its results in
// the article, at the steps they belong to. A pasted report becomes such an
// address.

import { answersOf, titleOf, verdicts, type Answer, type Answers, type FilledFinding } from "./answers";
import { addCopyButton, copyText } from "./copy";
import { causesOf } from "./causes";
import { readFragment, readReport, writeFragment, type Results } from "./report";
import { moment, ticketText } from "./ticket";

export function startResults(article: HTMLElement): void {
  if (article.querySelector("template") === null) {
    return; // the article has no steps
  }
  const show = (): boolean => {
    const results = readFragment(location.hash);
    if (results === undefined) {
      return false; // an ordinary anchor: what is shown stays
    }
    clear();
    const head = article.querySelector(".article-head");
    if (results === "unreadable") {
      head?.after(notice("unreadable"));
    } else if (results.slug !== article.dataset.slug) {
      head?.after(elsewhere(results.slug));
    } else {
      head?.after(summary(results));
    }
    return true;
  };
  show();
  addEventListener("hashchange", () => {
    if (show()) {
      article.querySelector<HTMLElement>(".from-results")?.focus();
    }
  });
  const form = article.querySelector<HTMLFormElement>("form.paste");
  if (form !== null) {
    startPaste(form);
  }
}

function startPaste(form: HTMLFormElement): void {
  const text = form.querySelector("textarea");
  const status = form.querySelector<HTMLElement>("[role=status]");
  const put = (report: string): void => {
    const results = readReport(report);
    if (status !== null) {
      status.textContent = results === "unreadable" ? (status.dataset.unreadable ?? "") : "";
    }
    if (results !== "unreadable") {
      location.hash = writeFragment(results);
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    put(text?.value ?? "");
  });
  form.querySelector<HTMLInputElement>("input[type=file]")?.addEventListener("change", (event) => {
    const file = (event.currentTarget as HTMLInputElement).files?.[0];
    void file?.arrayBuffer().then((data) => put(decode(new Uint8Array(data))));
  });
}

// decode knows what shells write with ">": PowerShell 5 writes UTF-16.
function decode(data: Uint8Array): string {
  return new TextDecoder(data[0] === 0xff && data[1] === 0xfe ? "utf-16le" : "utf-8").decode(data);
}

function clear(): void {
  for (const shown of document.querySelectorAll(".from-results")) {
    shown.remove();
  }
  for (const step of document.querySelectorAll<HTMLElement>("[data-verdict].step")) {
    delete step.dataset.verdict;
  }
}

function content(id: string): DocumentFragment {
  const template = document.querySelector<HTMLTemplateElement>(`template#${CSS.escape(id)}`);
  if (template === null) {
    throw new Error(`the page has no template ${id}`);
  }
  return document.importNode(template.content, true);
}

function notice(name: string): HTMLElement {
  const found = part(content("kb:results-notices"), name);
  found.classList.add("from-results");
  return found;
}

// elsewhere leads to the article that results belong to.
function elsewhere(slug: string): HTMLElement {
  const found = notice("elsewhere");
  found.prepend(say(found, { slug }), " ");
  const link = found.querySelector("a");
  if (link !== null) {
    link.href = `${link.getAttribute("href") ?? ""}${slug}/${location.hash}`;
  }
  return found;
}

// part finds a part of a template by its name.
function part(within: ParentNode, name: string): HTMLElement {
  const found = within.querySelector<HTMLElement>(`[data-show="${name}"]`);
  if (found === null) {
    throw new Error(`a template lacks ${name}`);
  }
  return found;
}

// say fills in the text that an element carries.
function say(element: HTMLElement, values: Record<string, string>): string {
  return (element.dataset.text ?? "").replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

function summary(results: Results): HTMLElement {
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
  shown.querySelector("[data-clear]")?.addEventListener("click", () => {
    history.pushState(null, "", location.pathname + location.search);
    clear();
  });
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

// showCauses weighs the causes by the answers of the steps that they name.
function showCauses(shown: DocumentFragment, answers: Answers): void {
  const group = part(shown, "causes");
  const list = group.querySelector<HTMLElement>("ul");
  const causes = causesOf(answers);
  group.hidden = causes.length === 0;
  for (const cause of causes) {
    const state = document.createElement("span");
    state.className = `state state-${cause.state}`;
    state.textContent = list?.dataset[cause.state] ?? "";
    const link = document.createElement("a");
    link.href = `#${cause.item.id}`;
    link.textContent = cause.title;
    link.lang = cause.lang;
    const item = document.createElement("li");
    item.append(state, " ", link, steps(cause.steps, answers));
    list?.append(item);
    const badge = state.cloneNode(true) as HTMLElement;
    badge.classList.add("from-results");
    badge.lang = document.documentElement.lang;
    cause.item.prepend(badge, " ");
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

function showTicket(group: HTMLElement, results: Results): void {
  const preview = group.querySelector("pre code");
  const address = location.origin + location.pathname;
  preview?.append(ticketText(document, results, address));
  for (const button of group.querySelectorAll<HTMLButtonElement>("button[data-page]")) {
    button.addEventListener("click", () => {
      void copyTicket(button, results).then((text) => {
        if (text !== undefined && preview !== null) {
          preview.textContent = text;
        }
        const status = group.querySelector<HTMLElement>("[role=status]");
        if (status !== null) {
          status.textContent = (text === undefined ? status.dataset.failed : status.dataset.copied) ?? "";
        }
      });
    });
  }
}

// copyTicket copies the text in the language of the button. The words of the
// other language are in that language's page.
async function copyTicket(button: HTMLButtonElement, results: Results): Promise<string | undefined> {
  const { page } = button.dataset;
  const shown = page === undefined || page === "";
  try {
    const words = shown ? document : await otherPage(page);
    const text = ticketText(words, results, shown ? location.origin + location.pathname : new URL(page, location.href).href);
    return (await copyText(text)) ? text : undefined;
  } catch {
    return undefined; // the page could not be loaded
  }
}

async function otherPage(address: string): Promise<Document> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${address}: ${response.status}`);
  }
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
