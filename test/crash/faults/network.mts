import { type Answer, type Call, refusal } from "../apiProxy.mts"
import type { Fault } from "../fault.mts"

/** What lies between an engine and the API server, or in how busy that is. */
export const networkFaults: readonly Fault[] = [
  {
    name: "429 with Retry-After for the next six requests",
    begin: () => answering(6, () => refusal(429, "TooManyRequests", "too many requests", 1)),
  },
  {
    name: "500, 503 and 504 for the next six requests",
    begin: () => {
      const answers = [
        refusal(500, "InternalError", "etcdserver: leader changed"),
        refusal(503, "ServiceUnavailable", "the server is currently unable to handle the request"),
        refusal(504, "Timeout", "Timeout: request did not complete within the allotted timeout"),
      ]
      return answering(6, (left) => answers[left % answers.length])
    },
  },
  {
    name: "the reply is lost after it was carried out, three times",
    begin: () => {
      let left = 3
      return {
        strike: async () => undefined,
        later: {
          after: (call): Answer | undefined => {
            if (!isWrite(call) || left === 0) return undefined
            left--
            return { kind: "cut" }
          },
        },
        hasWorked: () => left === 0,
      }
    },
  },
  {
    name: "504 after it was carried out, three times",
    begin: () => {
      let left = 3
      return {
        strike: async () => undefined,
        later: {
          after: (call) => {
            if (!isWrite(call) || left === 0) return undefined
            left--
            return refusal(504, "Timeout", "Timeout: request did not complete")
          },
        },
        hasWorked: () => left === 0,
      }
    },
  },
  {
    name: "every open connection goes silent and does not end (half-open)",
    begin: ({ proxy }) => ({
      strike: async () => {
        proxy.freeze()
        return undefined
      },
    }),
  },
  {
    name: "watches are cut in the middle of a line",
    begin: ({ proxy }) => ({
      strike: async () => {
        proxy.endWatches('{"type":"MODIFIED","object":{"meta')
        return undefined
      },
    }),
  },
  {
    name: "every connection is cut, the next five are refused, then 503 three times",
    begin: ({ proxy }) => {
      const unready = answering(3, () => refusal(503, "ServiceUnavailable", "not ready"))
      return {
        ...unready,
        strike: async () => {
          proxy.refuse(5)
          proxy.cut()
          return undefined
        },
      }
    },
  },
]

/** Answers so many requests instead of the API server, the one that it strikes before included. */
function answering(count: number, answer: (left: number) => Answer | undefined) {
  let left = count
  const next = (): Answer | undefined => {
    if (left === 0) return undefined
    left--
    return answer(left)
  }
  return {
    strike: async () => next(),
    later: { before: next },
    hasWorked: () => left === 0,
  }
}

function isWrite({ method }: Call): boolean {
  return method !== "GET"
}
