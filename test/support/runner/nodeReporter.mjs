/** A reporter for node --test: one line of JSON for each test, for the runner's table. */
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === "test:dequeue" && data.type === "test") {
      yield `${JSON.stringify({ kind: "begun", name: data.name })}\n`
    }
    if (type !== "test:pass" && type !== "test:fail") continue
    if (data.details?.type === "suite") {
      // A suite fails with its tests; only what went wrong in its own hooks is news.
      if (type === "test:pass" || data.details.error?.failureType === "subtestsFailed") continue
    }
    const skipped = data.skip !== undefined || data.todo !== undefined
    const state = skipped ? "skipped" : type === "test:pass" ? "passed" : "failed"
    const error = data.details?.error
    const message = error === undefined ? undefined : String(error.cause?.message ?? error.message)
    yield `${JSON.stringify({ kind: "test", name: data.name, state, file: data.file, error: message })}\n`
  }
}
