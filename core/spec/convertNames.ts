/** Task names that Kubernetes takes, as near as can be to names that may be any text, each only once. */
export function taskNames(wanted: readonly (string | undefined)[]): readonly string[] {
  const taken = new Set<string>()
  const turns = new Map<string, number>()
  return wanted.map((name) => {
    const base = labelLike(name ?? "") || "task"
    let result = base
    let turn = turns.get(base) ?? 2
    while (taken.has(result)) result = `${base.slice(0, 34)}-${turn++}`
    turns.set(base, turn)
    taken.add(result)
    return result
  })
}

/** 40 characters, because Jobs are called after Execution, task and step together. */
function labelLike(name: string): string {
  return name
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 40)
    .replace(/-$/, "")
}
