import type { Direction } from "./layout.ts"
import type { TaskGraph, TaskNode } from "./taskGraph.ts"

/** A flowchart for Markdown and wikis. Double arrows: each step waits for its twin. */
export function mermaid({ name, tasks, edges }: TaskGraph, direction: Direction = "right"): string {
  const lines: string[] = []
  if (name) lines.push("---", `title: ${JSON.stringify(plain(name))}`, "---")
  lines.push(`flowchart ${direction === "right" ? "LR" : "TB"}`)
  tasks.forEach((task, i) => {
    const [open, close] = task.steps === 1 ? ["[", "]"] : ["[[", "]]"]
    const unknown = task.steps === null ? ":::unknown" : ""
    lines.push(`  n${i}${open}"${escapeLabel(label(task))}"${close}${unknown}`)
  })
  for (const { from, to, kind } of edges) {
    lines.push(`  n${from} ${kind === "iterate" ? "==>" : "-->"} n${to}`)
  }
  if (tasks.some((task) => task.steps === null)) {
    lines.push("  classDef unknown stroke-dasharray: 4 3")
  }
  return `${lines.join("\n")}\n`
}

function label({ name, steps }: TaskNode): string {
  return steps === 1 ? name : `${name} ×${steps ?? "?"}`
}

/** Everything that could mean something to Mermaid or HTML becomes an entity. */
function escapeLabel(text: string): string {
  return plain(text).replace(/[^\p{L}\p{N} ._?×-]/gu, (sign) => `#${sign.codePointAt(0)};`)
}

/** Without line breaks, control characters, half characters and signs that turn the direction. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu, "\ufffd")
}
