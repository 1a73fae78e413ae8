import { expect, test } from "vitest"
import type { Problem } from "../problem.ts"
import { readExactly } from "../spec/exact.ts"
import type { SchemaName } from "../spec/schema.ts"
import { at, type ScalarNode, type TreeNode } from "../spec/tree.ts"
import type { Dialect } from "../workflow.ts"
import { checkShape, checkTaskShape } from "./shape.ts"

/** A text with «places» in it: the text without the marks, and the places in their order. */
function unmarked(marked: string) {
  const places: { start: number; end: number }[] = []
  let text = ""
  for (const part of marked.split(/(?=[«»])/)) {
    if (part.startsWith("«")) places.push({ start: text.length, end: -1 })
    const open = places.findLast((place) => place.end < 0)
    if (part.startsWith("»") && open !== undefined) open.end = text.length
    text += part.replace(/^[«»]/, "")
  }
  return { text, places }
}

function treeOf(text: string): TreeNode {
  const tree = readExactly(text)[0]?.tree
  if (tree === undefined) throw new Error(`Nothing can be read in ${JSON.stringify(text)}.`)
  return tree
}

/** Each wish is `severity code: message`, in the order of the marks in the text. */
function check(problems: (tree: TreeNode) => readonly Problem[], marked: string, wishes: string[]) {
  const { text, places } = unmarked(marked)
  const told = problems(treeOf(text)).toSorted((a, b) => a.span.start - b.span.start)
  const said = told.map((it) => `${it.severity} ${it.code}: ${it.message}`)
  expect(said).toEqual(wishes)
  expect(told.map((it) => it.span)).toEqual(places)
}

const checkDocument = (name: SchemaName, marked: string, ...wishes: string[]) =>
  check((tree) => checkShape(name, tree), marked, wishes)
const checkTask = (dialect: Dialect, marked: string, ...wishes: string[]) =>
  check((tree) => checkTaskShape(dialect, tree), marked, wishes)

test("a misspelt key is told with the right one", () => {
  checkTask(
    "execution",
    "{name: a, image: b, commandSet: [c], «comandSet»: [x], «Image»: y, «dependsOn»: []}",
    'error unknown-key: Unknown key "comandSet" in task; did you mean "commandSet"?',
    'error unknown-key: Unknown key "Image" in task; did you mean "image"?',
    'error unknown-key: Unknown key "dependsOn" in task; did you mean "dependents"?',
  )
})

test("a key that belongs elsewhere is sent there", () => {
  checkTask(
    "execution",
    "{name: a, image: b, commandSet: [c], «env»: [], resources: {cpu: 1, «limits»: {}, «gpu»: 1}}",
    'error unknown-key: Unknown key "env" in task. "env" belongs to a container: write it under jobTemplate.spec.template.spec.containers.',
    'error unknown-key: Unknown key "limits" in resources. "limits" is a container\'s word: here "cpu" and "memory" stand directly under "resources".',
    'error unknown-key: Unknown key "gpu" in resources. GPUs are asked for under jobTemplate, in a container\'s "resources": {limits: {nvidia.com/gpu: 1}}.',
  )
})

test("a key that is like no other is told with the few there are, or with the reason", () => {
  checkTask(
    "execution",
    "{name: a, image: b, commandSet: [c], «zebra»: 1, dependents: [{target: x, «zebra»: 1}]}",
    'error unknown-key: Unknown key "zebra" in task: Kubernetes refuses unknown fields.',
    'error unknown-key: Unknown key "zebra" in dependency; the keys here are "target" and "type".',
  )
})

test("a missing key is told at the parent's key, or at the name in a list", () => {
  checkDocument(
    "execution",
    "{«apiVersion»: execution.kubegene.io/v1alpha1, kind: Execution, «metadata»: {}}",
    'error missing-key: Missing key "spec" in Execution.',
    'error missing-key: The Execution has no name; write one under "metadata".',
  )
  checkTask(
    "execution",
    "{name: map, image: b, commandSet: [c], volumes: {«data»: {mountPath: /d}}}",
    'error missing-key: Missing key "mountFrom" in volume.',
  )
  checkTask(
    "execution",
    "{name: map, image: b, commandSet: [c], dependents: [{«type»: whole}]}",
    'error missing-key: Missing key "target" in dependency.',
  )
})

test("a wrong type is told at the value, with what to write", () => {
  checkTask(
    "execution",
    `name: a
image: «7»
commandSet:
  - «3»
  - «[x]»
backoffLimit: «"2"»
parallelism: «2.0»
activeDeadlineSeconds: «soon»
resources: «[]»
dependents: «{target: x}»
nodeSelector: {gpu: «true»}`,
    'error wrong-type: "image" must be text, not the number 7. Write it in quotes: "7".',
    'error wrong-type: Each item of "commandSet" must be text, not the number 3. Write it in quotes: "3".',
    'error wrong-type: Each item of "commandSet" must be text, not a list.',
    'error wrong-type: "backoffLimit" must be a whole number, not the text "2". Write it without quotes: 2.',
    'error wrong-type: "parallelism" must be a whole number, not the number 2.0.',
    'error wrong-type: "activeDeadlineSeconds" must be a whole number, not the text "soon".',
    'error wrong-type: "resources" must be a map (key: value), not a list.',
    'error wrong-type: "dependents" must be a list, not a map.',
    'error wrong-type: "gpu" must be text, not true. Write it in quotes: "true".',
  )
})

