// The script of every page. Without it everything works but the search and the
// results of kbprobe.

import { addCopyButtons } from "./copy";
import { chooseLanguage, keepPlace, rememberLanguage } from "./language";
import { startResults } from "./results";
import { startSearch } from "./box";

rememberLanguage();
if (document.documentElement.dataset.page === "choose") {
  chooseLanguage();
}
keepPlace();
addCopyButtons();
for (const article of document.querySelectorAll<HTMLElement>("article[data-slug]")) {
  startResults(article);
}
for (const form of document.querySelectorAll<HTMLFormElement>("form.search")) {
  startSearch(form);
}
