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
): CodeAction[] {
  const wants = (kind: CodeActionKind) =>
    only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`))
  return [
    ...(wants("quickfix") ? quickFixes(file, uri, range, diagnostics) : []),
    ...(wants("refactor.rewrite") || wants("refactor.extract")
      ? refactorings(file, range, uri, only !== undefined)
          .filter(({ kind }) => wants(kind))
          .map((refactoring) => refactorAction(refactoring, uri))
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
    const { edits, count } = fixAll(standing.document, { code })
    if (count < 2) return []
    const title = `Fix all ${count} of "${code}"`
    return [{ title, kind: "quickfix", edit: editOf(uri, rangeEdits(edits, standing)) }]
  })
  return [...fixes, ...whole, ...silences]
}

function* problemsIn(
  file: SpecFile,
  range: Range,
): Generator<{ standing: Standing; found: Found }> {
  for (const standing of file.standing()) {
    const last = standing.line + standing.document.text.lineEnds
    if (last < range.start.line || standing.line > range.end.line) continue
    for (const found of standing.document.problems()) {
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

function refactorAction({ title, kind, edits }: Refactoring, uri: string): CodeAction {
  return { title, kind, edit: editOf(uri, edits) }
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
