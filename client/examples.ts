import { l10n } from "vscode"

/** The files in media/examples, in the order to read them. */
const examples = ["hello.yaml", "with-a-mistake.yaml", "fan-out.yaml", "function.json"] as const

export type Example = (typeof examples)[number]

export function isExample(value: unknown): value is Example {
  return examples.some((name) => name === value)
}

export function exampleTitles(): Readonly<
  Record<Example, { readonly title: string; readonly detail: string }>
> {
  return {
    "hello.yaml": {
      title: l10n.t("Four tasks"),
      detail: l10n.t("Two that run side by side, between a first and a last one"),
    },
    "with-a-mistake.yaml": {
      title: l10n.t("A mistake"),
      detail: l10n.t("Tasks that wait for each other; mend it with a quick fix"),
    },
    "fan-out.yaml": {
      title: l10n.t("Many steps"),
      detail: l10n.t("Twelve Jobs from one line, each followed by its own next step"),
    },
    "function.json": {
      title: l10n.t("A Colonies function"),
      detail: l10n.t("The same kind of work as a function spec in JSON"),
    },
  }
}
