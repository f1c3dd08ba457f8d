// The way back from kbprobe: an address with #kbprobe=… shows its results in
// the article, at the steps they belong to. A pasted report becomes such an
// address.

import { readFragment, readReport, writeFragment } from "./report";
import { summary } from "./summary";
import { content, part, say } from "./template";

const mostBytes = 5_000_000; // of a file; more is no report

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
      const shown = summary(results);
      shown.querySelector("[data-clear]")?.addEventListener("click", () => {
        history.pushState(null, "", location.pathname + location.search);
        clear();
      });
      head?.after(shown);
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
    void file?.slice(0, mostBytes).arrayBuffer().then((data) => put(decode(new Uint8Array(data))));
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
