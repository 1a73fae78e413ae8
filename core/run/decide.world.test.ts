import { describe, expect, test } from "vitest"
import { randomNumbers } from "../graph/randomNumbers.ts"
import type { Plan } from "../plan/plan.ts"
import { runSummary } from "../view/runSummary.ts"
import { decide } from "./decide.ts"
import { planOf } from "./run.fixture.ts"
import { wishAnnotation } from "./wishes.ts"
import { World } from "./world.fixture.ts"

const seeds = Array.from({ length: 100 }, (_, index) => index + 1)

describe("in a world of lost, late and doubled news, with drivers that die at any moment", () => {
  test.each(seeds)("a run without failures does every step once and succeeds (%i)", (seed) => {
    const random = randomNumbers(seed)
    const plan = randomPlan(random)
    const world = new World(plan, random, { faults: { crash: 0.02 }, prints: () => "x y" })
    world.runToEnd()
    expect([world.status.phase, world.status.message]).toEqual([
      "Succeeded",
      "execution has run successfully",
    ])
    const phases = new Set([...world.status.vertices.values()].map((vertex) => vertex.phase))
    expect([...phases].filter((phase) => phase !== "Succeeded" && phase !== "Skipped")).toEqual([])
    expect(new Set(world.created).size).toBe(world.created.length)
    for (const task of plan.tasks) {
      for (const step of task.steps ?? []) {
        expect(world.status.vertices.get(step.vertex)?.phase).toMatch(/Succeeded|Skipped/)
      }
    }
  })

  test.each(seeds)(
    "a run with failures ends Failed and tells the truth of each step (%i)",
    (seed) => {
      const random = randomNumbers(seed + 1000)
      const plan = randomPlan(random)
      const bad = new Set(
        plan.tasks
          .flatMap((task) => (task.steps ?? []).map((step) => step.id))
          .filter(() => random() < 0.15),
      )
      const world = new World(plan, random, {
        faults: { crash: 0.02, jobDeleted: 0.01 },
        endsWell: (step) => !bad.has(step),
        prints: () => "x y",
      })
      world.runToEnd()
      const vertices = [...world.status.vertices.values()]
      const failed = vertices.filter((vertex) => vertex.phase === "Failed")
      expect(world.status.phase).toBe(failed.length > 0 ? "Failed" : "Succeeded")
      expect(vertices.filter((vertex) => vertex.phase === "Running")).toEqual([])
      for (const vertex of failed) expect(vertex.message).not.toBe("")
      for (const job of world.jobs.values()) expect(job.end).toBeDefined()
    },
  )

  test.each(seeds)("a release that does not hold takes what followed with it (%i)", (seed) => {
    const random = randomNumbers(seed + 2000)
    const plan = randomPlan(random)
    const world = new World(plan, random, {
      faults: { crash: 0.01, evictedAfterEnd: 0.1 },
      prints: () => "x y",
    })
    world.runToEnd()
    expect(world.status.phase).toBe(hasBroken(world) ? "Failed" : "Succeeded")
    for (const job of world.jobs.values()) expect(job.end).toBeDefined()
  })

  test.each(seeds)("what is remembered between two looks changes no decision (%i)", (seed) => {
    const random = randomNumbers(seed + 6000)
    const plan = randomPlan(random)
    const world = new World(plan, random, {
      faults: { crash: 0.005, jobDeleted: 0.005, evictedAfterEnd: 0.05 },
      endsWell: () => random() < 0.9,
      prints: () => "x y",
      onDecision: (observed, decision, now) => {
        const status = { ...observed.status }
        const afresh = decide({ ...plan }, { ...observed, status }, now)
        expect(decision).toEqual(afresh)
        const shown = runSummary(plan, observed)
        expect(shown).toEqual(runSummary({ ...plan }, { ...observed, status: { ...status } }))
      },
    })
    world.runToEnd()
  })

  test.each(seeds.slice(0, 60))("a stop at any moment leaves nothing that runs (%i)", (seed) => {
    const random = randomNumbers(seed + 3000)
    const plan = randomPlan(random)
    const world = new World(plan, random, { faults: { crash: 0.02 }, prints: () => "x y" })
    const moves = Math.floor(random() * 120)
    for (let move = 0; move < moves && !world.isOver; move++) world.move()
    wish(world, "stop", "w1")
    world.runToEnd()
    expect(world.status.phase).toMatch(/Failed|Succeeded/)
    for (const job of world.jobs.values()) expect(job.end).toBeDefined()
    const running = [...world.status.vertices.values()].filter((one) => one.phase === "Running")
    expect(running).toEqual([])
  })

  test.each(seeds.slice(0, 60))(
    "a retry after each failure brings the run to a good end (%i)",
    (seed) => {
      const random = randomNumbers(seed + 4000)
      const plan = randomPlan(random)
      const fails = new Map<string, number>()
      for (const step of plan.tasks.flatMap((task) => task.steps ?? [])) {
        fails.set(step.id, random() < 0.15 ? 1 + Math.floor(random() * 2) : 0)
      }
      const world = new World(plan, random, {
        faults: { crash: 0.01 },
        endsWell: (step, attempt) => attempt > (fails.get(step) ?? 0),
        prints: () => "x y",
      })
      for (let round = 0; round < 40; round++) {
        world.runToEnd()
        if (world.status.phase === "Succeeded") break
        wish(world, "retry", `r${round}`)
        for (let move = 0; world.isOver && move < 5000; move++) world.move()
      }
      expect(world.status.phase).toBe("Succeeded")
      for (const step of plan.tasks.flatMap((task) => task.steps ?? [])) {
        expect(world.status.vertices.get(step.vertex)?.phase).toMatch(/Succeeded|Skipped/)
      }
    },
  )

  test.each(seeds.slice(0, 60))(
    "a run that resumes another one does only what is left (%i)",
    (seed) => {
      const random = randomNumbers(seed + 5000)
      const tasks = randomTasks(random)
      const plan = planOf(tasks)
      const bad = new Set(
        plan.tasks
          .flatMap((task) => (task.steps ?? []).map((step) => step.id))
          .filter(() => random() < 0.2),
      )
      const prints = () => "x y"
      const first = new World(plan, random, { endsWell: (step) => !bad.has(step), prints })
      first.runToEnd()
      const next = planOf(tasks, { resumeFrom: { name: "e" } }, { name: "e-2" })
      const second = new World(next, random, { faults: { crash: 0.02 }, prints })
      second.earlier = { kind: "found", spec: plan.execution.spec, status: first.status }
      second.runToEnd()
      expect(second.status.phase).toBe("Succeeded")
      const succeeded = [...first.status.vertices].filter(([, one]) => one.phase === "Succeeded")
      const again = succeeded.map(([id]) => id.replace(/^e\./, "e-2."))
      expect(second.created.filter((job) => again.includes(job))).toEqual([])
    },
  )
})

