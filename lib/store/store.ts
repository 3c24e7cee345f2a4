/** What is known of one stored object. */
export interface StoredObject {
  /** Name below the store's prefix, with `/` between folders. */
  name: string;
  /** Size in bytes. */
  sizeBytes: number;
  /** When it was written. */
  modifiedAt: Temporal.Instant;
}

/** Options of a write. */
export interface PutOptions {
  /** Fail with `AlreadyStored` when there is an object of this name. @default false */
  ifAbsent?: boolean;
  /** About how many bytes come, where that is known: a bucket takes parts of one size then. */
  expectedBytes?: number;
  /** Ends the write; nothing partial is left. */
  signal?: AbortSignal;
}

/**
 * A place for objects under a prefix: a folder, or a bucket of S3. A write becomes visible as a whole or not at all,
 * and is durable when `put` returns.
 */
export interface Store {
  /** Its URL, without credentials: `s3://bucket/prefix` or `file:///path`. */
  readonly url: string;
  /** Write an object. */
  put(
    name: string,
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
    options?: PutOptions,
  ): Promise<void>;
  /** The bytes of a small object, or undefined when there is none. */
  get(
    name: string,
    options?: { signal?: AbortSignal },
  ): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The bytes of an object while they come, or undefined when there is none. */
  open(
    name: string,
    options?: { signal?: AbortSignal },
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined>;
  /** The objects whose names begin with `prefix`, by name. */
  list(prefix: string, options?: { signal?: AbortSignal }): Promise<StoredObject[]>;
  /** Remove an object; false when it was not there. */
  delete(name: string, options?: { signal?: AbortSignal }): Promise<boolean>;
  /**
   * Remove what writes of names that begin with `prefix` left, where they were killed before a moment. No list and no
   * read shows it, but it takes up room. Returns how many there were.
   */
  sweep(
    prefix: string,
    before: Temporal.Instant,
    options?: { signal?: AbortSignal },
  ): Promise<number>;
  /** The time by the store's own clock, as it told when it last answered; undefined before. Absent where it has none. */
  now?(): Temporal.Instant | undefined;
  /** Close connections, where it has some of its own; it cannot be used afterwards. */
  close?(): void;
}
