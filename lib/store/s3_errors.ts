import { messageOf, SlipwayError } from "../core/errors.ts";
import { StoreError } from "./errors.ts";

/** A failure as the client library throws it. Source: AWS SDK for JavaScript, ServiceException. */
interface Failure {
  name: string;
  message: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** What a failure means, and what to do about it. */
interface Meaning {
  because: string;
  remedy: string;
  retryable?: boolean;
}

/** What was tried, for messages: `write a/b to s3://backups`. */
export interface S3Attempt {
  /** The words after "Cannot". */
  tried: string;
  /** Name of the bucket. */
  bucket: string;
  /** Where it is. */
  endpoint: string;
  /** Actions that the credentials must allow, such as `s3:PutObject`. */
  actions: readonly string[];
}

/** The error of a request to S3, with its cause and remedy. Errors of other origin stay as they are. */
export function s3Error(error: unknown, attempt: S3Attempt): unknown {
  if (!(error instanceof Error) || error instanceof SlipwayError) return error;
  const failure = error as Failure;
  const meaning = meaningOf(failure, attempt);
  if (meaning === undefined) return error;
  return new StoreError(`Cannot ${attempt.tried}: ${meaning.because}`, {
    remedy: meaning.remedy,
    retryable: meaning.retryable ?? false,
    cause: error,
  });
}

/** Whether a failure has one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}

function meaningOf(failure: Failure, attempt: S3Attempt): Meaning | undefined {
  const known = byName(failure, attempt) ?? byConnection(failure, attempt);
  if (known !== undefined) return known;
  const status = failure.$metadata?.httpStatusCode;
  if (status === undefined) return undefined;
  const because =
    `${attempt.endpoint} answered ${failure.name}: ${failure.message} (HTTP ${status})`;
  if (status === 403) return denied(because, attempt);
  return status >= 500 || status === 429
    ? { because, remedy: "try again later, and look at the store's own log", retryable: true }
    : { because, remedy: "look that code up in the manual of the store" };
}

/** Source: Amazon S3 API Reference, "Error responses", and MinIO, cmd/api-errors.go. */
function byName({ name, message }: Failure, attempt: S3Attempt): Meaning | undefined {
  const { bucket, endpoint } = attempt;
  // Stores tell of locks by different codes, some by that of lacking rights.
  if (/\bWORM\b|object.?lock|retention|legal hold/i.test(`${name} ${message}`)) {
    return {
      because: `the object is locked: ${message}`,
      remedy: "wait until its retention ends; what prunes comes back to it",
    };
  }
  switch (name) {
    case "NoSuchBucket":
      return {
        because: `${endpoint} has no bucket ${bucket}`,
        remedy: `make the bucket, or correct its name or the endpoint`,
      };
    case "AccessDenied":
    case "AllAccessDisabled":
      return denied(`${endpoint} denies it: ${message}`, attempt);
    case "InvalidAccessKeyId":
      return {
        because: `${endpoint} does not know this access key`,
        remedy: "give a key of that store as AWS_ACCESS_KEY_ID",
      };
    case "SignatureDoesNotMatch":
      return {
        because: "the secret key does not belong to the access key",
        remedy: "give both of one pair as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
      };
    case "ExpiredToken":
    case "ExpiredTokenException":
    case "TokenRefreshRequired":
      return {
        because: "the credentials have expired",
        remedy: "get new ones, with their AWS_SESSION_TOKEN, and start again",
      };
    case "InvalidToken":
    case "InvalidTokenId":
      return {
        because: "the session token is not valid with this key",
        remedy: "give AWS_SESSION_TOKEN of the same pair, or none for a key that needs none",
      };
    case "RequestTimeTooSkewed":
    case "RequestExpired":
      return {
        because: `the clocks of this machine and of ${endpoint} differ too much`,
        remedy: "set both by NTP, then start again",
      };
    case "PermanentRedirect":
    case "AuthorizationHeaderMalformed":
    case "IllegalLocationConstraintException":
      return {
        because: `the bucket is in another region: ${message}`,
        remedy: "name its region with ?region=… in the URL, or in AWS_REGION",
      };
    case "InvalidObjectState":
      return {
        because: "the object lies in an archive that must be thawed first",
        remedy: "restore it from its storage class, then start again",
      };
    case "XMinioStorageFull":
    case "QuotaExceeded":
    case "XMinioAdminBucketQuotaExceeded":
      return { because: `the store is full: ${message}`, remedy: "make room, or raise its quota" };
    default:
      return undefined;
  }
}

function denied(because: string, { actions, bucket }: S3Attempt): Meaning {
  return {
    because,
    remedy: `let these credentials do ${actions.join(", ")} in the bucket ${bucket}`,
  };
}

/** What Deno's fetch says around the cause, with a URL that tells nobody more than the endpoint. */
const aroundCause =
  /^(?:fetch failed: )?error sending request for url \([^)]*\): (?:client error \(Connect\): )?/i;

function byConnection(failure: Failure, { endpoint }: S3Attempt): Meaning | undefined {
  const code = failure.code ?? "";
  const text = messageOf(failure).replace(aroundCause, "");
  if (/InvalidContentType/.test(text) && endpoint.startsWith("https:")) {
    return {
      because: `${endpoint} does not speak TLS`,
      remedy: "correct the port, or write the endpoint as http://… where the store has no TLS",
    };
  }
  if (/CERT|SELF_SIGNED|VERIFY_LEAF|ISSUER/.test(code) || /certificate/i.test(text)) {
    return {
      because: `the certificate of ${endpoint} is not trusted: ${text}`,
      remedy: "name the file of the authority that signed it in AWS_CA_BUNDLE",
    };
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || /dns error|failed to lookup/.test(text)) {
    return {
      because: `${endpoint} has a host that is not known here: ${text}`,
      remedy: /\.svc\b/.test(endpoint)
        ? "it is a Service of a cluster: run this in a pod there, or forward a port with kubectl port-forward, and name that with --endpoint"
        : "correct the endpoint, or see that its name resolves; ?pathStyle=true for stores without a name for each bucket",
      retryable: true,
    };
  }
  const connection = /^(ECONN|EPIPE|EHOST|ENET|ETIMEDOUT)/.test(code);
  if (connection || failure.name === "TimeoutError" || /body|connection|network/i.test(text)) {
    return {
      because: `${endpoint} does not answer: ${text}`,
      remedy: "see that the store runs and is reachable from here, then start again",
      retryable: true,
    };
  }
  return undefined;
}
