import { describe, expect, test } from "vitest"
import type { EventFacts, Refusal } from "./observed.ts"
import { readJob } from "./readJob.ts"
import { readPod } from "./readPod.ts"
import { refusalReason } from "./reasons/refusals.ts"
import { failureReason, type JobStory, waitReason } from "./reasons.ts"

type Loose = Readonly<Record<string, unknown>>

/** A Job, its pod and their events as Kubernetes shows them, cut down to what is told of it. */
interface Scene {
  readonly job?: Loose
  readonly pods?: readonly Loose[]
  readonly events?: Readonly<Record<string, readonly [reason: string, message: string][]>>
  readonly command?: string
}

function story({ job = {}, pods = [], events = {}, command }: Scene): JobStory {
  const facts = readJob({
    metadata: { name: "e.a.0", uid: "u1", creationTimestamp: "2026-11-20T14:00:00Z" },
    spec: { backoffLimit: 0, ...(job.spec as Loose) },
    status: job.status ?? {},
  })
  if (facts === undefined) throw new Error("no Job")
  return {
    job: facts,
    pods: pods.flatMap((one, index) => readPod(rawPod(one, index)) ?? []),
    events: new Map(Object.entries(events).map(([object, list]) => [object, list.map(eventFacts)])),
    namespace: "gene",
    command,
  }
}

function rawPod({ status = {}, ...spec }: Loose, index: number): Loose {
  return {
    metadata: {
      name: `e.a.0-p${index}`,
      labels: { "job-name": "e.a.0" },
      ownerReferences: [{ controller: true, uid: "u1" }],
      creationTimestamp: `2026-11-20T14:00:0${index}Z`,
    },
    spec: {
      nodeName: "worker-3",
      containers: [{ name: "main", image: "bwa-tools:0.7.18" }],
      ...spec,
    },
    status,
  }
}

function eventFacts([reason, message]: [string, string], index: number): EventFacts {
  return { type: "Warning", reason, message, count: 1, firstAt: index, lastAt: index }
}

const backoff = {
  status: {
    failed: 1,
    conditions: [
      {
        type: "Failed",
        status: "True",
        reason: "BackoffLimitExceeded",
        message: "Job has reached the specified backoff limit",
      },
    ],
  },
}

function terminated(state: Loose, pod: Loose = {}): Loose {
  return {
    ...pod,
    status: {
      phase: "Failed",
      containerStatuses: [{ name: "main", state: { terminated: state } }],
      ...(pod.status as Loose),
    },
  }
}

function waiting(reason: string, message: string): Loose {
  return {
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "True" }],
      containerStatuses: [{ name: "main", state: { waiting: { reason, message } } }],
    },
  }
}

const limited = (memory: string) => ({
  containers: [{ name: "main", image: "b", resources: { limits: { memory } } }],
})

