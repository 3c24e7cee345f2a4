# Writes the configuration of a server, or of a Sentinel with the argument sentinel: that of all, and what is its own.
# It is a copy, for Redis and Sentinel change it while they run.
set -eu
umask 077

ask() {
  host=$1
  port=$2
  shift 2
  timeout 3 "$CLI" -h "$host" -p "$port" "$@" 2>/dev/null | head -n 1
}

# The master by name, as Sentinel knows it, else as one of the servers says of itself.
master() {
  found=$(ask "$SENTINEL" 26379 SENTINEL get-master-addr-by-name "$MASTER_NAME" || true)
  case "$found" in
    *".$DOMAIN")
      echo "$found"
      return
      ;;
  esac
  for server in $SERVERS; do
    if [ "$server" != "$SELF" ] && [ "$(ask "$server" 6379 ROLE || true)" = master ]; then
      echo "$server"
      return
    fi
  done
}

escaped=$(printf %s "$REDISCLI_AUTH" | sed 's/[\\"]/\\&/g')
leader=$(master)

if [ "${1:-server}" = server ]; then
  # Nobody answers when all start for the first time.
  leader=${leader:-${SERVERS%% *}}
  cp /config/redis.conf /run/redis/redis.conf
  {
    printf 'replica-announce-ip %s\n' "$SELF"
    printf 'requirepass "%s"\nmasterauth "%s"\n' "$escaped" "$escaped"
    if [ "$leader" != "$SELF" ]; then printf 'replicaof %s 6379\n' "$leader"; fi
  } >> /run/redis/redis.conf
  echo "$SELF takes $leader for the master"
  exit
fi

while [ -z "$leader" ]; do
  echo "Waiting: no server says that it is the master"
  sleep 2
  leader=$(master)
done
# Sentinels never forget each other, and need a majority of all they knew: one that comes back must be the same.
identity=$(printf %s "$DOMAIN/$MASTER_NAME/$NODE" | sha1sum | cut -c 1-40)
{
  printf 'port 26379\nbind * -::*\ndir /tmp\n'
  printf 'sentinel resolve-hostnames yes\nsentinel announce-hostnames yes\n'
  printf 'sentinel myid %s\n' "$identity"
  printf 'sentinel monitor %s %s 6379 %s\n' "$MASTER_NAME" "$leader" "$QUORUM"
  printf 'sentinel auth-pass %s "%s"\n' "$MASTER_NAME" "$escaped"
  printf 'requirepass "%s"\nsentinel sentinel-pass "%s"\n' "$escaped" "$escaped"
  cat /config/sentinel.conf
} > /run/redis/sentinel.conf
echo "Watching $leader"
