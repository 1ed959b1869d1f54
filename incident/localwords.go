package incident

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// monthNames are the words for each month in Finnish, Swedish and English.
var monthNames = [12][]string{
	{"tammikuuta", "tammikuu", "januari", "january", "jan"},
	{"helmikuuta", "helmikuu", "februari", "february", "feb"},
	{"maaliskuuta", "maaliskuu", "mars", "march", "mar"},
	{"huhtikuuta", "huhtikuu", "april", "apr"},
	{"toukokuuta", "toukokuu", "maj", "may"},
	{"kesäkuuta", "kesäkuu", "juni", "june", "jun"},
	{"heinäkuuta", "heinäkuu", "juli", "july", "jul"},
	{"elokuuta", "elokuu", "augusti", "august", "aug"},
	{"syyskuuta", "syyskuu", "september", "sept", "sep"},
	{"lokakuuta", "lokakuu", "oktober", "october", "okt", "oct"},
	{"marraskuuta", "marraskuu", "november", "nov"},
	{"joulukuuta", "joulukuu", "december", "dec"},
}

// monthPattern matches any of the names.
var monthPattern = strings.Join(slices.Concat(monthNames[:]...), "|")

// weekdayNames are the words for each weekday, Sunday first.
var weekdayNames = [7][]string{
	{"su", "sunnuntai", "sunnuntaina", "sö", "sön", "söndag", "söndagen", "sun", "sunday"},
	{"ma", "maanantai", "maanantaina", "må", "mån", "måndag", "måndagen", "mon", "monday"},
	{"ti", "tiistai", "tiistaina", "tis", "tisdag", "tisdagen", "tue", "tues", "tuesday"},
	{"ke", "keskiviikko", "keskiviikkona", "on", "ons", "onsdag", "onsdagen", "wed", "wednesday"},
	{"to", "torstai", "torstaina", "tor", "tors", "torsdag", "torsdagen", "thu", "thur", "thurs", "thursday"},
	{"pe", "perjantai", "perjantaina", "fr", "fre", "fredag", "fredagen", "fri", "friday"},
	{"la", "lauantai", "lauantaina", "lö", "lör", "lördag", "lördagen", "sat", "saturday"},
}

// relativeDays are today and yesterday, by how many days they lie back.
var relativeDays = [2][]string{
	{"tänään", "idag", "today"},
	{"eilen", "igår", "yesterday"},
}

// seasonNames are the words for halves of the year's clock time. The
// abbreviations mean what they say only in a zone that keeps them.
var seasonNames = map[string]season{
	"kesäaika": "dst", "kesäaikaa": "dst", "sommartid": "dst", "summer time": "dst",
	"talviaika": "std", "talviaikaa": "std", "normaaliaika": "std", "normaaliaikaa": "std",
	"vintertid": "std", "normaltid": "std", "winter time": "std", "standard time": "std",
	"eest": "EEST", "eet": "EET", "cest": "CEST", "cet": "CET", "west": "WEST", "wet": "WET",
}

// indexOf returns the row of table that holds word, or -1.
func indexOf(table [][]string, word string) int {
	return slices.IndexFunc(table, func(row []string) bool { return slices.Contains(row, word) })
}

// word reads a weekday, a relative day or the name of a season.
func (p *localParts) word(m []string) LocalTimeKind {
	if s, ok := seasonNames[m[2]]; ok {
		if !p.hasTime || p.hasOffset || p.season != "" {
			return LocalUnclear
		}
		p.season = s
		return ""
	}
	if i := indexOf(weekdayNames[:], m[2]); i >= 0 {
		if p.hasWeekday {
			return LocalUnclear
		}
		p.hasWeekday, p.weekday = true, time.Weekday(i)
		return ""
	}
	if i := indexOf(relativeDays[:], m[2]); i >= 0 {
		if p.hasDate {
			return LocalUnclear
		}
		p.hasDate, p.relative, p.back = true, true, i
		return ""
	}
	return LocalUnparsable
}

func (p *localParts) isoDate(m []string) LocalTimeKind {
	p.iso = true
	return p.setDate(m[2], m[3], m[4])
}

func (p *localParts) numericDate(m []string) LocalTimeKind {
	return p.setDate(m[4], m[3], m[2])
}

func (p *localParts) spelledDate(m []string) LocalTimeKind {
	return p.setDate(m[4], strconv.Itoa(1+indexOf(monthNames[:], m[3])), m[2])
}

func (p *localParts) monthFirst(m []string) LocalTimeKind {
	return p.setDate(m[4], strconv.Itoa(1+indexOf(monthNames[:], m[2])), m[3])
}

// setDate takes digits; an empty year means that none was typed. Whether there
// is such a day is asked of the calendar later.
func (p *localParts) setDate(year, month, day string) LocalTimeKind {
	p.hasDate, p.hasYear = true, year != ""
	p.year, p.month, p.day = number(year), number(month), number(day)
	return ""
}

// compactTime reads 1405. After a date without a year, 2026 may be that year.
func (p *localParts) compactTime(m []string) LocalTimeKind {
	n := number(m[2] + m[3])
	if p.hasDate && !p.hasYear && !p.relative && !p.clockSet && n >= 1900 {
		return LocalUnclear
	}
	return p.timeOfDay(m)
}

// timeOfDay reads hours and, where typed, minutes and seconds. A fraction of a
// second is cut off.
func (p *localParts) timeOfDay(m []string) LocalTimeKind {
	h, min, s := number(m[2]), number(m[3]), number(m[4])
	switch {
	case p.hasTime:
		return LocalUnclear
	case h > 23 || min > 59 || s > 59:
		return LocalUnparsable
	}
	p.hasTime = true
	p.clock = time.Duration(h)*time.Hour + time.Duration(min)*time.Minute + time.Duration(s)*time.Second
	return ""
}

// utcOffset reads +03:00, UTC+3, UTC or Z. A bare minus belongs to RFC 3339
// only, for elsewhere 14:05-15:30 is a span of time. No place is further from
// UTC than 12 hours behind and 14 ahead.
func (p *localParts) utcOffset(m []string) LocalTimeKind {
	minutes := number(m[4])*60 + number(m[5])
	switch {
	case p.season != "" || m[3] == "-" && m[2] == "" && !p.iso:
		return LocalUnclear
	case number(m[5]) > 59 || minutes > 14*60 || m[3] == "-" && minutes > 12*60:
		return LocalUnparsable
	case m[3] == "-":
		minutes = -minutes
	}
	p.hasOffset, p.offset = true, minutes*60
	return ""
}

// number reads at most four digits; none are zero.
func number(digits string) int {
	n, _ := strconv.Atoi("0" + digits)
	return n
}
