import assert from "node:assert/strict"
import { ApiError } from "../../cluster/api.mts"
import { executionsPath } from "../../cluster/engine.mts"
import { documentedRules, logInAs, userOf } from "../../cluster/logins.mts"
import { until } from "../../cluster/until.mts"
import type { Answer, Call } from "../apiProxy.mts"
import { phasesOf } from "../facts.mts"
import type { Fault } from "../fault.mts"
import { ownedBy, type Stage } from "../stage.mts"

/** What other people and programs do in the same cluster. */
export const worldFaults: readonly Fault[] = [
  {
    name: "409: somebody else writes just before each of four status writes",
    begin: (stage) => {
      let left = 4
      const write = async () => {
        left--
        await bump(stage)
        return undefined
      }
      return {
        strike: write,
        later: {
          before: (call) => (call.kind === "write status" && left > 0 ? write() : undefined),
        },
        hasWorked: () => left === 0,
      }
    },
  },
  {
    name: "a quota is full, until a Job was refused for it",
    begin: (stage) => {
      const path = `/api/v1/namespaces/${stage.namespace}/resourcequotas`
      return untilRefused("exceeded quota", {
        begin: async ({ world: { bed } }: Stage) => {
          const spec = { hard: { "count/jobs.batch": "1" } }
          await bed.api.create(path, { metadata: { name: "full" }, spec })
          await until("the quota counts", async () => {
            const quota = await bed.api.get<{ status?: { used?: object } }>(`${path}/full`)
            return quota.status?.used !== undefined
          })
          await until("no Job may be created", () => isRefused(stage, "exceeded quota"))
        },
        end: ({ world: { bed } }) => bed.api.remove(`${path}/full`),
      })(stage)
    },
  },
  {
    name: "a webhook for Jobs and status cannot be called, until something was refused for it",
    begin: (stage) =>
      untilRefused("failed calling webhook", {
        begin: async ({ world: { bed }, namespace }) => {
          await bed.api.create(webhooks, webhookFor(namespace, await ownedBy(stage)))
          await until("no Job may be created", () => isRefused(stage, "failed calling webhook"))
        },
        end: ({ world: { bed }, namespace }) => bed.api.remove(`${webhooks}/${namespace}`),
      })(stage),
  },
  {
    name: "admission denies one Job for good",
    begin: (stage) => ({
      strike: async () => {
        const { bed } = stage.world
        const ownerReferences = await ownedBy(stage)
        await bed.api.create(policies, denyFor(stage.namespace, ownerReferences))
        await bed.api.create(bindings, {
          metadata: { name: stage.namespace, ownerReferences },
          spec: { policyName: stage.namespace, validationActions: ["Deny"] },
        })
        await until("the Job may not be created", () =>
          isRefused(stage, "not in this house", "run.e.0"),
        )
        return undefined
      },
    }),
    end: async (stage) => {
      const status = await stage.run.ended()
      assert.equal(status.phase, "Failed")
      assert.match(status.vertices["run.e.0"]?.message ?? "", /not in this house/)
      const phases = phasesOf(status)
      assert.deepEqual(
        [phases["e.0"], phases["d.4"], phases["z.0"]],
        ["Failed", "Succeeded", undefined],
      )
    },
  },
  {
    name: "RBAC takes every right away, until something was refused for it",
    options: ({ bed }) => ({
      user: async (namespace) => {
        const rules = await documentedRules("kube-executions-driver")
        return { token: await logInAs(bed, namespace, rules) }
      },
    }),
    begin: (stage) => {
      const { namespace } = stage
      const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`
      let binding: { roleRef: object; subjects: object }
      return untilRefused("is forbidden: User", {
        begin: async ({ world: { bed } }) => {
          binding = await bed.api.get(`${path}/engine`)
          await bed.api.remove(`${path}/engine`)
          await until("the rights are gone", async () => {
            const review = await bed.api.create<{ status: { allowed: boolean } }>(
              "/apis/authorization.k8s.io/v1/subjectaccessreviews",
              { spec: { user: userOf(namespace), resourceAttributes: mayCreateJobs(namespace) } },
            )
            return !review.status.allowed
          })
        },
        end: async ({ world: { bed } }) => {
          const { roleRef, subjects } = binding
          await bed.api.create(path, { metadata: { name: "engine" }, roleRef, subjects })
        },
      })(stage)
    },
  },
  {
    name: "the namespace is deleted",
    begin: ({ world: { bed }, namespace }) => ({
      strike: async () => {
        await bed.api.remove(`/api/v1/namespaces/${namespace}`)
        return undefined
      },
    }),
    end: async (stage) => {
      const { bed } = stage.world
      const path = `/api/v1/namespaces/${stage.namespace}`
      await until("the namespace is gone", () => isGone(stage, path), 300_000)
      const { calls } = stage.proxy
      // It asked for what there was to ask, and then rested.
      assert.ok(calls.length < 300, `the engine has sent ${calls.length} requests`)
      await stage.engine().call("engine/hello", { version: "0.1.0", client: "test" })
      const { items } = await bed.api.get<{ items: readonly object[] }>(
        `/apis/batch/v1/namespaces/${stage.namespace}/jobs`,
      )
      assert.deepEqual(items, [])
    },
  },
  {
    name: "the Job of a step that runs is deleted by hand",
    options: () => ({ outcomes: { flaky: "succeed", slow: "hang" } }),
    begin: ({ world: { bed }, namespace }) => ({
      strike: async () => {
        const path = `/apis/batch/v1/namespaces/${namespace}/jobs/run.slow.0`
        await bed.api.remove(path, { propagationPolicy: "Background" })
        return undefined
      },
    }),
    end: async (stage) => {
      const status = await stage.run.ended()
      assert.equal(status.phase, "Failed")
      const slow = status.vertices["run.slow.0"]
      assert.deepEqual([slow?.phase, slow?.message], ["Failed", "its Job was deleted"])
      const broken = Object.entries(phasesOf(status)).filter(([, phase]) => phase === "Failed")
      assert.deepEqual(broken, [["slow.0", "Failed"]])
      assert.ok(await isGone(stage, `/apis/batch/v1/namespaces/${stage.namespace}/jobs/run.slow.0`))
    },
  },
]

const webhooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"

interface Barrier {
  readonly begin: (stage: Stage) => Promise<void>
  readonly end: (stage: Stage) => Promise<void>
}

/** Something that stands in the way until the engine has run into it. */
function untilRefused(words: string, { begin, end }: Barrier) {
  return (stage: Stage) => {
    let hasRefused = false
    let begun: Promise<void> | undefined
    const look = async (_call: Call, answer: Answer) => {
      const isIt = answer.kind === "said" && answer.status >= 400 && answer.body.includes(words)
      if (isIt && !hasRefused) {
        hasRefused = true
        await begun
        await end(stage)
      }
      return undefined
    }
    return {
      strike: async () => {
        begun = begin(stage)
        await begun
        return undefined
      },
      later: { after: look },
      hasWorked: () => hasRefused,
    }
  }
}

async function bump({ world: { bed }, namespace }: Stage): Promise<void> {
  const annotations = { note: crypto.randomUUID() }
  await bed.api.patch(executionsPath(namespace, "run"), { metadata: { annotations } })
}

/** Whether the API server would refuse a Job here, with these words. */
async function isRefused(stage: Stage, words: string, name = "try"): Promise<boolean> {
  const container = { name: "x", image: "busybox" }
  const spec = { template: { spec: { restartPolicy: "Never", containers: [container] } } }
  const path = `/apis/batch/v1/namespaces/${stage.namespace}/jobs?dryRun=All`
  try {
    await stage.world.bed.api.create(path, { metadata: { name }, spec })
    return false
  } catch (error) {
    if (error instanceof ApiError && error.message.includes(words)) return true
    throw error
  }
}

async function isGone({ world: { bed } }: Stage, path: string): Promise<boolean> {
  try {
    await bed.api.get(path)
    return false
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return true
    throw error
  }
}

function mayCreateJobs(namespace: string): object {
  return { namespace, group: "batch", resource: "jobs", verb: "create" }
}

function onlyIn(namespace: string): object {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } }
}

/** Nobody listens there. */
function webhookFor(namespace: string, ownerReferences: readonly object[]): object {
  const rule = (apiGroups: string, resources: string, operations: string) => ({
    apiGroups: [apiGroups],
    apiVersions: ["*"],
    resources: [resources],
    operations: [operations],
  })
  return {
    metadata: { name: namespace, ownerReferences },
    webhooks: [
      {
        name: "nobody.kube-executions.test",
        clientConfig: { url: "https://127.0.0.1:1/" },
        rules: [
          rule("batch", "jobs", "CREATE"),
          rule("execution.kubegene.io", "executions/status", "UPDATE"),
        ],
        namespaceSelector: onlyIn(namespace),
        failurePolicy: "Fail",
        sideEffects: "None",
        timeoutSeconds: 1,
        admissionReviewVersions: ["v1"],
      },
    ],
  }
}

function denyFor(namespace: string, ownerReferences: readonly object[]): object {
  return {
    metadata: { name: namespace, ownerReferences },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        namespaceSelector: onlyIn(namespace),
        resourceRules: [
          {
            apiGroups: ["batch"],
            apiVersions: ["v1"],
            operations: ["CREATE"],
            resources: ["jobs"],
          },
        ],
      },
      validations: [
        { expression: 'object.metadata.name != "run.e.0"', message: "not in this house" },
      ],
    },
  }
}
