import type { Manifest } from "../../core/object.ts";
import { parseQuantity } from "../../core/units.ts";
import { livesOn, room, sizeRefusal } from "./capacity.ts";
import { classSecret, type SecretPlace } from "./class_secrets.ts";
import { type Provisioner, provisioners, volumeSource } from "./provisioners.ts";
import {
  type AccessMode,
  type Claim,
  type Node,
  type PersistentVolume,
  provisionedByAnnotation,
  provisionerAnnotation,
  selectedNodeAnnotation,
  type StorageClass,
} from "./storage.ts";

/** What the decisions on volumes look at. */
export interface Stock {
  /** A class by name. */
  storageClass(name: string): StorageClass | undefined;
  /** All nodes. */
  nodes: readonly Node[];
  /** All volumes. */
  volumes: readonly PersistentVolume[];
  /** Whether there is a Secret. */
  hasSecret(place: SecretPlace): boolean;
}

/** What to do about a claim. */
export type ClaimVerdict =
  | { action: "none" }
  | {
    /** Make this volume; the controller manager binds it. */
    action: "provision";
    /** The volume. */
    volume: Manifest;
  }
  | {
    /** Make the volume bigger, then tell the claim. */
    action: "expand";
    /** The volume. */
    volume: PersistentVolume;
    /** The new size, as a quantity. */
    size: string;
  }
  | {
    /** Leave it as it is and say why. */
    action: "refuse";
    /** Reason of the event. */
    reason: "ProvisioningFailed" | "VolumeResizeFailed";
    /** Message of the event: what is asked, what can be given, and what to do instead. */
    message: string;
    /** The Secret for want of which it is refused. */
    secret?: SecretPlace;
  };

/** What the provisioner of a claim's class would do about the claim. */
export function claimVerdict(claim: Claim, stock: Stock): ClaimVerdict {
  const storageClass = stock.storageClass(claim.spec.storageClassName ?? "");
  if (claim.metadata.deletionTimestamp !== undefined || storageClass === undefined) {
    return { action: "none" };
  }
  return claim.status?.phase === "Bound"
    ? expansion(claim, storageClass, stock)
    : provision(claim, storageClass, stock);
}

/** Whether a volume's provisioner would delete it now that its claim is gone. */
export function isReclaimable(volume: PersistentVolume): boolean {
  const by = volume.metadata.annotations?.[provisionedByAnnotation] ?? "";
  return provisioners[by] !== undefined && volume.status?.phase === "Released" &&
    volume.spec.persistentVolumeReclaimPolicy === "Delete" &&
    volume.metadata.deletionTimestamp === undefined;
}

function provision(claim: Claim, storageClass: StorageClass, stock: Stock): ClaimVerdict {
  const asked = claim.metadata.annotations?.[provisionerAnnotation];
  const name = volumeName(claim);
  const exists = stock.volumes.some((volume) => volume.metadata.name === name);
  if (asked !== storageClass.provisioner || exists || claim.spec.volumeName) {
    return { action: "none" };
  }
  const refuse = (message: string): ClaimVerdict => ({
    action: "refuse",
    reason: "ProvisioningFailed",
    message,
  });
  const title = titleOf(storageClass);
  const provisioner = provisioners[storageClass.provisioner];
  if (provisioner === undefined) {
    return refuse(
      `${title} cannot give a volume: no provisioner of that name is simulated; use one of ` +
        Object.keys(provisioners).join(", ") + ", or create the PersistentVolume by hand",
    );
  }
  if (claim.spec.selector !== undefined) {
    return refuse(`${title} cannot give a volume by selector: remove spec.selector`);
  }
  const modes: readonly AccessMode[] = claim.spec.accessModes ?? [];
  const beyond = modes.find((mode) => !provisioner.modes.includes(mode));
  if (beyond !== undefined) return refuse(modeRefusal(title, beyond, provisioner));
  const node = stock.nodes.find(({ metadata }) =>
    metadata.name === claim.metadata.annotations?.[selectedNodeAnnotation]
  );
  if (provisioner.scope === "node" && node === undefined) {
    return refuse(
      `${title} cannot give a volume before it is known which node uses it: ` +
        "set volumeBindingMode: WaitForFirstConsumer",
    );
  }
  const secret = classSecret("provisioner", storageClass, claim, name);
  if (secret !== undefined && !stock.hasSecret(secret)) {
    const { namespace, name: secretName } = secret;
    const message =
      `${title} cannot give a volume: its secret "${secretName}" is not in namespace ${namespace}`;
    return { action: "refuse", reason: "ProvisioningFailed", message, secret };
  }
  const size = claim.spec.resources?.requests?.storage ?? "0";
  const left = room(storageClass, provisioner, node, stock);
  if (parseQuantity(size) > left.free) return refuse(sizeRefusal(title, size, left));
  return { action: "provision", volume: volumeFor(claim, storageClass, provisioner, node, size) };
}

