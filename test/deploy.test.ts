import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { parse, parseAllDocuments } from "yaml"
import { driverRules } from "#engine/kube/leftDriver"
import { leanNode } from "#engine/leanHeap"
import { readDockerfile } from "./cluster/built/images.mts"

const dockerfile = readDockerfile(readFileSync("deploy/Dockerfile", "utf8"))

test("the image holds the bundle of the driver and nothing else of ours, and starts it", () => {
  expect(dockerfile.copies).toEqual([{ from: "dist/driver.js", to: "/app/driver.js" }])
  expect(dockerfile.entrypoint).toEqual(["node", ...leanNode, "/app/driver.js"])
  expect(readFileSync("esbuild.mjs", "utf8")).toContain(
    '{ out: "driver", entry: "cli/driverMain.ts"',
  )
})

test("the image and the Deployment agree on who runs, and that is nobody", () => {
  const controller = parse(readFileSync("deploy/controller.yaml", "utf8"))
  const { securityContext } = controller.spec.template.spec
  expect(dockerfile.user).toBe(`${securityContext.runAsUser}:${securityContext.runAsUser}`)
  expect(securityContext.runAsNonRoot).toBe(true)
})

test("what the bed could not do as the Dockerfile says is refused", () => {
  expect(() => readDockerfile("FROM node:24\nRUN npm install\n")).toThrow("RUN npm install")
})

test("the controller runs as the account that the Role of a driver is bound to", () => {
  const controller = parse(readFileSync("deploy/controller.yaml", "utf8"))
  const rbac = parseAllDocuments(readFileSync("deploy/rbac.yaml", "utf8")).map((one) => one.toJS())
  const binding = rbac.find(({ kind }) => kind === "RoleBinding")
  expect(binding.roleRef.name).toBe("kube-executions-driver")
  expect(binding.subjects[0].name).toBe(controller.spec.template.spec.serviceAccountName)
})

test("a driver that is left in a namespace has the rights of the documented Role, to the letter", () => {
  const rbac = parseAllDocuments(readFileSync("deploy/rbac.yaml", "utf8")).map((one) => one.toJS())
  const role = rbac.find(({ metadata }) => metadata.name === "kube-executions-driver")
  expect(role.rules).toEqual(driverRules)
})

test("a driver may delete what a run brought along and change ConfigMaps that keep runs, and reads no Secret", () => {
  const rbac = parseAllDocuments(readFileSync("deploy/rbac.yaml", "utf8")).map((one) => one.toJS())
  const role = rbac.find(({ metadata }) => metadata.name === "kube-executions-driver")
  expect(verbsFor(role.rules, "secrets")).toEqual(["delete"])
  expect(verbsFor(role.rules, "configmaps")).toEqual(["delete", "get", "list", "patch", "watch"])
})

test("for every namespace a driver reads and changes no ConfigMap of the cluster", () => {
  const rbac = parseAllDocuments(readFileSync("deploy/rbac.yaml", "utf8")).map((one) => one.toJS())
  const role = rbac.find(({ metadata }) => metadata.name === "kube-executions-driver")
  const component = parse(readFileSync("deploy/all-namespaces/kustomization.yaml", "utf8"))
  const { patch } = component.patches.find(
    ({ target }: { target: { kind: string } }) => target.kind === "Role",
  )
  const removed: string[] = parse(patch)
    .filter(({ op, path }: { op: string; path: string }) => op === "remove" && /rules/.test(path))
    .map(({ path }: { path: string }) => path)
  expect(removed).toEqual([`/rules/${role.rules.length - 1}`])
  expect(verbsFor(role.rules.slice(0, -1), "configmaps")).toEqual(["delete"])
})

test("whoever may move files with the definition may do so without it", () => {
  const rbac = parseAllDocuments(readFileSync("deploy/rbac.yaml", "utf8")).map((one) => one.toJS())
  const user = rbac.find(({ metadata }) => metadata.name === "kube-executions-user")
  const other = rbac.find(
    ({ metadata }) => metadata.name === "kube-executions-user-without-definition",
  )
  for (const resource of ["secrets", "pods/exec", "configmaps"]) {
    for (const verb of verbsFor(user.rules, resource)) {
      expect(verbsFor(other.rules, resource)).toContain(verb)
    }
  }
})

interface Rule {
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

function verbsFor(rules: readonly Rule[], resource: string): readonly string[] {
  return rules
    .filter(({ resources }) => resources.includes(resource))
    .flatMap(({ verbs }) => verbs)
    .sort()
}
