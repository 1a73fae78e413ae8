import { resolve } from "node:path"
import { countOf, phaseLooks } from "#core/view/phase"
import type { RunView } from "#core/view/statusTree"
import type { EngineConnection } from "#engine/engineClient"
import type { PlaceInfo } from "#engine/protocol"
import { command } from "../command.ts"
import type { ExitCode, Io } from "../io.ts"
import { readSpecFile } from "../specFiles.ts"
import { count, quote, visible } from "../words.ts"

export const run = command({
  name: "run",
  summary: "Run a spec as Kubernetes Jobs",
  usage: ["FILE|- [--context C] [-n NAMESPACE] [--name NAME] [--wait] [--follow]"],
  details: [
    "The run goes on when this command ends: it belongs to the engine of this machine.",
    "With --wait the exit code is 0 when the run succeeded and 1 when it did not.",
  ],
  options: {
    context: { kind: "value", placeholder: "C", help: "context of the kubeconfig" },
    namespace: { kind: "value", short: "n", placeholder: "NS", help: "namespace to run in" },
    name: { kind: "value", placeholder: "NAME", help: "name of the run (default: the spec's)" },
    wait: { kind: "flag", help: "wait for the end of the run" },
    follow: { kind: "flag", short: "f", help: "wait, and print what the steps print" },
  },
  run: async ({ positionals, values }, io) => {
    const [path, ...more] = positionals
    if (path === undefined || more.length > 0) {
      io.stderr.write('Name one spec to run: a file, or "-" for standard input.\n')
      return 2
    }
    const file = await readSpecFile(path, io)
    if (file.kind === "unreadable") {
      io.stderr.write(`${file.sentence}\n`)
      return 2
    }
    let engine: EngineConnection | undefined
    try {
      engine = await io.connectEngine()
      const { place } = await engine.call("place/open", {
        kind: "kube",
        kubeconfig: io.env.KUBECONFIG || undefined,
        context: values.context,
        namespace: values.namespace,
      })
      const spec = { path: resolve(file.name), text: file.text, document: 0 }
      const prepared = await engine.call("run/prepare", { place: place.id, spec })
      const name = values.name ?? prepared.name
      const jobs = `${count(prepared.jobs, "Job")}${prepared.orMore ? " or more" : ""}`
      io.stderr.write(`Runs ${quote(name)} in ${placeName(place)}: ${jobs}.\n`)
      // Asked for first, so that no change between the start and the question is missed.
      const end = watchToEnd(engine, io, place, name)
      await engine.call("run/start", { place: place.id, spec, options: { name } })
      io.stdout.write(`${name}\n`)
      if (!values.wait && !values.follow) return 0
      if (values.follow) await printLog(engine, io, place, name)
      return await end
    } catch (error) {
      io.stderr.write(`${error instanceof Error ? error.message : error}\n`)
      return 1
    } finally {
      engine?.close()
    }
  },
})

/** Prints a line for each step that changes and answers with the exit code once the run is over. */
function watchToEnd(
  engine: EngineConnection,
  io: Io,
  place: PlaceInfo,
  name: string,
): Promise<ExitCode> {
  const said = new Map<string, string>()
  return new Promise((resolve, reject) => {
    engine.onClose(() =>
      reject(new Error(`The engine went away; "${name}" goes on when one is there again.`)),
    )
    engine.onNotification("place/changed", (change) => {
      if (change.place !== place.id) return
      if (change.stale) io.stderr.write(`${change.stale.message} What is shown may be old.\n`)
      const view = change.runs.find((run) => run.name === name)
      if (!view) {
        if (change.removed.includes(name)) reject(new Error(`"${name}" was deleted.`))
        return
      }
      for (const line of changedSteps(view, said)) io.stderr.write(`${line}\n`)
      if (view.finishedAt === null) return
      io.stderr.write(`${lastLine(view)}\n`)
      resolve(view.phase === "succeeded" ? 0 : 1)
    })
  })
}

/** Resolves once everything the run printed was printed here too. */
function printLog(engine: EngineConnection, io: Io, place: PlaceInfo, run: string): Promise<void> {
  engine.onNotification("log/text", ({ step, lines }) => {
    for (const line of lines) io.stdout.write(`${step} | ${visible(line)}\n`)
  })
  return new Promise((resolve, reject) => {
    engine.onNotification("log/end", () => resolve())
    engine.call("log/open", { place: place.id, run, log: run }).catch(reject)
  })
}

function* changedSteps(view: RunView, said: Map<string, string>): Generator<string> {
  for (const { steps } of view.tasks) {
    for (const { id, phase, reason } of steps ?? []) {
      const now = `${phaseLooks[phase].word.toLowerCase()}${reason ? `: ${reason.sentence}` : ""}`
      if (phase === "waiting" || said.get(id) === now) continue
      said.set(id, now)
      yield `${visible(id)} ${visible(now)}`
    }
  }
}

function lastLine({ name, phase, counts, message }: RunView): string {
  const done = countOf(counts, "succeeded", "reused", "skipped")
  const word = phaseLooks[phase].word.toLowerCase()
  return `${quote(name)} ${word}, ${done} of ${count(counts.total, "step")} done: ${visible(message)}`
}

function placeName({ context, namespace }: PlaceInfo): string {
  return `${visible(context)} / ${visible(namespace)}`
}
