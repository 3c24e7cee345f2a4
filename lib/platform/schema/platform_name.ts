/** Names of platforms and environments, which together are a label value of at most 63 characters. */
export const platformName = /^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/;
