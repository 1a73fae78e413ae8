import { error, info } from "../check/report.ts"
import type { Problem } from "../problem.ts"
import { mebibytes, readCpu, readMemory } from "./coloniesAmounts.ts"
import { taskNames } from "./convertNames.ts"
import { valueText } from "./expression.ts"
import { type FilesMove, filesTask, type TaskFiles, taskFiles } from "./filesTasks.ts"
import {
  field,
  fieldEntry,
  isContainerSpec,
  numberField,
  processesPerNode,
  stringField,
} from "./functionSpec.ts"
import { entriesOf, givenAt, stringAt, stringNode } from "./lookup.ts"
import { itemsOf, type TreeNode, toValue } from "./tree.ts"

export interface ConvertOptions {
  /** What to call the Execution; by default after the (first) function. */
  readonly name?: string
  /** The PersistentVolumeClaim that stands in for the files of the colony. */
  readonly claim?: string
  /** Brings the files to the claim and back; without it they are taken as they are there. */
  readonly files?: FilesMove
  /** The process this is the run of; without one the Job's own name takes its place. */
  readonly processId?: string
}

export interface Conversion {
  readonly execution: Readonly<Record<string, unknown>>
  /** What could not be taken over. With an error among them the object must not be run. */
  readonly problems: readonly Problem[]
}

/**
 * A function spec, or a workflow in either form, as the Execution whose Jobs a KubeExecutor would
 * make. Expects a text that passed the checks; numbers and amounts are read as the server reads them.
 */
export function coloniesToExecution(root: TreeNode, options: ConvertOptions = {}): Conversion {
  const problems: Problem[] = []
  const list = root.kind === "seq" ? root : field(root, "functionspecs")
  const isWorkflow = list !== undefined
  const specs = isWorkflow ? itemsOf(list) : [root]
  const names = taskNames(specs.map(ownName))
  const nameOf = new Map<string, string>()
  for (const [index, spec] of specs.entries()) {
    const node = stringField(spec, "nodename")?.value
    if (node !== undefined && !nameOf.has(node)) nameOf.set(node, names[index] ?? "")
  }
  const tasks = specs.map((spec, index): ConvertedTask => {
    const dependencies = isWorkflow ? itemsOf(field(field(spec, "conditions"), "dependencies")) : []
    const targets = new Set(dependencies.flatMap((node) => stringNode(node)?.value ?? []))
    const dependents = [...targets].map((target) => ({
      target: nameOf.get(target) ?? target,
      type: "whole",
    }))
    return {
      name: names[index],
      type: "Job",
      ...(dependents.length > 0 ? { dependents } : {}),
      jobTemplate: jobTemplate(spec, options, problems),
    }
  })
  return {
    execution: {
      apiVersion: "execution.kubegene.io/v1alpha1",
      kind: "Execution",
      metadata: { name: options.name ?? names[0] ?? "workflow" },
      spec: { tasks: withFiles(tasks, filesOf(root), options) },
    },
    problems,
  }
}

interface ConvertedTask {
  readonly name: string | undefined
  readonly type: string
  readonly dependents?: readonly { readonly target: string; readonly type: string }[]
  readonly jobTemplate: object
}

/** One step before all that waits for nothing, and one after all that nothing waits for. */
function withFiles(
  tasks: readonly ConvertedTask[],
  files: readonly TaskFiles[],
  { files: move, claim }: ConvertOptions,
): readonly ConvertedTask[] {
  if (move === undefined || claim === undefined || files.length === 0) return tasks
  const names = taskNames([...tasks.map(({ name }) => name), "files-in", "files-out"]).slice(-2)
  const [first = "", last = ""] = names
  const awaited = new Set(
    tasks.flatMap(({ dependents = [] }) => dependents.map((one) => one.target)),
  )
  const ends = tasks.flatMap(({ name }) =>
    name === undefined || awaited.has(name) ? [] : [{ target: name, type: "whole" }],
  )
  return [
    filesTask(first, "in", files, move, claim),
    ...tasks.map((task) =>
      task.dependents ? task : { ...task, dependents: [{ target: first, type: "whole" }] },
    ),
    ...(move.from === "colony"
      ? [{ ...filesTask(last, "out", files, move, claim), dependents: ends }]
      : []),
  ]
}

/** What the tasks of a spec want to find in their folders, under the names the tasks get. */
export function filesOf(root: TreeNode): readonly TaskFiles[] {
  const list = root.kind === "seq" ? root : field(root, "functionspecs")
  const specs = list === undefined ? [root] : itemsOf(list)
  const names = taskNames(specs.map(ownName))
  return specs.flatMap((spec, index) => taskFiles(spec, names[index] ?? "") ?? [])
}

/** Where the tasks of a spec want a folder of files, each place once. */
export function mountsOf(root: TreeNode): readonly string[] {
  const list = root.kind === "seq" ? root : field(root, "functionspecs")
  const specs = list === undefined ? [root] : itemsOf(list)
  const mounts = specs.map((spec) => stringField(field(spec, "fs"), "mount")?.value ?? "")
  return [...new Set(mounts)].filter((mount) => mount !== "")
}

function ownName(spec: TreeNode): string | undefined {
  return (stringField(spec, "nodename") ?? stringField(spec, "funcname"))?.value
}

