import {
  isObject,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  textOf,
} from "../../../core/plan/json.ts"
import { unpackStatus } from "../../../engine/packStatus.ts"
import type { Change } from "./auditLog.mts"

/** One Execution from its creation on, and all that was made for it. */
export interface Story {
  readonly namespace: string
  readonly name: string
  readonly createdAt: string
  readonly spec: JsonObject
  /** What follows may start with the containers' end; else with the Job's. */
  readonly startsEarly: boolean
  readonly jobs: readonly JobStory[]
  readonly statuses: readonly StatusWrite[]
  readonly retries: readonly { readonly at: string; readonly id: string }[]
  readonly deletedAt: string | undefined
}

export interface JobStory {
  readonly name: string
  readonly task: string
  readonly index: string
  readonly attempt: number
  readonly createdAt: string
  /** When the write came that showed every container of a pod ended with exit code 0. */
  readonly containersEndedAt: string | undefined
  readonly completeAt: string | undefined
  readonly failedAt: string | undefined
  readonly deletedAt: string | undefined
  /** When what follows may start. */
  readonly doneAt: string | undefined
  readonly pods: readonly PodStory[]
}

export interface PodStory {
  readonly name: string
  readonly deletedAt: string | undefined
}

export interface StatusWrite {
  readonly at: string
  readonly isCertain: boolean
  readonly status: JsonObject
}

type Open<T> = { -readonly [Key in keyof T]: T[Key] }

interface OpenJob extends Open<JobStory> {
  readonly namespace: string
  uid: string | undefined
  /** Its pods are called so, with five characters after. */
  readonly podBase: string
  readonly mayStartEarly: boolean
  pods: Open<PodStory>[]
}

interface OpenStory extends Open<Story> {
  jobs: OpenJob[]
  /** Jobs of whose creation the server is not certain. What is heard of one later bears it out. */
  perhaps: OpenJob[]
  statuses: StatusWrite[]
  retries: { at: string; id: string }[]
}

const prefix = "execution.kubegene.io/"

/** Tells the log again, run by run. */
export function tellStories(changes: readonly Change[]): readonly Story[] {
  const stories: OpenStory[] = []
  for (const change of changes) {
    switch (change.resource) {
      case "executions":
        takeExecution(stories, change)
        break
      case "executions/status":
        if (change.verb === "update") {
          const { at, body, isCertain } = change
          const status = unpackStatus(objectOf(body.status))
          storyOf(stories, change)?.statuses.push({ at, isCertain, status })
        }
        break
      case "jobs":
        takeJob(stories, change)
        break
      case "jobs/status":
        if (change.isCertain) takeJobStatus(jobOf(stories, change), change)
        break
      case "pods":
        if (change.verb.startsWith("delete")) deletePods(stories, change)
        break
      case "pods/status":
        if (change.isCertain) takePodStatus(stories, change)
        break
    }
  }
  for (const story of stories) {
    for (const job of story.jobs) job.doneAt = doneAt(story, job)
  }
  return stories
}

function takeExecution(stories: OpenStory[], { verb, at, namespace, name, body }: Change): void {
  if (verb === "create") {
    const { annotations } = objectOf(body.metadata)
    stories.push({
      namespace,
      name,
      createdAt: at,
      spec: objectOf(body.spec),
      startsEarly: objectOf(annotations)[`${prefix}start`] !== "complete",
      jobs: [],
      perhaps: [],
      statuses: [],
      retries: [],
      deletedAt: undefined,
    })
    return
  }
  for (const story of stories) {
    const isMeant = story.namespace === namespace && (name === "" || story.name === name)
    if (!isMeant || story.deletedAt !== undefined) continue
    if (verb.startsWith("delete")) story.deletedAt = at
    const { annotations } = objectOf(body.metadata)
    const id = retryId(objectOf(annotations)[`${prefix}retry`])
    if (id !== undefined && !story.retries.some((one) => one.id === id)) {
      story.retries.push({ at, id })
    }
  }
}

/** A wish is an object with an id, or the id alone. */
function retryId(text: unknown): string | undefined {
  if (typeof text !== "string" || text.trim() === "") return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? textOf(value.id) : text.trim()
  } catch {
    return text.trim()
  }
}

function takeJob(stories: OpenStory[], change: Change): void {
  const { verb, at, namespace, name, body } = change
  if (verb === "create") {
    const metadata = objectOf(body.metadata)
    const owner = listOf(metadata.ownerReferences)
      .map(objectOf)
      .find((one) => one.controller)
    if (owner?.kind !== "Execution") return
    const story = storyOf(stories, { namespace, name: textOf(owner.name) ?? "" })
    if (story === undefined) return
    const jobs = change.isCertain ? story.jobs : story.perhaps
    jobs.push(newJob(change, story.name))
    return
  }
  if (!verb.startsWith("delete")) return
  for (const job of stories.flatMap((story) => story.jobs)) {
    if (job.namespace === namespace && (name === "" || job.name === name)) job.deletedAt ??= at
  }
}

