/**
 * Who a controller is to other drivers. All replicas of one installation have one id; one for every
 * namespace and one for a single namespace are two, and would fight over the Lease of one name.
 */
export function controllerId(home: string, isForAll: boolean): string {
  return isForAll ? `kube-executions-controller.${home}` : "kube-executions-controller"
}
