// The search box of the home page: an article is shown if every word of the
// query is part of its title or of one of its messages.

interface Article {
  url: string;
  lang: string;
  title: string;
  errorTexts: string[];
}

const most = 20; // results that are shown

export function startSearch(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=search]");
  const status = form.querySelector<HTMLElement>(".search-status");
  const results = form.querySelector<HTMLElement>(".search-results");
  const address = form.dataset.search;
  if (input === null || status === null || results === null || address === undefined) {
    return;
  }
  let articles: Promise<Article[]> | undefined;
  let latest = 0;

  const update = async (): Promise<void> => {
    const query = words(input.value);
    const mine = ++latest;
    if (query.length === 0) {
      results.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      articles ??= load(address);
      const found = filter(await articles, query);
      if (mine !== latest) {
        return; // the reader typed on
      }
      results.replaceChildren(...found.slice(0, most).map(item));
      status.textContent =
        found.length === 0
          ? (status.dataset.none ?? "")
          : (status.dataset.count ?? "").replace("{count}", String(found.length));
    } catch {
      articles = undefined;
      results.replaceChildren();
      status.textContent = status.dataset.failed ?? "";
    }
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", (event) => {
    // While an input method composes, the text is not yet what is meant.
    if (!(event instanceof InputEvent && event.isComposing)) {
      void update();
    }
  });
  input.addEventListener("compositionend", () => void update());
  if (input.value !== "") {
    void update(); // restored by the browser
  }
}

async function load(address: string): Promise<Article[]> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`${address}: ${response.status}`);
  }
  return (await response.json()) as Article[];
}

function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function words(text: string): string[] {
  return normalise(text)
    .split(/\s+/)
    .filter((word) => word !== "");
}

function filter(articles: Article[], query: string[]): Article[] {
  return articles.filter((article) => {
    const text = normalise([article.title, ...article.errorTexts].join("\n"));
    return query.every((word) => text.includes(word));
  });
}

function item(article: Article): HTMLLIElement {
  const li = document.createElement("li");
  const link = document.createElement("a");
  link.href = article.url;
  link.lang = article.lang;
  link.textContent = article.title;
  const excerpt = document.createElement("p");
  excerpt.className = "excerpt";
  excerpt.lang = article.lang;
  excerpt.textContent = article.errorTexts[0] ?? "";
  li.append(link, excerpt);
  return li;
}
