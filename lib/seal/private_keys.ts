import { messageOf } from "../core/errors.ts";
import { readDocuments } from "./document.ts";
import { Malformed } from "./errors.ts";
import { pemBlocks } from "./pem.ts";
import { importPrivateKey, type UnsealingKey } from "./rsa.ts";
import { secretOf } from "./secret.ts";

/**
 * The private keys of a file: PEM, or Secrets and lists of them with `tls.key`, as `kubectl get secret -o yaml` saves
 * the controller's keys.
 *
 * @param source where they come from, for messages
 * @param learn gets the text of each key, for a redactor to hide
 * @throws {Malformed} when there is none, or one cannot be read
 */
export async function readPrivateKeys(
  text: string,
  source: string,
  learn: (secret: string) => void = () => {},
): Promise<UnsealingKey[]> {
  if (text.includes("-----BEGIN ")) {
    const found = await keysOfPem(text, source, learn);
    if (found.length > 0) return found;
  }
  const documents = readDocuments(text, source);
  if (documents.length === 0) throw noKey(source);
  const keys = await Promise.all(documents.map(async (document) => {
    const pem = secretOf(document).values.get("tls.key");
    if (pem === undefined) throw noKey(document.place);
    const found = await keysOfPem(new TextDecoder().decode(pem), document.place, learn);
    if (found.length === 0) throw noKey(document.place);
    return found;
  }));
  return keys.flat();
}

async function keysOfPem(
  text: string,
  source: string,
  learn: (secret: string) => void,
): Promise<UnsealingKey[]> {
  const blocks = pemBlocks(text).filter(({ label }) => label.endsWith("PRIVATE KEY"));
  if (blocks.length > 0) learn(text);
  return await Promise.all(blocks.map(async (block) => {
    if (block.label !== "RSA PRIVATE KEY" && block.label !== "PRIVATE KEY") {
      throw new Malformed(`Cannot read the private key of ${source}: it is ${block.label}`, {
        remedy: "give an RSA key that is not encrypted by a passphrase",
      });
    }
    try {
      return await importPrivateKey(block);
    } catch (error) {
      throw new Malformed(`Cannot read the private key of ${source}: ${messageOf(error)}`, {
        remedy: "give the key as the controller's Secret has it",
      });
    }
  }));
}

function noKey(source: string): Malformed {
  return new Malformed(`Cannot find a private key in ${source}`, {
    remedy: "give a PEM file, or Secrets of the controller's keys, which have tls.key",
  });
}
