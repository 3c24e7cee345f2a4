import { allContainers, type Container, type PodSpec } from "./pods.ts";

/** The parts of an image's name. Source: the distribution project, reference. */
export interface ImageName {
  /** Registry and path. */
  repository: string;
  /** Tag. */
  tag?: string;
  /** Digest, such as `sha256:…`. */
  digest?: string;
}

/** Read the name of an image. */
export function readImage(image: string): ImageName {
  const [named = "", digest] = image.split("@");
  // A colon before the last slash belongs to the port of the registry.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  return {
    repository: colon < 0 ? named : named.slice(0, colon),
    ...(colon < 0 ? {} : { tag: named.slice(colon + 1) }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Containers of a pod that name an image. */
export function imagesOf(spec: PodSpec): { container: Container; image: string }[] {
  return allContainers(spec).flatMap((container) =>
    container.image === undefined ? [] : [{ container, image: container.image }]
  );
}
