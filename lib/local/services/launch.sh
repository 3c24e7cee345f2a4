#!/bin/sh
# Becomes a service: in the mount namespace that it is started in, it puts what only this service may see into memory,
# and then runs the program in its own place. Nothing secret is among arguments: it comes by standard input.
#
# launch.sh STAGE HOSTS PROGRAM [ARGUMENT...]
#   STAGE  an empty folder, under which the machine's own /run is found while another stands there
#   HOSTS  the file that the service sees as /etc/hosts
# Standard input: a line `env NAME BASE64` for each variable, `file PATH BASE64` for each file, at last a line `end`.
set -eu
umask 077
stage=$1 hosts=$2
shift 2

mount --rbind /run "$stage"
# ramfs and not tmpfs: what is in it is never written to swap.
mount -t ramfs -o mode=0700 ramfs /run
[ "$(readlink -f /var/run)" = /run ] || mount --bind /run /var/run
for entry in "$stage"/*; do
  [ -e "$entry" ] || [ -L "$entry" ] || continue
  [ "${entry##*/}" = secrets ] || ln -s "$entry" /run/
done
mount --bind "$hosts" /etc/hosts

complete=false
while read -r kind name value; do
  case $kind in
    env)
      # The letter at the end keeps line breaks, which a substitution would cut off.
      text=$(printf %s "$value" | base64 -d && printf x)
      export "$name=${text%x}"
      ;;
    file)
      mkdir -p "${name%/*}"
      printf %s "$value" | base64 -d > "$name"
      ;;
    end) complete=true ;;
  esac
done
if [ $complete = false ]; then
  echo "what this service needs did not arrive wholly: whoever started it was stopped" >&2
  exit 1
fi
unset text value
exec "$@" < /dev/null
