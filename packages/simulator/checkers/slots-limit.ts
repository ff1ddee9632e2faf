import { studyNamed, type World } from '../world.ts';

/** No study runs more trials at a time than it was given slots. */
export function checkSlotsLimit(world: World): string[] {
  return [...(world.site?.hosts.values() ?? [])].flatMap(({ name, state }) => {
    const { slots = Infinity } = studyNamed(world, name);
    const { running } = state.counts;
    return running > slots ? [`${name} runs ${running} trials on ${slots} slots`] : [];
  });
}
