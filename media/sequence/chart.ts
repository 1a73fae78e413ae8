import { lengthText } from "#core/view/length"
import { figuresOf, isKnown, type Segment, type SequenceRow } from "#core/view/sequence/row"
import { placeOf, type Scale, tickStep, ticksOf, type Window } from "#core/view/sequence/scale"
import { drawPhase, turnAt } from "../shared/drawPhase.ts"
import type { Theme } from "../shared/theme.ts"
import { visibleText } from "../shared/visibleText.ts"
import { t } from "../shared/words.ts"
import type { Link } from "./links.ts"
import { cutText, makePaint, mix, type Paint, workColor } from "./paint.ts"
import { type GroupPlace, groupAt, type RowLayout } from "./rowLayout.ts"
import { clockText, doneText, nameOf, phaseWord, sinceText, totalsText } from "./sequenceWords.ts"

/** Everything one picture is drawn from. */
export interface Scene {
  readonly layout: RowLayout
  readonly scale: Scale
  readonly window: Window
  readonly now: number
  readonly isLive: boolean
  /** How far the list is scrolled. */
  readonly top: number
  readonly width: number
  readonly height: number
  readonly hovered: string | undefined
  readonly selected: string | undefined
  /** Which stretch of the selected row. */
  readonly segment: number | undefined
  readonly brush: readonly [number, number] | undefined
  /** From the row that was waited for to the one that waited. */
  readonly links: readonly Link[]
  readonly clock: number
  /** What the rows are, at the head of their names. */
  readonly rowsWord: string
}

export const axisHeight = 46

/** Where columns lie; the narrower the panel, the fewer there are. */
export interface Columns {
  readonly plotLeft: number
  readonly plotRight: number
  /** Right ends of Waited, Cold, Work, Total, as many as there is room for. */
  readonly ends: readonly (readonly ["waited" | "cold" | "work" | "total", number])[]
}

export function columnsFor(width: number): Columns {
  const left = width < 560 ? 118 : width < 900 ? 160 : 194
  const right = width - 12
  if (width < 560) return { plotLeft: left, plotRight: right, ends: [] }
  const shown = width < 820 ? (["total"] as const) : (["waited", "cold", "work", "total"] as const)
  const ends = shown.map((id, index) => [id, right - (shown.length - 1 - index) * 64] as const)
  return { plotLeft: left, plotRight: right - shown.length * 64 - 14, ends }
}

export function xOf(columns: Columns, { window }: Pick<Scene, "window">, place: number): number {
  const width = columns.plotRight - columns.plotLeft
  return columns.plotLeft + ((place - window.from) / (window.to - window.from)) * width
}

/** How much of the picture's time lies under so many pixels. */
export function placesPerPixel(columns: Columns, window: Window): number {
  return (window.to - window.from) / Math.max(1, columns.plotRight - columns.plotLeft)
}

/** Draws the picture. Only what is seen is looked at, however many rows there are. */
export class Chart {
  readonly #context: CanvasRenderingContext2D
  readonly #canvas: HTMLCanvasElement
  #paint: Paint
  #density = 0
  #font = ""

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
    this.#font = theme.font
    context.save()
    context.beginPath()
    context.rect(0, axisHeight, width, height - axisHeight)
    context.clip()
    this.#drawTimes(scene, columns)
    const moves = layout.isCrowded
      ? this.#drawCrowd(scene, columns)
      : this.#drawRows(scene, columns)
    this.#drawLinks(scene, columns)
    this.#drawNow(scene, columns, false)
    if (layout.isCrowded) this.#drawMagnifier(scene, columns)
    context.restore()
    this.#drawAxis(scene, columns)
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

