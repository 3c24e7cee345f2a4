// Package azuresecrets stands where Vault has its plugin for secrets of Azure, which is not in this build: Microsoft's
// SDK alone is a third of all that would be compiled.
package azuresecrets

import (
	"context"
	"errors"

	"github.com/hashicorp/vault/sdk/logical"
)

// Factory says that the plugin is not there.
func Factory(context.Context, *logical.BackendConfig) (logical.Backend, error) {
	return nil, errors.New("this Vault was built without its plugins for Azure")
}
