import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { auditPolicy } from "./built/auditPolicy.mts"
import type { Settings } from "./built/components.mts"
import { layout } from "./built/layout.mts"
import { tool } from "./built/shell.mts"

/** The cluster's name, one for each clone. */
export const kindName = `kube-executions-${layout.id}`

const auditFolder = path.dirname(layout.auditLog)
const policyFile = path.join(layout.folder, "audit-policy.json")

export async function kindRuns(): Promise<boolean> {
  return (await tool("kind", "get", "clusters")).split("\n").includes(kindName)
}

/** Makes the cluster unless it is there. Settings count when it is made; `down` first to change them. */
export async function kindUp(settings: Settings): Promise<void> {
  if (await kindRuns()) {
    if (existsSync(layout.kubeconfig)) return
    // Its folder was removed meanwhile, and with it the way to its audit log.
    await kindDown()
  }
  mkdirSync(auditFolder, { recursive: true })
  writeFileSync(policyFile, JSON.stringify(auditPolicy))
  const config = path.join(layout.folder, "kind.json")
  writeFileSync(config, JSON.stringify(kindConfig(settings), null, 2))
  await tool(
    "kind",
    ...["create", "cluster", "--name", kindName, "--config", config],
    ...["--kubeconfig", layout.kubeconfig, "--wait", "180s"],
  )
}

export async function kindDown(): Promise<void> {
  await tool("kind", "delete", "cluster", "--name", kindName, "--kubeconfig", layout.kubeconfig)
  rmSync(layout.folder, { recursive: true, force: true })
}

function kindConfig({ controllerQps, schedulerQps, jobSyncs }: Settings): object {
  const inNode = { audit: "/var/log/kube-audit", policy: "/etc/kubernetes/audit-policy.json" }
  const rate = (qps: number): object => ({
    "kube-api-qps": String(qps),
    "kube-api-burst": String(qps * 2),
  })
  return {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: [
      {
        role: "control-plane",
        extraMounts: [
          { hostPath: auditFolder, containerPath: inNode.audit },
          { hostPath: policyFile, containerPath: inNode.policy, readOnly: true },
        ],
      },
    ],
    kubeadmConfigPatches: [
      JSON.stringify({
        kind: "ClusterConfiguration",
        apiServer: {
          extraArgs: {
            "audit-policy-file": inNode.policy,
            "audit-log-path": `${inNode.audit}/audit.log`,
            "audit-log-mode": "blocking-strict",
            "audit-log-maxsize": "1000000",
          },
          extraVolumes: [
            { name: "audit", hostPath: inNode.audit, mountPath: inNode.audit, readOnly: false },
            {
              name: "audit-policy",
              hostPath: inNode.policy,
              mountPath: inNode.policy,
              readOnly: true,
              pathType: "File",
            },
          ],
        },
        controllerManager: {
          extraArgs: { ...rate(controllerQps), "concurrent-job-syncs": String(jobSyncs) },
        },
        scheduler: { extraArgs: rate(schedulerQps) },
      }),
    ],
  }
}
