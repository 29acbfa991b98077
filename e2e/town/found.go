package town

import "time"

// open founds the committee, in the days of its plenary.
func (w *Town) open(code string) {
	w.t.Helper()
	at, err := time.Parse("2006-01-02T15:04", w.plan.At)
	if err != nil {
		w.t.Fatal(err)
	}
	day := func(days int) string { return at.AddDate(0, 0, days).Format(time.DateOnly) }
	in := Post[struct {
		SignedIn struct{ Token string } `json:"signed_in"`
	}](w.nobody(), "/api/v1/found", Fields{"code": code, "name": "政协江城市委员会", "short_name": "江城市政协", "level": "city",
		"term": 14, "term_starts_on": day(-780), "number": 3, "opens_on": day(-1), "closes_on": day(3),
		"collect_from": day(-60) + "T09:00:00+08:00", "cutoff_at": day(2) + "T18:00:00+08:00",
		"admin_name": admin, "login": adminLogin, "password": Password, "again": Password, "security_name": "严格己", "auditor_name": "方正明"})
	if in.SignedIn.Token != "" {
		w.clerks[admin] = &Clerk{w, in.SignedIn.Token}
	}
}

// build gives the committee its bodies.
func (w *Town) build() {
	w.t.Helper()
	for i, b := range w.plan.Bodies {
		x := Fields{"kind": b.Kind, "name": b.Name, "sort": i}
		if b.Channel != "" {
			x["channel"] = b.Channel
		}
		w.Bodies[b.Name] = Post[Made](w.As(admin), "/api/v1/bodies", x).ID
	}
	for _, b := range Get[[]struct{ ID, Kind string }](w.As(admin), "/api/v1/bodies") {
		if b.Kind == "committee" {
			w.Bodies[""] = b.ID
		}
	}
}

// settle enters the people, with their posts, and takes their accounts for them.
func (w *Town) settle() {
	w.t.Helper()
	a := w.As(admin)
	term := Get[[]Made](a, "/api/v1/terms")[0].ID
	var ids []string
	logins := map[string]string{}
	for _, x := range w.plan.People {
		id := Post[Made](a, "/api/v1/people", Fields{"name": x.Name, "phone": x.Phone}).ID
		Post[Made](a, "/api/v1/people/"+id+"/posts", Fields{"body_id": w.Bodies[x.Body], "kind": x.Kind})
		if x.Sector != "" {
			Post[Made](a, "/api/v1/memberships", Fields{"person_id": id, "term_id": term, "sector_id": w.Bodies[x.Sector]})
		}
		ids, logins[id] = append(ids, id), x.Login
	}
	slips := Post[struct {
		Slips []struct {
			PersonID string `json:"person_id"`
			Code     string
		}
	}](a, "/api/v1/accounts/codes", Fields{"people": ids}).Slips
	for _, s := range slips {
		Post[Done](w.nobody(), "/api/v1/claim", Fields{"code": s.Code, "login": logins[s.PersonID], "password": Password, "again": Password})
	}
}
