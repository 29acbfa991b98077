package handlingweb

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/handling"
	"tongxin/internal/profile"
	"tongxin/internal/web"
)

// form is one of several forms on a page: only the one that was refused shows
// what was typed and what is wrong, and ids do not meet.
type form struct {
	v    web.View
	path string
	mark string // prefix of the ids of a form that was not refused
}

func formAt(v web.View, path, mark string) form {
	if v.Failed == path {
		return form{v, path, ""}
	}
	v.Typed, v.Fault = nil, nil
	return form{v, path, mark + "-"}
}

// field is a field of the form; label is a message key.
func (f form) field(name, label string) web.Field {
	x := web.Field{Name: name, Label: f.v.T(label), ID: f.mark + strings.ReplaceAll(name, ".", "-")}
	if f.mark == "" {
		x.ID = name // so that the list of problems finds it
	}
	return x
}

func (f form) required(name, label string) web.Field {
	x := f.field(name, label)
	x.Required = true
	return x
}

func (f form) optional(name, label string) web.Field {
	x := f.field(name, label)
	x.Optional = true
	return x
}

// options are the entries of a coded list that may be chosen.
func options(list []profile.Coded) []web.Option {
	var out []web.Option
	for _, c := range list {
		if !c.Off {
			out = append(out, web.Option{Value: c.Code, Text: c.Name})
		}
	}
	return out
}

// chooseOne is options with an empty one before them.
func chooseOne(v web.View, list []profile.Coded) []web.Option {
	return append([]web.Option{{Text: v.T("handling.choose.one")}}, options(list)...)
}

func roleOptions(v web.View) []web.Option {
	var out []web.Option
	for _, r := range handling.Roles() {
		out = append(out, web.Option{Value: string(r), Text: v.T("handling.role." + string(r))})
	}
	return out
}

// toneOf is the colour of the dot of an assignment.
func toneOf(a handling.Assigned) string {
	switch {
	case a.Late || a.SignLate:
		return "bad"
	case a.State == handling.Answered:
		return "ok"
	case a.State == handling.Sent:
		return "warn"
	case a.State == handling.Waived:
		return "mute"
	default:
		return "info"
	}
}

func lineTone(x handling.Line) string {
	return toneOf(handling.Assigned{Assignment: handling.Assignment{State: x.State}, Late: x.Late})
}

// stateWord is the state of an assignment, with the reply's for its own unit.
func stateWord(v web.View, state handling.State, reply handling.ReplyState) string {
	if state == handling.SignedFor && (reply == handling.Signing || reply == handling.Countersigning || reply == handling.Reading) {
		return v.T("handling.reply.state." + string(reply))
	}
	return v.T("handling.state." + string(state))
}

// gradeWord is the word of a grade; no response is no grade of the profile.
func gradeWord(v web.View, words handling.Vocabulary, code string) string {
	if code == handling.NoResponse {
		return v.T("handling.grade." + code)
	}
	return profile.NameOf(words.Grades, code)
}

func gradeTone(code string) string {
	switch code {
	case handling.Dissatisfied:
		return "bad"
	case handling.NoResponse:
		return "mute"
	default:
		return "ok"
	}
}

// dueClass is the look of a deadline.
func dueClass(a handling.Assigned) string {
	switch {
	case a.State == handling.Answered:
		return "due done"
	case a.Late:
		return "due late"
	case a.Left <= 7:
		return "due near"
	default:
		return "due"
	}
}

func names(list []handling.Named) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name
	}
	return strings.Join(out, "、")
}

// unitLine is a unit with its role, as in "市财政局（会办）".
func unitLine(v web.View, list []handling.UnitRole) string {
	out := make([]string, len(list))
	for i, u := range list {
		out[i] = u.Name
		if u.Role != "" {
			out[i] = v.T("handling.unit-role", "unit", u.Name, "role", v.T("handling.role."+string(u.Role)))
		}
	}
	return strings.Join(out, "、")
}

// preset are the lines of a form for units: what was proposed, else what the
// proposer suggested, and empty ones up to n.
func preset(proposed, suggested []handling.UnitRole, n int) []handling.UnitRole {
	list := append([]handling.UnitRole(nil), proposed...)
	if len(list) == 0 {
		list = append(list, suggested...)
	}
	for i := range list {
		if list[i].Role == "" {
			list[i].Role = usual(i, len(list))
		}
	}
	for len(list) < n {
		list = append(list, handling.UnitRole{Role: usual(len(list), n)})
	}
	return list
}

