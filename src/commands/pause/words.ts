/** What the watchdog and the one that it watches say to each other, a character each. */
export const [READY, STOPPING, DONE] = ["r", "s", "d"] as const;
