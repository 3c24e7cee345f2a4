/** Something that `seal-secret` can do besides sealing documents. */
export type Mode =
  | "fetchCert"
  | "mergeInto"
  | "platform"
  | "raw"
  | "reEncrypt"
  | "recoveryUnseal"
  | "validate";
