import type { Fault } from "../fault.mts"
import { hour } from "./hour.mts"
import { networkFaults } from "./network.mts"
import { restart } from "./restart.mts"
import { viewFaults } from "./views.mts"
import { worldFaults } from "./world.mts"

/** Every fault is played at every moment: before and after a Job's creation, before and after a status write. */
export const faults: readonly Fault[] = [
  ...viewFaults,
  ...networkFaults,
  ...worldFaults,
  hour,
  restart,
]
