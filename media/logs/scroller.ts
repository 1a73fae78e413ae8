import { element } from "../shared/element.ts"

export const rowHeight = 20

/**
 * Shows the rows that are in sight and no others. Where lines wrap they are higher than a row of the
 * scroll bar: the first in sight is the one the bar stands at, and at its end the last is in sight.
 */
export class Scroller {
  readonly element = element("div", {
    class: "scroller",
    tabindex: 0,
    role: "log",
    "aria-live": "off",
  })
  readonly #space = element("div", { class: "space" })
  readonly #rows = element("div", { class: "rows" })
  #count = 0
  #wraps = false
  #isFollowing = true
  /** Where the page itself put the bar: what is elsewhere was moved by a person. */
  #put = 0

  readonly #draw: (first: number, last: number) => readonly HTMLElement[]
  readonly #onFollow: () => void

  constructor(draw: (first: number, last: number) => readonly HTMLElement[], onFollow: () => void) {
    this.#draw = draw
    this.#onFollow = onFollow
    this.element.append(this.#space, this.#rows)
    this.element.addEventListener("scroll", () => this.#moved())
    new ResizeObserver(() => this.refresh()).observe(this.element)
  }

  get isFollowing(): boolean {
    return this.#isFollowing
  }

  follow(isFollowing: boolean): void {
    this.#isFollowing = isFollowing
    this.refresh()
    this.#onFollow()
  }

  set wraps(wraps: boolean) {
    this.#wraps = wraps
    this.element.classList.toggle("wraps", wraps)
    this.refresh()
  }

  set count(count: number) {
    this.#count = count
    this.refresh()
  }

  /** Brings a row to the middle, which ends following. */
  reveal(row: number): void {
    this.#isFollowing = false
    this.#put = Math.max(0, row * rowHeight - this.element.clientHeight / 2)
    this.element.scrollTop = this.#put
    this.#onFollow()
    this.refresh()
  }

  refresh(): void {
    const { element: box } = this
    this.#space.style.height = `${this.#count * rowHeight}px`
    if (this.#isFollowing && !this.#isSelecting) {
      box.scrollTop = box.scrollHeight
      this.#put = box.scrollTop
    }
    const seen = Math.ceil(box.clientHeight / rowHeight)
    const isAtEnd = box.scrollTop + box.clientHeight >= this.#count * rowHeight - 1
    const isFromEnd = isAtEnd && this.#count > seen
    const first = isFromEnd
      ? this.#count - seen - 1
      : Math.max(0, Math.floor(box.scrollTop / rowHeight))
    const last = Math.min(this.#count, first + seen + 2)
    showOnly(this.#rows, this.#draw(Math.max(0, first), last))
    if (isFromEnd && this.#wraps) {
      this.#rows.style.top = "auto"
      const bottom = this.#count * rowHeight - this.#rows.offsetHeight
      this.#rows.style.top = `${bottom}px`
    } else this.#rows.style.top = `${Math.max(0, first) * rowHeight}px`
  }

  /** What a person is about to copy stays where it is. */
  get #isSelecting(): boolean {
    const selection = getSelection()
    if (selection === null || selection.isCollapsed) return false
    return this.#rows.contains(selection.anchorNode)
  }

  #moved(): void {
    const { element: box } = this
    if (Math.abs(box.scrollTop - this.#put) > 1) {
      this.#put = box.scrollTop
      const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 2
      if (isAtEnd !== this.#isFollowing) {
        this.#isFollowing = isAtEnd
        this.#onFollow()
      }
    }
    this.refresh()
  }
}

/** Elements that stay are not touched: a selection in them, and the focus, outlive it. */
function showOnly(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const kept = new Set<Element>(children)
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove()
  let next = parent.firstElementChild
  for (const child of children) {
    if (child === next) next = next.nextElementSibling
    else parent.insertBefore(child, next)
  }
}
