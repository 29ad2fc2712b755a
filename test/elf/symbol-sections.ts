import { type Section, SectionType } from "../../src/elf/index.ts";

/** The sections that hold symbols: `.symtab` before `.dynsym`, since it has all of that and more. */
export function symbolSections(sections: readonly Section[]): Section[] {
  return [SectionType.SYMTAB, SectionType.DYNSYM].flatMap((type) =>
    sections.filter((section) => section.type === type && section.extent.bytes > 0),
  );
}
