import { expect, test } from "vitest"
import { execution } from "../run/run.fixture.ts"
import { jobManifest } from "./jobManifest.ts"
import { objectOf } from "./json.ts"

type Loose = Readonly<Record<string, unknown>>

function manifest(task: Loose, spec: Loose = {}, metadata: Loose = {}, attempt = 1) {
  const made = execution({ align: task }, spec, metadata)
  const [first] = made.spec.tasks
  if (first === undefined) throw new Error("no task")
  const command = first.commands[0]
  return jobManifest(made, { task: first, index: 0, attempt, command, stepHash: "v1-abc" })
}

function podOf(task: Loose, spec: Loose = {}): Loose {
  return objectOf(objectOf(manifest(task, spec).spec.template).spec)
}

function containerOf(task: Loose, spec: Loose = {}): Loose {
  return objectOf((podOf(task, spec).containers as Loose[])[0])
}

test("a plain step is this Job and no other", () => {
  expect(manifest({ commandSet: ["echo A"] })).toMatchInlineSnapshot(`
    {
      "apiVersion": "batch/v1",
      "kind": "Job",
      "metadata": {
        "annotations": {
          "execution.kubegene.io/template-hash": "9301a040",
        },
        "labels": {
          "controller-uid": "5f144885-d04e-11e8-ad51-286ed488dc10",
          "execution.kubegene.io/attempt": "1",
          "execution.kubegene.io/execution": "e",
          "execution.kubegene.io/index": "0",
          "execution.kubegene.io/step-hash": "v1-abc",
          "execution.kubegene.io/task": "align",
        },
        "name": "e.align.0",
        "namespace": "gene",
        "ownerReferences": [
          {
            "apiVersion": "execution.kubegene.io/v1alpha1",
            "blockOwnerDeletion": true,
            "controller": true,
            "kind": "Execution",
            "name": "e",
            "uid": "5f144885-d04e-11e8-ad51-286ed488dc10",
          },
        ],
      },
      "spec": {
        "backoffLimit": 0,
        "podFailurePolicy": {
          "rules": [
            {
              "action": "Ignore",
              "onPodConditions": [
                {
                  "status": "True",
                  "type": "DisruptionTarget",
                },
              ],
            },
          ],
        },
        "template": {
          "metadata": {
            "labels": {
              "execution.kubegene.io/attempt": "1",
              "execution.kubegene.io/execution": "e",
              "execution.kubegene.io/index": "0",
              "execution.kubegene.io/step-hash": "v1-abc",
              "execution.kubegene.io/task": "align",
            },
          },
          "spec": {
            "containers": [
              {
                "command": [
                  "sh",
                  "-c",
                  "echo A",
                ],
                "image": "busybox",
                "imagePullPolicy": "IfNotPresent",
                "name": "e-align-0",
              },
            ],
            "restartPolicy": "Never",
          },
        },
      },
    }
  `)
})

test("without a uid nobody owns the Job, and it says nothing of a controller", () => {
  const job = manifest({}, {}, { uid: undefined })
  expect(job.metadata.ownerReferences).toBeUndefined()
  expect(job.metadata.labels["controller-uid"]).toBeUndefined()
})

test("an attempt differs in name, label and nothing that decides what runs", () => {
  const job = manifest({}, {}, {}, 2)
  expect(job.metadata.name).toBe("e.align.0.r2")
  expect(job.metadata.labels["execution.kubegene.io/attempt"]).toBe("2")
})

test("memory is request and limit, CPU is a request", () => {
  expect(containerOf({ resources: { cpu: 4, memory: "8Gi" } }).resources).toEqual({
    requests: { cpu: "4", memory: "8Gi" },
    limits: { memory: "8Gi" },
  })
})

