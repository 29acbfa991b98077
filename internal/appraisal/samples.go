package appraisal

// Sample is a scheme to begin with; everything in it may be changed.
type Sample struct {
	Code string `json:"code"` // its name is the message key appraisal.sample.<code>
	Terms
}

// Samples are schemes as committees have used them, in the order of the form.
func Samples() []Sample {
	return []Sample{{"hundred", hundred()}, {"itemwise", itemwise()}, {"extra", extra()}, {"deduct", deduct()}}
}

// rise is a linear rule from one point to another.
func rise(from, points, to, full Decimal) Rule {
	return Rule{Kind: Linear, Rows: []Row{{from, points}, {to, full}}}
}

// marked is an indicator with a full mark that is also its cap.
func marked(code, name, group, measure, of string, full int64, r Rule) Indicator {
	return Indicator{Code: code, Name: name, Group: group, Measure: measure, Of: of, Rule: r, Full: Whole(full), Cap: Whole(full), MinCases: 1, Without: WithoutShare}
}

// apart is an indicator that only adds or deducts, between floor and cap.
func apart(code, name, group, measure, of string, floor, top int64, r Rule) Indicator {
	return Indicator{Code: code, Name: name, Group: group, Measure: measure, Of: of, Rule: r, Floor: Whole(floor), Cap: Whole(top), Without: WithoutZero}
}

func usual(list ...Indicator) Terms {
	return Terms{Indicators: list, Levels: usualLevels(), AppealWorkdays: 10}
}

// hundred is a table of 100 points over time, quality, effect and publicity.
func hundred() Terms {
	up := func(full int64) Rule { return rise(Whole(80), 0, Whole(100), Whole(full)) }
	return usual(
		marked("k1", "签收及时", "办理时效", "sign-on-time", OfAll, 5, up(5)),
		marked("k2", "按期答复", "办理时效", "reply-on-time", OfMain, 15, up(15)),
		marked("k3", "按期会办", "办理时效", "opinion-on-time", OfAssist, 10, up(10)),
		marked("k4", "首次沟通及时", "沟通协商", "contact-in-time", OfMain, 5, up(5)),
		marked("k5", "当面沟通", "沟通协商", "face-to-face", OfMain, 15, up(15)),
		marked("k6", "建议采纳", "办理成效", "items-taken", OfMain, 15, rise(Whole(40), 0, Whole(80), Whole(15))),
		marked("k7", "A、B 类答复", "办理成效", "class-ab", OfMain, 10, rise(Whole(50), 0, Whole(90), Whole(10))),
		marked("k8", "对结果满意", "委员评价", "result-satisfied", OfMain, 15, up(15)),
		marked("k9", "对态度满意", "委员评价", "attitude-satisfied", OfMain, 5, up(5)),
		marked("k10", "答复公开", "答复公开", "public", OfMain, 5, rise(Whole(50), 0, Whole(80), Whole(5))),
		apart("k11", "不满意", "扣分", "dissatisfied", OfMain, -10, 0, Rule{Kind: Each, Each: -50}),
		apart("k12", "逾期答复", "扣分", "replies-late", OfMain, -10, 0, Rule{Kind: Each, Each: -Whole(1)}),
	)
}

// itemwise gives each case 100 points, 20 for time (none when late), 50 for
// the reply and 30 for the result; assisting work stands apart.
func itemwise() Terms {
	all := func(full int64) Rule { return rise(0, 0, Whole(100), Whole(full)) }
	return usual(
		marked("k1", "办理时效", "主办件", "reply-on-time", OfMain, 20, all(20)),
		marked("k2", "答复质量：当面沟通", "主办件", "face-to-face", OfMain, 15, all(15)),
		marked("k3", "答复质量：建议采纳", "主办件", "items-taken", OfMain, 15, all(15)),
		marked("k4", "答复质量：办理态度", "主办件", "attitude-fully", OfMain, 20, all(20)),
		marked("k5", "办理结果", "主办件", "result-fully", OfMain, 30, all(30)),
		marked("k6", "会办时效", "会办件", "opinion-on-time", OfAssist, 20, all(20)),
	)
}

// extra is a table of 100 points and 20 more to earn.
func extra() Terms {
	return usual(
		marked("k1", "领导重视、制度健全", "组织领导", EnteredPoints, OfAll, 10, Rule{Kind: Direct}),
		marked("k2", "签收及时", "办理程序", "sign-on-time", OfAll, 5, Rule{Kind: Steps, Rows: []Row{{Whole(90), Whole(1)}, {Whole(95), Whole(3)}, {Whole(100), Whole(5)}}}),
		marked("k3", "面商率", "办理程序", "face-to-face", OfMain, 5, rise(Whole(95), 0, Whole(100), Whole(5))),
		marked("k4", "按期答复率", "办理程序", "reply-on-time", OfMain, 10, rise(Whole(90), Whole(5), Whole(100), Whole(10))),
		marked("k5", "按期会办", "办理程序", "opinion-on-time", OfAssist, 5, rise(Whole(90), 0, Whole(100), Whole(5))),
		marked("k6", "A 类答复", "办理质量", "class-a", OfMain, 20, rise(Whole(20), 0, Whole(70), Whole(20))),
		marked("k7", "建议采纳", "办理质量", "items-taken", OfMain, 15, rise(Whole(40), 0, Whole(70), Whole(15))),
		marked("k8", "办理结果满意", "办理质量", "result-satisfied", OfMain, 20, rise(Whole(80), 0, Whole(98), Whole(20))),
		marked("k9", "办理态度满意", "办理质量", "attitude-satisfied", OfMain, 10, rise(Whole(80), 0, Whole(98), Whole(10))),
		apart("k10", "答复公开", "加分", "public", OfMain, 0, 5, Rule{Kind: Bonus, Rows: []Row{{Whole(80), Whole(5)}}}),
		apart("k11", "承办件数多", "加分", "cases", OfMain, 0, 5, Rule{Kind: Steps, Rows: []Row{{Whole(20), Whole(3)}, {Whole(50), Whole(5)}}}),
		apart("k12", "其他加分", "加分", EnteredPoints, OfAll, 0, 10, Rule{Kind: Direct}),
	)
}

// deduct begins with full marks and takes points off for what was found.
func deduct() Terms {
	from := func(code, name, measure, of string, full int64, each Decimal) Indicator {
		return marked(code, name, "扣分项", measure, of, full, Rule{Kind: Each, Base: Whole(full), Each: -each})
	}
	list := []Indicator{
		from("k1", "具备条件而未解决", EnteredCount, OfAll, 40, Whole(3)),
		from("k2", "没有办理方案", EnteredCount, OfAll, 20, Whole(2)),
		from("k3", "答复空泛", EnteredCount, OfAll, 20, Whole(1)),
		from("k4", "委员不满意", "dissatisfied", OfMain, 20, 20),
	}
	for i := range list {
		list[i].MinCases, list[i].Without = 0, WithoutFull
	}
	return usual(list...)
}
