// The extension host loads this instead of the caller's test runner: it runs that one as VS Code
// would and leaves the outcome in a file. When a remote extension host dies, the workbench reports
// code 0, so only an outcome that was written counts as a pass.
const { writeFileSync } = require("node:fs")
const { resolve } = require("node:path")
const { pathToFileURL } = require("node:url")

const target = process.env.KUBE_EXECUTIONS_SUITE
const leave = (outcome) =>
  writeFileSync(process.env.KUBE_EXECUTIONS_OUTCOME, JSON.stringify(outcome))

exports.run = async () => {
  leave({ kind: "started", pid: process.pid })
  try {
    await runSuite(await load(target))
  } catch (error) {
    leave({ kind: "failed", error: String(error?.stack ?? error) })
    throw error
  }
  leave({ kind: "passed" })
}

/** A runner returns a promise or calls back with the number of failures. */
function runSuite(suite) {
  return new Promise((done, failed) => {
    const answer = suite.run(resolve(target), (error, failures) => {
      if (error) failed(error)
      else if (failures > 0) failed(new Error(`${failures} failures`))
      else done()
    })
    answer?.then?.(done, failed)
  })
}

async function load(path) {
  const loaded = await loadModule(path)
  const suite = typeof loaded.run === "function" ? loaded : loaded.default
  if (typeof suite?.run !== "function") throw new Error(`${path} does not export a function "run"`)
  return suite
}

async function loadModule(path) {
  try {
    return require(path)
  } catch (error) {
    if (error.code !== "ERR_REQUIRE_ASYNC_MODULE" && error.code !== "ERR_REQUIRE_ESM") throw error
    return import(pathToFileURL(require.resolve(path)).href)
  }
}
