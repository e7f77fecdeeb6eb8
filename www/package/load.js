/** Fetches and compiles the module that lies beside this file. */
export async function loadModule() {
  const response = await fetch(new URL('./smime_wasm_bg.wasm', import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  // Compiling while it arrives needs the right type, which many servers don't know.
  return response.headers.get('Content-Type')?.startsWith('application/wasm')
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** What mozilla-roots.json, which lies there too, holds. */
export async function loadRoots() {
  const response = await fetch(new URL('./mozilla-roots.json', import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return response.json();
}