// usual is the role that a unit has most often at its place.
func usual(i, n int) handling.Role {
	switch {
	case i == 0 && n == 1:
		return handling.Sole
	case i == 0:
		return handling.Lead
	default:
		return handling.Assist
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func version(n int64) string { return strconv.FormatInt(n, 10) }

// machine writes an instant for the datetime attribute.
func machine(t time.Time) string { return t.Format("2006-01-02T15:04:05Z07:00") }

func letterTitle(v web.View, s handling.ReplyShown) string {
	if s.Reference == "" {
		return v.T("handling.letter.title", "title", s.Title, "number", s.Number)
	}
	return v.T("handling.letter.formal", "reference", s.Reference)
}

// late says how late something is, or how much time is left.
func timeLeft(v web.View, left int, late bool) string {
	switch {
	case late && left == 0:
		return v.T("handling.late")
	case late:
		return v.T("handling.late.by", "n", -left)
	case left == 0:
		return v.T("handling.left.today")
	default:
		return v.T("handling.left", "n", left)
	}
}

// draftSheet is what the page of writing a reply shows.
type draftSheet struct {
	handling.View
	A       handling.Assigned
	Text    handling.ReplyText
	Version int64  // of the reply, of the assignment when entering
	Note    string // why it was given back
	NoteBy  string // message key of who gave it back
	Enters  bool
	Missing []string // assisting units whose opinion is not there
}

// sheetOf finds the assignment whose reply may be written now.
func sheetOf(x handling.View, assignment string) (draftSheet, bool) {
	for _, a := range x.Assignments {
		if !(a.May.Draft || a.May.Enter) || assignment != "" && a.ID != assignment {
			continue
		}
		s := draftSheet{View: x, A: a, Enters: !a.May.Draft}
		if s.Enters {
			s.Version = a.Version
		}
		begun := false
		for _, r := range x.Replies {
			if r.AssignmentID == a.ID && r.State == handling.Drafted {
				begun = true
				s.Text, s.Version, s.Note, s.NoteBy = r.ReplyText, r.Version, r.ReturnedNote, returnedBy(x, r)
			}
		}
		if !begun && a.Round > 1 {
			s.Text.Promises = s.standing()
		}
		for _, o := range x.Assignments {
			if o.Role == handling.Assist && o.Owes() {
				s.Missing = append(s.Missing, o.UnitName)
			}
		}
		return s, true
	}
	return draftSheet{}, false
}

// returnedBy says who gave a draft back: its reader, or the unit's own leader.
func returnedBy(x handling.View, r handling.Reply) string {
	last := handling.ReadingOf{}
	for _, g := range x.Readings {
		if g.ReplyID == r.ID {
			last = g
		}
	}
	if last.Result == handling.SentBack && last.Words == r.ReturnedNote {
		return "handling.reply.sent-back"
	}
	return "handling.reply.returned"
}

// Acts reports whether there is something to do for the one who looks.
func Acts(x handling.View) bool {
	if x.May != (handling.May{}) {
		return true
	}
	for _, a := range x.Assignments {
		if a.May != (handling.MayUnit{}) {
			return true
		}
	}
	return false
}

// answerTo is what is stored as the answer to a suggestion.
func (s draftSheet) answerTo(no int) handling.ItemAnswer {
	for _, x := range s.Text.Items {
		if x.No == no {
			return x
		}
	}
	return handling.ItemAnswer{No: no}
}

// replyHeading names a reply among several of a unit.
func replyHeading(v web.View, r handling.Reply) string {
	switch r.Purpose {
	case handling.AgainReply:
		return v.T("handling.reply.again-of", "unit", r.UnitName, "n", r.Round)
	case handling.FollowUp:
		return v.T("handling.reply.follow-up-of", "unit", r.UnitName)
	default:
		return v.T("handling.reply.of", "unit", r.UnitName)
	}
}

// followed reports whether the unit sent a later reply in the same case.
func followed(x handling.View, r handling.Reply) bool {
	return r.State == handling.Issued && slices.ContainsFunc(x.Replies, func(o handling.Reply) bool {
		return o.AssignmentID == r.AssignmentID && o.State == handling.Issued && o.IssuedAt.After(r.IssuedAt.Time)
	})
}

// foldedReply is a reply in one line.
func foldedReply(v web.View, x handling.View, r handling.Reply) string {
	return strings.Join([]string{replyHeading(v, r), profile.NameOf(x.Words.Classes, r.Class), v.T("handling.reply.issued-on", "on", v.Date(r.IssuedAt.Time))}, " · ")
}

// itemText is the text of a numbered suggestion.
func itemText(items []handling.Item, no int) string {
	for _, x := range items {
		if x.No == no {
			return x.Text
		}
	}
	return ""
}
