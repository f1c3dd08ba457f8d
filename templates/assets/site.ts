// The script of every page. Without it everything but the search works.

import { addCopyButtons } from "./copy";
import { chooseLanguage, rememberLanguage } from "./language";
import { startSearch } from "./search";

document.documentElement.classList.remove("no-js");

rememberLanguage();
if (document.documentElement.dataset.page === "choose") {
  chooseLanguage();
}
addCopyButtons();
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-search]")) {
  startSearch(form);
}
