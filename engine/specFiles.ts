import { filesOf, mountsOf } from "#core/spec/convertColonies"
import { parse } from "#core/spec/parse"
import type { SpecFiles, SpecSource } from "./protocol.ts"

/** Which files a Colonies spec wants to find; of other dialects none. */
export function specFiles(spec: SpecSource): SpecFiles {
  const document = parse(spec.text, spec.path)[spec.document]
  if (document?.dialect !== "function" && document?.dialect !== "colonies-workflow") {
    return { mounts: [], labels: [] }
  }
  const labels = filesOf(document.tree).flatMap(({ dirs, snapshots }) =>
    [...dirs, ...snapshots].map(({ label }) => label),
  )
  return { mounts: mountsOf(document.tree), labels: [...new Set(labels)] }
}
