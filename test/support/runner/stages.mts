import { existsSync, globSync } from "node:fs"
import { join } from "node:path"
import { root } from "../folders.mts"
import { type Missing, mayInstall } from "../missing.mts"
import type { Run } from "../run.mts"
import { type Ended, execute } from "./execute.mts"
import { type Counts, readResults } from "./results.mts"
import { acquireCluster } from "./sharedCluster.mts"

export interface Stage {
  readonly name: string
  readonly what: string
  /** Stages without which this one cannot run. */
  readonly needs: readonly string[]
  run(context: Context): Promise<Outcome>
}

export interface Context {
  readonly run: Run
  /** Folder of this run's logs. */
  readonly logs: string
  /** What earlier stages give to later ones. */
  readonly env: Record<string, string>
}

export type Outcome =
  | ({ readonly kind: "ran" } & Pick<Counts, "passed" | "skipped" | "failures">)
  | NotRun

export interface NotRun extends Missing {
  readonly kind: "not run"
}

/**
 * The minutes only end what hangs, with a sentence: they are twice what a slow machine takes.
 * In this order: no suite with a window runs while Go compiles.
 */
export const stages: readonly Stage[] = [
  {
    name: "check",
    what: "format and lint, types, unit tests",
    needs: [],
    run: (context) => suite(context, "check", ["test/support/check.mjs"], 15),
  },
  {
    name: "build",
    what: "the bundles of dist/",
    needs: [],
    run: (context) => step(context, "build", ["esbuild.mjs"], 10),
  },
  {
    name: "lsp",
    what: "the language server over stdio",
    needs: ["build"],
    run: (context) => nodeSuites(context, "lsp", ["test/lsp/**/*.test.mts"], 10),
  },
  {
    name: "colonies",
    what: "client, files and command line against a Colonies server",
    needs: ["build"],
    run: (context) => nodeSuites(context, "colonies", ["test/colonies/**/*.test.mts"], 15),
  },
  {
    name: "local",
    what: "runs on this machine, in a sandbox",
    needs: [],
    run: async (context) => {
      const ready = await step(context, "sandbox", ["test/local/sandbox.mts"], 5)
      return ready.kind === "ran" && ready.failures.length === 0
        ? nodeSuites(context, "local", ["test/local/**/*.test.mts"], 10)
        : ready
    },
  },
  { name: "kubernetes", what: "a cluster, built and started", needs: [], run: startCluster },
  {
    name: "cluster",
    what: "suites on a real Kubernetes",
    needs: ["build", "kubernetes"],
    run: (context) => nodeSuites(context, "cluster", ["test/cluster/**/*.test.mts"], 45),
  },
  {
    name: "vscode",
    what: "VS Code and a browser, installed",
    needs: [],
    run: (context) => step(context, "vscode", ["test/support/vscode/bed.mts"], 10),
  },
  {
    name: "panels",
    what: "each panel in every state, in a browser",
    needs: ["build", "vscode"],
    run: (context) => nodeSuites(context, "panels", ["test/panels/**/*.test.mts"], 20),
  },
  {
    name: "extension",
    what: "suites in VS Code's extension host",
    needs: ["build", "kubernetes", "vscode"],
    run: (context) => suite(context, "extension", ["test/extension/run.mts"], 15),
  },
  {
    name: "ui",
    what: "suites in the real workbench",
    needs: ["build", "kubernetes", "vscode"],
    run: (context) =>
      nodeSuites(context, "ui", ["test/ui/**/*.test.mts"], 45, [
        // One window at a time: two would take each other's processor.
        "--test-concurrency=1",
      ]),
  },
]

