import { expect, test } from "vitest"
import type { JobManifest } from "#core/plan/jobManifest"
import type { JsonObject } from "#core/plan/json"
import { refuseHere } from "./refuseHere.ts"
import type { RuntimeKind } from "./runtime.ts"

test("a claim has a name that Kubernetes takes, so none leads out of the run's folder", () => {
  const claim = (claimName: string) => pod({ volumes: [claimOf("v", claimName)] })
  expect(refused(claim("../../../../.."))).toContain('claim "../../../../.." is not a name')
  expect(refused(claim("a/b"))).toContain('claim "a/b" is not a name')
  expect(refused(claim(""))).toContain("claim has an empty name")
  expect(refused(claim("data.v1"))).toBeUndefined()
  expect(refused(pod({ volumes: [{ name: "v", persistentVolumeClaim: {} }] }))).toContain("claim")
})

test("a volume has a name that Kubernetes takes", () => {
  expect(refused(pod({ volumes: [{ name: "../../x", emptyDir: {} }] }))).toContain(
    'volume "../../x" is not a name',
  )
  expect(refused(pod({ volumes: [claimOf("a.b", "data")] }))).toContain('volume "a.b" is not')
})

test('a path in a container goes straight down: ".." is refused', () => {
  expect(refused(mounting({ mountPath: "/data/../../x" }))).toContain('"/data/../../x"')
  expect(refused(mounting({ mountPath: "/data..x/..." }))).toBeUndefined()
  expect(refused(pod({}, { workingDir: "/data/.." }))).toContain('"/data/.."')
})

test("docker and podman read a comma in a mount as a further setting, so there it is refused", () => {
  for (const runtime of ["docker", "podman"] as const) {
    expect(refused(mounting({ mountPath: "/x,source=/" }), runtime)).toContain('"/x,source=/"')
    expect(refused(mounting({ mountPath: "/x", subPath: "a,b" }), runtime)).toContain('"a,b"')
  }
  expect(refused(mounting({ mountPath: "/x,y", subPath: "a,b" }))).toBeUndefined()
})

test("an image that docker and podman would read as an option is refused", () => {
  expect(refused(pod({}, { image: "--privileged" }), "docker")).toContain('"--privileged"')
  expect(refused(pod({}, { image: "busybox:1" }), "docker")).toBeUndefined()
})

test("a folder of the machine is refused, and the list of folders is named only where it counts", () => {
  const host = pod({ volumes: [{ name: "v", hostPath: { path: "/data" } }] })
  expect(refused(host)).toContain("kubeExecutions.local.readOnly")
  expect(refused(host, "docker")).toContain("(hostPath)")
  expect(refused(host, "docker")).not.toContain("kubeExecutions")
})

test("a Job's name names its folder", () => {
  expect(refuseHere(pod({}, {}, "../../x"), "bubblewrap")).toContain('"../../x" is not a name')
})

function refused(manifest: JobManifest, runtime: RuntimeKind = "bubblewrap") {
  return refuseHere(manifest, runtime)
}

function claimOf(name: string, claimName: string): JsonObject {
  return { name, persistentVolumeClaim: { claimName } }
}

function mounting(mount: JsonObject): JobManifest {
  return pod({ volumes: [claimOf("v", "data")] }, { volumeMounts: [{ name: "v", ...mount }] })
}

function pod(spec: JsonObject, container: JsonObject = {}, name = "e.t.0"): JobManifest {
  const containers = [{ name: "main", image: "busybox", command: ["true"], ...container }]
  return {
    metadata: { name },
    spec: { template: { spec: { containers, ...spec } } },
  } as unknown as JobManifest
}
