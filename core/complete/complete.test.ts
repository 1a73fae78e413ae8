import { describe, expect, test } from "vitest"
import { offersAt } from "./complete.fixture.ts"

const execution = (tasks: string) => `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: wgs
spec:
  tasks:
  - name: list
    type: Job
    image: busybox
    commandSet: [ls]
${tasks}`

const gcs = (jobs: string) => `version: genecontainer_0_1
inputs:
  lanes: { type: array, default: [L1, L2] }
  out: { default: /d }
  gate: { type: string, default: "true" }
workflow:
  list:
    tool: n:1
    commands: [ls]
${jobs}`

const colonies = (nodes: string) => `- nodename: first
  funcname: sort
  conditions:
    executortype: cli
${nodes}`

/** In the text of the first column, these are the first that are offered, in this order. */
function check(
  cases: readonly (readonly [title: string, text: string, first: readonly string[]])[],
  path?: string,
) {
  for (const [title, text, first] of cases) {
    test(title, () => {
      expect(offersAt(text, path).labels.slice(0, first.length || 99)).toEqual(first)
    })
  }
}

describe("keys of an Execution", () => {
  check([
    [
      "what a task must have comes first",
      execution("  - name: b\n    $0\n"),
      ["image", "commandSet", "type"],
    ],
    [
      "a half-typed key counts for nothing",
      execution("  - name: b\n    im$0\n"),
      ["image", "commandSet"],
    ],
    [
      "keys that are there are not offered again",
      execution("    backoffLimit: 1\n    resources:\n      cpu: 1\n      $0\n"),
      ["memory"],
    ],
    [
      "above keys that are there",
      execution("    resources:\n      $0\n      cpu: 1\n"),
      ["memory"],
    ],
    ["between braces", execution("    resources: { cpu: 1, $0 }\n"), ["memory"]],
    ["between braces without a comma", execution("    resources: { cpu: 1 $0}\n"), ["memory"]],
    [
      "behind a dash",
      execution("  - name: b\n    image: i\n    commandSet: [b]\n    dependents:\n    - $0\n"),
      ["new dependency", "target", "type"],
    ],
    [
      "at the level of the document",
      "apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\n$0\n",
      ["metadata", "spec"],
    ],
    ["around the tasks, though the cursor is below them", execution("$0\n"), []],
    ["beside the tasks", execution("  $0\n"), ["parallelism", "nodeSelector"]],
    ["in a column where nothing may stand", execution("     $0\n"), []],
    [
      "in the second of two documents",
      `${execution("")}---\n${execution("    resources:\n      $0\n")}`,
      ["cpu", "memory"],
    ],
    [
      "under a jobTemplate",
      execution("    jobTemplate:\n      spec:\n        template:\n          $0\n"),
      ["metadata", "spec"],
    ],
    [
      "the name of a key whose value is there",
      execution("    backoff$0: 1\n"),
      ["activeDeadlineSeconds", "backoffLimit"],
    ],
  ])

  test("what is written instead of a key keeps its value", () => {
    const { taken } = offersAt(execution("    backoff$0: 1\n"))
    expect(taken("backoffLimit")).toBe(execution("    backoffLimit: 1\n"))
  })

  test("a key brings what it has to hold", () => {
    const { taken } = offersAt(
      execution("  - name: b\n    image: i\n    commandSet: [b]\n    depen$0\n"),
    )
    expect(taken("dependents")).toBe(
      execution(
        "  - name: b\n    image: i\n    commandSet: [b]\n    dependents:\n      - target: list\n        type: whole\n",
      ),
    )
  })

  test("keys that are old, have no effect or are set by the server are not offered", () => {
    const { labels } = offersAt(execution("  - name: b\n    $0\n"))
    expect(labels).not.toContain("commands")
    const document = offersAt("apiVersion: execution.kubegene.io/v1alpha1\nkind: Execution\n$0\n")
    expect(document.labels).not.toContain("status")
    expect(
      offersAt(execution("").replace("  name: wgs", "  name: wgs\n  $0")).labels,
    ).not.toContain("uid")
  })
})

