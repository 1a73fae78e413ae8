import { chmodSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import path from "node:path"
import { parse, parseAllDocuments, stringify } from "yaml"
import type { Cluster } from "./cluster.mts"
import { deployFolder } from "./installExecutions.mts"

export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

/** The rules of a Role in deploy/rbac.yaml, to the letter. */
export async function documentedRules(role: string): Promise<readonly Rule[]> {
  const text = await readFile(path.join(deployFolder, "rbac.yaml"), "utf8")
  for (const document of parseAllDocuments(text)) {
    const { kind, metadata, rules } = document.toJS()
    if (kind === "Role" && metadata.name === role) return rules
  }
  throw new Error(`deploy/rbac.yaml has no Role "${role}".`)
}

/** The rules without one right. */
export function without(rules: readonly Rule[], verb: string, resource: string): readonly Rule[] {
  return rules.flatMap((rule) => {
    if (!rule.resources.includes(resource) || !rule.verbs.includes(verb)) return [rule]
    const others = rule.resources.filter((one) => one !== resource)
    const verbs = rule.verbs.filter((one) => one !== verb)
    return [
      ...(others.length > 0 ? [{ ...rule, resources: others }] : []),
      ...(verbs.length > 0 ? [{ ...rule, resources: [resource], verbs }] : []),
    ]
  })
}

const account = "engine"

/** A ServiceAccount with these rights and nothing else; answers the token of its login. */
export async function logInAs(
  { api }: Cluster,
  namespace: string,
  rules: readonly Rule[],
): Promise<string> {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`
  await api.create(accounts, { metadata: { name: account } })
  await api.create(`${rbac}/roles`, { metadata: { name: account }, rules })
  await api.create(`${rbac}/rolebindings`, {
    metadata: { name: account },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: account },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  })
  const answer = await api.create<{ status: { token: string } }>(`${accounts}/${account}/token`, {
    spec: { expirationSeconds: 3600 },
  })
  return answer.status.token
}

export const userOf = (namespace: string): string => `system:serviceaccount:${namespace}:${account}`

/** What stands in a kubeconfig: the bed's cluster, and who logs in how. */
export interface Login {
  readonly user: object
  readonly cluster?: object
  readonly currentContext?: string
}

export async function writeKubeconfig(
  bed: Cluster,
  file: string,
  { user, cluster, currentContext = "bed" }: Login,
): Promise<string> {
  const admin = parse(await readFile(bed.kubeconfig, "utf8"))
  const [entry] = admin.clusters
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": currentContext,
    clusters: [{ name: "bed", cluster: cluster ?? entry.cluster }],
    users: [{ name: "user", user }],
    contexts: [{ name: "bed", context: { cluster: "bed", user: "user" } }],
  }
  writeFileSync(file, stringify(config), { mode: 0o600 })
  return file
}

/** A login plug-in that does what a shell script says. */
export function writePlugin(file: string, script: string): object {
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o700)
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: file,
      interactiveMode: "Never",
    },
  }
}
