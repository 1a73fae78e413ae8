import type { StepGraph } from "#core/spec/stepGraph"

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

/** Command of the lens "Run"; its arguments are the document's uri and the workflow's index in it. */
export const runCommand = "kubeExecutions.run"

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
