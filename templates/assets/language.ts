// The language that a reader chose, kept in this browser.

const key = "kbgen.language";

export function rememberLanguage(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-lang]")) {
    link.addEventListener("click", () => {
      try {
        localStorage.setItem(key, link.dataset.lang ?? "");
      } catch {
        // Storage is switched off: the choice lasts for this page.
      }
    });
  }
}

// keepPlace makes the language switch lead to the same place of the page, with
// the results of kbprobe if there are any.
export function keepPlace(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a[data-lang]")) {
    link.addEventListener("click", () => {
      link.hash = document.querySelector<HTMLElement>("[data-fragment]")?.dataset.fragment ?? location.hash;
    });
  }
}

// chooseLanguage goes to the home page of the remembered language, or else of
// the first of the browser's languages that the site has. If it has none of
// them, the reader chooses.
export function chooseLanguage(): void {
  const homes = new Map<string, string>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("main a[data-lang]")) {
    homes.set(link.dataset.lang ?? "", link.href);
  }
  for (const lang of [remembered(), ...navigator.languages]) {
    const home = homes.get(lang.toLowerCase().split("-")[0] ?? "");
    if (home !== undefined) {
      location.replace(home);
      return;
    }
  }
}

function remembered(): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