describe("values of an Execution", () => {
  const b = "  - name: b\n    image: i\n    commandSet: [b]\n"
  const c =
    "  - name: c\n    image: i\n    commandSet: [c]\n    dependents: [{target: b, type: whole}]\n"
  check([
    [
      "a task waits for none that waits for it",
      execution(`${b}    dependents:\n    - target: $0\n${c}`),
      ["list"],
    ],
    [
      "nor for one it waits for already",
      execution(`${b}${c.replace("}]", "}, {target: $0, type: whole}]")}`),
      ["list"],
    ],
    [
      "half-typed names narrow what is offered",
      execution(`${b}${c.replace("target: b", "target: l$0")}`),
      ["list"],
    ],
    [
      "between quotes",
      execution(`${b}    dependents:\n    - target: "$0"\n      type: whole\n`),
      ["list"],
    ],
    [
      "on a line below its key",
      execution(`${b}    dependents:\n    - type: whole\n      target:\n        $0\n`),
      ["list"],
    ],
    [
      "words that the schema lists",
      execution(`${b}    dependents:\n    - target: list\n      type: $0\n`),
      ["whole", "iterate"],
    ],
    [
      "iterate only where both have as many steps",
      execution(
        `${b.replace("[b]", "[b, c]")}    dependents:\n    - target: list\n      type: $0\n`,
      ),
      ["whole"],
    ],
    [
      "images that were used or run",
      execution("  - name: b\n    image: $0\n"),
      ["quay.io/lab/bwa:1", "busybox"],
    ],
    [
      "claims of the cluster",
      execution(
        "    volumes:\n      data:\n        mountPath: /data\n        mountFrom:\n          pvc: $0\n",
      ),
      ["lab-data"],
    ],
    [
      "the amount that is being typed",
      execution("    resources:\n      memory: 12$0\n"),
      ["12Mi", "12Gi", "12Ti", "256Mi"],
    ],
    [
      "rows and the number of a command",
      execution(
        "  - name: b\n    image: i\n    commandsIter:\n      command: echo ${$0\n      varsIter:\n      - [a, b]\n      - [c]\n",
      ),
      ["1", "2", "item"],
    ],
    [
      "who reads a result reads whom it waits for",
      execution(
        `  - name: b\n    image: i\n    commandsIter:\n      command: echo \${1}\n      varsIter: [[get_result, $0, " "]]\n    dependents: [{target: list, type: whole}]\n`,
      ),
      ["list"],
    ],
    [
      "names of tasks for a part of a run",
      execution(`${b}`).replace("spec:\n", "spec:\n  until: [$0]\n"),
      ["b", "list"],
    ],
    [
      "accounts of the cluster",
      execution(
        "    jobTemplate:\n      spec:\n        template:\n          spec:\n            serviceAccountName: $0\n",
      ),
      ["runner"],
    ],
    [
      "secrets of the cluster",
      execution(
        "    jobTemplate:\n      spec:\n        template:\n          spec:\n            imagePullSecrets:\n            - name: $0\n",
      ),
      ["registry-login"],
    ],
    [
      "storage classes of the cluster",
      execution(
        "    jobTemplate:\n      spec:\n        template:\n          spec:\n            volumes:\n            - name: v\n              ephemeral:\n                volumeClaimTemplate:\n                  spec:\n                    storageClassName: $0\n",
      ),
      ["fast"],
    ],
    [
      "true and false",
      execution(
        "    jobTemplate:\n      spec:\n        template:\n          spec:\n            automountServiceAccountToken: $0\n",
      ),
      ["true", "false"],
    ],
    ["nothing in a comment", execution("    # target: $0\n"), []],
    [
      "nothing in a command of several lines",
      execution("  - name: b\n    image: i\n    commandSet:\n    - |\n      ls $0\n"),
      [],
    ],
  ])

  test("a command of several lines knows the rows, too", () => {
    const text =
      "  - name: b\n    image: i\n    commandsIter:\n      command: |\n        echo ${$0}\n      varsIter:\n      - [a, b]\n"
    expect(offersAt(execution(text)).taken("1")).toContain("        echo ${1}\n")
  })
})

