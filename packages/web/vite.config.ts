import { defineConfig } from 'vite';

/** Where `npm start` serves the API that `npm run dev` passes calls on to. */
const API = 'http://127.0.0.1:4000';

export default defineConfig({
  build: {
    outDir: 'dist/app',
    // The browsers of the last two and a half years; what they lack is added by nobody.
    target: 'es2022',
    // Kept out of the page: the policy of the server allows files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': API } },
});
