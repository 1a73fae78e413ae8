import type { FilesPrepared, JobAnswer, RunOptions, RunPrepared } from "#engine/protocol"
import { bytes } from "../colonies/bytes.ts"
import { command } from "../command.ts"
import { followRun, lastLines } from "../followRun.ts"
import type { ExitCode, Io } from "../io.ts"
import {
  didYouMean,
  findRun,
  type LivePlace,
  placeName,
  plainName,
  withPlace,
} from "../livePlace.ts"
import { anyPlaceOptions, nextCommand, type PlaceValues, placeOptions } from "../placeOptions.ts"
import { writePlan } from "../plannedText.ts"
import { type ReadySpec, readySpec, specOptions } from "../readySpec.ts"
import { Refusal } from "../refusal.ts"
import { table } from "../table.ts"
import { count, quote, visible } from "../words.ts"

export const run = command({
  name: "run",
  summary: "Run a spec as Kubernetes Jobs",
  usage: [
    "FILE|- [--wait|--follow] [OPTION…]",
    "FILE|- --resume-from NAME [--from TASK] [--until TASK] [OPTION…]",
    "FILE|- --dry-run=client|server [OPTION…]",
  ],
  details: [
    "The run goes on when this command ends: the engine of this machine moves it, or one in the cluster.",
    "With --wait and --follow the exit code is 0 when the run succeeded and 1 when it did not.",
  ],
  options: {
    ...placeOptions,
    place: anyPlaceOptions.place,
    ...specOptions,
    "resume-from": {
      kind: "value",
      placeholder: "RUN",
      help: "reuse what succeeded in that run and is still the same",
    },
    from: {
      kind: "value",
      placeholder: "TASK",
      help: "with --resume-from: run this task again, and what follows it; a,b for several",
    },
    until: {
      kind: "value",
      placeholder: "TASK",
      help: "run only this task and what it depends on; a,b for several",
    },
    "dry-run": {
      kind: "value",
      placeholder: "WHO",
      choices: ["client", "server"],
      help: "create nothing. client: print the Jobs; server: ask the cluster about each",
    },
    driver: {
      kind: "value",
      placeholder: "WHO",
      choices: ["here", "cluster"],
      help: "who moves it: here, this machine's engine; cluster (default where a driver lives there)",
    },
    "without-definition": {
      kind: "flag",
      help: "where the cluster does not know Executions, keep the run in a ConfigMap",
    },
    wait: { kind: "flag", help: "wait for the end of the run" },
    follow: { kind: "flag", short: "f", help: "wait, and print what the steps print" },
    output: {
      kind: "value",
      short: "o",
      placeholder: "FORMAT",
      choices: ["name", "json", "yaml"],
      help: "name (default), or json: the run; yaml for --dry-run=client",
    },
  },
  run: async ({ positionals, values }, io) => {
    refuseWrongUse(values)
    const { place } = values
    if (place === "colonies") {
      refuseAtColony(values)
      return (await io.colonies()).submit({ positionals, values }, io)
    }
    const spec = await readySpec(positionals, values, io)
    const options = runOptions(spec, values)
    if (values["dry-run"] === "client") {
      if (options.resumeFrom) {
        io.stderr.write(
          "Which steps would be reused only the cluster knows; every Job is printed.\n",
        )
      }
      writePlan(spec, values.output ?? "yaml", options, values.namespace ?? spec.namespace, io)
      return 0
    }
    const where = { ...values, place, namespace: values.namespace ?? spec.namespace }
    if (values["dry-run"] === "server") {
      return withPlace(where, io, (place) => check(place, spec, options, values, io))
    }
    const started = await withPlace(where, io, (place) => start(place, spec, options, values, io))
    if (values.output !== "json") io.stdout.write(`${started.name}\n`)
    const { context, namespace } = started
    const same: PlaceValues = { ...where, context, namespace }
    if (!values.wait && !values.follow) {
      if (values.output !== "json") return 0
      const view = await withPlace(same, io, (place) => place.until(started.name, (one) => one))
      io.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
      return 0
    }
    const log = !values.follow ? undefined : values.output === "json" ? "stderr" : "stdout"
    const end = await followRun(started.name, same, { log }, io)
    if (!end) {
      const stop = visible(nextCommand(`stop ${started.name}`, where, io))
      io.stderr.write(`\n${quote(started.name)} goes on. To stop it: ${stop}\n`)
      return 130
    }
    if (values.output === "json") io.stdout.write(`${JSON.stringify(end, null, 2)}\n`)
    io.stderr.write(lastLines(end, where, io))
    return end.phase === "succeeded" ? 0 : 1
  },
})

interface RunValues extends PlaceValues {
  readonly name?: string
  readonly from?: string
  readonly until?: string
  readonly "resume-from"?: string
  readonly "dry-run"?: "client" | "server"
  readonly driver?: "here" | "cluster"
  readonly "without-definition"?: true
  readonly output?: string
  readonly wait?: true
  readonly follow?: true
}

function refuseWrongUse(values: RunValues): void {
  const { output } = values
  const dryRun = values["dry-run"]
  if (values.from !== undefined && values["resume-from"] === undefined) {
    throw new Refusal(
      "--from says what a resumed run does again: name that run, --resume-from RUN.",
      2,
    )
  }
  if (dryRun !== undefined && (values.wait || values.follow)) {
    throw new Refusal(`A dry run creates nothing, so there is nothing to wait for.`, 2)
  }
  if (output === "yaml" && dryRun !== "client") {
    throw new Refusal("-o yaml prints the Jobs of --dry-run=client; else it is name or json.", 2)
  }
}

