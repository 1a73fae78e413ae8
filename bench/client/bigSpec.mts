/** Ten tasks of a thousand commands each, written out: each failed step has a line of its own. */
export function bigSpec(tasks: number, stepsEach: number): string {
  const task = (name: string) =>
    [
      `    - name: ${name}`,
      "      type: Job",
      "      image: busybox",
      "      commandSet:",
      ...Array.from({ length: stepsEach }, (_, index) => `        - ${commandOf(index)}`),
    ].join("\n")
  return `apiVersion: execution.kubegene.io/v1alpha1
kind: Execution
metadata:
  name: big
spec:
  tasks:
${Array.from({ length: tasks }, (_, index) => task(taskName(index))).join("\n")}
`
}

export function taskName(index: number): string {
  return `task${index}`
}

export function commandOf(index: number): string {
  return `work on part ${index}`
}
