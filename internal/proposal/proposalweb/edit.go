package proposalweb

import (
	"tongxin/internal/api"
	"tongxin/internal/web"
)

// writingRoutes registers the pages of writing.
func writingRoutes(*web.Kit, *api.Kit) {}
