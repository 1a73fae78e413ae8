import type { StepGraph } from "#core/spec/stepGraph"
import type { Picture } from "#core/view/picture"
import type { Dialect } from "#core/workflow"

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

/** Command of the lens that counts the mistakes; its arguments are those of `runCommand`. */
export const firstErrorCommand = "kubeExecutions.goToFirstError"

/** What a client needs to know of a file to run it and to show a run beside its text. */
export const specRequest = "kubeExecutions/spec"

export interface SpecParams {
  readonly uri: string
}

/** Null when the file is not open. */
export type SpecResult = SpecPicture | null

export interface SpecPicture {
  readonly version: number
  readonly workflows: readonly WorkflowPicture[]
}

/** One of the file's workflows. Lines and characters count from zero. */
export interface WorkflowPicture {
  readonly dialect: Dialect
  /** As the spec has it; undefined when it names none. */
  readonly name: string | undefined
  readonly firstLine: number
  readonly lastLine: number
  /** The number of Jobs as far as the text tells; `orMore` when some are only known later. */
  readonly jobs: number
  readonly orMore: boolean
  readonly errors: number
  readonly firstError: Place | undefined
  /** Of the workflow's whole text. */
  readonly hash: string
  readonly tasks: readonly TaskPicture[]
}

export interface TaskPicture {
  /** As the run calls it. */
  readonly name: string
  readonly firstLine: number
  readonly lastLine: number
  /** Where its name stands. */
  readonly nameLine: number
  /** Of what the task says: white space around it does not count. */
  readonly hash: string
}

export interface Place {
  readonly line: number
  readonly character: number
}

/** Where in the text the fields stand that made steps fail or wait. */
export const causesRequest = "kubeExecutions/causes"

export interface CausesParams {
  readonly uri: string
  readonly index: number
  readonly wanted: readonly WantedCause[]
}

export interface WantedCause {
  readonly task: string
  readonly step: number
  /** A field as the engine's reasons name it; undefined: the task itself. */
  readonly field: string | undefined
}

/** For each cause that was asked for, in that order; null where its task is not in the text. */
export type CausesResult = readonly (Cause | null)[]

export interface Cause {
  readonly start: Place
  readonly end: Place
  /** The value as it is written there. */
  readonly text: string
  /** Where the command of the step stands. */
  readonly command: { readonly start: Place; readonly end: Place } | undefined
}

/** The inputs of a genectl workflow, and what is wrong with values that were typed for them. */
export const inputsRequest = "kubeExecutions/inputs"

export interface InputsParams {
  readonly uri: string
  readonly index: number
  /** By the input's name, as a person typed them. */
  readonly typed: Readonly<Record<string, string>>
  readonly tools?: Readonly<Record<string, string>>
}

export type InputsResult = readonly InputPicture[]

export interface InputPicture {
  readonly name: string
  readonly type: "string" | "number" | "bool" | "array"
  /** The value that the text gives, as it would be typed; undefined when it gives none. */
  readonly own: string | undefined
  /** What the typed text, else the text of the spec, means. */
  readonly value: unknown
  /** What is wrong with it. */
  readonly problem: string | undefined
}

/** The images that tool files give to the tools of genectl workflows. */
export const toolsRequest = "kubeExecutions/tools"

export interface ToolsParams {
  readonly files: readonly { readonly path: string; readonly text: string }[]
  /** The spec that names them. */
  readonly uri: string
}

export interface ToolsResult {
  /** Images by `name:version`. */
  readonly tools: Readonly<Record<string, string>>
  /** Likewise, of the folders near the spec: those that completion offers and links lead to. */
  readonly near: Readonly<Record<string, string>>
  /** Sentences about files that cannot be used. */
  readonly faults: readonly string[]
}

/** The Jobs that a run of the workflow would create, as one YAML text. */
export const planRequest = "kubeExecutions/plan"

export interface PlanParams {
  readonly uri: string
  readonly index: number
  readonly name?: string
  readonly namespace?: string
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly tools?: Readonly<Record<string, string>>
  readonly claim?: string
  readonly until?: readonly string[]
}

/** Null when there is no such workflow. */
export type PlanResult =
  | {
      readonly kind: "plan"
      readonly text: string
      readonly jobs: readonly {
        readonly task: string
        readonly step: number
        readonly firstLine: number
        readonly lastLine: number
      }[]
    }
  | { readonly kind: "refused"; readonly reason: string }
  | null

/** The definition of Executions, as it would be installed. Answers YAML. */
export const definitionRequest = "kubeExecutions/definition"
/** Command of the lens "Graph"; its arguments are those of `runCommand`. */
export const showGraphCommand = "kubeExecutions.showGraph"

/** Command of the lens "Plan"; its arguments are those of `runCommand`. */
export const showPlanCommand = "kubeExecutions.showPlan"

/**
 * From the client whenever it knows better: what is called how where runs go now. The server keeps
 * the last one and never asks, so completion waits for no cluster. Lists that are not known, or may
 * not be read, are empty.
 */
export const clusterNamesNotification = "kubeExecutions/clusterNames"

export interface ClusterNames {
  /** PersistentVolumeClaims of the namespace. */
  readonly claims: readonly string[]
  readonly storageClasses: readonly string[]
  readonly serviceAccounts: readonly string[]
  /** Names of Secrets; never what is in them. */
  readonly secrets: readonly string[]
  /** Images that pods of the namespace run. */
  readonly images: readonly string[]
}
