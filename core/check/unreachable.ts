import type { GraphRule, Member, PlacedProblem } from "./rule.ts"

/** Tasks that never run, because one they wait for is switched off in the text itself. */
export const unreachable: GraphRule = {
  name: "unreachable",
  dialects: ["execution", "gcs"],
  check: ({ members, anyOff }) => {
    if (!anyOff) return []
    const off = members.filter((member) => member.task.off)
    const waiting = new Map<Member, Member[]>()
    for (const member of members) {
      for (const target of member.targets) {
        if (!target) continue
        const known = waiting.get(target)
        if (known) known.push(member)
        else waiting.set(target, [member])
      }
    }
    // Each task is told by the first switched off task of the text that it waits for.
    const reason = new Map<Member, Member>(off.map((member) => [member, member]))
    for (const [member, first] of reason) {
      for (const next of waiting.get(member) ?? []) if (!reason.has(next)) reason.set(next, first)
    }
    const problems: PlacedProblem[] = []
    for (const [member, first] of reason) {
      const span = first.task.off
      if (member === first || !span) continue
      const name = member.task.name?.value ?? ""
      const cause = first.task.name?.value ?? ""
      problems.push({
        member,
        problem: {
          code: "unreachable",
          severity: "warning",
          message: `"${name}" never runs: "${cause}", which it waits for, is switched off.`,
          span: member.task.name?.span ?? member.task.span,
          related: [{ member: first, span, message: `"${cause}" is switched off here.` }],
        },
      })
    }
    return problems
  },
}
