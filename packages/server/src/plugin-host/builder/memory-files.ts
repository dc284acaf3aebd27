// The compiler's only files: the plugin's, in memory. They replace Node's `fs` in the world of a Go program compiled to
// WebAssembly (syscall/fs_js.go), so no path can reach the machine's files.

/** By absolute path. */
export type Files = ReadonlyMap<string, Buffer>;

type Done = (error: { code: string } | null, value?: unknown) => void;
type Read = (...args: unknown[]) => void;

const FOLDER = 0o040555;
const FILE = 0o100444;
/** First number for opened files; 0, 1, and 2 are the compiler's pipes. */
const FIRST = 3;

/** The functions of `fs` that Go calls to list and read. There are no links, and writing functions are missing or fail. */
export class MemoryFiles {
  readonly constants = {
    O_WRONLY: 1,
    O_RDWR: 2,
    O_CREAT: 64,
    O_TRUNC: 512,
    O_APPEND: 1024,
    O_EXCL: 128,
    O_DIRECTORY: -1,
  };
  #files: Files = new Map();
  readonly #folders = new Map<string, Set<string>>();
  readonly #open = new Map<number, { readonly path: string; at: number }>();
  #next = FIRST;
  #pipe: Read | undefined;

  /** Replaces all files. */
  show(files: Files): void {
    this.#files = files;
    this.#folders.clear();
    this.#folders.set('/', new Set());
    for (const path of files.keys()) this.#enter(path);
  }

  #enter(path: string): void {
    const cut = path.lastIndexOf('/');
    const folder = cut === 0 ? '/' : path.slice(0, cut);
    if (!this.#folders.has(folder)) {
      this.#folders.set(folder, new Set());
      this.#enter(folder);
    }
    this.#folders.get(folder)!.add(path.slice(cut + 1));
  }

  open(path: string, flags: number, _mode: number, done: Done): void {
    if (flags > 0) fail(done, 'EROFS');
    else if (!this.#folders.has(path) && !this.#files.has(path)) fail(done, 'ENOENT');
    else {
      this.#open.set(this.#next, { path, at: 0 });
      done(null, this.#next++);
    }
  }

  close(fd: number, done: Done): void {
    if (this.#open.delete(fd)) done(null);
    else fail(done, 'EBADF');
  }

  stat(path: string, done: Done): void {
    const folder = this.#folders.has(path);
    const size = folder ? 0 : this.#files.get(path)?.length;
    if (size === undefined) fail(done, 'ENOENT');
    else done(null, statOf(folder, size));
  }

  lstat(path: string, done: Done): void {
    this.stat(path, done);
  }

  fstat(fd: number, done: Done): void {
    const open = this.#open.get(fd);
    if (open) this.stat(open.path, done);
    else fail(done, 'EBADF');
  }

  readdir(path: string, done: Done): void {
    const names = this.#folders.get(path);
    if (names) done(null, [...names]);
    else fail(done, this.#files.has(path) ? 'ENOTDIR' : 'ENOENT');
  }

  readlink(_path: string, done: Done): void {
    fail(done, 'EINVAL');
  }

  /** The compiler's library sets its own reader of standard input, which keeps serving number 0. */
  set read(pipe: Read) {
    this.#pipe = pipe;
  }

  get read(): Read {
    return (...args) => {
      const [fd, into, offset, length, position, done] = args as [
        number,
        Uint8Array,
        number,
        number,
        number | null,
        Done,
      ];
      const open = this.#open.get(fd);
      if (!open) return fd === 0 ? this.#pipe?.(...args) : fail(done, 'EBADF');
      const content = this.#files.get(open.path);
      if (!content) return fail(done, 'EISDIR');
      const from = position ?? open.at;
      const part = content.subarray(from, from + length);
      into.set(part, offset);
      if (position === null) open.at = from + part.length;
      done(null, part.length);
    };
  }

  /** Writes only to the compiler's pipes. */
  write(fd: number, from: Uint8Array, _offset: number, _length: number, _position: number | null, done: Done): void {
    if (fd < FIRST) done(null, this.writeSync(fd, from));
    else fail(done, 'EROFS');
  }

  /** The compiler's library replaces this with its own. */
  writeSync(_fd: number, from: Uint8Array): number {
    return from.length;
  }
}

function fail(done: Done, code: string): void {
  done({ code });
}

function statOf(folder: boolean, size: number) {
  return {
    ...{ dev: 0, ino: 0, mode: folder ? FOLDER : FILE, nlink: 1, uid: 0, gid: 0, rdev: 0 },
    ...{ size, blksize: 4_096, blocks: 0, atimeMs: 0, mtimeMs: 0, ctimeMs: 0 },
    isDirectory: () => folder,
  };
}
