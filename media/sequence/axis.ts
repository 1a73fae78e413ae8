import { lengthText } from "#core/view/length"
import { placeOf, tickStep, ticksOf } from "#core/view/sequence/scale"
import { t } from "../shared/words.ts"
import { mix } from "./paint.ts"
import {
  axisHeight,
  type Columns,
  type Pen,
  placesPerPixel,
  type Scene,
  writeText,
  xOf,
} from "./scene.ts"
import { clockText, sinceText } from "./sequenceWords.ts"

/** Lines at the ticks, and the bands of what was cut out. */
export function drawTimes(pen: Pen, scene: Scene, columns: Columns): void {
  const context = pen.context
  const { scale, height, window } = scene
  context.fillStyle = pen.paint.grid
  for (const { place } of ticks(scene, columns)) {
    const x = Math.round(xOf(columns, { window }, place))
    context.fillRect(x, axisHeight, 1, height - axisHeight)
  }
  for (const gap of scale.gaps) {
    const from = Math.max(columns.plotLeft, xOf(columns, { window }, gap.place))
    const to = Math.min(columns.plotRight, xOf(columns, { window }, gap.place + gap.width))
    if (to <= from) continue
    context.fillStyle = pen.paint.theme.colors.ground
    context.fillRect(from, axisHeight, to - from, height)
    context.fillStyle = pen.paint.band
    context.fillRect(from, axisHeight, to - from, height)
    context.strokeStyle = pen.paint.theme.colors.lines
    context.lineWidth = 1
    context.setLineDash([4, 3])
    context.beginPath()
    for (const x of [from, to]) {
      context.moveTo(Math.round(x) + 0.5, axisHeight)
      context.lineTo(Math.round(x) + 0.5, height)
    }
    context.stroke()
    context.setLineDash([])
  }
}

/** How far apart lines stand, in milliseconds. */
export function stepOf(scene: Pick<Scene, "window">, columns: Columns): number {
  return tickStep(placesPerPixel(columns, scene.window) * 74)
}

function ticks(scene: Scene, columns: Columns) {
  const { scale, window } = scene
  return ticksOf(scale, window, stepOf(scene, columns))
}

export function drawAxis(pen: Pen, scene: Scene, columns: Columns): void {
  const context = pen.context
  const { theme } = pen.paint
  const { colors } = theme
  const { scale, width, brush, now } = scene
  context.fillStyle = colors.ground
  context.fillRect(0, 0, width, axisHeight)
  const base = axisHeight - 14
  writeText(pen, scene.rowsWord, 16, base + 1, { color: colors.dimText })
  for (const [id, end] of columns.ends) {
    writeText(pen, columnWord(id), end, base + 1, { color: colors.dimText, align: "right" })
  }
  context.save()
  context.beginPath()
  context.rect(columns.plotLeft - 24, 0, columns.plotRight - columns.plotLeft + 48, axisHeight)
  context.clip()
  const days = scale.end - scale.begin > 20 * 3_600_000
  const taken = gapLabels(pen, scene, columns)
  const nowX = xOf(columns, scene, placeOf(scale, now))
  if (scene.isLive) taken.push([nowX - 46, nowX + 46])
  const half = days ? 62 : 32
  for (const { time, place } of ticks(scene, columns)) {
    const x = xOf(columns, scene, place)
    if (x < columns.plotLeft - 2 || x > columns.plotRight + 2) continue
    if (taken.some(([from, to]) => x + half > from && x - half < to)) continue
    taken.push([x - half, x + half - 4])
    const since = sinceText(time - scale.begin)
    writeText(pen, since, x, base - 14, { color: colors.text, font: "600 11px", align: "center" })
    writeText(pen, clockText(time, days), x, base + 1, {
      color: colors.dimText,
      font: "11px",
      align: "center",
    })
  }
  if (brush !== undefined) {
    context.fillStyle = mix(colors.focus, 30)
    context.fillRect(Math.min(...brush), 0, Math.abs(brush[1] - brush[0]), axisHeight)
  }
  context.restore()
  context.fillStyle = colors.rule
  context.fillRect(16, axisHeight - 1, width - 32, 1)
  drawNow(pen, scene, columns, true)
}

function gapLabels(pen: Pen, scene: Scene, columns: Columns): [number, number][] {
  const { colors } = pen.paint.theme
  return scene.scale.gaps.map((gap): [number, number] => {
    const from = xOf(columns, scene, gap.place)
    const to = xOf(columns, scene, gap.place + gap.width)
    const x = (from + to) / 2
    if (x > columns.plotLeft && x < columns.plotRight) {
      const base = axisHeight - 14
      const style = { color: colors.dimText, font: "italic 11px", align: "center" } as const
      writeText(pen, lengthText(gap.to - gap.from), x, base - 14, style)
      const nowX = xOf(columns, scene, placeOf(scene.scale, scene.now))
      const isFree = !scene.isLive || Math.abs(nowX - x) > 84
      if (isFree) writeText(pen, t("nothing ran"), x, base + 1, style)
    }
    return [Math.min(from, x - 34), Math.max(to, x + 34)]
  })
}

export function drawNow(pen: Pen, scene: Scene, columns: Columns, isLabel: boolean): void {
  if (!scene.isLive || scene.scale.pieces.length === 0) return
  const context = pen.context
  const { colors, isHighContrast } = pen.paint.theme
  const x = xOf(columns, scene, placeOf(scene.scale, scene.now))
  if (x < columns.plotLeft - 1 || x > columns.plotRight + 1) return
  if (!isLabel) {
    context.fillStyle = colors.focus
    context.fillRect(x - 0.75, axisHeight - 4, isHighContrast ? 2 : 1.5, scene.height)
    return
  }
  const text = t("now {time}", { time: clockText(scene.now) })
  context.font = `11px ${pen.font}`
  const width = context.measureText(text).width + 10
  const left = Math.min(x - width / 2, scene.width - width - 4)
  context.fillStyle = colors.button
  context.beginPath()
  context.roundRect(left, axisHeight - 22, width, 17, 3)
  context.fill()
  writeText(pen, text, left + width / 2, axisHeight - 13, {
    color: colors.buttonText,
    font: "11px",
    align: "center",
  })
}

function columnWord(id: Columns["ends"][number][0]): string {
  switch (id) {
    case "waited":
      return t("Waited")
    case "cold":
      return t("Cold")
    case "work":
      return t("Work")
    case "total":
      return t("Total")
  }
}
