import { type JsonObject, listOf, objectOf, textOf } from "../../../core/plan/json.ts"
import { texts } from "./auditLog.mts"
import type { JobStory, Story } from "./stories.mts"
import type { Judge } from "./verdict.mts"

/** No Job is created before every step it depends on was done, and every result it needs on record. */
export const order: Judge = (story, all) => {
  const tasks = tasksOf(story)
  return story.jobs.flatMap((job) => {
    const task = tasks.get(job.task)
    if (task === undefined) return [`"${job.name}" is of no task of the spec`]
    const missing = dependencies(task).flatMap(({ target, type }) => {
      const steps = type === "iterate" ? [job.index] : stepsOf(story, tasks.get(target), target)
      if (steps.length === 0) return [`"${target}" had no step at all`]
      return steps
        .filter((index) => !isDoneBefore(story, all, target, index, job.createdAt))
        .map((index) => `${target}.${index} was not done`)
    })
    const unread = resultTasks(task)
      .filter((name) => !hasResult(story, name, job.createdAt))
      .map((name) => `what "${name}" printed was not on record`)
    return [...missing, ...unread].map((why) => `"${job.name}" was created though ${why}`)
  })
}

export function tasksOf({ spec }: Story): ReadonlyMap<string, JsonObject> {
  return new Map(
    listOf(spec.tasks)
      .map(objectOf)
      .map((task) => [textOf(task.name) ?? "", task]),
  )
}

export function dependencies(task: JsonObject): readonly { target: string; type: string }[] {
  return listOf(task.dependents)
    .map(objectOf)
    .map(({ target, type }) => ({ target: textOf(target) ?? "", type: textOf(type) ?? "whole" }))
}

/** The steps of a task; where the text does not tell how many, those that came to be. */
export function stepsOf(
  story: Story,
  task: JsonObject | undefined,
  name: string,
): readonly string[] {
  const count = task === undefined ? 0 : stepCount(task)
  if (count !== undefined) return Array.from({ length: count }, (_, index) => String(index))
  const made = story.jobs.filter((job) => job.task === name).map((job) => job.index)
  const before = `${story.name}.${name}.`
  const taken = Object.entries(objectOf(story.statuses.at(-1)?.status.vertices))
    .filter(([id, vertex]) => id.startsWith(before) && objectOf(vertex).phase === "Reused")
    .map(([id]) => id.slice(before.length))
  return [...new Set([...made, ...taken])]
}

function stepCount({ commandSet, commands, commandsIter }: JsonObject): number | undefined {
  if (commandsIter === undefined || commandsIter === null) {
    return listOf(commandSet).length || listOf(commands).length || 1
  }
  const rows = listOf(objectOf(commandsIter).varsIter).map(listOf)
  if (rows.some(([first]) => first === "get_result")) return undefined
  return rows.reduce((count, row) => count * row.length, 1)
}

function isDoneBefore(
  story: Story,
  all: readonly Story[],
  task: string,
  index: string,
  at: string,
): boolean {
  const job = newest(story, task, index, at)
  if (job !== undefined) return job.doneAt !== undefined && job.doneAt < at
  return isReused(story, all, task, index, at)
}

/** The attempt that counted then. */
export function newest(
  { jobs }: Story,
  task: string,
  index: string,
  before?: string,
): JobStory | undefined {
  let found: JobStory | undefined
  for (const job of jobs) {
    if (job.task !== task || job.index !== index) continue
    if (before !== undefined && job.createdAt >= before) continue
    if (found === undefined || job.attempt >= found.attempt) found = job
  }
  return found
}

/** Status says so, and the run it was taken from bears it out. */
export function isReused(
  story: Story,
  all: readonly Story[],
  task: string,
  index: string,
  at: string,
): boolean {
  const id = `${story.name}.${task}.${index}`
  const isSaid = recordsBefore(story, at).some(
    ({ vertices }) => objectOf(objectOf(vertices)[id]).phase === "Reused",
  )
  if (!isSaid) return false
  const from = textOf(objectOf(story.spec.resumeFrom).name)
  const earlier = all.findLast(
    (one) =>
      one.namespace === story.namespace && one.name === from && one.createdAt < story.createdAt,
  )
  return earlier !== undefined && isDoneBefore(earlier, all, task, index, at)
}

/** What was on record then: the last write that is certain, and those after it that may have been. */
function recordsBefore({ statuses }: Story, at: string): readonly JsonObject[] {
  const before = statuses.filter((write) => write.at < at)
  const last = before.findLastIndex(({ isCertain }) => isCertain)
  return before.slice(Math.max(last, 0)).map(({ status }) => status)
}

function hasResult(story: Story, task: string, at: string): boolean {
  const id = `${story.name}.${task}.0`
  return recordsBefore(story, at).some(
    ({ vertices }) => typeof objectOf(objectOf(vertices)[id]).result === "string",
  )
}

function resultTasks(task: JsonObject): readonly string[] {
  const rows = listOf(objectOf(task.commandsIter).varsIter).map(texts)
  const condition = texts(objectOf(task.condition).condition)
  const generic = textOf(objectOf(task.genericCondition).dependJobName)
  return [
    ...rows.flatMap(([first, name]) => (first === "get_result" && name ? [name] : [])),
    ...(condition[0] === "check_result" && condition[1] ? [condition[1]] : []),
    ...(generic === undefined ? [] : [generic]),
  ]
}
