import type { Choice } from "./canvas.ts"
import type { Model } from "./model.ts"

export interface Found {
  readonly hits: readonly Choice[]
  readonly marks: Uint8Array
}

/** Tasks whose name holds the text; `align.17` is step 17 of "align". */
export function find(model: Model, text: string): Found | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === "") return undefined
  const { tasks } = model.picture
  const marks = new Uint8Array(tasks.length)
  const [, stepTask, index] = /^(.+)\.(\d+)$/.exec(wanted) ?? []
  const hits: Choice[] = []
  tasks.forEach(({ name, steps }, task) => {
    const lower = name.toLowerCase()
    if (lower.includes(wanted)) hits.push({ task, step: null })
    else if (lower === stepTask && Number(index) < (steps ?? 0)) {
      hits.push({ task, step: Number(index) })
    } else return
    marks[task] = 1
  })
  return { hits, marks }
}