function newJob({ at, namespace, name, body }: Change, run: string): OpenJob {
  const labels = objectOf(objectOf(body.metadata).labels)
  const spec = objectOf(body.spec)
  const pod = objectOf(objectOf(spec.template).spec)
  // Jobs without labels are named as KubeGene's own controller does it.
  const [task = "", index = ""] = name.slice(run.length + 1).split(".")
  return {
    namespace,
    uid: undefined,
    name,
    task: textOf(labels[`${prefix}task`]) ?? task,
    index: textOf(labels[`${prefix}index`]) ?? index,
    attempt: Number(textOf(labels[`${prefix}attempt`]) ?? 1),
    createdAt: at,
    containersEndedAt: undefined,
    completeAt: undefined,
    failedAt: undefined,
    deletedAt: undefined,
    doneAt: undefined,
    pods: [],
    podBase: `${name}-`.slice(0, 58),
    mayStartEarly: pod.restartPolicy !== "OnFailure" && (numberOf(spec.completions) ?? 1) === 1,
  }
}

function takeJobStatus(job: OpenJob | undefined, { at, body }: Change): void {
  if (job === undefined) return
  for (const condition of listOf(objectOf(body.status).conditions).map(objectOf)) {
    if (condition.status !== "True") continue
    if (condition.type === "Complete") job.completeAt ??= at
    if (condition.type === "Failed") job.failedAt ??= at
  }
}

function takePodStatus(stories: OpenStory[], { at, namespace, name, body }: Change): void {
  const isOf = (job: OpenJob) => job.namespace === namespace && job.podBase === name.slice(0, -5)
  const known = stories.flatMap((story) => story.jobs).findLast(isOf)
  const job = known ?? borneOut(stories, isOf)
  if (job === undefined) return
  if (!job.pods.some((pod) => pod.name === name)) job.pods.push({ name, deletedAt: undefined })
  const states = listOf(objectOf(body.status).containerStatuses).map((one) => {
    return objectOf(objectOf(objectOf(one).state).terminated).exitCode
  })
  if (states.length > 0 && states.every((exitCode) => exitCode === 0)) job.containersEndedAt ??= at
}

function deletePods(stories: OpenStory[], { at, namespace, name }: Change): void {
  for (const job of stories.flatMap((story) => story.jobs)) {
    if (job.namespace !== namespace) continue
    // The first that is heard of a pod may be asked for after its end, and be carried out before it.
    const isNew = !job.pods.some((pod) => pod.name === name)
    if (isNew && job.podBase === name.slice(0, -5)) job.pods.push({ name, deletedAt: undefined })
    for (const pod of job.pods) {
      if (name === "" || pod.name === name) pod.deletedAt ??= at
    }
  }
}

function doneAt({ startsEarly }: Story, job: OpenJob): string | undefined {
  const early = startsEarly && job.mayStartEarly ? job.containersEndedAt : undefined
  return [early, job.completeAt].filter((at) => at !== undefined).sort()[0]
}

/** The newest of that name: an earlier one was deleted before it could be made. */
function storyOf(
  stories: readonly OpenStory[],
  { namespace, name }: Pick<Change, "namespace" | "name">,
): OpenStory | undefined {
  return stories.findLast((story) => story.namespace === namespace && story.name === name)
}

/** The Job of that uid; the first that is heard of it tells which creation was its own. */
function jobOf(stories: readonly OpenStory[], change: Change): OpenJob | undefined {
  const { namespace, name, uid } = change
  const isNamed = (job: OpenJob) => job.namespace === namespace && job.name === name
  const all = stories.flatMap((story) => story.jobs).filter(isNamed)
  const isNew = (one: OpenJob) => one.uid === undefined && one.deletedAt === undefined
  const known = uid === undefined ? undefined : all.find((one) => one.uid === uid)
  const job = known ?? all.findLast(isNew) ?? borneOut(stories, isNamed)
  if (job !== undefined) job.uid = uid
  return job
}

function borneOut(
  stories: readonly OpenStory[],
  isIt: (job: OpenJob) => boolean,
): OpenJob | undefined {
  for (const story of stories.toReversed()) {
    const job = story.perhaps.findLast(isIt)
    if (job === undefined) continue
    story.perhaps = story.perhaps.filter((one) => one !== job)
    story.jobs.push(job)
    return job
  }
  return undefined
}