  #text(
    text: string,
    x: number,
    y: number,
    style: { readonly color: string; readonly font?: string; readonly align?: CanvasTextAlign },
  ): void {
    const context = this.#context
    context.font = `${style.font ?? "12px"} ${this.#font}`
    context.textAlign = style.align ?? "left"
    context.textBaseline = "middle"
    context.fillStyle = style.color
    context.fillText(text, x, y)
  }

  /** Lines at the ticks, and the bands of what was cut out. */
  #drawTimes(scene: Scene, columns: Columns): void {
    const context = this.#context
    const { scale, height, window } = scene
    context.fillStyle = this.#paint.grid
    for (const { place } of this.#ticks(scene, columns)) {
      const x = Math.round(xOf(columns, { window }, place))
      context.fillRect(x, axisHeight, 1, height - axisHeight)
    }
    for (const gap of scale.gaps) {
      const from = Math.max(columns.plotLeft, xOf(columns, { window }, gap.place))
      const to = Math.min(columns.plotRight, xOf(columns, { window }, gap.place + gap.width))
      if (to <= from) continue
      context.fillStyle = this.#paint.theme.colors.ground
      context.fillRect(from, axisHeight, to - from, height)
      context.fillStyle = this.#paint.band
      context.fillRect(from, axisHeight, to - from, height)
      context.strokeStyle = this.#paint.theme.colors.lines
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
  stepOf(scene: Pick<Scene, "window">, columns: Columns): number {
    return tickStep(placesPerPixel(columns, scene.window) * 74)
  }

  #ticks(scene: Scene, columns: Columns) {
    const { scale, window } = scene
    return ticksOf(scale, window, this.stepOf(scene, columns))
  }

  #drawAxis(scene: Scene, columns: Columns): void {
    const context = this.#context
    const { theme } = this.#paint
    const { colors } = theme
    const { scale, width, brush, now } = scene
    context.fillStyle = colors.ground
    context.fillRect(0, 0, width, axisHeight)
    const base = axisHeight - 14
    this.#text(scene.rowsWord, 16, base + 1, { color: colors.dimText })
    for (const [id, end] of columns.ends) {
      this.#text(columnWord(id), end, base + 1, { color: colors.dimText, align: "right" })
    }
    context.save()
    context.beginPath()
    context.rect(columns.plotLeft - 24, 0, columns.plotRight - columns.plotLeft + 48, axisHeight)
    context.clip()
    const days = scale.end - scale.begin > 20 * 3_600_000
    const taken = this.#gapLabels(scene, columns)
    const nowX = xOf(columns, scene, placeOf(scale, now))
    if (scene.isLive) taken.push([nowX - 46, nowX + 46])
    const half = days ? 62 : 32
    for (const { time, place } of this.#ticks(scene, columns)) {
      const x = xOf(columns, scene, place)
      if (x < columns.plotLeft - 2 || x > columns.plotRight + 2) continue
      if (taken.some(([from, to]) => x + half > from && x - half < to)) continue
      taken.push([x - half, x + half - 4])
      const since = sinceText(time - scale.begin)
      this.#text(since, x, base - 14, { color: colors.text, font: "600 11px", align: "center" })
      this.#text(clockText(time, days), x, base + 1, {
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
    this.#drawNow(scene, columns, true)
  }

  #gapLabels(scene: Scene, columns: Columns): [number, number][] {
    const { colors } = this.#paint.theme
    return scene.scale.gaps.map((gap): [number, number] => {
      const from = xOf(columns, scene, gap.place)
      const to = xOf(columns, scene, gap.place + gap.width)
      const x = (from + to) / 2
      if (x > columns.plotLeft && x < columns.plotRight) {
        const base = axisHeight - 14
        const style = { color: colors.dimText, font: "italic 11px", align: "center" } as const
        this.#text(lengthText(gap.to - gap.from), x, base - 14, style)
        const nowX = xOf(columns, scene, placeOf(scene.scale, scene.now))
        const isFree = !scene.isLive || Math.abs(nowX - x) > 84
        if (isFree) this.#text(t("nothing ran"), x, base + 1, style)
      }
      return [Math.min(from, x - 34), Math.max(to, x + 34)]
    })
  }

  #drawNow(scene: Scene, columns: Columns, isLabel: boolean): void {
    if (!scene.isLive || scene.scale.pieces.length === 0) return
    const context = this.#context
    const { colors, isHighContrast } = this.#paint.theme
    const x = xOf(columns, scene, placeOf(scene.scale, scene.now))
    if (x < columns.plotLeft - 1 || x > columns.plotRight + 1) return
    if (!isLabel) {
      context.fillStyle = colors.focus
      context.fillRect(x - 0.75, axisHeight - 4, isHighContrast ? 2 : 1.5, scene.height)
      return
    }
    const text = t("now {time}", { time: clockText(scene.now) })
    context.font = `11px ${this.#font}`
    const width = context.measureText(text).width + 10
    const left = Math.min(x - width / 2, scene.width - width - 4)
    context.fillStyle = colors.button
    context.beginPath()
    context.roundRect(left, axisHeight - 22, width, 17, 3)
    context.fill()
    this.#text(text, left + width / 2, axisHeight - 13, {
      color: colors.buttonText,
      font: "11px",
      align: "center",
    })
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
        this.#drawRow(scene, columns, row, top)
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
    context.font = `600 12px ${this.#font}`
    const name = visibleText(place.group.name) || t("no node yet")
    this.#text(cutText(context, name, columns.plotLeft - 44), 34, y, {
      color: colors.text,
      font: "600 12px",
    })
    const done = doneText(place.group.done)
    this.#text(done, columns.plotLeft, y, { color: colors.text, font: "600 12px" })
    const at = columns.plotLeft + context.measureText(done).width + 6
    const totals = totalsText(place.group.totals)
    if (totals === "") return
    context.font = `12px ${this.#font}`
    const room = scene.width - at - 12
    if (context.measureText(totals).width <= room) {
      this.#text(`· ${totals}`, at, y, { color: colors.dimText })
    } else {
      const short = totals.split(" · ")[0] ?? ""
      this.#text(`· ${short}`, at, y, { color: colors.dimText })
    }
  }

  #drawRow(scene: Scene, columns: Columns, row: SequenceRow, top: number): void {
    const { theme } = this.#paint
    const { colors } = theme
    const { rowHeight } = scene.layout
    const context = this.#context
    const middle = top + rowHeight / 2
    const isSelected = row.id === scene.selected
    if (row.id === scene.hovered || isSelected) {
      context.fillStyle = this.#paint.hover
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
    context.font = `${font} ${this.#font}`
    const hasBegun = row.segments.length > 0
    this.#text(cutText(context, visibleText(nameOf(row)), columns.plotLeft - 48), 36, middle, {
      color: hasBegun ? colors.text : colors.dimText,
      font,
    })
    if (hasBegun) this.#drawFigures(scene, columns, row, middle, font)
    context.save()
    context.beginPath()
    context.rect(columns.plotLeft - 2, top, columns.plotRight - columns.plotLeft + 4, rowHeight)
    context.clip()
    if (hasBegun) this.#drawBar(scene, columns, row, top)
    this.#drawReason(scene, columns, row, middle, isLow)
    context.restore()
  }

  #drawFigures(scene: Scene, columns: Columns, row: SequenceRow, y: number, font: string): void {
    const { colors } = this.#paint.theme
    const figures = figuresOf(row, scene.now)
    for (const [id, end] of columns.ends) {
      const value = figures[id]
      const isSaid = isKnown(row, id)
      const isDim = !isSaid || (id !== "total" && value === 0)
      this.#text(isSaid ? lengthText(value) : "–", end, y, {
        color: isDim ? colors.dimText : colors.text,
        font,
        align: "right",
      })
    }
  }

  /** Why it waits, at its bar; or why it has none. */
  #drawReason(scene: Scene, columns: Columns, row: SequenceRow, y: number, isLow: boolean): void {
    if (row.reason === undefined || isLow) return
    const isOpen = row.phase === "queued" || row.segments.length === 0
    if (!isOpen) return
    const context = this.#context
    const { colors } = this.#paint.theme
    const begin = row.begin ?? (scene.isLive ? scene.now : scene.scale.end)
    const x = xOf(columns, scene, placeOf(scene.scale, begin))
    context.font = `11px ${this.#font}`
    const text = visibleText(row.reason)
    const color = colors.dimText
    const left = Math.min(x, columns.plotRight) - 8 - columns.plotLeft
    const end = xOf(columns, scene, placeOf(scene.scale, scene.now))
    const right = columns.plotRight - end - 8
    if (left >= right || row.segments.length === 0) {
      const shown = cutText(context, text, Math.max(left, 60))
      this.#text(shown, columns.plotLeft + left, y, { color, font: "11px", align: "right" })
    } else {
      const shown = cutText(context, text, right)
      this.#text(shown, end + 8, y, { color, font: "11px" })
    }
  }

  #drawBar(scene: Scene, columns: Columns, row: SequenceRow, top: number): void {
    const { rowHeight } = scene.layout
    const height = rowHeight >= 26 ? 12 : rowHeight >= 18 ? 10 : rowHeight - 4
    const y = top + (rowHeight - height) / 2
    for (const [index, segment] of row.segments.entries()) {
      const from = this.#xOfTime(scene, columns, segment.from)
      const to = this.#xOfTime(scene, columns, segment.to ?? scene.now)
      if (to < columns.plotLeft || from > columns.plotRight) continue
      const box = { x: from, y, width: Math.max(to - from, 1), height }
      this.#drawSegment(scene, columns, row, segment, index, box)
      if (row.id === scene.selected && index === scene.segment) {
        this.#context.strokeStyle = this.#paint.theme.colors.focus
        this.#context.lineWidth = 2
        this.#context.strokeRect(box.x - 1, y - 2, box.width + 2, height + 4)
      }
    }
  }

  /** A sign, not only a colour, where it ended badly: behind the bar, or in it where there is no room. */
  #drawCross(scene: Scene, columns: Columns, row: SequenceRow, index: number, box: Box): void {
    if (scene.layout.rowHeight < 18) return
    const { theme } = this.#paint
    const next = row.segments[index + 1]
    const end = box.x + box.width
    const free = next === undefined ? 20 : this.#xOfTime(scene, columns, next.to ?? scene.now) - end
    const y = box.y + box.height / 2
    if (free >= 15) {
      drawPhase(this.#context, theme, { phase: "failed", x: end + 9, y, size: 13, turn: 0 })
    } else if (box.width >= 14) {
      const context = this.#context
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

  #drawSegment(
    scene: Scene,
    columns: Columns,
    row: SequenceRow,
    segment: Segment,
    index: number,
    box: Box,
  ): void {
    const context = this.#context
    const { theme } = this.#paint
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
        context.fillStyle = this.#paint.cold
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
        if (segment.kind === "failed") this.#drawCross(scene, columns, row, index, box)
      }
    }
  }

  #xOfTime(scene: Scene, columns: Columns, time: number): number {
    return xOf(columns, scene, placeOf(scene.scale, time))
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
          const left = Math.max(columns.plotLeft, this.#xOfTime(scene, columns, segment.from))
          const end = this.#xOfTime(scene, columns, segment.to ?? scene.now)
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
      this.#drawRow({ ...large, hovered: undefined, selected }, columns, row, top + index * height)
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
      const x1 = this.#xOfTime(scene, columns, from.end)
      const x2 = this.#xOfTime(scene, columns, to.begin)
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

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
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

/** What a row says in words, for who does not see the picture. */
export function rowWords(row: SequenceRow, now: number): string {
  const { waited, cold, work } = figuresOf(row, now)
  const parts = [
    visibleText(nameOf(row)),
    phaseWord(row),
    ...(row.segments.length === 0
      ? []
      : [
          t("waited {length}", { length: lengthText(waited) }),
          t("cold start {length}", { length: lengthText(cold) }),
          t("work {length}", { length: lengthText(work) }),
        ]),
    ...(row.reason === undefined ? [] : [visibleText(row.reason)]),
  ]
  return parts.join(", ")
}
