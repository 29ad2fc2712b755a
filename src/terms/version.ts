/** Set by the build from package.json; not there where the sources run as they are. */
declare const BUILT_VERSION: string | undefined;

/** The version of this package, such as `1.2.0`; `source` where its sources run unbuilt. */
export const VERSION: string = typeof BUILT_VERSION === "string" ? BUILT_VERSION : "source";
