import type { Dialect } from "../workflow.ts"
import { type Sample, stop } from "./render.ts"

export interface Template {
  readonly label: string
  readonly documentation: string
  readonly sample: Sample
}

const reference = (name: string) => `\${${name}}`

/** A whole document of each dialect, to start from. */
export const wholeFiles: Readonly<Record<Dialect, Template>> = {
  execution: {
    label: "Execution: workflow of Kubernetes Jobs",
    documentation: "Two tasks, the second after the first.",
    sample: {
      apiVersion: "execution.kubegene.io/v1alpha1",
      kind: "Execution",
      metadata: { name: stop("my-workflow") },
      spec: {
        tasks: [
          {
            name: stop("first"),
            type: "Job",
            image: stop("busybox:1.36"),
            commandSet: [stop("echo first")],
          },
        ],
      },
    },
  },
  gcs: {
    label: "GCS workflow",
    documentation: "A genectl workflow with one input and one job.",
    sample: {
      version: "genecontainer_0_1",
      inputs: { greeting: { type: "string", default: stop("hello") } },
      workflow: {
        first: { tool: stop("busybox:1.36"), commands: [`echo ${reference("greeting")}`] },
      },
    },
  },
  function: {
    label: "Colonies function spec",
    documentation: "One function for an executor of a colony.",
    sample: {
      nodename: stop("first"),
      funcname: stop("execute"),
      kwargs: { "docker-image": stop("busybox"), cmd: stop("echo"), args: [stop("hello")] },
      conditions: {
        executortype: stop("container-executor"),
        nodes: 1,
        processespernode: 1,
        cpu: "500m",
        mem: "256Mi",
        walltime: 600,
      },
      maxexectime: stop(300),
      maxretries: 3,
    },
  },
  "colonies-workflow": {
    label: "Colonies workflow",
    documentation: "A list of functions; what each waits for stands under its conditions.",
    sample: [
      {
        nodename: stop("first"),
        funcname: stop("sort"),
        conditions: { executortype: stop("cli"), dependencies: [] },
      },
      {
        nodename: stop("second"),
        funcname: stop("sort"),
        conditions: { executortype: stop("cli"), dependencies: ["first"] },
      },
    ],
  },
}

/** Whole tasks, for a new item of the list of tasks. `name` is one that no task has. */
export function taskTemplates(
  dialect: Dialect,
  name: string,
  previous: readonly string[],
  readable: readonly string[],
): readonly Template[] {
  const after = (list: readonly string[]) => stop(list[0] ?? "", list)
  switch (dialect) {
    case "execution": {
      const base = { name: stop(name), type: "Job", image: stop("busybox:1.36") }
      const dependents = (list: readonly string[]) => [{ target: after(list), type: "whole" }]
      const rows = [[stop("a"), stop("b"), stop("c")]]
      return [
        {
          label: "task",
          documentation: "A task with one command.",
          sample: { ...base, commandSet: [stop(`echo ${name}`)] },
        },
        ...ifAny(previous, {
          label: "task after another",
          documentation: "A task that waits for another one.",
          sample: { ...base, commandSet: [stop(`echo ${name}`)], dependents: dependents(previous) },
        }),
        ...ifAny(previous, {
          label: "task that fans out",
          documentation: "A command for every value of a list, each a Job of its own.",
          sample: {
            ...base,
            commandsIter: { command: stop(`echo ${reference("1")}`), varsIter: rows },
            dependents: dependents(previous),
          },
        }),
        ...ifAny(readable, {
          label: "task with a condition",
          documentation: "A task that runs only if the one before it printed a text.",
          sample: {
            ...base,
            commandSet: [stop(`echo ${name}`)],
            dependents: [{ target: readable[0] ?? "", type: "whole" }],
            condition: { condition: ["check_result", readable[0] ?? "", stop("PASS")] },
          },
        }),
      ]
    }
    case "gcs":
      return []
    case "function":
    case "colonies-workflow":
      return [
        {
          label: "function",
          documentation: "A function for an executor of a colony.",
          sample: {
            nodename: stop(name),
            funcname: stop("sort"),
            conditions: {
              executortype: stop("cli"),
              dependencies: previous.length > 0 ? [after(previous)] : [],
            },
          },
        },
      ]
  }
}

/** Whole jobs of a gcs workflow, each below its name. */
export function jobTemplates(
  name: string,
  previous: readonly string[],
  readable: readonly string[],
  tools: readonly string[],
): readonly (Template & { readonly key: string })[] {
  const tool = stop(tools[0] ?? "busybox:1.36", tools.length > 1 ? tools : undefined)
  const depends = (list: readonly string[]) => [
    { target: stop(list[0] ?? "", list), type: "whole" },
  ]
  const first = readable[0] ?? ""
  const commands = [stop(`echo ${name}`)]
  const made: readonly Template[] = [
    { label: "job", documentation: "A job with one command.", sample: { tool, commands } },
    ...ifAny(previous, {
      label: "job after another",
      documentation: "A job that waits for another one.",
      sample: { tool, commands, depends: depends(previous) },
    }),
    {
      label: "job that fans out",
      documentation: "A command for every combination of values.",
      sample: {
        tool,
        commands_iter: {
          command: stop(`echo ${reference("1")}`),
          vars_iter: [{ parts: ["range(0, ", stop(3), ")"] }],
        },
        ...(previous.length > 0 ? { depends: depends(previous) } : {}),
      },
    },
    ...ifAny(readable, {
      label: "job with a condition",
      documentation: "A job that runs only if the one before it printed a text.",
      sample: {
        tool,
        commands,
        depends: [{ target: first, type: "whole" }],
        condition: { parts: [`check_result(${first}, "`, stop("PASS"), '")'] },
      },
    }),
  ]
  return made.map((template) => ({ ...template, key: name }))
}

function ifAny(names: readonly string[], template: Template): readonly Template[] {
  return names.length > 0 ? [template] : []
}
