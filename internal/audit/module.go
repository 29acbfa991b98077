package audit

import "embed"

// Schema holds the migrations of the audit tables.
//
//go:embed schema/*.sql
var Schema embed.FS

// AppendOnly names the tables that the database itself protects.
func AppendOnly() []string { return []string{"audit_entry", "audit_seal"} }
