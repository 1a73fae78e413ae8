import type { GraphRecord, ProcessRecord } from "../client/records.ts"

/** Ids are 64 hexadecimal digits; of so many of them nobody has two in one colony. */
const digits = 12

/** What a process is called where runs go by names: the server only knows its id. */
export function processName({ spec, processid }: ProcessRecord): string {
  return shortName(spec.nodename || spec.funcname || "process", processid)
}

export function workflowName({ processgraphid }: GraphRecord): string {
  return shortName("workflow", processgraphid)
}

export function shortName(name: string, id: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 40)
  return `${plain}-${id.slice(0, digits)}`
}
