import { taskGraph } from "#core/graph/taskGraph"
import type { SpecFile } from "#core/spec/specFile"
import type { PictureResult } from "../protocol.ts"

/** A workflow of the file as a graph panel draws it, and the first line that cannot be read. */
export function picture(file: SpecFile, index: number): PictureResult {
  const document = file.documents()[index]
  if (document === undefined) return null
  const { workflow } = document
  const graph = taskGraph(workflow)
  const lines = new Map<string, number>()
  for (const { name, offset } of workflow.tasks) {
    if (!name?.value || lines.has(name.value)) continue
    lines.set(name.value, file.positionAt(offset + name.span.start).line)
  }
  let broken: number | null = null
  for (const { code, range } of file.diagnose()) {
    if (code !== "syntax") continue
    broken = range.start.line
    break
  }
  return {
    picture: { ...graph, lines: graph.tasks.map(({ name }) => lines.get(name) ?? 0) },
    broken,
  }
}