describe("why a Job failed", () => {
  const table: readonly [string, Scene, string][] = [
    [
      "exit code",
      { job: backoff, pods: [terminated({ exitCode: 2, reason: "Error" })] },
      "command ended with exit code 2",
    ],
    [
      "out of memory",
      { job: backoff, pods: [terminated({ exitCode: 137, reason: "OOMKilled" }, limited("8Gi"))] },
      "ran out of memory: the limit is 8Gi (OOMKilled, exit code 137)",
    ],
    [
      "killed, not by the limit",
      { job: backoff, pods: [terminated({ exitCode: 137, reason: "Error" }, limited("8Gi"))] },
      "ended by signal 9 from outside (exit code 137), the limit was not reached",
    ],
    [
      "gone unseen",
      { job: backoff, pods: [terminated({ exitCode: 137, reason: "ContainerStatusUnknown" })] },
      "lost its process, and nobody saw how it ended (ContainerStatusUnknown)",
    ],
    [
      "gone unseen, with a hint",
      {
        job: backoff,
        pods: [
          terminated({
            exitCode: 137,
            reason: "ContainerStatusUnknown",
            message: "its supervisor was ended from outside",
          }),
        ],
      },
      "lost its process, and nobody saw how it ended: its supervisor was ended from outside",
    ],
    [
      "no such command",
      { job: backoff, pods: [terminated({ exitCode: 127 })], command: "align.sh s1 s2" },
      '"align.sh" was not found in the image (exit code 127)',
    ],
    [
      "no such command, in one that could mean several",
      { job: backoff, pods: [terminated({ exitCode: 127 })], command: "cd /d && align.sh" },
      "a program of the command was not found in the image (exit code 127)",
    ],
    [
      "not executable",
      { job: backoff, pods: [terminated({ exitCode: 126 })], command: "./align.sh" },
      '"./align.sh" is not executable (exit code 126)',
    ],
    [
      "segmentation fault",
      { job: backoff, pods: [terminated({ exitCode: 139 })] },
      "crashed: a segmentation fault (signal 11, exit code 139)",
    ],
    [
      "terminated",
      { job: backoff, pods: [terminated({ exitCode: 143 })] },
      "ended by signal 15 (exit code 143)",
    ],
    [
      "no shell in the image",
      {
        job: backoff,
        pods: [
          terminated({
            exitCode: 128,
            reason: "StartError",
            message:
              'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown',
          }),
        ],
      },
      'the image has no "sh"; commands run as sh -c',
    ],
    [
      "deadline",
      {
        job: {
          spec: { activeDeadlineSeconds: 600 },
          status: {
            conditions: [
              {
                type: "Failed",
                status: "True",
                reason: "DeadlineExceeded",
                message: "Job was active longer than specified deadline",
              },
            ],
          },
        },
      },
      "took longer than activeDeadlineSeconds: 600",
    ],
    [
      "drained",
      {
        job: backoff,
        pods: [
          terminated(
            { exitCode: 143 },
            {
              status: {
                conditions: [
                  { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" },
                ],
              },
            },
          ),
        ],
      },
      'node "worker-3" was drained',
    ],
    [
      "node gone",
      {
        job: backoff,
        pods: [
          {
            status: {
              phase: "Failed",
              conditions: [{ type: "DisruptionTarget", status: "True", reason: "DeletionByPodGC" }],
            },
          },
        ],
      },
      'node "worker-3" is gone',
    ],
    [
      "evicted by the kubelet",
      {
        job: backoff,
        pods: [
          {
            status: {
              phase: "Failed",
              reason: "Evicted",
              message: "The node was low on resource: ephemeral-storage. Threshold quantity: …",
            },
          },
        ],
      },
      'was evicted: node "worker-3" ran low on ephemeral-storage',
    ],
    [
      "several tries",
      {
        job: { status: { ...backoff.status, failed: 3 } },
        pods: [terminated({ exitCode: 1 }), terminated({ exitCode: 2 })],
      },
      "command ended with exit code 2, as the last of 3 tries",
    ],
    [
      "pods that are gone",
      { job: backoff },
      "its Job failed: Job has reached the specified backoff limit",
    ],
  ]
  test.each(table)("%s", (_, scene, sentence) => {
    const why = failureReason(story(scene))
    expect(why.sentence).toBe(sentence)
    expect(why.evidence.length).toBeGreaterThan(0)
  })

  test("the field that caused it is named, for the editor", () => {
    const field = (state: Loose, pod: Loose = {}) =>
      failureReason(story({ job: backoff, pods: [terminated(state, pod)] })).field
    expect(field({ exitCode: 137, reason: "OOMKilled" }, limited("8Gi"))).toBe("memory")
    expect(field({ exitCode: 1 })).toBe("command")
  })
})

describe("why a Job waits", () => {
  const unschedulable = (message: string, spec: Loose = {}): Scene => ({
    pods: [
      {
        nodeName: undefined,
        ...spec,
        status: {
          phase: "Pending",
          conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
        },
      },
    ],
  })
  const denied = (message: string): Scene => ({
    events: {
      "Job/e.a.0": [
        ["FailedCreate", `Error creating: pods "e.a.0-x7k2p" is forbidden: ${message}`],
      ],
    },
  })
  const table: readonly [string, Scene, string][] = [
    [
      "no node has room",
      unschedulable(
        "0/3 nodes are available: 1 node(s) had untolerated taint {gpu: }, 2 Insufficient memory. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
        limited("8Gi"),
      ),
      'no node has room: 2 of 3 lack 8Gi of memory, 1 has the taint "gpu"',
    ],
    [
      "what its run was begun with does not answer",
      unschedulable(
        "the run was begun with docker, which does not answer. Once it does, the run goes on",
      ),
      "the run was begun with docker, which does not answer. Once it does, the run goes on",
    ],
    [
      "the only node has no room",
      unschedulable("0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible"),
      "no node has room: the only one lacks cpu",
    ],
    [
      "what the scheduler tried besides is no reason (Kubernetes 1.34)",
      unschedulable(
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
      ),
      "no node has room: the only one lacks cpu",
    ],
    [
      "selector",
      unschedulable(
        "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
      ),
      "no node has room: 2 of 2 do not match the node selector or affinity",
    ],
    [
      "cordoned",
      unschedulable("0/1 nodes are available: 1 node(s) were unschedulable."),
      "no node has room: the only one is closed for new pods",
    ],
    [
      "no node at all",
      unschedulable("no nodes available to schedule pods"),
      "the cluster has no node",
    ],
    [
      "claim missing",
      unschedulable(
        '0/1 nodes are available: persistentvolumeclaim "lab-data" not found. preemption: …',
      ),
      'claim "lab-data" does not exist',
    ],
    [
      "claim unbound",
      unschedulable(
        "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: …",
      ),
      "its claim waits for a volume that fits",
    ],
    [
      "image not found",
      {
        pods: [
          waiting(
            "ErrImagePull",
            'rpc error: code = NotFound desc = failed to pull and unpack image "x": not found',
          ),
        ],
      },
      'image "bwa-tools:0.7.18" cannot be pulled: not found',
    ],
    [
      "image behind a login",
      {
        pods: [
          waiting("ErrImagePull", "pull access denied, insufficient_scope: authorization failed"),
        ],
      },
      'image "bwa-tools:0.7.18" cannot be pulled: the registry wants a login, or the image does not exist',
    ],
    [
      "registry out of reach",
      { pods: [waiting("ErrImagePull", "dial tcp: lookup reg.lab: no such host")] },
      'image "bwa-tools:0.7.18" cannot be pulled: the registry cannot be reached',
    ],
    [
      "image name",
      { pods: [waiting("InvalidImageName", 'Failed to apply default image tag "b@d"')] },
      '"bwa-tools:0.7.18" is not the name of an image',
    ],
    [
      "Secret missing",
      { pods: [waiting("CreateContainerConfigError", 'secret "s3-login" not found')] },
      'Secret "s3-login" does not exist',
    ],
    [
      "key missing",
      {
        pods: [
          waiting("CreateContainerConfigError", "couldn't find key url in ConfigMap gene/settings"),
        ],
      },
      'ConfigMap "settings" has no key "url"',
    ],
    [
      "quota",
      denied(
        "exceeded quota: compute, requested: requests.cpu=4, used: requests.cpu=64, limited: requests.cpu=64",
      ),
      'quota "compute" in "gene" is used up: 64 of 64 CPUs',
    ],
    [
      "quota that wants values",
      denied("failed quota: compute: must specify limits.memory for: main"),
      'quota "compute" in "gene" wants limits.memory for: main to be set',
    ],
    [
      "LimitRange",
      denied("maximum memory usage per Container is 4Gi, but limit is 8Gi"),
      'a LimitRange in "gene" does not allow it: maximum memory usage per Container is 4Gi, but limit is 8Gi',
    ],
    [
      "Pod Security",
      denied('violates PodSecurity "restricted:latest": runAsNonRoot != true'),
      'Pod Security "restricted" in "gene" does not allow it: runAsNonRoot != true',
    ],
    [
      "webhook says no",
      {
        events: {
          "Job/e.a.0": [
            [
              "FailedCreate",
              'Error creating: admission webhook "policy.lab" denied the request: no root',
            ],
          ],
        },
      },
      'webhook "policy.lab" refused the pod: no root',
    ],
    [
      "webhook silent",
      {
        events: {
          "Job/e.a.0": [
            [
              "FailedCreate",
              'Error creating: Internal error occurred: failed calling webhook "policy.lab": context deadline exceeded',
            ],
          ],
        },
      },
      'webhook "policy.lab" does not answer, so no pod can be created',
    ],
    [
      "ServiceAccount missing",
      denied('error looking up service account gene/runner: serviceaccount "runner" not found'),
      'ServiceAccount "runner" does not exist in "gene"',
    ],
    [
      "namespace going",
      denied("unable to create new content in namespace gene because it is being terminated"),
      'namespace "gene" is being deleted',
    ],
    [
      "volume",
      {
        pods: [waiting("ContainerCreating", "")],
        events: {
          "Pod/e.a.0-p0": [
            [
              "FailedMount",
              'MountVolume.SetUp failed for volume "ref" : secret "ref-key" not found',
            ],
          ],
        },
      },
      'Secret "ref-key" does not exist',
    ],
    [
      "volume elsewhere",
      {
        pods: [waiting("ContainerCreating", "")],
        events: {
          "Pod/e.a.0-p0": [
            [
              "FailedAttachVolume",
              'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) x',
            ],
          ],
        },
      },
      'volume "pvc-1" is in use on another node',
    ],
  ]
  test.each(table)("%s", (_, scene, sentence) => {
    const why = waitReason(story(scene))
    expect(why?.sentence).toBe(sentence)
    expect(why?.isStuck).toBe(true)
    expect(why?.evidence.length).toBe(1)
  })

  const passing: readonly [string, Scene, string][] = [
    ["a pod is on its way", {}, "its pod is being created"],
    [
      "the image is pulled",
      {
        pods: [waiting("ContainerCreating", "")],
        events: { "Pod/e.a.0-p0": [["Pulling", 'Pulling image "bwa-tools:0.7.18"']] },
      },
      'pulls the image "bwa-tools:0.7.18"',
    ],
    [
      "the container starts",
      { pods: [waiting("ContainerCreating", "")] },
      'starts on node "worker-3"',
    ],
    [
      "a node is being added",
      {
        ...unschedulable("0/1 nodes are available: 1 Insufficient cpu."),
        events: { "Pod/e.a.0-p0": [["TriggeredScaleUp", "pod triggered scale-up: …"]] },
      },
      "the cluster is adding a node",
    ],
  ]
  test.each(passing)("what passes by itself is not stuck: %s", (_, scene, sentence) => {
    const why = waitReason(story(scene))
    expect(why?.sentence).toBe(sentence)
    expect(why?.isStuck).toBe(false)
  })

  test("a pod that a lost node does not let go is named", () => {
    const lost = readPod({
      metadata: {
        name: "e.a.0-p0",
        labels: { "job-name": "e.a.0" },
        deletionTimestamp: "2026-11-20T14:05:00Z",
      },
      spec: { nodeName: "worker-3", containers: [{ name: "main" }] },
      status: {
        phase: "Running",
        conditions: [
          { type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" },
        ],
      },
    })
    const why = waitReason({ ...story({}), pods: lost === undefined ? [] : [lost] })
    expect(why?.sentence).toBe(
      'node "worker-3" is gone; the next pod has to wait until "e.a.0-p0" is given up',
    )
  })

  test("a Job that works waits for nothing", () => {
    const pod = {
      status: {
        phase: "Running",
        containerStatuses: [
          { name: "main", state: { running: { startedAt: "2026-11-20T14:00:00Z" } } },
        ],
      },
    }
    expect(waitReason(story({ pods: [pod] }))).toBeUndefined()
  })

  test("the first failing try is said at once", () => {
    const scene: Scene = {
      job: { spec: { backoffLimit: 2 }, status: { failed: 1 } },
      pods: [terminated({ exitCode: 1 })],
    }
    expect(waitReason(story(scene))?.sentence).toBe(
      "try 1 of 3 failed: command ended with exit code 1",
    )
  })

  test("a machine that was started anew is no eviction", () => {
    const conditions = [{ type: "DisruptionTarget", status: "True", reason: "MachineReboot" }]
    const pod = terminated({ exitCode: 137 }, { status: { conditions } })
    expect(waitReason(story({ pods: [pod] }))?.sentence).toBe(
      "the machine was started anew while it ran; tried again, not counted",
    )
  })

  test("a lost node is not counted as a try", () => {
    const pod = terminated(
      { exitCode: 143 },
      {
        status: {
          conditions: [
            { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" },
          ],
        },
      },
    )
    expect(waitReason(story({ pods: [pod] }))?.sentence).toBe(
      'node "worker-3" was drained; tried again, not counted',
    )
  })
})

describe("why the server takes no Job", () => {
  const table: readonly [Refusal["kind"], string, string][] = [
    [
      "forbidden",
      'jobs.batch is forbidden: User "anna" cannot create resource "jobs" in API group "batch" in the namespace "gene"',
      'you may not create Jobs in "gene"',
    ],
    [
      "webhook",
      'admission webhook "policy.lab" denied the request: team label missing',
      'webhook "policy.lab" refused the Job: team label missing',
    ],
    [
      "webhook",
      "jobs.batch \"e.a.0\" is forbidden: ValidatingAdmissionPolicy 'images' with binding 'b' denied request: image not allowed",
      'policy "images" refused the Job: image not allowed',
    ],
    ["namespace-missing", 'namespaces "gene" not found', 'namespace "gene" does not exist'],
    ["throttled", "too many requests", "the server asked to wait before more Jobs are created"],
    ["unreachable", "ECONNREFUSED", "the server cannot be reached; trying again"],
    ["invalid", "spec.x: Invalid value", "the server refused the Job: spec.x: Invalid value"],
  ]
  test.each(table)("%s: %s", (kind, message, sentence) => {
    const why = refusalReason({ kind, message, since: 1, retryAt: 2 }, "e.a.0", "gene")
    expect(why.sentence).toBe(sentence)
    expect(why.evidence[0]?.text).toBe(message)
  })
})
