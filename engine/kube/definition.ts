import { isObject, type Json, listOf, objectOf, textOf } from "#core/plan/json"
import { executionCrd } from "#core/spec/executionCrd"
import { ClusterError } from "../clusterError.ts"
import type { DefinitionState, KubeRequest } from "../protocol.ts"
import { knowsExecutions } from "./chooseStores.ts"
import type { Connection } from "./connection.ts"
import { withConnection } from "./withConnection.ts"

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
const name = "executions.execution.kubegene.io"
const mostDifferences = 20

/** How the cluster knows Executions now, and how that differs from what we bring. */
export function lookAtDefinition(request: KubeRequest): Promise<DefinitionState> {
  return withConnection(request, async (connection, { context }) => {
    const there = await find(connection).catch(async (error: unknown) => {
      // Who may not look at definitions can still see whether there is this one.
      const isForbidden = error instanceof ClusterError && error.kind === "forbidden"
      if (isForbidden && !(await knowsExecutions(connection))) return undefined
      throw error
    })
    const differences = there
      ? differencesOf(objectOf(executionCrd().spec), there.spec, "spec")
      : []
    return {
      context,
      server: connection.server,
      is: !there ? "absent" : differences.length === 0 ? "ours" : "other",
      executions: there ? await count(connection) : {},
      differences: differences.slice(0, mostDifferences),
      mayInstall: await mayInstall(connection),
    }
  })
}

/** Returns once the API server serves Executions. */
export function installDefinition(request: KubeRequest): Promise<void> {
  return withConnection(request, async (connection) => {
    const there = await find(connection)
    const ours = objectOf(executionCrd())
    if (there) {
      const { resourceVersion } = objectOf(there.metadata)
      const metadata = { ...objectOf(ours.metadata), resourceVersion }
      const body = { ...ours, metadata }
      await connection.request({ method: "PUT", path: `${definitions}/${name}`, body })
    } else await connection.request({ method: "POST", path: definitions, body: ours })
    await served(connection)
  })
}

/** Deletes the definition, and only while there is nothing that would go with it. */
export function removeDefinition(request: KubeRequest): Promise<void> {
  return withConnection(request, async (connection, { context }) => {
    if (!(await find(connection))) return
    const counts = Object.entries(await count(connection))
    if (counts.length > 0) {
      const where = counts.map(([namespace, number]) => `${number} in "${namespace}"`).join(", ")
      throw new ClusterError(
        "conflict",
        `The cluster of "${context}" still has Executions: ${where}. Delete them first; with the definition they would all go.`,
      )
    }
    await connection.request({ method: "DELETE", path: `${definitions}/${name}` })
  })
}

async function mayInstall(connection: Connection): Promise<boolean> {
  const resourceAttributes = {
    group: "apiextensions.k8s.io",
    resource: "customresourcedefinitions",
    verb: "create",
  }
  try {
    const answer = await connection.request({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes },
      },
    })
    return objectOf(objectOf(answer).status).allowed === true
  } catch (error) {
    if (!(error instanceof ClusterError) || error.isPassing) throw error
    // Where one may not even ask, trying tells.
    return true
  }
}

async function find(connection: Connection) {
  try {
    return objectOf(await connection.request({ method: "GET", path: `${definitions}/${name}` }))
  } catch (error) {
    if (error instanceof ClusterError && error.kind === "not-found") return undefined
    throw error
  }
}

async function count(connection: Connection): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  let next: string | undefined
  do {
    const page = objectOf(
      await connection.request({
        method: "GET",
        path: "/apis/execution.kubegene.io/v1alpha1/executions",
        query: { limit: 500, continue: next },
      }),
    )
    for (const item of listOf(page.items)) {
      const namespace = textOf(objectOf(objectOf(item).metadata).namespace) ?? ""
      counts[namespace] = (counts[namespace] ?? 0) + 1
    }
    next = textOf(objectOf(page.metadata).continue)
  } while (next !== undefined)
  return counts
}

async function served(connection: Connection): Promise<void> {
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    const there = await find(connection)
    const isServed = listOf(objectOf(there?.status).conditions).some((condition) => {
      const { type, status } = objectOf(condition)
      return type === "Established" && status === "True"
    })
    if (isServed) return
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** What we say that the cluster does not say, or says otherwise; what it adds by itself is no matter. */
function differencesOf(ours: Json | undefined, theirs: Json | undefined, path: string): string[] {
  if (Array.isArray(ours)) {
    const list = listOf(theirs)
    if (list.length !== ours.length) return [`${path}: ${list.length} in place of ${ours.length}`]
    return ours.flatMap((one, index) => differencesOf(one, list[index], `${path}[${index}]`))
  }
  if (isObject(ours)) {
    const object = objectOf(theirs)
    return Object.keys(ours).flatMap((key) =>
      differencesOf(ours[key], object[key], `${path}.${key}`),
    )
  }
  if (ours === undefined || ours === theirs) return []
  return [`${path}: ${JSON.stringify(theirs ?? null)} in place of ${JSON.stringify(ours)}`]
}
