/** One block of PEM. Source: RFC 7468. */
export interface PemBlock {
  /** What stands in its lines of dashes, such as `CERTIFICATE`. */
  label: string;
  /** Its content. */
  bytes: Uint8Array<ArrayBuffer>;
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]*?)-----END \1-----/g;

/** All blocks of a text, whatever stands between them. A block that is no base64 is left out. */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(block)].flatMap(([, label, base64]) => {
    try {
      return [{ label: label!, bytes: Uint8Array.fromBase64(base64!) }];
    } catch {
      return [];
    }
  });
}
