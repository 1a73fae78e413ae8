import { element } from "./element.ts"

/** So many characters at a name's end are never cut: there is the number of the step. */
const tailLength = 9

/** A name that is cut in its middle where there is no room: its end is what tells it apart. */
export function cutName(name: string): HTMLElement {
  const characters = Array.from(name)
  if (characters.length < 2 * tailLength) return element("span", { class: "cut" }, name)
  return element(
    "span",
    { class: "middle" },
    element("span", { class: "cut" }, characters.slice(0, -tailLength).join("")),
    element("span", {}, characters.slice(-tailLength).join("")),
  )
}
