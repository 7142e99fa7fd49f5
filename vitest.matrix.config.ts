import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/matrix/*.matrix.ts'], reporters: ['default'], disableConsoleIntercept: true },
});
