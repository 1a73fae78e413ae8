import { expect, test } from "vitest"
import { readExecution } from "../plan/execution.ts"
import { jobManifest } from "../plan/jobManifest.ts"
import { type Conversion, type ConvertOptions, coloniesToExecution } from "./convertColonies.ts"
import { parse } from "./parse.ts"

function convert(spec: unknown, options?: ConvertOptions): Conversion {
  const [document] = parse(JSON.stringify(spec), "x.function.json")
  if (document === undefined) throw new Error("this is no Colonies spec")
  return coloniesToExecution(document.tree, options)
}

const conditions = {
  executortype: "kubeexecutor",
  nodes: 2,
  processespernode: 2,
  cpu: "500m",
  mem: "1Gi",
  walltime: 90,
}

const spec = {
  conditions,
  funcname: "execute",
  kwargs: { "docker-image": "busybox", cmd: "echo", args: ["Hello,", '"World"'] },
  env: { B: "2", A: "1", COLONIES_PROCESS_ID: "not this" },
  maxexectime: 80,
  maxretries: 3,
}

interface Template {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly Record<string, unknown>[] }
    }
  }
}

function pod(result: Conversion) {
  const { tasks } = result.execution.spec as { tasks: { jobTemplate: Template }[] }
  const template = tasks[0]?.jobTemplate.spec.template.spec
  if (template === undefined) throw new Error("there is no task")
  return template
}

function line(kwargs: object, options?: ConvertOptions): unknown {
  const result = convert({ ...spec, kwargs: { "docker-image": "busybox", ...kwargs } }, options)
  const command = pod(result).containers[0]?.command
  return Array.isArray(command) ? command[2] : undefined
}

test("a function spec becomes the Job that a KubeExecutor makes, as an object", () => {
  const container = {
    image: "busybox",
    command: ["sh", "-c", 'echo Hello, "World"'],
    env: [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
      {
        name: "COLONIES_PROCESS_ID",
        valueFrom: { fieldRef: { fieldPath: "metadata.labels['job-name']" } },
      },
    ],
    resources: { requests: { memory: "1024Mi" }, limits: { memory: "1024Mi", cpu: "500m" } },
  }
  expect(convert(spec)).toEqual({
    problems: [],
    execution: {
      apiVersion: "execution.kubegene.io/v1alpha1",
      kind: "Execution",
      metadata: { name: "execute" },
      spec: {
        tasks: [
          {
            name: "execute",
            type: "Job",
            jobTemplate: {
              metadata: { labels: { app: "kubeexecutor" } },
              spec: {
                completions: 2,
                parallelism: 2,
                backoffLimit: 4,
                activeDeadlineSeconds: 90,
                template: {
                  spec: {
                    activeDeadlineSeconds: 90,
                    restartPolicy: "Never",
                    containers: [
                      { name: "executorjob-container-0", ...container },
                      { name: "executorjob-container-1", ...container },
                    ],
                  },
                },
              },
            },
          },
        ],
      },
    },
  })
})

test("what a conversion makes is an Execution without a mistake", () => {
  const made = convert({ ...spec, fs: { mount: "/cfs" } }, { name: "hello", claim: "lab" })
  expect(made.problems).toEqual([])
  expect(parse(JSON.stringify(made.execution), "")[0]?.problems).toEqual([])
})

test("a workflow keeps its order, and its names as far as Kubernetes takes them", () => {
  const node = (nodename: string, dependencies: string[]) => {
    return { ...spec, nodename, conditions: { ...conditions, dependencies } }
  }
  const list = [node("Prep", []), node("train_it", ["Prep", "Prep"]), node("prep", ["train_it"])]
  const wish = [
    ["prep", undefined],
    ["train-it", [{ target: "prep", type: "whole" }]],
    ["prep-2", [{ target: "train-it", type: "whole" }]],
  ]
  for (const form of [list, { colonyname: "dev", functionspecs: list }]) {
    const { tasks } = convert(form).execution.spec as {
      tasks: { name: string; dependents?: unknown }[]
    }
    expect(tasks.map(({ name, dependents }) => [name, dependents])).toEqual(wish)
  }
})

