import { expect, test } from "vitest"
import { settingsOfEnvironment } from "./settings.ts"

const whole = {
  COLONIES_SERVER_HOST: "h",
  COLONIES_SERVER_PORT: "50080",
  COLONIES_COLONY_NAME: "dev",
  COLONIES_COLONY_PRVKEY: "1".repeat(64),
  COLONIES_EXECUTOR_NAME: "kube1",
  EXECUTOR_TYPE: "kube",
  EXECUTOR_HW_TOTAL_CPU: "250000m",
  EXECUTOR_HW_TOTAL_MEM: "4360000Mi",
}

function faults(changes: Readonly<Record<string, string | undefined>>): string {
  const read = settingsOfEnvironment({ ...whole, ...changes })
  return "faults" in read ? read.faults.join("\n") : ""
}

test("the published variables are enough; nothing said about TLS means TLS", () => {
  expect(settingsOfEnvironment(whole)).toMatchObject({
    server: { host: "h", port: 50080, tls: true },
    capacity: { milliCpu: 250_000n, bytes: 4_360_000n * 1048576n },
    storage: undefined,
    isCompatible: false,
  })
})

test("the sizes of the shipped samples are read under their own names, and 0 is told", () => {
  const sample = {
    EXECUTOR_HW_TOTAL_CPU: undefined,
    EXECUTOR_HW_TOTAL_MEM: undefined,
    EXECUTOR_HW_CPU: "4000m",
    EXECUTOR_HW_MEM: "16Gi",
  }
  expect(faults(sample)).toBe("")
  expect(faults({ ...sample, EXECUTOR_HW_CPU: "" })).toContain("EXECUTOR_HW_TOTAL_CPU")
  expect(faults({ EXECUTOR_HW_TOTAL_CPU: "4" })).toContain('"8000m"')
})

test("what is missing or belongs together is told, all of it at once", () => {
  expect(faults({ EXECUTOR_TYPE: "", COLONIES_COLONY_PRVKEY: "" }).split("\n").length).toBe(2)
  expect(faults({ EXECUTOR_FS_DIR: "/cfs" })).toContain("EXECUTOR_K8S_PVC")
  expect(faults({ EXECUTOR_FS_DIR: "cfs", EXECUTOR_K8S_PVC: "c" })).toContain("whole path")
  expect(faults({ AWS_S3_ENDPOINT: "s3:9000" })).toContain("AWS_S3_BUCKET")
  expect(faults({ EXECUTOR_HW_NODES: "many" })).toContain("whole number")
})
