const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a base64 text with its padding: core has neither atob nor Buffer. */
export function bytesOf(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, to = 0; i < text.length; i += 4) {
    let word = 0;
    for (let k = i; k < i + 4; k++) word = (word << 6) | Math.max(0, digits.indexOf(text[k]!));
    for (let shift = 16; shift >= 0 && to < bytes.length; shift -= 8) bytes[to++] = word >>> shift;
  }
  return bytes;
}
