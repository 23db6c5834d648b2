import { defineConfig } from 'vitest/config';

const common = { testTimeout: 30_000, hookTimeout: 180_000, pool: 'forks' as const };

// Pseudo-terminals and clusters compete for the machine with themselves and with everything else: one file at a time,
// and only when the rest is done.
const alone = {
  fileParallelism: false,
  testTimeout: 600_000,
  hookTimeout: 600_000,
  pool: 'forks' as const,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/pty/**', 'test/cluster/**', 'test/**/*-cluster.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...alone,
          name: 'terminal',
          include: ['test/pty/**/*.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...alone,
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts', 'test/**/*-cluster.test.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
