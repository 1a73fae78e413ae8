import { expect, test } from "vitest"
import { fromFailure, fromResponse } from "./apiError.ts"

const status = (reason: string, message: string) =>
  JSON.stringify({ kind: "Status", reason, message })

test("the server's answers come down to what the engine acts on", () => {
  const kinds = [
    [409, status("AlreadyExists", 'jobs.batch "a" already exists')],
    [409, status("Conflict", "the object has been modified")],
    [410, status("Expired", "too old resource version")],
    [403, status("Forbidden", "no")],
    [401, status("Unauthorized", "Unauthorized")],
    [404, status("NotFound", "no")],
    [413, "Request entity too large"],
    [422, status("Invalid", "no")],
    [429, status("TooManyRequests", "later")],
    [503, "upstream connect error"],
  ] as const
  expect(kinds.map(([code, body]) => fromResponse(code, body, undefined).kind)).toEqual([
    "already-exists",
    "conflict",
    "gone",
    "forbidden",
    "unauthorized",
    "not-found",
    "too-large",
    "invalid",
    "busy",
    "server",
  ])
})

test("a missing right is said in one sentence that names verb, resource and namespace", () => {
  const message =
    'jobs.batch is forbidden: User "ann" cannot create resource "jobs" in API group "batch" in the namespace "gene"'
  expect(fromResponse(403, status("Forbidden", message), undefined).message).toBe(
    'You may not create jobs.batch in "gene" (user "ann"). Ask for the Role "kube-executions-user" in deploy/rbac.yaml.',
  )
})

test("Retry-After is kept in milliseconds, and nonsense there is no time", () => {
  expect(fromResponse(429, "", "3").retryAfterMs).toBe(3_000)
  expect(fromResponse(429, "", "soon").retryAfterMs).toBeUndefined()
})

test("no answer at all becomes a sentence with the reason, however deep it is", () => {
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" })
  const failure = fromFailure(new Error("fetch failed", { cause }), "lab:6443")
  expect(failure).toMatchObject({
    kind: "offline",
    message: "lab:6443 cannot be reached: the connection was refused.",
  })
  const tls = Object.assign(new Error("self-signed"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
  expect(fromFailure(tls, "lab:6443")).toMatchObject({ kind: "config" })
})