test("volumes are mounted in the order of their names", () => {
  const mount = (path: string) => ({ mountPath: path, mountFrom: { pvc: "lab" } })
  const task = { volumes: { b: mount("/b"), a: mount("/a") } }
  expect(podOf(task).volumes).toEqual([
    { name: "a", persistentVolumeClaim: { claimName: "lab" } },
    { name: "b", persistentVolumeClaim: { claimName: "lab" } },
  ])
  expect(containerOf(task).volumeMounts).toEqual([
    { name: "a", mountPath: "/a" },
    { name: "b", mountPath: "/b" },
  ])
})

test("deadline and tries are applied", () => {
  expect(manifest({ activeDeadlineSeconds: 600, backoffLimit: 2 }).spec).toMatchObject({
    activeDeadlineSeconds: 600,
    backoffLimit: 2,
  })
})

test("the task's placement replaces that of the spec", () => {
  const spec = { nodeSelector: { disk: "ssd" }, tolerations: [{ key: "gpu" }] }
  expect(podOf({}, spec)).toMatchObject(spec)
  expect(podOf({ nodeSelector: { disk: "hdd" } }, spec).nodeSelector).toEqual({ disk: "hdd" })
  expect(podOf({ nodeSelector: {} }, spec).nodeSelector).toEqual({ disk: "ssd" })
})

test("a jobTemplate is where the Job starts from; image and command go over it", () => {
  const jobTemplate = {
    metadata: { labels: { team: "x", "execution.kubegene.io/task": "lies" } },
    spec: {
      completions: 2,
      suspend: true,
      ttlSecondsAfterFinished: 5,
      manualSelector: true,
      selector: {},
      managedBy: "x",
      template: {
        metadata: { labels: { app: "y" }, annotations: { note: "z" } },
        spec: {
          serviceAccountName: "runner",
          containers: [
            { name: "main", image: "old", args: ["old"], env: [{ name: "A", value: "1" }] },
            { name: "side", image: "side" },
          ],
        },
      },
    },
  }
  const job = manifest({ image: "new", commandSet: ["run"], jobTemplate })
  expect(job.metadata.labels).toMatchObject({ team: "x", "execution.kubegene.io/task": "align" })
  expect(Object.keys(job.spec).sort()).toEqual([
    "backoffLimit",
    "completions",
    "podFailurePolicy",
    "template",
  ])
  const template = objectOf(job.spec.template)
  expect(template.metadata).toMatchObject({
    labels: { app: "y", "execution.kubegene.io/index": "0" },
    annotations: { note: "z" },
  })
  expect(template.spec).toMatchObject({
    serviceAccountName: "runner",
    restartPolicy: "Never",
    containers: [
      {
        name: "main",
        image: "new",
        command: ["sh", "-c", "run"],
        env: [{ name: "A", value: "1" }],
      },
      { name: "side", image: "side" },
    ],
  })
  expect(JSON.stringify(template.spec)).not.toContain("args")
})

test("a jobTemplate alone keeps its own command", () => {
  const jobTemplate = {
    spec: { template: { spec: { containers: [{ image: "own", command: ["a"], args: ["b"] }] } } },
  }
  const task = { image: undefined, commandSet: [], jobTemplate }
  expect(containerOf(task)).toMatchObject({ image: "own", command: ["a"], args: ["b"] })
})

test("pods that are restarted in place have no failure policy, which Kubernetes would refuse", () => {
  const jobTemplate = { spec: { template: { spec: { restartPolicy: "OnFailure" } } } }
  const job = manifest({ jobTemplate })
  expect(job.spec.podFailurePolicy).toBeUndefined()
  expect(podOf({ jobTemplate }).restartPolicy).toBe("OnFailure")
})

test("Jobs from different templates are told apart, Jobs from the same are not", () => {
  const hash = (task: Loose) =>
    manifest(task).metadata.annotations["execution.kubegene.io/template-hash"]
  expect(hash({ image: "a" })).toBe(hash({ image: "a" }))
  expect(hash({ image: "a" })).not.toBe(hash({ image: "b" }))
})
