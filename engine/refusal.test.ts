import { expect, test } from "vitest"
import type { RefusalKind } from "#core/run/observed"
import { ClusterError, type ClusterErrorKind } from "./clusterError.ts"
import { refusalOf } from "./refusal.ts"

const now = 1_000_000

/** What the server said → the kind of refusal and how long until the next try, in seconds. */
function check(
  kind: ClusterErrorKind,
  message: string,
  wanted: RefusalKind,
  wantedWait: number | "never",
  retryAfterMs?: number,
) {
  const refusal = refusalOf(new ClusterError(kind, message, retryAfterMs), undefined, now)
  const wait = refusal.retryAt === undefined ? "never" : (refusal.retryAt - now) / 1000
  expect({ kind: refusal.kind, wait }).toEqual({ kind: wanted, wait: wantedWait })
}

test("a used-up quota and a missing right may change any time, so both are tried again", () => {
  check("forbidden", 'jobs.batch "a" is forbidden: exceeded quota: compute', "quota", 15)
  check("forbidden", 'You may not create jobs.batch in "gene"', "forbidden", 15)
})

test("what is wrong with the Job itself is wrong for good", () => {
  check("invalid", 'Job "a" is invalid: spec.template: Required value', "invalid", "never")
  check("too-large", "Request entity too large: limit is 3145728", "invalid", "never")
})

test("a webhook that said no will say no again; one that cannot be called may come back", () => {
  const denied = 'admission webhook "policy.lab" denied the request: no root'
  check("forbidden", denied, "webhook", "never")
  check("invalid", denied, "webhook", "never")
  check("server", 'failed calling webhook "policy.lab": connection refused', "webhook", 15)
})

test("a namespace that goes or is not there ends the step", () => {
  const going = "unable to create new content in namespace gene because it is being terminated"
  check("forbidden", going, "namespace-terminating", "never")
  check("not-found", 'namespaces "gene" not found', "namespace-missing", "never")
})

test("what passes is tried again, and not before the server wants", () => {
  check("busy", "too many requests", "throttled", 1)
  check("busy", "too many requests", "throttled", 7, 7_000)
  check("offline", "cannot be reached", "unreachable", 1)
  check("conflict", "Operation cannot be fulfilled on resourcequotas", "throttled", 1)
})

test("the same refusal keeps the time it began, and the pauses grow up to half a minute", () => {
  const error = new ClusterError("offline", "cannot be reached")
  const first = refusalOf(error, undefined, now)
  const later = refusalOf(error, first, now + 10_000)
  expect(later).toMatchObject({ since: now, retryAt: now + 10_000 + 11_000 })
  expect(refusalOf(error, later, now + 600_000).retryAt).toBe(now + 630_000)
  const other = refusalOf(new ClusterError("busy", "too many requests"), later, now + 20_000)
  expect(other.since).toBe(now + 20_000)
})
