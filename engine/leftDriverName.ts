/** Of each object of a driver that somebody left in a namespace, of its Lease, and in its claims. */
export const leftDriverName = "kube-executions-left-driver"
