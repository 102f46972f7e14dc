// Bundles the viewer and the editor of diagrams into forms/static/dist (not in git; wheel and sdist carry it).
import { build } from 'esbuild';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const outdir = fileURLToPath(new URL('../static/dist', import.meta.url));
const fresh = fileURLToPath(new URL('node_modules/.build', import.meta.url));

// Several fields of the properties panel forget to pass the translation on and fall back to English; we are the fallback.
const PANEL = /@bpmn-io\/properties-panel\/dist\/index\.esm\.js$/;
const FALLBACK = 'function translateFallback(template, replacements) {';
const translatedPanel = {
  name: 'translated-panel',
  setup({ onLoad }) {
    onLoad({ filter: PANEL }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes(FALLBACK)) {
        throw new Error(`${path} has no "${FALLBACK}" any more: find out how its texts are translated now.`);
      }
      const ours = `${FALLBACK} if (globalThis.stegvisTranslate) return globalThis.stegvisTranslate(template, replacements);`;
      return { contents: source.replace(FALLBACK, ours), loader: 'js' };
    });
  }
};

await rm(fresh, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { viewer: 'src/viewer.js', editor: 'src/editor.js' },
  outdir: fresh,
  bundle: true,
  format: 'iife',
  target: ['es2022'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  plugins: [translatedPanel],
  jsx: 'automatic',
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty', '.json': 'json' },
  assetNames: '[name]-[hash]',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' }
});
await writeFile(join(fresh, 'LICENSES.txt'), await licences(Object.keys(metafile.inputs)));
// Only a build that went through takes the place of the last one.
await rm(outdir, { recursive: true, force: true });
await rename(fresh, outdir);

// The licence of every package that went into the bundles: most ask that it travels with each copy.
async function licences(inputs) {
  const folders = new Set(inputs.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
  const texts = await Promise.all([...folders].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(here, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(here, folder))).find((each) => /^licen[sc]e/i.test(each));
    const text = file ? await readFile(join(here, folder, file), 'utf8') : '';
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  }));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
