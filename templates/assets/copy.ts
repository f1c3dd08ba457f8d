// A copy button in every box of preformatted text.

export function addCopyButtons(): void {
  const { copy, copied } = document.body.dataset;
  if (copy === undefined || copied === undefined) {
    return;
  }
  for (const pre of document.querySelectorAll<HTMLPreElement>("main pre")) {
    const box = document.createElement("div");
    box.className = "copy-box";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.lang = document.documentElement.lang;
    button.addEventListener("click", () => {
      void copyText(pre).then((done) => {
        if (!done) {
          return;
        }
        button.textContent = copied;
        setTimeout(() => {
          button.textContent = copy;
        }, 2000);
      });
    });
    pre.replaceWith(box);
    box.append(pre, button);
  }
}

// copyText falls back to selecting the text: intranet sites are often served
// over plain HTTP, where browsers offer no clipboard.
async function copyText(pre: HTMLElement): Promise<boolean> {
  const text = (pre.textContent ?? "").replace(/\n$/, "");
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const selection = getSelection();
    selection?.selectAllChildren(pre);
    return document.execCommand("copy");
  }
}
