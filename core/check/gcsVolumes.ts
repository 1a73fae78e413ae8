import type { Problem } from "../problem.ts"
import { scanReferences } from "../spec/expression.ts"
import { type Inputs, inputsOf } from "../spec/gcs/inputs.ts"
import { onlyInput } from "../spec/gcs/rows.ts"
import { entriesOf, givenAt, type StringNode, textAt } from "../spec/lookup.ts"
import type { ScalarNode, TreeNode } from "../spec/tree.ts"
import { inputProblems, typedInput } from "./gcsReference.ts"
import { error, withRemedy, writing } from "./report.ts"
import type { HeadRule } from "./rule.ts"
import { checkClaim, checkName } from "./volumes.ts"

/** The volumes of a gcs file; every job mounts all of them. */
export const gcsVolumes: HeadRule = {
  name: "gcsVolumes",
  dialects: ["gcs"],
  check: ({ tree, head }) => {
    const inputs = inputsOf(head)
    return entriesOf(givenAt(tree, "volumes")).flatMap(({ key, value }) =>
      value.kind === "map"
        ? [...checkName(key), ...checkPath(key, value, inputs), ...checkFrom(key, value, inputs)]
        : [],
    )
  },
}

function checkPath(key: ScalarNode, volume: TreeNode, inputs: Inputs): Problem[] {
  const path = textAt(volume, "mount_path")
  if (path === undefined || path.value === "") {
    if (path === undefined && givenAt(volume, "mount_path") !== undefined) return []
    const message = `Volume "${key.value}" needs a "mount_path": where every job finds it.`
    return [error("missing-key", path?.span ?? key.span, message)]
  }
  if (onlyInput(path.value) === undefined) {
    return [...inputProblems(path, inputs), ...absolute(path.value, path)]
  }
  const problems = typedInput(path, inputs, ["string"])
  const value = inputs.get(onlyInput(path.value) ?? "")?.value
  return typeof value === "string" && problems.length === 0 ? absolute(value, path) : problems
}

function absolute(value: string, path: StringNode): Problem[] {
  if (value.startsWith("/") || scanReferences(value)[0]?.start === 0) return []
  const better = `/${value.replace(/^\.?\/*/, "")}`
  const message = `"${value}" is not an absolute path: write "${better}".`
  // What comes from an input is wrong where the input says it.
  const remedy = value === path.value ? writing(better) : undefined
  return [withRemedy(error("bad-value", path.span, message), remedy)]
}

function checkFrom(key: ScalarNode, volume: TreeNode, inputs: Inputs): Problem[] {
  const from = givenAt(volume, "mount_from")
  const claim = textAt(from, "pvc")
  if (claim === undefined) {
    if (givenAt(from, "pvc") !== undefined) return []
    const message = `Volume "${key.value}" needs a claim: "mount_from: {pvc: …}".`
    return [error("missing-key", key.span, message)]
  }
  if (onlyInput(claim.value) !== undefined) return typedInput(claim, inputs, ["string"])
  return scanReferences(claim.value).length > 0 ? inputProblems(claim, inputs) : checkClaim(claim)
}
