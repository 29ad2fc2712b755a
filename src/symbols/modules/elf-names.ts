const AT = 0x40;

/**
 * Where the name in bytes [start, end) ends: before the version that binutils and linkers put after it
 * (`memcpy@@GLIBC_2.14`, `printf@GLIBC_2.2.5 (3)`). A name may begin with an `@`.
 */
export function versionStart(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start + 1; i < end; i++) if (bytes[i] === AT) return i;
  return end;
}
