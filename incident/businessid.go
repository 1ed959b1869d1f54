package incident

import (
	"errors"
	"strings"
	"unicode"
)

// The reasons for which ParseBusinessID refuses a text.
var (
	// ErrBusinessIDForm says that the text does not have the form of a Business ID.
	ErrBusinessIDForm = errors.New("not of the form 1234567-1")
	// ErrBusinessIDCheck says that the form is right and the check digit is not.
	ErrBusinessIDCheck = errors.New("the check digit does not match")
	// ErrBusinessIDNeverIssued says that the seven digits have remainder 1, with
	// which no number is issued, whatever the check digit.
	ErrBusinessIDNeverIssued = errors.New("no such number is issued")
)

// businessIDWeights multiply the first seven digits of a Business ID.
var businessIDWeights = [7]int{7, 9, 10, 5, 8, 4, 2}

// ParseBusinessID reads a Finnish Business ID (Y-tunnus) and returns it as
// 1234567-1. It accepts spaces around, a dash or a minus sign for the hyphen,
// eight digits without one, a VAT number (FI12345671), and an old number of six
// digits before the hyphen, which gets a leading zero. A matching check digit
// is no proof that the company exists. The error is one of the ErrBusinessID
// values.
func ParseBusinessID(text string) (string, error) {
	body, check, err := splitBusinessID(text)
	if err != nil {
		return "", err
	}
	sum := 0
	for i, w := range businessIDWeights {
		sum += w * int(body[i]-'0')
	}
	want := (11 - sum%11) % 11
	switch {
	case want == 10:
		return "", ErrBusinessIDNeverIssued
	case check != string(rune('0'+want)) || body == "0000000":
		return "", ErrBusinessIDCheck
	}
	return body + "-" + check, nil
}

// splitBusinessID returns the seven digits and whatever stands as check digit.
func splitBusinessID(text string) (body, check string, err error) {
	text = strings.TrimFunc(text, unicode.IsSpace)
	body, check, hyphen := strings.Cut(strings.Map(plainHyphen, text), "-")
	if !hyphen {
		if len(body) == 10 && strings.EqualFold(body[:2], "FI") {
			body = body[2:]
		}
		if len(body) != 8 {
			return "", "", ErrBusinessIDForm
		}
		body, check = body[:7], body[7:]
	}
	if len(body) == 6 {
		body = "0" + body
	}
	if len(body) != 7 || len(check) != 1 || strings.Trim(body+check, "0123456789") != "" {
		return "", "", ErrBusinessIDForm
	}
	return body, check, nil
}

// plainHyphen turns the dashes and the minus sign that people and word
// processors write for a hyphen into one.
func plainHyphen(r rune) rune {
	if r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == '\ufe63' || r == '\uff0d' {
		return '-'
	}
	return r
}
