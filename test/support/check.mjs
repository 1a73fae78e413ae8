// npm run check: format and lint, types and arrows, unit tests, dead code. All of them run, so one
// failure does not hide another; the output of a step is shown only when it failed.
import { spawn } from "node:child_process"
import { appendFileSync, existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters as plain } from "node:util"

const root = fileURLToPath(new URL("../..", import.meta.url))

// Where `npm test` wants the tests written down (see runner/results.mts).
const results = process.env.KUBE_EXECUTIONS_RESULTS
const vitestJson = `${results}.vitest.json`
const vitestOptions = results
  ? ["--reporter=default", "--reporter=json", `--outputFile.json=${vitestJson}`]
  : []

const steps = [
  ["biome", ["ci", "--error-on-warnings", "."]],
  ["tsc", ["-b"]],
  ["knip", []],
  ["vitest", ["run", ...vitestOptions]],
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

const done = []
for (const pair of [steps.slice(0, -1), steps.slice(-1)]) {
  done.push(...(await Promise.all(pair.map(run))))
}
for (const { command, code, output, seconds } of done) {
  if (code !== 0) process.stdout.write(`${output}\n`)
  const summary =
    command === "vitest" && code === 0 ? ` ${/Tests\s+(.*)/.exec(plain(output))?.[1]}` : ""
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${command.padEnd(7)} ${seconds} s${summary}`)
}
if (results) writeDown(done)
process.exit(done.every((result) => result.code === 0) ? 0 : 1)

/** Every unit test, and each other tool that has something to say. */
function writeDown(done) {
  const units = unitTests()
  const tests = done
    .filter(({ command, code }) => code !== 0 && (command !== "vitest" || units.length === 0))
    .map(({ command, output }) => ({ name: command, state: "failed", error: plain(output) }))
  const lines = [...tests, ...units].map((test) => JSON.stringify({ kind: "test", ...test }))
  appendFileSync(results, lines.map((line) => `${line}\n`).join(""))
}

/** None where vitest ended before it could tell. */
function unitTests() {
  if (!existsSync(vitestJson)) return []
  const { testResults } = JSON.parse(readFileSync(vitestJson, "utf8"))
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    // A file that cannot be loaded has no tests to report.
    if (status === "failed" && assertionResults.length === 0) {
      return [{ name: file, state: "failed", file, error: message }]
    }
    return assertionResults.map(({ fullName: name, status: state, failureMessages = [] }) => ({
      name,
      state: state === "passed" || state === "failed" ? state : "skipped",
      file,
      error: failureMessages[0],
    }))
  })
}
