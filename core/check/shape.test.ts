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
    "{name: «map», commandSet: [c], volumes: {«data»: {mountPath: /d}}}",
    'error missing-key: The task has no "image"; name the container image its commands run in.',
    'error missing-key: Missing key "mountFrom" in volume.',
  )
  checkTask(
    "execution",
    "{name: map, image: b, commandSet: [c], dependents: [{«type»: whole}]}",
    'error missing-key: Missing key "target" in dependency.',
  )
})

test("a task needs something to run, of whichever kind", () => {
  const missing =
    'error missing-key: The task has nothing to run; write its commands under "commandSet".'
  checkTask("execution", "{name: «a», image: b}", missing)
  checkTask("execution", "{name: a, image: b, «commandSet»: []}", missing)
  checkTask("execution", "{name: a, image: b, commandSet: [], commandsIter: {command: x}}")
  checkTask("execution", "{name: a, jobTemplate: {}}")
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
type: «Spark»
image: «""»
commandSet: [c]
backoffLimit: «-1»
activeDeadlineSeconds: 0
resources: {cpu: «2c», memory: 1.5Gi}
dependents: [{target: x, type: «hole»}, {target: y, type: «Iterate»}, {target: z, type: «both»}]`,
    'error bad-value: "Spark" was announced but never built; write "Job".',
    'error bad-value: "image" is empty.',
    'error bad-value: "backoffLimit" must be 0 or more, not -1.',
    'error bad-quantity: "cpu" must be an amount, such as "500m", 2 or "8Gi", not "2c".',
    'error bad-value: "type" must be "whole" or "iterate", not "hole"; did you mean "whole"?',
    'error bad-value: "type" must be "whole" or "iterate", not "Iterate"; did you mean "iterate"?',
    'error bad-value: "type" must be "whole" or "iterate", not "both".',
  )
})

test("names have the form Kubernetes wants", () => {
  const long = "a".repeat(64)
  checkTask(
    "execution",
    `{name: «a_b», image: b, commandSet: [c], volumes: {«Data»: {mountPath: /d, mountFrom: {pvc: p}}}}`,
    'error bad-name: "name" must be lower-case letters, digits and "-", with a letter or digit at both ends, not "a_b".',
    'error bad-name: "Data" must be lower-case letters, digits and "-", with a letter or digit at both ends, not "Data".',
  )
  checkTask(
    "execution",
    `{name: «${long}», image: b, commandSet: [c]}`,
    'error name-too-long: "name" has 64 characters; at most 63 are allowed.',
  )
})

test("old spellings and keys without effect are told, not refused", () => {
  checkTask(
    "execution",
    `name: a
image: b
«commands»: [c]
jobTemplate:
  metadata: {«name»: mine, labels: {team: x}}
  spec: {«suspend»: true, completions: 2, template: {spec: {containers: [{name: main}]}}}`,
    'hint deprecated-key: Write "commandSet" instead of "commands": KubeGene\'s own controller does not read "commands".',
    'warning ignored-key: "name" has no effect: Jobs are named after the run, the task and the step.',
    'warning ignored-key: "suspend" has no effect: a run is suspended as a whole, not by its Jobs.',
  )
  checkTask(
    "execution",
    "{name: a, image: b, «commands»: [c], commandSet: [d]}",
    'error duplicate-key: "commands" and "commandSet" mean the same; keep only "commandSet".',
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
            env: [{name: N, value: «4»}]
            resources: {limits: {cpu: 0.5, memory: «lots»}}`,
    'warning unknown-key: Unknown key "continers" in pod spec; did you mean "containers"?',
    'warning unknown-key: Unknown key "comand" in container; did you mean "command"?',
    'error wrong-type: "value" must be text, not the number 4. Write it in quotes: "4".',
    'error bad-quantity: "memory" must be an amount, such as "500m", 2 or "8Gi", not "lots".',
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

test("an Execution without tasks needs one", () => {
  checkDocument(
    "execution",
    "{apiVersion: execution.kubegene.io/v1alpha1, kind: Execution, metadata: {name: a}, spec: {tasks: «[]»}}",
    'error bad-value: "tasks" is an empty list; it needs at least one item.',
  )
})

test("GCS jobs are checked with their names; what genectl passes over is a warning", () => {
  checkDocument(
    "gcs",
    `version: genecontainer_0_1
workflow:
  «Map»:
    tool: bwa:1
    resources: {cpu: «2x», memory: 4}
    commands_iter: {command: "x \${1}", vars_iter: ["range(0, 3)", [1]]}
    «dependents»: []
    «image»: x
  sort: {tool: bwa:1, «commands_iter»: {command: x}}
volumes:
  data: {mount_path: «data», mount_from: {pvc: lab}}`,
    'error bad-name: "Map" must be lower-case letters, digits and "-", with a letter first and no "-" last, not "Map".',
    'error bad-quantity: "cpu" must be a number of cores, such as "2c", not "2x".',
    'warning unknown-key: Unknown key "dependents" in job; did you mean "depends"?',
    'warning ignored-key: "image" has no effect: the image is the one of the tool.',
    'error missing-key: "commands_iter" has no values for its command; write them under "vars_iter" (all combinations) or "vars" (line by line).',
    'error bad-value: "mount_path" must be an absolute path, such as "/data", not "data".',
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
  checkDocument(
    "colonies-workflow",
    "«[]»",
    "error bad-value: The document is an empty list; it needs at least one item.",
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
