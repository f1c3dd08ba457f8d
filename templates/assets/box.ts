// The search box: a combobox whose list is filled by the search worker.

import type { Hit } from "./search/engine";
import type { Question, Reply } from "./search/message";

const longest = 500; // characters that the field shows; a longer text is kept beside it
const longestShared = 200; // characters in the page's address
const before = 30; // characters of a message shown before the first match
const pause = 60; // milliseconds after a key

export function startSearch(form: HTMLFormElement): void {
  const input = form.querySelector("input");
  const panel = form.querySelector<HTMLElement>(".search-panel");
  const status = form.querySelector<HTMLElement>(".search-status");
  const list = form.querySelector<HTMLElement>(".search-found");
  const hint = form.querySelector<HTMLElement>(".search-hint");
  if (input !== null && panel !== null && status !== null && list !== null && hint !== null) {
    new Box(form, input, panel, status, list, hint).start();
  }
}

class Box {
  private worker: Worker | undefined;
  private asked = 0;
  private pasted: string | undefined; // the whole of a long text
  private fromPaste = false; // some of the text was pasted
  private composing = false;
  private timer = 0;
  private active = -1;
  private readonly home = document.documentElement.dataset.page === "home";

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly panel: HTMLElement,
    private readonly status: HTMLElement,
    private readonly list: HTMLElement,
    private readonly hint: HTMLElement,
  ) {}

  start(): void {
    const { form, input } = this;
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("focus", () => {
      this.ready();
      this.reopen();
    });
    input.addEventListener("compositionstart", () => (this.composing = true));
    input.addEventListener("compositionend", () => {
      this.composing = false;
      this.changed();
    });
    input.addEventListener("input", () => {
      this.pasted = undefined;
      this.fromPaste &&= input.value !== "";
      if (!this.composing) {
        this.changed();
      }
    });
    input.addEventListener("paste", (event) => this.paste(event));
    input.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("focusout", (event) => {
      if (!this.home && !(event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) {
        this.close();
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isEditable(event.target)) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    });
    const asked = new URLSearchParams(location.search).get("q") ?? "";
    if (asked !== "") {
      this.take(asked);
    } else if (input.value !== "") {
      this.ask(); // restored by the browser
    }
  }

  // ready starts the worker, once.
  private ready(): Worker {
    if (this.worker === undefined) {
      this.worker = new Worker(this.form.dataset.worker ?? "", { type: "module" });
      this.worker.addEventListener("message", (event: MessageEvent<Reply>) => this.show(event.data));
      this.worker.addEventListener("error", () => this.say(this.text("failed")));
    }
    return this.worker;
  }

  private text(name: string): string {
    return this.form.dataset[name] ?? "";
  }

  private query(): string {
    return this.pasted ?? this.input.value;
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), pause);
  }

  // paste keeps the lines of what is pasted, which the field would join.
  private paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    this.fromPaste = true;
    if (text.length <= longest && !/[\r\n]/.test(text)) {
      return;
    }
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = this.input;
    const start = selectionStart ?? value.length;
    this.take(value.slice(0, start) + text.trim() + value.slice(selectionEnd ?? start));
  }

  // take searches for a text of any length. The field shows the beginning of
  // a long one.
  private take(text: string): void {
    const line = text.replace(/\r\n?|\n/g, " ⏎ ");
    this.pasted = line.length > longest ? text : undefined;
    this.input.value = line.length > longest ? line.slice(0, longest) + "…" : line;
    this.ask();
  }

  private ask(): void {
    clearTimeout(this.timer);
    const text = this.query();
    this.asked++;
    if (text.trim() === "") {
      this.list.replaceChildren();
      this.say("");
      this.share([]);
      this.close();
      return;
    }
    const question: Question = { id: this.asked, base: this.form.dataset.base ?? "/", text };
    this.ready().postMessage(question);
    if (this.pasted !== undefined) {
      this.hint.textContent = this.text("pasted").replace("{lines}", String(text.split(/\r\n?|\n/).length));
    }
  }

  // share keeps the query in the address of the home page, so that it can be
  // sent to somebody. Of what was pasted, which may hold names of machines and
  // people, only the codes get there.
  private share(codes: string[]): void {
    if (!this.home) {
      return;
    }
    const address = new URL(location.href);
    const query = this.fromPaste ? codes.filter((key) => /^(hex|kb|id):/.test(key)).map((key) => this.spell(key)).join(" ") : this.input.value.trim();
    if (query === "" || query.length > longestShared) {
      address.searchParams.delete("q");
    } else {
      address.searchParams.set("q", query);
    }
    if (address.href !== location.href) {
      history.replaceState(history.state, "", address);
    }
  }

  private say(text: string): void {
    this.status.textContent = text;
    this.hint.textContent = "";
    if (text !== "") {
      this.open();
    }
  }

  private show(reply: Reply): void {
    if (reply.id !== this.asked) {
      return; // the reader typed on
    }
    this.list.replaceChildren(...reply.hits.flatMap((hit, i) => this.item(hit, i)));
    this.activate(-1);
    this.share(reply.codes);
    const pasted = this.pasted === undefined ? "" : this.hint.textContent;
    this.say(this.summary(reply));
    this.hint.textContent = reply.total > 0 ? pasted : this.advice(reply);
  }

  private summary(reply: Reply): string {
    if (reply.failed) {
      return this.text("failed");
    }
    const parts = [reply.total === 0 ? this.text("none") : this.text("found").replace("{count}", String(reply.total))];
    if (reply.codes.length > 0) {
      parts.push(this.text("understood").replace("{codes}", reply.codes.slice(0, 5).map((key) => this.spell(key)).join(", ")));
    }
    if (reply.partial) {
      parts.push(this.text("partial"));
    }
    return parts.join(" ");
  }

  // advice says how to write the article that was not found.
  private advice(reply: Reply): string {
    if (reply.failed) {
      return "";
    }
    const code = reply.codes[0];
    const slug = code === undefined ? "SLUG" : "error-" + code.slice(code.indexOf(":") + 1).replace(/[^a-z0-9]+/g, "-");
    return this.text("write").replace("{slug}", slug);
  }

  private spell(key: string): string {
    const [family, value = ""] = key.split(":");
    switch (family) {
      case "hex":
        return "0x" + (value.length > 4 ? value.padStart(8, "0") : value).toUpperCase();
      case "kb":
        return "KB" + value;
      case "event":
        return this.text("event").replace("{id}", value);
      case "num":
        return this.text("number").replace("{number}", value);
    }
    return value.toUpperCase();
  }

  // item makes the options of a hit: the article in the page's language and,
  // if the other language's message matched, that one.
  private item(hit: Hit, i: number): HTMLElement[] {
    const here = document.documentElement.lang;
    const options = [this.option(hit, here, `kb:found-${i}`)];
    if (hit.field === "wording" && hit.lang !== here && hit.titles[hit.lang] !== undefined && hit.titles[here] !== undefined) {
      options.push(this.option(hit, hit.lang, `kb:found-${i}-${hit.lang}`));
    }
    return options;
  }

  private option(hit: Hit, lang: string, id: string): HTMLElement {
    const shown = hit.titles[lang] === undefined ? (Object.keys(hit.titles)[0] ?? lang) : lang;
    const item = element("li", "");
    item.setAttribute("role", "none");
    const link = element("a", "search-option");
    link.id = id;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    link.href = `${this.form.dataset.base ?? "/"}${lang}/${encodeURIComponent(hit.slug)}/`;
    const title = element("span", "search-title");
    title.textContent = hit.titles[shown] ?? hit.slug;
    title.lang = shown;
    const why = element("span", "label");
    why.textContent = this.text(hit.by === "wording" && hit.field === "title" ? "byTitle" : "by" + hit.by[0]?.toUpperCase() + hit.by.slice(1));
    link.append(title, why);
    if (lang !== document.documentElement.lang || shown !== lang) {
      link.append(" ", this.languageName(shown));
    }
    if (hit.field === "wording" && (lang === hit.lang || hit.titles[hit.lang] === undefined || lang === document.documentElement.lang)) {
      link.append(marked(hit));
    }
    item.append(link);
    return item;
  }

  private languageName(lang: string): HTMLElement {
    const name = element("span", "label");
    for (const pair of this.text("names").split(";")) {
      const [code, text] = pair.split("=");
      if (code === lang) {
        name.textContent = text ?? lang;
      }
    }
    name.lang = lang;
    return name;
  }

  private options(): HTMLAnchorElement[] {
    return [...this.list.querySelectorAll<HTMLAnchorElement>("a")];
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || this.composing) {
      return;
    }
    const options = this.options();
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (options.length === 0) {
          return;
        }
        this.open();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const from = this.active < 0 && step < 0 ? 0 : this.active;
        this.activate((from + step + options.length) % options.length);
        break;
      }
      case "Enter":
        (options[this.active] ?? options[0])?.click();
        break;
      case "Escape":
        if (this.panel.hidden || this.home) {
          this.pasted = undefined;
          this.input.value = "";
          this.ask();
        }
        this.close();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private activate(index: number): void {
    this.active = index;
    const options = this.options();
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const option = options[index];
    if (option === undefined) {
      this.input.removeAttribute("aria-activedescendant");
    } else {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  }

  private open(): void {
    this.panel.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.list.childElementCount > 0));
  }

  private reopen(): void {
    if (this.status.textContent !== "" && this.input.value !== "") {
      this.open();
    }
  }

  private close(): void {
    if (this.home && this.list.childElementCount > 0) {
      return;
    }
    this.panel.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }
}

