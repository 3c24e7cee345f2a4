module github.com/hashicorp/vault-plugin-auth-azure

go 1.25.0

require github.com/hashicorp/vault/sdk v0.20.0
