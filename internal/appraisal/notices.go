package appraisal

import (
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
)

// PathOf is the path of the page of a scheme; SheetPath of a unit's sheet.
func PathOf(scheme string) string { return "/appraisal/schemes/" + scheme }

// SheetPath is the path of a unit's sheet.
func SheetPath(scheme, unit string) string { return PathOf(scheme) + "/units/" + unit }

// MeetingPath is the path of the page of an appraisal meeting.
func MeetingPath(meeting string) string { return "/appraisal/meetings/" + meeting }

// Notices says who is told what of the appraisal.
func Notices() []notify.Rule {
	return []notify.Rule{
		telling("appraisal.published", published),
		telling("appraisal.appealed", func(n *news, f WasAppealed) error {
			return n.holders("", "appraisal.notice.appealed", SheetPath(f.SchemeID, f.UnitID), []string{"year", strconv.Itoa(f.Year), "unit", f.UnitName}, access.Office, access.Chief)
		}),
		telling("appraisal.ruled", func(n *news, f WasRuled) error {
			return n.unit(f.UnitID, "appraisal.notice.ruled."+f.Ruling, SheetPath(f.SchemeID, f.UnitID), "year", strconv.Itoa(f.Year))
		}),
		telling("appraisal.adjusted", func(n *news, f WasAdjusted) error {
			return n.unit(f.UnitID, "appraisal.notice.adjusted", SheetPath(f.SchemeID, f.UnitID), "year", strconv.Itoa(f.Year), "points", f.Points.Signed())
		}),
		telling("appraisal.shown", func(n *news, f WasShown) error {
			link, args := "/appraisal/two-way/"+f.AssignmentID, []string{"title", f.Title}
			if err := n.unit(f.UnitID, "appraisal.notice.shown", link, args...); err != nil {
				return err
			}
			return n.people(f.People, f.Bodies, "appraisal.notice.shown", link, args...)
		}),
		telling("appraisal.meeting-opened", func(n *news, f MeetingOpened) error {
			if err := n.units(f.Units, "appraisal.notice.to-account", MeetingPath(f.MeetingID), "title", f.Title); err != nil {
				return err
			}
			return n.people(f.People, nil, "appraisal.notice.to-score", MeetingPath(f.MeetingID)+"/score", "title", f.Title)
		}),
		telling("appraisal.meeting-announced", func(n *news, f MeetingAnnouncedFact) error {
			return n.units(f.Units, "appraisal.notice.meeting-result", MeetingPath(f.MeetingID), "title", f.Title)
		}),
		telling("appraisal.meeting-reported", func(n *news, f MeetingReportedFact) error {
			for _, d := range f.Demands {
				if err := n.unit(d.UnitID, "appraisal.notice.to-mend", MeetingPath(f.MeetingID), "title", f.Title, "day", d.MendBy); err != nil {
					return err
				}
			}
			return nil
		}),
		telling("appraisal.mended", func(n *news, f UnitMended) error {
			return n.holders("", "appraisal.notice.mended", MeetingPath(f.MeetingID), []string{"title", f.Title, "unit", f.UnitName}, access.Office, access.Chief)
		}),
		telling("appraisal.looked-back", func(n *news, f UnitLookedAt) error {
			if f.OK {
				return n.unit(f.UnitID, "appraisal.notice.looked-ok", MeetingPath(f.MeetingID), "title", f.Title)
			}
			return n.unit(f.UnitID, "appraisal.notice.looked-again", MeetingPath(f.MeetingID), "title", f.Title, "day", f.MendBy)
		}),
	}
}

func published(n *news, f WasPublished) error {
	year := strconv.Itoa(f.Year)
	for _, u := range f.Units {
		if err := n.unit(u, "appraisal.notice.published", SheetPath(f.SchemeID, u), "year", year); err != nil {
			return err
		}
	}
	return n.holders("", "appraisal.notice.announced", PathOf(f.SchemeID), []string{"year", year}, access.Leader, access.Dispatcher)
}

// news is what is told of one fact.
type news struct {
	l    *app.Look
	list []notify.Notice
}

// telling makes a rule of what to tell when a fact of a type happened.
func telling[F app.Fact](fact string, say func(*news, F) error) notify.Rule {
	return notify.Rule{Fact: fact, Notices: func(l *app.Look, h app.Heard) ([]notify.Notice, error) {
		f, err := notify.Body[F](h)
		if err != nil {
			return nil, err
		}
		n := &news{l: l}
		if err := say(n, f); err != nil {
			return nil, err
		}
		return n.list, nil
	}}
}

// unit tells the people of a unit.
func (n *news) unit(unit, key, link string, args ...string) error {
	return n.holders(unit, key, link, args, access.Handler, access.Signer)
}

// holders tells who holds posts of some kinds in a body, "" in any.
func (n *news) holders(body, key, link string, args []string, kinds ...access.PostKind) error {
	to, err := notify.Holders(n.l, body, kinds...)
	if err != nil {
		return err
	}
	n.list = append(n.list, notify.Notice{To: to, Key: key, Args: args, Link: link})
	return nil
}

// people tells persons, and the conveners of organisations.
func (n *news) people(people, bodies []string, key, link string, args ...string) error {
	to, err := notify.People(n.l, people, bodies)
	if err != nil {
		return err
	}
	n.list = append(n.list, notify.Notice{To: to, Key: key, Args: args, Link: link})
	return nil
}

// units tells the people of several units.
func (n *news) units(units []string, key, link string, args ...string) error {
	for _, u := range units {
		if err := n.unit(u, key, link, args...); err != nil {
			return err
		}
	}
	return nil
}
