package access

// PostKind is what a post lets its holder do; each rule asks for kinds.
type PostKind string

// The kinds of posts. A person may hold several; one of them is acting.
const (
	Member        PostKind = "member"         // 委员
	Convener      PostKind = "convener"       // writes for a party, people's organisation, 专委会, 界别 or 小组
	Office        PostKind = "office"         // 提案委办公室 clerk
	Chief         PostKind = "chief"          // 提案委 director: final review, filing
	Reviewer      PostKind = "reviewer"       // 审查小组 pre-review group
	Dispatcher    PostKind = "dispatcher"     // 督查室 of Party or government
	Handler       PostKind = "handler"        // 承办单位 经办人
	Signer        PostKind = "signer"         // 承办单位 signing leader
	Leader        PostKind = "leader"         // looks on: 领导
	SystemAdmin   PostKind = "system_admin"   // 系统管理员: runs it, proposes rights
	SecurityAdmin PostKind = "security_admin" // 安全管理员: approves rights
	Auditor       PostKind = "auditor"        // 审计管理员: watches
	System        PostKind = "system"         // the clockwork and jobs
)

// PostKinds lists every kind, in the order of the permission table.
func PostKinds() []PostKind {
	return []PostKind{Member, Convener, Office, Chief, Reviewer, Dispatcher, Handler, Signer, Leader, SystemAdmin, SecurityAdmin, Auditor, System}
}

// Post is one post a person holds in a body (committee, sector, unit …).
type Post struct {
	ID       string   `json:"id"`
	Kind     PostKind `json:"kind"`
	BodyID   string   `json:"body_id"`
	BodyKind string   `json:"body_kind"`
	BodyName string   `json:"body_name"`
	Title    string   `json:"title"`
}

// Via tells how a request came; it is recorded with the act.
type Via struct {
	RequestID string // one per HTTP request or job run
	Key       string // idempotency key, "" when the caller gave none
	Address   string // source address
	Session   string // hash of the session or token
}

// Actor is the person who acts, in the post he acts in. The zero Actor is
// nobody: it belongs to no committee and every rule but Public refuses it.
type Actor struct {
	CommitteeID string
	PersonID    string
	Name        string
	Post        Post   // the acting post
	Posts       []Post // every post held today
	OnBehalf    string // person for whom staff enters something
	Via         Via
}

// Nobody is a visitor who has not signed in.
func Nobody(via Via) Actor { return Actor{Via: via} }

// Machine is the named system actor of a job.
func Machine(committeeID, job string) Actor {
	return Actor{CommitteeID: committeeID, PersonID: "system:" + job, Name: job,
		Post: Post{ID: "system:" + job, Kind: System}, Via: Via{RequestID: "job:" + job}}
}

// SignedIn reports whether somebody stands behind the request.
func (a Actor) SignedIn() bool { return a.PersonID != "" }

// Is reports whether the acting post is of one of the kinds.
func (a Actor) Is(kinds ...PostKind) bool {
	for _, k := range kinds {
		if a.PersonID != "" && a.Post.Kind == k {
			return true
		}
	}
	return false
}

// In reports whether the acting post is in that body.
func (a Actor) In(bodyID string) bool { return bodyID != "" && a.Post.BodyID == bodyID }

// HoldsPostIn reports whether any of the person's posts, acting or not, is in
// that body: nobody rates the reply of his own unit, whichever hat he wears.
func (a Actor) HoldsPostIn(bodyID string) bool {
	for _, p := range a.Posts {
		if p.BodyID == bodyID {
			return true
		}
	}
	return false
}
