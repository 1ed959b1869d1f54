package web

import (
	"errors"
	"mime"
	"net/http"

	"hatakello/incident"
)

// readForm reads the body of a form, of either encoding, within its limit.
func readForm(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(fileLimit)
	} else {
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	return &incident.Error{Kind: incident.Invalid, Key: "fault.form"}
}
