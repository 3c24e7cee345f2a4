/** Names that end like this hold something that nobody may see. */
const sensitiveName =
  /(password|passwd|passphrase|_pwd|(^|_)secret|token|api_?key|private_?key|secret_?key|access_?key|credentials?)$/i;

/** Of names in configuration files fewer are plain: `secret` often names an object. */
const sensitiveKey =
  /(password|passwd|passphrase|client_?secret|[-_]token|^token|api_?key|private_?key|secret_?key)$/i;

/** Values that show by their form what they are. Sources: the documentation of each issuer, and RFC 7468. */
const forms: readonly (readonly [form: RegExp, what: string])[] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, "a private key"],
  [/\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/, "an age key"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "an AWS access key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, "a GitHub token"],
  [/\bgithub_pat_\w{22,}\b/, "a GitHub token"],
  [/\bglpat-[\w-]{20,}\b/, "a GitLab token"],
  [/\bxox[abprs]-[\w-]{10,}\b/, "a Slack token"],
  [/\bhooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/, "a Slack webhook"],
  [/\bhvs\.[\w-]{24,}\b/, "a Vault token"],
  [/\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}\b/, "an API key"],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}\b/, "a JSON web token"],
];

/** User and password in a URL. Source: RFC 3986, section 3.2.1. */
const userInfo = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/gi;

/** What gives away a credential in a text; nothing of the text itself. */
export function credentialsIn(text: string): string[] {
  const found = forms.filter(([form]) => form.test(text)).map(([, what]) => what);
  const urls = [...text.matchAll(userInfo)].filter(([, password]) => isLiteral(password!));
  return [...new Set([...found, ...(urls.length === 0 ? [] : ["a URL with a password"])])];
}

/** What gives away a credential in a variable, by its value or by its name. */
export function credentialsInVariable(name: string, value: string): string[] {
  const found = credentialsIn(value);
  if (found.length > 0) return found;
  return sensitiveName.test(name) && isLiteral(value) ? ["a value that its name calls secret"] : [];
}

/** What gives away a credential among arguments, such as `--password=…` or `--password` and what follows. */
export function credentialsInArguments(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const found = credentialsIn(word);
    if (found.length > 0) return found;
    const [, flag, given] = /^--?([\w.-]+?)(?:=(.*))?$/s.exec(word) ?? [];
    if (flag === undefined || !sensitiveKey.test(flag.replaceAll("-", "_"))) return [];
    const next = words[index + 1] ?? "";
    const value = given ?? (next.startsWith("-") ? "" : next);
    return isLiteral(value) ? [`a value of ${word.split("=")[0]}`] : [];
  });
}

/** What gives away a credential in a configuration file, line by line. Formats: YAML, JSON, INI and lists of variables. */
export function credentialsInFile(text: string): string[] {
  const found = credentialsIn(text);
  const lines = text.split("\n").flatMap((line) => {
    const [, key, value] =
      /^\s*(?:-\s+|export\s+)?["']?([\w.-]+)["']?\s*[:=]\s*["']?([^"'\s#,]+)/.exec(line) ?? [];
    return key !== undefined && value !== undefined && sensitiveKey.test(key) && isLiteral(value)
      ? [`a value of ${key}`]
      : [];
  });
  return [...new Set([...found, ...lines])];
}

/** Whether a value is the thing itself, and not a way to it, a switch or a gap to be filled in. */
function isLiteral(value: string): boolean {
  return value !== "" &&
    // Filled in by Kubernetes, a shell, a template or the program itself.
    !/\$[({A-Za-z_]|\{\{|%\(|<[a-z_-]+>|^!\w+|^ENC\[/.test(value) &&
    // A path or a reference.
    !/^(\/|file:|env:|vault:|\.\/)/.test(value) &&
    // A switch, a number, or nothing.
    !/^(true|false|yes|no|on|off|null|none|~|\d+|\[\]|\{\}|\[|\{|\||>)[+-]?$/i.test(value);
}
