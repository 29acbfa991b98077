package proposalweb

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/calendar"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// keyRoutes registers the pages and operations of key proposals (重点提案).
func keyRoutes(k *web.Kit, j *api.Kit) {
	k.Menu(
		web.MenuItem{Key: "proposal.key.menu", Path: "/key", Icon: "check", Tab: true, Order: 25, For: []access.PostKind{access.Leader}},
		web.MenuItem{Key: "proposal.key.menu", Path: "/key", Icon: "check", Order: 25, For: []access.PostKind{access.Office, access.Chief, access.Dispatcher, access.Handler, access.Signer}},
	)
	k.Page("GET /key", keyListPage, "key.list")
	k.Page("GET /key/export", keyExport)
	k.Page("GET /key/{id}", keyPage, "key.show")
	k.Page("GET /key/selection", keySelectionPage)
	k.Page("GET /key/selection/{session}", keySelectionPage, "key.selection")
	selectionForms(k)
	keyForms(k)
	keyAPI(j)
}

func selectionForms(k *web.Kit) {
	to := func(_ *web.Request, s proposal.KeySelected) string { return "/key/selection/" + s.Session }
	web.Form(k, "POST /key/selection/{session}/open", proposal.KeyOpen, to, web.Again[proposal.KeyOpenIn](keySelectionPage))
	web.Form(k, "POST /key/selection/{session}/move", proposal.KeyMove, to, web.Again[proposal.KeyMoveIn](keySelectionPage))
	web.Form(k, "POST /key/selection/{session}/shortlist", proposal.KeyShortlist, to, web.Again[proposal.KeyShortlistIn](keySelectionPage))
	web.Form(k, "POST /key/selection/{session}/consult", proposal.KeyConsult, to, web.Again[proposal.KeyConsultIn](keySelectionPage))
	web.Form(k, "POST /key/selection/{session}/approve", proposal.KeyApprove, to, web.Again[proposal.KeyApproveIn](keySelectionPage))
}

func keyForms(k *web.Kit) {
	to := func(_ *web.Request, d proposal.KeyDone) string { return proposal.KeyPath(d.ID) }
	web.Form(k, "POST /proposals/{id}/recommend", proposal.KeyRecommend, func(_ *web.Request, d proposal.Done) string { return "/proposals/" + d.ID }, web.Again[proposal.KeyRecommendIn](showPage))
	web.Form(k, "POST /key/{id}/arrange", proposal.KeyArrange, to, web.Again[proposal.KeyArrangeIn](keyPage))
	web.Form(k, "POST /key/{id}/plan", proposal.KeySubmitPlan, to, web.Again[proposal.KeyPlanIn](keyPage))
	web.Form(k, "POST /key/{id}/judge", proposal.KeyJudgePlan, to, web.Again[proposal.KeyJudgePlanIn](keyPage))
	web.Form(k, "POST /key/{id}/supervise", proposal.KeySupervise, to, web.Again[proposal.KeySuperviseIn](keyPage))
	web.Form(k, "POST /key/{id}/instruct", proposal.KeyInstruct, to, web.Again[proposal.KeyInstructIn](keyPage))
	web.Form(k, "POST /key/{id}/report", proposal.KeyTell, to, web.Again[proposal.KeyReportIn](keyPage))
	web.Form(k, "POST /key/{id}/press", proposal.KeyTell, to, web.Again[proposal.KeyReportIn](keyPage))
	web.Form(k, "POST /key/{id}/release", proposal.KeyRelease, to, web.Again[proposal.KeyReleaseIn](keyPage))
	web.Form(k, "POST /key/tasks/{id}/answer", proposal.KeyAnswer, to, web.Again[proposal.KeyAnswerIn](keyPage))
	web.Form(k, "POST /key/tasks/{id}/change", proposal.KeyChange, to, web.Again[proposal.KeyChangeIn](keyPage))
}