test("null is a list only where Kubernetes takes it for one", () => {
  checkTask("execution", "{name: a, image: b, commandSet: [c], dependents: null}")
  checkTask(
    "execution",
    "{name: a, image: b, commandSet: [c], resources: «null»}",
    'error wrong-type: "resources" has no value; it must be a map (key: value).',
  )
})

test("values out of their list, range or form are told with what is allowed", () => {
  checkTask(
    "execution",
    `name: a
type: «job»
image: b
commandSet: [c]
dependents: [{target: x, type: «hole»}, {target: w, type: «Iterate»}, {target: z, type: «both»}]
jobTemplate:
  spec:
    completions: «-1»
    template:
      spec:
        containers: [{name: «${"a".repeat(64)}», env: [{name: «""»}]}]
        volumes: [{name: v, emptyDir: {sizeLimit: «lots»}}]`,
    'error bad-value: "type" must be "Job", not "job".',
    'error bad-value: "type" must be "whole" or "iterate", not "hole"; did you mean "whole"?',
    'error bad-value: "type" must be "whole" or "iterate", not "Iterate"; did you mean "iterate"?',
    'error bad-value: "type" must be "whole" or "iterate", not "both".',
    'error bad-value: "completions" must be 0 or more, not -1.',
    'error bad-value: "name" has 64 characters; at most 63 are allowed.',
    'error bad-value: "name" is empty.',
    'error bad-quantity: "sizeLimit" must be an amount, such as "500m", 2 or "8Gi", not "lots".',
  )
})

test("what a rule of its own judges is left to it", () => {
  checkTask(
    "execution",
    `name: A_b
type: Spark
commands: []
backoffLimit: -1
resources: {cpu: 2c}
volumes: {Data: {mountPath: "", mountFrom: {pvc: ""}}}
dependents: [{target: "", type: ""}]
commandsIter: {command: "", varsIter: ["range(0, 3)"]}
jobTemplate: {metadata: {name: mine}, spec: {suspend: true}}`,
  )
})

test("in Kubernetes' own types only keys that look misspelt are told", () => {
  checkTask(
    "execution",
    `name: a
jobTemplate:
  spec:
    template:
      spec:
        brandNewField: 1
        «continers»: []
        containers:
          - name: main
            «comand»: [x]
            env: [{name: THREADS, value: «4»}]
            resources: {limits: {cpu: 0.5, memory: «[]»}}`,
    'warning unknown-key: Unknown key "continers" in pod spec; did you mean "containers"?',
    'warning unknown-key: Unknown key "comand" in container; did you mean "command"?',
    'error wrong-type: "value" must be text, not the number 4. Write it in quotes: "4".',
    'error wrong-type: "memory" must be an amount, such as "500m", 2 or "8Gi", not a list.',
  )
})

test("the head of a document is checked without its tasks", () => {
  const tree = treeOf(`apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: a}
spec:
  paralelism: 2
  tasks: [{nonsense: 1}]`)
  const tasks = at(at(tree, "spec"), "tasks")
  expect(checkShape("execution", tree, tasks).map((it) => it.message)).toEqual([
    'Unknown key "paralelism" in spec; did you mean "parallelism"?',
  ])
})

test("a document that is no map says so", () => {
  checkDocument(
    "execution",
    "«[1, 2]»",
    "error wrong-type: The document must be a map (key: value), not a list.",
  )
  checkDocument(
    "colonies-workflow",
    "«hello»",
    'error wrong-type: The document must be a list of function specs, or an object with "functionspecs", not the text "hello".',
  )
})

test("what genectl passes over is a warning; numbers are text to it", () => {
  checkDocument(
    "gcs",
    `version: 1
inputs: {lanes: {type: «list»}}
workflow:
  map:
    tool: bwa:1
    commands: [1, «[x]»]
    «dependents»: []
    resources: {cpu: 2, «mem»: 4G}
  «sort»: {commands: [x]}`,
    'error bad-value: "type" must be "string", "number", "bool" or "array", not "list".',
    'error wrong-type: Each item of "commands" must be text, not a list.',
    'warning unknown-key: Unknown key "dependents" in job; did you mean "depends"?',
    'warning unknown-key: Unknown key "mem" in resources; did you mean "memory"?',
    'error missing-key: Missing key "tool" in job.',
  )
})

