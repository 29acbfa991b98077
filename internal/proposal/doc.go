// Package proposal is the 提案: what a member or an organisation asks a unit of
// the city to do, from the first draft to filing, and the list and page of each
// case afterwards.
//
// The states and arrows up to filing (a proposal's own state):
//
//	draft ──submit──▶ submitted ──file──▶ filed
//	  ▲                │  ▲ │ ├─decline──▶ not_filed
//	  │ (never back)   │  │ │ ├─convert──▶ converted_opinion | converted_letter
//	  withdrawn ◀──────┤  │ │ └─transfer─▶ transferred_up
//	                   ▼  │ (levels of review in between)
//	                 returned ──submit──▶ submitted
//
// After filing the state is derived by package handling from assignments,
// replies and ratings: filed, dispatched, handling, replied, closed.
//
// A filed proposal may become a key proposal (重点提案): recommended, shortlisted,
// consulted about, and approved by the Chair's Council in the selection of its
// session; then led by leaders, with a plan of its unit, supervisions,
// instructions and what is due by them. Its arrows stand in key.go.
//
// Words: 提案 proposal, 案由 title, 提案者 proposer, 第一提案人 lead proposer,
// 联名 co-signing, 立案 file, 不予立案 decline, 建议 suggestion item, 大会提案 and
// 平时提案 timing session and intersession, 界别 sector, 遴选 selection, 领衔 lead,
// 办理方案 plan, 督办 supervision, 批示 instruction.
//
// What does not live here: what happens after filing (package handling), and
// other case domains.
package proposal
