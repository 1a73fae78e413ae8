import { Piece } from "#core/spec/piece"
import { SpecFile } from "#core/spec/specFile"
import { type Random, randomFrom } from "./random.ts"
import { randomSpec } from "./randomSpec.ts"
import { damage } from "./randomYaml.ts"

/** Everything a file answers, as one text that says where two of them differ. */
function answers(file: SpecFile): string {
  file.work(() => false)
  const lines: string[] = []
  for (const { dialect, workflow, span, problems } of file.documents()) {
    lines.push(`${dialect} ${span.start}-${span.end} ${JSON.stringify(workflow.name)}`)
    for (const task of workflow.tasks) lines.push(JSON.stringify(task))
    for (const problem of problems) lines.push(JSON.stringify(problem))
  }
  for (const diagnosis of file.diagnose()) lines.push(JSON.stringify(diagnosis))
  return lines.join("\n")
}

const bits = [
  ..."x \n-:#,[]{}\"'|&*!a1\t",
  "\n  - name: new\n",
  "  - name: t1\n    image: b\n",
  "    dependents: [{target: t2, type: whole}]\n",
  "t1",
  "t2",
  "\n---\n",
  "\n...\n",
  "\r\n",
  "other:\n",
  "# executions-disable-next-line unknown-dependency\n",
  "&base ",
  "*base",
  "    <<: *base\n",
  "  ",
  "",
]

function randomEdit(text: string, random: Random): { from: number; to: number; inserted: string } {
  // No position stands between the two characters of a line end.
  const off = (at: number) => (text.slice(at - 1, at + 1) === "\r\n" ? at + 1 : at)
  // Most edits are among the tasks: around them the text soon is no spec any more.
  const tasks = random.oneIn(5) ? 0 : Math.max(text.search(/tasks|workflow|nodename/), 0)
  const from = off(tasks + random.below(text.length + 1 - tasks))
  const length = random.oneIn(3) ? random.below(random.oneIn(6) ? 200 : 4) : 0
  const to = off(Math.min(from + length, text.length))
  return { from, to, inserted: random.pick(bits) }
}

/**
 * Edits a random spec and asks after each edit whether the file answers what a new file with that
 * text answers; throws where it does not. Answers how many edits it made.
 */
export function followEdits(seed: number): number {
  const random = randomFrom(seed)
  const path = random.pick(["spec.yaml", "spec.json", "x.execution.yaml"])
  let text = randomSpec(random)
  if (random.oneIn(4)) text = damage(text, random)
  const file = new SpecFile(text, path)
  const history: string[] = []
  for (let i = 0; i < 12; i++) {
    const { from, to, inserted } = randomEdit(text, random)
    // Most edits are taken back, so that the text does not fall apart at once.
    const undo = text.slice(from, to)
    const steps = [{ from, to, inserted }]
    const after = text.slice(0, from) + inserted + text.slice(to)
    const isInLineEnd = [from, from + inserted.length].some(
      (at) => after.slice(at - 1, at + 1) === "\r\n",
    )
    if (!random.oneIn(4) && !isInLineEnd) {
      steps.push({ from, to: from + inserted.length, inserted: undo })
    }
    for (const step of steps) {
      const before = new Piece(text)
      file.edit(before.positionAt(step.from), before.positionAt(step.to), step.inserted)
      text = text.slice(0, step.from) + step.inserted + text.slice(step.to)
      history.push(JSON.stringify(step))
      if (file.text() !== text) throw new Error(`seed ${seed}: the text is another one`)
      const fresh = answers(new SpecFile(text, path))
      const kept = answers(file)
      if (kept !== fresh) {
        throw new Error(
          `seed ${seed}, after ${history.join(" ")} in\n${text}\n\n${firstDifference(kept, fresh)}`,
        )
      }
    }
  }
  return history.length
}

function firstDifference(kept: string, fresh: string): string {
  const keptLines = kept.split("\n")
  const freshLines = fresh.split("\n")
  const at = freshLines.findIndex((line, i) => line !== keptLines[i])
  return `it answers ${keptLines[at]}\na new file  ${freshLines[at]}`
}
