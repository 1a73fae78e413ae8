import { type Disposable, l10n, QuickInputButtons, window } from "vscode"
import type { InputPicture, InputsParams, InputsResult } from "#server/protocol"
import { inputsRequest } from "#server/protocol"
import type { CommandContext } from "../commands/command.ts"
import type { SpecTarget } from "./runnable.ts"

/** What was typed for the inputs of a genectl workflow, and what that means. */
export interface FilledInputs {
  readonly typed: Readonly<Record<string, string>>
  readonly pictures: readonly InputPicture[]
  /** Values that differ from the text's own. */
  readonly values: Readonly<Record<string, unknown>>
}

type Tools = Readonly<Record<string, string>>

/** The inputs as they were filled in last for this workflow. */
export async function lastInputs(
  context: CommandContext,
  target: SpecTarget,
  tools: Tools,
): Promise<FilledInputs> {
  if (target.workflow.dialect !== "gcs") return { typed: {}, pictures: [], values: {} }
  const typed = context.memory.get<Readonly<Record<string, string>>>(inputsKey(target)) ?? {}
  return judged(context, target, tools, typed)
}

/** Whether the workflow can only run when somebody says more. */
export function needsForm({ pictures }: FilledInputs): boolean {
  return pictures.some(({ value, problem }) => value === undefined || problem !== undefined)
}

/** Asks for one input after the other; undefined when the person gave up. */
export async function inputsForm(
  context: CommandContext,
  target: SpecTarget,
  tools: Tools,
): Promise<FilledInputs | undefined> {
  let filled = await lastInputs(context, target, tools)
  const steps = filled.pictures.length
  for (let step = 0; step < steps; ) {
    const picture = filled.pictures[step]
    if (!picture) break
    const others = filled.typed
    const answer = await askOne(picture, step, steps, async (text) => {
      const tried = await judged(context, target, tools, { ...others, [picture.name]: text })
      return tried.pictures[step]?.problem
    })
    if (answer.kind === "gone") return undefined
    if (answer.kind === "back") {
      step--
      continue
    }
    filled = await judged(context, target, tools, { ...others, [picture.name]: answer.text })
    step++
  }
  await context.memory.update(inputsKey(target), filled.typed)
  return filled
}

type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "back" }
  | { readonly kind: "gone" }

function askOne(
  picture: InputPicture,
  step: number,
  totalSteps: number,
  problemOf: (text: string) => Promise<string | undefined>,
): Promise<Answer> {
  const { name, type, own, value } = picture
  const box = window.createInputBox()
  box.title = l10n.t("Inputs")
  box.step = step + 1
  box.totalSteps = totalSteps
  box.prompt = l10n.t('"{name}" ({type})', { name, type: words[type] })
  box.placeholder = own ?? ""
  box.value = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value)
  box.ignoreFocusOut = true
  if (step > 0) box.buttons = [QuickInputButtons.Back]
  let asked = 0
  const validate = async (): Promise<string | undefined> => {
    const mine = ++asked
    const problem = await problemOf(box.value)
    if (mine === asked) box.validationMessage = problem
    return problem
  }
  const listeners: Disposable[] = []
  const answered = new Promise<Answer>((resolve) => {
    listeners.push(
      box.onDidChangeValue(() => void validate()),
      box.onDidTriggerButton(() => resolve({ kind: "back" })),
      box.onDidHide(() => resolve({ kind: "gone" })),
      box.onDidAccept(async () => {
        const text = box.value
        if ((await validate()) === undefined) resolve({ kind: "text", text })
      }),
    )
  })
  box.show()
  if (box.value !== "") void validate()
  return answered.finally(() => {
    for (const listener of listeners) listener.dispose()
    box.dispose()
  })
}

const words: Readonly<Record<InputPicture["type"], string>> = {
  string: "text",
  number: "number",
  bool: "true or false",
  array: "list",
}

async function judged(
  { language }: CommandContext,
  { document, index }: SpecTarget,
  tools: Tools,
  typed: Readonly<Record<string, string>>,
): Promise<FilledInputs> {
  const params: InputsParams = { uri: document.uri.toString(), index, typed, tools }
  const pictures = await language.request<InputsResult>(inputsRequest, params)
  const given = pictures.filter(({ name }) => Object.hasOwn(typed, name))
  return {
    // What the text does not ask for any more is forgotten.
    typed: Object.fromEntries(given.map(({ name }) => [name, typed[name] ?? ""])),
    pictures,
    values: Object.fromEntries(given.map(({ name, value }) => [name, value])),
  }
}

/** Under which what was typed is kept for the workflow. */
export function inputsKey({ document, index }: Pick<SpecTarget, "document" | "index">): string {
  return `inputs ${index} ${document.uri.toString()}`
}
