import { expect, test } from "vitest"
import { containerCommand } from "./containerCommand.ts"
import type { ContainerPlan } from "./containerPlan.ts"

test("a container reads what is mounted into it where SELinux counts; one without mounts stays confined", () => {
  const mount = { folder: "/state/claims/data", at: "/data", isReadOnly: true }
  const command = containerCommand("podman", plan, [mount], "id").join(" ")
  expect(command).toContain("--security-opt label=disable")
  expect(command).toContain("--mount type=bind,source=/state/claims/data,target=/data,readonly")
  expect(containerCommand("podman", plan, [], "id")).not.toContain("label=disable")
})

test("no path adds a setting to a mount", () => {
  for (const mount of [
    { folder: "/state", at: "/x,source=/", isReadOnly: false },
    { folder: "/a,b", at: "/x", isReadOnly: false },
  ]) {
    expect(() => containerCommand("docker", plan, [mount], "id")).toThrow("its comma")
  }
})

const plan: ContainerPlan = {
  name: "main",
  isInit: false,
  image: "busybox",
  command: ["true"],
  env: {},
  workingDir: undefined,
  mounts: [],
  memory: undefined,
  cpu: undefined,
}
