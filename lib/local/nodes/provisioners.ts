import { csiFields } from "./class_secrets.ts";
import type { AccessMode, Claim, Node, StorageClass } from "./storage.ts";
import { hostnameLabel } from "./storage.ts";

/** What a provisioner of the real world can give. */
export interface Provisioner {
  /** Access modes of its volumes. */
  modes: readonly AccessMode[];
  /** Whether a volume lives on one node, or can be reached from all. */
  scope: "cluster" | "node";
  /** Whether it can make a volume bigger. */
  expands: boolean;
  /** Parameter of its classes that says how many copies of a volume it keeps, and how many when it is absent. */
  copies?: { parameter: string; otherwise: number };
}

const once: readonly AccessMode[] = ["ReadWriteOnce", "ReadWriteOncePod"];
const shared: readonly AccessMode[] = [...once, "ReadOnlyMany", "ReadWriteMany"];

/**
 * The provisioners that are simulated, by name. Sources: each project's own documentation
 * of its access modes and of volume expansion; Longhorn has no ReadOnlyMany.
 */
export const provisioners: Readonly<Record<string, Provisioner>> = {
  "rancher.io/local-path": { modes: once, scope: "node", expands: false },
  "openebs.io/local": { modes: once, scope: "node", expands: false },
  "topolvm.io": { modes: once, scope: "node", expands: true },
  "driver.longhorn.io": {
    modes: [...once, "ReadWriteMany"],
    scope: "cluster",
    expands: true,
    copies: { parameter: "numberOfReplicas", otherwise: 3 },
  },
  "csi.hetzner.cloud": { modes: once, scope: "cluster", expands: true },
  "dobs.csi.digitalocean.com": { modes: once, scope: "cluster", expands: true },
  "ebs.csi.aws.com": { modes: once, scope: "cluster", expands: true },
  "rook-ceph.rbd.csi.ceph.com": {
    modes: [...once, "ReadOnlyMany"],
    scope: "cluster",
    expands: true,
  },
  "rook-ceph.cephfs.csi.ceph.com": { modes: shared, scope: "cluster", expands: true },
  "nfs.csi.k8s.io": { modes: shared, scope: "cluster", expands: true },
  "cluster.local/nfs-subdir-external-provisioner": {
    modes: shared,
    scope: "cluster",
    expands: false,
  },
};

/** Where a new volume is, and which nodes reach it: the part of its spec that depends on the provisioner. */
export function volumeSource(
  { name, claim, storageClass, node }: {
    /** Name of the volume. */
    name: string;
    /** The claim it is made for. */
    claim: Claim;
    /** Class of the volume. */
    storageClass: StorageClass;
    /** The node it lives on, where it lives on one. */
    node: Node | undefined;
  },
): Record<string, unknown> {
  const { namespace, name: claimName } = claim.metadata;
  if (node === undefined) {
    return {
      csi: {
        driver: storageClass.provisioner,
        volumeHandle: name,
        fsType: "ext4",
        ...csiFields(storageClass, claim, name),
      },
    };
  }
  const hostname = node.metadata.labels?.[hostnameLabel] ?? node.metadata.name;
  return {
    hostPath: {
      path: `/var/lib/rancher/k3s/storage/${name}_${namespace}_${claimName}`,
      type: "DirectoryOrCreate",
    },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{
          matchExpressions: [{ key: hostnameLabel, operator: "In", values: [hostname] }],
        }],
      },
    },
  };
}
