// The text for a ticket: what was found, in the words of one page. The page may
// be the other language's, which is not the one on show.

import { answersOf, type Answer } from "./answers";
import { copyText } from "./copy";
import type { Results } from "./report";

export function showTicket(group: HTMLElement, results: Results): void {
  const preview = group.querySelector("pre code");
  const fold = group.querySelector("details");
  const status = group.querySelector<HTMLElement>("[role=status]");
  if (preview === null || fold === null || status === null) {
    return;
  }
  const offer = async (page: string): Promise<void> => {
    try {
      preview.textContent = await textOf(page, results);
      const done = await copyText(preview.textContent);
      fold.open ||= !done; // to copy it by hand
      status.textContent = (done ? status.dataset.copied : status.dataset.failed) ?? "";
    } catch {
      status.textContent = status.dataset.failed ?? ""; // the other page could not be loaded
    }
  };
  void textOf("", results).then((text) => preview.append(text));
  for (const button of group.querySelectorAll<HTMLButtonElement>("button[data-page]")) {
    button.addEventListener("click", () => void offer(button.dataset.page ?? ""));
  }
}

// textOf is the text in the words of the page at an address, or of the page on
// show.
async function textOf(address: string, results: Results): Promise<string> {
  const words = address === "" ? document : await otherPage(address);
  const { origin, pathname } = new URL(address, location.href);
  return ticketText(words, results, origin + pathname);
}

async function otherPage(address: string): Promise<Document> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${address}: ${response.status}`);
  }
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function ticketText(page: Document, results: Results, address: string): string {
  const words = page.querySelector<HTMLTemplateElement>("template#kb\\:results-template")?.content;
  const say = words?.querySelector<HTMLElement>(".ticket")?.dataset ?? {};
  const answers = answersOf(page, results);
  const lines = [
    line(say.article, page.querySelector("article h1")?.textContent ?? ""),
    line(say.page, address),
    line(say.plan, results.plan),
    line(say.os, results.os),
    line(say.time, moment(results.time, page.documentElement.lang)),
  ];
  const word = (verdict: string): string => words?.querySelector(`.counts .verdict-${verdict}`)?.textContent ?? verdict;
  for (const answer of answers.steps) {
    lines.push("", `${answer.number}. [${word(answer.verdict)}] ${answer.title}`, ...details(answer));
  }
  return lines.filter((text) => text !== undefined).join("\n");
}

// moment shows a time as readers of the language write it.
export function moment(time: Date | undefined, lang: string): string {
  return time === undefined
    ? ""
    : new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(time);
}

function line(label: string | undefined, text: string): string | undefined {
  return label === undefined || text === "" ? undefined : `${label}: ${text}`;
}

function details(answer: Answer): string[] {
  const lines: string[] = [];
  for (const { item } of answer.findings) {
    lines.push(`   ${item.querySelector(".finding-text")?.textContent ?? ""}`);
    for (const remedy of item.querySelectorAll("[data-remedy]")) {
      lines.push(`   ${line(remedy.querySelector(".label")?.textContent ?? "", remedy.querySelector(".remedy-text")?.textContent ?? "") ?? ""}`);
      const command = remedy.querySelector("pre")?.textContent?.trim() ?? "";
      lines.push(...command.split("\n").filter((text) => text !== "").map((text) => `     ${text}`));
    }
  }
  return lines;
}
