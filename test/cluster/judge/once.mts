import type { Judge } from "./verdict.mts"

/** A step's Job is created at most once per attempt, and a new attempt only after a retry. */
export const once: Judge = ({ jobs, retries }) => {
  const seen = new Map<string, number>()
  const sentences: string[] = []
  for (const { name, task, index, attempt, createdAt } of jobs) {
    const step = `${task}.${index}`
    const key = `${step} attempt ${attempt}`
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    if (times > 1) sentences.push(`"${name}" (${key}) was created ${times} times`)
    const asked = retries.filter(({ at }) => at < createdAt).length
    if (attempt > asked + 1) {
      sentences.push(`"${name}" is attempt ${attempt}, after ${asked} wishes to retry`)
    }
  }
  return sentences
}
