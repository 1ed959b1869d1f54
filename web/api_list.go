package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// How many rows a page has unless asked, and at most.
const (
	pageRows = 100
	pageMost = 500
)

// list is the body of every list. Next is the cursor of the next page, to be
// given as the parameter of that name; it is empty on the last page.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// pageAsked reads which page is asked for.
func pageAsked(c *gin.Context) (incident.Cut, error) {
	n := pageRows
	if s, ok := c.GetQuery("limit"); ok {
		var err error
		if n, err = strconv.Atoi(s); err != nil || n < 1 || n > pageMost {
			return incident.Cut{}, apiInvalid("limit", "api.limit", "max", pageMost)
		}
	}
	return incident.Cut{After: c.Query("next"), Limit: n}, nil
}

// answerList sends one page, with the address of the next one in a header too.
func answerList[T any](a *api, c *gin.Context, items []T, next string) error {
	if items == nil {
		items = []T{}
	}
	if next != "" {
		q := c.Request.URL.Query()
		q.Set("next", next)
		c.Header("Link", "<"+(&url.URL{Path: c.Request.URL.Path, RawQuery: q.Encode()}).String()+`>; rel="next"`)
	}
	return a.answer(c, http.StatusOK, list[T]{items, next})
}

// each applies f to all of a list.
func each[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

// choice reads a parameter that has a few values.
func choice(c *gin.Context, name string, values ...string) (string, error) {
	got := c.Query(name)
	for _, v := range values {
		if got == v {
			return got, nil
		}
	}
	known := ""
	for _, v := range values {
		if v != "" {
			known += ", " + v
		}
	}
	return "", apiInvalid(name, "api.choice", "text", clipped(got), "known", known[2:])
}

// flag reads a parameter that is true or false.
func flag(c *gin.Context, name string) (bool, error) {
	v, err := choice(c, name, "", "true", "false", "1", "0")
	return v == "true" || v == "1", err
}
