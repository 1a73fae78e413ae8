/** Tasks in few words: a command, several, or a task's own fields; `after` names what it waits for. */
export type Tasks = Readonly<Record<string, string | readonly string[] | TaskFields>>

export interface TaskFields {
  readonly [field: string]: unknown
  readonly run?: string | readonly string[]
  /** Task names; a name that begins with `=` is waited for step by step. */
  readonly after?: string | readonly string[]
  readonly jobTemplate?: JobTemplate
}

interface JobTemplate {
  readonly spec?: {
    readonly template?: { readonly spec?: object; readonly [field: string]: unknown }
    readonly [field: string]: unknown
  }
  readonly [field: string]: unknown
}

/** Waits until a test opens it, so that what happens meanwhile does not depend on time. */
export const gate = "until [ -e /tmp/open ]; do sleep 0.1; done"

/** The tasks of a spec, with pods that do not take 30 seconds to be stopped. */
export function readTasks(tasks: Tasks): readonly object[] {
  return Object.entries(tasks).map(([name, short]) => {
    const isCommands = typeof short === "string" || Array.isArray(short)
    const { run, after, jobTemplate, ...fields } = (
      isCommands ? { run: short } : short
    ) as TaskFields
    return {
      name,
      type: "Job",
      image: "busybox",
      ...(run === undefined ? {} : { commandSet: [run].flat() }),
      dependents: [after ?? []].flat().map(dependency),
      jobTemplate: quickToEnd(jobTemplate),
      ...fields,
    }
  })
}

function dependency(name: string): object {
  return name.startsWith("=")
    ? { target: name.slice(1), type: "iterate" }
    : { target: name, type: "whole" }
}

function quickToEnd(template: JobTemplate = {}): object {
  const { spec = {} } = template
  const pod = { terminationGracePeriodSeconds: 1, ...spec.template?.spec }
  return { ...template, spec: { ...spec, template: { ...spec.template, spec: pod } } }
}
