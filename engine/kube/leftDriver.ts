import { readFile } from "node:fs/promises"
import { gzipSync } from "node:zlib"
import { hashText } from "#core/plan/hash"
import { type Json, type JsonObject, listOf, objectOf, textOf } from "#core/plan/json"
import { stockImage } from "#core/plan/stockImage"
import { ClusterError } from "../clusterError.ts"
import { leanEnvironment, leanNode } from "../leanHeap.ts"
import { leftDriverName } from "../leftDriverName.ts"
import type { KubeRequest, LeftDriverState } from "../protocol.ts"
import type { Connection } from "./connection.ts"
import { withConnection } from "./withConnection.ts"

const startingMs = 120_000
/** A pod has 30 s to end. */
const endingMs = 40_000

/** What there is of a driver that somebody left in the namespace, and of what it would consist. */
export function lookAtLeftDriver(request: KubeRequest): Promise<LeftDriverState> {
  return withConnection(request, async (connection, { context, namespace }) => {
    const there = await find(connection, paths(namespace).Deployment)
    const spec = objectOf(objectOf(objectOf(there?.spec).template).spec)
    return {
      context,
      namespace,
      objects: Object.keys(paths(namespace)).map((kind) => `${kind}/${leftDriverName}`),
      image: there ? (textOf(objectOf(listOf(spec.containers)[0]).image) ?? null) : null,
    }
  })
}

/** Creates it, or brings it up to date. Resolves once it lives; what keeps it from that is said. */
export function leaveDriver(
  request: KubeRequest,
  program: string,
  image = stockImage,
): Promise<void> {
  return withConnection(request, async (connection, { namespace }) => {
    const text = await readFile(program)
    const bundle = gzipSync(text, { level: 9 }).toString("base64")
    const made = hashText(JSON.stringify([hashText(text.toString()), podOf(image)]))
    for (const [kind, object] of Object.entries(objectsOf(namespace, { image, bundle, made }))) {
      await connection.request({
        method: "PATCH",
        path: paths(namespace)[kind as keyof ReturnType<typeof paths>],
        query: { fieldManager: "kube-executions", force: true },
        contentType: "application/apply-patch+yaml",
        body: object,
      })
    }
    await started(connection, namespace, made)
  })
}

/** Nothing of it stays; what is not there any more is no fault. */
export function removeLeftDriver(request: KubeRequest): Promise<void> {
  return withConnection(request, async (connection, { namespace }) => {
    const { Deployment, ...others } = paths(namespace)
    const remove = (path: string, propagationPolicy: "Foreground" | "Background") =>
      withoutMissing(() =>
        connection.request({ method: "DELETE", path, body: { propagationPolicy } }),
      )
    await remove(Deployment, "Foreground")
    // Its pod needs its rights to the end, to give its Lease back.
    const deadline = performance.now() + endingMs
    while ((await find(connection, Deployment)) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    for (const path of Object.values(others).reverse()) await remove(path, "Background")
    // A pod that was killed, or whose node is gone, gave nothing back; without its rights it never will.
    await remove(leaseOf(namespace), "Background").catch((error: unknown) => {
      // Who may not delete it leaves a sign that stands still: that is no sign of life.
      if (!(error instanceof ClusterError) || error.kind !== "forbidden") throw error
    })
  })
}

function paths(namespace: string) {
  const core = `/api/v1/namespaces/${namespace}`
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  return {
    ServiceAccount: `${core}/serviceaccounts/${leftDriverName}`,
    Role: `${rbac}/roles/${leftDriverName}`,
    RoleBinding: `${rbac}/rolebindings/${leftDriverName}`,
    ConfigMap: `${core}/configmaps/${leftDriverName}`,
    Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments/${leftDriverName}`,
  } as const
}

function leaseOf(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${leftDriverName}`
}

/** On the pods: which program and which template they were made from, so that another makes new pods. */
const madeFrom = "execution.kubegene.io/made-from"

const marks = {
  "app.kubernetes.io/name": "kube-executions",
  "app.kubernetes.io/component": "left-driver",
}

/** As the Role kube-executions-driver in deploy/rbac.yaml: a test keeps them equal. */
export const driverRules: readonly JsonObject[] = [
  rule("execution.kubegene.io", "executions", "get", "list", "watch", "delete"),
  rule("execution.kubegene.io", "executions/status", "update"),
  rule("execution.kubegene.io", "executions/finalizers", "update"),
  rule("batch", "jobs", "get", "list", "watch", "create", "delete"),
  rule("", "pods", "get", "list", "watch"),
  rule("", "pods/log", "get"),
  rule("", "events", "list", "watch", "create"),
  rule("coordination.k8s.io", "leases", "get", "list", "watch", "create", "update", "delete"),
  rule("", "secrets configmaps", "delete"),
  rule("", "configmaps", "get", "list", "watch", "patch"),
]

function rule(group: string, resources: string, ...verbs: readonly string[]): JsonObject {
  return { apiGroups: [group], resources: resources.split(" "), verbs }
}

interface Made {
  readonly image: string
  readonly bundle: string
  readonly made: string
}

function objectsOf(namespace: string, { image, bundle, made }: Made) {
  const metadata = { name: leftDriverName, namespace, labels: marks }
  const rbac = "rbac.authorization.k8s.io"
  return {
    ServiceAccount: { apiVersion: "v1", kind: "ServiceAccount", metadata },
    Role: { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules: driverRules },
    RoleBinding: {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "Role", name: leftDriverName },
      subjects: [{ kind: "ServiceAccount", name: leftDriverName, namespace }],
    },
    ConfigMap: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      binaryData: { "driver.js.gz": bundle },
    },
    Deployment: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        // The one before gives its Lease back first.
        strategy: { type: "Recreate" },
        selector: { matchLabels: marks },
        template: {
          metadata: { labels: marks, annotations: { [madeFrom]: made } },
          spec: podOf(image),
        },
      },
    },
  }
}

