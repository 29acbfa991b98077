package supervision

import (
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
	"tongxin/internal/organization"
)

// Notices says who is told what of chases, instructions and the week.
func Notices() []notify.Rule {
	return []notify.Rule{
		on("chase.sent", sentNotices),
		on("chase.answered", answeredNotices),
		on("chase.unanswered", unansweredNotices),
		on("instruction.given", instructedNotices),
		on("instruction.reported", func(_ *app.Look, f WasReported) ([]notify.Notice, error) {
			return []notify.Notice{{To: []string{f.LeaderID}, Key: "supervision.notice.reported", Args: f.args(), Link: instructionAt(f.ID)}}, nil
		}),
		on("supervision.week", func(_ *app.Look, f WeekTold) ([]notify.Notice, error) {
			return []notify.Notice{{To: []string{f.PersonID}, Key: "supervision.notice.week", Args: f.args(), Link: "/supervision"}}, nil
		}),
	}
}

// on makes a rule of what to tell when a fact of a type happened.
func on[F any](fact string, say func(*app.Look, F) ([]notify.Notice, error)) notify.Rule {
	return notify.Rule{Fact: fact, Notices: func(l *app.Look, h app.Heard) ([]notify.Notice, error) {
		f, err := notify.Body[F](h)
		if err != nil {
			return nil, err
		}
		return say(l, f)
	}}
}

// ChaseAt is the path of the page of a chase.
func ChaseAt(id string) string { return "/supervision/chases/" + id }

func instructionAt(id string) string { return "/supervision/instructions/" + id }

func (f About) args() []string {
	return []string{"unit", f.UnitName, "from", f.FromName, "n", strconv.Itoa(f.N), "number", bare(f.Number), "title", f.Title,
		"letter", fmt.Sprintf("%d-%d", f.Year, f.No)}
}

// bare is a number without the words around it, which each language has of its
// own: 014 of 第 014 号.
func bare(number string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(number, "第"), "号"))
}

// unitPeople are the handlers and signing leaders of a unit, or of the one that
// stands for it today.
func unitPeople(l *app.Look, unitID string) ([]string, error) {
	b, err := organization.HeirOf(l, unitID)
	if err != nil {
		return nil, err
	}
	return notify.Holders(l, b.ID, access.Handler, access.Signer)
}

// deskPeople are those of a supervision office, or of the committee's office.
func deskPeople(l *app.Look, deskID string) ([]string, error) {
	if deskID == "" {
		return notify.Holders(l, "", access.Office)
	}
	today, err := deskToday(l, deskID)
	if err != nil {
		return nil, err
	}
	return notify.Holders(l, today, access.Dispatcher)
}

// keepers are who sent a chase, and whose assignments it is about.
func (f About) keepers(l *app.Look) ([]string, error) {
	list, err := deskPeople(l, f.FromDesk)
	if err != nil || f.FromDesk == f.DeskID {
		return list, err
	}
	more, err := deskPeople(l, f.DeskID)
	return append(list, more...), err
}

// sentNotices tell the unit; a letter by text message too, whatever people
// chose. A desk is told when the committee's office chased in its place.
func sentNotices(l *app.Look, f WasSent) ([]notify.Notice, error) {
	to, err := unitPeople(l, f.UnitID)
	if err != nil {
		return nil, err
	}
	n := notify.Notice{To: to, Key: "supervision.notice.chased", Args: append(f.args(), "day", f.AnswerBy), Link: ChaseAt(f.ID), Urgency: notify.Pressing}
	if f.Form == Letter {
		n.Key, n.By = "supervision.notice.letter", []string{notify.BySMS}
	}
	list := []notify.Notice{n}
	if f.DeskID != "" && f.FromDesk != f.DeskID {
		desk, err := deskPeople(l, f.DeskID)
		if err != nil {
			return nil, err
		}
		list = append(list, notify.Notice{To: desk, Key: "supervision.notice.chased-by-office", Args: n.Args, Link: n.Link})
	}
	return list, nil
}

// answeredNotices tell who sent it what the unit wrote. What came that was
// awaited is told by handling.
func answeredNotices(l *app.Look, f WasAnswered) ([]notify.Notice, error) {
	if f.How != ByWords {
		return nil, nil
	}
	to, err := f.keepers(l)
	return []notify.Notice{{To: to, Key: "supervision.notice.answered", Args: f.args(), Link: ChaseAt(f.ID)}}, err
}

func unansweredNotices(l *app.Look, f WasUnanswered) ([]notify.Notice, error) {
	args := append(f.args(), "day", f.AnswerBy)
	desk, err := f.keepers(l)
	if err != nil {
		return nil, err
	}
	unit, err := unitPeople(l, f.UnitID)
	return []notify.Notice{
		{To: desk, Key: "supervision.notice.unanswered", Args: args, Link: ChaseAt(f.ID)},
		{To: unit, Key: "supervision.notice.answer-late", Args: args, Link: ChaseAt(f.ID), Urgency: notify.Pressing},
	}, err
}

func (f WasInstructed) args() []string {
	return []string{"unit", f.UnitName, "name", f.LeaderName, "number", bare(f.Number), "title", f.Title, "day", f.DueOn}
}

func instructedNotices(l *app.Look, f WasInstructed) ([]notify.Notice, error) {
	unit, err := unitPeople(l, f.UnitID)
	if err != nil {
		return nil, err
	}
	desk, err := deskPeople(l, f.DeskID)
	if err != nil {
		return nil, err
	}
	asked, knows := unit, desk
	if f.To == ForDesk {
		asked, knows = desk, nil
	}
	return []notify.Notice{
		{To: asked, Key: "supervision.notice.instructed", Args: f.args(), Link: instructionAt(f.ID), Urgency: notify.Pressing},
		{To: knows, Key: "supervision.notice.instructed-unit", Args: f.args(), Link: instructionAt(f.ID)},
	}, nil
}

// args name the units with their numbers: 市财政局 3、市交通局 2.
func (f WeekTold) args() []string {
	parts := make([]string, len(f.Units))
	for i, u := range f.Units {
		parts[i] = u.UnitName + " " + strconv.Itoa(u.N)
	}
	return []string{"n", strconv.Itoa(f.Late), "units", strings.Join(parts, "、")}
}
