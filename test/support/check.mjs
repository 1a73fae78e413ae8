// npm run check: format and lint, types and arrows, unit tests, dead code. All of them run, so one
// failure does not hide another; the output of a step is shown only when it failed.
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

const steps = [
  ["biome", ["ci", "--error-on-warnings", "."]],
  ["tsc", ["-b"]],
  ["vitest", ["run"]],
]

function run([command, args]) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn("node", [`node_modules/${bin[command]}`, ...args], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
    })
    let output = ""
    child.stdout.on("data", (text) => {
      output += text
    })
    child.stderr.on("data", (text) => {
      output += text
    })
    child.on("close", (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      resolve({ command, code, output, seconds })
    })
  })
}

const bin = {
  biome: "@biomejs/biome/bin/biome",
  tsc: "typescript/bin/tsc",
  knip: "knip/bin/knip.js",
  vitest: "vitest/vitest.mjs",
}

const results = []
for (const pair of [steps.slice(0, -1), steps.slice(-1)]) {
  results.push(...(await Promise.all(pair.map(run))))
}
for (const { command, code, output, seconds } of results) {
  if (code !== 0) process.stdout.write(`${output}\n`)
  const summary =
    command === "vitest" && code === 0 ? ` ${/Tests\s+(.*)/.exec(output)?.[1] ?? ""}` : ""
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${command.padEnd(7)} ${seconds} s${summary}`)
}
process.exit(results.every((result) => result.code === 0) ? 0 : 1)
