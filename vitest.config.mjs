import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: [
      "{core,schemas,server,engine,colonies,client,media,cli,bench}/**/*.test.ts",
      "test/*.test.ts",
      "test/support/**/*.test.ts",
    ],
    passWithNoTests: false,
    reporters: ["default"],
  },
})
