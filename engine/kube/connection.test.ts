import { KubeConfig } from "@kubernetes/client-node"
import { expect, test } from "vitest"
import { ClusterError, factsOf } from "../clusterError.ts"
import { connect } from "./connection.ts"

/** The fault and the command line that a login with this user is refused for. */
function refusal(user: object, plugins: readonly string[] | undefined): unknown {
  const config = new KubeConfig()
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "lab", context: { cluster: "c", user: "u" } }],
    }),
  )
  try {
    connect(config, "lab", plugins)
    return "allowed"
  } catch (error) {
    return error instanceof ClusterError ? factsOf(error) : error
  }
}

const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "aws-login", args: ["eks"] }

test("a login plug-in is started only where its whole command line was allowed", () => {
  const asks = { fault: "plugin-asks", command: "aws-login eks", context: "lab" }
  expect(refusal({ exec }, [])).toEqual(asks)
  expect(refusal({ exec }, ["aws-login"])).toEqual(asks)
  expect(refusal({ exec }, ["aws-login eks"])).toBe("allowed")
  expect(refusal({ exec }, undefined)).toBe("allowed")
  expect(refusal({ token: "t" }, [])).toBe("allowed")
})

test("the older form of a plug-in is a program too", () => {
  const config = { "cmd-path": "/bin/gcloud", "cmd-args": "config helper" }
  const user = { "auth-provider": { name: "gcp", config } }
  expect(refusal(user, [])).toMatchObject({ command: "/bin/gcloud config helper" })
})