describe("whole tasks and files", () => {
  check([
    [
      "in the list of tasks",
      execution("  - $0\n"),
      ["task", "task after another", "task that fans out", "task with a condition", "name"],
    ],
    [
      "in an empty file, one of each dialect",
      "$0",
      [
        "Execution: workflow of Kubernetes Jobs",
        "GCS workflow",
        "Colonies function spec",
        "Colonies workflow",
      ],
    ],
    ["below a comment", "# my first\n\nexec$0\n", ["Execution: workflow of Kubernetes Jobs"]],
    [
      "as items on their own lines",
      execution("  - name: b\n    image: i\n    commandSet: [b]\n  $0\n").replace(
        "  tasks:",
        "  parallelism: 1\n  nodeSelector: {a: b}\n  tasks:",
      ),
      ["affinity", "tolerations", "resumeFrom", "until", "task"],
    ],
  ])
  check([["of the dialect that the file's name says", "$0", ["GCS workflow"]]], "x.gcs.yaml")

  test("a file made from a template has no problem", async () => {
    const { parse } = await import("../spec/parse.ts")
    for (const path of ["a.yaml", "a.json"]) {
      const { labels, taken } = offersAt("$0", path)
      expect(labels).toHaveLength(4)
      for (const label of labels) {
        const [document] = parse(taken(label), path)
        expect(
          document?.problems.filter(({ severity }) => severity !== "hint" && severity !== "info"),
        ).toEqual([])
      }
    }
  })
})

describe("gcs", () => {
  const after = "    depends: [{ target: list, type: whole }]\n"
  check([
    ["what a job must have comes first", gcs("  b:\n    $0\n"), ["tool", "commands"]],
    [
      "tools of the tool files and of this file",
      gcs("  b:\n    tool: $0\n"),
      ["bwa:0.7.12", "n:1"],
    ],
    [
      "inputs",
      gcs("  b:\n    tool: n:1\n    commands:\n    - ls ${$0\n"),
      ["lanes", "out", "gate"],
    ],
    [
      "a half-typed input",
      gcs('  b:\n    tool: n:1\n    commands: ["ls ${ou$0}"]\n'),
      ["lanes", "out", "gate"],
    ],
    [
      "rows, then inputs",
      gcs(
        "  b:\n    tool: n:1\n    commands_iter:\n      command: ls ${$0\n      vars_iter:\n      - [a]\n",
      ),
      ["1", "item", "lanes"],
    ],
    [
      "what a row may be",
      gcs(
        `  b:\n    tool: n:1\n${after}    commands_iter:\n      command: ls \${1}\n      vars_iter:\n      - $0\n`,
      ),
      ["${lanes}", "range(0, 3)", 'get_result(list, "\\n")'],
    ],
    [
      "a condition",
      gcs(`  b:\n    tool: n:1\n    commands: [ls]\n${after}    condition: $0\n`),
      ["true", "${gate}", 'check_result(list, "PASS")'],
    ],
    [
      "a job inside brackets",
      gcs(
        `  b:\n    tool: n:1\n    commands: [ls]\n${after}    condition: check_result(l$0, "PASS")\n`,
      ),
      ["list"],
    ],
    [
      "whom a job may wait for",
      gcs("  b:\n    tool: n:1\n    commands: [ls]\n    depends:\n    - target: $0\n"),
      ["list"],
    ],
    [
      "another job",
      gcs("  $0\n"),
      ["job", "job after another", "job that fans out", "job with a condition"],
    ],
    [
      "types of an input that its value is of",
      gcs("").replace("type: array", "type: $0"),
      ["string", "array"],
    ],
    [
      "claims",
      gcs("volumes:\n  data:\n    mount_path: /d\n    mount_from:\n      pvc: $0\n"),
      ["lab-data"],
    ],
    [
      "amounts in genectl's own units",
      gcs("  b:\n    tool: n:1\n    resources:\n      memory: 3$0\n"),
      ["3G", "1G"],
    ],
  ])
})

