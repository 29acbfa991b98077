package fiction

import "slices"

// propose decides who submits: the kind of proposer, the people, the name.
func (c *City) propose(d dice, a *authorship, p *Proposal, t topic) {
	kinds := []string{KindIndividual, KindJoint, KindParty, KindGroup, KindCommittee, KindSector, KindPanel}
	p.Kind = kinds[d.weighted(56, 17, 11, 4, 5, 5, 2)]
	switch p.Kind {
	case KindParty, KindGroup:
		o := c.organisation(d, *p, t)
		p.Organisation, p.Lead = o.Short, o.Head
	case KindCommittee:
		k := c.Committees[d.IntN(len(c.Committees))]
		p.Organisation, p.Lead = k.Name, k.Director
	case KindSector:
		name := t.Sectors[0]
		i := slices.IndexFunc(c.Sectors, func(s Sector) bool { return s.Name == name })
		p.Organisation, p.Lead = name, c.Sectors[i].Convener
	case KindPanel:
		g := c.Groups[d.IntN(len(c.Groups))]
		p.Organisation, p.Lead = g.Name, g.Leader
	default:
		p.Lead = c.author(d, a, *p, t)
		if p.Kind == KindJoint {
			c.invite(d, p)
		}
	}
	a.load[p.Lead]++
}

// organisation picks a collective proposer of the wanted kind, by preference of
// the topic's sectors, that is not itself asked to handle the proposal.
func (c *City) organisation(d dice, p Proposal, t topic) Organisation {
	var near, all []Organisation
	for _, o := range c.Organisations {
		if o.Kind != p.Kind || slices.Contains(p.Units, o.Short) {
			continue
		}
		all = append(all, o)
		if slices.Contains(t.Sectors, o.Sector) {
			near = append(near, o)
		}
	}
	if len(near) > 0 {
		return near[d.IntN(len(near))]
	}
	return all[d.IntN(len(all))]
}

// author picks the first proposer: mostly from a sector that knows the matter,
// never from a suggested unit, and with few proposals so far.
func (c *City) author(d dice, a *authorship, p Proposal, t topic) int {
	expert := d.chance(70)
	best := 0
	for range 6 {
		m := c.Members[d.IntN(len(c.Members))]
		for tries := 0; expert && tries < 60 && !slices.Contains(t.Sectors, m.Sector); tries++ {
			m = c.Members[d.IntN(len(c.Members))]
		}
		if m.Unit != "" && slices.Contains(p.Units, m.Unit) || m.Post == "主席" {
			continue
		}
		if best == 0 || a.load[m.No] < a.load[best] {
			best = m.No
		}
	}
	if best == 0 {
		// Six conflicts in a row are next to impossible; a vice-director then writes.
		best = c.Committees[0].Vices[0]
	}
	return best
}

// invite chooses one to five co-signers.
func (c *City) invite(d dice, p *Proposal) {
	for want := 1 + d.IntN(5); len(p.CoSigners) < want; {
		m := c.Members[d.IntN(len(c.Members))]
		conflict := m.Unit != "" && slices.Contains(p.Units, m.Unit)
		if m.No != p.Lead && !conflict && !slices.Contains(p.CoSigners, m.No) {
			p.CoSigners = append(p.CoSigners, m.No)
		}
	}
}

// voice is how the proposer says "I" in the text.
func (p Proposal) voice() string {
	switch p.Kind {
	case KindIndividual:
		return "本人"
	case KindParty:
		return "我会"
	case KindGroup:
		if p.Organisation == "团市委" {
			return "我委"
		}
		return "我会"
	case KindCommittee:
		return "我委"
	case KindSector:
		return "本界别"
	case KindPanel:
		return "本组"
	default:
		return "我们"
	}
}

// Proposer is the name a letter is addressed to: 林静委员, or the organisation.
func (p Proposal) Proposer() string {
	switch p.Kind {
	case KindIndividual, KindJoint:
		return p.city.Members[p.Lead-1].Name + "委员"
	case KindSector:
		return p.Organisation + "界"
	default:
		return p.Organisation
	}
}