async function startCluster(context: Context): Promise<Outcome> {
  const program = "test/cluster/main.mts"
  if (!existsSync(join(root, program))) return notRun(program, "this clone does not have it")
  const started = await acquireCluster(context.run, async () => {
    const args = [program, "up", ...(mayInstall ? ["--install"] : [])]
    const log = join(context.logs, "kubernetes.log")
    return execute(context.run, { args, log, timeoutMs: 40 * 60_000 })
  })
  if (started.kind === "refused") {
    return notRun("a Kubernetes cluster", `"npm run cluster -- up" says:\n${started.why}`)
  }
  context.env.KUBE_EXECUTIONS_KUBECONFIG = started.kubeconfig
  return ran()
}

/** Files of node:test. */
function nodeSuites(
  context: Context,
  name: string,
  patterns: readonly string[],
  minutes: number,
  options: readonly string[] = [],
): Promise<Outcome> {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort()
  if (files.length === 0) {
    return Promise.resolve(notRun(patterns.join(", "), "no file of this clone has such a name"))
  }
  const args = [
    "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    "--test",
    // A test that failed may have left something running, and its file would never end.
    "--test-force-exit",
    "--test-timeout=300000",
    ...options,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=./test/support/runner/nodeReporter.mjs",
    // A file of its own: the test runner writes it from its start, whatever others append.
    `--test-reporter-destination=${join(context.run.folder, `${name}.tests`)}`,
    ...files,
  ]
  return suite(context, name, args, minutes)
}

/** A program that writes down its tests. That it says so is not enough: tests must have run. */
async function suite(
  context: Context,
  name: string,
  args: readonly string[],
  minutes: number,
): Promise<Outcome> {
  const { ended, counts } = await follow(context, name, args, minutes)
  const { passed, skipped, failures } = counts
  const wrong = wrongWithAll(ended, counts)
  if (wrong === undefined) return { kind: "ran", passed, skipped, failures }
  const { unfinished, screenshot } = counts
  const own = {
    name: unfinished ?? "the whole suite",
    error: wrong,
    ...(screenshot === undefined ? {} : { screenshot }),
  }
  return { kind: "ran", passed, skipped, failures: [...failures, own] }
}

/** What no failed test tells: the suite died, hung, or had no test. */
function wrongWithAll({ code, how, lastWords }: Ended, counts: Counts): string | undefined {
  if (how !== undefined) return how
  if (counts.reason !== undefined) return counts.reason
  if (code === 0) return counts.passed + counts.failures.length === 0 ? "no test ran" : undefined
  if (counts.failures.length > 0) return undefined
  return `it ended with code ${code}, and no test says why. Its last words:\n${lastWords}`
}

/** A program that has no tests: it counts only when it fails. */
async function step(
  context: Context,
  name: string,
  args: readonly string[],
  minutes: number,
): Promise<Outcome> {
  const { ended, counts } = await follow(context, name, args, minutes)
  if (counts.missing !== undefined) return notRun(counts.missing.missing, counts.missing.how)
  if (ended.code === 0) return ran()
  const error = ended.how ?? `it ended with code ${ended.code}. Its last words:\n${ended.lastWords}`
  return { kind: "ran", passed: 0, skipped: 0, failures: [{ name, error }] }
}

async function follow(context: Context, name: string, args: readonly string[], minutes: number) {
  const results = join(context.run.folder, `${name}.results`)
  const ended = await execute(context.run, {
    args,
    log: join(context.logs, `${name}.log`),
    timeoutMs: minutes * 60_000,
    env: {
      ...context.env,
      KUBE_EXECUTIONS_RESULTS: results,
      KUBE_EXECUTIONS_LOGS: context.logs,
      // The suite's own ceilings end it before ours does, with more to say.
      KUBE_EXECUTIONS_TIMEOUT_MS: String((minutes - 1) * 60_000),
    },
  })
  const counts = readResults(results, join(context.run.folder, `${name}.tests`))
  return { ended, counts }
}

function ran(): Outcome {
  return { kind: "ran", passed: 0, skipped: 0, failures: [] }
}

function notRun(missing: string, how: string): NotRun {
  return { kind: "not run", missing, how }
}
