/** What an app pays for the client: bundles for browsers, as a build tool makes them from the sources. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** What apps may write. React is the app's own. */
export const SAMPLES = {
  'everything (createNova)': `export { createNova } from '@nova/client';`,
  'two operations (createTransport, bindOperation)': `
    import { bindOperation, createTransport } from '@nova/client';
    import { followUser, getUser } from '@nova/client/operations';
    const transport = createTransport({ baseUrl: location.origin });
    export const follow = bindOperation(transport, followUser);
    export const user = bindOperation(transport, getUser);`,
  'the hooks alone': `export * from '@nova/client/react';`,
  'an error': `export { isNovaError } from '@nova/client';`,
};

const ENTRIES = new Map([
  ['@nova/client', 'index.ts'],
  ['@nova/client/operations', 'generated/operations.ts'],
  ['@nova/client/react', 'react/index.ts'],
]);

/**
 * @param {string} code of an app
 * @returns {Promise<{ code: string, imports: readonly string[], bytes: number, gzipped: number }>} imports: what the
 *   bundle still asks for
 */
export async function bundle(code) {
  const build = await rolldown({
    input: 'app.js',
    platform: 'browser',
    external: ['react'],
    // What is not found is a built-in module of Node, or a dependency: reported by `imports`.
    logLevel: 'silent',
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === 'app.js' ? id : ENTRIES.has(id) ? `${source}${ENTRIES.get(id)}` : null),
        load: (id) => (id === 'app.js' ? code : null),
      },
    ],
  });
  try {
    const { output } = await build.generate({ format: 'esm', minify: true });
    const [chunk] = output;
    const text = output.map((file) => ('code' in file ? file.code : '')).join('');
    return { code: text, imports: chunk.imports, bytes: Buffer.byteLength(text), gzipped: gzipSync(text).length };
  } finally {
    await build.close();
  }
}
