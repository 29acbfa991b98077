// Package appraisal measures how units and proposals did (考核评议): the yearly
// score of units (承办单位考核), the two-way appraisal of proposals and handling
// (双向评议), and the appraisal meeting on key proposals (民主评议).
//
// The yearly score. A scheme (考核办法) is data of the committee: indicators in
// groups, each with a measure, a rule and a full mark. A scheme has versions:
//
//	draft → simulated → published → closed
//	  ↑________|            └→ superseded, by the next version
//
// A measure (measures.go) is read from the records of handling and gives a
// value, a numerator, a denominator and the cases behind them. A rule (rule.go)
// turns the value into points. Both are plain arithmetic on two decimals, so
// that a person with a calculator finds the same. Publishing keeps a snapshot:
// what was published never changes; a correction is a line of its own with
// reason, person and time, and a new version has a reason too. A unit sees its
// own sheet after publishing and may appeal once.
//
// The two-way appraisal. Once a main unit has replied, the unit grades the
// proposal and the proposers grade the handling, back to back: neither sees
// the other's before all are in or the time is over.
//
// The appraisal meeting. Participants score units by the committee's
// indicators, by name, each on his own phone, or the office enters the totals
// of paper sheets with two persons' names; the result is announced, reported,
// units rectify by a date, and the office looks back.
//
// Words: 指标 indicator, 口径 measure, 得分 points, 考核单 sheet, 申诉 appeal,
// 更正 adjustment, 评议 appraisal, 回头看 look-back.
//
// What does not live here: how cases are handled (package handling), honours
// (package commendation), secret ballots (they come with the ballots).
package appraisal
