/** Elements. Text is only ever set as text, so nothing that was written in a case becomes markup. */

type Child = Node | string | null | false | undefined;
type Attributes = Readonly<Record<string, string | false | true | ((event: Event) => void) | undefined>>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  append(made, children.flat());
  return made;
}

export function append(to: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child !== null && child !== false && child !== undefined) to.append(child);
  }
}

export function show(in_: Element, ...children: readonly Child[]): void {
  in_.replaceChildren();
  append(in_, children);
}

/** Offers bytes as a file; the address of a blob stays on this device. */
export function offer(bytes: Uint8Array, name: string, media: string): void {
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type: media }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
