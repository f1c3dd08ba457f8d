// A copy button in every box of preformatted text.

export function addCopyButtons(): void {
  document.querySelectorAll<HTMLElement>("main pre").forEach(addCopyButton);
}

export function addCopyButton(pre: HTMLElement): void {
  const { copy, copied } = document.body.dataset;
  if (copy === undefined || copied === undefined || pre.parentElement?.className === "copy-box") {
    return;
  }
  const box = document.createElement("div");
  box.className = "copy-box";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = copy;
  button.lang = document.documentElement.lang;
  button.addEventListener("click", () => {
    void copyText((pre.textContent ?? "").replace(/\n$/, "")).then((done) => {
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

// copyText falls back to a field of its own: intranet sites are often served
// over plain HTTP, where browsers offer no clipboard.
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.className = "copy-field";
    field.value = text;
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) {
      focused.focus();
    }
    return done;
  }
}
