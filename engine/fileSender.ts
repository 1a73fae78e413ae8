import { objectOf, textOf } from "#core/plan/json"
import { annotations } from "#core/plan/labels"
import type { TaskFiles } from "#core/spec/filesTasks"
import type { Cluster, RunKey, StoredExecution } from "./cluster.ts"
import type { FileMover } from "./fileMover.ts"

/** What stands at a run whose files come from a folder of somebody's machine. */
export interface FolderNote {
  readonly from: "folder"
  readonly path: string
  /** Which engine has that folder. */
  readonly engine: string
  /** The step that waits for the files. */
  readonly task: string
  readonly wanted: readonly TaskFiles[]
}

const againMs = 3_000

interface SenderSetting {
  readonly cluster: Cluster
  readonly mover: FileMover
  /** This engine's id. */
  readonly engine: string
  readonly log: (line: string) => void
  /** Why a run's files do not come, while they do not. */
  readonly onTrouble: (run: RunKey, sentence: string | undefined) => void
}

/**
 * Sends the files of folders of this machine to the runs that wait for them, also to those of an
 * engine before this one: what there is to do is read from the runs.
 */
export class FileSender {
  readonly #setting: SenderSetting
  readonly #ended = new AbortController()
  /** By the pod's uid. */
  readonly #sending = new Set<string>()
  readonly #done = new Set<string>()

  constructor(setting: SenderSetting) {
    this.#setting = setting
  }

  /** Looks whether the run waits for files of ours. */
  look(run: RunKey): void {
    const { cluster, engine } = this.#setting
    const stored = cluster.execution(run)
    const note = stored && noteOf(stored)
    if (!stored || note?.engine !== engine || isFinished(stored)) return
    const { jobs, pods } = cluster.world(run)
    const waiting = [...jobs.values()].filter(({ labels }) => labels.task === note.task)
    for (const pod of waiting.flatMap(({ name }) => pods.get(name) ?? [])) {
      const [container] = pod.containers
      if (container?.state.kind !== "running" || pod.deletedAt !== undefined) continue
      if (this.#sending.has(pod.uid) || this.#done.has(pod.uid)) continue
      this.#sending.add(pod.uid)
      void this.#send(run, note, pod.name, container.name)
        .then(() => {
          this.#done.add(pod.uid)
          this.#setting.onTrouble(run, undefined)
        })
        .catch((error: unknown) => {
          const why = error instanceof Error ? error.message : String(error)
          this.#setting.log(`files of ${run}: ${why}`)
          if (this.#ended.signal.aborted) return
          this.#setting.onTrouble(run, `The files of "${note.path}" do not come: ${why}`)
        })
        .finally(() => this.#letGo(run, pod.uid))
    }
  }

  /** A run waits for files that nobody else has. */
  isBusy(): boolean {
    const { cluster, engine } = this.#setting
    return [...cluster.runs()].some((run) => {
      const stored = cluster.execution(run)
      if (!stored || isFinished(stored) || noteOf(stored)?.engine !== engine) return false
      const pods = [...cluster.world(run).pods.values()].flat()
      return !pods.some(({ uid }) => this.#done.has(uid))
    })
  }

  stop(): void {
    this.#ended.abort(new Error("The place was closed."))
  }

  #letGo(run: RunKey, uid: string): void {
    if (this.#done.has(uid) || this.#ended.signal.aborted) {
      this.#sending.delete(uid)
      return
    }
    const timer = setTimeout(() => {
      this.#sending.delete(uid)
      this.look(run)
    }, againMs)
    this.#ended.signal.addEventListener("abort", () => clearTimeout(timer), { once: true })
  }

  async #send(run: RunKey, note: FolderNote, pod: string, container: string): Promise<void> {
    const { cluster, mover, log } = this.#setting
    const [namespace = "", name = ""] = run.split("/")
    const command = takeCommand(cluster.execution(run), note.task)
    if (command === undefined || !cluster.exec) return
    const input = mover.send(note.path, note.wanted, name)
    await cluster.exec({ namespace, pod, container, command, input, signal: this.#ended.signal })
    log(`files of ${run}: sent from "${note.path}"`)
  }
}

/** Undefined where the files come from elsewhere, or what stands there makes no sense. */
function noteOf({ object }: StoredExecution): FolderNote | undefined {
  const text = textOf(objectOf(objectOf(object.metadata).annotations)[annotations.files])
  if (text === undefined) return undefined
  try {
    const note = JSON.parse(text) as FolderNote
    return note.from === "folder" ? note : undefined
  } catch {
    return undefined
  }
}

function isFinished({ object }: StoredExecution): boolean {
  return textOf(objectOf(object.status).finishedAt) !== undefined
}

/** As the step that waits was started, with another word at its end. */
function takeCommand(
  stored: StoredExecution | undefined,
  name: string,
): readonly string[] | undefined {
  const tasks = objectOf(stored?.object.spec).tasks
  if (!Array.isArray(tasks)) return undefined
  const task = tasks.map(objectOf).find((one) => one.name === name)
  const pod = objectOf(objectOf(objectOf(objectOf(task?.jobTemplate).spec).template).spec)
  const [container] = Array.isArray(pod.containers) ? pod.containers : []
  const command = objectOf(container).command
  if (!Array.isArray(command)) return undefined
  return [...command.slice(0, -1).map(String), "take"]
}
