import type { Direction } from "#core/graph/layout"
import { drawPhase, turnAt } from "../shared/drawPhase.ts"
import { type Palette, paletteOf } from "../shared/palette.ts"
import type { Theme } from "../shared/theme.ts"
import { beforeOf, commonMove, sameTasks } from "./keepPlaces.ts"
import { type LaidOut, LayoutOrders } from "./layoutOrder.ts"
import { heldUp, type Model, phaseOf, reach, stepPhase } from "./model.ts"
import { cellAt, cellUnder, type NodeSize, nodeSize } from "./nodeSize.ts"
import { paintEdges } from "./paintEdges.ts"
import { paintNode, shapeScale, signPlace, textScale } from "./paintNode.ts"
import { heldLine } from "./saying.ts"
import {
  type Area,
  nodeArea,
  nodeAt,
  type Scene,
  type Seen,
  sceneOf,
  seenOf,
  within,
} from "./scene.ts"
import { Surface } from "./surface.ts"
import { areaOf, isWholeIn, reveal, type View, wholeIn, zoomAt } from "./view.ts"

export interface Choice {
  readonly task: number
  readonly step: number | null
}

/** What of the picture is to be looked at. */
export interface Attention {
  readonly chosen: Choice | undefined
  readonly hovered: Choice | undefined
  /** 1 for each task that a search found. */
  readonly found: Uint8Array | undefined
  /** 1 for each task that is not dimmed by a filter. */
  readonly kept: Uint8Array | undefined
  /** Only this task's path is drawn. */
  readonly onlyPathOf: number | undefined
  readonly isStale: boolean
}

/** What is not to move while a new shape is laid out. */
export interface Stay {
  /** Of the picture that is there: all places that can stay, or who is beside whom. */
  readonly keeps?: "places" | "order"
  /** A task that stays where it is on the screen while others make room. */
  readonly anchor?: number | undefined
}

/** The drawn graph: it lays out, paints, moves, and says what is under the pointer. */
export class GraphCanvas {
  readonly element: HTMLCanvasElement
  /** A layout came, or the view moved. */
  onView: () => void = () => {}
  onLayout: (isFirst: boolean) => void = () => {}
  readonly #context: CanvasRenderingContext2D
  readonly #orders = new LayoutOrders((laidOut) => this.#takeLayout(laidOut))
  readonly #surface = new Surface((context, area, scale) => this.paint(context, area, scale))
  readonly #asked = new Map<number, Asked>()
  #palette: Palette
  #model: Model
  #scene: Scene | undefined
  #seenNodes: Seen = seenOf(0)
  #seenEdges: Seen = seenOf(0)
  #unfolded = new Set<string>()
  #direction: Direction = "right"
  #view: View = { x: 0, y: 0, scale: 1 }
  #size = { width: 1, height: 1 }
  /** Pixels of the screen for one of the page, as the sheet was made for. */
  #ratio = 1
  #attention: Attention = nothing
  #below = 0
  #lit: Uint8Array | undefined
  #path: Uint8Array | undefined
  #held = new Map<number, number>()
  #heldTimer: ReturnType<typeof setTimeout> | undefined
  #isFramed = false
  #isAuto = true
  #lastZoom = Number.NEGATIVE_INFINITY
  #settle: ReturnType<typeof setTimeout> | undefined
  #repaints = new Set<number>()

  constructor(model: Model, theme: Theme, element: HTMLCanvasElement) {
    const context = element.getContext("2d", { alpha: false })
    if (context === null) throw new Error("This window cannot draw.")
    this.element = element
    this.#context = context
    this.#palette = paletteOf(theme)
    this.#model = model
  }

  get view(): View {
    return this.#view
  }
  get size() {
    return this.#size
  }
  get scene(): Scene | undefined {
    return this.#scene
  }
  get palette(): Palette {
    return this.#palette
  }
  get unfolded(): ReadonlySet<string> {
    return this.#unfolded
  }
  get direction(): Direction {
    return this.#direction
  }
  /** The whole picture is kept in sight, until a person moves it. */
  get isAuto(): boolean {
    return this.#isAuto
  }

