package fiction

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"
)

//go:embed data/*.json
var data embed.FS

// texts holds the wording of data/*.json as read.
type texts struct {
	city    cityText
	units   []unitText
	names   nameText
	work    map[string][][2]string
	topics  []topic
	common  commonText
	reply   replyText
	papers  handlingText
	review  reviewText
	ratings ratingText
	year    yearText
}

type cityText struct {
	Name, Committee, CommitteeShort string
	Term                            int
	Sessions                        []sessionText
	Areas                           []Area
	Sectors                         []struct {
		Name       string
		Seats      int
		Committees []int
	}
	Committees       []string
	Organisations    []Organisation
	Offices          []Office
	Leaders          []string
	OfficePosts      []string
	ReviewPosts      []string
	SupervisionPosts []string
}

type sessionText struct {
	No            int
	Name          string
	Opens, Closes string
	CutOff        time.Time
}

type unitText struct{ Short, Name, Channel, Kind, Address, DocCode string }

type nameText struct {
	Surnames     []string
	Male, Female []cohort
	Special      []struct{ Name, Gender, Ethnicity, Sector string }
	Minorities   []string
	Brands       string
	Denied       []string
}

// cohort holds the given-name characters in fashion for people born up to Until.
type cohort struct {
	Until                 int
	First, Second, Single string
}

// suggestion is one item a proposal may ask for: the request, a short name for
// it, and what the unit can say when it has been done.
type suggestion struct{ Ask, Gist, Done string }

// topic is the material for proposals on one matter. Where is urban, rural, any
// or city and says in which areas it makes sense.
type topic struct {
	ID, Sphere, Where                       string
	Units, Sectors                          []string
	Titles, Research, Backgrounds, Problems []string
	// Cases are things seen on the spot; Aims close the analysis with what is at stake.
	Cases, Aims []string
	Suggestions []suggestion
}

type commonText struct {
	Openings, Problems []string
	Suggestions        []suggestion
}

type replyText struct {
	Openings, Adopted, Partly, Planned, Not []string
	Second, Closings, ClosingsDone          []string
	Assist, AssistItems, AssistClosings     []string
}

type handlingText struct {
	Contacts []struct {
		Phase, Mode string
		Notes       []string
	}
	Places                                            []string
	UnitReturns, UnitReturnRefusals, UnitReturnGrants []string
	Extensions, NotPublic                             []string
}

type reviewText struct {
	Opinions                             map[string][]string
	Returns, NotFiled, Conversions       []Reason
	TransferUp, Withdrawals, Corrections []string
	Amendments, PublishRefusals          []string
}

type ratingText struct {
	Satisfied, Basically, Dissatisfied, DissatisfiedAttitude, Second []string
}

// load reads the embedded wording. A mistake in it is a mistake of this
// repository that the tests find, so it panics instead of burdening callers.
func load() *texts {
	var t texts
	decode("city", &t.city)
	decode("units", &t.units)
	decode("names", &t.names)
	decode("work", &t.work)
	decode("common", &t.common)
	decode("reply", &t.reply)
	decode("handling", &t.papers)
	decode("review", &t.review)
	decode("rating", &t.ratings)
	decode("year", &t.year)
	files, err := fs.Glob(data, "data/topics-*.json")
	if err != nil {
		panic(fmt.Errorf("list topics: %w", err))
	}
	for _, f := range files {
		var part []topic
		decode(f[len("data/"):len(f)-len(".json")], &part)
		t.topics = append(t.topics, part...)
	}
	return &t
}

func decode(name string, into any) {
	raw, err := data.ReadFile("data/" + name + ".json")
	if err != nil {
		panic(fmt.Errorf("read %s: %w", name, err))
	}
	if err := json.Unmarshal(raw, into); err != nil {
		panic(fmt.Errorf("decode %s: %w", name, err))
	}
}
