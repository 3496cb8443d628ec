import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const globalSetup = fileURLToPath(new URL('packages/server/src/testing/global-setup.ts', import.meta.url));

/**
 * Set by `npm run test:external`: run only the specs that need engines started outside the test run. Neither switch
 * is a `NOVA_*` variable, because a server that a test starts refuses those that it does not know.
 */
const external = process.env['TEST_EXTERNAL'] === '1';
/** Where to write a JSON report beside the readable one. */
const report = process.env['TEST_JSON_REPORT'];
const externalSpecs = 'acceptance/external/**/*.test.ts';

export default defineConfig({
  resolve: {
    // As Node resolves it for graphql-jit: Vite would take the ES modules, whose schemas are strangers to the compiler.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    include: external ? [externalSpecs] : ['packages/*/src/**/*.test.ts', 'acceptance/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(external ? [] : [externalSpecs])],
    // Starts one embedded PostgreSQL for the whole run. The external specs bring their engines and roles with them.
    ...(external || !existsSync(globalSetup) ? {} : { globalSetup }),
    // Forks, not threads: a file that leaks a socket or a child cannot hold up the next one.
    pool: 'forks',
    // Each file talks to its own database and some start servers: more workers than this starve one another.
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', 'packages/*/src/testing/**'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
