import type { Choice, GraphCanvas } from "./canvas.ts"

interface PointerActs {
  hover(choice: Choice | undefined, at: { readonly x: number; readonly y: number }): void
  choose(choice: Choice | undefined, isPathOnly: boolean): void
  unfold(choice: Choice): void
}

/** Drag pans, the wheel zooms where the pointer is, a click chooses, a double click unfolds. */
export function followPointer(main: HTMLElement, canvas: GraphCanvas, acts: PointerActs): void {
  const { element } = canvas
  let drag: { readonly x: number; readonly y: number; isMoved: boolean } | undefined
  let last: Choice | undefined
  let rest: ReturnType<typeof setTimeout> | undefined
  const tell = (choice: Choice | undefined, at: { readonly x: number; readonly y: number }) => {
    if (choice === undefined) delete main.dataset.over
    else main.dataset.over = String(choice.task)
    if (choice?.task === last?.task && choice?.step === last?.step) return
    last = choice
    clearTimeout(rest)
    if (choice === undefined) acts.hover(undefined, at)
    // A pointer on its way somewhere else lights nothing.
    else rest = setTimeout(() => acts.hover(choice, at), 120)
  }
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return
    element.setPointerCapture(event.pointerId)
    drag = { x: event.clientX, y: event.clientY, isMoved: false }
  })
  element.addEventListener("pointermove", (event) => {
    const at = { x: event.offsetX, y: event.offsetY }
    if (drag === undefined) {
      tell(canvas.at(at.x, at.y), at)
      return
    }
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y)
    if (!drag.isMoved && far < 4) return
    if (!drag.isMoved) tell(undefined, at)
    drag.isMoved = true
    main.classList.add("is-dragged")
    const { view } = canvas
    canvas.setView({ ...view, x: view.x - event.movementX, y: view.y - event.movementY }, true)
  })
  const end = (event: PointerEvent) => {
    const isClick = drag !== undefined && !drag.isMoved && event.type === "pointerup"
    drag = undefined
    main.classList.remove("is-dragged")
    if (isClick) acts.choose(canvas.at(event.offsetX, event.offsetY), event.altKey)
  }
  element.addEventListener("pointerup", end)
  element.addEventListener("pointercancel", end)
  element.addEventListener("pointerleave", (event) => {
    if (drag === undefined) tell(undefined, { x: event.offsetX, y: event.offsetY })
  })
  element.addEventListener("dblclick", (event) => {
    const choice = canvas.at(event.offsetX, event.offsetY)
    if (choice) acts.unfold(choice)
  })
  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
      if (event.shiftKey) {
        const { view } = canvas
        canvas.setView({ ...view, x: view.x + (event.deltaX || event.deltaY) * unit }, true)
        return
      }
      canvas.zoom(Math.exp(-event.deltaY * unit * 0.0015), { x: event.offsetX, y: event.offsetY })
    },
    { passive: false },
  )
}
