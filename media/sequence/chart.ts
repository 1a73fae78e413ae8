import type { SequenceRow } from "#core/view/sequence/row"
import type { Theme } from "../shared/theme.ts"
import { visibleText } from "../shared/visibleText.ts"
import { t } from "../shared/words.ts"
import { drawAxis, drawNow, drawTimes } from "./axis.ts"
import { drawRow } from "./bars.ts"
import { cutText, makePaint, type Paint, workColor } from "./paint.ts"
import { type GroupPlace, groupAt } from "./rowLayout.ts"
import {
  axisHeight,
  type Columns,
  columnsFor,
  type Pen,
  type Scene,
  writeText,
  xOfTime,
} from "./scene.ts"
import { doneText, totalsText } from "./sequenceWords.ts"

/** Draws the picture. Only what is seen is looked at, however many rows there are. */
export class Chart {
  readonly #context: CanvasRenderingContext2D
  readonly #canvas: HTMLCanvasElement
  #paint: Paint
  #density = 0

  constructor(canvas: HTMLCanvasElement, theme: Theme) {
    const context = canvas.getContext("2d", { alpha: false })
    if (context === null) throw new Error("This page has no canvas to draw on.")
    this.#canvas = canvas
    this.#context = context
    this.#paint = makePaint(context, theme, devicePixelRatio)
  }

  setTheme(theme: Theme): void {
    this.#paint = makePaint(this.#context, theme, this.#density || devicePixelRatio)
  }

  /** Answers whether anything of it moves by itself. */
  draw(scene: Scene): boolean {
    const { width, height, layout } = scene
    const context = this.#context
    this.#fit(width, height)
    const { theme } = this.#paint
    context.fillStyle = theme.colors.ground
    context.fillRect(0, 0, width, height)
    const columns = columnsFor(width)
    context.save()
    context.beginPath()
    context.rect(0, axisHeight, width, height - axisHeight)
    context.clip()
    drawTimes(this.#pen, scene, columns)
    const moves = layout.isCrowded
      ? this.#drawCrowd(scene, columns)
      : this.#drawRows(scene, columns)
    this.#drawLinks(scene, columns)
    drawNow(this.#pen, scene, columns, false)
    if (layout.isCrowded) this.#drawMagnifier(scene, columns)
    context.restore()
    drawAxis(this.#pen, scene, columns)
    return moves
  }

  #fit(width: number, height: number): void {
    const density = devicePixelRatio
    const wide = Math.max(1, Math.round(width * density))
    const high = Math.max(1, Math.round(height * density))
    if (this.#canvas.width !== wide || this.#canvas.height !== high) {
      this.#canvas.width = wide
      this.#canvas.height = high
      this.#canvas.style.width = `${width}px`
      this.#canvas.style.height = `${height}px`
    }
    if (this.#density !== density) {
      this.#density = density
      this.#paint = makePaint(this.#context, this.#paint.theme, density)
    }
    this.#context.setTransform(density, 0, 0, density, 0, 0)
  }

  get #pen(): Pen {
    return { context: this.#context, paint: this.#paint, font: this.#paint.theme.font }
  }

  #visible(scene: Scene, take: (place: GroupPlace) => void): void {
    const bottom = scene.top + scene.height - axisHeight
    const { groups } = scene.layout
    for (let index = groupAt(scene.layout, scene.top); index < groups.length; index++) {
      const place = groups[index]
      if (place === undefined || place.top >= bottom) return
      take(place)
    }
  }

  #rowsOf(scene: Scene, place: GroupPlace): readonly [number, number] {
    if (place.isFolded) return [0, 0]
    const { rowHeight } = scene.layout
    const first = place.top + place.head
    const bottom = scene.top + scene.height - axisHeight
    return [
      Math.max(0, Math.floor((scene.top - first) / rowHeight)),
      Math.min(place.group.rows.length, Math.ceil((bottom - first) / rowHeight)),
    ]
  }

