import { shortHash } from "./hash.ts"

/** A Kubernetes label value, and so the name of a Job, has at most 63 characters. */
const longest = 63

/** The name of the Job that is one attempt at a step; what is too long is cut and told apart. */
export function jobName(execution: string, task: string, index: number, attempt: number): string {
  const first = `${execution}.${task}.${index}`
  const suffix = attempt === 1 ? "" : `.r${attempt}`
  if (first.length + suffix.length <= longest) return first + suffix
  const mark = `-${shortHash(first)}${suffix}`
  const kept = first.slice(0, longest - mark.length).replace(/[.-]+$/, "")
  return kept + mark
}

export function stepId(task: string, index: number): string {
  return `${task}.${index}`
}

/** Stands for every step of a task whose steps are not known, or are too many to list. */
export function wholeTaskId(task: string): string {
  return `${task}.`
}

export function longestJobName(execution: string, task: string, count: number): string {
  return `${execution}.${task}.${Math.max(count - 1, 0)}`
}

/** What a run's Secret and ConfigMap are called that move its files. */
export function filesObject(execution: string): string {
  return `${execution}.files`
}
