import { where } from "../complete/where.ts"
import type { Position, SpecFile } from "../spec/specFile.ts"

/** How a function is written, and which of its parts the cursor is in. */
export interface Signature {
  readonly label: string
  readonly documentation: string
  readonly parts: readonly { readonly label: string; readonly documentation: string }[]
  readonly active: number
}

/** What to know about the function whose brackets the position is in. */
export function signature(file: SpecFile, position: Position): Signature | undefined {
  const found = where(file, position)
  const { place } = found ?? {}
  if (!found || (place?.kind !== "value" && place?.kind !== "slot")) return undefined
  if (found.dialect === "gcs") {
    const before = found.text.slice(place.span.start, found.offset)
    const call = /(range|get_result|check_result)\(([^()]*)$/.exec(before)
    const written = gcsCalls[call?.[1] ?? ""]
    const commas = (call?.[2] ?? "").split(",").length - 1
    return written && { ...written, active: Math.min(commas, written.parts.length - 1) }
  }
  if (found.dialect !== "execution") return undefined
  const index = place.path.at(-1)
  const list = place.path.slice(0, -1)
  const isList = list.at(-2) === "varsIter" || list.at(-1) === "condition"
  if (!isList || typeof index !== "number") return undefined
  const name = found.scanned.at(list)?.keys.get("0")?.replace(/["']/g, "") ?? ""
  const written = listCalls[name]
  return written && { ...written, active: Math.min(index, written.parts.length - 1) }
}

type Written = Omit<Signature, "active">

const separator = {
  label: '"separator"',
  documentation:
    'Where what it printed is cut: "\\n" makes a value of each line, "" one of it all.',
}
const text = { label: '"text"', documentation: "What it has to have printed for this to run." }

const gcsCalls: Readonly<Record<string, Written>> = {
  range: {
    label: "range(start, end, step)",
    documentation: "The numbers from start up to, not including, end: one command for each.",
    parts: [
      { label: "start", documentation: "The first number, or an input: ${first}." },
      { label: "end", documentation: "The first number that is not used any more." },
      { label: "step", documentation: "From one number to the next. Absent: 1." },
    ],
  },
  get_result: {
    label: 'get_result(job, "separator")',
    documentation: "What a job of one command printed, cut into values: one command for each.",
    parts: [{ label: "job", documentation: "The one job that this one waits for." }, separator],
  },
  check_result: {
    label: 'check_result(job, "text")',
    documentation: "Runs this job only if the one before it printed exactly this text.",
    parts: [{ label: "job", documentation: "The one job that this one waits for." }, text],
  },
}

const listCalls: Readonly<Record<string, Written>> = {
  get_result: {
    label: '[get_result, task, "separator"]',
    documentation: "What a task of one step printed, cut into values: one command for each.",
    parts: [
      { label: "get_result", documentation: "Reads what a task printed." },
      { label: "task", documentation: "The one task that this one waits for." },
      separator,
    ],
  },
  check_result: {
    label: '[check_result, task, "text"]',
    documentation: "Runs this task only if the one before it printed exactly this text.",
    parts: [
      { label: "check_result", documentation: "Compares what a task printed." },
      { label: "task", documentation: "The one task that this one waits for." },
      text,
    ],
  },
}
