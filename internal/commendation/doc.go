// Package commendation is 评优: which proposals of a year are excellent (优秀提案),
// which undertaking units and which of their handlers did best (先进承办单位、先进承办个人).
//
// One campaign per year and kind. Its stages and arrows:
//
//	draft ─open─▶ nominating ─close─▶ reading ─close─▶ review ─close─▶ approval
//	                                                                      │ approve
//	        announced ◀─announce─ notice ◀─publish─ approved ◀────────────┘
//
//	any stage before announced ─cancel, with a reason─▶ cancelled
//
// Nominating (征集推荐): members, special committees, sectors, parties and units
// nominate within quotas. Reading (初评): the office goes through a checklist.
// Review (审议): each reviewer votes or scores once; the tally shows only when it
// is closed. Approval (审定): the decision of the Chair's Council is entered.
// Notice (公示): some working days, in which objections are heard and ruled on.
// Announced (表彰): at the plenary, with certificates. At every stage
// nominated = passed + dropped, and who was dropped keeps stage and reason.
//
// Who is one's own: nobody reads or reviews what is his own, and nominates it
// only as far as the table in own.go allows. A tie at the cut is never cut:
// those who are level go to the Chair's Council together, marked.
//
// Who may see which candidates. Otherwise members see only their own proposals.
// Nominating needs a list, so those who nominate are shown number, title and
// lead proposer of the proposals that may be nominated, and nothing else of them:
// no text, no reply, no link. Proposals whose proposer refused publication are
// left out of that list for everybody who does not see them anyway, and their
// titles are withheld from the same people in the notice and the final list.
// Nominations, readings and dropped candidates are seen by the office; reviewers
// see what reached the review; everybody sees the list once it is in public notice.
//
// Words: 评优 commendation, 推荐 nominate, 名额 quota, 初评 first reading, 审议
// review, 审定 approval, 公示 public notice, 异议 objection, 并列 tie.
//
// What does not live here: the yearly score of units (package appraisal; its
// published scores may be lent, see Scores), and the proposals themselves.
package commendation
