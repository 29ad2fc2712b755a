/** What an object's parts are to someone who reads the program; decides at which level an owner is named. */
export const Role = {
  /** Parts are alike and found by index or key: list, dict, set, tuple, and whatever is not known better. */
  items: 0,
  /** Parts have names in the source, and there can be many such objects: instances, cells, generators. */
  attributes: 1,
  /** Parts have names in the source, and the object is the only one of its name: module, class, function, frame. */
  scope: 2,
  /** Belongs to the object that holds it and has no name of its own: an instance's `__dict__`, a table. */
  part: 3,
  /** Runs a function of the program, which names it wherever it is kept: a task. */
  task: 4,
} as const;