func keyAPI(j *api.Kit) {
	api.Get(j, "/api/v1/key", proposal.KeyList)
	api.Get(j, "/api/v1/key/{id}", proposal.KeyShow)
	api.Get(j, "/api/v1/key/selection/{session}", proposal.KeySelect)
	api.Get(j, "/api/v1/proposals/{id}/key", proposal.KeyMarkOf)
	api.Post(j, "/api/v1/key/selection/{session}/open", proposal.KeyOpen)
	api.Post(j, "/api/v1/key/selection/{session}/move", proposal.KeyMove)
	api.Post(j, "/api/v1/key/selection/{session}/shortlist", proposal.KeyShortlist)
	api.Post(j, "/api/v1/key/selection/{session}/consult", proposal.KeyConsult)
	api.Post(j, "/api/v1/key/selection/{session}/approve", proposal.KeyApprove)
	api.Post(j, "/api/v1/proposals/{id}/recommend", proposal.KeyRecommend)
	api.Post(j, "/api/v1/key/{id}/arrange", proposal.KeyArrange)
	api.Post(j, "/api/v1/key/{id}/plan", proposal.KeySubmitPlan)
	api.Post(j, "/api/v1/key/{id}/judge", proposal.KeyJudgePlan)
	api.Post(j, "/api/v1/key/{id}/supervise", proposal.KeySupervise)
	api.Post(j, "/api/v1/key/{id}/instruct", proposal.KeyInstruct)
	api.Post(j, "/api/v1/key/{id}/report", proposal.KeyTell)
	api.Post(j, "/api/v1/key/{id}/release", proposal.KeyRelease)
	api.Post(j, "/api/v1/key/tasks/{id}/answer", proposal.KeyAnswer)
	api.Post(j, "/api/v1/key/tasks/{id}/change", proposal.KeyChange)
}

// keyListPage is /key: a leader's home, and the year's list for everybody else.
func keyListPage(r *web.Request) (web.Page, error) {
	var in proposal.KeyListIn
	if err := web.Bind(r.URL.Query(), nil, &in); err != nil {
		in = proposal.KeyListIn{} // a year that is none shows the latest one
	}
	out, err := web.Ask(r, proposal.KeyList, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.key.list.title"), Body: keyListBody(r.View, out)}, nil
}

// keyPage is /key/{id}, and the page shown again when an act was refused. An
// act on something due tells in _case which key proposal it belongs to.
func keyPage(r *web.Request) (web.Page, error) {
	id := r.PathValue("id")
	if x := r.PostForm.Get("_case"); x != "" {
		id = x
	}
	s, err := web.Ask(r, proposal.KeyShow, proposal.ShowIn{ID: id})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: titleOf(r.View, s.Title), Body: keyBody(r.View, s)}, nil
}

