package main

// reasons tells, by the key of a target, why it was missed and what comes next. It is kept
// by hand, after profiling; the page shows only those of targets that were missed.
func reasons() map[string]string {
	return map[string]string{
		"submit.ratio": "One writer does the work of every submission: some fifteen statements, where PocketBase writes one row. " +
			"The disk is not the limit (see the ceilings), the writer's processor is: while all connections wait for it, each submission costs the time of its statements. " +
			"Next: fewer statements in the commit (totals and numbers in one), and the reading of session, posts and rules done ahead of the writer.",
		"submit.cpu": "Split it by the column “of it behind the answers”: that part tells the office (a message for each of its members and each proposal) and seals the audit chain, which PocketBase does not do at all. " +
			"The rest is the commit and the reading of who asks. Next: one message per member and minute instead of one per proposal.",
		"submit.alone": "Alone, each submission waits for its own commit (see bare SQLite) and runs its some fifteen statements one after another between two waits for the disk; the messages to the office take the writer now and then. " +
			"Next: fewer statements in the commit, and messages for several facts in one act.",
		"list.ratio": "Measured against PocketBase with an index for each question; beside it stands PocketBase as a collection is made, without indexes. " +
			"The total costs the product nothing, being kept rather than counted; what remains is reading the rows, the session and the posts through database/sql, and writing the page with its filters. " +
			"Next: keep what changes seldom (units, sessions, rules) in memory by version, and write the filters' choices once per version.",
		"list.p99":  "The client and the server share two cores; with 16 connections a page waits for those before it. Next: as for the list's ratio.",
		"list.size": "The page touches only the rows that it shows, whatever the size; what grows is the share of pages that are not in SQLite's own cache. Next: a larger cache for large committees.",
		"dispatch.job": "Each case is its own act: its rule, its deadlines, its audit entry, its facts, under its own key. Rows that run at once share a commit, so a slow disk shows first. " +
			"Next: read only the units that a row names instead of the committee's whole list, and more rows at once.",
		"overview.p99": "Client and server share two cores, and sixteen connections wait for each other. The page reads one covering index per half (open, answered) and writes some 1,200 links. " +
			"Next: keep the counted rows per committee and year in memory until a total changes.",
		"page.ratio": "The page shows what lies in some twenty tables (texts, review, units, contacts, replies, ratings, history) where the peer reads one row of one table: about thirty statements against one, each some 15 µs through database/sql. " +
			"Next: keep the handled part of a closed case as one ready-made value, since it does not change any more, and read the panels of an open one with fewer statements.",
	}
}