function jobTemplate(spec: TreeNode, options: ConvertOptions, problems: Problem[]): object {
  problems.push(...notAContainer(spec))
  const conditions = field(spec, "conditions")
  const nodes = count(numberField(conditions, "nodes")?.value)
  const walltime = numberField(conditions, "walltime")?.value
  const deadline =
    walltime === undefined || walltime <= 0 ? {} : { activeDeadlineSeconds: walltime }
  const gpu = field(conditions, "gpu")
  const accelerator = stringField(gpu, "name")?.value
  const hasGpu = (numberField(gpu, "count")?.value ?? 0) > 0
  const volume = fileVolume(spec, options, problems)
  const template = container(spec, options, volume?.mount)
  const containers = Array.from(
    { length: count(processesPerNode(conditions)?.value) },
    (_, index) => ({
      name: `executorjob-container-${index}`,
      ...template,
    }),
  )
  return {
    metadata: { labels: { app: "kubeexecutor" } },
    spec: {
      completions: nodes,
      parallelism: nodes,
      backoffLimit: 4,
      // On the Job too: on the pod alone, each of its tries would get the whole time.
      ...deadline,
      template: {
        spec: {
          ...deadline,
          restartPolicy: "Never",
          ...(hasGpu && accelerator ? { nodeSelector: { accelerator } } : {}),
          containers,
          ...(volume === undefined ? {} : { volumes: [volume.source] }),
        },
      },
    },
  }
}

function notAContainer(spec: TreeNode): Problem[] {
  if (isContainerSpec(spec)) return []
  const name = stringField(spec, "funcname")
  const place = name?.span ?? fieldEntry(spec, "kwargs")?.key.span ?? spec.span
  const what =
    name?.value === "execute"
      ? 'This has no "docker-image" under "kwargs"'
      : name?.value === "sync"
        ? '"sync" moves files of the colony and runs nothing'
        : `"${name?.value ?? ""}" is a function of an executor`
  const message = `${what}: only "execute" with a "docker-image" can run as a Kubernetes Job.`
  return [error("bad-value", place, message, "advice")]
}

/** Every container of a pod is the same but for its name. */
function container(spec: TreeNode, options: ConvertOptions, mount: string | undefined): object {
  const conditions = field(spec, "conditions")
  const processId =
    options.processId === undefined
      ? { valueFrom: { fieldRef: { fieldPath: "metadata.labels['job-name']" } } }
      : { value: options.processId }
  const env = entriesOf(field(spec, "env"))
    .map(({ key, value }) => ({ name: String(key.value), value: valueText(toValue(value)) }))
    .filter(({ name }) => name !== "COLONIES_PROCESS_ID")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    image: stringAt(field(spec, "kwargs"), "docker-image")?.value ?? "",
    command: ["sh", "-c", shellLine(spec, options.processId ?? `\${COLONIES_PROCESS_ID}`)],
    env: [...env, { name: "COLONIES_PROCESS_ID", ...processId }],
    ...resources(conditions),
    ...(mount === undefined ? {} : { volumeMounts: [{ name: volumeName, mountPath: mount }] }),
  }
}

function shellLine(spec: TreeNode, processId: string): string {
  const kwargs = field(spec, "kwargs")
  // Of several in one text only the first is filled in, as the executor has it.
  const filled = (text: string) => text.replace("{processid}", () => processId)
  const before = stringAt(kwargs, "init-cmd")?.value ?? ""
  const args = itemsOf(givenAt(kwargs, "args")).map((node) => filled(valueText(toValue(node))))
  const command = filled(stringAt(kwargs, "cmd")?.value ?? "")
  return `${before === "" ? "" : `${before};`}${command} ${args.join(" ")}`
}

function resources(conditions: TreeNode | undefined): object {
  const memory = readMemory(stringField(conditions, "mem")?.value ?? "")
  const cpu = readCpu(stringField(conditions, "cpu")?.value ?? "")
  const gpus = numberField(field(conditions, "gpu"), "count")?.value ?? 0
  const asked = memory.kind !== "refused" && memory.bytes >= 1048576n
  const size = asked ? { memory: mebibytes(memory.bytes) } : {}
  const limits = {
    ...size,
    ...(cpu.kind === "milli" && cpu.milli > 0n ? { cpu: `${cpu.milli}m` } : {}),
    ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}),
  }
  if (Object.keys(limits).length === 0) return {}
  return { resources: { ...(asked ? { requests: size } : {}), limits } }
}

const volumeName = "kube-executor-volume"

function fileVolume(
  spec: TreeNode,
  options: ConvertOptions,
  problems: Problem[],
): { readonly mount: string; readonly source: object } | undefined {
  const fs = field(spec, "fs")
  const mount = stringField(fs, "mount")
  if (mount === undefined || mount.value === "") return undefined
  if (options.claim === undefined) {
    const message = `Files are wanted at "${mount.value}", but no claim holds the files of the colony here: name one, on the command line with --claim.`
    problems.push(error("bad-value", mount.span, message, "advice"))
    return undefined
  }
  const folders = ["dirs", "snapshots"]
    .map((name) => fieldEntry(fs, name))
    .find((entry) => itemsOf(entry?.value).length > 0)
  if (folders !== undefined && options.files === undefined) {
    const message = `Nothing is fetched or uploaded here: the folders are used as they are on the claim "${options.claim}".`
    problems.push(info("portability", folders.key.span, message, "advice"))
  }
  const source = { name: volumeName, persistentVolumeClaim: { claimName: options.claim } }
  return { mount: mount.value, source }
}

/** The server's own limit keeps a slip of the hand from becoming a million containers. */
function count(written: number | undefined): number {
  return Math.max(1, Math.min(127, Math.trunc(written ?? 1)))
}
