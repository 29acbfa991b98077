package notify

import (
	"net/netip"
	"time"
)

// Awake lets tests look at quiet hours alone.
func Awake(t time.Time, from, to string) time.Time { return awake(t, windowOf(from, to)) }

// Allowed lets tests ask which addresses messages may go to.
func Allowed(o *Outward, address string) bool { return o.allowed(netip.MustParseAddr(address)) }