/** All that has a meaning at a Colonies server. */
const atColony = ["place", "colony-env", "skip-verify", "insecure", "wait", "follow"]

/** Whoever gives an option relies on it. */
function refuseAtColony(values: RunValues): void {
  const unknown = Object.keys(values).find((name) => !atColony.includes(name))
  if (unknown === undefined) return
  const why =
    unknown === "dry-run"
      ? "the server does not look at a spec without taking it; lint does"
      : "the spec is sent to the server as it is"
  throw new Refusal(
    `--${unknown} does not go with --place colonies: ${why}. Nothing was submitted.`,
    2,
  )
}

/** What --resume-from, --from and --until ask for, the tasks in them checked. */
function runOptions(spec: ReadySpec, values: RunValues): Omit<RunOptions, "name"> {
  const tasks = spec.execution({}).spec.tasks.map(({ name }) => name)
  const listed = (option: string, text: string | undefined) => {
    const names = text?.split(",").map((name) => name.trim())
    for (const name of names ?? []) {
      if (tasks.includes(name)) continue
      const sentence = `${quote(spec.file)} has no task ${quote(name)}, which --${option} names.`
      throw new Refusal(`${sentence}${didYouMean(name, tasks)}`)
    }
    return names
  }
  const rerun = listed("from", values.from)
  const until = listed("until", values.until)
  const earlier = values["resume-from"]
  return {
    ...(values.driver === undefined ? {} : { driver: values.driver }),
    ...(earlier === undefined
      ? {}
      : { resumeFrom: { name: plainName(earlier), ...(rerun ? { rerun } : {}) } }),
    ...(until ? { until } : {}),
  }
}

/** Says what runs where, then creates it. */
async function start(
  place: LivePlace,
  spec: ReadySpec,
  options: Omit<RunOptions, "name">,
  values: RunValues,
  io: Io,
): Promise<{ readonly name: string; readonly context: string; readonly namespace: string }> {
  const { info, engine } = place
  const { resumeFrom } = options
  if (resumeFrom) findRun(place, resumeFrom.name)
  const prepared = await prepare(place, spec, options, values)
  const name = values.name ?? freeName(prepared, spec, io)
  const jobs = count(prepared.jobs, "Job")
  const more = prepared.orMore ? " or more" : ""
  const earlier = resumeFrom ? `, less what ${quote(resumeFrom.name)} has done` : ""
  io.stderr.write(`Runs ${quote(name)} in ${placeName(info)}: ${jobs}${more}${earlier}.\n`)
  if (info.caution !== undefined) io.stderr.write(`${info.caution}\n`)
  if (prepared.files) io.stderr.write(filesLine(prepared.files))
  const { driver } = await engine.call("run/start", {
    place: info.id,
    spec: spec.source,
    options: { ...options, name },
  })
  if (driver === "cluster") {
    io.stderr.write("A driver in the cluster moves it, also while this machine is off.\n")
  }
  return { name, context: info.context, namespace: info.namespace }
}

function prepare(
  { engine, info }: LivePlace,
  { source }: ReadySpec,
  { until }: Omit<RunOptions, "name">,
  { name }: RunValues,
): Promise<RunPrepared> {
  return engine.call("run/prepare", {
    place: info.id,
    spec: source,
    ...(until ? { until } : {}),
    ...(name ? { name } : {}),
  })
}

/** The spec's own name, or the next free one after it. */
function freeName({ name }: RunPrepared, { ownName }: ReadySpec, io: Io): string {
  if (name !== ownName) {
    io.stderr.write(`There is a run ${quote(ownName)} already; this one is ${quote(name)}.\n`)
  }
  return name
}

/** Where files come from and what that creates, before it is done. */
function filesLine({ from, claim, files, objects, ...size }: FilesPrepared): string {
  const created = objects.map(quote).join(" and ")
  return `Brings ${count(files, "file")} (${bytes(size.bytes)}) from ${visible(from)} to the claim ${quote(claim)}; creates ${created}, deleted when the run ends.\n`
}

/** Prints what the API server says of each Job. */
async function check(
  place: LivePlace,
  spec: ReadySpec,
  options: Omit<RunOptions, "name">,
  values: RunValues,
  io: Io,
): Promise<ExitCode> {
  const { info, engine } = place
  io.stderr.write(`Asks ${placeName(info)} about each Job; nothing is created.\n`)
  if (options.resumeFrom) findRun(place, options.resumeFrom.name)
  if (values.name !== undefined && place.runs.has(values.name)) {
    throw new Refusal(`There is a run ${quote(values.name)} in ${quote(info.namespace)} already.`)
  }
  const name = values.name ?? freeName(await prepare(place, spec, options, values), spec, io)
  const answers = await engine.call("run/check", {
    place: info.id,
    spec: spec.source,
    options: { ...options, name },
  })
  const refused = answers.filter(({ refusal }) => refusal !== undefined).length
  io.stdout.write(answerText(answers, values.output, io))
  io.stderr.write(
    refused === 0
      ? `${count(answers.length, "Job")} would be created.\n`
      : `${refused} of ${count(answers.length, "Job")} would be refused.\n`,
  )
  return refused === 0 ? 0 : 1
}

function answerText(answers: readonly JobAnswer[], output: string | undefined, io: Io): string {
  if (output === "json") return `${JSON.stringify(answers, null, 2)}\n`
  if (output === "name") return answers.map(({ job }) => `job.batch/${job}\n`).join("")
  const rows = answers.map(({ job, refusal }) => [
    job,
    refusal === undefined ? "would be created" : visible(refusal),
  ])
  const lines = table([{ head: "JOB" }, { head: "ANSWER" }], rows, io.stdout.columns)
  return lines.map((line) => `${line}\n`).join("")
}
