import type { ViewPhase } from "#core/view/phase"
import { drawPhase, turnAt } from "./drawPhase.ts"
import { element } from "./element.ts"
import type { Theme } from "./theme.ts"

/** The sign of a phase among text; the word beside it, or its button's name, says what it means. */
export function phaseSign(phase: ViewPhase, theme: Theme, size = 16): HTMLCanvasElement {
  const canvas = element("canvas", { class: `phase-sign phase-${phase}`, "aria-hidden": "true" })
  const scale = devicePixelRatio
  canvas.width = Math.round(size * scale)
  canvas.height = Math.round(size * scale)
  canvas.style.width = `${size}px`
  canvas.style.height = `${size}px`
  const context = canvas.getContext("2d")
  if (context === null) return canvas
  context.scale(scale, scale)
  drawPhase(context, theme, { phase, x: size / 2, y: size / 2, size, turn: turnAt(0, theme) })
  return canvas
}
