// The name that a plugin's package gives itself: read from chartwire.json in the gzipped tar, which the server then checks.

const BLOCK = 512;
/** Of the header of a file in a tar (POSIX ustar): where each field is, and how long. */
const NAME = [0, 100] as const;
const SIZE = [124, 12] as const;

/** Undefined when it is no package, or has no name. */
export async function packageName(file: Blob): Promise<string | undefined> {
  try {
    const tar = new Uint8Array(
      await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer(),
    );
    const manifest: unknown = JSON.parse(manifestOf(tar) ?? 'null');
    const named = typeof manifest === 'object' && manifest !== null && 'name' in manifest ? manifest.name : undefined;
    return typeof named === 'string' && /^[a-z][a-z0-9-]*$/.test(named) ? named : undefined;
  } catch {
    return undefined;
  }
}

/** Its text, at the top of the tar or of the one folder in it. */
function manifestOf(tar: Uint8Array): string | undefined {
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = textAt(tar, at, NAME);
    const size = Number.parseInt(textAt(tar, at, SIZE) || '0', 8);
    const start = at + BLOCK;
    if (/^(?:\.\/)?(?:[^/]+\/)?chartwire\.json$/.test(name)) {
      return new TextDecoder().decode(tar.subarray(start, start + size));
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

function textAt(tar: Uint8Array, at: number, [offset, length]: readonly [number, number]): string {
  const [text = ''] = new TextDecoder().decode(tar.subarray(at + offset, at + offset + length)).split('\0');
  return text.trim();
}
