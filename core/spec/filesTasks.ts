import { field, stringField } from "./functionSpec.ts"
import { itemsOf, type TreeNode, toValue } from "./tree.ts"

/** How files come to the claim before the first step of a run, and leave it after the last. */
export interface FilesMove {
  /** colony: fetched and sent back by the run itself · folder: sent from somebody's machine, and left there. */
  readonly from: "colony" | "folder"
  /** Names what there was to fetch: while it is the same, what was fetched once is not fetched again. */
  readonly snapshot: string
  /** The run's Secret and its ConfigMap, which holds the program. */
  readonly objects: string
  /** One with Node. */
  readonly image: string
}

/** What one task wants in its folder of the claim. */
export interface TaskFiles {
  readonly task: string
  readonly dirs: readonly FilesDir[]
  readonly snapshots: readonly FilesSnapshot[]
}

export interface FilesDir {
  readonly label: string
  readonly dir: string
  readonly keepFiles: boolean
  readonly keepLocalAtStart: boolean
  readonly keepLocalAtEnd: boolean
}

export interface FilesSnapshot {
  readonly id: string
  readonly label: string
  readonly dir: string
  readonly keepFiles: boolean
  readonly keepSnapshot: boolean
}

/** Without a mount nothing of it could be seen, and nothing is fetched. */
export function taskFiles(spec: TreeNode, task: string): TaskFiles | undefined {
  const fs = field(spec, "fs")
  if ((stringField(fs, "mount")?.value ?? "") === "") return undefined
  const dirs = itemsOf(field(fs, "dirs")).flatMap((node): FilesDir[] => {
    const label = stringField(node, "label")?.value ?? ""
    const conflicts = field(node, "onconflicts")
    return label === ""
      ? []
      : [
          {
            label,
            dir: stringField(node, "dir")?.value ?? "",
            keepFiles: isTrue(node, "keepfiles"),
            keepLocalAtStart: isTrue(field(conflicts, "onstart"), "keeplocal"),
            keepLocalAtEnd: isTrue(field(conflicts, "onclose"), "keeplocal"),
          },
        ]
  })
  const snapshots = itemsOf(field(fs, "snapshots")).flatMap((node): FilesSnapshot[] => {
    const id = stringField(node, "snapshotid")?.value ?? ""
    return id === ""
      ? []
      : [
          {
            id,
            label: stringField(node, "label")?.value ?? "",
            dir: stringField(node, "dir")?.value ?? "",
            keepFiles: isTrue(node, "keepfiles"),
            keepSnapshot: isTrue(node, "keepsnapshot"),
          },
        ]
  })
  return dirs.length + snapshots.length === 0 ? undefined : { task, dirs, snapshots }
}

/** The first task of the run, and with a colony's files the last one. */
export function filesTask(
  name: string,
  direction: "in" | "out",
  files: readonly TaskFiles[],
  move: FilesMove,
  claim: string,
): { readonly name: string; readonly type: "Job"; readonly jobTemplate: object } {
  const task = direction === "out" ? "out" : move.from === "folder" ? "receive" : "in"
  const env = [
    { name: "FILES", value: JSON.stringify(files) },
    { name: "FILES_SNAPSHOT", value: direction === "in" ? move.snapshot : "" },
    {
      name: "EXECUTION",
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['execution.kubegene.io/execution']" } },
    },
  ]
  const isColony = move.from === "colony"
  const container = {
    name,
    image: move.image,
    command: ["node", "-e", startProgram, "--", task],
    env,
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "files", mountPath: "/files" },
      { name: "tmp", mountPath: "/tmp" },
      { name: `${ownVolumes}program`, mountPath: "/program", readOnly: true },
      ...(isColony
        ? [{ name: `${ownVolumes}profile`, mountPath: "/profile", readOnly: true }]
        : []),
    ],
  }
  const volumes = [
    { name: "files", persistentVolumeClaim: { claimName: claim } },
    { name: "tmp", emptyDir: {} },
    { name: `${ownVolumes}program`, configMap: { name: move.objects } },
    ...(isColony ? [{ name: `${ownVolumes}profile`, secret: { secretName: move.objects } }] : []),
  ]
  return {
    name,
    type: "Job",
    jobTemplate: {
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 2,
        template: {
          spec: {
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            containers: [container],
            volumes,
          },
        },
      },
    },
  }
}

/** Volumes that are called so hold what a step is moved with, which does not decide its result. */
export const ownVolumes = "kube-executions-"

/** A ConfigMap has room for the program only when it is packed, so Node unpacks it as it starts. */
const startProgram =
  'const M = require("module"), f = "/program/files.js", m = new M(f); m.filename = f; m.paths = []; m._compile(require("zlib").gunzipSync(require("fs").readFileSync(f + ".gz")).toString(), f)'

function isTrue(node: TreeNode | undefined, key: string): boolean {
  const value = field(node, key)
  return value !== undefined && toValue(value) === true
}
