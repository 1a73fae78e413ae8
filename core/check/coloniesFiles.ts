import type { Problem } from "../problem.ts"
import { field, fieldEntry, stringField } from "../spec/functionSpec.ts"
import { itemsOf, type TreeNode } from "../spec/tree.ts"
import { error, warning, withRemedy, writing } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The files of a process: where they appear, and nowhere else. */
export const coloniesFiles: TaskRule = {
  name: "coloniesFiles",
  dialects: ["function", "colonies-workflow"],
  check: ({ tree }) => {
    const fs = field(tree, "fs")
    const mount = stringField(fs, "mount")
    const problems: Problem[] = []
    if (mount !== undefined && mount.value !== "" && !mount.value.startsWith("/")) {
      const message = `"${mount.value}" is counted from "/" of the container: write "/${mount.value}".`
      const problem = warning("bad-value", mount.span, message, "executor")
      problems.push(withRemedy(problem, writing(`/${mount.value}`)))
    }
    const dirs = fieldEntry(fs, "dirs")
    const hasMount = mount !== undefined && mount.value !== ""
    if (dirs !== undefined && itemsOf(dirs.value).length > 0 && !hasMount) {
      const message =
        'Without a "mount" these folders are not fetched before the process starts, only uploaded after it.'
      problems.push(warning("bad-value", dirs.key.span, message, "executor"))
    }
    const snapshots = itemsOf(field(fs, "snapshots"))
    for (const entry of [...itemsOf(field(fs, "dirs")), ...snapshots])
      problems.push(...checkFolder(entry))
    for (const snapshot of snapshots) problems.push(...checkSnapshot(snapshot))
    return problems
  },
}

function checkFolder(entry: TreeNode): Problem[] {
  const dir = stringField(entry, "dir")
  if (dir === undefined || dir.value === "") return []
  if (dir.value.split("/").includes("..")) {
    const message = `"${dir.value}" leads out of the files of this colony: ".." is refused.`
    return [error("bad-value", dir.span, message, "advice")]
  }
  if (dir.value.startsWith("/")) return []
  const message = `"${dir.value}" is glued to the path before it, as in "/cfs${dir.value}": write "/${dir.value.replace(/^\.\//, "")}".`
  const better = `/${dir.value.replace(/^\.\//, "")}`
  return [withRemedy(warning("bad-value", dir.span, message, "executor"), writing(better))]
}

function checkSnapshot(snapshot: TreeNode): Problem[] {
  const id = stringField(snapshot, "snapshotid")
  if (id?.value !== "{snapshotid}") return []
  const message =
    '"{snapshotid}" is filled in only by the option --snapshot of the Colonies command line; submitted as it is, the process fails.'
  return [warning("bad-value", id.span, message, "executor")]
}
