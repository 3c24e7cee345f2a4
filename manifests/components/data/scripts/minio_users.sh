
# Makes users what they should be. /config/users has a name on each line, /users/NAME the keys, and
# /config/NAME.policy the rights; a policy has the name of its user.
while read -r user; do
  key=$(cat "/users/$user/access-key")
  printf '%s\n%s\n' "$key" "$(cat "/users/$user/secret-key")" | mc admin user add store
  mc admin policy create store "$user" "/config/$user.policy"
  # One that is attached already is no error.
  mc admin policy attach store "$user" --user "$key"
done < /config/users