  resize(width: number, height: number): void {
    this.#size = { width, height }
    const ratio = devicePixelRatio
    this.#ratio = ratio
    this.element.width = Math.max(1, Math.round(width * ratio))
    this.element.height = Math.max(1, Math.round(height * ratio))
    this.#surface.resize(this.#size, ratio)
    if (this.#isAuto) this.fitAll()
    this.frame()
  }

  setTheme(theme: Theme): void {
    this.#palette = paletteOf(theme)
    this.repaintAll()
  }

  setAttention(attention: Attention): void {
    const before = this.#attention
    this.#attention = attention
    const litBefore = this.#litTask(before)
    const litNow = this.#litTask(attention)
    if (litBefore !== litNow) this.#lit = this.#litEdges(litNow)
    if (before.onlyPathOf !== attention.onlyPathOf) {
      const { onlyPathOf } = attention
      this.#path = onlyPathOf === undefined ? undefined : reach(this.#model, onlyPathOf)
    }
    if (
      litBefore !== litNow ||
      before.found !== attention.found ||
      before.kept !== attention.kept ||
      before.onlyPathOf !== attention.onlyPathOf
    ) {
      this.#surface.invalidate()
    }
    this.frame()
  }

  /** Lays out a new shape; the picture that is there stays until the layout comes. */
  show(
    model: Model,
    unfolded: ReadonlySet<string>,
    direction: Direction,
    { keeps, anchor }: Stay = {},
  ): void {
    const { tasks, edges } = model.picture
    const isKept = keeps !== undefined && direction === this.#direction
    const before = isKept && this.#scene ? beforeOf(this.#scene, this.#model, model) : undefined
    const sizes = tasks.map(({ name, steps }) => nodeSize(steps, unfolded.has(name)))
    const number = this.#orders.ask({
      size: tasks.length,
      from: Int32Array.from(edges, (edge) => edge.from),
      to: Int32Array.from(edges, (edge) => edge.to),
      width: Float64Array.from(sizes, (size) => size.width + size.behind),
      height: Float64Array.from(sizes, (size) => size.height + size.behind),
      direction,
      ...(before && keeps ? { before, keeps } : {}),
    })
    const isKeeping = before !== undefined && keeps === "places"
    const asked = { model, sizes, unfolded: new Set(unfolded), direction, anchor, isKeeping }
    this.#asked.set(number, asked)
  }

  /** These tasks are drawn otherwise now; many calls make one frame. */
  repaintTasks(tasks: Iterable<number>): void {
    for (const task of tasks) this.#repaints.add(task)
    this.frame()
  }

  /** Phases changed: what a failure holds up is counted anew, a few times a second at most. */
  forgetHeld(): void {
    this.#heldTimer ??= setTimeout(() => {
      this.#heldTimer = undefined
      this.#held.clear()
      this.frame()
    }, 250)
  }

  repaintAll(): void {
    this.#surface.invalidate()
    this.frame()
  }

  setView(view: View, isByPerson: boolean): void {
    if (isByPerson) this.#isAuto = false
    if (view.scale !== this.#view.scale) this.#lastZoom = performance.now()
    this.#view = view
    this.frame()
    this.onView()
  }

  zoom(factor: number, at = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    this.setView(zoomAt(this.#view, factor, at), true)
  }

  /** So much at the bottom of the window belongs to the legend. */
  keepClear(below: number): void {
    if (this.#below === below) return
    this.#below = below
    if (this.#isAuto) this.fitAll()
  }

  fitAll(): void {
    this.#isAuto = true
    if (this.#scene) this.setView(wholeIn(this.#scene.laidOut, this.#size, this.#below), false)
  }

  /** Brings a task into sight, large enough to be read where it was not. */
  reveal(task: number): void {
    if (!this.#scene) return
    const area = nodeArea(this.#scene, task)
    let view = this.#view
    if (view.scale < textScale && !this.#isAuto) {
      view = { ...view, scale: 1 }
    }
    const next = reveal(view, area, this.#size)
    if (next.x !== this.#view.x || next.y !== this.#view.y || next.scale !== this.#view.scale) {
      this.setView(next, !this.#isAuto)
    }
  }

  /** The task, and the step in it, at a place of the window. */
  at(x: number, y: number): Choice | undefined {
    const scene = this.#scene
    if (!scene) return undefined
    const left = (x + this.#view.x) / this.#view.scale
    const top = (y + this.#view.y) / this.#view.scale
    const task = nodeAt(scene, this.#seenNodes, left, top)
    if (task === undefined) return undefined
    const { cells } = scene.sizes[task] as NodeSize
    if (cells === undefined) return { task, step: null }
    const area = nodeArea(scene, task)
    const cell = cellUnder(cells, left - area.x, top - area.y)
    const step = cell === undefined ? null : cell * cells.each
    const count = this.#model.picture.tasks[task]?.steps ?? 0
    return { task, step: step !== null && step < count ? step : null }
  }

  /** Where a task is in the window. */
  placeOf(task: number): Area | undefined {
    if (!this.#scene) return undefined
    const area = nodeArea(this.#scene, task)
    const { x, y, scale } = this.#view
    return {
      x: area.x * scale - x,
      y: area.y * scale - y,
      width: area.width * scale,
      height: area.height * scale,
    }
  }

  frame(): void {
    if (this.#isFramed) return
    this.#isFramed = true
    requestAnimationFrame((now) => {
      this.#isFramed = false
      this.#draw(now)
    })
  }

  #takeLayout(laidOut: LaidOut): void {
    const asked = this.#asked.get(laidOut.number)
    for (const number of this.#asked.keys()) {
      if (number <= laidOut.number) this.#asked.delete(number)
    }
    if (!asked) return
    const before = this.#scene
    const anchor = before && this.#anchorOf(asked, before)
    const same = asked.isKeeping ? sameTasks(this.#model, asked.model) : undefined
    this.#model = asked.model
    this.#unfolded = asked.unfolded
    this.#direction = asked.direction
    this.#scene = sceneOf(laidOut, asked.sizes, asked.direction)
    this.#seenNodes = seenOf(asked.sizes.length)
    this.#seenEdges = seenOf(laidOut.lines.start.length - 1)
    this.#lit = this.#litEdges(this.#litTask(this.#attention))
    this.#held.clear()
    this.#surface.invalidate()
    const move = before && same && commonMove(before, this.#scene, same)
    const { scale, x, y } = this.#view
    const still = move && { scale, x: x + move.x * scale, y: y + move.y * scale }
    if (still && (!this.#isAuto || isWholeIn(still, laidOut, this.#size, this.#below))) {
      this.#view = still
    } else if (this.#isAuto) this.fitAll()
    else if (anchor) {
      const now = nodeArea(this.#scene, anchor.task)
      this.#view = { scale, x: now.x * scale - anchor.x, y: now.y * scale - anchor.y }
    }
    this.frame()
    this.onLayout(before === undefined)
    this.onView()
  }

  /** The task that stays where it is on the screen while the others make room. */
  #anchorOf({ model, anchor }: Asked, before: Scene) {
    const seen = areaOf(this.#view, this.#size)
    let best: { readonly old: number; readonly task: number } | undefined
    const name = anchor === undefined ? undefined : this.#model.picture.tasks[anchor]?.name
    const wanted = name === undefined ? undefined : model.numbers.get(name)
    if (anchor !== undefined && wanted !== undefined) best = { old: anchor, task: wanted }
    else {
      let nearest = Number.POSITIVE_INFINITY
      this.#model.picture.tasks.forEach((task, old) => {
        const now = model.numbers.get(task.name)
        if (now === undefined) return
        const area = nodeArea(before, old)
        const distance = Math.hypot(
          area.x - seen.x - seen.width / 2,
          area.y - seen.y - seen.height / 2,
        )
        if (distance >= nearest) return
        nearest = distance
        best = { old, task: now }
      })
    }
    if (best === undefined) return undefined
    const area = nodeArea(before, best.old)
    const { scale, x, y } = this.#view
    return { task: best.task, x: area.x * scale - x, y: area.y * scale - y }
  }

  #litTask({ chosen, hovered, onlyPathOf }: Attention): number | undefined {
    return hovered?.task ?? chosen?.task ?? onlyPathOf
  }

  /** Edges between two tasks of the same side of the path. */
  #litEdges(task: number | undefined): Uint8Array | undefined {
    const { graph } = this.#model
    if (task === undefined || task >= graph.size) return undefined
    const marks = reach(this.#model, task)
    const lit = new Uint8Array(graph.from.length)
    for (let e = 0; e < lit.length; e++) {
      const from = marks[graph.from[e] as number] as number
      const to = marks[graph.to[e] as number] as number
      if ((from === 1 || from === to || to === 1) && from !== 0 && to !== 0) {
        lit[e] = (from === 3 && to === 1) || (from === 1 && to === 2) ? 0 : 1
      }
    }
    return lit
  }

  /** Paints a part of the picture. */
  paint(context: OffscreenCanvasRenderingContext2D, area: Area, scale: number): void {
    const { colors } = this.#palette
    context.fillStyle = colors.ground
    context.fillRect(
      area.x - 2 / scale,
      area.y - 2 / scale,
      area.width + 4 / scale,
      area.height + 4 / scale,
    )
    const scene = this.#scene
    if (!scene) return
    const edges: number[] = []
    const { graph } = this.#model
    within(scene.edges, area, this.#seenEdges, (e) => {
      const path = this.#path
      if (path && !(path[graph.from[e] as number] && path[graph.to[e] as number])) return
      edges.push(e)
    })
    const isQuiet = this.#attention.kept !== undefined || this.#attention.found !== undefined
    if (isQuiet) context.globalAlpha = 0.4
    paintEdges(context, edges, {
      scene,
      model: this.#model,
      palette: this.#palette,
      scale,
      lit: this.#lit,
    })
    context.globalAlpha = 1
    const now = Date.now()
    within(scene.nodes, area, this.#seenNodes, (v) =>
      this.#paintTask(context, scene, v, scale, now),
    )
  }

  #paintTask(
    context: OffscreenCanvasRenderingContext2D,
    scene: Scene,
    v: number,
    scale: number,
    now: number,
  ): void {
    if (this.#path?.[v] === 0) return
    const { kept, found } = this.#attention
    const isDim = kept?.[v] === 0 || found?.[v] === 0
    if (isDim) {
      // Edges behind it would shine through.
      const { x, y, width, height } = nodeArea(scene, v)
      context.fillStyle = this.#palette.colors.ground
      context.fillRect(x, y, width, height)
      context.globalAlpha = 0.25
    }
    const x = scene.laidOut.x[v] as number
    const y = scene.laidOut.y[v] as number
    const size = scene.sizes[v] as NodeSize
    paintNode(context, {
      model: this.#model,
      palette: this.#palette,
      task: v,
      size,
      x,
      y,
      scale,
      now,
    })
    context.globalAlpha = 1
    if (found?.[v] !== 1) return
    context.strokeStyle = this.#palette.colors.matchBorder
    context.lineWidth = Math.max(2, 1.5 / scale)
    context.strokeRect(x, y, size.width, size.height)
  }

  #draw(frameTime: number): void {
    // Not every editor tells of another screen; what lies over the sheet must fit it.
    if (devicePixelRatio !== this.#ratio) this.resize(this.#size.width, this.#size.height)
    const context = this.#context
    const ratio = devicePixelRatio
    const { width, height } = this.element
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.fillStyle = this.#palette.colors.ground
    context.fillRect(0, 0, width, height)
    const scene = this.#scene
    if (!scene) return
    const isZooming =
      performance.now() - this.#lastZoom < zoomRest && scene.sizes.length > roughFrom
    if (isZooming && this.#settle === undefined) {
      this.#settle = setTimeout(() => {
        this.#settle = undefined
        this.frame()
      }, zoomRest)
    }
    this.#repaint(scene)
    context.globalAlpha = this.#attention.isStale ? 0.6 : 1
    this.#surface.draw(context, this.#view, isZooming)
    context.globalAlpha = 1
    const scale = this.#view.scale * ratio
    context.setTransform(
      scale,
      0,
      0,
      scale,
      -Math.round(this.#view.x * ratio),
      -Math.round(this.#view.y * ratio),
    )
    this.#drawOver(context, scene, frameTime)
  }

  #repaint(scene: Scene): void {
    const isTiny = (this.#surface.scale ?? 1) < shapeScale
    if (isTiny && this.#attention.kept === undefined && this.#attention.found === undefined) {
      // A coloured piece hides what is below it, so nothing else has to be painted again.
      const now = Date.now()
      this.#surface.paintOver((context, scale) => {
        for (const v of this.#repaints) {
          if (v < scene.sizes.length) this.#paintTask(context, scene, v, scale, now)
        }
      })
    } else if (this.#repaints.size > scene.sizes.length / 4 && this.#repaints.size > 500) {
      this.#surface.invalidate()
    } else {
      for (const v of this.#repaints) {
        if (v < scene.sizes.length) this.#surface.repaint(nodeArea(scene, v))
      }
    }
    this.#repaints.clear()
  }

  /** What turns, and what lies over the picture: never part of the sheet, so nothing has to be undone. */
  #drawOver(context: CanvasRenderingContext2D, scene: Scene, frameTime: number): void {
    const { scale } = this.#view
    const { theme, colors } = this.#palette
    const { chosen, hovered } = this.#attention
    const seen = areaOf(this.#view, this.#size)
    if (scale >= textScale) {
      const turn = turnAt(frameTime, theme)
      let turning = 0
      within(scene.nodes, seen, this.#seenNodes, (v) => {
        if (this.#path?.[v] === 0) return
        const phase = phaseOf(this.#model, v)
        const { x, y } = nodeArea(scene, v)
        if (phase === "running") {
          turning++
          context.globalAlpha = this.#attention.kept?.[v] === 0 ? 0.25 : 1
          drawPhase(context, theme, { phase, ...signPlace(x, y), turn })
          context.globalAlpha = 1
        }
        if (phase !== "failed") return
        const held = this.#heldBy(v)
        if (held === 0) return
        context.font = `11px ${theme.font}`
        context.textBaseline = "alphabetic"
        const line = heldLine(held, false)
        context.fillStyle = colors.ground
        context.fillRect(x - 1, y - 20, context.measureText(line).width + 2, 14)
        context.fillStyle = colors.red
        context.fillText(line, x, y - 9)
      })
      if (turning > 0 && !theme.isStill) setTimeout(() => this.frame(), 40)
    }
    for (const [choice, color] of [
      [hovered, colors.dimText],
      [chosen, theme.isHighContrast ? colors.contrastActive : colors.focus],
    ] as const) {
      if (choice === undefined || choice.task >= scene.sizes.length) continue
      if (choice === hovered && chosen?.task === hovered.task && hovered.step === null) continue
      this.#ring(context, scene, choice, color, choice === chosen ? 2 : 1)
    }
  }

  #ring(
    context: CanvasRenderingContext2D,
    scene: Scene,
    { task, step }: Choice,
    color: string,
    width: number,
  ): void {
    const line = Math.max(width, width / this.#view.scale)
    const area = nodeArea(scene, task)
    const { cells } = scene.sizes[task] as NodeSize
    context.strokeStyle = color
    context.lineWidth = line
    const outline = (x: number, y: number, width: number, height: number, air: number) => {
      context.beginPath()
      context.roundRect(x - air, y - air, width + 2 * air, height + 2 * air, 5 + air / 2)
      context.stroke()
    }
    outline(area.x, area.y, area.width, area.height, 3 + line / 2)
    if (step === null || cells === undefined) return
    const place = cellAt(cells, Math.floor(step / cells.each))
    outline(area.x + place.x, area.y + place.y, cells.side, cells.side, 2)
  }

  #heldBy(task: number): number {
    const known = this.#held.get(task)
    if (known !== undefined) return known
    // In a picture where everything fails, counting for each would hold up the frame.
    const count = this.#held.size < 50 ? heldUp(this.#model, task) : 0
    this.#held.set(task, count)
    return count
  }

  /** The steps that are in sight as cells, for the pointer's sentence. */
  stepPhaseOf({ task, step }: Choice) {
    if (step === null) return phaseOf(this.#model, task)
    return stepPhase(this.#model, (this.#model.firstStep[task] as number) + step)
  }
}

interface Asked {
  readonly model: Model
  readonly sizes: readonly NodeSize[]
  readonly unfolded: Set<string>
  readonly direction: Direction
  readonly anchor: number | undefined
  readonly isKeeping: boolean
}

export const nothing: Attention = {
  chosen: undefined,
  hovered: undefined,
  found: undefined,
  kept: undefined,
  onlyPathOf: undefined,
  isStale: false,
}

/** Milliseconds after which a zoom counts as done, and how large a picture needs that. */
const zoomRest = 90
const roughFrom = 1000