  #drawRows(scene: Scene, columns: Columns): boolean {
    let moves = false
    const { rowHeight } = scene.layout
    this.#visible(scene, (place) => {
      const [from, to] = this.#rowsOf(scene, place)
      for (let index = from; index < to; index++) {
        const row = place.group.rows[index]
        if (row === undefined) continue
        const top = axisHeight + place.top + place.head + index * rowHeight - scene.top
        drawRow(this.#pen, scene, columns, row, top)
        if (row.phase === "running" && !this.#paint.theme.isStill) moves = true
      }
      this.#drawHead(scene, columns, place)
    })
    return moves
  }

  #drawHead(scene: Scene, columns: Columns, place: GroupPlace): void {
    if (place.head === 0) return
    const { colors } = this.#paint.theme
    const y = axisHeight + place.top - scene.top + place.head - 13
    const context = this.#context
    if (scene.layout.isCrowded) {
      context.fillStyle = colors.ground
      context.fillRect(0, y - 21, scene.width, place.head)
    }
    context.strokeStyle = colors.text
    context.lineWidth = 1.2
    context.beginPath()
    if (place.isFolded) {
      context.moveTo(19, y - 4)
      context.lineTo(23, y)
      context.lineTo(19, y + 4)
    } else {
      context.moveTo(17, y - 2)
      context.lineTo(21, y + 2)
      context.lineTo(25, y - 2)
    }
    context.stroke()
    context.font = `600 12px ${this.#paint.theme.font}`
    const name = visibleText(place.group.name) || t("no node yet")
    writeText(this.#pen, cutText(context, name, columns.plotLeft - 44), 34, y, {
      color: colors.text,
      font: "600 12px",
    })
    const done = doneText(place.group.done)
    writeText(this.#pen, done, columns.plotLeft, y, {
      color: colors.text,
      font: "600 12px",
      isOverLines: true,
    })
    const at = columns.plotLeft + context.measureText(done).width + 6
    const totals = totalsText(place.group.totals)
    if (totals === "") return
    context.font = `12px ${this.#paint.theme.font}`
    const room = scene.width - at - 12
    if (context.measureText(totals).width <= room) {
      writeText(this.#pen, `· ${totals}`, at, y, { color: colors.dimText, isOverLines: true })
    } else {
      const short = totals.split(" · ")[0] ?? ""
      writeText(this.#pen, `· ${short}`, at, y, { color: colors.dimText, isOverLines: true })
    }
  }

  /** A row of one pixel shows what there is to see of a bar, in flat colours drawn together. */
  #drawCrowd(scene: Scene, columns: Columns): boolean {
    const { theme } = this.#paint
    const { colors } = theme
    const { rowHeight } = scene.layout
    const byColor = new Map<string, number[]>()
    const add = (color: string, x: number, y: number, width: number) => {
      const list = byColor.get(color)
      if (list) list.push(x, y, width)
      else byColor.set(color, [x, y, width])
    }
    this.#visible(scene, (place) => {
      const [from, to] = this.#rowsOf(scene, place)
      for (let index = from; index < to; index++) {
        const row = place.group.rows[index]
        if (row === undefined) continue
        const y = axisHeight + place.top + place.head + index * rowHeight - scene.top
        for (const segment of row.segments) {
          const left = Math.max(columns.plotLeft, xOfTime(scene, columns, segment.from))
          const end = xOfTime(scene, columns, segment.to ?? scene.now)
          const right = Math.min(columns.plotRight, Math.max(end, left + 1))
          if (right <= left) continue
          if (segment.kind === "wait") add(colors.yellow, left, y, right - left)
          else if (segment.kind === "work" || segment.kind === "failed") {
            add(workColor(segment, row, theme), left, y, right - left)
          } else add(this.#paint.coldFlat, left, y, right - left)
        }
        if (row.segments.length === 0) {
          add(this.#paint.grid, columns.plotLeft, y, columns.plotRight - columns.plotLeft)
        }
        add(colorOfEdge(row, theme), 16, y, 8)
      }
    })
    const context = this.#context
    for (const [color, boxes] of byColor) {
      context.fillStyle = color
      for (let i = 0; i < boxes.length; i += 3) {
        context.fillRect(boxes[i] ?? 0, boxes[i + 1] ?? 0, boxes[i + 2] ?? 0, rowHeight)
      }
    }
    this.#visible(scene, (place) => this.#drawHead(scene, columns, place))
    this.#markCrowd(scene, columns)
    return false
  }

  #markCrowd(scene: Scene, columns: Columns): void {
    const at = scene.selected === undefined ? undefined : find(scene, scene.selected)
    if (at === undefined) return
    const context = this.#context
    context.strokeStyle = this.#paint.theme.colors.focus
    context.lineWidth = 1
    const top = axisHeight + at.top - scene.top
    context.strokeRect(12.5, top - 1.5, columns.plotRight - 12, scene.layout.rowHeight + 3)
  }

  /** Nine rows about the pointer, large enough to be read. */
  #drawMagnifier(scene: Scene, columns: Columns): void {
    const at = scene.hovered === undefined ? undefined : find(scene, scene.hovered)
    if (at === undefined) return
    const { rows } = at.place.group
    const first = Math.max(0, Math.min(at.index - 4, rows.length - 9))
    const shown = rows.slice(first, first + 9)
    const height = 20
    const context = this.#context
    const { colors } = this.#paint.theme
    const room = scene.height - axisHeight
    const y = at.top - scene.top
    const top =
      axisHeight + (y + 24 + shown.length * height < room ? y + 14 : y - 14 - shown.length * height)
    context.fillStyle = colors.raised
    context.fillRect(8, top - 4, scene.width - 16, shown.length * height + 8)
    context.strokeStyle = colors.raisedBorder
    context.lineWidth = 1
    context.strokeRect(8.5, top - 3.5, scene.width - 17, shown.length * height + 7)
    const large = { ...scene, layout: { ...scene.layout, rowHeight: height, isCrowded: false } }
    for (const [index, row] of shown.entries()) {
      const selected = row.id === scene.hovered ? row.id : undefined
      drawRow(
        this.#pen,
        { ...large, hovered: undefined, selected },
        columns,
        row,
        top + index * height,
      )
    }
  }

  #drawLinks(scene: Scene, columns: Columns): void {
    if (scene.links.length === 0) return
    const context = this.#context
    const { colors } = this.#paint.theme
    const { rowHeight } = scene.layout
    context.save()
    context.beginPath()
    context.rect(
      columns.plotLeft - 6,
      axisHeight,
      columns.plotRight - columns.plotLeft + 6,
      scene.height,
    )
    context.clip()
    context.lineWidth = 1.25
    for (const { from, to, fromTop, toTop } of scene.links) {
      if (from.end === undefined || to.begin === undefined) continue
      const isLit = to.id === scene.hovered || from.id === scene.hovered || to.id === scene.selected
      context.strokeStyle = isLit ? colors.text : colors.lines
      context.fillStyle = context.strokeStyle
      const x1 = xOfTime(scene, columns, from.end)
      const x2 = xOfTime(scene, columns, to.begin)
      const y1 = axisHeight + fromTop + rowHeight / 2 - scene.top
      const y2 = axisHeight + toTop + rowHeight / 2 - scene.top
      const bend = Math.max(x1 + 5, Math.min(x2 - 6, x1 + 8))
      context.beginPath()
      context.moveTo(x1, y1)
      context.lineTo(bend, y1)
      context.lineTo(bend, y2)
      context.lineTo(x2 - 1, y2)
      context.stroke()
      context.beginPath()
      context.moveTo(x2, y2)
      context.lineTo(x2 - 6, y2 - 3.5)
      context.lineTo(x2 - 6, y2 + 3.5)
      context.fill()
    }
    context.restore()
  }
}

function find({ layout }: Scene, id: string) {
  for (const place of layout.groups) {
    if (place.isFolded) continue
    const index = place.group.rows.findIndex((row) => row.id === id)
    if (index < 0) continue
    return { place, index, top: place.top + place.head + index * layout.rowHeight }
  }
  return undefined
}

/** In a crowd the left edge says the phase, so that a failed row is seen without its bar. */
function colorOfEdge({ phase }: SequenceRow, { colors }: Theme): string {
  switch (phase) {
    case "failed":
      return colors.red
    case "running":
      return colors.blue
    case "queued":
      return colors.yellow
    case "succeeded":
    case "reused":
      return colors.green
    default:
      return colors.lines
  }
}
