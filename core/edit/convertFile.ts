import { coloniesToExecution } from "../spec/convertColonies.ts"
import { countComments, toJsonText, toYamlText, writeYaml } from "../spec/convertText.ts"
import type { SpecFile } from "../spec/specFile.ts"
import type { RangeEdit } from "./rangeEdit.ts"
import type { Refactoring } from "./refactorings.ts"

/** The whole file in the other notation, or as an Execution; what is lost is said in the title. */
export function convertFile(file: SpecFile, path: string): readonly Refactoring[] {
  const standing = [...file.standing()]
  const [only] = standing
  // JSON holds one document, and nobody converts a file of this size from a menu.
  if (!only || standing.length > 1 || only.document.text.length > mostCharacters) return []
  const { document } = only
  const { dialect } = document
  const tree = document.tree()
  if (!dialect || !tree) return []
  for (const { problem } of document.problems()) if (problem.code === "syntax") return []
  const text = file.text()
  const whole = (newText: string): readonly RangeEdit[] => [
    { range: { start: { line: 0, character: 0 }, end: file.positionAt(text.length) }, newText },
  ]
  const lineEnds = (made: string) => (text.includes("\r\n") ? made.replaceAll("\n", "\r\n") : made)
  const isJson = /^\ufeff?\s*[[{]/.test(text)
  const converted: Refactoring[] = []
  const add = (title: string, made: string, extension: "json" | "yaml") =>
    converted.push({ title, kind: "refactor.rewrite", edits: whole(lineEnds(made)), extension })
  if (isJson) add("Write this file as YAML", toYamlText(tree), "yaml")
  else add(`Write this file as JSON${losses(text)}`, toJsonText(tree), "json")
  if (dialect === "function" || dialect === "colonies-workflow") {
    const { execution, problems } = coloniesToExecution(tree, { name: nameFor(path) })
    if (!problems.some(({ severity }) => severity === "error")) {
      const loses = isJson ? "" : losses(text)
      add(
        `Write this file as a KubeGene Execution${loses}`,
        isJson ? `${JSON.stringify(execution, null, 2)}\n` : writeYaml(execution),
        isJson ? "json" : "yaml",
      )
    }
  }
  return converted
}

const mostCharacters = 200_000

function losses(text: string): string {
  const comments = countComments(text)
  const lost = [
    ...(comments > 0 ? [`${comments} ${comments === 1 ? "comment goes" : "comments go"}`] : []),
    ...(/(?:^|[\s[{,])[&*][A-Za-z0-9]/.test(text) ? ["what aliases repeat is written out"] : []),
  ]
  return lost.length > 0 ? ` (${lost.join(", ")})` : ""
}

/** `specs/hello.function.json` becomes "hello"; undefined where that is no name for an Execution. */
function nameFor(path: string): string | undefined {
  const stem = path.split(/[\\/]/).at(-1)?.split(".")[0] ?? ""
  return /^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/.test(stem) ? stem : undefined
}
