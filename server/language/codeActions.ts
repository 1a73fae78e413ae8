import type {
  CodeAction,
  CodeActionContext,
  CodeActionKind,
  Diagnostic,
  Range,
  TextEdit,
} from "vscode-languageserver-types"
import { type Fix, fixesFor } from "#core/edit/fix"
import { fixAll } from "#core/edit/fixAll"
import { rangeEdits } from "#core/edit/rangeEdit"
import { type Refactoring, refactorings } from "#core/edit/refactorings"
import { suppression } from "#core/edit/suppress"
import type { ProblemCode } from "#core/problem"
import type { Found } from "#core/spec/openDocument"
import { rangeOf, type SpecFile, type Standing } from "#core/spec/specFile"

/** What can be done at a place: mend its mistakes, all of their kind, or write it another way. */
export function codeActions(
  file: SpecFile,
  uri: string,
  range: Range,
  { diagnostics, only }: CodeActionContext,
  renamesFiles: boolean,
): CodeAction[] {
  const wants = (kind: CodeActionKind) =>
    only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`))
  return [
    ...(wants("quickfix") ? quickFixes(file, uri, range, diagnostics) : []),
    ...(wants("refactor.rewrite") || wants("refactor.extract")
      ? refactorings(file, range, uri, only !== undefined)
          .filter(({ kind }) => wants(kind))
          .flatMap((refactoring) => refactorAction(refactoring, uri, renamesFiles))
      : []),
    // Asked for by name only, as on saving: beside the fixes it would be one more of the same.
    ...(only && wants(fixAllKind) ? everything(file, uri) : []),
  ]
}

export const fixAllKind = "source.fixAll.kubeExecutions"

function quickFixes(
  file: SpecFile,
  uri: string,
  range: Range,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  const fixes: CodeAction[] = []
  const silences: CodeAction[] = []
  const kinds = new Map<ProblemCode, Standing>()
  for (const { standing, found } of problemsIn(file, range)) {
    const { code } = found.problem
    const place = rangeOf(found, standing)
    const about = diagnostics.filter((one) => one.code === code && same(one.range, place))
    for (const fix of fixesFor(standing.document, found)) {
      fixes.push(action(fix, uri, standing, about))
      kinds.set(code, standing)
    }
    const silence = suppression(standing.document, found)
    if (silence) silences.push(action(silence, uri, standing, about))
  }
  const whole = [...kinds].flatMap(([code, standing]): CodeAction[] => {
    let count = 0
    for (const { problem } of standing.document.problems()) if (problem.code === code) count++
    if (count < 2) return []
    const data: FixAllOfKind = { uri, code, line: standing.line }
    return [{ title: `Fix all of "${code}"`, kind: "quickfix", data }]
  })
  return [...fixes, ...whole, ...silences]
}

/** What "Fix all of …" is about; its edits are made when it is chosen. */
export interface FixAllOfKind {
  readonly uri: string
  readonly code: ProblemCode
  /** Where the document starts. */
  readonly line: number
}

/** The action with its edits: for thousands of mistakes they are not made until somebody wants them. */
export function resolved(action: CodeAction, file: SpecFile | undefined): CodeAction {
  const data = action.data as FixAllOfKind | undefined
  const standing = data && file?.standingAt(data.line)
  if (!data || !standing) return action
  const { edits } = fixAll(standing.document, { code: data.code })
  return { ...action, edit: editOf(data.uri, rangeEdits(edits, standing)) }
}

function* problemsIn(
  file: SpecFile,
  range: Range,
): Generator<{ standing: Standing; found: Found }> {
  for (const standing of file.standing()) {
    const { line, document } = standing
    const { text } = document
    if (line + text.lineEnds < range.start.line || line > range.end.line) continue
    const spotAt = (position: Range["start"]) =>
      text.spotAt({ line: position.line - line, character: position.character })
    const [from, to] = [spotAt(range.start), spotAt(range.end)]
    const isAround = text.layout && !from.item && !to.item
    const isAcross = isAround && from.offset < text.headLength && to.offset >= text.headLength
    const first = from.item?.rank ?? 0
    const last = to.item?.rank ?? Number.POSITIVE_INFINITY
    for (const found of document.problems()) {
      // Most mistakes of a large file stand in other tasks: told by rank, without a look at lines.
      if (text.layout && found.item) {
        const { rank } = found.item
        if ((isAround && !isAcross) || rank < first || rank > last) continue
      }
      if (meets(rangeOf(found, standing), range)) yield { standing, found }
    }
  }
}

function everything(file: SpecFile, uri: string): CodeAction[] {
  const edits = [...file.standing()].flatMap((standing) =>
    rangeEdits(fixAll(standing.document, { isSafe: true }).edits, standing),
  )
  const title = "Fix what is certain in this file"
  return edits.length > 0 ? [{ title, kind: fixAllKind, edit: editOf(uri, edits) }] : []
}

function action(fix: Fix, uri: string, standing: Standing, about: Diagnostic[]): CodeAction {
  return {
    title: fix.title,
    kind: "quickfix",
    ...(about.length > 0 ? { diagnostics: about } : {}),
    ...(fix.isPreferred ? { isPreferred: true } : {}),
    edit: editOf(uri, rangeEdits(fix.edits, standing)),
  }
}

/** What is written in another notation is called by another name, where the client can do that. */
function refactorAction(
  { title, kind, edits, extension }: Refactoring,
  uri: string,
  renamesFiles: boolean,
): CodeAction[] {
  const newUri = extension ? uri.replace(/\.(?:ya?ml|json)$/i, `.${extension}`) : uri
  const isSame = newUri === uri || /\.ya?ml$/i.test(newUri) === /\.ya?ml$/i.test(uri)
  if (isSame) return [{ title, kind, edit: editOf(uri, edits) }]
  if (renamesFiles) {
    const textDocument = { uri: newUri, version: null }
    const rename = { kind: "rename" as const, oldUri: uri, newUri }
    const change = { textDocument, edits: [...edits] }
    return [{ title, kind, edit: { documentChanges: [rename, change] } }]
  }
  // JSON in a YAML file is YAML still, but not the other way round.
  return extension === "json" ? [{ title, kind, edit: editOf(uri, edits) }] : []
}

function editOf(uri: string, edits: readonly TextEdit[]) {
  return { changes: { [uri]: [...edits] } }
}

function meets(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start)
}

function isBefore(a: Range["start"], b: Range["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character)
}

function same(a: Range, b: Range): boolean {
  return (
    !isBefore(a.start, b.start) &&
    !isBefore(b.start, a.start) &&
    !isBefore(a.end, b.end) &&
    !isBefore(b.end, a.end)
  )
}
