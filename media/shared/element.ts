import { visibleText } from "./visibleText.ts"

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * An element with attributes and children. Strings become text, never markup, and their control
 * characters are made visible: the only way text comes into a page.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  setAttributes(made, attributes)
  made.append(...children.map((child) => (typeof child === "string" ? visibleText(child) : child)))
  return made
}

/** Attributes that are undefined or false are taken away; true ones stand without a value. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) target.removeAttribute(name)
    else target.setAttribute(name, value === true ? "" : visibleText(String(value)))
  }
}

/** Says another text, touching the page only when it differs. */
export function setText(target: Element, text: string): void {
  const shown = visibleText(text)
  if (target.textContent !== shown) target.textContent = shown
}

/** A codicon, for the eye only: what it means stands beside it or in the name of its button. */
export function codicon(name: string): HTMLElement {
  const icon = element("span", { class: `codicon codicon-${name}` })
  icon.setAttribute("aria-hidden", "true")
  return icon
}