describe("Colonies", () => {
  check([
    [
      "nodes that a node may wait for",
      colonies(
        "- nodename: second\n  funcname: sort\n  conditions:\n    executortype: cli\n    dependencies: [$0]\n",
      ),
      ["first"],
    ],
    [
      "below each other",
      colonies(
        "- nodename: second\n  funcname: sort\n  conditions:\n    executortype: cli\n    dependencies:\n    - $0\n",
      ),
      ["first"],
    ],
    [
      "executors that were named",
      colonies("- nodename: second\n  funcname: sort\n  conditions:\n    executortype: $0\n"),
      ["cli", "kubeexecutor"],
    ],
    [
      "functions that were named",
      colonies("- nodename: second\n  funcname: $0\n"),
      ["sort", "execute"],
    ],
    [
      "the cpu in thousandths",
      colonies("- nodename: second\n  funcname: sort\n  conditions:\n    cpu: 1500$0\n"),
      ["1500m"],
    ],
    ["what a node must have comes first", colonies("- $0\n"), ["function", "nodename"]],
    [
      "labels look like paths",
      colonies(
        "- nodename: second\n  funcname: f\n  fs:\n    mount: /cfs\n    dirs:\n    - label: $0\n",
      ),
      ["/data"],
    ],
  ])
})

describe("JSON", () => {
  const json = (task: string) => `{
  "apiVersion": "execution.kubegene.io/v1alpha1",
  "kind": "Execution",
  "metadata": { "name": "wgs" },
  "spec": {
    "tasks": [
      {
        "name": "list",
        "image": "busybox",
        "commandSet": ["ls"]
      },
      {
        "name": "sort",
        "image": "busybox",
        "commandSet": ["ls"]${task}
      }
    ]
  }
}
`
  test("a key gets quotes, and the comma that was missing before it", () => {
    const { taken } = offersAt(json("\n        $0"), "a.json")
    expect(taken("backoffLimit")).toBe(json(',\n        "backoffLimit": 0'))
  })

  test("a key between others gets the comma behind it", () => {
    const { taken } = offersAt(json(',\n        $0\n        "type": "Job"'), "a.json")
    expect(taken("backoffLimit")).toBe(json(',\n        "backoffLimit": 0,\n        "type": "Job"'))
  })

  test("a key that is begun between quotes takes them with it", () => {
    const { taken } = offersAt(json(',\n        "dep$0"'), "a.json")
    expect(taken("dependents")).toBe(
      json(
        ',\n        "dependents": [\n          {\n            "target": "list",\n            "type": "whole"\n          }\n        ]',
      ),
    )
  })

  test("names of tasks stand in quotes, wherever the cursor is", () => {
    for (const target of ['"$0"', '"li$0"', "$0", '"$0']) {
      const { taken } = offersAt(
        json(`,\n        "dependents": [{ "target": ${target} }]`),
        "a.json",
      )
      expect(taken("list")).toBe(json(',\n        "dependents": [{ "target": "list" }]'))
    }
  })

  test("everything on one line", () => {
    const line = JSON.stringify(JSON.parse(json(', "dependents": [{ "target": "@" }]')))
    const { taken } = offersAt(line.replace("@", "$0"), "a.json")
    expect(taken("list")).toBe(line.replace("@", "list"))
  })

  test("another task behind the last", () => {
    const { labels } = offersAt(
      json("").replace("      }\n    ]", "      },\n      $0\n    ]"),
      "a.json",
    )
    expect(labels).toContain("task after another")
  })

  test("gcs and Colonies", () => {
    const job =
      '{ "workflow": { "a": { "tool": "n:1", "commands": ["ls"] }, "b": { "tool": "n:1", "commands": ["ls"], "depends": [{ "target": "$0" }] } }, "inputs": {} }'
    expect(offersAt(job, "a.json").labels).toEqual(["a"])
    const nodes =
      '[{"nodename":"a","funcname":"f","conditions":{"executortype":"cli"}},{"nodename":"b","funcname":"f","conditions":{"executortype":"cli","dependencies":["$0"]}}]'
    expect(offersAt(nodes, "a.json").labels).toEqual(["a"])
  })
})
