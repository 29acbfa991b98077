package site_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/store"
)

// yearDoors are the doors of the handling year: key proposals, promises,
// supervision, scores, commendations, archive, jobs and hand-overs.
func yearDoors() map[string]door {
	staff := []access.PostKind{access.Office, access.Chief}
	desks := append(slices.Clone(staff), access.Dispatcher)
	watch := append(slices.Clone(desks), access.Leader)
	units := append(slices.Clone(watch), access.Handler, access.Signer)
	list := map[string]door{
		"GET /key/{id}":                      {"some proposals", false, seesProposal},
		"GET /api/v1/key/{id}":               {"some proposals", false, seesProposal},
		"GET /api/v1/proposals/{id}/key":     {"some proposals", false, seesProposal},
		"GET /promises/{id}":                 {"promises", false, seesCase},
		"GET /api/v1/promises/{id}":          {"promises", false, seesCase},
		"GET /supervision/units/{id}":        {"units", false, seesUnit},
		"GET /dispatch/hand-over/{id}":       {"hand-overs", false, ofKinds(desks...)},
		"GET /api/v1/hand-over/{id}":         {"hand-overs", false, ofKinds(desks...)},
		"GET /jobs/{id}":                     {"jobs", false, ofKinds(desks...)},
		"GET /jobs/{id}/progress":            {"jobs", false, ofKinds(desks...)},
		"GET /api/v1/jobs/{id}":              {"jobs", false, ofKinds(desks...)},
		"GET /supervision/chases/{id}":       {"chases", false, ofKinds(units...)},
		"GET /supervision/chases/{id}/print": {"chases", false, ofKinds(units...)},
		"GET /api/v1/supervision/units/{id}": {"units", false, seesUnit},
	}
	for _, at := range []string{"GET ", "GET /api/v1"} {
		at = strings.TrimSuffix(at, " ") + map[bool]string{true: " "}[at == "GET "]
		add := func(path string, d door) { list[at+path] = d }
		add("/supervision/assignments/{id}", door{"assignments", false, watchesCase})
		add("/supervision/instructions/{id}", door{"instructions", false, ofKinds(units...)})
		add("/key/selection/{session}", door{"sessions", false, ofKinds()})
		add("/appraisal/schemes/{id}", door{"schemes", false, ofKinds(units...)})
		add("/appraisal/schemes/{id}/compare", door{"schemes", false, ofKinds(units...)})
		add("/appraisal/schemes/{id}/marks/{code}", door{"schemes", false, ofKinds(units...)})
		add("/appraisal/schemes/{id}/units/{unit}", door{"schemes", false, ofKinds(units...)})
		add("/appraisal/schemes/{id}/units/{unit}/cases/{code}", door{"schemes", false, ofKinds(units...)})
		add("/appraisal/two-way/{id}", door{"pairs", false, seesCase})
		add("/commendations/{id}", door{"campaigns", false, ofKinds()})
		add("/commendations/{id}/winners", door{"campaigns", false, ofKinds()})
		add("/commendation-candidates/{id}", door{"candidates", false, ofKinds()})
		add("/archive/{kind}/{id}", door{"some proposals", false, archives})
		add("/archive/{kind}/{id}/file/{edition}", door{"some proposals", false, archives})
	}
	list["GET /api/v1/appraisal/meetings/{id}"] = door{"meetings", false, ofKinds()}
	list["GET /api/v1/supervision/chases/{id}"] = list["GET /supervision/chases/{id}"]
	list["GET /api/v1/commendations/{id}/eligible"] = door{"campaigns", false, ofKinds()}
	list["GET /api/v1/bodies/{id}/story"] = door{"bodies", false, ofKinds()}
	for _, page := range []string{"edit", "indicators/{code}", "units/{unit}/print"} {
		list["GET /appraisal/schemes/{id}/"+page] = door{"schemes", false, ofKinds(units...)}
	}
	for _, page := range []string{"", "/edit", "/score"} {
		list["GET /appraisal/meetings/{id}"+page] = door{"meetings", false, ofKinds()}
	}
	for _, page := range []string{"edit", "nominate", "review", "approve", "winners.csv", "certificates"} {
		list["GET /commendations/{id}/"+page] = door{"campaigns", false, ofKinds()}
	}
	for _, page := range []string{"end", "split"} {
		list["GET /setup/bodies/{id}/"+page] = door{"bodies", false, ofKinds()}
	}
	return list
}

