# Makes buckets what they should be. Each step may be repeated; buckets and objects are never deleted.
# /config/buckets has a line for each: name, versioning, object lock, and quota in bytes, 0 for none.
set -eu

# The keys go in by standard input, where nobody sees them.
until printf '%s\n%s\n' "$ROOT_USER" "$ROOT_PASSWORD" | mc alias set store "$ENDPOINT" > /dev/null; do
  echo "Waiting: $ENDPOINT does not answer yet"
  sleep 2
done

while read -r bucket versioning lock quota; do
  if [ "$lock" = true ]; then
    mc mb --ignore-existing --with-lock "store/$bucket"
  else
    mc mb --ignore-existing "store/$bucket"
  fi
  if [ "$versioning" = true ]; then mc version enable "store/$bucket"; fi
  if [ "$quota" != 0 ]; then mc quota set "store/$bucket" --size "$quota"; fi
  mc tag set "store/$bucket" "purpose=$(cat "/config/$bucket.purpose")"
  # All rules at once, so that those of before do not add up.
  if [ -f "/config/$bucket.lifecycle" ]; then
    mc ilm rule import "store/$bucket" < "/config/$bucket.lifecycle"
  fi
done < /config/buckets
