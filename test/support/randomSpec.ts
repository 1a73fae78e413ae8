import type { Random } from "./random.ts"

/** A small spec of any dialect and shape, with names that meet and mistakes here and there. */
export function randomSpec(random: Random): string {
  const documents = Array.from({ length: random.oneIn(5) ? 1 + random.below(3) : 1 }, () =>
    random.pick([yamlExecution, yamlExecution, yamlExecution, jsonExecution, gcs, colonies])(
      random,
    ),
  )
  const text = documents.join(random.pick(["---\n", "...\n---\n", "--- # next\n"]))
  return random.oneIn(8) ? text.replaceAll("\n", "\r\n") : text
}

function yamlExecution(random: Random): string {
  const indent = " ".repeat(random.pick([2, 2, 4]))
  const head = [
    ...(random.oneIn(6) ? ["# a comment", ""] : []),
    "apiVersion: execution.kubegene.io/v1alpha1",
    "kind: Execution",
    ...(random.oneIn(5) ? ["x-base: &base", "  image: busybox", "  type: Job"] : []),
    "metadata:",
    `  name: ${random.pick(["wgs", "a-rather-long-name-for-an-execution-that-somebody-wrote-here"])}`,
    "spec:",
    ...(random.oneIn(3) ? ["  parallelism: 4"] : []),
    ...(random.oneIn(8) ? ["  nodeSelector: {disk: ssd}"] : []),
    random.oneIn(6) ? "  tasks: # all of them" : "  tasks:",
  ]
  const tasks = Array.from({ length: random.below(7) }, (_, i) => yamlTask(i, random, indent))
  const tail = random.oneIn(3) ? ["  tolerations:", "  - key: gpu", "other: 1"] : []
  return [...head, ...tasks.flat(), ...tail, ""].join("\n")
}

function yamlTask(i: number, random: Random, indent: string): string[] {
  const inner = `${indent}  `
  const command = random.pick([
    [`${inner}commandSet: ["echo ${i}"]`],
    [
      `${inner}commandSet:`,
      `${inner}- echo ${i}`,
      `${inner}- |`,
      `${inner}  set -e`,
      `${inner}  ls`,
    ],
    [`${inner}commandsIter:`, `${inner}  command: x`, `${inner}  varsIter: [[1, 2], [a]]`],
    [
      `${inner}commandsIter:`,
      `${inner}  command: x`,
      `${inner}  varsIter: [[get_result, t1, ","]]`,
    ],
  ])
  const extra = random.pick([
    [],
    [],
    [`${inner}condition: {condition: [false]}`],
    [`${inner}<<: *base`],
    [`${inner}text: a plain scalar`, `${inner}  over two lines`],
    ["", "# a comment between"],
    [`${inner}volumes: {data: {mountPath: /d, mountFrom: {pvc: lab}}}`],
  ])
  return [
    `${indent}- name: t${random.oneIn(8) ? random.below(7) : i}`,
    `${inner}type: Job`,
    `${inner}image: busybox`,
    ...command,
    ...extra,
    ...yamlDependents(random, inner),
  ]
}

function yamlDependents(random: Random, inner: string): string[] {
  const count = random.below(3)
  if (count === 0) return random.oneIn(2) ? [] : [`${inner}dependents: []`]
  const targets = Array.from({ length: count }, () => `t${random.below(8)}`)
  const type = random.pick(["whole", "whole", "iterate"])
  if (random.oneIn(2)) {
    const items = targets.map((target) => `{target: ${target}, type: ${type}}`)
    return [`${inner}dependents: [${items.join(", ")}]`]
  }
  return [
    `${inner}dependents:`,
    ...targets.flatMap((target) => [`${inner}- target: ${target}`, `${inner}  type: ${type}`]),
  ]
}

function jsonExecution(random: Random): string {
  const tasks = Array.from({ length: random.below(6) }, (_, i) => ({
    name: `t${i}`,
    type: "Job",
    image: "busybox",
    commandSet: ["echo"],
    dependents: Array.from({ length: random.below(3) }, () => ({
      target: `t${random.below(7)}`,
      type: "whole",
    })),
  }))
  const object = {
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "json" },
    spec: random.oneIn(2) ? { tasks } : { tasks, parallelism: 2 },
  }
  return `${JSON.stringify(object, null, random.pick([0, 2, 2, 2, 4, "\t"]))}\n`
}

function gcs(random: Random): string {
  const jobs = Array.from({ length: random.below(5) }, (_, i) => [
    `  t${i}:`,
    "    tool: n:1",
    `    commands: ["echo ${i} $\{word}"]`,
    ...(random.oneIn(2) ? [`    depends: [{target: t${random.below(6)}, type: whole}]`] : []),
  ])
  return [
    "version: genecontainer_0_1",
    "inputs:",
    "  word: {type: string, default: x}",
    "workflow:",
    ...jobs.flat(),
    ...(random.oneIn(2) ? ["volumes:", "  data: {mount_path: /d, mount_from: {pvc: lab}}"] : []),
    "",
  ].join("\n")
}

function colonies(random: Random): string {
  const nodes = Array.from({ length: 1 + random.below(4) }, (_, i) => ({
    nodename: `t${i}`,
    funcname: "f",
    conditions: {
      executortype: "cli",
      dependencies: Array.from({ length: random.below(2) }, () => `t${random.below(5)}`),
    },
  }))
  if (random.oneIn(3)) {
    return nodes
      .map(({ nodename }) =>
        [
          `- nodename: ${nodename}`,
          "  funcname: f",
          "  conditions:",
          "    executortype: cli",
          `    dependencies: [t${random.below(5)}]`,
          "",
        ].join("\n"),
      )
      .join("")
  }
  const spec = random.pick([nodes, { functionspecs: nodes }, nodes[0]])
  return `${JSON.stringify(spec, null, random.pick([0, 2, 4]))}\n`
}
