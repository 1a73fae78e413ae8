/** KubeGene's own sentences, which tools may look for. */
export const runMessages = {
  running: "execution is running",
  succeeded: "execution has run successfully",
} as const

export const vertexMessages = { running: "vertex is running", succeeded: "success" } as const
