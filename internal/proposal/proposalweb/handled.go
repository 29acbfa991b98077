package proposalweb

import (
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// handled asks handling for its part of the page: nothing before filing.
func handled(_ *web.Request, _ *proposal.Shown) (around, error) { return around{}, nil }
