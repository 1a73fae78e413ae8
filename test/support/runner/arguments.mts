import { type Stage, stages } from "./stages.mts"

/** The stages to run, with those they need. Ends the process with code 2 on wrong use. */
export function parseArguments(args: readonly string[]): readonly Stage[] {
  const names = args.filter((arg) => !arg.startsWith("-"))
  const unknown = [
    ...args.filter((arg) => arg.startsWith("-") && arg !== "--install"),
    ...names.filter((name) => !stages.some((stage) => stage.name === name)),
  ]
  if (unknown.length > 0) {
    console.error(`npm test does not know "${unknown.join('", "')}".\n\n${usage()}`)
    process.exit(2)
  }
  return names.length === 0 ? stages : withNeeds(names)
}

function withNeeds(names: readonly string[]): readonly Stage[] {
  const all = new Set(names)
  // Backwards, because a stage needs earlier ones only.
  for (const { name, needs } of stages.toReversed()) {
    if (all.has(name)) for (const need of needs) all.add(need)
  }
  return stages.filter(({ name }) => all.has(name))
}

function usage(): string {
  const rows = stages.map(({ name, what }) => `  ${name.padEnd(12)}${what}`)
  return [
    "npm test                 everything",
    "npm test -- STAGE…       only these, and what they need",
    "npm test -- --install    may install Debian packages (so it does where CI is set)",
    "",
    ...rows,
  ].join("\n")
}