/** A ConfigMap has room for the bundle only when it is packed, so Node unpacks it as it starts. */
const unpack =
  'const M = require("module"), f = "/driver/driver.js"; const m = new M(f); m.filename = f; m._compile(require("zlib").gunzipSync(require("fs").readFileSync(f + ".gz")).toString(), f)'

function podOf(image: string): JsonObject {
  return {
    serviceAccountName: leftDriverName,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "driver",
        image,
        command: ["node", ...leanNode, "-e", unpack, "--", "--id", leftDriverName],
        env: [
          { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          ...Object.entries(leanEnvironment).map(([name, value]) => ({ name, value })),
        ],
        ports: [{ name: "health", containerPort: 8080 }],
        livenessProbe: { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 20 },
        resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "384Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "driver", mountPath: "/driver", readOnly: true }],
      },
    ],
    volumes: [{ name: "driver", configMap: { name: leftDriverName } }],
  }
}

/** That a new pod holds its Lease is the sign that it reached the API server and may do what it has to. */
async function started(connection: Connection, namespace: string, made: string): Promise<void> {
  const before = textOf(
    objectOf((await find(connection, leaseOf(namespace)))?.metadata).resourceVersion,
  )
  const deadline = performance.now() + startingMs
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 2_000)) {
    const { metadata, spec } = (await find(connection, leaseOf(namespace))) ?? {}
    const version = textOf(objectOf(metadata).resourceVersion)
    // The one before may move its Lease until it has ended.
    if (version !== undefined && version !== before) {
      const holder = textOf(objectOf(spec).holderIdentity)
      const pods = await podsOf(connection, namespace, made)
      if (pods.some((pod) => objectOf(pod.metadata).name === holder)) return
    }
    if (performance.now() > deadline) break
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  const why = (await podsOf(connection, namespace, made))
    .map(whyWaiting)
    .find((one) => one !== undefined)
  throw new ClusterError(
    "server",
    `The driver was created in "${namespace}" but has not begun within ${startingMs / 1_000} s${why ? `: ${why}` : ""}. Your runs stay with the engine of this machine. See kubectl describe deployment ${leftDriverName}, or choose another image.`,
  )
}

/** Of this program and this template; not those of the one before. */
async function podsOf(
  connection: Connection,
  namespace: string,
  made: string,
): Promise<readonly JsonObject[]> {
  const selector = Object.entries(marks).map(([key, value]) => `${key}=${value}`)
  const pods = await connection.request({
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: { labelSelector: selector.join(",") },
  })
  return listOf(objectOf(pods).items)
    .map(objectOf)
    .filter(({ metadata }) => objectOf(objectOf(metadata).annotations)[madeFrom] === made)
}

function whyWaiting(pod: Json): string | undefined {
  const { phase, containerStatuses, conditions } = objectOf(objectOf(pod).status)
  const state = objectOf(objectOf(listOf(containerStatuses)[0]).state)
  const waiting = objectOf(state.waiting)
  if (waiting.reason) return [waiting.reason, waiting.message].filter(Boolean).join(": ")
  const held = listOf(conditions)
    .map(objectOf)
    .find(({ status }) => status === "False")
  return phase === "Pending" ? textOf(held?.message) : undefined
}

async function find(connection: Connection, path: string): Promise<JsonObject | undefined> {
  return withoutMissing(async () => objectOf(await connection.request({ method: "GET", path })))
}

async function withoutMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ClusterError && error.kind === "not-found") return undefined
    throw error
  }
}
