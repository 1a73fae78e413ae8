import type { Fault } from "../fault.mts"
import { hour } from "./hour.mts"
import { networkFaults } from "./network.mts"
import { restart } from "./restart.mts"
import { viewFaults } from "./views.mts"
import { worldFaults } from "./world.mts"

/**
 * Where each fault is that a cluster, a network or a machine has for an engine:
 *
 * | fault                                    | where                                                       |
 * | ---------------------------------------- | ----------------------------------------------------------- |
 * | 410, compaction, stale lists             | views: answers of a proxy, and etcd's own                    |
 * | 429, 5xx, reply lost, half-open, cuts    | network: a proxy                                             |
 * | API server restart                       | restart: the real one; network: as a client sees it          |
 * | etcd full, leader lost                   | network: the API server tells of them by 5xx                  |
 * | 409, quota, webhook, admission, RBAC     | world: the real API server                                   |
 * | namespace deleted, Job deleted by hand   | world: the real API server                                   |
 * | SIGSTOP for an hour                      | hour: the real process, its clocks and timers injected       |
 * | two drivers at once, and killed          | chaos, on real pods                                          |
 * | image, node, volume, memory, eviction    | no client sees a difference to any pod that fails or waits:   |
 * |                                          | engineFailures.test.mts has their reasons                    |
 * | token expiry, login plug-ins             | before and after a write are one to a login, which is asked   |
 * |                                          | for at a request's start: engineLogin.test.mts               |
 * | clock skew                               | claims count the observer's own time (claims.test.ts); beside |
 * |                                          | that a clock that is wrong costs at most the better sentence  |
 *
 * Every fault is played at every moment: before and after a Job's creation, before and after a status write.
 */
export const faults: readonly Fault[] = [
  ...viewFaults,
  ...networkFaults,
  ...worldFaults,
  hour,
  restart,
]