// keySelectionPage is /key/selection/{session}.
func keySelectionPage(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, proposal.KeySelect, proposal.SessionIn{Session: r.Arg("session")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.key.select.title"), Body: selectionBody(r.View, s)}, nil
}

// keyMarked asks what the page of a proposal says of it as a key proposal;
// nothing before filing.
func keyMarked(r *web.Request, s *proposal.Shown) (*proposal.KeyMark, error) {
	if !s.State.IsFiled() {
		return nil, nil
	}
	return web.Ask(r, proposal.KeyMarkOf, proposal.ShowIn{ID: s.ID})
}

// keyExport is /key/export: the year's list as a table for spreadsheets.
func keyExport(r *web.Request) (web.Page, error) {
	var in proposal.KeyListIn
	if err := web.Bind(r.URL.Query(), nil, &in); err != nil {
		return web.Page{}, err
	}
	out, err := web.Ask(r, proposal.KeyList, in)
	if err != nil {
		return web.Page{}, err
	}
	v := r.View
	rows := [][]string{{v.T("proposal.list.number"), v.T("proposal.list.proposal"), v.T("proposal.list.proposer"), v.T("proposal.list.unit"), v.T("proposal.key.leaders"),
		v.T("proposal.list.state"), v.T("proposal.list.due"), v.T("proposal.key.plan"), v.T("proposal.key.records"), v.T("proposal.key.next"), v.T("proposal.key.open"), v.T("proposal.key.overdue"), v.T("proposal.key.class")}}
	for _, x := range append(out.Mine, out.Others...) {
		state := ""
		if x.State != "" {
			state = v.T("proposal.state." + string(x.State))
		}
		rows = append(rows, []string{number(v, x.Number, out.Width), x.Title, x.LeadName, x.LeadUnitName, leaderLine(v, x.Leaders), state, x.DueOn, v.T("proposal.key.state." + string(x.Plan)),
			itoa(x.Records), x.NextOn, itoa(len(x.Promised) + len(x.Overdue)), itoa(len(x.Overdue)), x.ReplyClass})
	}
	text := identity.Sheet(rows)
	name := v.T("proposal.key.file", "year", strconv.FormatInt(out.Year, 10)) + ".csv"
	return web.Page{File: &web.File{Name: name, Type: "text/csv; charset=utf-8", Size: int64(len(text)), Body: io.NopCloser(strings.NewReader(text))}}, nil
}

// keyForm is one of several forms on a page: only the one that was refused
// shows what was typed, and ids do not meet.
type keyForm struct {
	v            web.View
	action, mark string
}

func keyFormAt(v web.View, action, mark string) keyForm {
	if v.Failed == action {
		mark = ""
	} else {
		mark += "-"
	}
	return keyForm{of(v, action), action, mark}
}

func (f keyForm) field(name, label string) web.Field {
	return web.Field{Name: name, ID: f.mark + name, Label: f.v.T(label)}
}

func (f keyForm) required(name, label string) web.Field {
	x := f.field(name, label)
	x.Required = true
	return x
}

func (f keyForm) optional(name, label string) web.Field {
	x := f.field(name, label)
	x.Optional = true
	return x
}

// date is a field for a date in a row, of which not all need to be filled in.
func (f keyForm) date(name, label string) web.Field {
	x := f.field(name, label)
	x.Type = "date"
	return x
}

// day is a field for a date.
func (f keyForm) day(name, label string, required bool) web.Field {
	x := f.field(name, label)
	x.Type, x.Required, x.Optional = "date", required, !required
	return x
}

func tall(f web.Field, rows int) web.Field {
	f.Rows = rows
	return f
}

// at is the name of a field in a row of a form.
func at(list string, row int, name string) string { return fmt.Sprintf("%s.%d.%s", list, row, name) }

func key(id, act string) string { return proposal.KeyPath(id) + "/" + act }

// keyTask is the address of an act on something that is due.
func keyTask(id, act string) string { return "/key/tasks/" + id + "/" + act }

func version64(n int64) string { return strconv.FormatInt(n, 10) }

func unitChoices(v web.View, list []proposal.Unit) []web.Option {
	options := []web.Option{{Text: v.T("proposal.key.choose")}}
	for _, u := range list {
		options = append(options, web.Option{Value: u.ID, Text: u.Name})
	}
	return options
}

func leaderChoices(v web.View, list []proposal.KeyLeader) []web.Option {
	options := []web.Option{{Text: v.T("proposal.key.choose")}}
	for _, x := range list {
		options = append(options, web.Option{Value: x.PersonID, Text: x.Name})
	}
	return options
}

func wordChoices(v web.View, prefix string, codes []string) []web.Option {
	options := []web.Option{{Text: v.T("proposal.key.choose")}}
	for _, c := range codes {
		options = append(options, web.Option{Value: c, Text: v.T(prefix + c)})
	}
	return options
}

// criteria are the criteria to tick.
func criteria(list []profile.Coded) []web.Option {
	var options []web.Option
	for _, c := range list {
		if !c.Off {
			options = append(options, web.Option{Value: c.Code, Text: c.Name})
		}
	}
	return options
}

func levelChoices(v web.View) []web.Option {
	var options []web.Option
	for _, x := range organization.Levels() {
		options = append(options, web.Option{Value: x, Text: v.T("proposal.key.level." + x)})
	}
	return options
}

// leaderLine names leaders with what they do: 陆行简（领衔督办）.
func leaderLine(v web.View, list []proposal.KeyLeader) string {
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = v.T("proposal.key.leader.line", "name", x.Name, "organ", v.T("proposal.key.organ."+x.Organ), "role", v.T("proposal.key.role."+x.Role))
	}
	return strings.Join(names, v.T("proposal.key.comma"))
}

