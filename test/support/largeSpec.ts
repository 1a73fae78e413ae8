import { randomFrom } from "./random.ts"

/** An Execution of so many tasks, each waiting for up to three of the fifty before it. */
export function largeSpec(tasks: number): string {
  const random = randomFrom(tasks)
  const lines = [
    "apiVersion: execution.kubegene.io/v1alpha1",
    "kind: Execution",
    "metadata:",
    `  name: exec-${tasks}`,
    "  namespace: gene",
    "spec:",
    "  parallelism: 50",
    "  tasks:",
  ]
  for (let i = 0; i < tasks; i++) {
    lines.push(
      `  - name: task-${i}`,
      "    type: Job",
      "    image: registry.example.com/genomics/bwa:0.7.17",
      "    commandSet:",
      `    - bwa mem -t 4 /ref/hg38.fa /data/sample-${i}_R1.fq.gz /data/sample-${i}_R2.fq.gz > /tmp/out/${i}.sam`,
      `    - "samtools sort -o /tmp/out/${i}.bam /tmp/out/${i}.sam"`,
    )
    const targets = new Set<number>()
    for (let k = Math.min(i, 1 + random.below(3)); k > 0; k--) {
      targets.add(Math.max(0, i - 1 - random.below(50)))
    }
    lines.push(targets.size > 0 ? "    dependents:" : "    dependents: []")
    for (const target of targets) lines.push(`    - target: task-${target}`, "      type: whole")
  }
  return `${lines.join("\n")}\n`
}
