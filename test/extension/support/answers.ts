import {
  type InputBoxOptions,
  type OpenDialogOptions,
  type QuickPickItem,
  type SaveDialogOptions,
  Uri,
  window,
} from "vscode"

/** What a person would answer, in the order in which they are asked. */
export interface Answer {
  /** In the title or the message of the question. */
  readonly asked: string | RegExp
  /** The label of a button, a part of an item's label and description, what is typed, or a path. */
  readonly answer: string | undefined
  /** Whether it is asked depends on the machine. */
  readonly isOptional?: true
}

/** What was asked and not answered: a test that meets it fails with these words. */
export class Unanswered extends Error {}

/**
 * Answers questions in place of a person while the work goes on. Dialogs cannot be shown to a test;
 * picks are answered by what they offer, so one that lacks the item fails. `told` takes the
 * sentences that ask nothing.
 */
export async function answering<T>(
  answers: readonly Answer[],
  work: () => PromiseLike<T>,
  told: string[] = [],
): Promise<T> {
  const left = [...answers]
  const take = (asked: string): string | undefined => {
    while (left[0]?.isOptional && !fits(left[0], asked)) left.shift()
    const next = left.shift()
    if (!next || !fits(next, asked)) {
      throw new Unanswered(`asked: ${asked}; expected: ${next?.asked ?? "nothing more"}`)
    }
    return next.answer
  }
  const originals = {
    showQuickPick: window.showQuickPick,
    showInputBox: window.showInputBox,
    showInformationMessage: window.showInformationMessage,
    showWarningMessage: window.showWarningMessage,
    showErrorMessage: window.showErrorMessage,
    showSaveDialog: window.showSaveDialog,
    showOpenDialog: window.showOpenDialog,
  }
  const message = async (text: string, ...rest: readonly unknown[]) => {
    const buttons = rest.filter((one) => typeof one === "string" || hasTitle(one))
    // A sentence without a button asks nothing.
    if (buttons.length === 0) {
      told.push(text)
      return undefined
    }
    const answer = take([text, ...rest.map(detailOf)].join("\n"))
    if (answer === undefined) return undefined
    const button = buttons.find((one) => (hasTitle(one) ? one.title : one) === answer)
    if (button === undefined) throw new Unanswered(`"${text}" has no button "${answer}"`)
    return button
  }
  const fakes = {
    showQuickPick: async (
      offered:
        | readonly (QuickPickItem | string)[]
        | PromiseLike<readonly (QuickPickItem | string)[]>,
      options?: { readonly title?: string },
    ) => {
      const items = await offered
      const answer = take(options?.title ?? "")
      if (answer === undefined) return undefined
      const labelOf = (item: QuickPickItem | string) =>
        typeof item === "string" ? item : `${item.label} ${item.description ?? ""}`
      const item = items.find((one) => labelOf(one).includes(answer))
      if (item === undefined) {
        throw new Unanswered(`no "${answer}" among: ${items.map(labelOf).join(", ")}`)
      }
      return item
    },
    showInputBox: async (options?: InputBoxOptions) =>
      take([options?.title, options?.prompt, options?.value].filter(Boolean).join(" ")),
    showSaveDialog: async (options?: SaveDialogOptions) => fileOf(take(options?.title ?? "")),
    showOpenDialog: async (options?: OpenDialogOptions) => {
      const file = fileOf(take(options?.title ?? ""))
      return file && [file]
    },
    showInformationMessage: message,
    showWarningMessage: message,
    showErrorMessage: message,
  }
  Object.assign(window, fakes)
  try {
    const result = await work()
    const never = left.find(({ isOptional }) => !isOptional)
    if (never) throw new Unanswered(`never asked: ${never.asked}`)
    return result
  } finally {
    Object.assign(window, originals)
  }
}

function fits({ asked: wanted }: Answer, asked: string): boolean {
  return typeof wanted === "string" ? asked.includes(wanted) : wanted.test(asked)
}

/** What a question says below its first line. */
function detailOf(value: unknown): string {
  const { detail } = (value ?? {}) as { readonly detail?: unknown }
  return typeof detail === "string" ? detail : ""
}

function hasTitle(value: unknown): value is { readonly title: string } {
  return typeof value === "object" && value !== null && "title" in value
}

function fileOf(path: string | undefined): Uri | undefined {
  return path === undefined ? undefined : Uri.file(path)
}