// marked shows the message that matched, with what the query has marked.
function marked(hit: Hit): HTMLElement {
  const excerpt = element("span", "excerpt");
  excerpt.lang = hit.lang;
  const marks = merged(hit.marks);
  let at = beginning(hit.text, marks[0]?.[0] ?? 0);
  excerpt.append(at > 0 ? "…" : "");
  for (const [from, to] of marks) {
    const mark = element("mark", "");
    mark.textContent = hit.text.slice(from, to);
    excerpt.append(hit.text.slice(at, from), mark);
    at = to;
  }
  excerpt.append(hit.text.slice(at));
  return excerpt;
}

// beginning is where an excerpt begins so that its first match is on one of the
// first lines: at a word, if there is one.
function beginning(text: string, match: number): number {
  if (match <= before) {
    return 0;
  }
  const words = /[\s。、,;:]+(?=\S)/.exec(text.slice(match - before, match));
  const from = match - before + (words === null ? 0 : words.index + words[0].length);
  return /[\udc00-\udfff]/.test(text.charAt(from)) ? from + 1 : from;
}

function merged(marks: [number, number][]): [number, number][] {
  const out: [number, number][] = [];
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    const last = out[out.length - 1];
    if (last !== undefined && from <= last[1] + 1) {
      last[1] = Math.max(last[1], to);
    } else {
      out.push([from, to]);
    }
  }
  return out;
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string): HTMLElementTagNameMap[K] {
  const e = document.createElement(name);
  if (className !== "") {
    e.className = className;
  }
  return e;
}