function expansion(claim: Claim, storageClass: StorageClass, stock: Stock): ClaimVerdict {
  const volume = stock.volumes.find(({ metadata }) => metadata.name === claim.spec.volumeName);
  const size = claim.spec.resources?.requests?.storage ?? "0";
  const has = claim.status?.capacity?.storage ?? "0";
  const provisioner = provisioners[volume?.metadata.annotations?.[provisionedByAnnotation] ?? ""];
  const wanted = parseQuantity(size);
  if (volume === undefined || provisioner === undefined || wanted <= parseQuantity(has)) {
    return { action: "none" };
  }
  const refuse = (message: string): ClaimVerdict => ({
    action: "refuse",
    reason: "VolumeResizeFailed",
    message,
  });
  const title = titleOf(storageClass);
  if (!provisioner.expands || storageClass.allowVolumeExpansion !== true) {
    return refuse(
      `${title} cannot make a volume of ${has} bigger: claim a new one of ${size} and copy the data`,
    );
  }
  const grown = parseQuantity(volume.spec.capacity?.storage ?? "0");
  const node = stock.nodes.find((each) => livesOn(volume, each));
  const left = room(storageClass, provisioner, node, stock);
  if (wanted - grown > left.free) {
    return refuse(sizeRefusal(title, size, { ...left, free: left.free + grown }));
  }
  return { action: "expand", volume, size };
}

function volumeName(claim: Claim): string {
  return `pvc-${claim.metadata.uid}`;
}

function titleOf(storageClass: StorageClass): string {
  return `StorageClass ${storageClass.metadata.name} (${storageClass.provisioner})`;
}

function modeRefusal(title: string, beyond: AccessMode, provisioner: Provisioner): string {
  const others = Object.entries(provisioners).filter(([, { modes }]) => modes.includes(beyond))
    .map(([name]) => name);
  return `${title} cannot give ${beyond}: it gives ${provisioner.modes.join(" and ")}; ` +
    `claim one of these, or use a class of ${others.join(" or ")}`;
}

function volumeFor(
  claim: Claim,
  storageClass: StorageClass,
  provisioner: Provisioner,
  node: Node | undefined,
  size: string,
): Manifest {
  const { uid, namespace, name, resourceVersion } = claim.metadata;
  const home = provisioner.scope === "node" ? node : undefined;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: volumeName(claim),
      annotations: { [provisionedByAnnotation]: storageClass.provisioner },
    },
    spec: {
      capacity: { storage: size },
      accessModes: claim.spec.accessModes,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? "Filesystem",
      ...(storageClass.mountOptions === undefined
        ? {}
        : { mountOptions: storageClass.mountOptions }),
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace,
        name,
        uid,
        resourceVersion,
      },
      ...volumeSource({ name: volumeName(claim), claim, storageClass, node: home }),
    },
  };
}
