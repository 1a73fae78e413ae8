import { objectOf, textOf } from "../../../core/plan/json.ts"
import { texts } from "./auditLog.mts"
import { dependencies, isReused, newest, stepsOf, tasksOf } from "./order.mts"
import type { Story } from "./stories.mts"
import type { Judge } from "./verdict.mts"

/** The run has ended, and its status says what became of its Jobs. A deleted run need not end. */
export const rightEnd: Judge = (story, all) => {
  if (story.deletedAt !== undefined) return leftWorking(story, story.deletedAt)
  const status = story.statuses.at(-1)?.status ?? {}
  const phase = textOf(status.phase) ?? ""
  if (!textOf(status.finishedAt)) return [`it has not ended; its phase is "${phase}"`]
  const working = story.jobs.filter((job) => !(job.completeAt ?? job.failedAt ?? job.deletedAt))
  const unfinished = working.map((job) => `it has ended, but its Job "${job.name}" has not`)
  switch (phase) {
    case "Succeeded":
      return [...unfinished, ...undone(story, all).map((why) => `it is Succeeded, but ${why}`)]
    case "Failed":
      return [...unfinished, ...wrongly(story), ...groundless(story, all)]
    case "Error":
      return story.jobs.length === 0 ? [] : ["it is in Error, but Jobs were made for it"]
    default:
      return [`it has ended with the phase "${phase}"`]
  }
}

/** What was made a moment before the run was deleted goes with it. */
const noticedWithinMs = 10_000

/** Jobs that worked on, or began, after the end of their run, until somebody deleted it. */
function leftWorking({ jobs, statuses }: Story, deletedAt: string): readonly string[] {
  const last = statuses.findLast(({ at }) => at < deletedAt)
  if (!textOf(last?.status.finishedAt)) return []
  const isLate = (at: string) => Date.parse(deletedAt) - Date.parse(at) < noticedWithinMs
  return jobs
    .filter(({ createdAt, completeAt, failedAt, deletedAt: goneAt }) => {
      const ends = [completeAt, failedAt, goneAt].filter((at) => at !== undefined)
      return !isLate(createdAt) && ends.every((at) => at >= deletedAt)
    })
    .map(({ name }) => `it had ended, and its Job "${name}" worked on until the run was deleted`)
}

const forever = "9999"

/** Why it may not be called Succeeded. */
function undone(story: Story, all: readonly Story[]): readonly string[] {
  const tasks = tasksOf(story)
  const vertices = objectOf(story.statuses.at(-1)?.status.vertices)
  const isSkipped = (id: string) => objectOf(vertices[`${story.name}.${id}`]).phase === "Skipped"
  return wantedTasks(story).flatMap((name) => {
    const steps = stepsOf(story, tasks.get(name), name)
    if (steps.length === 0) return isSkipped(`${name}.`) ? [] : [`"${name}" had no step at all`]
    return steps
      .filter((index) => {
        const isComplete = newest(story, name, index)?.completeAt !== undefined
        const isLeftOut = isSkipped(`${name}.${index}`) || isSkipped(`${name}.`)
        return !isComplete && !isLeftOut && !isReused(story, all, name, index, forever)
      })
      .map((index) => `${name}.${index} has not succeeded`)
  })
}

/** A Failed run in which every step succeeded has no reason to be. */
function groundless(story: Story, all: readonly Story[]): readonly string[] {
  const vertices = Object.values(objectOf(story.statuses.at(-1)?.status.vertices)).map(objectOf)
  const isSaid = vertices.some(({ phase }) => phase === "Failed" || phase === "Stopped")
  const isStopped = isSaid || story.statuses.at(-1)?.status.stopped !== undefined
  return isStopped || undone(story, all).length > 0
    ? []
    : ["it is Failed, but every step succeeded"]
}

/** Steps that status calls Succeeded and whose Jobs did not. */
function wrongly(story: Story): readonly string[] {
  const vertices = objectOf(story.statuses.at(-1)?.status.vertices)
  return Object.entries(vertices).flatMap(([id, value]) => {
    const vertex = objectOf(value)
    if (vertex.phase !== "Succeeded") return []
    const job = story.jobs.find((one) => one.name === vertex.name)
    return job?.completeAt === undefined ? [`"${id}" is called Succeeded, but its Job is not`] : []
  })
}

function wantedTasks(story: Story): readonly string[] {
  const tasks = tasksOf(story)
  const wanted = new Set(texts(story.spec.until))
  if (wanted.size === 0) return [...tasks.keys()]
  // A set that grows while it is gone through is gone through to its end.
  for (const name of wanted) {
    const task = tasks.get(name)
    for (const { target } of task ? dependencies(task) : []) wanted.add(target)
  }
  return [...wanted]
}
