import { type QuickPickItem, window } from "vscode"

/** What a person would answer, in the order in which they are asked. */
export interface Answer {
  /** In the title or the message of the question. */
  readonly asked: string
  /** The label of a button, a part of the label of an item, or what is typed. */
  readonly answer: string | undefined
}

/** What was asked and not answered: a test that meets it fails with these words. */
export class Unanswered extends Error {}

/**
 * Answers questions in place of a person while the work goes on. Dialogs cannot be shown to a test;
 * picks are answered by what they offer, so one that lacks the item fails.
 */
export async function answering<T>(
  answers: readonly Answer[],
  work: () => PromiseLike<T>,
): Promise<T> {
  const left = [...answers]
  const take = (asked: string): string | undefined => {
    const next = left.shift()
    if (!next || !asked.includes(next.asked)) {
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
  }
  const message = async (text: string, ...rest: readonly unknown[]) => {
    const buttons = rest.filter((one) => typeof one === "string" || hasTitle(one))
    // A sentence without a button asks nothing.
    if (buttons.length === 0) return undefined
    const answer = take(text)
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
        typeof item === "string" ? item : item.label
      const item = items.find((one) => labelOf(one).includes(answer))
      if (item === undefined) {
        throw new Unanswered(`no "${answer}" among: ${items.map(labelOf).join(", ")}`)
      }
      return item
    },
    showInputBox: async (options?: { readonly title?: string; readonly prompt?: string }) =>
      take(`${options?.title ?? ""} ${options?.prompt ?? ""}`),
    showInformationMessage: message,
    showWarningMessage: message,
    showErrorMessage: message,
  }
  Object.assign(window, fakes)
  try {
    const result = await work()
    if (left.length > 0) throw new Unanswered(`never asked: ${left[0]?.asked}`)
    return result
  } finally {
    Object.assign(window, originals)
  }
}

function hasTitle(value: unknown): value is { readonly title: string } {
  return typeof value === "object" && value !== null && "title" in value
}