test.each([
  [{ cmd: "date" }, "date "],
  [{ cmd: "a", args: ["b", "c d"], "init-cmd": "cd /x" }, "cd /x;a b c d"],
  [{ cmd: "a", args: [1, true] }, "a 1 true"],
  [{ cmd: "ls {processid} {processid}" }, "ls ${COLONIES_PROCESS_ID} {processid} "],
])("the shell line of %j", (kwargs, expected) => {
  expect(line(kwargs)).toBe(expected)
})

test("a process gives its id to the environment and the command", () => {
  expect(line({ cmd: "ls {processid}" }, { processId: "$&abc" })).toBe("ls $&abc ")
  expect(pod(convert(spec, { processId: "abc" })).containers[0]?.env).toContainEqual({
    name: "COLONIES_PROCESS_ID",
    value: "abc",
  })
})

test("amounts are those that the server makes of them", () => {
  const gpu = { name: "a100", count: 2, mem: "10Gi" }
  const odd = { ...conditions, cpu: "1", mem: "10M", gpu }
  const made = pod(convert({ ...spec, conditions: odd }))
  expect(made).toHaveProperty("nodeSelector", { accelerator: "a100" })
  expect(made.containers[0]?.resources).toEqual({
    requests: { memory: "9Mi" },
    limits: { memory: "9Mi", "nvidia.com/gpu": "2" },
  })
})

test.each(["processes-per-node", "processes_per_node", "ProcessesPerNode"])(
  "%s is read as processespernode",
  (spelling) => {
    const { processespernode, ...rest } = conditions
    const made = convert({ ...spec, conditions: { ...rest, [spelling]: processespernode } })
    expect(pod(made).containers).toHaveLength(2)
  },
)

test("a slip of the hand does not become a million containers", () => {
  const made = convert({ ...spec, conditions: { ...conditions, processespernode: 1e9 } })
  expect(pod(made).containers).toHaveLength(127)
})

test("files live on a claim, which has to be named", () => {
  const fs = { mount: "/cfs", dirs: [{ label: "/a", dir: "/a" }] }
  const [problem] = convert({ ...spec, fs }).problems
  expect(problem?.severity).toBe("error")
  expect(problem?.message).toMatch(/^Files are wanted at "\/cfs", but no claim/)
  const made = convert({ ...spec, fs }, { claim: "lab" })
  expect(made.problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    'info: Nothing is fetched or uploaded here: the folders are used as they are on the claim "lab".',
  ])
  const volume = "kube-executor-volume"
  expect(pod(made)).toHaveProperty("volumes", [
    { name: volume, persistentVolumeClaim: { claimName: "lab" } },
  ])
  expect(pod(made).containers[0]?.volumeMounts).toEqual([{ name: volume, mountPath: "/cfs" }])
})

test.each([
  [{ funcname: "train" }, /^"train" is a function of an executor: only "execute"/],
  [{ funcname: "sync" }, /^"sync" moves files/],
  [{ kwargs: { cmd: "date" } }, /^This has no "docker-image"/],
])("%j cannot be a Job", (change, sentence) => {
  expect(convert({ ...spec, ...change }).problems[0]?.message).toMatch(sentence)
})

test("the Job that is created in the end is still the one the KubeExecutor would make", () => {
  const gpu = { name: "a100", count: 1 }
  const { execution } = convert({ ...spec, conditions: { ...conditions, gpu } }, { name: "hello" })
  const read = readExecution(execution)
  if (read.kind !== "execution") throw new Error(JSON.stringify(read))
  const [task] = read.execution.spec.tasks
  if (task === undefined) throw new Error("there is no task")
  const request = { task, index: 0, attempt: 1, command: undefined, stepHash: "v1-abc" }
  const job = jobManifest(read.execution, request)
  expect(job.metadata.name).toBe("hello.execute.0")
  expect(job.metadata.labels).toHaveProperty("app", "kubeexecutor")
  expect(job.spec).toMatchObject({
    completions: 2,
    parallelism: 2,
    backoffLimit: 4,
    activeDeadlineSeconds: 90,
    template: {
      spec: {
        activeDeadlineSeconds: 90,
        restartPolicy: "Never",
        nodeSelector: { accelerator: "a100" },
        containers: [0, 1].map((index) => ({
          name: `executorjob-container-${index}`,
          image: "busybox",
          command: ["sh", "-c", 'echo Hello, "World"'],
          resources: { limits: { memory: "1024Mi", cpu: "500m", "nvidia.com/gpu": "1" } },
        })),
      },
    },
  })
})
