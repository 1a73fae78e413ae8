import { lengthText } from "#core/view/length"
import { figuresOf, isKnown, type Segment, type SequenceRow } from "#core/view/sequence/row"
import { placeOf } from "#core/view/sequence/scale"
import { drawPhase, turnAt } from "../shared/drawPhase.ts"
import { visibleText } from "../shared/visibleText.ts"
import { cutText, mix, workColor } from "./paint.ts"
import { type Columns, type Pen, type Scene, writeText, xOf, xOfTime } from "./scene.ts"
import { nameOf } from "./sequenceWords.ts"

/** A row that is high enough to be read: its sign and name, its bar, its figures. */
export function drawRow(
  pen: Pen,
  scene: Scene,
  columns: Columns,
  row: SequenceRow,
  top: number,
): void {
  const { theme } = pen.paint
  const { colors } = theme
  const { rowHeight } = scene.layout
  const context = pen.context
  const middle = top + rowHeight / 2
  const isSelected = row.id === scene.selected
  if (row.id === scene.hovered || isSelected) {
    context.fillStyle = pen.paint.hover
    context.fillRect(8, top, scene.width - 16, rowHeight)
  }
  if (isSelected) {
    context.strokeStyle = theme.isHighContrast ? colors.contrastActive : colors.focus
    context.lineWidth = theme.isHighContrast ? 2 : 1
    context.strokeRect(8.5, top + 0.5, scene.width - 17, rowHeight - 1)
  }
  const isLow = rowHeight < 18
  drawPhase(context, theme, {
    phase: row.phase,
    x: 23,
    y: middle,
    size: isLow ? 10 : 14,
    turn: turnAt(scene.clock, theme),
  })
  const font = isLow ? "10px" : "12px"
  context.font = `${font} ${pen.font}`
  const hasBegun = row.segments.length > 0
  writeText(pen, cutText(context, visibleText(nameOf(row)), columns.plotLeft - 48), 36, middle, {
    color: hasBegun ? colors.text : colors.dimText,
    font,
  })
  if (hasBegun) drawFigures(pen, scene, columns, row, middle, font)
  context.save()
  context.beginPath()
  context.rect(columns.plotLeft - 2, top, columns.plotRight - columns.plotLeft + 4, rowHeight)
  context.clip()
  if (hasBegun) drawBar(pen, scene, columns, row, top)
  drawReason(pen, scene, columns, row, middle, isLow)
  context.restore()
}

function drawFigures(
  pen: Pen,
  scene: Scene,
  columns: Columns,
  row: SequenceRow,
  y: number,
  font: string,
): void {
  const { colors } = pen.paint.theme
  const figures = figuresOf(row, scene.now)
  for (const [id, end] of columns.ends) {
    const value = figures[id]
    const isSaid = isKnown(row, id)
    const isDim = !isSaid || (id !== "total" && value === 0)
    writeText(pen, isSaid ? lengthText(value) : "–", end, y, {
      color: isDim ? colors.dimText : colors.text,
      font,
      align: "right",
    })
  }
}

/** Why it waits, at its bar; or why it has none. */
function drawReason(
  pen: Pen,
  scene: Scene,
  columns: Columns,
  row: SequenceRow,
  y: number,
  isLow: boolean,
): void {
  if (row.reason === undefined || isLow) return
  const isOpen = row.phase === "queued" || row.segments.length === 0
  if (!isOpen) return
  const context = pen.context
  const { colors } = pen.paint.theme
  const begin = row.begin ?? (scene.isLive ? scene.now : scene.scale.end)
  const x = xOf(columns, scene, placeOf(scene.scale, begin))
  context.font = `11px ${pen.font}`
  const text = visibleText(row.reason)
  const color = colors.dimText
  const left = Math.min(x, columns.plotRight) - 8 - columns.plotLeft
  const end = xOf(columns, scene, placeOf(scene.scale, scene.now))
  const right = columns.plotRight - end - 8
  if (left >= right || row.segments.length === 0) {
    const shown = cutText(context, text, Math.max(left, 60))
    writeText(pen, shown, columns.plotLeft + left, y, {
      color,
      font: "11px",
      align: "right",
      isOverLines: true,
    })
  } else {
    const shown = cutText(context, text, right)
    writeText(pen, shown, end + 8, y, { color, font: "11px", isOverLines: true })
  }
}

