// Package appraisalweb holds the pages of the appraisal: the years and their
// schemes, the editor, the table of results, a unit's sheet down to its cases,
// appeals, the two-way appraisal and the appraisal meeting.
//
// What does not live here: rules and arithmetic of any kind (package appraisal).
package appraisalweb
