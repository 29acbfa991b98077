package organization

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// ActorOf is somebody as he stands now, acting in one of his posts, for work
// that goes on in his name after his request ended. Without an active account in
// the committee it is access.Nobody; without that post today he acts in none.
func ActorOf(l *app.Look, committeeID, personID, postID string) (access.Actor, error) {
	who := access.Actor{CommitteeID: committeeID, PersonID: personID}
	err := l.Tx().Row(l.Ctx(), `SELECT p.name FROM person p JOIN account a ON a.person_id = p.id
		WHERE p.id = ? AND p.committee_id = ? AND a.state = 'active'`, personID, committeeID).Scan(&who.Name)
	if errors.Is(err, store.ErrNone) {
		return access.Nobody(access.Via{}), nil
	}
	if err != nil {
		return access.Actor{}, fmt.Errorf("find %s: %w", personID, err)
	}
	if who.Posts, err = PostsOf(l, personID, today(l)); err != nil {
		return access.Actor{}, err
	}
	for _, p := range who.Posts {
		if p.ID == postID {
			who.Post = p
		}
	}
	return who, nil
}
