// The little of WebAssembly that core needs: its compiler settings know neither Node.js nor a browser.

interface Memory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB; throws when there is no room. */
  grow(pages: number): number;
}

declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: object };
    }
  | undefined;

export type Exports<Functions> = Functions & { readonly memory: Memory };

/**
 * Undefined where there is no WebAssembly, where it has no SIMD, or where the page may not compile (its content security
 * policy, or a limit to what the main thread compiles).
 */
export function instantiate<Functions>(bytes: Uint8Array): Exports<Functions> | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return exports as Exports<Functions>;
  } catch {
    return undefined;
  }
}
