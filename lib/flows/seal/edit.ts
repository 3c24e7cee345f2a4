import { messageOf } from "../../core/errors.ts";
import { setInYaml, type YamlSetting } from "../../core/yaml_edit.ts";
import { Malformed } from "../../seal/errors.ts";
import { isObject } from "../../seal/objects.ts";
import { jsonTexts } from "../../seal/json_texts.ts";

/**
 * Set texts in a file of YAML or JSON, and leave all else of it as it is. A stream of JSON objects, which has no
 * comments, is written anew.
 *
 * @throws {Malformed} when a path of a setting leads through something that is no map
 */
export function setInFile(text: string, settings: readonly YamlSetting[], source: string): string {
  try {
    const values = /^\s*\{/.test(text) ? jsonTexts(text) : undefined;
    return values === undefined || values.length < 2
      ? setInYaml(text, settings)
      : setInValues(values, settings);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Malformed(`Cannot change ${source}: ${messageOf(error)}`, {
      remedy: "remove what is empty there, or seal into a new file",
    });
  }
}

function setInValues(values: unknown[], settings: readonly YamlSetting[]): string {
  for (const { document = 0, path, value } of settings) {
    let place = values[document];
    for (const key of path.slice(0, -1)) {
      const map = place as Record<string, unknown>;
      if (!Object.hasOwn(map, key)) map[key] = {};
      place = map[key];
      if (!isObject(place) && !Array.isArray(place)) throw new RangeError(`${key} is no map`);
    }
    (place as Record<string, unknown>)[path.at(-1)!] = value;
  }
  return values.map((value) => `${JSON.stringify(value, undefined, 2)}\n`).join("");
}