function hasBroken(world: World): boolean {
  return [...world.status.vertices.values()].some(
    (one) => one.phase === "Failed" || one.phase === "Stopped",
  )
}

function wish(world: World, kind: "stop" | "retry", id: string): void {
  const [key, value] = wishAnnotation({ kind, id, by: "anna", at: "", steps: [] })
  world.annotations = { ...world.annotations, [key]: value }
}

/** Up to 8 tasks with static, iterating, conditional and result-driven ones among them. */
function randomTasks(random: () => number): Tasks {
  const pick = (most: number) => Math.floor(random() * most)
  const tasks: Tasks = {}
  const sizes: number[] = []
  const count = 1 + pick(8)
  for (let index = 0; index < count; index++) {
    const before = Array.from({ length: index }, (_, one) => one).filter(() => random() < 0.35)
    let size = random() < 0.5 ? 1 : 1 + pick(5)
    const iterated = before.find((one) => (sizes[one] ?? 0) > 0 && random() < 0.4)
    if (iterated !== undefined) size = sizes[iterated] ?? 1
    const source = before.find((one) => sizes[one] === 1)
    const dependents = before.map((one) => ({
      target: `t${one}`,
      type: one === iterated && one !== source ? "iterate" : "whole",
    }))
    const task: Record<string, unknown> = {
      commandSet: Array.from({ length: size }, (_, one) => `run ${one}`),
      dependents,
      ...(random() < 0.2 ? { parallelism: 1 + pick(3) } : {}),
    }
    sizes.push(size)
    const iterates = dependents.some((one) => one.type === "iterate")
    if (source !== undefined && !iterates && random() < 0.4) {
      delete task.commandSet
      task.commandsIter = {
        command: "do ${1} ${2}",
        varsIter: [
          ["get_result", `t${source}`, " "],
          [1, 2],
        ],
      }
      sizes[index] = 0
    } else if (source !== undefined && random() < 0.4) {
      task.condition = { condition: ["check_result", `t${source}`, random() < 0.5 ? "x y" : "z"] }
    }
    if (random() < 0.1) task.condition = { condition: [random() < 0.5] }
    tasks[`t${index}`] = task
  }
  return tasks
}

type Tasks = Record<string, Record<string, unknown>>

function randomPlan(random: () => number): Plan {
  const tasks = randomTasks(random)
  const parallelism = random() < 0.4 ? { parallelism: 1 + Math.floor(random() * 4) } : {}
  const start = random() < 0.3 ? "complete" : "early"
  return planOf(tasks, parallelism, {
    annotations: { "execution.kubegene.io/start": start },
  })
}