function drawBar(pen: Pen, scene: Scene, columns: Columns, row: SequenceRow, top: number): void {
  const { rowHeight } = scene.layout
  const height = rowHeight >= 26 ? 12 : rowHeight >= 18 ? 10 : rowHeight - 4
  const y = top + (rowHeight - height) / 2
  for (const [index, segment] of row.segments.entries()) {
    const from = xOfTime(scene, columns, segment.from)
    const to = xOfTime(scene, columns, segment.to ?? scene.now)
    if (to < columns.plotLeft || from > columns.plotRight) continue
    const box = { x: from, y, width: Math.max(to - from, 1), height }
    drawSegment(pen, scene, columns, row, segment, index, box)
    if (row.id === scene.selected && index === scene.segment) {
      pen.context.strokeStyle = pen.paint.theme.colors.focus
      pen.context.lineWidth = 2
      pen.context.strokeRect(box.x - 1, y - 2, box.width + 2, height + 4)
    }
  }
}

/** A sign, not only a colour, where it ended badly: behind the bar, or in it where there is no room. */
function drawCross(
  pen: Pen,
  scene: Scene,
  columns: Columns,
  row: SequenceRow,
  index: number,
  box: Box,
): void {
  if (scene.layout.rowHeight < 18) return
  const { theme } = pen.paint
  const next = row.segments[index + 1]
  const end = box.x + box.width
  const free = next === undefined ? 20 : xOfTime(scene, columns, next.to ?? scene.now) - end
  const y = box.y + box.height / 2
  if (free >= 15) {
    drawPhase(pen.context, theme, { phase: "failed", x: end + 9, y, size: 13, turn: 0 })
  } else if (box.width >= 14) {
    const context = pen.context
    context.strokeStyle = theme.colors.ground
    context.lineWidth = 1.5
    context.beginPath()
    for (const side of [-1, 1]) {
      context.moveTo(end - 10, y - 3 * side)
      context.lineTo(end - 4, y + 3 * side)
    }
    context.stroke()
  }
}

function drawSegment(
  pen: Pen,
  scene: Scene,
  columns: Columns,
  row: SequenceRow,
  segment: Segment,
  index: number,
  box: Box,
): void {
  const context = pen.context
  const { theme } = pen.paint
  const { colors } = theme
  const { x, y, width, height } = box
  switch (segment.kind) {
    case "wait": {
      const isBackOff = index > 0
      // A thin line waits for a node; between two tries nothing is drawn but the time passes.
      if (isBackOff && segment.to !== undefined) return
      context.fillStyle = colors.yellow
      context.fillRect(x, y + height / 2 - 1.25, Math.max(width, 2), 2.5)
      return
    }
    case "setup":
    case "pull":
    case "init":
      context.fillStyle = pen.paint.cold
      context.fillRect(x, y, width, height)
      context.strokeStyle = mix(colors.dimText, 80)
      context.lineWidth = 1
      context.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), height - 1)
      return
    case "work":
    case "failed": {
      const color = workColor(segment, row, theme)
      context.fillStyle = color
      const isOpen = segment.to === undefined
      if (isOpen && !theme.isHighContrast && width > 20) {
        const soft = context.createLinearGradient(x + width - 14, 0, x + width, 0)
        soft.addColorStop(0, color)
        soft.addColorStop(1, mix(color, 45))
        context.fillStyle = soft
      }
      context.beginPath()
      context.roundRect(x, y, width, height, isOpen ? 0 : [0, 2, 2, 0])
      context.fill()
      if (theme.isHighContrast) {
        context.strokeStyle = colors.contrast
        context.lineWidth = 1
        context.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), height - 1)
      }
      if (segment.kind === "failed") drawCross(pen, scene, columns, row, index, box)
    }
  }
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
