import type { Format } from "../../seal/text_format.ts";
import type { Scope } from "../../seal/scope.ts";

/** Where the sealed-secrets controller is. */
export interface ControllerRequest {
  /** Name of its Service. */
  controllerName: string;
  /** Namespace of its Service. */
  controllerNamespace: string;
  /** Path of a kubeconfig file. */
  kubeconfig?: string;
  /** Context in the kubeconfig. */
  context?: string;
}

/** Which certificate to seal with. */
export interface CertificateRequest extends ControllerRequest {
  /** A file or a URL; the controller is asked when absent. */
  cert?: string;
  /** Fingerprints of which the certificate must have one. */
  fingerprint?: readonly string[];
}

/** Values that do not come from a Secret's document. */
export interface ValuesRequest {
  /** `key=path`, or a path whose last part is the key; `-` is standard input. */
  fromFile?: readonly string[];
  /** `key=value`. */
  fromLiteral?: readonly string[];
  /** Keys whose values are asked for. */
  fromPrompt?: readonly string[];
}

/** What the command line asks of `seal-secret`. */
export interface SealSecretRequest extends CertificateRequest, ValuesRequest {
  /** Form of what is written. @default what the output's name tells, else `json` */
  format?: Format;
  /** Files and folders with Secrets; standard input when absent. */
  secretFile?: readonly string[];
  /** File to write, or folder with a file for each that is read; standard output when absent. */
  sealedSecretFile?: string;
  /** Seal one bare value. */
  raw?: true;
  /** Name of the Secret, which wins over that of the document. */
  name?: string;
  /** Namespace of the Secret, where the document has none. */
  namespace?: string;
  /** Where the values may be opened. @default what the Secret's annotations tell */
  scope?: Scope;
  /** File with a SealedSecret that the values are added to. */
  mergeInto?: string;
  /** File with the digest key, by which values are known again. */
  digestKey?: string;
  /** Files with age identities that open the digest key. */
  identity?: readonly string[];
  /** Platform whose file the values are sealed into: a folder in manifests/platforms, or a file. */
  platform?: string;
  /** Environment of the platform. */
  env?: string;
  /** Keys of the platform's Secret whose values are asked for. */
  keys?: readonly string[];
  /** Print the controller's certificate, and seal nothing. */
  fetchCert?: true;
  /** Let Secrets have no values. */
  allowEmptyData?: true;
  /** Ask the controller whether it can open SealedSecrets. */
  validate?: true;
  /** Have the controller seal SealedSecrets again with its newest key. */
  reEncrypt?: true;
  /** Open a SealedSecret with private keys. */
  recoveryUnseal?: true;
  /** Files with private keys. */
  recoveryPrivateKey?: readonly string[];
  /** Write nothing. */
  dryRun?: true;
  /** Print each result as one line of JSON. */
  json?: true;
}

/** The streams of a process, as far as sealing uses them. */
export interface Streams {
  /** All of standard input. */
  stdin: () => Promise<Uint8Array<ArrayBuffer>>;
  /** Whether standard input is a terminal. */
  stdinIsTerminal: boolean;
  /** Write a result on standard output as it is: even by chance nothing in it may be taken for a secret and masked. */
  write: (text: string) => void;
}
