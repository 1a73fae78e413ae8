import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: [
      "{core,schemas,server,engine,colonies,client,media,cli,bench}/**/*.test.ts",
      "test/*.test.ts",
      "test/support/**/*.test.ts",
    ],
    passWithNoTests: false,
    // Ends what hangs. It is no measure of speed: machines differ, and share their processors.
    testTimeout: 60_000,
    reporters: ["default"],
  },
})
