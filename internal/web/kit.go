package web

import (
	"context"
	"net/http"
	"sort"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/i18n"
)

// Sessions tells who stands behind a session token or bearer token. Package
// identity gives it; the kit knows nothing else about signing in.
type Sessions interface {
	// Resolve answers the actor and what the person prefers. An unknown or
	// ended token is access.Nobody without an error.
	Resolve(ctx context.Context, token string, via access.Via) (access.Actor, Prefs, error)
}

// Greeter is what Sessions may do besides: complete what only pages need, such
// as the number of unread messages. The JSON kit does not ask for it.
type Greeter interface {
	Greet(ctx context.Context, who access.Actor, p Prefs) (Prefs, error)
}

// Prefs is how somebody wants to see the pages.
type Prefs struct {
	Lang      i18n.Lang
	Elder     bool   // 大字版
	Committee string // name of the committee, for the head of the page
	Unread    int    // messages in the inbox
	SealKey   string // base64 key under which the browser keeps drafts of this person
}

// Kit is what pages are registered with.
type Kit struct {
	App      *app.App
	Texts    *i18n.Catalogue
	Sessions Sessions
	// Secure says that people reach the server by HTTPS.
	Secure bool

	mux     *http.ServeMux
	cross   *http.CrossOriginProtection
	menu    []MenuItem
	routes  []Route
	actions map[string]bool
}

// Route is one registered door, for the architecture tests.
type Route struct {
	Pattern string
	Open    bool   // anybody may come in without signing in
	Serves  string // name of the action or query, "" for a page of several
}

// MenuItem is an entry of the navigation.
type MenuItem struct {
	Key   string // message key
	Path  string
	Icon  string            // name of the icon on the phone's tab bar
	For   []access.PostKind // whose menu it stands in; empty: everybody's
	Tab   bool              // stands in the tab bar of the phone
	Order int
}

// NewKit makes the kit.
func NewKit(a *app.App, texts *i18n.Catalogue, s Sessions, secure bool) *Kit {
	return &Kit{App: a, Texts: texts, Sessions: s, Secure: secure, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), actions: map[string]bool{}}
}

// Menu adds entries to the navigation.
func (k *Kit) Menu(items ...MenuItem) {
	k.menu = append(k.menu, items...)
	sort.SliceStable(k.menu, func(i, j int) bool { return k.menu[i].Order < k.menu[j].Order })
}

func (k *Kit) menuOf(who access.Actor) []MenuItem {
	var mine []MenuItem
	for _, m := range k.menu {
		if who.SignedIn() && (len(m.For) == 0 || who.Is(m.For...)) {
			mine = append(mine, m)
		}
	}
	return mine
}

// Routes lists what was registered.
func (k *Kit) Routes() []Route { return k.routes }

// Serves reports whether some route serves the action or query of that name.
func (k *Kit) Serves(name string) bool { return k.actions[name] }

// Note registers a route for the tables; package api uses it too.
func (k *Kit) Note(r Route) {
	k.routes = append(k.routes, r)
	if r.Serves != "" {
		k.actions[r.Serves] = true
	}
}

// Mount puts a finished handler (static files, the JSON kit) under a pattern.
func (k *Kit) Mount(pattern string, h http.Handler) { k.mux.Handle(pattern, h) }

// Handler is the whole site: every request passes the same front door.
func (k *Kit) Handler() http.Handler { return k.front(k.cross.Handler(k.mux)) }
