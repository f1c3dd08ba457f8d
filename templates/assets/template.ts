// The page's <template> elements: whole pieces of the page, in its language,
// with parts that have names and texts that have places.

// content is a copy of what a template holds.
export function content(id: string): DocumentFragment {
  const template = document.querySelector<HTMLTemplateElement>(`template#${CSS.escape(id)}`);
  if (template === null) {
    throw new Error(`the page has no template ${id}`);
  }
  return document.importNode(template.content, true);
}

// part finds a part of a template by its name.
export function part(within: ParentNode, name: string): HTMLElement {
  const found = within.querySelector<HTMLElement>(`[data-show="${name}"]`);
  if (found === null) {
    throw new Error(`a template lacks ${name}`);
  }
  return found;
}

// say fills in the text that an element carries.
export function say(element: HTMLElement, values: Record<string, string>): string {
  return (element.dataset.text ?? "").replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
