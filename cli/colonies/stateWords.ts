import type { ProcessState } from "#colonies/client/records"

/** As the Colonies tools name them. */
export const stateWords: Readonly<Record<ProcessState, string>> = {
  0: "Waiting",
  1: "Running",
  2: "Successful",
  3: "Failed",
  4: "Cancelled",
}
