import type { StepGraph } from "#core/spec/stepGraph"
import type { Picture } from "#core/view/picture"

/** What the client may ask for when it starts the server. */
export interface InitializationOptions {
  /** Sends the lenses that only a client with our commands can run. */
  readonly lenses?: boolean
}

/** The steps of a document and what each waits for. Answers null when there is no such document. */
export const graphRequest = "kubeExecutions/graph"

export interface GraphParams {
  readonly uri: string
  /** Which of the file's workflows, from zero. */
  readonly index?: number
}

export type GraphResult = StepGraph | null

/** A workflow as a panel draws it, of text that may be half typed. Takes `GraphParams`. */
export const pictureRequest = "kubeExecutions/picture"

/** Null when there is no such workflow. */
export type PictureResult = {
  readonly picture: Picture
  /** The first line that cannot be read, from zero; null: all of them can. */
  readonly broken: number | null
} | null

/** Command of the lens "Run"; its arguments are the document's uri and the workflow's index in it. */
export const runCommand = "kubeExecutions.run"
