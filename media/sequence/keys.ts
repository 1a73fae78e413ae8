import type { Look } from "./protocol.ts"

/** What a key asks for. */
export type Ask =
  | { readonly kind: "step"; readonly by: number }
  | { readonly kind: "page"; readonly by: 1 | -1 }
  | { readonly kind: "segment"; readonly by: 1 | -1 }
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "open" | "next failed" | "find" | "zoom to row" | "next gap" | "now" | "fit" }

/** The same keys in every view; those about time only where there is a time to be seen. */
export function askOf(key: string, look: Look, perRow: number): Ask | undefined {
  const isGrid = look === "grid"
  switch (key) {
    case "ArrowUp":
      return { kind: "step", by: isGrid ? -perRow : -1 }
    case "ArrowDown":
      return { kind: "step", by: isGrid ? perRow : 1 }
    case "ArrowLeft":
      return isGrid ? { kind: "step", by: -1 } : { kind: "segment", by: -1 }
    case "ArrowRight":
      return isGrid ? { kind: "step", by: 1 } : { kind: "segment", by: 1 }
    case "PageUp":
      return { kind: "page", by: -1 }
    case "PageDown":
      return { kind: "page", by: 1 }
    case "Home":
      return { kind: "step", by: Number.NEGATIVE_INFINITY }
    case "End":
      return { kind: "step", by: Number.POSITIVE_INFINITY }
    case "Enter":
      return { kind: "open" }
    case "f":
    case "F":
      return { kind: "next failed" }
    case "/":
      return { kind: "find" }
    default:
      return look === "sequence" ? timeAsk(key) : undefined
  }
}

function timeAsk(key: string): Ask | undefined {
  switch (key) {
    case "z":
    case "Z":
      return { kind: "zoom to row" }
    case "g":
    case "G":
      return { kind: "next gap" }
    case "n":
    case "N":
      return { kind: "now" }
    case "0":
      return { kind: "fit" }
    case "+":
    case "=":
      return { kind: "zoom", factor: 1.5 }
    case "-":
      return { kind: "zoom", factor: 1 / 1.5 }
    default:
      return undefined
  }
}
