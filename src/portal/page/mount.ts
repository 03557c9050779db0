/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Element_, Shown } from "./tree.js";

// Trees as elements of the document: by createElement and textContent alone, so that nothing is ever read as HTML. What stays the same stays
// the same element, so that focus, selections and what is unfolded outlast a reading of the chain.

/** What an element of the document was made of. */
const MADE = new WeakMap<Node, Shown>();

/** Makes a container show a tree and nothing else. */
export function mount(container: HTMLElement, children: readonly Shown[]): void {
  for (const [place, shown] of children.entries()) {
    const there = container.childNodes[place];
    const fresh = there === undefined ? undefined : updated(there, shown);
    if (there === undefined) container.append(made(shown));
    else if (fresh === undefined) there.replaceWith(made(shown));
  }
  while (container.childNodes.length > children.length) container.lastChild!.remove();
}

function made(shown: Shown): Node {
  if (shown.kind !== "element") {
    const text = document.createTextNode(shown.text);
    MADE.set(text, shown);
    return text;
  }
  const element = document.createElement(shown.tag);
  update(element, shown);
  return element;
}

/** The node itself where it can show this instead. */
function updated(node: Node, shown: Shown): Node | undefined {
  const before = MADE.get(node);
  if (before === undefined) return undefined;
  if (shown.kind !== "element") {
    if (before.kind === "element") return undefined;
    if (node.textContent !== shown.text) node.textContent = shown.text;
    MADE.set(node, shown);
    return node;
  }
  if (before.kind !== "element" || before.tag !== shown.tag) return undefined;
  // Another statement is another element: what was unfolded or typed there was of the first.
  if (before.attributes.id !== shown.attributes.id) return undefined;
  update(node as HTMLElement, shown, before);
  return node;
}

function update(element: HTMLElement, shown: Element_, before?: Element_): void {
  for (const name of Object.keys(before?.attributes ?? {}))
    if (shown.attributes[name] === undefined || shown.attributes[name] === false)
      element.removeAttribute(name);
  for (const [name, setting] of Object.entries(shown.attributes)) {
    if (setting === undefined || setting === false || before?.attributes[name] === setting) continue;
    element.setAttribute(name, setting === true ? "" : setting);
    if (element instanceof HTMLInputElement && name === "checked") element.checked = true;
  }
  if (element instanceof HTMLInputElement && element.type === "checkbox")
    element.checked = shown.attributes.checked === true;
  for (const [name, listener] of Object.entries(before?.on ?? {}))
    element.removeEventListener(name, listener);
  for (const [name, listener] of Object.entries(shown.on)) element.addEventListener(name, listener);
  mount(element, shown.children);
  MADE.set(element, shown);
}
