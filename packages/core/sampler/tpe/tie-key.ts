/**
 * Which of equal observations comes first, where an order decides their widths: as if at random, and another for each
 * parameter. By the order of trials the same few would be wide in every parameter, and all others narrow.
 */
export function tieKey(trial: number, parameter: number): number {
  let h = Math.imul(trial + 1, 0x9e3779b1) + Math.imul(parameter + 1, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 12)) >>> 0;
}
