import { spawn } from "node:child_process"
import { delimiter, dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { node24 } from "./nodeModules.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Runs a script of the clone with our arguments under the Node that came with the packages. */
export function underNode24(script) {
  const env = { ...process.env, PATH: `${dirname(node24)}${delimiter}${process.env.PATH ?? ""}` }
  const child = spawn(node24, [script, ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
    env,
  })
  // The child ends everything it started and decides with which code; we only wait for it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal))
  }
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      if (signal !== null) console.error(`${script} was ended by ${signal}.`)
      process.exitCode = code ?? 1
      resolve()
    })
  })
}
