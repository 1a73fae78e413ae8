/**
 * A process is not ours any more: it was cancelled, or its time was up and somebody else may have it
 * now, or it was taken by the server. Nothing may be said about it; its Job is deleted.
 */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost"

  readonly why: "cancelled" | "lost"

  constructor(why: "cancelled" | "lost") {
    super(why === "cancelled" ? "The process was cancelled." : "The process is no longer ours.")
    this.why = why
  }
}
