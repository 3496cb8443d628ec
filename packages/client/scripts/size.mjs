/** `npm run size -w packages/client` prints what the client adds to an app, minified and gzipped. */
import { bundle, SAMPLES } from './bundle.mjs';

for (const [name, code] of Object.entries(SAMPLES)) {
  const { bytes, gzipped } = await bundle(code);
  console.log(`${String(bytes).padStart(7)} bytes, ${String(gzipped).padStart(6)} gzipped: ${name}`);
}
