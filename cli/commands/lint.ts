import { dialects } from "#core/workflow"
import { paintFor } from "../colors.ts"
import { command } from "../command.ts"
import { type Finding, findingsIn } from "../finding.ts"
import { lintText } from "../lintText.ts"
import { sarif } from "../sarif.ts"
import { findFiles } from "../specFiles.ts"
import { either, quote } from "../words.ts"

export const lint = command({
  name: "lint",
  summary: "Find mistakes in specs",
  usage: ["FILE…|FOLDER…|- [--output text|json|sarif] [--dialect D]"],
  details: [
    "Of a folder, the specs in it and below are looked at; node_modules and .git are passed by.",
    "With - the text comes from standard input. Exit code 1 when there is an error.",
  ],
  options: {
    output: {
      kind: "value",
      short: "o",
      placeholder: "FORMAT",
      choices: ["text", "json", "sarif"],
      help: "text (default), json, or sarif for code scanning",
    },
    dialect: {
      kind: "value",
      placeholder: "D",
      choices: dialects,
      help: `what a text is that does not say so: ${either(dialects)}`,
    },
  },
  run: async ({ positionals, values }, io) => {
    if (positionals.length === 0) {
      io.stderr.write('Name what to look at: files, folders, or "-" for standard input.\n')
      return 2
    }
    const findings: Finding[] = []
    const files: string[] = []
    let unreadable = false
    const seen = new Set<string>()
    for (const path of positionals) {
      for await (const found of findFiles(path, io)) {
        if (seen.has(found.name)) continue
        seen.add(found.name)
        if (found.kind === "unreadable") {
          unreadable = true
          io.stderr.write(`${found.sentence}\n`)
          continue
        }
        const known = values.dialect ? `${found.name}.${values.dialect}.yaml` : found.name
        const own = findingsIn(found.text, found.name, known)
        if (own) {
          files.push(found.name)
          for (const finding of own) findings.push(finding)
        } else io.stderr.write(`${quote(found.name)} is not a workflow; it was not looked at.\n`)
      }
    }
    if (values.output === "json") io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
    else if (values.output === "sarif")
      io.stdout.write(`${JSON.stringify(sarif(findings), null, 2)}\n`)
    else if (files.length > 0) {
      io.stdout.write(lintText(findings, files.length, paintFor(io, io.stdout), io.stdout.columns))
    }
    if (files.length === 0 && !unreadable) {
      io.stderr.write("There is no workflow to look at. See kube-executions lint --help.\n")
    }
    if (files.length === 0 || unreadable) return 2
    return findings.some((finding) => finding.severity === "error") ? 1 : 0
  },
})
