const prefix = "execution.kubegene.io/"

/** On a step's Job and on its pods. */
export const labels = {
  execution: `${prefix}execution`,
  task: `${prefix}task`,
  index: `${prefix}index`,
  attempt: `${prefix}attempt`,
  stepHash: `${prefix}step-hash`,
  /** On the Job only: Kubernetes puts the Job's own uid under this key on the pods. */
  controllerUid: "controller-uid",
  /** On a ConfigMap: it keeps the run of this name. */
  record: `${prefix}record`,
} as const

export const annotations = {
  /** On a Job: tells which template it was made from. */
  templateHash: `${prefix}template-hash`,
  /** On an Execution: `early` or `complete`, see release.ts. */
  start: `${prefix}start`,
  /** On an Execution: who may drive it. */
  driver: `${prefix}driver`,
  /** On an Execution: the file and the text it was made from. */
  source: `${prefix}source`,
  /** On an Execution that moves files: where from. Its Secret and its ConfigMap go at its end. */
  files: `${prefix}files`,
  /** On such an Execution: the uids of that Secret and that ConfigMap, by kind. No others are deleted. */
  filesObjects: `${prefix}files-objects`,
  retry: `${prefix}retry`,
  suspend: `${prefix}suspend`,
  resume: `${prefix}resume`,
  stop: `${prefix}stop`,
  /** On a ConfigMap that keeps a run: of the spec it was created with. */
  specHash: `${prefix}spec-hash`,
  /** On a ConfigMap that keeps a run: when somebody asked for its deletion. */
  deleted: `${prefix}deleted`,
} as const