test("Colonies reads keys whatever their capitals, passes over unknown ones, and takes null for absent", () => {
  checkDocument(
    "function",
    `{«"FuncName"»: "execute", «"desc"»: "x", "env": {"A": «1»}, "label": null, "priority": «70000»,
      "conditions": {"nodes": «2.5», «"processes-per-node"»: 2, «"memory"»: "1Gi",
      "gpu": {«"nodecount"»: 1}}, "fs": {"snapshots": [{"label": "/src", «"keepsnaphot"»: true}]}}`,
    'hint portability: "FuncName" is read as "funcname"; write it so.',
    'warning unknown-key: Unknown key "desc" in function spec. "desc" existed in old versions only; "label" is a text that can be searched for.',
    'error wrong-type: "A" must be text, not the number 1. Write it in quotes: "1".',
    'error bad-value: "priority" must be from -50000 to 50000, not 70000.',
    'error wrong-type: "nodes" must be a whole number, not the number 2.5.',
    'warning deprecated-key: Write "processespernode" instead of "processes-per-node": today\'s server drops this spelling and reads 0.',
    'warning unknown-key: Unknown key "memory" in conditions; did you mean "mem"?',
    'warning ignored-key: "nodecount" has no effect: the server does not keep it.',
    'warning unknown-key: Unknown key "keepsnaphot" in snapshot; did you mean "keepsnapshot"?',
  )
})

test("a node of a Colonies workflow needs its name, in both forms of the file", () => {
  const missing = 'error missing-key: Missing key "nodename" in node.'
  checkDocument("colonies-workflow", "[{«funcname»: a}, {nodename: b}]", missing)
  checkDocument(
    "colonies-workflow",
    "{functionspecs: [{«funcname»: a}, {«nodename»: null}]}",
    missing,
    missing,
  )
  checkTask("colonies-workflow", "{«funcname»: a}", missing)
})

test("an old spelling beside the new one is only a hint", () => {
  checkDocument(
    "function",
    "{conditions: {«processes-per-node»: 2, processespernode: 2}}",
    'hint deprecated-key: Write "processespernode" instead of "processes-per-node": today\'s server drops this spelling and reads 0.',
  )
})

test("two spellings of one Colonies key are told", () => {
  checkDocument(
    "function",
    "{funcname: a, «FUNCNAME»: b}",
    'warning duplicate-key: "FUNCNAME" is read as "funcname", which is there too; only the last one counts.',
  )
})

test("a tool needs name, version and image", () => {
  checkDocument(
    "gcs-tool",
    "{name: «bwa», version: 1, «cpu»: 2}",
    'error missing-key: Missing key "image" in GCS tool "bwa".',
    'warning ignored-key: "cpu" has no effect: genectl takes "cpu" only from a job\'s "resources".',
  )
})

test("keys that a YAML merge brings in count as written", () => {
  checkDocument(
    "execution",
    `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata: {name: a}
spec:
  tasks:
    - &first {name: a, image: b, commandSet: [c]}
    - {<<: *first, name: b}`,
  )
})

test("words and numbers that kubectl reads otherwise are told", () => {
  checkTask(
    "execution",
    `name: «on»
image: b
commandSet: ["on", «No», none]
nodeSelector: {gpu: «y»}
backoffLimit: 0
jobTemplate:
  spec:
    template:
      spec: {volumes: [{name: v, secret: {secretName: s, defaultMode: «0400»}}]}`,
    'warning portability: kubectl reads on as true. Write it in quotes: "on".',
    'warning portability: kubectl reads No as false. Write it in quotes: "No".',
    'warning portability: kubectl reads y as true. Write it in quotes: "y".',
    "warning portability: kubectl reads 0400 as the octal number 256. Write 256.",
  )
})

test("names that JavaScript keeps for itself are keys like any other", () => {
  checkTask(
    "execution",
    "{name: a, image: b, commandSet: [c], «__proto__»: 1, «constructor»: 2, nodeSelector: {__proto__: x}}",
    'error unknown-key: Unknown key "__proto__" in task: Kubernetes refuses unknown fields.',
    'error unknown-key: Unknown key "constructor" in task: Kubernetes refuses unknown fields.',
  )
})

test("a tree that repeats itself without end is left after a million nodes", () => {
  const span = { start: 0, end: 1 }
  const scalar = (value: string | number): ScalarNode => {
    return { kind: "scalar", span, value, source: String(value), style: "plain" }
  }
  const map = (key: string, value: TreeNode): TreeNode => {
    return { kind: "map", span, entries: [{ key: scalar(key), value }] }
  }
  const list = (length: number, item: TreeNode): TreeNode => {
    return { kind: "seq", span, items: Array.from({ length }, () => item) }
  }
  const task = map("commandSet", list(100_000, scalar(1)))
  const told = checkShape("execution", map("spec", map("tasks", list(100_000, task))))
  expect(told.map((it) => it.code)).toContain("wrong-type")
})
