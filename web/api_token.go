package web

import (
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// What is wrong with the token of a call.
var (
	errNoToken  = errors.New("no token")
	errBadToken = errors.New("token unknown or revoked")
)

// tokenMax is the longest token that is looked up, in bytes.
const tokenMax = 200

// holder returns the program that the call's token belongs to. A token stands
// in the Authorization header and nowhere else: addresses are written to logs.
func (a *api) holder(c *gin.Context) (incident.Actor, error) {
	scheme, secret, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if scheme == "" {
		return incident.Actor{}, errNoToken
	}
	t, err := a.token(c, scheme, strings.TrimSpace(secret))
	if err != nil {
		return incident.Actor{}, err
	}
	if t == nil {
		net := network(c.ClientIP())
		if !a.failed.allow(net, a.Desk.Now()) {
			return incident.Actor{}, errSlow
		}
		a.Log.Warn("token refused", "id", requestID(c), "network", net)
		return incident.Actor{}, errBadToken
	}
	return incident.Actor{ID: t.ID, Name: t.Name, Roles: []incident.Role{t.Role}, Via: "api"}, nil
}

// token finds a token that is in force, or nil. It is looked up by its hash,
// so that the time of the look-up tells nothing of the secret.
func (a *api) token(c *gin.Context, scheme, secret string) (*incident.Token, error) {
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(secret, "hk_") || len(secret) > tokenMax {
		return nil, nil
	}
	hash := incident.HashSecret(secret)
	t, err := a.Read.TokenByHash(c.Request.Context(), hash)
	switch {
	case incident.KindOf(err) == incident.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case subtle.ConstantTimeCompare([]byte(t.Hash), []byte(hash)) != 1 || !t.Revoked.IsZero():
		return nil, nil
	}
	return t, nil
}