// taskWord is what is due in words: what, by whom.
func taskWord(v web.View, t proposal.KeyTask) string {
	what := v.T("proposal.key.due." + t.Kind)
	if t.Text != "" {
		what = v.T("proposal.key.due.text", "kind", what, "text", t.Text)
	}
	if t.BodyName == "" {
		return what
	}
	return v.T("proposal.key.due.by", "body", t.BodyName, "what", what)
}

// taskTime says until when something is due, or how late it is.
func taskTime(v web.View, t proposal.KeyTask) string {
	switch {
	case t.State == proposal.TaskDone && calendar.DateOf(t.AnsweredAt.Time, calendar.Beijing).String() > t.DueOn:
		return v.T("proposal.key.time.done-late", "on", v.Date(t.AnsweredAt.Time), "due", v.Day(t.DueOn))
	case t.State == proposal.TaskDone:
		return v.T("proposal.key.time.done", "on", v.Date(t.AnsweredAt.Time), "due", v.Day(t.DueOn))
	case t.State != proposal.TaskOpen:
		return v.T("proposal.key.time.ended")
	case t.Late && t.Left < 0:
		return v.T("proposal.key.time.late", "on", v.Day(t.DueOn), "n", -t.Left)
	case t.Late:
		return v.T("proposal.key.time.over", "on", v.Day(t.DueOn))
	case t.Left == 0:
		return v.T("proposal.key.time.last", "on", v.Day(t.DueOn))
	default:
		return v.T("proposal.key.time.left", "on", v.Day(t.DueOn), "n", t.Left)
	}
}

func taskTone(t proposal.KeyTask) string {
	switch {
	case t.Late:
		return "bad"
	case t.State == proposal.TaskDone:
		return "ok"
	case t.State != proposal.TaskOpen:
		return "mute"
	case t.Left <= near:
		return "warn"
	default:
		return "info"
	}
}

// taskTag is the word of the state of something due; late is a word too.
func taskTag(v web.View, t proposal.KeyTask) string {
	if t.Late {
		return v.T("proposal.list.late")
	}
	if t.State == proposal.TaskDone && (t.Kind == proposal.DuePlan || t.Kind == proposal.DueSupervision) {
		return v.T("proposal.key.done." + t.Kind)
	}
	return v.T("proposal.key.state." + string(t.State))
}

func planTone(s proposal.KeyState) string {
	switch s {
	case proposal.PlanAccepted:
		return "ok"
	case proposal.PlanSubmitted:
		return "info"
	default:
		return "warn"
	}
}

// nextSteps are the steps that a selection may be taken to from where it is,
// on and back.
func nextSteps(s *proposal.KeySelection) (on, back proposal.KeyState) {
	switch s.State {
	case proposal.KeyRecommending:
		return proposal.KeyShortlisting, ""
	case proposal.KeyShortlisting:
		return proposal.KeyConsulting, proposal.KeyRecommending
	case proposal.KeyConsulting:
		return proposal.KeyApproving, proposal.KeyShortlisting
	case proposal.KeyApproving:
		return "", proposal.KeyConsulting
	default:
		return "", proposal.KeyRecommending
	}
}

func selectionSteps() []proposal.KeyState {
	return []proposal.KeyState{proposal.KeyRecommending, proposal.KeyShortlisting, proposal.KeyConsulting, proposal.KeyApproving, proposal.KeyDecided}
}

