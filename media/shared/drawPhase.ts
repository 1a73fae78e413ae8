import type { ViewPhase } from "#core/view/phase"
import { phaseColor } from "./phaseColor.ts"
import type { Theme } from "./theme.ts"

export interface PhaseSign {
  readonly phase: ViewPhase
  /** The middle, and the side of the square it fills. */
  readonly x: number
  readonly y: number
  readonly size: number
  /** How far the arc of what runs has turned: 0 … 1. */
  readonly turn: number
  readonly color?: string
}

/** The sign of a phase on a canvas: told by its shape alone, also in grey. */
export function drawPhase(context: CanvasRenderingContext2D, theme: Theme, sign: PhaseSign): void {
  const { phase, x, y, size, turn } = sign
  const color = sign.color ?? theme.colors[phaseColor[phase]]
  const unit = size / 16
  const radius = 6.5 * unit
  context.save()
  context.translate(x, y)
  context.lineWidth = Math.max(1, 1.25 * unit)
  context.lineCap = "round"
  context.lineJoin = "round"
  context.strokeStyle = color
  context.fillStyle = color
  const ring = (from = 0, to = 2 * Math.PI) => {
    context.beginPath()
    context.arc(0, 0, radius, from, to)
    context.stroke()
  }
  const stroke = (...points: readonly (readonly [number, number])[]) => {
    context.beginPath()
    for (const [a, b] of points) context.lineTo(a * unit, b * unit)
    context.stroke()
  }
  switch (phase) {
    case "waiting":
    case "not-started":
      context.setLineDash([2.4 * unit, 2.2 * unit])
      ring()
      break
    case "unknown":
      context.setLineDash([2.4 * unit, 2.2 * unit])
      ring()
      context.setLineDash([])
      context.font = `600 ${9 * unit}px ${theme.font}`
      context.textAlign = "center"
      context.textBaseline = "middle"
      context.fillText("?", 0, 0.5 * unit)
      break
    case "queued":
      ring()
      stroke([0, -3.5], [0, 0], [2.5, 1.8])
      break
    case "running": {
      context.lineWidth = Math.max(1, 1.9 * unit)
      context.rotate(turn * 2 * Math.PI)
      ring(-0.5 * Math.PI, Math.PI)
      break
    }
    case "succeeded":
      ring()
      stroke([-3, 0.3], [-0.9, 2.4], [3.1, -2.2])
      break
    case "reused":
      ring(-0.8 * Math.PI, 0.85 * Math.PI)
      stroke([-7.6, -3.2], [-5.4, -3.9], [-4.6, -1.6])
      stroke([0, -3], [0, 0.4], [2.2, 1.6])
      break
    case "failed":
      ring()
      stroke([-2.4, -2.4], [2.4, 2.4])
      stroke([2.4, -2.4], [-2.4, 2.4])
      break
    case "skipped":
      ring()
      stroke([-4.5, 4.5], [4.5, -4.5])
      break
    case "stopped":
      ring()
      context.fillRect(-2.4 * unit, -2.4 * unit, 4.8 * unit, 4.8 * unit)
      break
    case "suspended":
      context.lineWidth = Math.max(1.5, 2.4 * unit)
      stroke([-2.6, -4.5], [-2.6, 4.5])
      stroke([2.6, -4.5], [2.6, 4.5])
      break
  }
  context.restore()
}

/** How far the running arc has turned; a still three-quarter arc where nothing may move. */
export function turnAt(milliseconds: number, { isStill }: Theme): number {
  return isStill ? 0 : (milliseconds % period) / period
}

/** One turn, as VS Code's own loading icon takes. */
const period = 1600
