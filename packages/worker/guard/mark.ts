/** In every process of a trial, however far it strays: what the sweep for orphans looks for. */
export const MARK_VARIABLE = 'FLEETUNE_TRIAL_MARK';
