// Bundles the viewer and the editor of diagrams into forms/static/dist (not in git; wheel and sdist carry it).
import { build } from 'esbuild';
import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const outdir = fileURLToPath(new URL('../static/dist', import.meta.url));
const fresh = fileURLToPath(new URL('node_modules/.build', import.meta.url));

await rm(fresh, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: { viewer: 'src/viewer.js', editor: 'src/editor.js' },
  outdir: fresh,
  bundle: true,
  format: 'iife',
  target: ['es2022'],
  minify: true,
  legalComments: 'linked',
  jsx: 'automatic',
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty', '.json': 'json' },
  assetNames: '[name]-[hash]',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' }
});
// Only a build that went through takes the place of the last one.
await rm(outdir, { recursive: true, force: true });
await rename(fresh, outdir);
