/** Node fires a timer that is set for longer at once. Who waits longer looks again then. */
export const longestTimerMs = 2 ** 31 - 1