// seesUnit: who watches over all, and the unit itself.
func seesUnit(_ *city, who access.Actor, x thing) bool {
	if who.CommitteeID == "elsewhere" {
		return false
	}
	return who.Is(access.Office, access.Chief, access.Leader, access.Dispatcher) || who.Is(access.Handler, access.Signer) && who.Post.BodyID == x.id
}

// watchesCase: who handles or watches over a case, not who proposes it.
func watchesCase(w *city, who access.Actor, x thing) bool {
	return w.handles(who, x.proposal) && who.Is(access.Office, access.Chief, access.Leader, access.Dispatcher, access.Handler, access.Signer)
}

// archives: the office and those who look on.
func archives(_ *city, who access.Actor, _ thing) bool {
	return who.CommitteeID != "elsewhere" && who.Is(access.Office, access.Chief, access.Leader)
}

// tables are where the things of a door are found: id and proposal, ” for
// none.
func tables() map[string]string {
	return map[string]string{
		"promises":     "SELECT id, case_id FROM promise ORDER BY id LIMIT 12",
		"assignments":  "SELECT id, case_id FROM assignment ORDER BY id LIMIT 40",
		"units":        "SELECT DISTINCT unit_id, '' FROM assignment ORDER BY unit_id LIMIT 8",
		"hand-overs":   "SELECT id, '' FROM hand_over ORDER BY id LIMIT 4",
		"jobs":         "SELECT id, '' FROM job ORDER BY id LIMIT 4",
		"chases":       "SELECT id, '' FROM chase ORDER BY id LIMIT 4",
		"instructions": "SELECT id, '' FROM late_instruction ORDER BY id LIMIT 4",
		"sessions":     "SELECT id, '' FROM term_session ORDER BY id LIMIT 3",
		"schemes":      "SELECT id, '' FROM appraisal_scheme ORDER BY id LIMIT 2",
		"pairs":        "SELECT assignment_id, case_id FROM appraisal_pair ORDER BY assignment_id LIMIT 8",
		"meetings":     "SELECT id, '' FROM appraisal_meeting ORDER BY id LIMIT 2",
		"campaigns":    "SELECT id, '' FROM commendation_campaign ORDER BY id LIMIT 2",
		"candidates":   "SELECT id, '' FROM commendation_candidate ORDER BY id LIMIT 4",
	}
}

// readYear reads the things of the handling year past every scope.
func (w *city) readYear(t *testing.T) {
	t.Helper()
	w.year = map[string][]thing{}
	for of, q := range tables() {
		w.year[of] = ask(t, w.s, func(r store.Row, x *thing) error { return r.Scan(&x.id, &x.proposal) }, q)
	}
	if len(w.year["promises"]) == 0 || len(w.year["assignments"]) == 0 {
		t.Fatal("the city of the walk made no promise")
	}
}

// mayNominate are the paths on which titles of filed proposals are shown to
// those who choose among them, whatever they see elsewhere (package
// commendation says why); what is not filed is still looked for.
func mayNominate(path string) bool {
	return strings.HasPrefix(path, "/commendation") || strings.HasPrefix(path, "/api/v1/commendation")
}

// total is the number of things that a list says there are.
func total(body string) int {
	var list struct {
		Total int `json:"total"`
	}
	if json.Unmarshal([]byte(body), &list) != nil {
		return 0
	}
	return list.Total
}
