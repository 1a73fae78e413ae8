import type { SequenceRow } from "#core/view/sequence/row"
import { element } from "../shared/element.ts"
import { phaseColor } from "../shared/phaseColor.ts"
import type { Theme } from "../shared/theme.ts"
import { t } from "../shared/words.ts"
import { makePaint } from "./paint.ts"

type Sign = "wait" | "cold" | "succeeded" | "running" | "failed"

/** Explains only the signs that are in the picture. */
export function legendOf(rows: readonly SequenceRow[], theme: Theme): readonly HTMLElement[] {
  const used = new Set<Sign>()
  for (const { segments, phase } of rows) {
    for (const { kind } of segments) {
      if (kind === "wait") used.add("wait")
      else if (kind === "failed") used.add("failed")
      else if (kind !== "work") used.add("cold")
      else used.add(phase === "running" ? "running" : "succeeded")
    }
    if (used.size === 5) break
  }
  const words: Readonly<Record<Sign, string>> = {
    wait: t("waits for a node"),
    cold: t("cold start"),
    succeeded: t("work, succeeded"),
    running: t("work, running"),
    failed: t("work, failed"),
  }
  const order: readonly Sign[] = ["wait", "cold", "succeeded", "running", "failed"]
  return order
    .filter((sign) => used.has(sign))
    .map((sign) => element("span", {}, swatch(sign, theme), words[sign]))
}

function swatch(sign: Sign, theme: Theme): HTMLElement {
  const width = 26
  const height = 11
  const canvas = element("canvas", { "aria-hidden": "true" })
  canvas.width = width * devicePixelRatio
  canvas.height = height * devicePixelRatio
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const context = canvas.getContext("2d")
  if (context === null) return canvas
  context.scale(devicePixelRatio, devicePixelRatio)
  const paint = makePaint(context, theme, devicePixelRatio)
  if (sign === "wait") {
    context.fillStyle = theme.colors.yellow
    context.fillRect(0, height / 2 - 1.25, width, 2.5)
  } else if (sign === "cold") {
    context.fillStyle = paint.cold
    context.fillRect(0, 0, width, height)
    context.strokeStyle = theme.colors.dimText
    context.strokeRect(0.5, 0.5, width - 1, height - 1)
  } else {
    context.fillStyle = theme.colors[phaseColor[sign]]
    context.beginPath()
    context.roundRect(0, 0, width, height, 2)
    context.fill()
  }
  return canvas
}
