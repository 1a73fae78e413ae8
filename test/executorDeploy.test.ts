import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { parse, parseAllDocuments } from "yaml"
import { settingsOfEnvironment } from "#colonies/executor/settings"
import { readExports } from "#colonies/profile"
import { readDockerfile } from "./cluster/built/images.mts"

const file = (name: string) => readFileSync(`deploy/executor/${name}`, "utf8")
const dockerfile = readDockerfile(file("Dockerfile"))
const { spec: pod } = parse(file("executor.yaml")).spec.template
const [container] = pod.containers

test("the image holds the bundles that the command needs, which are built, and starts it", () => {
  expect(dockerfile.copies).toEqual([
    { from: "dist/cli.js", to: "/app/cli.js" },
    { from: "dist/colonies.js", to: "/app/colonies.js" },
  ])
  const built = readFileSync("esbuild.mjs", "utf8")
  for (const { from } of dockerfile.copies) {
    expect(built).toContain(`{ out: "${from.replace(/^dist\/|\.js$/g, "")}"`)
  }
  expect(dockerfile.entrypoint).toEqual(["node", "/app/cli.js", "colonies", "executor"])
})

test("the image and the Deployment agree on who runs, and that is nobody", () => {
  const { runAsUser, runAsNonRoot } = pod.securityContext
  expect(dockerfile.user).toBe(`${runAsUser}:${runAsUser}`)
  expect(runAsNonRoot).toBe(true)
})

test("the account, the claim and the settings that the Deployment names are there", () => {
  const rbac = parseAllDocuments(file("rbac.yaml")).map((one) => one.toJS())
  const account = rbac.find(({ kind }) => kind === "ServiceAccount").metadata.name
  const binding = rbac.find(({ kind }) => kind === "RoleBinding")
  expect(pod.serviceAccountName).toBe(account)
  expect(binding.subjects[0].name).toBe(account)
  expect(binding.roleRef.name).toBe(rbac.find(({ kind }) => kind === "Role").metadata.name)
  const claim = parse(file("volume.yaml")).metadata.name
  expect(pod.volumes[0].persistentVolumeClaim.claimName).toBe(claim)
  const env = Object.fromEntries(
    container.env.map(({ name, value }: { name: string; value?: string }) => [name, value]),
  )
  expect(env.EXECUTOR_K8S_PVC).toBe(claim)
  expect(env.EXECUTOR_FS_DIR).toBe(container.volumeMounts[0].mountPath)
  const kustomization = parse(file("kustomization.yaml"))
  expect(container.envFrom[0].configMapRef.name).toBe(kustomization.configMapGenerator[0].name)
})

test("with the keys of the Secret the settings are whole", () => {
  const keys = {
    COLONIES_COLONY_PRVKEY: "1".repeat(64),
    AWS_S3_ACCESSKEY: "a",
    AWS_S3_SECRETKEY: "b",
    EXECUTOR_FS_DIR: "/cfs",
    EXECUTOR_K8S_PVC: "kube-executor",
  }
  const settings = settingsOfEnvironment({ ...readExports(file("settings.env")), ...keys })
  expect(settings).not.toHaveProperty("faults")
})

test("the Role has what the executor asks the cluster for, and no more", () => {
  const role = parseAllDocuments(file("rbac.yaml"))
    .map((one) => one.toJS())
    .find(({ kind }) => kind === "Role")
  const source = readFileSync("colonies/executor/jobs.ts", "utf8")
  expect(new Set(source.match(/method: "(\w+)"/g))).toEqual(
    new Set(["GET", "POST", "PATCH", "DELETE"].map((method) => `method: "${method}"`)),
  )
  const verbs = Object.fromEntries(
    role.rules.map(({ resources, verbs }: { resources: string[]; verbs: string[] }) => [
      resources.join(),
      verbs,
    ]),
  )
  expect(verbs).toEqual({
    jobs: ["get", "list", "watch", "create", "patch", "delete"],
    pods: ["list", "watch"],
    "pods/log": ["get"],
  })
})