// candidatesIn are the candidates in some states.
func candidatesIn(s *proposal.KeySelection, states ...proposal.KeyState) []proposal.KeyCandidate {
	var list []proposal.KeyCandidate
	for _, x := range s.Candidates {
		for _, state := range states {
			if x.State == state {
				list = append(list, x)
			}
		}
	}
	return list
}

func candidateTone(s proposal.KeyState) string {
	switch s {
	case proposal.KeyApproved, proposal.KeyKept:
		return "ok"
	case proposal.KeyShortlisted:
		return "info"
	case proposal.KeyRecommended:
		return "warn"
	default:
		return "mute"
	}
}

func criteriaLine(v web.View, list []profile.Coded, codes []string) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = profile.NameOf(list, c)
	}
	return strings.Join(words, v.T("proposal.key.comma"))
}

// limitLine says how many key proposals the session may have.
func limitLine(v web.View, s *proposal.KeySelectionShown) string {
	if s.Most < 0 {
		return v.T("proposal.key.limit.none", "n", s.InAll)
	}
	return v.T("proposal.key.limit", "most", s.Most, "n", s.InAll)
}

func candidateName(v web.View, x proposal.KeyCandidate, width int) string {
	return v.T("proposal.key.candidate", "number", number(v, x.Number, width), "title", x.Title)
}

// filled reports whether something was typed into rows of a list, or is wrong
// with it: then they are not folded away.
func filled(f keyForm, list string, from, to int, names ...string) bool {
	for i := from; i < to; i++ {
		for _, name := range names {
			if x := at(list, i, name); f.v.Value(x, "") != "" || f.v.Problem(x) != "" {
				return true
			}
		}
	}
	return false
}

// firstLeader is who led a supervision unless something else is typed.
func firstLeader(s *proposal.KeyShown) string {
	if len(s.Key.Leaders) == 0 {
		return ""
	}
	return s.Key.Leaders[0].Name
}

// mayAnswer reports whether the one who looks may answer something due.
func mayAnswer(s *proposal.KeyShown, id string) bool {
	for _, x := range s.Answers {
		if x == id {
			return true
		}
	}
	return false
}

// tasksOf are those of some kinds, of one source when it is given.
func tasksOf(s *proposal.KeyShown, source string, kinds ...string) []proposal.KeyTask {
	var list []proposal.KeyTask
	for _, t := range s.Key.Tasks {
		for _, k := range kinds {
			if t.Kind == k && (source == "" || t.SourceID == source) {
				list = append(list, t)
			}
		}
	}
	return list
}

// lateOnes are the tasks that are overdue; a supervision that is, is the
// committee's and the leader's affair and no reproach to the unit.
func lateOnes(v web.View, s *proposal.KeyShown) []proposal.KeyTask {
	list := s.Key.Late()
	if isStaff(v) || isLeader(v) {
		return list
	}
	return slices.DeleteFunc(list, func(t proposal.KeyTask) bool { return t.Kind == proposal.DueSupervision })
}

// firstOnes are at most n of a list.
func firstOnes(list []proposal.KeyTask, n int) []proposal.KeyTask { return list[:min(n, len(list))] }

func isLeader(v web.View) bool { return v.Who.Is(access.Leader) }

func isStaff(v web.View) bool { return v.Who.Is(access.Office, access.Chief) }

// recommendedFor tells which criteria the one who looks ticked before.
func recommendedFor(m *proposal.KeyMark) func(string) bool {
	return func(code string) bool { return m.Mine != nil && slices.Contains(m.Mine.Criteria, code) }
}

// reasonGiven is the field of the reason, with the one given before.
func reasonGiven(f keyForm, m *proposal.KeyMark) web.Field {
	x := f.required("reason", "proposal.key.recommend.reason")
	if m.Mine != nil {
		x.Value = m.Mine.Reason
	}
	return x
}
