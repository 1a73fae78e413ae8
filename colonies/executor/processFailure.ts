/** Why a process cannot be carried to its end: it is closed as failed with this. */
export class ProcessFailure extends Error {
  override readonly name = "ProcessFailure"

  /** What was being done. */
  readonly context: string

  constructor(error: string, context: string) {
    super(error)
    this.context = context
  }
}
