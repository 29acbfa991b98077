package notify

// Urgency says how soon people must know.
type Urgency int64

// The urgencies.
const (
	// Normal goes by the channels that people chose, in the digest of those who
	// want one.
	Normal Urgency = iota
	// Pressing is late or chased: never in a digest, and by text message too
	// unless the person does not want it. It waits for the end of quiet hours.
	Pressing
	// Urgent goes at once, in quiet hours too: somebody signed in elsewhere, a
	// sitting was moved.
	Urgent
)

// String is the word for other systems.
func (u Urgency) String() string {
	switch {
	case u >= Urgent:
		return "urgent"
	case u == Pressing:
		return "pressing"
	default:
		return "normal"
	}
}

// Levels of a channel: what somebody wants to be told on it.
const (
	All        = "all"    // everything
	UrgentOnly = "urgent" // what is pressing or urgent
	Nothing    = "off"
)

// defaultLevel is that of somebody who chose nothing: text messages cost and
// disturb, so they carry only what presses.
func defaultLevel(channel string) string {
	if channel == BySMS {
		return UrgentOnly
	}
	return All
}

// wanted tells whether a level lets an urgency through.
func wanted(level string, u Urgency) bool {
	switch level {
	case Nothing:
		return false
	case UrgentOnly:
		return u >= Pressing
	default:
		return true
	}
}
