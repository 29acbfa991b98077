// Package workbench is the home page: what waits for me today, since when and
// until when, for the post in which I act (工作台).
//
// It knows no domain. Each module contributes queues (app.Waits), numbers
// (app.Figures), due dates (app.Dues) and what can be begun (app.Begin); the
// workbench asks those that are meant for the acting post, in one look at the
// database, and puts the most urgent first.
//
// Words: 待办 what waits, 关注 what one follows, 身份 post.
//
// What does not live here: what waits for whom (each domain says that).
package workbench
